/* Asking a running Linux (see guest_linux.h). The log is a ring of descriptors and a ring of bytes
 * (Linux, kernel/printk/printk_ringbuffer.c); a task is in tp while the kernel runs and in sscratch
 * while a program does (arch/riscv/kernel/entry.S). */
#include "loader/guest_linux.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "devices/debug.h"
#include "loader/btf.h"

#define LOG_BITS_MOST 24    /* of the number of descriptors, and 4 more of bytes */
#define LOG_TRIED     65536 /* descriptors: of a log without messages not all are looked at */

/* Where each number of struct guest_linux comes from. */
struct wanted {
    const char *structure, *member;
    size_t to;
};
#define WANTED(structure, member, to)                                                              \
    {                                                                                              \
        structure, member, offsetof(struct guest_linux, to)                                        \
    }
static const struct wanted of_tasks[] = {
    WANTED("task_struct", "comm", task.name),
    WANTED("task_struct", "pid", task.number),
    {NULL, NULL, 0},
};
static const struct wanted of_log[] = {
    WANTED("printk_ringbuffer", "desc_ring", log.descriptors),
    WANTED("printk_ringbuffer", "text_data_ring", log.data),
    WANTED("prb_desc_ring", "count_bits", log.count_bits),
    WANTED("prb_desc_ring", "descs", log.list),
    WANTED("prb_desc_ring", "infos", log.infos),
    WANTED("prb_desc_ring", "head_id", log.head),
    WANTED("prb_desc_ring", "tail_id", log.tail),
    WANTED("prb_data_ring", "size_bits", log.size_bits),
    WANTED("prb_data_ring", "data", log.bytes),
    WANTED("prb_desc", NULL, log.one_size),
    WANTED("prb_desc", "state_var", log.state),
    WANTED("prb_desc", "text_blk_lpos", log.place),
    WANTED("prb_data_blk_lpos", "begin", log.begin),
    WANTED("prb_data_blk_lpos", "next", log.next),
    WANTED("printk_info", NULL, log.info_size),
    WANTED("printk_info", "ts_nsec", log.time),
    WANTED("printk_info", "text_len", log.length),
    {NULL, NULL, 0},
};
#undef WANTED

static bool find_all(struct guest_linux *guest, const struct btf *types,
                     const struct wanted *wanted)
{
    for (; wanted->structure; wanted++)
        if (!btf_find(types, wanted->structure, wanted->member, (u32 *)((u8 *)guest + wanted->to)))
            return false;
    return true;
}

void guest_linux_open(struct guest_linux *guest, const struct machine *machine,
                      const struct guest_kernel *kernel, const struct symbols *symbols)
{
    vaddr first, last;
    u64 left;
    struct btf types;

    *guest = (struct guest_linux){.kernel = *kernel};
    if (!symbols_find_address(symbols, "__start_BTF", &first) ||
        !symbols_find_address(symbols, "__stop_BTF", &last))
        return;
    const u8 *bytes = guest_kernel_bytes(machine, kernel, first, &left);
    if (!bytes || last - first > left || !btf_open(&types, bytes, last - first))
        return;
    guest->has_tasks = find_all(guest, &types, of_tasks);
    guest->has_log =
        symbols_find_address(symbols, "prb", &guest->log.at) && find_all(guest, &types, of_log);
}

/* As the kernel sees it. */
static bool read_bytes(struct machine *machine, const struct guest_linux *guest, vaddr at, void *to,
                       size_t size)
{
    return debug_read(machine, guest->kernel.hart, DEBUG_SUPERVISOR, at, to, size) == size;
}

/* A number of the kernel's: of 4 or 8 bytes. */
static bool read_number(struct machine *machine, const struct guest_linux *guest, vaddr at,
                        unsigned size, u64 *value)
{
    *value = 0;
    return read_bytes(machine, guest, at, value, size);
}

static bool read_task(struct machine *machine, const struct guest_linux *guest, vaddr at,
                      struct guest_task *task)
{
    u64 number;

    /* What lies in the lower half is a program's. */
    if (!(at >> (machine->config.isa.xlen - 1)) ||
        !read_bytes(machine, guest, at + guest->task.name, task->name, sizeof(task->name)) ||
        !read_number(machine, guest, at + guest->task.number, 4, &number) ||
        !memchr(task->name, 0, sizeof(task->name)) || !task->name[0])
        return false;
    task->number = (i32)number;
    for (char *c = task->name; *c; c++)
        if (!isprint((u8)*c))
            *c = '?';
    return true;
}

bool guest_linux_task(struct machine *machine, const struct guest_linux *guest, unsigned hart,
                      struct guest_task *task)
{
    const struct hart *who = machine->harts[hart];

    if (!guest->has_tasks || who->privilege == PRIV_M)
        return false;
    /* In the handler's first instructions tp is still the program's. */
    return (who->privilege == PRIV_S && read_task(machine, guest, who->x[4], task)) ||
           read_task(machine, guest, who->sscratch, task);
}

/* The log while it is read. */
struct log {
    struct machine *machine;
    const struct guest_linux *guest;
    unsigned width; /* of the kernel's numbers, in bytes */
    vaddr list, infos, bytes;
    u64 count, size; /* of descriptors; of bytes: powers of two */
    u64 head, tail;
};

static bool open_log(struct log *log)
{
    const struct guest_linux *guest = log->guest;
    vaddr ring;
    u64 count_bits, size_bits;

    if (!read_number(log->machine, guest, guest->log.at, log->width, &ring))
        return false;
    vaddr list = ring + guest->log.descriptors, data = ring + guest->log.data;
    if (!read_number(log->machine, guest, list + guest->log.count_bits, 4, &count_bits) ||
        !read_number(log->machine, guest, list + guest->log.list, log->width, &log->list) ||
        !read_number(log->machine, guest, list + guest->log.infos, log->width, &log->infos) ||
        !read_number(log->machine, guest, list + guest->log.head, log->width, &log->head) ||
        !read_number(log->machine, guest, list + guest->log.tail, log->width, &log->tail) ||
        !read_number(log->machine, guest, data + guest->log.size_bits, 4, &size_bits) ||
        !read_number(log->machine, guest, data + guest->log.bytes, log->width, &log->bytes) ||
        count_bits > LOG_BITS_MOST || size_bits > LOG_BITS_MOST + 4)
        return false;
    log->count = (u64)1 << count_bits;
    log->size = (u64)1 << size_bits;
    return true;
}

/* A message's text lies between two positions, behind a number; one that would cross the ring's end
 * begins anew at its start. False: it has none. */
static bool find_text(const struct log *log, u64 begin, u64 next, vaddr *at, u64 *size)
{
    u64 first = begin % log->size, end = next % log->size;

    if (begin & 1 || next - begin > log->size)
        return false;
    if (begin / log->size != next / log->size && end != 0) {
        first = 0;
        *size = end;
    } else {
        *size = next - begin;
    }
    if (*size < log->width)
        return false;
    *at = log->bytes + first + log->width;
    *size -= log->width;
    return true;
}

/* False: it is not finished, or not there any more. */
static bool read_message(const struct log *log, u64 number, struct guest_message *message)
{
    const struct guest_linux *guest = log->guest;
    unsigned shift = 8 * log->width - 2;
    u64 index = number & (log->count - 1), state, begin, next, length, size;
    vaddr one = log->list + index * guest->log.one_size, at;
    vaddr info = log->infos + index * guest->log.info_size;

    if (!read_number(log->machine, guest, one + guest->log.state, log->width, &state) ||
        (state & (((u64)1 << shift) - 1)) != number || (state >> shift != 1 && state >> shift != 2))
        return false;
    one += guest->log.place;
    if (!read_number(log->machine, guest, one + guest->log.begin, log->width, &begin) ||
        !read_number(log->machine, guest, one + guest->log.next, log->width, &next) ||
        !read_number(log->machine, guest, info + guest->log.time, 8, &message->ns) ||
        !read_number(log->machine, guest, info + guest->log.length, 2, &length) ||
        !find_text(log, begin, next, &at, &size))
        return false;
    length = length < size ? length : size;
    length = length < GUEST_MESSAGE - 1 ? length : GUEST_MESSAGE - 1;
    if (!read_bytes(log->machine, guest, at, message->text, length))
        return false;
    message->text[length] = 0;
    for (u64 i = 0; i < length; i++)
        if (!isprint((u8)message->text[i]) && message->text[i] != '\n')
            message->text[i] = '?';
    return true;
}

unsigned guest_linux_log(struct machine *machine, const struct guest_linux *guest, unsigned most,
                         bool (*each)(void *context, const struct guest_message *message),
                         void *context)
{
    struct log log = {machine, guest, machine->config.isa.xlen / 8, 0, 0, 0, 0, 0, 0, 0};
    struct guest_message message;
    unsigned found = 0;

    if (!guest->has_log || !open_log(&log))
        return 0;
    u64 there = log.head - log.tail + 1;
    if (there > log.count)
        there = log.count;
    if (there > LOG_TRIED)
        there = LOG_TRIED;
    for (u64 i = 0; i < there && found < most; i++) {
        u64 number = (log.head - i) & (((u64)1 << (8 * log.width - 2)) - 1);
        if (!read_message(&log, number, &message))
            continue;
        found++;
        if (!each(context, &message))
            break;
    }
    return found;
}
