/* Physical memory protection (see pmp.h).
 *
 *   pmpcfg:  | L 7 | 0 0 | A 4..3 | X 2 | W 1 | R 0 |      pmpaddr: address bits 55..2 (33..2 on
 * RV32)
 *
 * Left out: Smepmp. */
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

static void changed(struct hart *hart)
{
    hart->pmp_active = 0;
    for (unsigned i = 0; i < PMP_ENTRIES; i++) {
        work_out(hart, i);
        if (hart->pmpcfg[i] & PMP_A)
            hart->pmp_active = i + 1;
    }
    mmu_flush(hart);
}

void pmp_write_config(struct hart *hart, unsigned entry, u8 value)
{
    if (hart->pmpcfg[entry] & PMP_L)
        return;
    value &= (u8)~0x60;
    if ((value & (PMP_R | PMP_W)) == PMP_W) /* reserved: keep the old permissions */
        value = (u8)((value & ~7u) | (hart->pmpcfg[entry] & 7));
    if (hart->pmpcfg[entry] == value)
        return;
    hart->pmpcfg[entry] = value;
    changed(hart);
}

void pmp_write_address(struct hart *hart, unsigned entry, u64 value)
{
    u64 above = entry + 1 < PMP_ENTRIES ? hart->pmpcfg[entry + 1] : 0;

    if (hart->pmpcfg[entry] & PMP_L || ((above & PMP_L) && (above & PMP_A) >> 3 == TOR))
        return;
    value &= hart->xlen == 32 ? 0xffffffff : ((u64)1 << 54) - 1;
    if (hart->pmpaddr[entry] == value)
        return;
    hart->pmpaddr[entry] = value;
    changed(hart);
}

bool pmp_allows(const struct hart *hart, paddr at, u64 size, enum access why,
                enum privilege privilege)
{
    static const u8 needed[] = {
        [ACCESS_FETCH] = PMP_X, [ACCESS_LOAD] = PMP_R, [ACCESS_STORE] = PMP_W};
    paddr last = at + (size - 1);

    for (unsigned i = 0; i < hart->pmp_active; i++) {
        if (last < hart->pmp[i].low || at > hart->pmp[i].high)
            continue;
        if (at < hart->pmp[i].low || last > hart->pmp[i].high)
            return false; /* a part of it matches: no, even in M mode */
        if (privilege == PRIV_M && !(hart->pmp[i].config & PMP_L))
            return true;
        return hart->pmp[i].config & needed[why];
    }
    return privilege == PRIV_M;
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
