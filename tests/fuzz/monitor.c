/* Fuzzer: the monitor's socket and every command behind it, on a small machine. Commands that touch
 * files of the host are given none: a line with a slash is passed over. */
#include "frontend/monitor_protocol.h"

#include "tests/fuzz/fuzz.h"

#define BASE 0x80000000u

static struct machine *make_machine(void)
{
    struct machine_config config = {
        .board = &board_virt, .ram_size = 1 << 16, .harts = 2, .clock = CLOCK_VIRTUAL};
    struct host host = {0};
    struct machine *machine;
    char message[256];

    isa_parse("rv64gc", &config.isa, message, sizeof message);
    machine = machine_create(&config, &host, message, sizeof message);
    fuzz_check(machine, "no memory");
    return machine;
}

/* As it was made, but for where to stop: that is deleted by the monitor itself. */
static void begin(struct machine *machine)
{
    static const u32 code[] = {0x00128293, 0x0005a303, 0xff9ff06f};

    machine_reset(machine);
    memcpy(ram_writable(&machine->ram, BASE, sizeof code), code, sizeof code);
    machine->harts[0]->pc = machine->harts[1]->pc = BASE;
}

static void delete_all(struct monitor_talk *talk)
{
    char line[] = "delete all", why[256];
    FILE *out = fopen("/dev/null", "w");

    monitor_obey(talk, line, out, false, why, sizeof why);
    fclose(out);
}

static void take_answer(struct monitor_client *client)
{
    size_t size, length;
    const char *answer = protocol_answer(client, &size);

    if (!answer)
        return;
    fuzz_check(sscanf(answer, "%*2s %zu", &length) == 1 && length < size, "an answer has no size");
    protocol_sent(client, size);
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    static struct machine *machine; /* making one takes longer than all else */
    struct names names;
    struct monitor monitor;
    struct monitor_client client = {.talk = {.monitor = &monitor}};

    if (size > 4096 || memchr(bytes, '/', size))
        return 0;
    if (!machine)
        machine = make_machine();
    begin(machine);
    names_init(&names, machine, NULL);
    monitor_init(&monitor, machine, &names);
    symbols_add(monitor_symbols(&monitor), "count", BASE, 8, 0);
    symbols_sort(monitor_symbols(&monitor));
    while (size) {
        size_t taken = protocol_receive(&client, (const char *)bytes, size);
        fuzz_check(taken <= size, "more was taken than was there");
        bytes += taken;
        size -= taken;
        take_answer(&client);
    }
    protocol_end(&client);
    delete_all(&client.talk);
    names_free(&names);
    return 0;
}
