/* The names that a stripped kernel has of itself, in every form that Linux gives them. */
#include "loader/kallsyms.h"

#include <check.h>
#include <inttypes.h>
#include <stdlib.h>

#include "tests/loader/kallsyms_image.h"
#include "tests/suite.h"

static const struct kallsyms_image forms[] = {
    {.count = 600, .alignment = 8, .pointer = 8, .base = KALLSYMS_BASE},
    {.count = 600, .alignment = 4, .pointer = 8, .base = KALLSYMS_BASE},
    {.count = 513, .alignment = 8, .pointer = 8, .base = 0},
    {.count = 600, .alignment = 4, .pointer = 8, .is_relative_to_itself = true},
    {.count = 3, .alignment = 8, .pointer = 8, .base = KALLSYMS_BASE},
    {.count = 256, .alignment = 4, .pointer = 4, .base = 0x80000000},
};
#define FORMS (sizeof forms / sizeof forms[0])

static struct kallsyms_image make(int form)
{
    struct kallsyms_image image = forms[form];

    kallsyms_image_make(&image);
    return image;
}

/* From a copy that ends where the image ends, so that the sanitizer sees every step beyond it. */
static size_t read_copy(const u8 *bytes, size_t size, unsigned xlen, struct symbols *symbols)
{
    u8 *copy = malloc(size ? size : 1);
    size_t count;

    memcpy(copy, bytes, size);
    count = kallsyms_read(copy, size, KALLSYMS_BASE, xlen, symbols);
    symbols_sort(symbols);
    free(copy);
    return count;
}

START_TEST(every_symbol_of_the_kernel_has_its_name_and_place)
{
    struct kallsyms_image image = make(_i);
    struct symbols *symbols = symbols_create();

    ck_assert_uint_eq(read_copy(image.bytes, image.size, 8 * image.pointer, symbols), image.count);
    for (size_t i = 0; i < image.count; i++) {
        char name[32], text[64];
        vaddr at;
        sprintf(name, "name%zu", i);
        ck_assert_msg(symbols_find_address(symbols, name, &at), "%s is missing", name);
        vaddr expected = KALLSYMS_BASE + KALLSYMS_STEP * i;
        ck_assert_uint_eq(at, image.pointer == 4 ? (u32)expected : expected);
        sprintf(name, "name%zu+0x3f", i);
        ck_assert_str_eq(symbols_describe(symbols, at + 0x3f, text, sizeof text), name);
    }
    symbols_destroy(symbols);
}
END_TEST

START_TEST(tables_cut_short_anywhere_have_no_names)
{
    struct kallsyms_image image = make(_i);

    for (size_t size = 0; size < image.size; size += 7) {
        struct symbols *symbols = symbols_create();
        ck_assert_msg(read_copy(image.bytes, size, 8 * image.pointer, symbols) == 0,
                      "%zu of %zu bytes have names", size, image.size);
        ck_assert_uint_eq(symbols_count(symbols), 0);
        symbols_destroy(symbols);
    }
}
END_TEST

START_TEST(a_changed_byte_changes_names_at_most)
{
    struct kallsyms_image image = make(_i);

    for (size_t at = 0; at < image.size; at += 13) {
        for (unsigned bit = 0; bit < 8; bit += 3) {
            struct symbols *symbols = symbols_create();
            image.bytes[at] ^= (u8)(1 << bit);
            size_t count = read_copy(image.bytes, image.size, 8 * image.pointer, symbols);
            ck_assert_msg(count <= image.count, "%zu names at byte %zu", count, at);
            image.bytes[at] ^= (u8)(1 << bit);
            symbols_destroy(symbols);
        }
    }
}
END_TEST

START_TEST(nothing_has_no_names)
{
    struct symbols *symbols = symbols_create();
    u8 zeroes[4096] = {0};

    ck_assert_uint_eq(read_copy(zeroes, sizeof zeroes, 64, symbols), 0);
    ck_assert_uint_eq(read_copy(zeroes, 0, 64, symbols), 0);
    symbols_destroy(symbols);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        every_symbol_of_the_kernel_has_its_name_and_place,
        tables_cut_short_anywhere_have_no_names,
        a_changed_byte_changes_names_at_most,
        nothing_has_no_names,
    };
    return SUITE_RUN("kallsyms", tests, FORMS);
}
