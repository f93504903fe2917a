/* A hart's state put back (see hart.h): is it one that this hart can have, and what has to be
 * worked out anew from it. Checked is what the engines rely on without looking again: modes,
 * numbers that index a table, fields that a write through a CSR would not have let in. */
#include "cpu/counters.h"
#include "cpu/mmu.h"
#include "cpu/pmp.h"
#include "cpu/trigger.h"

#include <stdlib.h>
#include <string.h>

static bool is_mode(u64 privilege)
{
    return privilege == PRIV_U || privilege == PRIV_S || privilege == PRIV_M;
}

static bool has_modes(const struct hart *hart)
{
    u64 mode = hart->satp >> 60;
    bool has_satp =
        hart->xlen == 32 ? hart->satp >> 32 == 0 : mode == 0 || (mode >= 8 && mode <= 10);

    return is_mode(hart->privilege) && is_mode((hart->mstatus & MSTATUS_MPP) >> 11) && has_satp &&
           hart->frm < 8 && hart->waiting <= 1 && hart->tselect < TRIGGERS;
}

static bool has_counters(const struct hart *hart)
{
    for (unsigned i = 0; i < 32; i++)
        if ((hart->counter[i].event & COUNTER_EVENT) >= COUNTED)
            return false;
    return !(hart->counters_watched >> 32) && !(hart->counters_filtered >> 32);
}

static bool has_pmp(const struct hart *hart)
{
    for (unsigned i = 0; i < PMP_ENTRIES; i++)
        if (hart->pmpcfg[i] >> 8 || hart->pmpaddr[i] >> 54)
            return false;
    return true;
}

/* An instruction lies on a whole halfword, or word; addresses of RV32 have 32 bits. */
static bool has_pc(const struct hart *hart)
{
    return !(hart->pc & (hart->pc_misaligned | 1)) && (hart->xlen == 64 || hart->pc >> 32 == 0);
}

bool hart_accepts(const struct hart *hart, const void *state)
{
    struct hart *trial = calloc(1, sizeof *trial);
    bool accepts = false;

    if (!trial)
        return false;
    memcpy(trial, state, HART_STATE_SIZE);
    trial->xlen = hart->xlen;
    trial->pc_misaligned = hart->pc_misaligned;
    accepts = has_modes(trial) && has_counters(trial) && has_pmp(trial) && has_pc(trial);
    free(trial);
    return accepts;
}

void hart_restore(struct hart *hart, const void *state)
{
    memcpy(hart, state, HART_STATE_SIZE);
    hart->budget = 0;
    hart->events = 0;
    hart->edge = (struct edge_seen){.nested = 0}; /* what it remembers is another past */
    hart->witness = (struct witness){.stuck = 0};
    memset(hart->spaces, 0, sizeof hart->spaces); /* no table holds anything of this state */
    hart->space = hart->next_space = 0;
    trigger_restored(hart);
    pmp_changed(hart);
    mmu_enter_space(hart);
}
