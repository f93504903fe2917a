/* switch.c in M-mode. */
    .macro  MOVE_SPACE
    .endm
    .include "switch.inc"

    .balign 4
switch_entry:
    TASK_SWITCH mscratch, mepc, mcause, 11, mret

tasks_install:
    csrw    mscratch, a0
    la      t0, switch_entry
    csrw    mtvec, t0
    ret

task_yield:
    ecall
    ret
