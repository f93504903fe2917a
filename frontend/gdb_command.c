/* The table of gdb's packets, and the small ones ("Packets" and "General Query Packets" in GDB's
 * manual). A packet that is not here is answered with nothing, which gdb takes for "not supported".
 */
#include "frontend/gdb_parts.h"

#include <stdlib.h>
#include <string.h>

void gdb_refuse(struct gdb *gdb)
{
    gdb_answer(&gdb->out, "E22");
}

void gdb_fail(struct gdb *gdb)
{
    gdb_answer(&gdb->out, "E0e");
}

static void say_supported(struct gdb *gdb, const char *text, size_t size)
{
    (void)size;
    gdb->knows_swbreak = strstr(text, "swbreak+");
    gdb->knows_hwbreak = strstr(text, "hwbreak+");
    gdb_begin(&gdb->out);
    gdb_put(&gdb->out,
            "PacketSize=%x;QStartNoAckMode+;qXfer:features:read+;qXfer:memory-map:read+;"
            "qXfer:threads:read+;vContSupported+;swbreak+;hwbreak+;binary-upload+",
            GDB_PACKET);
    if (gdb->debugger->past)
        gdb_put(&gdb->out, ";ReverseStep+;ReverseContinue+");
    gdb_end(&gdb->out);
}

static void say_ok(struct gdb *gdb, const char *text, size_t size)
{
    (void)text, (void)size;
    gdb_answer(&gdb->out, "OK");
}

static void say_one(struct gdb *gdb, const char *text, size_t size)
{
    (void)text, (void)size;
    gdb_answer(&gdb->out, "1");
}

static void say_end_of_list(struct gdb *gdb, const char *text, size_t size)
{
    (void)text, (void)size;
    gdb_answer(&gdb->out, "l");
}

static void say_vcont(struct gdb *gdb, const char *text, size_t size)
{
    (void)text, (void)size;
    gdb_answer(&gdb->out, "vCont;c;C;s;S;t;r");
}

/* This answer is still acknowledged. */
static void stop_acknowledging(struct gdb *gdb, const char *text, size_t size)
{
    say_ok(gdb, text, size);
    gdb->needs_no_ack = true;
}

static void list_threads(struct gdb *gdb, const char *text, size_t size)
{
    (void)text, (void)size;
    gdb_begin(&gdb->out);
    for (unsigned i = 0; i < gdb_machine(gdb)->config.harts; i++)
        gdb_put(&gdb->out, "%c%x", i ? ',' : 'm', i + 1);
    gdb_end(&gdb->out);
}

/* A thread's number to a hart's; 0 and -1 are any, so the present one. */
static bool take_hart(const struct gdb *gdb, const char *text, unsigned *hart)
{
    long id;

    if (!gdb_take_thread(&text, &id) || *text || id > (long)gdb_machine(gdb)->config.harts)
        return false;
    *hart = id > 0 ? (unsigned)id - 1 : gdb->hart;
    return true;
}

/* Hg is for registers and memory; Hc for what only older gdbs send. */
static void choose_thread(struct gdb *gdb, const char *text, size_t size)
{
    unsigned hart;

    if (!size || !take_hart(gdb, text + 1, &hart)) {
        gdb_refuse(gdb);
        return;
    }
    gdb->hart = hart;
    gdb_answer(&gdb->out, "OK");
}

static void is_thread_alive(struct gdb *gdb, const char *text, size_t size)
{
    unsigned hart;

    if (take_hart(gdb, text, &hart))
        say_ok(gdb, text, size);
    else
        gdb_refuse(gdb);
}

static void say_thread(struct gdb *gdb, const char *text, size_t size)
{
    (void)text, (void)size;
    gdb_begin(&gdb->out);
    gdb_put(&gdb->out, "QC%x", gdb->hart + 1);
    gdb_end(&gdb->out);
}

/* The machine runs on, and what was inserted is gone. */
static void detach(struct gdb *gdb, const char *text, size_t size)
{
    say_ok(gdb, text, size);
    gdb_remove_all(gdb);
    gdb->is_leaving = true;
    gdb->client.is_attached = false;
    debugger_resume(gdb->debugger, (struct debugger_order){.move = DEBUGGER_GO});
}

static void kill_machine(struct gdb *gdb, const char *text, size_t size)
{
    (void)text, (void)size;
    gdb->is_leaving = true;
    gdb->debugger->wants_quit = true;
}

static void kill_process(struct gdb *gdb, const char *text, size_t size)
{
    say_ok(gdb, text, size);
    kill_machine(gdb, text, size);
}

static void say_physical(struct gdb *gdb, const char *text, size_t size)
{
    (void)text, (void)size;
    gdb_answer(&gdb->out, gdb->is_physical ? "1" : "0");
}

static void choose_physical(struct gdb *gdb, const char *text, size_t size)
{
    if (size != 1 || (*text != '0' && *text != '1')) {
        gdb_refuse(gdb);
        return;
    }
    gdb->is_physical = *text == '1';
    say_ok(gdb, text, size);
}

/* QEMU's steps can hold interrupts back. Ours take what is due, as a run would. */
static void say_step_bits(struct gdb *gdb, const char *text, size_t size)
{
    (void)text, (void)size;
    gdb_answer(&gdb->out, "ENABLE=1");
}

static void say_qemu_supported(struct gdb *gdb, const char *text, size_t size)
{
    (void)text, (void)size;
    gdb_answer(&gdb->out, "sstepbits;sstep;PhyMemMode");
}

static void obey_line(struct gdb *gdb, char *line, FILE *out)
{
    if (gdb->monitor.obey)
        gdb->monitor.obey(gdb->monitor.context, gdb->hart, line, out);
    else
        fputs("This machine has no monitor.\n", out);
}

/* "monitor ...": the line and its answer in hexadecimal. */
static void obey_monitor(struct gdb *gdb, const char *text, size_t size)
{
    char line[GDB_PACKET / 2 + 1], *answer = NULL;
    size_t length = gdb_take_hex(text, line, sizeof line - 1), answer_size = 0;
    FILE *out = length == SIZE_MAX ? NULL : open_memstream(&answer, &answer_size);

    if (!out) {
        gdb_refuse(gdb);
        return;
    }
    line[length] = 0;
    obey_line(gdb, line, out);
    fclose(out);
    for (size_t at = 0; answer && at < answer_size; at += GDB_PACKET / 4) {
        size_t left = answer_size - at;
        gdb_begin(&gdb->out);
        gdb_put(&gdb->out, "O");
        gdb_put_hex(&gdb->out, answer + at, left < GDB_PACKET / 4 ? left : GDB_PACKET / 4);
        gdb_end(&gdb->out);
    }
    free(answer);
    say_ok(gdb, text, size);
}

/* The first name that the packet begins with counts. */
static const struct {
    const char *name;
    gdb_handler *handle;
} packets[] = {
    {"qSupported", say_supported},
    {"QStartNoAckMode", stop_acknowledging},
    {"qXfer:features:read:target.xml:", gdb_read_features},
    {"qXfer:memory-map:read::", gdb_read_memory_map},
    {"qXfer:threads:read::", gdb_read_threads},
    {"qfThreadInfo", list_threads},
    {"qsThreadInfo", say_end_of_list},
    {"qAttached", say_one}, /* so that quitting gdb leaves the machine alone */
    {"qRcmd,", obey_monitor},
    {"qqemu.PhyMemMode", say_physical},
    {"Qqemu.PhyMemMode:", choose_physical},
    {"qqemu.sstepbits", say_step_bits},
    {"qqemu.sstep", say_one},
    {"qqemu.Supported", say_qemu_supported},
    {"qSymbol", say_ok},
    {"qC", say_thread}, /* behind all that begin alike */
    {"vCont?", say_vcont},
    {"vCont;", gdb_vcont},
    {"vKill", kill_process},
    {"?", gdb_tell_stop},
    {"!", say_ok},
    {"bc", gdb_go_back},
    {"bs", gdb_step_back},
    {"c", gdb_continue},
    {"C", gdb_continue_signal},
    {"s", gdb_step},
    {"S", gdb_step_signal},
    {"g", gdb_read_registers},
    {"G", gdb_write_registers},
    {"p", gdb_read_register},
    {"P", gdb_write_register},
    {"m", gdb_read_memory},
    {"x", gdb_read_memory_binary},
    {"M", gdb_write_memory},
    {"X", gdb_write_memory_binary},
    {"Z", gdb_insert},
    {"z", gdb_remove},
    {"H", choose_thread},
    {"T", is_thread_alive},
    {"D", detach},
    {"k", kill_machine},
    {"R", gdb_reset},
};

/* qC is a whole word: qCRC is another. */
static bool is_meant(const char *name, const char *packet)
{
    return !strncmp(packet, name, strlen(name)) && (strcmp(name, "qC") || !packet[2]);
}

void gdb_handle(struct gdb *gdb, const char *packet, size_t size)
{
    for (unsigned i = 0; i < sizeof packets / sizeof packets[0]; i++) {
        size_t length = strlen(packets[i].name);
        if (size < length || !is_meant(packets[i].name, packet))
            continue;
        packets[i].handle(gdb, packet + length, size - length);
        return;
    }
    gdb_answer(&gdb->out, "");
}
