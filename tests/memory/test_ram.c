/* RAM: its bounds, its notes, and the gate that every listener hears of. */
#include "memory/ram.h"

#include "tests/suite.h"

#include <string.h>
#include <unistd.h>

#define BASE  0x80000000u
#define PAGES 4u

/* Remembers what the gate told it. */
struct ear {
    unsigned noted, written;
    paddr page; /* of the last page_noted */
    struct {
        paddr at;
        u64 size;
        u8 notes;
    } last;
};

static void hear_noted(void *who, paddr page)
{
    struct ear *ear = who;

    ear->noted++;
    ear->page = page;
}

static void hear_written(void *who, paddr at, u64 size, u8 notes)
{
    struct ear *ear = who;

    ear->written++;
    ear->last.at = at;
    ear->last.size = size;
    ear->last.notes = notes;
}

static void open_ram(struct ram *ram, struct ear *ear)
{
    ck_assert(ram_init(ram, BASE, PAGES * PAGE_SIZE));
    *ear = (struct ear){0};
    ram_listen(ram, (struct ram_listener){ear, hear_noted, hear_written});
}

START_TEST(size_is_rounded_up_to_whole_pages_of_zeroes)
{
    struct ram ram;

    ck_assert(ram_init(&ram, BASE, PAGE_SIZE + 1));
    ck_assert_uint_eq(ram.size, 2 * PAGE_SIZE);
    for (u64 i = 0; i < ram.size; i++)
        ck_assert_uint_eq(ram.bytes[i], 0);
    ram_free(&ram);
}
END_TEST

START_TEST(a_page_that_was_written_was_touched_and_a_cleared_one_is_zero)
{
    static u8 touched[1024];
    struct ram ram;
    unsigned untouched = 0;

    ck_assert(ram_init(&ram, BASE, sizeof touched * PAGE_SIZE));
    *ram_writable(&ram, BASE + 700 * PAGE_SIZE, 1) = 1;
    ram_find_touched(&ram, touched);
    ck_assert_uint_eq(touched[700], 1);
    for (unsigned i = 0; i < sizeof touched; i++)
        untouched += !touched[i];
    if (access("/proc/self/pagemap", R_OK) == 0)
        ck_assert_uint_ge(untouched, sizeof touched - 512); /* it may be of a huge page */
    ram_clear(&ram);
    ck_assert_uint_eq(ram.bytes[700 * PAGE_SIZE], 0);
    ram_free(&ram);
}
END_TEST

START_TEST(taking_another_rams_bytes_leaves_it_where_it_is)
{
    struct ram ram, from;
    u8 *before;

    ck_assert(ram_init(&ram, BASE, PAGES * PAGE_SIZE));
    ck_assert(ram_init(&from, BASE, PAGES * PAGE_SIZE));
    before = ram.bytes;
    ram.bytes[3] = 3;
    from.bytes[0] = 1;
    from.bytes[PAGES * PAGE_SIZE - 1] = 2;
    ram_clear(&ram);
    ram_take(&ram, &from);
    ram_free(&from);
    ck_assert_ptr_eq(ram.bytes, before);
    ck_assert_uint_eq(ram.bytes[0], 1);
    ck_assert_uint_eq(ram.bytes[3], 0);
    ck_assert_uint_eq(ram.bytes[PAGES * PAGE_SIZE - 1], 2);
    ram_free(&ram);
}
END_TEST

START_TEST(ram_holds_what_lies_wholly_inside)
{
    struct ram ram = {.base = BASE, .size = PAGES * PAGE_SIZE};
    u64 end = BASE + ram.size;

    ck_assert(ram_holds(&ram, BASE, 1));
    ck_assert(ram_holds(&ram, BASE, ram.size));
    ck_assert(ram_holds(&ram, end - 8, 8));
    ck_assert(!ram_holds(&ram, end - 7, 8));
    ck_assert(!ram_holds(&ram, end, 1));
    ck_assert(!ram_holds(&ram, BASE - 1, 1));
    ck_assert(!ram_holds(&ram, BASE - 1, 2));
    ck_assert(!ram_holds(&ram, BASE, ram.size + 1));
}
END_TEST

START_TEST(ranges_that_wrap_round_are_not_held)
{
    struct ram ram = {.base = BASE, .size = PAGES * PAGE_SIZE};

    ck_assert(!ram_holds(&ram, UINT64_MAX, 2));
    ck_assert(!ram_holds(&ram, BASE + 8, UINT64_MAX));
    ck_assert(!ram_holds(&ram, BASE + 8, UINT64_MAX - BASE));
    ck_assert(!ram_holds(&ram, 0, UINT64_MAX));
}
END_TEST

START_TEST(writes_to_a_page_without_notes_are_not_told)
{
    struct ram ram;
    struct ear ear;

    open_ram(&ram, &ear);
    *ram_writable(&ram, BASE + 5, 1) = 7;
    ck_assert_uint_eq(ram.bytes[5], 7);
    ck_assert_uint_eq(ear.written, 0);
    ram_free(&ram);
}
END_TEST

START_TEST(a_write_to_a_noted_page_is_told_with_its_notes)
{
    struct ram ram;
    struct ear ear;

    open_ram(&ram, &ear);
    ram_note(&ram, BASE + PAGE_SIZE + 123, NOTE_WATCHED | NOTE_HTIF);
    ck_assert_uint_eq(ear.noted, 1);
    ck_assert_uint_eq(ear.page, BASE + PAGE_SIZE);
    ram_writable(&ram, BASE + PAGE_SIZE + 8, 4);
    ck_assert_uint_eq(ear.written, 1);
    ck_assert_uint_eq(ear.last.at, BASE + PAGE_SIZE + 8);
    ck_assert_uint_eq(ear.last.size, 4);
    ck_assert_uint_eq(ear.last.notes, NOTE_WATCHED | NOTE_HTIF);
    ram_writable(&ram, BASE + PAGE_SIZE + 8, 4);
    ck_assert_uint_eq(ear.written, 2); /* these notes last */
    ram_unnote(&ram, BASE + PAGE_SIZE, NOTE_WATCHED | NOTE_HTIF);
    ram_writable(&ram, BASE + PAGE_SIZE + 8, 4);
    ck_assert_uint_eq(ear.written, 2);
    ram_free(&ram);
}
END_TEST

START_TEST(a_note_that_stands_already_is_not_told_again)
{
    struct ram ram;
    struct ear ear;

    open_ram(&ram, &ear);
    ram_note(&ram, BASE, NOTE_CODE);
    ram_note(&ram, BASE + 8, NOTE_CODE);
    ck_assert_uint_eq(ear.noted, 1);
    ram_note(&ram, BASE, NOTE_CODE | NOTE_WATCHED);
    ck_assert_uint_eq(ear.noted, 2);
    ram_free(&ram);
}
END_TEST

START_TEST(a_write_over_several_pages_is_told_page_by_page)
{
    struct ram ram;
    struct ear ear;

    open_ram(&ram, &ear);
    ram_note(&ram, BASE, NOTE_WATCHED);
    ram_note(&ram, BASE + 2 * PAGE_SIZE, NOTE_WATCHED);
    ram_writable(&ram, BASE + PAGE_SIZE - 2, PAGE_SIZE + 5); /* 2 bytes, a page, 3 bytes */
    ck_assert_uint_eq(ear.written, 2);
    ck_assert_uint_eq(ear.last.at, BASE + 2 * PAGE_SIZE);
    ck_assert_uint_eq(ear.last.size, 3);
    ram_free(&ram);
}
END_TEST

START_TEST(a_write_ends_clean_and_code)
{
    struct ram ram;
    struct ear ear;

    open_ram(&ram, &ear);
    ram_clean(&ram);
    ck_assert_uint_eq(ear.page, RAM_EVERY_PAGE);
    ram_note(&ram, BASE, NOTE_CODE);
    for (u64 page = 0; page < PAGES; page++)
        ck_assert(!ram_is_dirty(&ram, page));
    ram_writable(&ram, BASE + 3, 1);
    ck_assert_uint_eq(ear.last.notes, NOTE_CLEAN | NOTE_CODE);
    ck_assert_uint_eq(*ram_notes_at(&ram, BASE), 0);
    ck_assert(ram_is_dirty(&ram, 0));
    ck_assert(!ram_is_dirty(&ram, 1));
    ram_free(&ram);
}
END_TEST

START_TEST(clearing_zeroes_every_byte_and_keeps_watchpoints)
{
    struct ram ram;
    struct ear ear;

    open_ram(&ram, &ear);
    memset(ram_writable(&ram, BASE, ram.size), 0xa5, ram.size);
    ram_note(&ram, BASE, NOTE_CODE | NOTE_WATCHED | NOTE_HTIF);
    ram_clear(&ram);
    for (u64 i = 0; i < ram.size; i++)
        ck_assert_uint_eq(ram.bytes[i], 0);
    ck_assert_uint_eq(*ram_notes_at(&ram, BASE), NOTE_WATCHED | NOTE_HTIF);
    ram_free(&ram);
}
END_TEST

START_TEST(dma_goes_through_the_gate_and_is_counted)
{
    struct ram ram;
    struct ear ear;
    u8 back[4] = {0};

    open_ram(&ram, &ear);
    ram_note(&ram, BASE, NOTE_CODE);
    ck_assert(ram_dma_write(&ram, BASE + 16, "abc", 4));
    ck_assert_uint_eq(ear.written, 1);
    ck_assert_uint_eq(ram.dma_writes, 1);
    ck_assert(ram_dma_read(&ram, BASE + 16, back, 4));
    ck_assert_str_eq((const char *)back, "abc");
    ck_assert_uint_eq(ram.dma_writes, 1);
    ram_free(&ram);
}
END_TEST

START_TEST(dma_outside_ram_copies_nothing)
{
    struct ram ram;
    struct ear ear;
    u8 bytes[8] = {1, 2, 3, 4, 5, 6, 7, 8}, back[8] = {9, 9, 9, 9, 9, 9, 9, 9};

    open_ram(&ram, &ear);
    ck_assert(!ram_dma_write(&ram, BASE + ram.size - 4, bytes, 8));
    ck_assert_uint_eq(ram.bytes[ram.size - 4], 0);
    ck_assert(!ram_dma_read(&ram, BASE + ram.size - 4, back, 8));
    ck_assert_uint_eq(back[0], 9);
    ck_assert(!ram_dma_write(&ram, BASE - 1, bytes, 1));
    ck_assert(!ram_dma_read(&ram, UINT64_MAX - 3, back, 8));
    ck_assert_uint_eq(ram.dma_writes, 0);
    ram_free(&ram);
}
END_TEST

START_TEST(noting_many_pages_is_told_once_and_each_hears_its_first_write)
{
    struct ram ram;
    struct ear ear = {0};

    ck_assert(ram_init(&ram, BASE, 64 * PAGE_SIZE));
    ram_listen(&ram, (struct ram_listener){&ear, hear_noted, hear_written});
    ram_note_all(&ram, BASE + 10, 2 * PAGE_SIZE, NOTE_SHOWN); /* three pages */
    ck_assert_uint_eq(ear.noted, 3);
    ck_assert_uint_eq(ear.page, BASE + 2 * PAGE_SIZE);
    ram_note_all(&ram, BASE, 3 * PAGE_SIZE, NOTE_SHOWN);
    ck_assert_uint_eq(ear.noted, 3);
    ram_note_all(&ram, BASE, 64 * PAGE_SIZE, NOTE_SHOWN);
    ck_assert_uint_le(ear.noted, 12);
    ck_assert_uint_eq(ear.page, RAM_EVERY_PAGE);
    for (u64 page = 0; page < 64; page++)
        ck_assert_uint_eq(ram.notes[page], NOTE_SHOWN);
    ram_writable(&ram, BASE + 5 * PAGE_SIZE, 1);
    ck_assert_uint_eq(ear.written, 1);
    ck_assert_uint_eq(ear.last.notes, NOTE_SHOWN);
    ck_assert_uint_eq(ram.notes[5], 0);
    ram_writable(&ram, BASE + 5 * PAGE_SIZE, 1);
    ck_assert_uint_eq(ear.written, 1);
    ram_free(&ram);
}
END_TEST

START_TEST(every_listener_hears_of_a_write)
{
    struct ram ram;
    struct ear ears[3] = {{0}};

    ck_assert(ram_init(&ram, BASE, PAGE_SIZE));
    for (int i = 0; i < 3; i++)
        ram_listen(&ram, (struct ram_listener){&ears[i], i ? hear_noted : NULL, hear_written});
    ram_note(&ram, BASE, NOTE_CODE);
    ram_writable(&ram, BASE, 1);
    for (int i = 0; i < 3; i++) {
        ck_assert_uint_eq(ears[i].noted, i != 0);
        ck_assert_uint_eq(ears[i].last.notes, NOTE_CODE);
    }
    ram_free(&ram);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {size_is_rounded_up_to_whole_pages_of_zeroes,
                                  a_page_that_was_written_was_touched_and_a_cleared_one_is_zero,
                                  taking_another_rams_bytes_leaves_it_where_it_is,
                                  ram_holds_what_lies_wholly_inside,
                                  ranges_that_wrap_round_are_not_held,
                                  writes_to_a_page_without_notes_are_not_told,
                                  a_write_to_a_noted_page_is_told_with_its_notes,
                                  a_note_that_stands_already_is_not_told_again,
                                  a_write_over_several_pages_is_told_page_by_page,
                                  a_write_ends_clean_and_code,
                                  clearing_zeroes_every_byte_and_keeps_watchpoints,
                                  dma_goes_through_the_gate_and_is_counted,
                                  dma_outside_ram_copies_nothing,
                                  noting_many_pages_is_told_once_and_each_hears_its_first_write,
                                  every_listener_hears_of_a_write};

    return SUITE_RUN("ram", tests, 1);
}
