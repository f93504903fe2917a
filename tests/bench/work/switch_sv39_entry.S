/* switch.c in S-mode: every turn changes the address space. The spaces map the same, so no fence is
 * wanted. (Privileged manual, "Supervisor Address Translation and Protection (satp) Register".) */
    .macro  MOVE_SPACE
    ld      t0, 256(a0)
    csrw    satp, t0
    .endm
    .include "switch.inc"

    .balign 4
switch_entry:
    TASK_SWITCH sscratch, sepc, scause, 9, sret

tasks_install:
    csrw    sscratch, a0
    la      t0, switch_entry
    csrw    stvec, t0
    ret

task_yield:
    ecall
    ret
