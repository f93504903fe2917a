/* Physical memory protection (see pmp.h).
 *
 *   pmpcfg:  | L 7 | 0 0 | A 4..3 | X 2 | W 1 | R 0 |      pmpaddr: address bits 55..2 (33..2 on
 * RV32)
 *
 * With Smepmp, mseccfg changes what L means (MML), what M may do where nothing matches (MMWP), and
 * whether locks hold (RLB). */
#include "cpu/pmp.h"

#include "cpu/mmu.h"

enum { OFF, TOR, NA4, NAPOT };

/* The bytes that an entry covers, worked out when it is written and not at every access. */
static void work_out(struct hart *hart, unsigned entry)
{
    u8 config = (u8)hart->pmpcfg[entry];
    u64 address = hart->pmpaddr[entry];
    u64 low = 1, high = 0; /* nothing */

    switch ((config & PMP_A) >> 3) {
    case TOR: {
        u64 from = entry ? hart->pmpaddr[entry - 1] : 0;
        if (from < address) {
            low = from << 2;
            high = (address << 2) - 1;
        }
        break;
    }
    case NA4:
        low = address << 2;
        high = low + 3;
        break;
    case NAPOT: {
        u64 ones = address ^ (address + 1); /* the trailing ones and the zero above them */
        low = (address & ~ones) << 2;
        high = low + (ones << 2 | 3);
        break;
    }
    }
    hart->pmp[entry].low = low;
    hart->pmp[entry].high = high;
    hart->pmp[entry].config = config;
}

void pmp_changed(struct hart *hart)
{
    hart->pmp_active = 0;
    for (unsigned i = 0; i < PMP_ENTRIES; i++) {
        work_out(hart, i);
        if (hart->pmpcfg[i] & PMP_A)
            hart->pmp_active = i + 1;
    }
    mmu_flush(hart);
}

static bool is_locked(const struct hart *hart, unsigned entry)
{
    return hart->pmpcfg[entry] & PMP_L && !(hart->mseccfg & MSECCFG_RLB);
}

/* Under MML, a rule that lets M-mode execute cannot be added: LRWX = 1001, 1010, 1011, 1101. */
static bool lets_machine_execute(u8 config)
{
    u8 rwx = config & (PMP_R | PMP_W | PMP_X);

    return config & PMP_L && rwx != (PMP_R | PMP_W | PMP_X) && (rwx & PMP_X || rwx == PMP_W);
}

void pmp_write_config(struct hart *hart, unsigned entry, u8 value)
{
    bool mml = hart->mseccfg & MSECCFG_MML;

    if (is_locked(hart, entry))
        return;
    value &= (u8)~0x60;
    if (mml && !(hart->mseccfg & MSECCFG_RLB) && lets_machine_execute(value))
        return;
    if (!mml && (value & (PMP_R | PMP_W)) == PMP_W) /* reserved: keep the old permissions */
        value = (u8)((value & ~7u) | (hart->pmpcfg[entry] & 7));
    if (hart->pmpcfg[entry] == value)
        return;
    hart->pmpcfg[entry] = value;
    pmp_changed(hart);
}

void pmp_write_address(struct hart *hart, unsigned entry, u64 value)
{
    unsigned above = entry + 1;
    bool is_top = above < PMP_ENTRIES && (hart->pmpcfg[above] & PMP_A) >> 3 == TOR;

    if (is_locked(hart, entry) || (is_top && is_locked(hart, above)))
        return;
    value &= hart->xlen == 32 ? 0xffffffff : ((u64)1 << 54) - 1;
    if (hart->pmpaddr[entry] == value)
        return;
    hart->pmpaddr[entry] = value;
    pmp_changed(hart);
}

void pmp_write_security(struct hart *hart, u64 value)
{
    u64 old = hart->mseccfg, sticky = old & (MSECCFG_MML | MSECCFG_MMWP);
    u64 writable = MSECCFG_MML | MSECCFG_MMWP | MSECCFG_RLB;

    for (unsigned i = 0; i < PMP_ENTRIES && !(old & MSECCFG_RLB); i++)
        if (hart->pmpcfg[i] & PMP_L)
            writable &= ~MSECCFG_RLB;
    hart->mseccfg = sticky | (old & ~writable) | (value & writable);
    if (old != hart->mseccfg)
        mmu_flush(hart);
}

/* The rights of a rule under MML: M's alone with L, S's and U's alone without, but for the rules
 * that are shared. */
static u8 rights_under_mml(u8 config, enum privilege privilege)
{
    u8 rwx = config & (PMP_R | PMP_W | PMP_X);
    bool is_machine = privilege == PRIV_M;

    if (config & PMP_L) {
        if (rwx == PMP_W)
            return PMP_X;
        if (rwx == (PMP_W | PMP_X))
            return is_machine ? PMP_R | PMP_X : PMP_X;
        if (rwx == (PMP_R | PMP_W | PMP_X))
            return PMP_R;
        return is_machine ? rwx : 0;
    }
    if (rwx == PMP_W)
        return is_machine ? PMP_R | PMP_W : PMP_R;
    if (rwx == (PMP_W | PMP_X))
        return PMP_R | PMP_W;
    return is_machine ? 0 : rwx;
}

/* Where no rule matches. */
static bool allows_unmatched(const struct hart *hart, enum access why, enum privilege privilege)
{
    if (hart->mseccfg & MSECCFG_MML && why == ACCESS_FETCH)
        return false;
    return privilege == PRIV_M && !(hart->mseccfg & MSECCFG_MMWP);
}

static inline unsigned find(const struct hart *hart, paddr at, paddr last)
{
    for (unsigned i = 0; i < hart->pmp_active; i++)
        if (last >= hart->pmp[i].low && at <= hart->pmp[i].high)
            return i;
    return PMP_ENTRIES;
}

unsigned pmp_find(const struct hart *hart, paddr at, u64 size)
{
    return find(hart, at, at + (size - 1));
}

bool pmp_allows(const struct hart *hart, paddr at, u64 size, enum access why,
                enum privilege privilege)
{
    static const u8 needed[] = {
        [ACCESS_FETCH] = PMP_X, [ACCESS_LOAD] = PMP_R, [ACCESS_STORE] = PMP_W};
    paddr last = at + (size - 1);
    unsigned i = find(hart, at, last);

    if (i == PMP_ENTRIES)
        return allows_unmatched(hart, why, privilege);
    if (at < hart->pmp[i].low || last > hart->pmp[i].high)
        return false; /* a part of it matches: no, even in M mode */
    if (hart->mseccfg & MSECCFG_MML)
        return rights_under_mml(hart->pmp[i].config, privilege) & needed[why];
    if (privilege == PRIV_M && !(hart->pmp[i].config & PMP_L))
        return true;
    return hart->pmp[i].config & needed[why];
}

bool pmp_is_uniform(const struct hart *hart, paddr page)
{
    paddr last = page + PAGE_MASK;

    for (unsigned i = 0; i < hart->pmp_active; i++) {
        if (last < hart->pmp[i].low || page > hart->pmp[i].high)
            continue;
        return page >= hart->pmp[i].low && last <= hart->pmp[i].high;
    }
    return true;
}
