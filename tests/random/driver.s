# The driver of random samples: runs one after the other from a fresh state, and prints a hash of the state that each ends in.
#
# driver.c makes it a program: it defines the places (AT_...) and the words of a record (R_...) and of a where (WORD_...),
# turns lx and sx into loads and stores of XLEN bits, drops lines that begin with ?F on a processor without floating point,
# and replaces the lines that begin with @ by one line for each CSR or register.
#
# Both handlers fold cause, pc and, except for illegal instructions, the value into a hash, and skip the instruction.

# The frame, in M-mode's memory
.equ X, 0               # x0..x31
.equ F, 256             # f0..f31, 8 bytes each
.equ FCSR, 512
.equ FOLD, 520          # hash of all traps, and of the CSRs after each iteration
.equ HASHED, 528        # up to here the hash of the final state goes
.equ ITERATION, 536
.equ TRAPS_LEFT, 544    # in this iteration
.equ END, 552           # offset of the body's end from CODE
.equ RECORD, 560
.equ STARTED, 568       # minstret when the sample went on
.equ EXECUTED, 576      # instructions of samples, all together
.equ FROM, 584          # offset of the body's start
.equ PMP_FIRST, 592      # pmpcfg0 between samples
.equ PMP_RUN, 600        # pmpcfg2 while a sample runs
.equ PMP_WRITE, 608      # and while its code is written

# The frame of S-mode's handler
.equ S_T0, 0
.equ S_T1, 8
.equ S_S0, 16
.equ S_S1, 24
.equ S_FOLD, 32
.equ S_TRAPS_LEFT, 40
.equ S_END, 48

.equ UART, 0x10000000
.equ FINISHER, 0x100000
.equ MSIP, 0x2000000
.equ MTIMECMP, 0x2004000
.equ TRAPS, 48          # in one iteration, at most

_start:
    csrw mie, zero
    csrr t0, mhartid
0:  beqz t0, 1f
    wfi
    j 0b
1:
    csrw 0x320, zero                # mcountinhibit
    la t0, m_handler
    csrw mtvec, t0
    li t0, MTIMECMP                 # its upper half alone says whether it is due
    li t1, -1
    sw zero, 0(t0)
    sw t1, 4(t0)
    li s0, AT_FRAME
    li t0, AT_RECORDS
    lw s2, R_SECURITY(t0)           # mseccfg, for all samples
    li t0, AT_BASE / 4 + 0x7ff
    csrw pmpaddr0, t0               # 16 KiB: the driver
    li t0, AT_FRAME / 4 + 0x7ff
    csrw pmpaddr8, t0               # 16 KiB: its memory
    li t0, AT_S_HANDLER / 4 + 0x1ff
    csrw pmpaddr9, t0               # 4 KiB
    li t0, AT_CODE / 4 + 0x3ff
    csrw pmpaddr10, t0              # 8 KiB
    li t0, AT_BASE / 4 + 0x1ffff
    csrw pmpaddr12, t0              # the first MiB, which S and U may use
    li t0, AT_BASE / 4 + 0x3fffff
    csrw pmpaddr13, t0              # 32 MiB
    li t0, 0xfffffff
    csrw pmpaddr14, t0              # the devices, 2 GiB
    # Rights of entries 0, 8 to 11 (twice: while a sample runs, and while its code is written), 12 to 15.
    li t0, 0x18
    li t1, 0x1f1f18
    mv t2, t1
    li t3, 0x18181f
    andi t4, s2, 1
    beqz t4, 1f
    li t0, 0x9d                     # MML: M R+X
    li t1, 0x9e1d9b                 # code M R+X S X, S_HANDLER S R+X, frame M R+W
    li t2, 0x1e1d9b                 # code M R+W S R+W
    li t3, 0x9b9b1e                 # devices and RAM M R+W, the first MiB M R+W S R+W
1:  @join_pmp
    sx t0, PMP_FIRST(s0)
    sx t1, PMP_RUN(s0)
    sx t2, PMP_WRITE(s0)
    @bypass_locks
    csrw pmpcfg0, t0
    @security
    csrw pmpcfg2, t2                # after MML, without which some of these rights are reserved
    @high_pmp
    @no_timer
    li t0, AT_RECORDS
    sx t0, RECORD(s0)
    sx zero, EXECUTED(s0)
    j sample

# ---- the next sample ----
next_sample:
    li s0, AT_FRAME
    lx s1, RECORD(s0)
    lw t0, R_SIZE(s1)
    add s1, s1, t0
    sx s1, RECORD(s0)
sample:
    li s0, AT_FRAME
    lx s1, RECORD(s0)
    lw t0, R_SIZE(s1)
    bnez t0, 1f
    li t0, FINISHER
    li t1, 0x5555
    sw t1, 0(t0)
0:  j 0b
1:  lw t0, R_SKIP(s1)
    bnez t0, next_sample
    csrw satp, zero
    lx t0, PMP_WRITE(s0)
    csrw pmpcfg2, t0
    # The body into an empty CODE, sixteen ecalls behind it.
    li t0, AT_CODE + AT_BODY_FROM
    li t1, AT_CODE + AT_BODY_TO
1:  sx zero, 0(t0)
    addi t0, t0, W
    bltu t0, t1, 1b
    lw t0, R_START(s1)
    sx t0, FROM(s0)
    li t1, AT_CODE
    add t1, t1, t0
    addi t2, s1, R_BODY
    lw t3, R_BODY_SIZE(s1)
    add t4, t0, t3
    sx t4, END(s0)
    li t5, AT_S_FRAME
    sx t4, S_END(t5)
    sx zero, S_FOLD(t5)
    add t3, t3, t2
    beq t2, t3, 2f
1:  lh t4, 0(t2)
    sh t4, 0(t1)
    addi t1, t1, 2
    addi t2, t2, 2
    bltu t2, t3, 1b
2:  li t2, 16
    li t3, 0x73
1:  sh t3, 0(t1)
    sh zero, 2(t1)
    addi t1, t1, 4
    addi t2, t2, -1
    bnez t2, 1b
    lx t0, PMP_RUN(s0)
    csrw pmpcfg2, t0
    # DATA from the pattern, from where the record says.
    li t0, AT_DATA
    li t1, AT_DATA + AT_DATA_SIZE
    li t2, AT_PATTERN
    lw t3, R_DATA(s1)
    li t4, AT_DATA_SIZE - 8
1:  and t3, t3, t4
    add t5, t2, t3
    lx t6, 0(t5)
    sx t6, 0(t0)
    addi t0, t0, W
    addi t3, t3, 8
    bltu t0, t1, 1b
    lw t0, R_TABLES(s1)
    beqz t0, 2f
    li t0, AT_TABLES
    li t1, AT_TABLES + AT_TABLES_SIZE
    li t2, AT_PRISTINE
1:  lx t3, 0(t2)
    sx t3, 0(t0)
    addi t0, t0, W
    addi t2, t2, W
    bltu t0, t1, 1b
2:  # The registers.
    addi t0, s1, R_X
    mv t1, s0
    li t2, 32
1:  lx t3, 0(t0)
    sx t3, 0(t1)
    addi t0, t0, 8
    addi t1, t1, W
    addi t2, t2, -1
    bnez t2, 1b
    li t0, 0x6000
    csrs mstatus, t0
?F  lw t0, R_FCSR(s1)
?F  csrw fcsr, t0
    @load_floats
    sx zero, FOLD(s0)
    sx zero, ITERATION(s0)

# ---- the next iteration; s0 is the frame ----
iterate:
    lx s1, RECORD(s0)
    lx t0, ITERATION(s0)
    lw t1, R_LOOPS(s1)
    beq t0, t1, done
    addi t1, t0, 1
    sx t1, ITERATION(s0)
    andi t0, t0, 3
    li t1, WHERE_SIZE
    beqz t0, 2f
1:  add s1, s1, t1
    addi t0, t0, -1
    bnez t0, 1b
2:  addi s1, s1, R_WHERES
    li t0, TRAPS
    sx t0, TRAPS_LEFT(s0)
    li t1, AT_S_FRAME
    srli t0, t0, 1
    sx t0, S_TRAPS_LEFT(t1)
    csrw sscratch, t1
    csrw mscratch, s0
    csrw mip, zero
    csrw sepc, zero
    csrw scause, zero
    csrw stval, zero
    csrw mcause, zero
    csrw mtval, zero
    li t0, 0x6000
    csrs mstatus, t0
    # User-level samples have the same CSRs each time: writing them again would empty QEMU's caches.
    lx t0, RECORD(s0)
    lw t0, R_TABLES(t0)
    lx t1, ITERATION(s0)
    addi t1, t1, -1
    snez t1, t1
    seqz t0, t0
    and t0, t0, t1
    bnez t0, 1f
    @write_csrs
    lx t0, WORD_DUE(s1)
    li t2, MSIP
    andi t1, t0, 1
    sw t1, 0(t2)
    li t2, MTIMECMP
    srli t1, t0, 1
    andi t1, t1, 1
    addi t1, t1, -1
    sw t1, 4(t2)
    srli t0, t0, 2
    addi t0, t0, -1
    @supervisor_timer
    sfence.vma
    fence.i
1:  @write_few_csrs
    lx t0, WORD_ENTRY(s1)
    lx t1, FROM(s0)
    add t0, t0, t1
    li t1, AT_CODE
    add t0, t0, t1
    csrw mepc, t0
    lx t0, WORD_X2(s1)
    sx t0, 2 * W(s0)
    lx t0, WORD_X3(s1)
    sx t0, 3 * W(s0)
    lx t0, WORD_X4(s1)
    sx t0, 4 * W(s0)
    lx t0, WORD_X8(s1)
    sx t0, 8 * W(s0)
    lx t0, WORD_X9(s1)
    sx t0, 9 * W(s0)
    mv sp, s0
resume:
    csrr t0, minstret
    sx t0, STARTED(sp)
    @load_integers
    mret

# ---- the handler of M-mode ----
m_handler:
    csrrw sp, mscratch, sp
    @store_integers
    csrr t0, minstret
    csrr t1, mscratch
    sx t1, 2 * W(sp)
    csrw mscratch, sp
    mv s0, sp
    lx t1, STARTED(s0)
    sub t0, t0, t1
    lx t1, EXECUTED(s0)
    add t0, t0, t1
    addi t0, t0, -65               # of the driver between the two readings
    sx t0, EXECUTED(s0)
    csrr s2, mcause
    csrr s3, mepc
    csrr s4, mtval
    csrr s5, mstatus
    bltz s2, interrupt
    # Where in the body is it? Elsewhere the iteration ends; so it does where fetching fails.
    li t0, 0xfffff
    and s6, s3, t0
    sub t1, s3, s6
    li t2, AT_BASE
    beq t1, t2, 1f
    li t2, AT_WINDOW_USER
    bne t1, t2, finish
1:  li t0, AT_CODE - AT_BASE
    sub t0, s6, t0
    lx t1, END(s0)
    bgeu t0, t1, finish
    lx t1, FROM(s0)
    bltu t0, t1, finish
    li t1, AT_BASE
    add s7, s6, t1                  # where the instruction is
    li t0, 1
    beq s2, t0, finish_and_fold
    li t0, 12
    beq s2, t0, finish_and_fold
    lhu s8, 0(s7)
    lhu t1, 2(s7)
    slli t1, t1, 16
    or s9, s8, t1                   # the instruction
    # The value of a faulting cbo: QEMU says where the block begins, the manual rs1.
    li t0, 0x707f
    and t0, s9, t0
    li t1, 0x200f
    bne t0, t1, 3f
    andi s4, s4, -64
3:  jal fold_trap
    li t1, 3
    andi t0, s8, 3
    addi s3, s3, 2
    bne t0, t1, 1f
    addi s3, s3, 2
1:  csrw mepc, s3
    j go_on
interrupt:
    jal fold_trap
    csrw mip, zero
    li t0, MSIP
    sw zero, 0(t0)
    li t0, MTIMECMP
    li t1, -1
    sw t1, 4(t0)
    @no_timer
go_on:
    lx t0, TRAPS_LEFT(s0)
    addi t0, t0, -1
    sx t0, TRAPS_LEFT(s0)
    beqz t0, finish
    mv sp, s0
    j resume

# s0 frame, s2 cause, s3 pc, s4 value, s5 mstatus
fold_trap:
    mv t6, ra
    mv a0, s2
    jal mix
    mv a0, s3
    jal mix
    li t0, 2
    beq s2, t0, 1f
    mv a0, s4
    jal mix
1:  mv a0, s5
    jal mix
    jr t6

# Folds a0 into FOLD.
mix:
    lx t0, FOLD(s0)
    slli t1, t0, 7
    srli t0, t0, 8 * W - 7
    or t0, t0, t1
    add t0, t0, a0
    sx t0, FOLD(s0)
    ret

# ---- an iteration has ended ----
finish_and_fold:
    jal fold_trap
finish:
    li t0, 0x20000                  # MPRV
    csrc mstatus, t0
    li t0, 0x6000                   # and FS on
    csrs mstatus, t0
    mv a0, s2
    jal mix
    @read_csrs
    # Even M-mode cannot read 8 bytes of which an entry matches 4.
    lx t0, RECORD(s0)
    lw t0, R_TABLES(t0)
    beqz t0, iterate
    lx t0, PMP_FIRST(s0)
    csrw pmpcfg0, t0
    csrw mip, zero                  # first: QEMU lets stimecmp clear STIP even without STCE
    @no_timer
    csrw 0x30a, zero                # STIP cannot be written while menvcfg.STCE is set
    @no_stce
    j iterate

# ---- all iterations have ended ----
done:
    li t0, 0x6000
    csrs mstatus, t0
?F  csrr t0, fcsr
?F  sx t0, FCSR(s0)
    @store_floats
    lx t0, FOLD(s0)
    li t1, AT_S_FRAME
    lx t1, S_FOLD(t1)
    add t0, t0, t1
    sx t0, FOLD(s0)
    lw t0, R_DUMP(s1)
    bnez t0, dump
    li a0, 0
    li a1, AT_FRAME
    li a2, AT_FRAME + HASHED
    jal hash
    li a1, AT_DATA
    li a2, AT_DATA + AT_DATA_SIZE
    jal hash
    li a1, AT_CODE + AT_BODY_FROM
    li a2, AT_CODE + AT_BODY_TO
    jal hash
    jal print
    li a0, 10
    jal put
    j next_sample

# One line of everything: the frame word by word, then a hash of the data and one of the code.
dump:
    mv s2, s0
    addi s3, s0, HASHED
1:  lx a0, 0(s2)
    jal print
    li a0, 32
    jal put
    addi s2, s2, W
    bltu s2, s3, 1b
    li a0, 0
    li a1, AT_DATA
    li a2, AT_DATA + AT_DATA_SIZE
    jal hash
    jal print
    li a0, 32
    jal put
    li a0, 0
    li a1, AT_CODE + AT_BODY_FROM
    li a2, AT_CODE + AT_BODY_TO
    jal hash
    jal print
    li a0, 10
    jal put
    j next_sample

# a0 becomes the hash of itself and of the words from a1 up to a2.
hash:
1:  slli t1, a0, 7
    srli a0, a0, 8 * W - 7
    or a0, a0, t1
    lx t0, 0(a1)
    add a0, a0, t0
    addi a1, a1, W
    bltu a1, a2, 1b
    ret

# Prints a0 in hexadecimal.
print:
    mv t5, ra
    mv t4, a0
    li t3, 2 * W
1:  srli a0, t4, 8 * W - 4
    li t0, 10
    bltu a0, t0, 2f
    addi a0, a0, 39
2:  addi a0, a0, 48
    jal put
    slli t4, t4, 4
    addi t3, t3, -1
    bnez t3, 1b
    jr t5
put:
    li t0, UART
1:  lbu t1, 5(t0)
    andi t1, t1, 0x20
    beqz t1, 1b
    sb a0, 0(t0)
    ret

# ---- the handler of S-mode ----
.org AT_S_HANDLER - AT_BASE
    j s_handler                     # a vector, if stvec says so
    j s_handler
    j s_handler
    j s_handler
    j s_handler
    j s_handler
    j s_handler
    j s_handler
    j s_handler
    j s_handler
    j s_handler
    j s_handler
    j s_handler
    j s_handler
    j s_handler
    j s_handler
s_handler:
    csrrw sp, sscratch, sp
    sx t0, S_T0(sp)
    sx t1, S_T1(sp)
    sx s0, S_S0(sp)
    sx s1, S_S1(sp)
    csrr s0, scause
    csrr s1, sepc
    lx t0, S_FOLD(sp)
    slli t1, t0, 7
    srli t0, t0, 8 * W - 7
    or t0, t0, t1
    add t0, t0, s0
    slli t1, t0, 7
    srli t0, t0, 8 * W - 7
    or t0, t0, t1
    add t0, t0, s1
    li t1, 2
    beq s0, t1, 1f
    csrr t1, stval
    andi t1, t1, -64
    xor t0, t0, t1
1:  sx t0, S_FOLD(sp)
    lx t0, S_TRAPS_LEFT(sp)
    addi t0, t0, -1
    sx t0, S_TRAPS_LEFT(sp)
    beqz t0, give_up
    bltz s0, s_interrupt
    li t1, 1
    beq s0, t1, give_up
    li t1, 12
    beq s0, t1, give_up
    li t0, 0xfffff
    and t0, s1, t0
    li t1, AT_CODE - AT_BASE
    sub t1, t0, t1
    lx s0, S_END(sp)
    bgeu t1, s0, give_up
    li t1, AT_BASE
    add t0, t0, t1
    lhu t0, 0(t0)
    andi t0, t0, 3
    addi s1, s1, 2
    addi t0, t0, -3
    bnez t0, 1f
    addi s1, s1, 2
1:  csrw sepc, s1
    j s_exit
s_interrupt:                        # what S-mode cannot clear it no longer wants
    csrw sip, zero
    li t0, 0x220
    csrc sie, t0
s_exit:
    lx t0, S_T0(sp)
    lx t1, S_T1(sp)
    lx s0, S_S0(sp)
    lx s1, S_S1(sp)
    csrrw sp, sscratch, sp
    sret
give_up:
    ecall                           # M-mode ends the iteration: this is not in the body
    j give_up
