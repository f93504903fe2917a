/* Shadows: found again, dropped by writes, recycled. The handlers here are never run. */
#include "cpu/code.h"

#include "tests/suite.h"

#define BASE  0x80000000u
#define PAGES 4096u

static struct op *empty(struct op *op, struct hart *hart, i64 budget, u64 word)
{
    (void)op, (void)hart, (void)budget, (void)word;
    return NULL;
}

static struct op *page_end(struct op *op, struct hart *hart, i64 budget, u64 word)
{
    (void)op, (void)hart, (void)budget, (void)word;
    return NULL;
}

static struct op *full(struct op *op, struct hart *hart, i64 budget, u64 word)
{
    (void)op, (void)hart, (void)budget, (void)word;
    return NULL;
}

static struct code *open_code(struct ram *ram)
{
    struct code *code;

    ck_assert(ram_init(ram, BASE, PAGES * PAGE_SIZE));
    code = code_create(ram, 1, empty, page_end);
    ck_assert_ptr_nonnull(code);
    return code;
}

static void close_code(struct code *code, struct ram *ram)
{
    code_destroy(code);
    ram_free(ram);
}

static struct shadow *page_of(struct code *code, paddr at)
{
    bool recycled;
    struct shadow *shadow = code_page(code, at, &recycled);

    ck_assert_ptr_nonnull(shadow);
    return shadow;
}

static void fill(struct code *code, struct shadow *shadow, unsigned slot)
{
    shadow->op[slot].run = full;
    code_filled(code, shadow);
}

START_TEST(a_new_shadow_is_empty_and_ends_with_the_page_end)
{
    struct ram ram;
    struct code *code = open_code(&ram);
    struct shadow *shadow = page_of(code, BASE + 0x3000);

    for (unsigned i = 0; i < PAGE_OPS; i++)
        ck_assert(shadow->op[i].run == empty);
    ck_assert(shadow->op[PAGE_OPS].run == page_end);
    ck_assert_ptr_eq(shadow->bytes, ram.bytes + 0x3000);
    close_code(code, &ram);
}
END_TEST

START_TEST(a_page_keeps_its_shadow)
{
    struct ram ram;
    struct code *code = open_code(&ram);
    struct shadow *shadow = page_of(code, BASE);
    bool recycled = true;

    fill(code, shadow, 7);
    ck_assert_ptr_ne(page_of(code, BASE + PAGE_SIZE), shadow);
    ck_assert_ptr_eq(code_page(code, BASE + 4094, &recycled), shadow);
    ck_assert(!recycled);
    ck_assert(shadow->op[7].run == full);
    close_code(code, &ram);
}
END_TEST

START_TEST(decoding_notes_the_page)
{
    struct ram ram;
    struct code *code = open_code(&ram);
    struct shadow *shadow = page_of(code, BASE + PAGE_SIZE);

    ck_assert_uint_eq(*ram_notes_at(&ram, BASE + PAGE_SIZE), 0);
    fill(code, shadow, 0);
    ck_assert_uint_eq(*ram_notes_at(&ram, BASE + PAGE_SIZE), NOTE_CODE);
    close_code(code, &ram);
}
END_TEST

START_TEST(a_write_drops_the_ops_it_overlaps_and_the_run_before)
{
    struct ram ram;
    struct code *code = open_code(&ram);
    struct shadow *shadow = page_of(code, BASE);

    for (unsigned slot = 10; slot <= 30; slot += 2) /* a run of wide instructions */
        fill(code, shadow, slot);
    fill(code, shadow, 3); /* another run, far enough before */
    code_written(code, BASE + 2 * 20, 4);
    for (unsigned slot = 10; slot <= 20; slot += 2)
        ck_assert_msg(shadow->op[slot].run == empty, "slot %u", slot);
    for (unsigned slot = 22; slot <= 30; slot += 2)
        ck_assert_msg(shadow->op[slot].run == full, "slot %u", slot);
    ck_assert(shadow->op[3].run == full);
    close_code(code, &ram);
}
END_TEST

START_TEST(a_write_to_the_second_half_drops_the_whole_instruction)
{
    struct ram ram;
    struct code *code = open_code(&ram);
    struct shadow *shadow = page_of(code, BASE);

    fill(code, shadow, 10); /* its second half is slot 11 */
    code_written(code, BASE + 2 * 11 + 1, 1);
    ck_assert(shadow->op[10].run == empty);
    close_code(code, &ram);
}
END_TEST

START_TEST(writes_at_both_ends_of_a_page_stay_in_it)
{
    struct ram ram;
    struct code *code = open_code(&ram);
    struct shadow *shadow = page_of(code, BASE), *next = page_of(code, BASE + PAGE_SIZE);

    fill(code, shadow, 0);
    fill(code, shadow, PAGE_OPS - 1);
    fill(code, next, 0);
    code_written(code, BASE, 1);
    ck_assert(shadow->op[0].run == empty);
    code_written(code, BASE + PAGE_SIZE - 1, 1);
    ck_assert(shadow->op[PAGE_OPS - 1].run == empty);
    ck_assert(shadow->op[PAGE_OPS].run == page_end);
    ck_assert(next->op[0].run == full);
    code_written(code, BASE + 5 * PAGE_SIZE, 8); /* a page without a shadow */
    close_code(code, &ram);
}
END_TEST

START_TEST(a_page_with_ops_left_keeps_its_note)
{
    struct ram ram;
    struct code *code = open_code(&ram);
    struct shadow *shadow = page_of(code, BASE);

    fill(code, shadow, 10);
    fill(code, shadow, 100);
    *ram_notes_at(&ram, BASE) = 0; /* as the gate does before it tells us */
    code_written(code, BASE + 20, 1);
    ck_assert_uint_eq(*ram_notes_at(&ram, BASE), NOTE_CODE);
    *ram_notes_at(&ram, BASE) = 0;
    code_written(code, BASE + 200, 1);
    ck_assert_uint_eq(*ram_notes_at(&ram, BASE), 0);
    close_code(code, &ram);
}
END_TEST

START_TEST(shadows_are_bounded_and_recycled)
{
    struct ram ram;
    struct code *code = open_code(&ram);
    struct shadow *shadow;
    unsigned recyclings = 0;
    bool recycled;

    for (unsigned page = 0; page < PAGES; page++) {
        shadow = code_page(code, BASE + page * PAGE_SIZE, &recycled);
        ck_assert_ptr_nonnull(shadow);
        ck_assert(shadow->op[9].run == empty); /* nothing of the page before */
        fill(code, shadow, 9);
        recyclings += recycled;
    }
    ck_assert_uint_gt(recyclings, 0);
    shadow = code_page(code, BASE, &recycled);
    ck_assert(recycled);
    ck_assert(shadow->op[9].run == empty);
    ck_assert_ptr_eq(shadow->bytes, ram.bytes);
    close_code(code, &ram);
}
END_TEST

START_TEST(clearing_forgets_everything)
{
    struct ram ram;
    struct code *code = open_code(&ram);

    fill(code, page_of(code, BASE), 5);
    fill(code, page_of(code, BASE + PAGE_SIZE), 5);
    code_clear(code);
    ck_assert(page_of(code, BASE)->op[5].run == empty);
    close_code(code, &ram);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_new_shadow_is_empty_and_ends_with_the_page_end,
                                  a_page_keeps_its_shadow,
                                  decoding_notes_the_page,
                                  a_write_drops_the_ops_it_overlaps_and_the_run_before,
                                  a_write_to_the_second_half_drops_the_whole_instruction,
                                  writes_at_both_ends_of_a_page_stay_in_it,
                                  a_page_with_ops_left_keeps_its_note,
                                  shadows_are_bounded_and_recycled,
                                  clearing_forgets_everything};

    return SUITE_RUN("code", tests, 1);
}
