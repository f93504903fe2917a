/* The words of isa.def as the fast engine means them (cpu/exec.c; the plain engine's are in
 * cpu/plain.c). A row finds its operands in locals of the handler: rd_number, imm, source1 ... What
 * cannot go on leaves by a door: DISPATCH to door_plain, or to where misses go. */
#ifndef CPU_WORDS_FAST_H
#define CPU_WORDS_FAST_H

#include "cpu/words.h"

#define RD         rd
#define RD_BEFORE  (rd_number == 32 ? (ux)0 : (ux)hart->x[rd_number]) /* 32 stands for x0 */
#define RS1        source1
#define RS2        source2
#define RS1_NUMBER rs1_number
#define RS2_NUMBER rs2_number
#define IMM        ((ux)imm)
#define FRD        frd
#define FRS1       float1
#define FRS2       float2
#define FRS3       (hart->f[(u8)imm])
#define FRS1_H     unbox_h(FRS1)
#define FRS2_H     unbox_h(FRS2)
#define FRS3_H     unbox_h(FRS3)
#define FRS1_S     BOXED_S(FRS1)
#define FRS2_S     BOXED_S(FRS2)
#define FRS3_S     BOXED_S(FRS3)
#define ROUNDING   rounding
#define DOOR()     DISPATCH(door_plain, op, budget, word)

/* A single out of its box counts as a NaN, and NaNs are the plain engine's. */
#define BOXED_S(value)                                                                             \
    ({                                                                                             \
        const u64 boxed_ = (value);                                                                \
        if (unlikely(boxed_ >> 32 != 0xffffffff))                                                  \
            DOOR();                                                                                \
        (u32) boxed_;                                                                              \
    })

/* A miss leaves for the row's second handler, which also knows misaligned accesses. */
#define HIT_ALIGNED(tag, va, size, door)                                                           \
    do {                                                                                           \
        if (unlikely((tag) != tlb_tag(va, size)))                                                  \
            DISPATCH(missed, op, budget, word);                                                    \
    } while (0)
#define HIT_ANY(tag, va, size, door)                                                               \
    do {                                                                                           \
        if (!tlb_holds(tag, va, size)) {                                                           \
            if ((va) & (size - 1))                                                                 \
                DOOR();                                                                            \
            DISPATCH_WITH(door, op, budget, word, va);                                             \
        }                                                                                          \
    } while (0)
/* page becomes the TLB's entry for this access; a near one has it from the access before. */
#define FIND(table, va, size, door)                                                                \
    do {                                                                                           \
        if (NEAR) {                                                                                \
            HIT(page.tag, va, size, door);                                                         \
        } else {                                                                                   \
            const struct tlb_entry *entry_ = tlb_entry(hart->data->table, va);                     \
            HIT(entry_->tag, va, size, door);                                                      \
            page = (struct tlb_entry){(va) & ~PAGE_MASK, entry_->to_host};                         \
        }                                                                                          \
    } while (0)
#define LOAD(type, at)                                                                             \
    ({                                                                                             \
        vaddr va_ = (ux)(at);                                                                      \
        type loaded_;                                                                              \
        FIND(read, va_, sizeof(type), door_load);                                                  \
        memcpy(&loaded_, (const void *)(uintptr_t)(va_ + page.to_host), sizeof(type));             \
        loaded_;                                                                                   \
    })
#define STORE(type, at, what)                                                                      \
    do {                                                                                           \
        vaddr va_ = (ux)(at);                                                                      \
        type stored_ = (type)(what);                                                               \
        FIND(write, va_, sizeof(type), door_store);                                                \
        memcpy((void *)(uintptr_t)(va_ + page.to_host), &stored_, sizeof(type));                   \
    } while (0)
#define OLD old_
#define AMO(type, new)                                                                             \
    ({                                                                                             \
        vaddr va_ = RS1;                                                                           \
        const struct tlb_entry *entry_ = tlb_entry(hart->data->write, va_);                        \
        if (unlikely(entry_->tag != tlb_tag(va_, sizeof(type))))                                   \
            DOOR();                                                                                \
        type *at_ = (type *)(uintptr_t)(va_ + entry_->to_host);                                    \
        type old_ = __atomic_load_n(at_, __ATOMIC_SEQ_CST);                                        \
        while (!__atomic_compare_exchange_n(at_, &old_, (new), false, __ATOMIC_SEQ_CST,            \
                                            __ATOMIC_SEQ_CST))                                     \
            continue;                                                                              \
        old_;                                                                                      \
    })
#define ATOMIC_FENCE() __atomic_thread_fence(__ATOMIC_SEQ_CST)

#define JUMP(target)                                                                               \
    do {                                                                                           \
        to = (ux)(target);                                                                         \
        if (unlikely(to & hart->pc_misaligned))                                                    \
            DOOR();                                                                                \
        flow = FLOW_FAR;                                                                           \
    } while (0)
#define BRANCH(offset) flow = FLOW_BRANCH

/* The words of SYSTEM rows: calls of what the plain engine calls, too. */
#define NEXT                                                                                       \
    hart->next_pc /* not a local: its address would keep the handler from ending in a jump */
/* Only fflags, frm and fcsr (1, 2, 3) show what the host's FPU has noted meanwhile; asking it is
 * slow. */
#define CSR_ACCESS(operation, operand)                                                             \
    ({                                                                                             \
        u64 old_;                                                                                  \
        if (imm <= 3)                                                                              \
            float_collect(hart);                                                                   \
        TRY(csr_access(hart, (unsigned)imm, operation, operand,                                    \
                       operation == CSR_EXCHANGE || rs1_number != 0, &old_));                      \
        (ix) old_;                                                                                 \
    })
/* The same for a CSR that only stores: imm is its struct csr_place. */
#define STORED_CSR_ACCESS(operation, operand)                                                      \
    ({                                                                                             \
        u64 *at_ = (u64 *)(void *)((u8 *)hart + (u16)imm);                                         \
        const ux old_ = (ux)*at_, operand_ = (ux)(operand);                                        \
        if (unlikely(hart->privilege < ((u64)imm >> 24 & 3)))                                      \
            DOOR();                                                                                \
        if (operation == CSR_EXCHANGE || rs1_number != 0)                                          \
            *at_ = (operation == CSR_EXCHANGE ? operand_                                           \
                    : operation == CSR_SET    ? old_ | operand_                                    \
                                              : old_ & ~operand_) &                                   \
                   ~((ux)imm >> 16 & 3);                                                           \
        (ix) old_;                                                                                 \
    })
#define COMPARE_AND_SWAP_PAIR()                                                                    \
    ({                                                                                             \
        const struct insn insn_ = {.rd = rd_number & 31, .rs1 = rs1_number, .rs2 = rs2_number};    \
        u64 old_;                                                                                  \
        TRY(mmu_compare_and_swap_pair(hart, &insn_, &old_));                                       \
        (ix) old_;                                                                                 \
    })

#endif
