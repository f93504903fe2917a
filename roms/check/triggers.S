/* Address triggers: a breakpoint and watchpoints for lower modes, what they leave undone, and where
 * they keep quiet. Passes at once where there are no triggers of type 6. (The RISC-V Debug
 * Specification, Sdtrig.) */
#include "check.h"

#define T_LOAD    (1 << 0)
#define T_STORE   (1 << 1)
#define T_EXECUTE (1 << 2)
#define T_U       (1 << 3)
#define T_S       (1 << 4)
#define T_M       (1 << 6)
#define T_NAPOT   (1 << 7)
#define T_HIT     (1 << 22)
#define TYPE_6    (6 << (XLEN - 4))
#define DELEGATED (1 << BREAKPOINT)

/* Sets the selected trigger on label + offset. */
    .macro  TRIGGER fields, label, offset=0
    csrw    tdata1, zero
    la      t6, \label + (\offset)
    csrw    tdata2, t6
    CSR_WRITE tdata1, (TYPE_6 | (\fields))
    .endm

    .macro  IN mode, cause, instruction:vararg
    TRY
    GO      \mode
    \instruction
    ecall
    CAUGHT  \cause
    .endm

    BEGIN
    TRY
    csrw    tselect, zero
    CAUGHT_EITHER ILLEGAL, NO_TRAP
    li      t6, ILLEGAL
    beq     s8, t6, pass
    csrr    t0, tinfo
    andi    t0, t0, 1 << 6
    beqz    t0, pass
    li      s11, 0
    la      s0, area

    CHECK   1                       /* a breakpoint: before the instruction, at its address */
    TRIGGER T_S | T_EXECUTE, 1f
    li      a0, 0
    TRY
    GO      MODE_S
1:  li      a0, 1
    ecall
    CAUGHT  BREAKPOINT
    bnez    a0, fail
    EQ_LABEL s9, 1b
    EQ_LABEL s10, 1b

    CHECK   2                       /* the same instruction in U-mode */
    TRY
    GO      MODE_U
    la      t0, 1b
    jr      t0
    CAUGHT  ECALL_U
    li      t0, 1
    bne     a0, t0, fail

    CHECK   3                       /* a store that does not happen; loads there do */
    TRIGGER T_U | T_STORE, area
    li      t0, 77
    sw      zero, 0(s0)
    IN      MODE_U, BREAKPOINT, sw t0, 0(s0)
    bne     s9, s0, fail
    lw      t1, 0(s0)
    bnez    t1, fail
    IN      MODE_U, ECALL_U, lw t0, 0(s0)
    IN      MODE_U, ECALL_U, sw t0, 8(s0)
    IN      MODE_S, ECALL_S, sw t0, 0(s0)

    CHECK   4                       /* a load, which leaves rd alone */
    TRIGGER T_U | T_LOAD, area
    li      t0, 77
    IN      MODE_U, BREAKPOINT, lw t0, 0(s0)
    EQ      t0, 77
    IN      MODE_U, ECALL_U, sw t0, 0(s0)

    CHECK   5                       /* without a mode, or without an access, nothing fires */
    TRIGGER T_LOAD | T_STORE | T_EXECUTE, area
    IN      MODE_U, ECALL_U, lw t0, 0(s0)
    TRIGGER T_M | T_S | T_U, area
    IN      MODE_U, ECALL_U, lw t0, 0(s0)

    CHECK   6                       /* delegated, with SIE on */
    TRIGGER T_S | T_LOAD, area
    CSR_SET medeleg, DELEGATED
    CSR_SET mstatus, MSTATUS_SIE
    IN      MODE_S, BREAKPOINT, lw t0, 0(s0)
    EQ      s7, MODE_S
    bne     s9, s0, fail
    CSR_CLEAR medeleg, DELEGATED
    csrw    tdata1, zero

    CHECK   7                       /* an AMO is a load and a store */
    TRIGGER T_U | T_LOAD, area
    IN      MODE_U, BREAKPOINT, amoadd.w t0, t0, (s0)
    IN      MODE_U, ECALL_U, sw t0, 0(s0)
    TRIGGER T_U | T_STORE, area
    IN      MODE_U, BREAKPOINT, amoadd.w t0, t0, (s0)

    csrr    t0, tinfo               /* QEMU tells version 0, from before the specification was ratified */
    srli    t0, t0, 24
    beqz    t0, pass

    CHECK   90                      /* zero disables. QEMU ignores it */
    TRIGGER T_U | T_LOAD, area
    csrw    tdata1, zero
    IN      MODE_U, ECALL_U, lw t0, 0(s0)

    CHECK   91                      /* before what misaligns it. QEMU: only where that is legal */
    TRIGGER T_U | T_LOAD, area, 2
    addi    s1, s0, 2
    IN      MODE_U, BREAKPOINT, amoadd.w t0, t0, (s1)
    bne     s9, s1, fail
    csrw    tdata1, zero

    CHECK   92                      /* four triggers (our choice), and the one that fired says so */
    li      t0, 3
    csrw    tselect, t0
    csrr    t1, tselect
    bne     t0, t1, fail
    TRIGGER T_U | T_LOAD, area
    IN      MODE_U, BREAKPOINT, lw t0, 0(s0)
    csrr    t0, tdata1
    ALL_SET t0, T_HIT
    csrw    tselect, zero
    csrr    t0, tdata1
    ALL_CLEAR t0, T_HIT
    li      t0, 3
    csrw    tselect, t0

    CHECK   93                      /* every byte of an access counts (recommended); a range */
    TRIGGER T_U | T_LOAD, area, 2
    IN      MODE_U, BREAKPOINT, lw t0, 0(s0)
    IN      MODE_U, ECALL_U, lh t0, 0(s0)
    TRIGGER T_U | T_LOAD | T_NAPOT, area, 7
    IN      MODE_U, BREAKPOINT, lbu t0, 15(s0)
    IN      MODE_U, ECALL_U, lbu t0, 16(s0)

    CHECK   94                      /* in M-mode not while MIE is off. QEMU looks at neither */
    TRIGGER T_M | T_S | T_U | T_LOAD, area
    lw      t0, 0(s0)
    TRY
    CSR_SET mstatus, MSTATUS_MIE
    lw      t0, 0(s0)
    CAUGHT  BREAKPOINT
    EQ      s7, MODE_M

    CHECK   95                      /* nor in S-mode while SIE is off and it would handle it itself */
    TRIGGER T_S | T_U | T_LOAD, area
    CSR_CLEAR mstatus, MSTATUS_SIE
    IN      MODE_S, BREAKPOINT, lw t0, 0(s0)
    CSR_SET medeleg, DELEGATED
    IN      MODE_S, ECALL_S, lw t0, 0(s0)
    IN      MODE_U, BREAKPOINT, lw t0, 0(s0)
    EQ      s7, MODE_S
    csrw    tdata1, zero
    END

    .balign 64
area:
    .zero   64
