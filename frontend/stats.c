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

struct counts {
    u64 kinds[KINDS], compressed, all;
};

static void print_bar(struct view *view, const char *name, u64 count, u64 most, u64 all)
{
    fprintf(view->out, "%-18s %9" PRIu64 "  %5.1f %%  ", name, count,
            all ? 100.0 * (double)count / (double)all : 0);
    for (u64 i = 0; most && i < BAR * count / most; i++)
        fputc('#', view->out);
    fputc('\n', view->out);
}

static void show(struct view *view, const struct counts *counts, const struct hart *before)
{
    const struct hart *hart = view_hart(view);
    u64 traps = hart->traps - before->traps, interrupts = hart->interrupts - before->interrupts;
    u64 devices = hart->device_accesses - before->device_accesses, most = 0;
    struct json json = {.out = view->out};

    for (unsigned i = 0; i < KINDS; i++)
        most = counts->kinds[i] > most ? counts->kinds[i] : most;
    if (view->json) {
        json_object(&json, NULL);
        json_number(&json, "instructions", counts->all);
        for (unsigned i = 0; i < KINDS; i++)
            json_number(&json, names[i], counts->kinds[i]);
        json_number(&json, "compressed", counts->compressed);
        json_number(&json, "exceptions", traps - interrupts);
        json_number(&json, "interrupts", interrupts);
        json_number(&json, "device accesses", devices);
        json_end_object(&json);
        fputc('\n', view->out);
        return;
    }
    for (unsigned i = 0; i < KINDS; i++)
        print_bar(view, names[i], counts->kinds[i], most, counts->all);
    fprintf(view->out,
            "%" PRIu64 " instructions of hart %u, %.0f %% of them compressed; %" PRIu64
            " exceptions, %" PRIu64 " interrupts, %" PRIu64 " accesses to devices\n",
            counts->all, view->hart,
            counts->all ? 100.0 * (double)counts->compressed / (double)counts->all : 0,
            traps - interrupts, interrupts, devices);
}

enum stop stats_run(struct view *view, const struct debugger *debugger, u64 steps)
{
    struct hart *hart = view_hart(view);
    const struct hart before = {.traps = hart->traps,
                                .interrupts = hart->interrupts,
                                .device_accesses = hart->device_accesses};
    struct counts counts = {.all = 0};
    enum stop stop = STOP_LIMIT;

    for (u64 i = 0; i < steps && stop == STOP_LIMIT; i++) {
        u64 traps = hart->traps;
        u32 bits = 0;
        debug_read(view->machine, view->hart, DEBUG_VIRTUAL, hart->pc, &bits, 4);
        struct insn insn = decode(hart->decoder, bits);
        stop = debugger_advance_hart(debugger, view->machine, view->hart);
        if (hart->traps != traps)
            continue;
        counts.kinds[kind_of(&insn)]++;
        counts.compressed += insn.length == 2;
        counts.all++;
    }
    show(view, &counts, &before);
    return stop;
}
