/* The slow door of memory (see mmu.h): loads, stores and fetches that the TLB does not know. */
#include "cpu/mmu.h"

#include "cpu/counters.h"
#include "cpu/debug.h"
#include "cpu/translate.h"
#include "cpu/trigger.h"

#include <string.h>

static struct tlb *tables(struct hart *hart, enum access why)
{
    return why == ACCESS_FETCH ? hart->fetch : hart->data;
}

bool mmu_fill(struct hart *hart, vaddr va, enum access why)
{
    struct tlb *tlb = tables(hart, why);
    vaddr at = why == ACCESS_FETCH ? va : translate_pointer(hart, tlb, va);
    struct place place;

    hart->cause = CAUSE_NONE;
    if (unlikely(hart->watched) && trigger_covers(hart, at, why))
        return false;
    return translate(hart, tlb, at, 1, why, &place) &&
           translate_remember(hart, tlb, va, &place, why);
}

static vaddr wrap(const struct hart *hart, vaddr va)
{
    return hart->xlen == 32 ? (u32)va : va;
}

/* Two translations first, so that a fault in the second page leaves the first untouched. */
static bool translate_halves(struct hart *hart, vaddr va, unsigned size, enum access why,
                             struct place place[2], unsigned *first)
{
    vaddr second = translate_pointer(hart, hart->data, wrap(hart, (va | PAGE_MASK) + 1));

    va = translate_pointer(hart, hart->data, va);
    *first = (unsigned)(PAGE_SIZE - (va & PAGE_MASK));
    if (!translate(hart, hart->data, va, *first, why, &place[0]) ||
        !translate(hart, hart->data, second, size - *first, why, &place[1]))
        return false;
    if (!ram_holds(hart->bus->ram, place[0].pa, *first))
        return translate_access_fault(hart, va, why);
    if (!ram_holds(hart->bus->ram, place[1].pa, size - *first))
        return translate_access_fault(hart, second, why);
    return true;
}

static bool crosses_page(vaddr va, unsigned size)
{
    return (va & PAGE_MASK) + size > PAGE_SIZE;
}

/* Reading a device, too, may move its deadlines. */
static void device_accessed(struct hart *hart, paddr at)
{
    if (unlikely(hart->debug != NULL))
        debug_happened(hart, DEBUG_DEVICE, at);
    hart->events |= EVENT_LEAVE;
    hart->device_accesses++;
    if (hart->counters_watched)
        counters_look(hart);
}

bool mmu_load(struct hart *hart, vaddr va, unsigned size, u64 *value)
{
    const struct tlb_entry *entry = &hart->data->read[tlb_index(va)];
    struct ram *ram = hart->bus->ram;
    struct place place[2];
    unsigned first;
    vaddr at;

    *value = 0;
    if (tlb_holds(entry->tag, va, size)) {
        memcpy(value, (const void *)(uintptr_t)(va + entry->to_host), size);
        return true;
    }
    at = translate_pointer(hart, hart->data, va);
    if (!trigger_passes(hart, at, size, TRIGGER_LOAD))
        return false;
    if (crosses_page(va, size)) {
        if (!translate_halves(hart, va, size, ACCESS_LOAD, place, &first))
            return false;
        memcpy(value, ram_host(ram, place[0].pa), first);
        memcpy((u8 *)value + first, ram_host(ram, place[1].pa), size - first);
        return true;
    }
    if (!translate(hart, hart->data, at, size, ACCESS_LOAD, place))
        return false;
    if (ram_holds(ram, place->pa, size)) {
        memcpy(value, ram_host(ram, place->pa), size);
        translate_remember(hart, hart->data, va, place, ACCESS_LOAD);
        return true;
    }
    if (va & (size - 1) || !bus_read(hart->bus, place->pa, size, value))
        return translate_access_fault(hart, at, ACCESS_LOAD);
    device_accessed(hart, place->pa);
    return true;
}

bool mmu_store(struct hart *hart, vaddr va, unsigned size, u64 value)
{
    const struct tlb_entry *entry = &hart->data->write[tlb_index(va)];
    struct ram *ram = hart->bus->ram;
    struct place place[2];
    unsigned first;
    vaddr at;

    if (tlb_holds(entry->tag, va, size)) {
        memcpy((void *)(uintptr_t)(va + entry->to_host), &value, size);
        return true;
    }
    at = translate_pointer(hart, hart->data, va);
    if (!trigger_passes(hart, at, size, TRIGGER_STORE))
        return false;
    if (crosses_page(va, size)) {
        if (!translate_halves(hart, va, size, ACCESS_STORE, place, &first))
            return false;
        memcpy(ram_writable(ram, place[0].pa, first), &value, first);
        memcpy(ram_writable(ram, place[1].pa, size - first), (u8 *)&value + first, size - first);
        return true;
    }
    if (!translate(hart, hart->data, at, size, ACCESS_STORE, place))
        return false;
    if (ram_holds(ram, place->pa, size)) {
        memcpy(ram_writable(ram, place->pa, size), &value, size);
        translate_remember(hart, hart->data, va, place, ACCESS_STORE);
        return true;
    }
    if (va & (size - 1) || !bus_write(hart->bus, place->pa, size, value))
        return translate_access_fault(hart, at, ACCESS_STORE);
    device_accessed(hart, place->pa);
    return true;
}

/* One halfword of an instruction; the two halves of a wide one may lie in different pages. */
static bool fetch_half(struct hart *hart, vaddr va, u16 *half)
{
    const struct tlb_entry *entry = &hart->fetch->fetch[tlb_index(va)];
    const struct region *region;
    struct place place;

    if (entry->tag == (va & ~PAGE_MASK)) {
        memcpy(half, (const void *)(uintptr_t)(va + entry->to_host), 2);
        return true;
    }
    if (!translate(hart, hart->fetch, va, 2, ACCESS_FETCH, &place))
        return false;
    if (ram_holds(hart->bus->ram, place.pa, 2)) {
        memcpy(half, ram_host(hart->bus->ram, place.pa), 2);
        translate_remember(hart, hart->fetch, va, &place, ACCESS_FETCH);
        return true;
    }
    region = bus_find(hart->bus, place.pa); /* ROM, but never a device */
    if (!region || !region->host || place.pa + 2 - region->base > region->size)
        return translate_access_fault(hart, va, ACCESS_FETCH);
    memcpy(half, region->host + (place.pa - region->base), 2);
    return true;
}

bool mmu_fetch(struct hart *hart, vaddr pc, u32 *bits)
{
    u16 low, high = 0;

    if (!trigger_passes(hart, pc, 0, TRIGGER_EXECUTE) || !fetch_half(hart, pc, &low) ||
        !trigger_passes(hart, pc, is_wide(low) ? 4 : 2, TRIGGER_EXECUTE))
        return false;
    if (is_wide(low) && !fetch_half(hart, wrap(hart, pc + 2), &high))
        return false;
    *bits = low | (u32)high << 16;
    return true;
}
