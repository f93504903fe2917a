/* The control and status registers (see csr.h): the lines of csr.def, and who may touch them. What
 * the lines do is in csr_status.c and counters.c. */
#include "cpu/csr.h"

#include "cpu/counters.h"
#include "cpu/csr_parts.h"
#include "cpu/debug.h"
#include "cpu/pmp.h"
#include "cpu/trap.h"
#include "cpu/trigger.h"

static u64 csr_pmpcfg(const struct hart *hart, unsigned first)
{
    u64 value = 0;

    for (unsigned i = 0; i < hart->xlen / 8; i++)
        value |= hart->pmpcfg[first + i] << (8 * i);
    return value;
}

static void csr_write_pmpcfg(struct hart *hart, unsigned first, u64 value)
{
    for (unsigned i = 0; i < hart->xlen / 8; i++)
        pmp_write_config(hart, first + i, (u8)(value >> (8 * i)));
}

#define H          hart
#define V          value
#define YES        true
#define FS_IS_ON   (hart->mstatus & MSTATUS_FS)
#define COUNTER(n) csr_counter_is_on(hart, n)
/* Does mstateen let the present mode at this state? */
#define STATEEN(n, gate)                                                                           \
    (hart->privilege == PRIV_M || !csr_has(hart, EXT_SMSTATEEN) || hart->mstateen[n] & (gate))
#define SATP (hart->privilege == PRIV_M || !(hart->mstatus & MSTATUS_TVM))
/* Without STCE it is M's alone; without mcounteren.TM, too. */
#define STIMECMP (hart->privilege == PRIV_M || (csr_stce(hart) && hart->mcounteren & 2))

/* The lines of csr.def, as functions that the compiler turns into one switch each. */

static bool exists(const struct hart *hart, unsigned need)
{
    return csr_has(hart, need & 0xff) && (need >> 8 == 0 || need >> 8 == hart->xlen);
}

static u64 read_row(const struct hart *hart, unsigned number)
{
    switch (number) {
#define CSR(n, name, needs, allowed, read, write)                                                  \
    case n:                                                                                        \
        return read;
#include "cpu/csr.def"
#undef CSR
    }
    return 0;
}

/* The same for a program: false when this CSR is not there, or not for it. */
static bool read_allowed(const struct hart *hart, unsigned number, u64 *value)
{
    switch (number) {
#define CSR(n, name, needs, allowed, read, write)                                                  \
    case n:                                                                                        \
        if (!exists(hart, needs) || !(allowed))                                                    \
            return false;                                                                          \
        *value = read;                                                                             \
        return true;
#include "cpu/csr.def"
#undef CSR
    }
    return false;
}

static void write_row(struct hart *hart, unsigned number, u64 value)
{
    switch (number) {
#define CSR(n, name, needs, allowed, read, write)                                                  \
    case n:                                                                                        \
        write;                                                                                     \
        break;
#include "cpu/csr.def"
#undef CSR
    }
}

bool csr_place(const struct hart *hart, unsigned number, struct csr_place *place)
{
    switch (number) {
#define CSR(...)
#define STORED(n, name, needs, member, low)                                                        \
    case n:                                                                                        \
        *place = (struct csr_place){offsetof(struct hart, member), (u8)(low), n >> 8 & 3};         \
        return true;
#include "cpu/csr.def"
#undef CSR
    }
    return false;
}

#undef H
#undef V
#undef YES
#undef FS_IS_ON
#undef COUNTER
#undef SATP
#undef STIMECMP
#undef STATEEN

static const struct csr_info rows[] = {
#define CSR(number, name, needs, allowed, read, write) {number, needs, #name},
#include "cpu/csr.def"
#undef CSR
};

const struct csr_info *csr_rows(unsigned *row_count)
{
    *row_count = sizeof rows / sizeof rows[0];
    return rows;
}

static u64 narrow(const struct hart *hart, u64 value)
{
    return hart->xlen == 32 ? (u32)value : value;
}

bool csr_access(struct hart *hart, unsigned number, enum csr_operation operation, u64 operand,
                bool writes, u64 *old)
{
    u64 value, now;

    if ((number >> 8 & 3) > hart->privilege || (writes && number >> 10 == 3) ||
        !read_allowed(hart, number, &now))
        return trap_raise(hart, CAUSE_ILLEGAL, 0);
    *old = hart->xlen == 32 ? (u64)(i64)(i32)now : now;
    if (!writes)
        return true;
    /* Where a line and software share a bit of mip, set and clear see the software's only. */
    if (number == 0x344 || number == 0x144)
        now = hart->mip_soft;
    value = operation == CSR_EXCHANGE ? operand
            : operation == CSR_SET    ? now | operand
                                      : now & ~operand;
    write_row(hart, number, narrow(hart, value));
    if (unlikely(hart->debug != NULL))
        debug_happened(hart, DEBUG_CSR, number);
    return true;
}

bool csr_peek(struct hart *hart, unsigned number, u64 *value)
{
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].number == number && exists(hart, rows[i].need)) {
            *value = narrow(hart, read_row(hart, number));
            return true;
        }
    }
    return false;
}

bool csr_poke(struct hart *hart, unsigned number, u64 value)
{
    u64 ignored;

    if (!csr_peek(hart, number, &ignored))
        return false;
    write_row(hart, number, narrow(hart, value));
    return true;
}

void csr_reset(struct hart *hart)
{
    hart->misa =
        (u64)(hart->xlen == 32 ? 1 : 2) << (hart->xlen - 2) | 1u << ('s' - 'a') | 1u << ('u' - 'a');
    for (enum extension i = 0; i < EXT_COUNT; i++)
        if (csr_has(hart, i) && !extension_name(i)[1])
            hart->misa |= 1u << (extension_name(i)[0] - 'a');
    hart->stimecmp = UINT64_MAX;
    counters_reset(hart);
    trigger_reset(hart);
}
