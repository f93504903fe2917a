/* Fuzzer: the memory of a Linux kernel: its types, and by offsets taken from the input its log and
 * its task. An RV32 machine without translation, so that every address in the input can be one. */
#include "loader/btf.h"
#include "loader/guest_linux.h"

#include "tests/fuzz/fuzz.h"

#define BASE 0x80000000u
#define SIZE 65536u

static struct machine *make_machine(void)
{
    struct machine_config config = {
        .board = &board_virt, .ram_size = SIZE, .harts = 1, .clock = CLOCK_VIRTUAL};
    struct host host = {0};
    struct machine *machine;
    char message[256];

    isa_parse("rv32gc", &config.isa, message, sizeof message);
    machine = machine_create(&config, &host, message, sizeof message);
    fuzz_check(machine, "no memory");
    machine_reset(machine);
    return machine;
}

static bool check_message(void *context, const struct guest_message *message)
{
    (void)context;
    fuzz_check(memchr(message->text, 0, sizeof message->text), "a message does not end");
    return true;
}

/* A ring whose numbers are good as far as the input does not say otherwise. */
static struct guest_linux make_guest(struct fuzz *fuzz)
{
    struct guest_linux guest = {.has_tasks = true, .has_log = true};
    u32 *offsets[] = {
        &guest.task.name,     &guest.task.number, &guest.log.descriptors, &guest.log.data,
        &guest.log.list,      &guest.log.infos,   &guest.log.head,        &guest.log.tail,
        &guest.log.size_bits, &guest.log.bytes,   &guest.log.state,       &guest.log.place,
        &guest.log.begin,     &guest.log.next,    &guest.log.one_size,    &guest.log.info_size,
        &guest.log.time,      &guest.log.length,  &guest.log.count_bits};

    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++)
        *offsets[i] = (u32)fuzz_take(fuzz, 1) * 4;
    guest.log.at = BASE + fuzz_take(fuzz, 1) * 4;
    return guest;
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    static struct machine *machine; /* making one takes longer than all else */
    struct fuzz fuzz = {bytes, size};
    struct guest_linux guest = make_guest(&fuzz);
    struct guest_task task;
    struct btf btf;
    u32 value;

    if (!machine)
        machine = make_machine();
    machine->harts[0]->privilege = PRIV_S;
    machine->harts[0]->x[4] = BASE + fuzz_take(&fuzz, 2);
    ram_clear(&machine->ram);
    memcpy(ram_writable(&machine->ram, BASE, SIZE), fuzz.at, fuzz.left < SIZE ? fuzz.left : SIZE);
    unsigned found = guest_linux_log(machine, &guest, 10, check_message, NULL);
    fuzz_check(found <= 10, "more messages than were asked for");
    if (guest_linux_task(machine, &guest, 0, &task))
        fuzz_check(task.name[0] && memchr(task.name, 0, sizeof task.name), "a task has no name");
    u8 *copy = malloc(fuzz.left ? fuzz.left : 1); /* ends where the block ends */
    memcpy(copy, fuzz.at, fuzz.left);
    if (btf_open(&btf, copy, fuzz.left)) {
        btf_find(&btf, "outer", "b", &value);
        btf_find(&btf, "outer", NULL, &value);
    }
    free(copy);
    return 0;
}
