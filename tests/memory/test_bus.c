/* The bus: what answers where, and what is an access fault (corners: access width, holes, the end
 * of RAM, writes to ROM). */
#include "memory/bus.h"

#include "tests/suite.h"

#include <string.h>

#define RAM_BASE 0x80000000u
#define CHIP     0x10000000u

struct chip {
    u64 offset, value;
    unsigned size, reads, writes;
};

static u64 chip_read(void *owner, u64 offset, unsigned size)
{
    struct chip *chip = owner;

    chip->offset = offset;
    chip->size = size;
    chip->reads++;
    return 0x1122334455667788u;
}

static void chip_write(void *owner, u64 offset, unsigned size, u64 value)
{
    struct chip *chip = owner;

    chip->offset = offset;
    chip->size = size;
    chip->value = value;
    chip->writes++;
}

struct board {
    struct bus bus;
    struct ram ram;
    struct chip chip;
    u8 rom[64];
};

static void attach(struct bus *bus, struct region region)
{
    const char *clash;

    ck_assert(bus_attach(bus, &region, &clash));
}

static void open_board(struct board *board)
{
    const char *clash;

    memset(board, 0, sizeof *board);
    ck_assert(ram_init(&board->ram, RAM_BASE, 2 * PAGE_SIZE));
    ck_assert(bus_attach_ram(&board->bus, &board->ram, &clash));
    attach(&board->bus, (struct region){.name = "chip",
                                        .base = CHIP,
                                        .size = 0x100,
                                        .widths = 1 | 4,
                                        .owner = &board->chip,
                                        .read = chip_read,
                                        .write = chip_write});
    attach(&board->bus,
           (struct region){
               .name = "rom", .base = 0x1000, .size = 64, .host = board->rom, .read_only = true});
}

START_TEST(regions_are_found_by_any_byte_of_theirs)
{
    struct board board;

    open_board(&board);
    ck_assert_str_eq(bus_find(&board.bus, 0x1000)->name, "rom");
    ck_assert_str_eq(bus_find(&board.bus, 0x103f)->name, "rom");
    ck_assert_ptr_null(bus_find(&board.bus, 0x1040));
    ck_assert_ptr_null(bus_find(&board.bus, 0xfff));
    ck_assert_str_eq(bus_find(&board.bus, CHIP + 0xff)->name, "chip");
    ck_assert_ptr_null(bus_find(&board.bus, CHIP + 0x100));
    ck_assert_str_eq(bus_find(&board.bus, RAM_BASE)->name, "ram");
    ck_assert_ptr_null(bus_find(&board.bus, 0));
    ck_assert_ptr_null(bus_find(&board.bus, UINT64_MAX));
    ram_free(&board.ram);
}
END_TEST

START_TEST(an_overlap_is_refused_and_named)
{
    static const struct {
        u64 base, size;
    } wrong[] = {{CHIP - 1, 2}, {CHIP + 0xff, 1}, {CHIP + 8, 8}, {CHIP - 8, 0x200}};
    struct board board;
    const char *clash;

    open_board(&board);
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct region region = {.name = "new", .base = wrong[i].base, .size = wrong[i].size};
        ck_assert_msg(!bus_attach(&board.bus, &region, &clash), "row %u", i);
        ck_assert_str_eq(clash, "chip");
    }
    ck_assert_uint_eq(board.bus.count, 3);
    ram_free(&board.ram);
}
END_TEST

START_TEST(neighbours_may_touch)
{
    struct board board;

    open_board(&board);
    attach(&board.bus, (struct region){.name = "below", .base = CHIP - 16, .size = 16});
    attach(&board.bus, (struct region){.name = "above", .base = CHIP + 0x100, .size = 16});
    ck_assert_str_eq(bus_find(&board.bus, CHIP - 1)->name, "below");
    ck_assert_str_eq(bus_find(&board.bus, CHIP)->name, "chip");
    ck_assert_str_eq(bus_find(&board.bus, CHIP + 0x100)->name, "above");
    ram_free(&board.ram);
}
END_TEST

START_TEST(empty_and_wrapping_regions_are_refused)
{
    struct bus bus = {.count = 0};
    struct region empty = {.name = "empty", .base = 16, .size = 0};
    struct region wraps = {.name = "wraps", .base = UINT64_MAX - 3, .size = 5};
    struct region last = {.name = "last", .base = UINT64_MAX - 3, .size = 4};
    const char *clash;

    ck_assert(!bus_attach(&bus, &empty, &clash));
    ck_assert_ptr_null(clash);
    ck_assert(!bus_attach(&bus, &wraps, &clash));
    ck_assert_ptr_null(clash);
    ck_assert(bus_attach(&bus, &last, &clash));
    ck_assert_str_eq(bus_find(&bus, UINT64_MAX)->name, "last");
}
END_TEST

START_TEST(a_full_bus_refuses_one_more)
{
    struct bus bus = {.count = 0};
    struct region region = {.name = "one", .size = 16};
    const char *clash;

    for (unsigned i = 0; i < BUS_REGIONS; i++) {
        region.base = (u64)((i * 37) % BUS_REGIONS) << 8; /* in no order */
        ck_assert(bus_attach(&bus, &region, &clash));
    }
    for (unsigned i = 0; i < BUS_REGIONS; i++)
        ck_assert_uint_eq(bus_find(&bus, ((u64)i << 8) + 15)->base, (u64)i << 8);
    region.base = 0x100000;
    ck_assert(!bus_attach(&bus, &region, &clash));
    ck_assert_ptr_null(clash);
}
END_TEST

START_TEST(ram_is_little_endian_at_any_alignment)
{
    struct board board;
    u64 value;

    open_board(&board);
    ck_assert(bus_write(&board.bus, RAM_BASE + 3, 8, 0x8877665544332211u));
    ck_assert_uint_eq(board.ram.bytes[3], 0x11);
    ck_assert(bus_read(&board.bus, RAM_BASE + 4, 4, &value));
    ck_assert_uint_eq(value, 0x55443322);
    ck_assert(bus_read(&board.bus, RAM_BASE + 10, 1, &value));
    ck_assert_uint_eq(value, 0x88);
    ram_free(&board.ram);
}
END_TEST

START_TEST(a_device_is_asked_only_in_its_widths)
{
    struct board board;
    u64 value;

    open_board(&board);
    ck_assert(bus_read(&board.bus, CHIP + 12, 4, &value));
    ck_assert_uint_eq(board.chip.offset, 12);
    ck_assert_uint_eq(board.chip.size, 4);
    ck_assert(bus_write(&board.bus, CHIP + 0xff, 1, 0x5a));
    ck_assert_uint_eq(board.chip.value, 0x5a);
    ck_assert(!bus_read(&board.bus, CHIP + 12, 2, &value));
    ck_assert(!bus_read(&board.bus, CHIP + 8, 8, &value));
    ck_assert(!bus_write(&board.bus, CHIP + 8, 8, 0));
    ck_assert_uint_eq(board.chip.reads, 1);
    ck_assert_uint_eq(board.chip.writes, 1);
    ram_free(&board.ram);
}
END_TEST

START_TEST(an_access_beyond_the_end_of_a_region_is_an_access_fault)
{
    struct board board;
    u64 value, end = RAM_BASE + 2 * PAGE_SIZE;

    open_board(&board);
    ck_assert(bus_read(&board.bus, end - 8, 8, &value));
    ck_assert(!bus_read(&board.bus, end - 7, 8, &value));
    ck_assert(!bus_write(&board.bus, end - 1, 2, 0xffff));
    ck_assert_uint_eq(board.ram.bytes[2 * PAGE_SIZE - 1], 0);
    ck_assert(!bus_read(&board.bus, CHIP + 0xfd, 4, &value));
    ck_assert_uint_eq(board.chip.reads, 0);
    ram_free(&board.ram);
}
END_TEST

START_TEST(holes_are_access_faults)
{
    struct board board;
    u64 value;

    open_board(&board);
    ck_assert(!bus_read(&board.bus, 0, 1, &value));
    ck_assert(!bus_write(&board.bus, 0x2000, 4, 1));
    ck_assert(!bus_read(&board.bus, UINT64_MAX - 7, 8, &value));
    ram_free(&board.ram);
}
END_TEST

START_TEST(store_to_rom_is_an_access_fault)
{
    struct board board;
    u64 value;

    open_board(&board);
    board.rom[1] = 0x42;
    ck_assert(!bus_write(&board.bus, 0x1001, 1, 0xff));
    ck_assert(bus_read(&board.bus, 0x1001, 1, &value));
    ck_assert_uint_eq(value, 0x42);
    ram_free(&board.ram);
}
END_TEST

static void count_write(void *who, paddr at, u64 size, u8 notes)
{
    (void)at, (void)size, (void)notes;
    ++*(unsigned *)who;
}

START_TEST(writes_to_ram_go_through_its_gate)
{
    struct board board;
    unsigned writes = 0;

    open_board(&board);
    ram_listen(&board.ram, (struct ram_listener){&writes, NULL, count_write});
    ram_note(&board.ram, RAM_BASE, NOTE_CODE);
    ck_assert(bus_write(&board.bus, RAM_BASE + 8, 4, 1));
    ck_assert_uint_eq(writes, 1);
    ram_free(&board.ram);
}
END_TEST

START_TEST(an_open_wire_may_be_set)
{
    struct wire wire = {.set = NULL};

    wire_set(&wire, true);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {regions_are_found_by_any_byte_of_theirs,
                                  an_overlap_is_refused_and_named,
                                  neighbours_may_touch,
                                  empty_and_wrapping_regions_are_refused,
                                  a_full_bus_refuses_one_more,
                                  ram_is_little_endian_at_any_alignment,
                                  a_device_is_asked_only_in_its_widths,
                                  an_access_beyond_the_end_of_a_region_is_an_access_fault,
                                  holes_are_access_faults,
                                  store_to_rom_is_an_access_fault,
                                  writes_to_ram_go_through_its_gate,
                                  an_open_wire_may_be_set};

    return SUITE_RUN("bus", tests, 1);
}
