/* Atomics and cache-block operations (see mmu.h): "A" Extension, "CMO Extensions". LR and SC go
 * through host atomics on guest memory, so that harts may one day run on host threads. */
#include "cpu/mmu.h"

#include "cpu/pmp.h"
#include "cpu/translate.h"
#include "cpu/trap.h"
#include "cpu/trigger.h"

#include <string.h>

/* Zama16b: within an aligned block of 16 bytes a misaligned AMO is atomic all the same. */
static bool is_within_granule(const struct hart *hart, vaddr va, unsigned size)
{
    return isa_has(&hart->decoder->isa, EXT_ZAMA16B) && (va & 15) + size <= 16;
}

void *mmu_atomic(struct hart *hart, vaddr va, unsigned size)
{
    vaddr program_va = va;
    struct place place;

    va = translate_pointer(hart, hart->data, va);
    if (!trigger_passes(hart, va, size, TRIGGER_LOAD | TRIGGER_STORE))
        return NULL;
    if (va & (size - 1) && !is_within_granule(hart, va, size)) {
        trap_raise(hart, CAUSE_MISALIGNED_STORE, va);
        return NULL;
    }
    if (!translate(hart, hart->data, va, size, ACCESS_STORE, &place))
        return NULL;
    /* An AMO also reads; whatever forbids that is reported as a store. No AMO on devices. */
    if (!ram_holds(hart->bus->ram, place.pa, size) ||
        !pmp_allows(hart, place.pa, size, ACCESS_LOAD, translate_rights(hart->data, hart))) {
        translate_access_fault(hart, va, ACCESS_STORE);
        return NULL;
    }
    translate_remember(hart, hart->data, program_va, &place, ACCESS_STORE);
    return ram_writable(hart->bus->ram, place.pa, size);
}

bool mmu_load_reserved(struct hart *hart, vaddr va, unsigned size, u64 *value)
{
    struct place place;

    va = translate_pointer(hart, hart->data, va);
    if (!trigger_passes(hart, va, size, TRIGGER_LOAD))
        return false;
    hart->reservation_size = 0;
    if (va & (size - 1))
        return trap_raise(hart, CAUSE_MISALIGNED_LOAD, va);
    if (!translate(hart, hart->data, va, size, ACCESS_LOAD, &place))
        return false;
    if (!ram_holds(hart->bus->ram, place.pa, size))
        return translate_access_fault(hart, va, ACCESS_LOAD);
    *value = 0;
    memcpy(value, ram_host(hart->bus->ram, place.pa), size);
    hart->reservation = place.pa;
    hart->reservation_size = size;
    hart->reservation_value = *value;
    hart->reservation_dma = hart->bus->ram->dma_writes;
    return true;
}

bool mmu_store_conditional(struct hart *hart, vaddr va, unsigned size, u64 value, u64 *failed)
{
    bool holds =
        hart->reservation_size == size && hart->reservation_dma == hart->bus->ram->dma_writes;
    struct place place;
    u8 *host;

    va = translate_pointer(hart, hart->data, va);
    if (!trigger_passes(hart, va, size, TRIGGER_STORE)) /* one that would fail is a store, too */
        return false;
    hart->reservation_size = 0; /* any SC ends the reservation */
    *failed = 1;
    if (va & (size - 1))
        return trap_raise(hart, CAUSE_MISALIGNED_STORE, va);
    /* No SC retires unless it passes the checks of a store, whether it would succeed or not. */
    if (!translate(hart, hart->data, va, size, ACCESS_STORE, &place))
        return false;
    if (!ram_holds(hart->bus->ram, place.pa, size))
        return translate_access_fault(hart, va, ACCESS_STORE);
    if (!holds || place.pa != hart->reservation)
        return true;
    host = ram_writable(hart->bus->ram, place.pa, size);
    if (size == 8) {
        u64 old = hart->reservation_value;
        *failed = !__atomic_compare_exchange_n((u64 *)(void *)host, &old, value, false,
                                               __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    } else {
        u32 old = (u32)hart->reservation_value;
        *failed = !__atomic_compare_exchange_n((u32 *)(void *)host, &old, (u32)value, false,
                                               __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    }
    return true;
}

/* The two registers of a pair; that of x0 is zero, both of it. */
static void read_pair(const struct hart *hart, unsigned reg, u64 pair[2])
{
    pair[0] = reg ? hart->x[reg] : 0;
    pair[1] = reg ? hart->x[reg + 1] : 0;
}

bool mmu_compare_and_swap_pair(struct hart *hart, const struct insn *insn, u64 *old_low)
{
    unsigned half = hart->xlen / 8;
    vaddr va = hart->xlen == 32 ? (u32)hart->x[insn->rs1] : hart->x[insn->rs1];
    u8 *host = mmu_atomic(hart, va, 2 * half);
    u64 compare[2], swap[2], old[2] = {0, 0};

    if (!host)
        return false;
    read_pair(hart, insn->rd, compare);
    read_pair(hart, insn->rs2, swap);
    memcpy(&old[0], host, half);
    memcpy(&old[1], host + half, half);
    /* One host thread: nobody comes between. With a thread per hart this becomes a host cmpxchg of
     * 8 or 16 bytes. */
    if (!memcmp(&old[0], &compare[0], half) && !memcmp(&old[1], &compare[1], half)) {
        memcpy(host, &swap[0], half);
        memcpy(host + half, &swap[1], half);
    }
    if (hart->xlen == 32) {
        old[0] = (u64)(i64)(i32)old[0];
        old[1] = (u64)(i64)(i32)old[1];
    }
    *old_low = old[0];
    if (insn->rd)
        hart->x[insn->rd + 1] = old[1];
    return true;
}

/* Is this operation allowed here? menvcfg rules everything below M, senvcfg what is in U besides.
 */
static bool block_operation_is_on(const struct hart *hart, enum cbo operation)
{
    static const u64 bits[] = {
        [CBO_INVAL] = 3 << 4, [CBO_CLEAN] = 1 << 6, [CBO_FLUSH] = 1 << 6, [CBO_ZERO] = 1 << 7};

    if (hart->privilege < PRIV_M && !(hart->menvcfg & bits[operation]))
        return false;
    return hart->privilege > PRIV_U || hart->senvcfg & bits[operation];
}

bool mmu_cache_block(struct hart *hart, enum cbo operation, vaddr va)
{
    enum access why = operation == CBO_ZERO ? ACCESS_STORE : ACCESS_LOAD;
    struct place place;
    vaddr block;

    va = translate_pointer(hart, hart->data, va);
    block = va & ~(vaddr)(CACHE_BLOCK - 1);
    if (!block_operation_is_on(hart, operation))
        return trap_raise(hart, CAUSE_ILLEGAL, 0);
    /* To a trigger every operation is a store to all of the block. */
    if (!trigger_passes(hart, block, CACHE_BLOCK, TRIGGER_STORE))
        return false;
    /* Faults are those of a store, at the address given; there is no cache, so managing it needs
     * nothing more. */
    if (!translate(hart, hart->data, block, CACHE_BLOCK, why, &place)) {
        bool is_page_fault = hart->cause == CAUSE_LOAD_PAGE || hart->cause == CAUSE_STORE_PAGE;
        return trap_raise(hart, is_page_fault ? CAUSE_STORE_PAGE : CAUSE_STORE_ACCESS, va);
    }
    if (operation != CBO_ZERO)
        return true;
    if (!ram_holds(hart->bus->ram, place.pa, CACHE_BLOCK))
        return translate_access_fault(hart, va, ACCESS_STORE);
    memset(ram_writable(hart->bus->ram, place.pa, CACHE_BLOCK), 0, CACHE_BLOCK);
    return true;
}
