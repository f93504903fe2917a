/* A guest for gdb: M-mode sets up, S-mode serves calls, U-mode makes them for ever. Every hart has a
 * word of its own. RV64 and RV32. */
#if __riscv_xlen == 64
#define STORE  sd
#define LOAD   ld
#define BYTES  8
#else
#define STORE  sw
#define LOAD   lw
#define BYTES  4
#endif

    .globl _start
_start:
    li      t0, -1
    csrw    pmpaddr0, t0
    li      t0, 0x1f
    csrw    pmpcfg0, t0
    li      t0, 1 << 8 /* calls from U are S-mode's */
    csrw    medeleg, t0
    la      t0, machine_trap
    csrw    mtvec, t0
    csrr    a0, mhartid
    la      s0, counts
    slli    t0, a0, 3
    add     s0, s0, t0
    la      t0, supervisor
    csrw    mepc, t0
    li      t0, 3 << 11
    csrc    mstatus, t0
    li      t0, 1 << 11
    csrs    mstatus, t0
to_supervisor:
    mret

machine_trap:
    j       machine_trap

supervisor:
    la      t0, supervisor_trap
    csrw    stvec, t0
    la      t0, user
    csrw    sepc, t0
    li      t0, 1 << 8
    csrc    sstatus, t0
    sret

    .balign 4
supervisor_trap:
    csrr    t1, sepc
    addi    t1, t1, 4
    csrw    sepc, t1
count_up:
    LOAD    t2, 0(s0)
    addi    t2, t2, 1
store_count:
    STORE   t2, 0(s0)
to_user:
    sret

user:
    addi    s1, s1, 1
user_call:
    ecall
after_call:
    addi    s2, s2, 1
    .option push
    .option norvc
patch_me:
    addi    s3, s3, 1
    .option pop
    j       user

    .data
    .globl counts
    .balign 8
counts:
    .zero   64
other:
    .zero   8
