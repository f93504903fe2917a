/* A kernel's types: where members are, and blocks that are not what they say. */
#include "loader/btf.h"

#include <stdlib.h>
#include <string.h>

#include "tests/suite.h"

static const char names[] = "\0int\0inner\0outer\0first\0a\0b\0last";
enum { INT = 1, INNER = 5, OUTER = 11, FIRST = 17, A = 23, B = 25, LAST = 27 };

#define STRUCT(count) ((u32)4 << 24 | (count))

/* int; an unnamed structure of a and b, which also holds itself; one that is called inner and has
 * none; outer, which holds first, the unnamed one from byte 8 on, and last, a bit field. */
static const u32 types[] = {
    INT,
    (u32)1 << 24,
    4,
    32, /* 1 */
    0,
    STRUCT(3),
    12, /* 2 */
    A,
    1,
    0,
    B,
    1,
    32,
    0,
    2,
    64,
    INNER,
    STRUCT(0),
    0, /* 3 */
    OUTER,
    STRUCT(3) | (u32)1 << 31,
    40, /* 4 */
    FIRST,
    1,
    0,
    0,
    2,
    64,
    LAST,
    1,
    (u32)3 << 24 | 200,
};

struct block {
    u8 bytes[24 + sizeof types + sizeof names];
};

static struct block make(void)
{
    const u32 header[] = {0x0001eb9f, 24, 0, sizeof types, sizeof types, sizeof names};
    struct block block;

    memcpy(block.bytes, header, 24);
    memcpy(block.bytes + 24, types, sizeof types);
    memcpy(block.bytes + 24 + sizeof types, names, sizeof names);
    return block;
}

/* In a copy that ends where the block ends. UINT32_MAX: not found. */
static u32 find(const struct block *block, size_t size, const char *structure, const char *member)
{
    u8 *copy = malloc(size ? size : 1);
    struct btf btf;
    u32 value;

    memcpy(copy, block->bytes, size);
    if (!btf_open(&btf, copy, size) || !btf_find(&btf, structure, member, &value))
        value = UINT32_MAX;
    free(copy);
    return value;
}

START_TEST(members_are_found_also_in_unnamed_structures)
{
    struct block block = make();
    size_t all = sizeof block.bytes;

    ck_assert_uint_eq(find(&block, all, "outer", "first"), 0);
    ck_assert_uint_eq(find(&block, all, "outer", "a"), 8);
    ck_assert_uint_eq(find(&block, all, "outer", "b"), 12);
    ck_assert_uint_eq(find(&block, all, "outer", "last"), 25);
    ck_assert_uint_eq(find(&block, all, "outer", NULL), 40);
    ck_assert_uint_eq(find(&block, all, "inner", NULL), 0);
}
END_TEST

START_TEST(what_is_not_there_is_not_found)
{
    struct block block = make();
    size_t all = sizeof block.bytes;

    ck_assert_uint_eq(find(&block, all, "outer", "c"), UINT32_MAX);
    ck_assert_uint_eq(find(&block, all, "inner", "a"), UINT32_MAX);
    ck_assert_uint_eq(find(&block, all, "int", NULL), UINT32_MAX);
    ck_assert_uint_eq(find(&block, all, "nobody", NULL), UINT32_MAX);
}
END_TEST

START_TEST(a_block_that_is_cut_off_has_no_types)
{
    struct block block = make();

    for (size_t size = 0; size < sizeof block.bytes; size++)
        ck_assert_uint_eq(find(&block, size, "outer", "a"), UINT32_MAX);
}
END_TEST

/* Any one word of it replaced: something or nothing is found, and the search ends. */
START_TEST(a_block_with_any_word_changed_is_read_to_an_end)
{
    static const u32 values[] = {0, 1, 2, 24, 0x7fffffff, UINT32_MAX, STRUCT(0xffff)};

    for (size_t at = 0; at + 4 <= sizeof(struct block); at += 4) {
        for (unsigned i = 0; i < sizeof values / sizeof *values; i++) {
            struct block block = make();
            memcpy(block.bytes + at, &values[i], 4);
            find(&block, sizeof block.bytes, "outer", "b");
            find(&block, sizeof block.bytes, "outer", "nobody");
        }
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        members_are_found_also_in_unnamed_structures,
        what_is_not_there_is_not_found,
        a_block_that_is_cut_off_has_no_types,
        a_block_with_any_word_changed_is_read_to_an_end,
    };

    return SUITE_RUN("loader/btf", tests, 1);
}
