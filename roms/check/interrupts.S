/* Interrupts of one hart: which is taken first, what WFI does, the CLINT's registers, and the two
 * sources of mip.SEIP. (Privileged manual, Machine Interrupt Registers, Wait for Interrupt.) */
#include "check.h"

#define MSIP     CLINT
#define MTIMECMP (CLINT + 0x4000)

    BEGIN
    li      s0, MSIP
    li      s1, MTIMECMP
    li      t0, -1                  /* no timer interrupt for now */
    sw      t0, 0(s1)
    sw      t0, 4(s1)

    .macro  TAKE cause              /* lets M-mode be interrupted; nothing but that may happen */
    TRY
    CSR_SET mstatus, MSTATUS_MIE
    nop
    nop
    CAUGHT  INTERRUPT(\cause)
    .endm

    CHECK   1                       /* msip: bit 0 alone; mip.MSIP follows */
    li      t0, -2
    sw      t0, 0(s0)
    lw      t0, 0(s0)
    EQ      t0, 0
    csrr    t0, mip
    ALL_CLEAR t0, (1 << MSI)
    li      t0, -1
    sw      t0, 0(s0)
    lw      t0, 0(s0)
    EQ      t0, 1
    csrr    t0, mip
    ALL_SET t0, (1 << MSI)

    CHECK   2                       /* taken when enabled, at the next instruction */
    CSR_WRITE mie, (1 << MSI)
    TRY
    CSR_SET mstatus, MSTATUS_MIE
1:  nop
    CAUGHT  INTERRUPT(MSI)
    EQ_LABEL s10, 1b
    mv      t0, s6
    ALL_SET t0, (MSTATUS_MPIE | MSTATUS_MPP)
    ALL_CLEAR s6, MSTATUS_MIE

    CHECK   3                       /* taken at once when mie is what was missing */
    csrw    mie, zero
    CSR_SET mstatus, MSTATUS_MIE
    li      t1, (1 << MSI)
    TRY
    csrw    mie, t1
1:  nop
    CAUGHT  INTERRUPT(MSI)
    EQ_LABEL s10, 1b

    CHECK   4                       /* mret takes it before the instruction it returns to */
    TRY
    GO      MODE_U                  /* M's interrupts come through, though MIE is off */
1:  ecall
    CAUGHT  INTERRUPT(MSI)
    EQ_LABEL s10, 1b
    ALL_CLEAR s6, MSTATUS_MPP

    CHECK   5                       /* wfi wakes on what is pending and enabled, MIE or not */
    wfi
    sw      zero, 0(s0)

    CHECK   6  /* mtimecmp in the past and in the far future; compare unsigned */
    sw      zero, 0(s1)
    sw      zero, 4(s1)
    csrr    t0, mip
    ALL_SET t0, (1 << MTI)
    li      t0, 0x80000000
    sw      t0, 4(s1)
    csrr    t0, mip
    ALL_CLEAR t0, (1 << MTI)

    CHECK   7                       /* wfi sleeps until the timer */
    CSR_WRITE mie, (1 << MTI)
    li      t0, CLINT + 0xbff8
    lw      t1, 0(t0)
    li      t2, 5000
    add     t1, t1, t2              /* the first seconds after reset: the upper half is 0 */
    li      t2, -1
    sw      t2, 0(s1)
    sw      zero, 4(s1)
    sw      t1, 0(s1)
1:  wfi
    csrr    t2, mip
    andi    t2, t2, 1 << MTI
    beqz    t2, 1b
    lw      t2, 0(t0)
    bltu    t2, t1, fail
    TAKE    MTI

    CHECK   8                       /* priority: MSI before MTI */
    CSR_WRITE mie, 0xaaa
    li      t0, 1
    sw      t0, 0(s0)
    TAKE    MSI
    sw      zero, 0(s0)

    li      t0, -1
    sw      t0, 4(s1)

    CHECK   10  /* what is M's comes before what is delegated, whatever it is */
    CSR_SET mip, 0x222
    CSR_WRITE mideleg, ((1 << SEI) | (1 << SSI))
    CSR_SET mstatus, MSTATUS_SIE
    TRY
    GO      MODE_S
    ecall
    CAUGHT_BY MODE_M, INTERRUPT(STI)
    CSR_CLEAR mip, ((1 << STI) | (1 << SSI))
    TRY
    GO      MODE_S
    ecall
    CAUGHT_BY MODE_S, INTERRUPT(SEI)
    csrw    mip, zero
    csrw    mideleg, zero

    /* The PLIC's line to S-mode and the bit that M-mode can write are ORed in what csrr shows; but
     * csrrs writes back the written bit alone, or the line would stay up for ever. */
    CHECK   11
    csrw    mie, zero
    li      t1, 1
    li      t0, PLIC + 4 * 10
    sw      t1, 0(t0)               /* priority of the UART's interrupt */
    li      t0, PLIC + 0x2080
    li      t1, 1 << 10
    sw      t1, 0(t0)               /* enabled for hart 0's S-mode */
    li      t0, PLIC + 0x201000
    sw      zero, 0(t0)
    li      s2, UART
    li      t1, 2
    sb      t1, 1(s2)               /* transmitter empty: raises the line */
    csrr    t0, mip
    ALL_SET t0, (1 << SEI)
    li      t1, (1 << SSI)
    csrrs   t0, mip, t1
    ALL_SET t0, (1 << SEI)
    sb      zero, 1(s2)             /* the line goes down */
    li      t0, PLIC + 0x201004
    lw      t1, 0(t0)
    EQ      t1, 10
    csrr    t2, mip                 /* claimed: nothing more to tell */
    ALL_CLEAR t2, (1 << SEI)
    sw      t1, 0(t0)
    csrr    t2, mip
    ALL_CLEAR t2, (1 << SEI)
    CSR_SET mip, (1 << SEI)         /* written by M-mode: stays without any line */
    csrr    t2, mip
    ALL_SET t2, (1 << SEI)
    csrw    mip, zero

    /* QEMU without its AIA options takes the lowest number instead. */
    CHECK   90                      /* MTI before S-mode's; of those SEI, SSI, STI */
    CSR_WRITE mie, 0xaaa
    sw      zero, 4(s1)
    sw      zero, 0(s1)
    CSR_SET mip, 0x222
    TAKE    MTI
    li      t0, -1
    sw      t0, 4(s1)
    TAKE    SEI
    CSR_CLEAR mip, (1 << SEI)
    TAKE    SSI
    CSR_CLEAR mip, (1 << SSI)
    TAKE    STI
    END
