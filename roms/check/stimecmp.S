/* Sstc: S-mode's own timer compare. Passes at once where menvcfg.STCE cannot be set. (Privileged
 * manual, Sstc Extension for Supervisor-mode Timer Interrupts.) */
#include "check.h"

#if XLEN == 64
#define STCE_CSR CSR_MENVCFG
#define STCE     (1 << 63)
    .macro  SET_STIMECMP high, low
    CSR_WRITE CSR_STIMECMP, ((\high) << 32 | (\low))
    .endm
#else
#define STCE_CSR CSR_MENVCFGH
#define STCE     (1 << 31)
    .macro  SET_STIMECMP high, low
    CSR_WRITE CSR_STIMECMPH, \high
    CSR_WRITE CSR_STIMECMP, \low
    .endm
#endif
#define NEVER 0xffffffff, 0xffffffff

    BEGIN
    CSR_SET STCE_CSR, STCE
    csrr    t0, STCE_CSR
    bgez    t0, pass

    CHECK   1                       /* pending while time >= stimecmp, unsigned, at once */
    SET_STIMECMP NEVER
    csrr    t0, mip
    ALL_CLEAR t0, (1 << STI)
    SET_STIMECMP 0, 0
    csrr    t0, mip
    ALL_SET t0, (1 << STI)
    SET_STIMECMP 0x80000000, 0
    csrr    t0, mip
    ALL_CLEAR t0, (1 << STI)

    CHECK   2                       /* STIP cannot be written any more */
    CSR_SET mip, (1 << STI)
    csrr    t0, mip
    ALL_CLEAR t0, (1 << STI)
    SET_STIMECMP 0, 0
    CSR_CLEAR mip, (1 << STI)
    csrr    t0, mip
    ALL_SET t0, (1 << STI)
    SET_STIMECMP NEVER

    CHECK   3                       /* S may when mcounteren.TM says so */
    CSR_WRITE mcounteren, 2
    TRY
    GO      MODE_S
    csrr    t0, CSR_STIMECMP
    ecall
    CAUGHT  ECALL_S
    EQ      t0, -1
    csrw    mcounteren, zero
    TRY
    GO      MODE_S
    csrr    t0, CSR_STIMECMP
    CAUGHT  ILLEGAL

    CHECK   4                       /* and not when STCE is off */
    CSR_WRITE mcounteren, 2
    CSR_CLEAR STCE_CSR, STCE
    TRY
    GO      MODE_S
    csrr    t0, CSR_STIMECMP
    CAUGHT  ILLEGAL
    csrr    t0, CSR_STIMECMP        /* M always */

    CHECK   5                       /* STCE off: STIP is an ordinary bit again */
    CSR_SET mip, (1 << STI)
    csrr    t0, mip
    ALL_SET t0, (1 << STI)
    CSR_CLEAR mip, (1 << STI)
    csrr    t0, mip
    ALL_CLEAR t0, (1 << STI)
    CSR_SET STCE_CSR, STCE

    CHECK   6                       /* the interrupt, delegated, wakes wfi and arrives in S */
    CSR_WRITE mideleg, (1 << STI)
    CSR_WRITE mie, (1 << STI)
    CSR_CLEAR mstatus, MSTATUS_SIE
    TRY
    GO      MODE_S
    csrr    t0, time
    addi    t0, t0, 1000
#if XLEN == 32
    csrw    CSR_STIMECMPH, zero     /* the first minutes after reset */
#endif
    csrw    CSR_STIMECMP, t0
1:  wfi
    csrr    t1, sip
    andi    t1, t1, 1 << STI
    beqz    t1, 1b
    csrr    t1, time
    bltu    t1, t0, fail
    CSR_SET sstatus, MSTATUS_SIE
    nop
    ecall
    CAUGHT_BY MODE_S, INTERRUPT(STI)
    END
