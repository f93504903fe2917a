/* The plain engine: read this one first. One call is one instruction: fetch it, decode it, do what
 * its row says, and take the trap if that failed. It is slow and obvious; it steps, traces, and is
 * the oracle for the fast one (cpu/exec.c), which hands it everything rare. Compiled once for RV32
 * and once for RV64. */
#include "cpu/hart.h"

#include "cpu/csr.h"
#include "cpu/mmu.h"
#include "cpu/trap.h"
#include "cpu/words.h"

/* The words of isa.def (those that both engines share: cpu/words.h). */
#define RD         rd
#define RD_BEFORE  ((ux)hart->x[insn.rd])
#define RS1        ((ux)hart->x[insn.rs1])
#define RS2        ((ux)hart->x[insn.rs2])
#define RS1_NUMBER insn.rs1
#define RS2_NUMBER insn.rs2
#define IMM        ((ux)(ix)insn.imm)
#define PC         ((ux)hart->pc)
#define LENGTH     insn.length
#define NEXT       next
#define FRD        frd
#define FRS1       (hart->f[insn.rs1])
#define FRS2       (hart->f[insn.rs2])
#define FRS3       (hart->f[insn.rs3])
#define FRS1_H     unbox_h(FRS1)
#define FRS2_H     unbox_h(FRS2)
#define FRS3_H     unbox_h(FRS3)
#define FRS1_S     unbox_s(FRS1)
#define FRS2_S     unbox_s(FRS2)
#define FRS3_S     unbox_s(FRS3)
#define ROUNDING   ((enum rounding)rounding)
#define FLAGS      (&flags)

#define LOAD(type, at)                                                                             \
    ({                                                                                             \
        u64 loaded_;                                                                               \
        TRY(mmu_load(hart, (ux)(at), sizeof(type), &loaded_));                                     \
        (type) loaded_;                                                                            \
    })
#define STORE(type, at, what) TRY(mmu_store(hart, (ux)(at), sizeof(type), (type)(what)))
#define OLD                   old_
#define AMO(type, new)                                                                             \
    ({                                                                                             \
        type *at_ = mmu_atomic(hart, RS1, sizeof(type));                                           \
        TRY(at_);                                                                                  \
        type old_ = __atomic_load_n(at_, __ATOMIC_SEQ_CST);                                        \
        while (!__atomic_compare_exchange_n(at_, &old_, (new), false, __ATOMIC_SEQ_CST,            \
                                            __ATOMIC_SEQ_CST))                                     \
            continue;                                                                              \
        old_;                                                                                      \
    })
#define COMPARE_AND_SWAP_PAIR()                                                                    \
    ({                                                                                             \
        u64 old_;                                                                                  \
        TRY(mmu_compare_and_swap_pair(hart, &insn, &old_));                                        \
        (ix) old_;                                                                                 \
    })
#define ATOMIC_FENCE() __atomic_thread_fence(__ATOMIC_SEQ_CST)
/* A jump to an address that no instruction can have traps at the jump, and rd stays as it was. */
#define JUMP(target)                                                                               \
    do {                                                                                           \
        next = (ux)(target);                                                                       \
        if (next & hart->pc_misaligned)                                                            \
            TRY(trap_raise(hart, CAUSE_MISALIGNED_FETCH, next));                                   \
    } while (0)
#define BRANCH(offset) JUMP(PC + (offset))
#define CSR_ACCESS(operation, operand)                                                             \
    ({                                                                                             \
        u64 old_;                                                                                  \
        TRY(csr_access(hart, (unsigned)insn.imm, operation, operand,                               \
                       operation == CSR_EXCHANGE || insn.rs1 != 0, &old_));                        \
        (ix) old_;                                                                                 \
    })
#include "cpu/float_soft.h"

/* Floating point is illegal while FS is Off, and so is a rounding mode that does not exist. */
static bool check_float(struct hart *hart, const struct insn *insn, bool rounds, unsigned *rounding)
{
    if (!(hart->mstatus & MSTATUS_FS))
        return trap_raise(hart, CAUSE_ILLEGAL, 0);
    if (!rounds)
        return true;
    *rounding = insn->rm == 7 ? (unsigned)hart->frm : insn->rm;
    return *rounding <= ROUND_RMM || trap_raise(hart, CAUSE_ILLEGAL, 0);
}

/* Everything but a store may change registers or flags: FS becomes Dirty. */
static void finish_float(struct hart *hart, u8 flags)
{
    hart->fflags |= flags;
    if ((hart->mstatus & MSTATUS_FS) != MSTATUS_FS) {
        hart->mstatus |= MSTATUS_FS;
        hart_mode_changed(hart);
    }
}

#define INSN(name, operands, format, bits, need, ...)                                              \
    case ROW_##name:                                                                               \
        if (IS_FLOAT(need))                                                                        \
            TRY(check_float(hart, &insn, ROUNDS(FORMAT_##format), &rounding));                     \
        __VA_ARGS__;                                                                               \
        if (WRITES_RD(operands) && insn.rd)                                                        \
            hart->x[insn.rd] = (u64)(i64)rd;                                                       \
        if (WRITES_FRD(operands))                                                                  \
            hart->f[insn.rd] = frd;                                                                \
        if (IS_FLOAT(need) && FORMAT_##format != FORMAT_S)                                         \
            finish_float(hart, flags);                                                             \
        break;
#define FLOW   INSN
#define SYSTEM INSN

void NAME_X(hart_step)(struct hart *hart)
{
    struct insn insn = {.bits = 0};
    ix rd = 0;
    u64 frd = 0;
    unsigned rounding = ROUND_RNE;
    u8 flags = 0;
    u32 bits;
    vaddr next;

    TRY(mmu_fetch(hart, hart->pc, &bits));
    insn = decode(hart->decoder, bits);
    next = (ux)(hart->pc + insn.length);
    switch ((enum row)insn.row) {
#include "cpu/isa.def"
    case ROW_illegal:
        TRY(trap_raise(hart, CAUSE_ILLEGAL, 0));
    }
    hart->pc = next;
    hart->budget--;
    return;

trapped:
    if (hart->cause == CAUSE_ILLEGAL)
        hart->tval = insn.bits;
    trap_take_exception(hart);
    hart->budget--;
}
