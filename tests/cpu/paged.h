/* A rig whose first hart is in S mode behind page tables: two neighbouring pages, mapped to places
 * far apart. */
#ifndef TESTS_CPU_PAGED_H
#define TESTS_CPU_PAGED_H

#include "tests/cpu/rig.h"

#define VA   ((vaddr)0x5000)
#define PA_1 (RIG_RAM + 0x10000) /* holds 0x1111 */
#define PA_2 (RIG_RAM + 0x20000) /* holds 0x2222 */
#define RW   (PTE_R | PTE_W | PTE_A | PTE_D)

/* Case 0 is Sv39, case 1 Sv32. */
static const char *const paged_isas[] = {"max", "max32"};

static inline void paged_open(struct rig *rig, int which, u64 flags)
{
    rig_open(rig, paged_isas[which]);
    rig_map(rig, VA, PA_1, 0, flags);
    rig_map(rig, VA + PAGE_SIZE, PA_2, 0, flags);
    rig_write(rig, PA_1, 8, 0x1111);
    rig_write(rig, PA_2, 8, 0x2222);
    rig_page(rig);
    rig_enter(rig->hart, PRIV_S, RIG_RAM);
}

static inline u64 paged_load(struct rig *rig, vaddr va)
{
    u64 value;

    ck_assert_msg(mmu_load(rig->hart, va, 8, &value), "cause %d at %#llx", (int)rig->hart->cause,
                  (unsigned long long)rig->hart->tval);
    return value;
}

static inline void paged_load_faults(struct rig *rig, vaddr va, enum cause cause)
{
    u64 value;

    ck_assert(!mmu_load(rig->hart, va, 8, &value));
    ck_assert_uint_eq(rig->hart->cause, cause);
    ck_assert_uint_eq(rig->hart->tval, va);
}

static inline void paged_store_faults(struct rig *rig, vaddr va, enum cause cause)
{
    ck_assert(!mmu_store(rig->hart, va, 8, UINT64_MAX));
    ck_assert_uint_eq(rig->hart->cause, cause);
    ck_assert_uint_eq(rig->hart->tval, va);
}

static inline void paged_fence(struct rig *rig, vaddr va)
{
    ck_assert(mmu_sfence_vma(rig->hart, va, 1, 0, 0));
}

#endif
