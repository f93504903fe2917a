/* Fuzzer: what a client of the gdb stub sends. Packets are framed here, so that their contents are
 * what is looked at; a byte of each says otherwise.
 *
 *     how:8    0 raw bytes, 1 the bytes as a packet with its right sum; 2, 3 the same, with RV32
 *     size:8, the bytes
 *
 * After each packet that sets it going the machine does a few steps. */
#include "frontend/gdb_parts.h"

#include "tests/fuzz/fuzz.h"

#define RAM_SIZE ((u64)0x10000)
#define STEPS    20u

struct desk {
    struct console console;
    struct outside outside;
    struct debugger debugger;
    struct machine *machine;
    struct gdb *gdb;
};

/* There is a past to go back into, which nobody does here. */
static bool is_past(void *context)
{
    (void)context;
    return false;
}

static void ignore_change(void *context)
{
    (void)context;
}

static const struct debugger_past past = {.is_past = is_past, .changed = ignore_change};

static void open_machine(struct desk *desk, const char *isa)
{
    struct machine_config config = {
        .board = &board_virt, .ram_size = RAM_SIZE, .harts = 2, .clock = CLOCK_VIRTUAL};
    struct host host = {.context = NULL};
    char message[300];

    fuzz_check(isa_parse(isa, &config.isa, message, sizeof message), "no such processor");
    desk->machine = machine_create(&config, &host, message, sizeof message);
    fuzz_check(desk->machine != NULL, "no machine");
}

/* Making a machine and a socket takes longer than all else, so there are two of them for ever. */
static void open_desk(struct desk *desk, const char *isa)
{
    char message[300] = "";

    console_init(&desk->console, -1, -1, CONSOLE_NO_ESCAPE);
    desk->outside.console = &desk->console;
    debugger_init(&desk->debugger, &desk->outside);
    desk->debugger.past = &past;
    open_machine(desk, isa);
    desk->gdb = gdb_open(&desk->debugger, "127.0.0.1:0", GDB_HERE, message, sizeof message);
    fuzz_check(desk->gdb != NULL, "no stub");
    desk->debugger.machine = desk->machine;
}

/* A machine as it was made, and a gdb that has just come. */
static void begin(struct desk *desk)
{
    static const u32 loop[] = {0x00150513, 0x00a42023, 0xff9ff06f}; /* counts in a0 and at s0 */
    struct gdb *gdb = desk->gdb;

    gdb_remove_all(gdb);
    gdb_reader_init(&gdb->reader);
    gdb->needs_no_ack = gdb->is_physical = gdb->owes_step = false;
    gdb->knows_swbreak = gdb->knows_hwbreak = false;
    gdb->hart = 0;
    gdb->stop = STOP_USER;
    machine_reset(desk->machine);
    memcpy(ram_writable(&desk->machine->ram, 0x80000000, sizeof loop), loop, sizeof loop);
    for (unsigned i = 0; i < desk->machine->config.harts; i++) {
        desk->machine->harts[i]->pc = 0x80000000;
        desk->machine->harts[i]->x[8] = 0x80001000;
    }
    desk->debugger.is_stopped = true;
}

/* The machine was told to go on, to leave, or to begin anew. */
static void go_on(struct desk *desk)
{
    if (!desk->debugger.is_stopped)
        machine_run(desk->machine, clock_steps(&desk->machine->clock) + STEPS);
    desk->debugger.is_stopped = true;
    desk->debugger.stops_at_reset = desk->debugger.wants_quit = false;
    desk->gdb->awaits_stop = desk->gdb->is_leaving = false;
    desk->gdb->out.size = 0;
}

static void feed(struct desk *desk, u8 byte)
{
    struct gdb *gdb = desk->gdb;

    if (gdb_read(&gdb->reader, byte) != GDB_GOOD)
        return;
    gdb_handle(gdb, gdb->reader.data, gdb->reader.size);
    fuzz_check(gdb->out.size || !desk->debugger.is_stopped || gdb->is_leaving,
               "a packet without an answer");
    go_on(desk);
}

static void feed_packet(struct desk *desk, struct fuzz bytes, bool is_framed)
{
    static const char digits[] = "0123456789abcdef";
    u8 sum = 0;

    if (is_framed)
        feed(desk, '$');
    for (size_t i = 0; i < bytes.left; i++) {
        sum = (u8)(sum + bytes.at[i]);
        feed(desk, bytes.at[i]);
    }
    if (!is_framed)
        return;
    feed(desk, '#');
    feed(desk, (u8)digits[sum >> 4]);
    feed(desk, (u8)digits[sum & 15]);
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    static struct desk wide, narrow;
    struct desk *desk = size && bytes[0] & 2 ? &narrow : &wide;
    struct fuzz fuzz = {bytes, size};

    if (!wide.machine) {
        open_desk(&wide, "max");
        open_desk(&narrow, "max32");
    }
    begin(desk);
    while (fuzz.left) {
        u64 how = fuzz_take(&fuzz, 1);
        size_t length = fuzz_take(&fuzz, 1);
        feed_packet(desk, fuzz_split(&fuzz, length), how & 1);
    }
    return 0;
}
