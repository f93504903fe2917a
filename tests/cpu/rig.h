/* A tiny machine for tests of the cpu: a bus with RAM, a page of ROM and one dumb device, one or
 * two harts, a virtual clock; no chips, no loader. Short programs are put into RAM word by word
 * (the insn_ functions of tests/cpu/assemble.h) and run on either engine. */
#ifndef TESTS_CPU_RIG_H
#define TESTS_CPU_RIG_H

#include "cpu/csr.h"
#include "cpu/hart.h"
#include "cpu/mmu.h"
#include "memory/paging.h"

#include "tests/cpu/assemble.h"
#include "tests/suite.h"

#include <stdlib.h>
#include <string.h>

#define RIG_RAM    ((paddr)0x80000000)
#define RIG_SIZE   ((u64)0x800000) /* 2048 pages */
#define RIG_TABLES (RIG_RAM + RIG_SIZE / 2)
#define RIG_ROM    ((paddr)0x1000)
#define RIG_DEVICE ((paddr)0x10000000) /* 4-byte accesses only; reads as RIG_VALUE */
#define RIG_VALUE  0x12345678u

/* Steps in a tick of the clock: odd, so that nothing fits by accident. */
#define RIG_STEPS_PER_TICK 7

typedef void rig_engine(struct hart *hart, u64 budget);
enum { RIG_PLAIN, RIG_FAST, RIG_ENGINES };
static rig_engine *const rig_engines[RIG_ENGINES] = {hart_run_plain, hart_run_fast};

struct rig {
    struct decoder decoder;
    struct ram ram;
    struct bus bus;
    struct clock clock;
    u8 rom[PAGE_SIZE];
    u64 device_writes;
    struct hart *hart; /* harts[0] */
    struct hart *harts[2];
    unsigned hart_count;
    paddr at;         /* where rig_put() puts the next instruction */
    paddr next_table; /* where rig_map() takes the next page table from */
};

static inline u64 rig_device_read(void *owner, u64 offset, unsigned size)
{
    (void)owner, (void)offset, (void)size;
    return RIG_VALUE;
}

static inline void rig_device_write(void *owner, u64 offset, unsigned size, u64 value)
{
    (void)offset, (void)size, (void)value;
    ++*(u64 *)owner;
}

static inline void rig_attach(struct rig *rig)
{
    struct region rom = {.name = "rom",
                         .base = RIG_ROM,
                         .size = sizeof rig->rom,
                         .host = rig->rom,
                         .read_only = true};
    struct region device = {.name = "device",
                            .base = RIG_DEVICE,
                            .size = 0x1000,
                            .widths = 4,
                            .owner = &rig->device_writes,
                            .read = rig_device_read,
                            .write = rig_device_write};
    const char *clash;

    ck_assert(bus_attach_ram(&rig->bus, &rig->ram, &clash));
    ck_assert(bus_attach(&rig->bus, &rom, &clash));
    ck_assert(bus_attach(&rig->bus, &device, &clash));
}

/* Builds and resets it; every hart starts at the bottom of RAM in M mode, with PMP opened for all.
 */
static inline void rig_open_harts(struct rig *rig, const char *isa_text, unsigned hart_count)
{
    char message[200];
    struct isa isa;

    memset(rig, 0, sizeof *rig);
    ck_assert_msg(isa_parse(isa_text, &isa, message, sizeof message), "%s", message);
    decoder_init(&rig->decoder, &isa);
    ck_assert(ram_init(&rig->ram, RIG_RAM, RIG_SIZE));
    rig_attach(rig);
    clock_init(&rig->clock, CLOCK_VIRTUAL, RIG_STEPS_PER_TICK);
    rig->hart_count = hart_count;
    for (unsigned i = 0; i < hart_count; i++) {
        rig->harts[i] = hart_create(i, hart_count, &rig->decoder, &rig->bus, &rig->clock);
        ck_assert_ptr_nonnull(rig->harts[i]);
        hart_reset(rig->harts[i], RIG_RAM);
        csr_poke(rig->harts[i], 0x3bf, UINT64_MAX); /* the last PMP entry: everything, R, W, X */
        csr_poke(rig->harts[i], isa.xlen == 32 ? 0x3a3 : 0x3a2,
                 (u64)0x1f << (isa.xlen == 32 ? 24 : 56));
    }
    rig->hart = rig->harts[0];
    rig->at = RIG_RAM;
    rig->next_table = RIG_TABLES;
}

static inline void rig_open(struct rig *rig, const char *isa_text)
{
    rig_open_harts(rig, isa_text, 1);
}

static inline void rig_close(struct rig *rig)
{
    for (unsigned i = 0; i < rig->hart_count; i++)
        hart_destroy(rig->harts[i]);
    ram_free(&rig->ram);
}

static inline void rig_write(struct rig *rig, paddr at, unsigned size, u64 value)
{
    memcpy(ram_writable(&rig->ram, at, size), &value, size);
}

static inline u64 rig_read(struct rig *rig, paddr at, unsigned size)
{
    u64 value = 0;

    memcpy(&value, ram_host(&rig->ram, at), size);
    return value;
}

/* Puts one instruction, of 2 or 4 bytes, after the last one. */
static inline void rig_put(struct rig *rig, u32 insn)
{
    unsigned size = is_wide((u16)insn) ? 4 : 2;

    rig_write(rig, rig->at, size, insn);
    rig->at += size;
}

static inline void rig_put_at(struct rig *rig, paddr at, u32 insn)
{
    rig->at = at;
    rig_put(rig, insn);
}

/* The harts, one after the other, each run this many steps (fewer where a slice ends early). */
static inline void rig_run(struct rig *rig, int engine, u64 budget)
{
    for (unsigned i = 0; i < rig->hart_count; i++)
        rig_engines[engine](rig->harts[i], budget);
}

static inline void rig_enter(struct hart *hart, enum privilege privilege, vaddr pc)
{
    hart->privilege = privilege;
    hart->pc = pc;
    hart_mode_changed(hart);
}

static inline u64 rig_csr(struct hart *hart, unsigned number)
{
    u64 value = 0;

    ck_assert_msg(csr_peek(hart, number, &value), "there is no CSR %#x", number);
    return value;
}

static inline void rig_set_csr(struct hart *hart, unsigned number, u64 value)
{
    ck_assert_msg(csr_poke(hart, number, value), "there is no CSR %#x", number);
}

static inline void rig_set_csr_bits(struct hart *hart, unsigned number, u64 bits)
{
    rig_set_csr(hart, number, rig_csr(hart, number) | bits);
}

static inline void rig_clear_csr_bits(struct hart *hart, unsigned number, u64 bits)
{
    rig_set_csr(hart, number, rig_csr(hart, number) & ~bits);
}

/* Sv39 or Sv32: the physical address of the PTE for va at that level (0 is the last). Tables in
 * between are made. */
static inline paddr rig_pte(struct rig *rig, vaddr va, unsigned level)
{
    bool is_32 = rig->hart->xlen == 32;
    unsigned bits = is_32 ? 10 : 9, size = is_32 ? 4 : 8, at_level = is_32 ? 1 : 2;
    paddr table = RIG_TABLES;

    if (rig->next_table == RIG_TABLES)
        rig->next_table += PAGE_SIZE;
    for (;; at_level--) {
        paddr at = table + (va >> (PAGE_BITS + at_level * bits) & ((1u << bits) - 1)) * size;
        u64 pte = rig_read(rig, at, size);
        if (at_level == level)
            return at;
        if (!(pte & PTE_V)) {
            pte = rig->next_table >> PAGE_BITS << 10 | PTE_V;
            rig->next_table += PAGE_SIZE;
            rig_write(rig, at, size, pte);
        }
        table = pte >> 10 << PAGE_BITS;
    }
}

static inline void rig_map(struct rig *rig, vaddr va, paddr pa, unsigned level, u64 flags)
{
    rig_write(rig, rig_pte(rig, va, level), rig->hart->xlen == 32 ? 4 : 8,
              pa >> PAGE_BITS << 10 | flags | PTE_V);
}

/* Switches translation on for every hart. */
static inline void rig_page(struct rig *rig)
{
    u64 mode = rig->hart->xlen == 32 ? (u64)1 << 31 : (u64)8 << 60;

    for (unsigned i = 0; i < rig->hart_count; i++)
        rig_set_csr(rig->harts[i], 0x180, mode | RIG_TABLES >> PAGE_BITS);
}

#endif
