/* Comparing and telling (see compare.h). One walk over everything that is compared serves both: it
 * calls a function for each difference. */
#include "tests/lockstep/compare.h"

#include "cpu/disasm.h"
#include "cpu/mmu.h"
#include "tests/lockstep/accepted.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

typedef void on_difference(const char *what, u64 mine, u64 theirs);

static void keep_quiet(const char *what, u64 mine, u64 theirs)
{
    (void)what;
    (void)mine;
    (void)theirs;
}

static void print_difference(const char *what, u64 mine, u64 theirs)
{
    printf("  %-14s %016" PRIx64 "     %016" PRIx64 "\n", what, mine, theirs);
}

static bool differs(const char *what, u64 mine, u64 theirs, on_difference *tell)
{
    if (mine == theirs)
        return false;
    tell(what, mine, theirs);
    return true;
}

static bool csrs_differ(struct ours *ours, const struct theirs *theirs, on_difference *tell)
{
    bool found = false;

    for (unsigned i = 0; i < STREAM_CSR_COUNT; i++) {
        enum stream_csr which = (enum stream_csr)i;
        bool is_float = i == STREAM_fflags || i == STREAM_frm || i == STREAM_mstatus;
        u64 mine;
        if (!(theirs->read & (is_float ? READ_CSRS | READ_FLOAT : READ_CSRS)) ||
            !ours_csr(ours, which, &mine) || mine == theirs->csrs[i])
            continue;
        mine = accepted_csr(ours, which, mine, theirs->csrs[i]);
        found |= differs(stream_csr_name(which), mine, theirs->csrs[i], tell);
    }
    return found;
}

/* What is fetched there, now that both agree where. */
static bool fetch_differs(struct ours *ours, const struct theirs *theirs, on_difference *tell)
{
    u32 bits = 0;

    if (!mmu_fetch(ours->hart, ours->hart->pc, &bits))
        return differs("fetch fails at", ours->hart->pc, 0, tell);
    if (!is_wide((u16)bits))
        bits = (u16)bits;
    return differs("instruction", bits, theirs->bits, tell);
}

static bool states_differ(struct ours *ours, const struct theirs *theirs, on_difference *tell)
{
    const struct hart *hart = ours->hart;
    bool found = differs("pc", hart->pc, theirs->pc, tell);
    /* They nearly always are: one look for all. */
    bool same = !memcmp(&hart->x[1], &theirs->x[1], 31 * sizeof hart->x[1]);

    found |= differs("privilege", hart->privilege, theirs->privilege, tell);
    for (unsigned i = 1; !same && i < 32; i++)
        found |= differs(disasm_register(i, DISASM_ABI), hart->x[i], theirs->x[i], tell);
    for (unsigned i = 0; theirs->read & READ_FLOAT && i < 32; i++)
        found |= differs(disasm_float_register(i, DISASM_ABI), hart->f[i], theirs->f[i], tell);
    found |= csrs_differ(ours, theirs, tell);
    if (!found && theirs->read & READ_CSRS)
        found = differs("interrupt due", ours_due_interrupt(ours), 0, tell);
    if (!found)
        found = fetch_differs(ours, theirs, tell);
    return found;
}

static bool stores_differ(struct ours *ours, const struct theirs *theirs, on_difference *tell)
{
    bool found = false;

    for (unsigned i = 0; i < theirs->store_count; i++) {
        u64 mine = ours->stored[i].is_there ? ours->stored[i].value : ~theirs->stores[i].value;
        if (differs("stored", mine, theirs->stores[i].value, tell)) {
            tell(ours->stored[i].is_there ? "at" : "unreadable at", theirs->stores[i].va,
                 theirs->stores[i].va);
            found = true;
        }
    }
    return found;
}

bool compare_stores(struct ours *ours, const struct theirs *theirs)
{
    return !stores_differ(ours, theirs, keep_quiet);
}

bool compare_state(struct ours *ours, const struct theirs *theirs)
{
    return !states_differ(ours, theirs, keep_quiet);
}

void compare_print(struct ours *ours, const struct theirs *theirs)
{
    printf("  %-14s %-16s     %s\n", "", "Vitrine", "QEMU");
    stores_differ(ours, theirs, print_difference);
    states_differ(ours, theirs, print_difference);
}

void history_add(struct history *history, const struct theirs *theirs)
{
    unsigned at = (unsigned)(history->count++ % HISTORY);

    history->last[at].pc = theirs->pc;
    history->last[at].bits = theirs->bits;
    history->last[at].privilege = theirs->privilege;
}

void history_print(const struct history *history, struct decoder *decoder)
{
    u64 first = history->count > HISTORY ? history->count - HISTORY : 0;

    for (u64 i = first; i < history->count; i++) {
        unsigned at = (unsigned)(i % HISTORY);
        u32 bits = history->last[at].bits;
        struct insn insn = decode(decoder, bits);
        char text[DISASM_SIZE];
        printf("  %12" PRIu64 " %c %016" PRIx64 "  %0*" PRIx32 "%*s  %s\n", i,
               "US?M"[history->last[at].privilege & 3], history -> last[at].pc,
               insn.length == 2 ? 4 : 8, bits, insn.length == 2 ? 4 : 0, "",
               disasm(decoder, &insn, history->last[at].pc, DISASM_ABI, text, sizeof text));
    }
}
