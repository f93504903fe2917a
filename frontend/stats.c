/* Statistics by single steps (see stats.h). Which kind an instruction is of is read from its row:
 * the extension, and whether it is a jump, a load or a store by the print template. */
#include "frontend/stats.h"

#include <inttypes.h>
#include <string.h>

#include "cpu/isa.h"

#define BAR 40 /* columns of the longest bar */

enum kind {
    KIND_INTEGER,
    KIND_LOAD,
    KIND_STORE,
    KIND_BRANCH,
    KIND_JUMP,
    KIND_MULTIPLY,
    KIND_ATOMIC,
    KIND_FLOAT,
    KIND_CSR,
    KIND_PRIVILEGED,
    KINDS
};

static const char *const names[KINDS] = {
    [KIND_INTEGER] = "integer", [KIND_LOAD] = "loads",
    [KIND_STORE] = "stores",    [KIND_BRANCH] = "branches",
    [KIND_JUMP] = "jumps",      [KIND_MULTIPLY] = "multiply, divide",
    [KIND_ATOMIC] = "atomics",  [KIND_FLOAT] = "floating point",
    [KIND_CSR] = "CSRs",        [KIND_PRIVILEGED] = "system",
};

static enum kind kind_of(const struct insn *insn)
{
    const struct row_info *row;
    unsigned count;

    if (insn->row >= ROW_COUNT)
        return KIND_PRIVILEGED;
    row = &isa_rows(&count)[insn->row];
    if (IS_FLOAT(row->need))
        return KIND_FLOAT;
    if ((row->need & 0xff) == EXT_M)
        return KIND_MULTIPLY;
    if ((row->need & 0xff) == EXT_A)
        return KIND_ATOMIC;
    if (row->format == FORMAT_CSR)
        return KIND_CSR;
    if (row->format == FORMAT_B)
        return KIND_BRANCH;
    if (insn->row == ROW_jal || insn->row == ROW_jalr)
        return KIND_JUMP;
    if (row->format == FORMAT_S)
        return KIND_STORE;
    if (row->format == FORMAT_I && strchr(row->operands, '('))
        return KIND_LOAD;
    return row->kind == KIND_SYSTEM ? KIND_PRIVILEGED : KIND_INTEGER;
}

enum count {
    COUNT_FETCH_MISS,
    COUNT_LOAD_MISS,
    COUNT_STORE_MISS,
    COUNT_EXCEPTION,
    COUNT_INTERRUPT,
    COUNT_DEVICE,
    COUNTS
};

static const char *const event_names[COUNTS] = {
    [COUNT_FETCH_MISS] = "TLB misses, fetch", [COUNT_LOAD_MISS] = "TLB misses, load",
    [COUNT_STORE_MISS] = "TLB misses, store", [COUNT_EXCEPTION] = "exceptions",
    [COUNT_INTERRUPT] = "interrupts",         [COUNT_DEVICE] = "device accesses",
};

struct counts {
    u64 kinds[KINDS], compressed, all;
    u64 events[COUNTS];
};

/* What the hart has counted so far. */
static void read_events(const struct hart *hart, u64 events[COUNTS])
{
    events[COUNT_FETCH_MISS] = hart->witness.walks[ACCESS_FETCH];
    events[COUNT_LOAD_MISS] = hart->witness.walks[ACCESS_LOAD];
    events[COUNT_STORE_MISS] = hart->witness.walks[ACCESS_STORE];
    events[COUNT_EXCEPTION] = hart->traps - hart->interrupts;
    events[COUNT_INTERRUPT] = hart->interrupts;
    events[COUNT_DEVICE] = hart->device_accesses;
}

static u64 largest(const u64 *numbers, unsigned count)
{
    u64 most = 0;

    for (unsigned i = 0; i < count; i++)
        most = numbers[i] > most ? numbers[i] : most;
    return most;
}

/* A row of the chart: share is of unit instructions, in words per. */
static void print_bar(struct view *view, const char *name, u64 count, u64 most, double share,
                      const char *per)
{
    fprintf(view->out, "%-18s %9" PRIu64 "  %6.1f %s  ", name, count, share, per);
    for (u64 i = 0; most && i < BAR * count / most; i++)
        fputc('#', view->out);
    if (count && !(BAR * count / most)) /* little, and not nothing */
        fputc('.', view->out);
    fputc('\n', view->out);
}

static void write_json(struct view *view, const struct counts *counts)
{
    struct json json = {.out = view->out};

    json_object(&json, NULL);
    json_number(&json, "hart", view->hart);
    json_number(&json, "instructions", counts->all);
    for (unsigned i = 0; i < KINDS; i++)
        json_number(&json, names[i], counts->kinds[i]);
    json_number(&json, "compressed", counts->compressed);
    for (unsigned i = 0; i < COUNTS; i++)
        json_number(&json, event_names[i], counts->events[i]);
    json_end_object(&json);
    fputc('\n', view->out);
}

static void show(struct view *view, const struct counts *counts)
{
    double all = counts->all ? (double)counts->all : 1;

    if (view->json) {
        write_json(view, counts);
        return;
    }
    fprintf(view->out, "%" PRIu64 " instructions of hart %u, %.0f %% of them compressed:\n",
            counts->all, view->hart, 100.0 * (double)counts->compressed / all);
    for (unsigned i = 0; i < KINDS; i++)
        print_bar(view, names[i], counts->kinds[i], largest(counts->kinds, KINDS),
                  100.0 * (double)counts->kinds[i] / all, "%");
    fprintf(view->out, "what happened, and in a thousand instructions how often:\n");
    for (unsigned i = 0; i < COUNTS; i++)
        print_bar(view, event_names[i], counts->events[i], largest(counts->events, COUNTS),
                  1000.0 * (double)counts->events[i] / all, " ");
}

enum stop stats_run(struct view *view, const struct debugger *debugger, u64 steps)
{
    struct hart *hart = view_hart(view);
    struct counts counts = {.all = 0};
    u64 before[COUNTS];
    enum stop stop = STOP_LIMIT;

    read_events(hart, before);
    for (u64 i = 0; i < steps && stop == STOP_LIMIT; i++) {
        u64 traps = hart->traps, done = hart_steps(hart);
        u32 bits = 0;
        debug_read(view->machine, view->hart, DEBUG_VIRTUAL, hart->pc, &bits, 4);
        struct insn insn = decode(hart->decoder, bits);
        stop = debugger_advance_hart(debugger, view->machine, view->hart);
        if (hart->traps != traps || hart_steps(hart) == done)
            continue;
        counts.kinds[kind_of(&insn)]++;
        counts.compressed += insn.length == 2;
        counts.all++;
    }
    read_events(hart, counts.events);
    for (unsigned i = 0; i < COUNTS; i++)
        counts.events[i] -= before[i];
    show(view, &counts);
    return stop;
}
