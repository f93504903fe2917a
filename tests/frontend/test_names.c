/* The names of a kernel that nobody has loaded by name: found in the guest's memory, on RV64 and
 * (case 1) RV32. */
#include "frontend/names.h"

#include "tests/frontend/paged_guest.h"
#include "tests/loader/kallsyms_image.h"
#include "tests/suite.h"

#define PLACE ((paddr)0x80010000) /* of the kernel in memory */
#define ROOM  65536

static const char *const isas[] = {"max", "max32"};
static const vaddr bases[] = {0xffffffff92000000, 0xc0400000};
static struct paged_guest guest;
static struct names names;

/* A kernel at some address that is not the one it was linked for, after KASLR; its handler of traps
 * is its third symbol. */
static void put_kernel(int width, vaddr base, size_t count)
{
    struct kallsyms_image image = {.count = count, .alignment = 8, .pointer = width ? 4 : 8};

    image.base = base;
    kallsyms_image_make(&image);
    memset(image.bytes, 0, 64);
    memcpy(image.bytes + 16, &(u64){ROOM}, 8);
    memcpy(image.bytes + 48, "RISCV\0\0\0RSC\5", 12);
    ck_assert_uint_le(image.size, ROOM);
    memcpy(ram_writable(&guest.machine->ram, PLACE, ROOM), image.bytes, image.size);
    for (u64 at = 0; at < ROOM; at += PAGE_SIZE)
        guest_map(&guest, base + at, PLACE + at, 0, GUEST_ALL);
    guest_poke(&guest, 0x105, base + 2 * KALLSYMS_STEP);
}

static void begin(int width)
{
    guest_open(&guest, isas[width]);
    names_init(&names, guest.machine, NULL);
}

static void end(void)
{
    names_free(&names);
    guest_close(&guest);
}

static const char *name_of(vaddr at)
{
    static char text[64];

    return symbols_describe(names_get(&names), at, text, sizeof text);
}

START_TEST(a_kernel_anywhere_in_memory_has_its_names)
{
    begin(_i);
    ck_assert_uint_eq(symbols_count(names_get(&names)), 0);
    put_kernel(_i, bases[_i], 300);
    ck_assert_str_eq(name_of(bases[_i] + 2 * KALLSYMS_STEP + 4), "name2+0x4");
    ck_assert_str_eq(name_of(bases[_i] + 299 * KALLSYMS_STEP), "name299");
    end();
}
END_TEST

/* The mode of the moment does not matter: a program, or the firmware. */
START_TEST(the_kernel_has_its_names_while_a_program_or_the_firmware_runs)
{
    static const enum privilege modes[] = {PRIV_U, PRIV_M};

    for (unsigned i = 0; i < 2; i++) {
        begin(_i);
        put_kernel(_i, bases[_i], 300);
        guest.hart->privilege = modes[i];
        hart_mode_changed(guest.hart);
        ck_assert_str_eq(name_of(bases[_i]), "name0");
        end();
    }
}
END_TEST

START_TEST(another_kernel_after_a_reset_has_its_own_names)
{
    vaddr last = bases[_i] + 299 * KALLSYMS_STEP;

    begin(_i);
    put_kernel(_i, bases[_i], 300);
    ck_assert_str_eq(name_of(last), "name299");
    put_kernel(_i, bases[_i], 200);
    ck_assert_str_eq(name_of(last), "name299"); /* nobody has said that it is another one */
    names_reset(&names);
    ck_assert_uint_eq(symbols_count(names_get(&names)), 200);
    end();
}
END_TEST

START_TEST(a_kernel_that_moves_takes_its_names_along)
{
    vaddr further = bases[_i] + 0x400000;

    begin(_i);
    put_kernel(_i, bases[_i], 300);
    ck_assert_str_eq(name_of(bases[_i]), "name0");
    put_kernel(_i, further, 300);
    ck_assert_str_eq(name_of(further), "name0");
    ck_assert_uint_eq(symbols_count(names_get(&names)), 300);
    end();
}
END_TEST

START_TEST(names_that_a_person_added_outlive_the_kernels)
{
    vaddr at;

    begin(_i);
    symbols_add(names_get(&names), "mine", 0x1000, 16, 0);
    symbols_sort(names_get(&names));
    put_kernel(_i, bases[_i], 300);
    ck_assert_str_eq(name_of(0x1004), "mine+0x4");
    put_kernel(_i, bases[_i] + 0x400000, 100);
    ck_assert_str_eq(name_of(0x1004), "mine+0x4");
    ck_assert(!symbols_find_address(names_get(&names), "name299", &at));
    end();
}
END_TEST

/* A header may say what it wants. */
START_TEST(a_header_that_lies_gives_no_names)
{
    static const u64 sizes[] = {0, 2 * KALLSYMS_STEP, (u64)1 << 20, UINT64_MAX,
                                UINT64_MAX - PLACE + 1};

    for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        begin(_i);
        put_kernel(_i, bases[_i], 300);
        guest_write(&guest, PLACE + 16, sizes[i], 8);
        ck_assert_msg(symbols_count(names_get(&names)) == 0, "size %#llx",
                      (unsigned long long)sizes[i]);
        end();
    }
    begin(_i);
    put_kernel(_i, bases[_i], 300);
    guest_poke(&guest, 0x105, bases[_i] + ROOM); /* behind the end */
    ck_assert_uint_eq(symbols_count(names_get(&names)), 0);
    end();
    begin(_i);
    put_kernel(_i, bases[_i], 300);
    guest_write(&guest, PLACE + 56, 0, 4); /* the second magic */
    ck_assert_uint_eq(symbols_count(names_get(&names)), 0);
    end();
}
END_TEST

START_TEST(a_handler_where_nothing_is_mapped_gives_no_names)
{
    static const vaddr handlers[] = {0, 4, 0x80000000, 0xfffffffc, 0xfffffffffffffffc};

    for (unsigned i = 0; i < sizeof handlers / sizeof *handlers; i++) {
        begin(_i);
        guest_poke(&guest, 0x105, handlers[i]);
        ck_assert_uint_eq(symbols_count(names_get(&names)), 0);
        end();
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_kernel_anywhere_in_memory_has_its_names,
        the_kernel_has_its_names_while_a_program_or_the_firmware_runs,
        another_kernel_after_a_reset_has_its_own_names,
        a_kernel_that_moves_takes_its_names_along,
        names_that_a_person_added_outlive_the_kernels,
        a_header_that_lies_gives_no_names,
        a_handler_where_nothing_is_mapped_gives_no_names,
    };

    return SUITE_RUN("frontend/names", tests, 2);
}
