/* HTIF (see htif.h). tohost holds 64 bits:
 *
 *   | device 63..56 | command 55..48 | payload 47..0 |
 *
 * device 0, payload odd: exit, code payload >> 1; even: the address of a system call (number, then
 * arguments; the result replaces the number), of which write (64) is answered and everything else
 * fails with ENOSYS. device 1, command 1: print one character. Left out: reading, and every other
 * device. */
#include "devices/htif.h"

#include <string.h>

#define SYSCALL_WRITE 64
#define ERROR_NOSYS   ((u64)-38)
#define ERROR_FAULT   ((u64)-14)

static u64 read_word(struct machine *machine, paddr at)
{
    u64 value = 0;

    ram_dma_read(&machine->ram, at, &value, 8);
    return value;
}

static void write_word(struct machine *machine, paddr at, u64 value)
{
    ram_dma_write(&machine->ram, at, &value, 8);
}

static void print(struct machine *machine, u8 byte)
{
    if (machine->host.console.write)
        machine->host.console.write(machine->host.console.context, byte);
}

static u64 write_bytes(struct machine *machine, paddr from, u64 size)
{
    if (!ram_holds(&machine->ram, from, size))
        return ERROR_FAULT;
    for (u64 i = 0; i < size; i++)
        print(machine, *ram_host(&machine->ram, from + i));
    return size;
}

static void system_call(struct machine *machine, paddr call)
{
    u64 words[4];

    if (!ram_dma_read(&machine->ram, call, words, sizeof words))
        return;
    words[0] = words[0] == SYSCALL_WRITE ? write_bytes(machine, words[2], words[3]) : ERROR_NOSYS;
    write_word(machine, call, words[0]);
}

void htif_attend(struct machine *machine)
{
    u64 request = read_word(machine, machine->tohost);
    unsigned device = (unsigned)(request >> 56), command = request >> 48 & 0xff;

    machine->htif_called = false;
    /* An exit is whole in the lower half; everything else names its device in the upper. */
    if (!request || (machine->htif_low_only && !(request & 1)))
        return;
    if (device == 0 && request & 1) {
        u32 code = (u32)(request >> 1);
        machine_stop(machine, code ? STOP_FAILURE : STOP_EXIT, code);
        return;
    }
    if (device == 0)
        system_call(machine, request);
    else if (device == 1 && command == 1)
        print(machine, (u8)request);
    write_word(machine, machine->tohost, 0);
    if (machine->fromhost)
        write_word(machine, machine->fromhost, device == 0 ? 1 : (request & ~(u64)0xffff) | 1);
}
