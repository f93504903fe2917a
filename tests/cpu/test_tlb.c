/* The translation cache's table: what hits, and what dropping drops. */
#include "cpu/tlb.h"

#include "tests/suite.h"

#include <stdlib.h>
#include <string.h>

static struct tlb *make_tlb(void)
{
    struct tlb *tlb = calloc(1, sizeof *tlb);

    tlb->used = true;
    tlb_flush(tlb);
    return tlb;
}

static void enter(struct tlb *tlb, vaddr page, const u8 *host)
{
    u64 to_host = (u64)(uintptr_t)host - page;

    tlb->read[tlb_index(page)] = (struct tlb_entry){page, to_host};
    tlb->write[tlb_index(page)] = (struct tlb_entry){page, to_host};
    tlb->fetch[tlb_index(page)] = (struct tlb_entry){.tag = page, .to_host = to_host};
    tlb->used = true;
}

static bool has_read(const struct tlb *tlb, vaddr va, unsigned size)
{
    return tlb->read[tlb_index(va)].tag == tlb_tag(va, size);
}

static bool has_write(const struct tlb *tlb, vaddr va, unsigned size)
{
    return tlb->write[tlb_index(va)].tag == tlb_tag(va, size);
}

START_TEST(an_empty_table_matches_no_address)
{
    static const vaddr addresses[] = {
        0, 0xfff, 0x1000, 0x80000000, 0xffffffff, UINT64_MAX - 7, UINT64_MAX - 4095, UINT64_MAX};
    struct tlb *tlb = make_tlb();

    for (unsigned i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        for (unsigned size = 1; size <= 8; size *= 2) {
            ck_assert(!has_read(tlb, addresses[i], size));
            ck_assert(!has_write(tlb, addresses[i], size));
        }
        ck_assert_uint_ne(tlb->fetch[tlb_index(addresses[i])].tag, addresses[i] & ~PAGE_MASK);
    }
    free(tlb);
}
END_TEST

START_TEST(one_compare_says_page_and_alignment)
{
    struct tlb *tlb = make_tlb();
    u8 page[1];

    enter(tlb, 0x5000, page);
    for (unsigned size = 1; size <= 8; size *= 2)
        for (vaddr va = 0x4ff8; va < 0x6008; va++)
            ck_assert_msg(has_read(tlb, va, size) == (va >> 12 == 5 && va % size == 0),
                          "%u bytes at %#x", size, (unsigned)va);
    free(tlb);
}
END_TEST

START_TEST(arrays_a_power_of_two_apart_do_not_share_entries)
{
    for (unsigned bits = 22; bits < 32; bits++)
        ck_assert_uint_ne(tlb_index(0x80000000), tlb_index(0x80000000 ^ (vaddr)1 << bits));
    for (vaddr va = 0; va < (vaddr)1 << 40; va += 0x123456789)
        ck_assert_uint_eq(tlb_offset(va), tlb_index(va) * sizeof(struct tlb_entry));
}
END_TEST

START_TEST(pages_that_share_an_entry_are_told_apart)
{
    struct tlb *tlb = make_tlb();
    vaddr far = 0x4000 + (vaddr)TLB_ENTRIES * PAGE_SIZE; /* the index is hashed */
    u8 page[1];

    ck_assert_uint_eq(tlb_index(0x5000), tlb_index(far));
    enter(tlb, 0x5000, page);
    ck_assert(!has_read(tlb, far, 4));
    enter(tlb, far, page);
    ck_assert(!has_read(tlb, 0x5000, 4));
    free(tlb);
}
END_TEST

START_TEST(flushing_empties_every_table)
{
    struct tlb *tlb = make_tlb();
    u8 page[1];

    for (vaddr va = 0; va < (vaddr)TLB_ENTRIES * PAGE_SIZE; va += PAGE_SIZE)
        enter(tlb, va, page);
    tlb_flush(tlb);
    for (unsigned i = 0; i < TLB_ENTRIES; i++) {
        ck_assert_uint_eq(tlb->read[i].tag, TLB_EMPTY);
        ck_assert_uint_eq(tlb->write[i].tag, TLB_EMPTY);
        ck_assert_uint_eq(tlb->fetch[i].tag, TLB_EMPTY);
    }
    free(tlb);
}
END_TEST

START_TEST(flushing_one_page_drops_it_by_any_byte)
{
    struct tlb *tlb = make_tlb();
    u8 page[1];

    enter(tlb, 0x5000, page);
    enter(tlb, 0x6000, page);
    tlb_flush_page(tlb, 0x5abc);
    ck_assert(!has_read(tlb, 0x5000, 1));
    ck_assert(!has_write(tlb, 0x5000, 1));
    ck_assert_uint_eq(tlb->fetch[tlb_index(0x5000)].tag, TLB_EMPTY);
    ck_assert(has_read(tlb, 0x6000, 1));
    free(tlb);
}
END_TEST

START_TEST(dropping_writes_finds_every_alias_and_keeps_reads)
{
    struct tlb *tlb = make_tlb();
    u8 *pages = malloc(2 * PAGE_SIZE);

    enter(tlb, 0x5000, pages);
    enter(tlb, 0xffffffffc0123000, pages);
    enter(tlb, 0x7000, pages + PAGE_SIZE);
    tlb_drop_writes(tlb, pages);
    ck_assert(!has_write(tlb, 0x5000, 4));
    ck_assert(!has_write(tlb, 0xffffffffc0123000, 4));
    ck_assert(has_write(tlb, 0x7000, 4));
    ck_assert(has_read(tlb, 0x5000, 4));
    free(pages);
    free(tlb);
}
END_TEST

START_TEST(dropping_ops_keeps_translations)
{
    struct tlb *tlb = make_tlb();
    u8 page[1];

    enter(tlb, 0x5000, page);
    tlb->code[tlb_index(0x5000)] = (struct code_entry){0x5000, (struct op *)(void *)page};
    tlb_drop_ops(tlb);
    ck_assert_uint_eq(tlb->code[tlb_index(0x5000)].tag, TLB_EMPTY);
    ck_assert_uint_eq(tlb->fetch[tlb_index(0x5000)].tag, 0x5000);
    free(tlb);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {an_empty_table_matches_no_address,
                                  one_compare_says_page_and_alignment,
                                  arrays_a_power_of_two_apart_do_not_share_entries,
                                  flushing_empties_every_table,
                                  pages_that_share_an_entry_are_told_apart,
                                  flushing_empties_every_table,
                                  flushing_one_page_drops_it_by_any_byte,
                                  dropping_writes_finds_every_alias_and_keeps_reads,
                                  dropping_ops_keeps_translations};

    return SUITE_RUN("tlb", tests, 1);
}
