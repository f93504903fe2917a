/* Profiles and statistics of a small machine: shares, callers, and the picture. */
#include "tests/frontend/small_guest.h"

#include "frontend/profile.h"
#include "frontend/stats.h"
#include "tests/frontend/json_reader.h"
#include "tests/frontend/paged_guest.h"
#include "tests/suite.h"

static struct small_guest guest;

/* outer calls inner for ever; inner counts to 8. Both keep frame records as Linux does. */
#define OUTER (SMALL_BASE + 0x100)
#define INNER (SMALL_BASE + 0x140)

static const u32 outer[] = {
    0xfe010113, /* addi sp, sp, -32 */
    0x00113c23, /* sd ra, 24(sp) */
    0x00813823, /* sd s0, 16(sp) */
    0x02010413, /* addi s0, sp, 32 */
    0x030000ef, /* again: jal inner */
    0xffdff06f, /* j again */
};
static const u32 inner[] = {
    0xff010113, /* addi sp, sp, -16 */
    0x00113423, /* sd ra, 8(sp) */
    0x00813023, /* sd s0, 0(sp) */
    0x01010413, /* addi s0, sp, 16 */
    0x00800293, /* li t0, 8 */
    0xfff28293, /* addi t0, t0, -1 */
    0xfe029ee3, /* bnez t0, -4 */
    0x00813083, /* ld ra, 8(sp) */
    0x00013403, /* ld s0, 0(sp) */
    0x01010113, /* addi sp, sp, 16 */
    0x00008067, /* ret */
};

static void setup(void)
{
    small_guest_create(&guest, "rv64gc", 1);
    struct ram *ram = &guest.machine->ram;
    memcpy(ram_writable(ram, OUTER, sizeof(outer)), outer, sizeof(outer));
    memcpy(ram_writable(ram, INNER, sizeof(inner)), inner, sizeof(inner));
    struct symbols *symbols = monitor_symbols(&guest.monitor);
    symbols_add(symbols, "outer", OUTER, sizeof(outer), 0);
    symbols_add(symbols, "in<ner", INNER, sizeof(inner), 0);
    symbols_sort(symbols);
    guest.machine->harts[0]->pc = OUTER;
}

START_TEST(samples_name_functions_and_their_callers)
{
    struct profile profile;
    struct view view;
    u64 own[2] = {0};

    setup();
    view = (struct view){.machine = guest.machine, .symbols = monitor_symbols(&guest.monitor)};
    ck_assert_int_eq(profile_run(&view, NULL, 100000, 97, &profile), STOP_LIMIT);
    ck_assert_uint_eq(profile.samples, 100000 / 97);
    for (size_t i = 0; i < profile.count; i++) {
        const struct profile_stack *stack = &profile.stacks[i];
        vaddr leaf = stack->places[stack->depth - 1];
        ck_assert(leaf == OUTER || leaf == INNER);
        own[leaf == INNER] += stack->count;
        if (leaf == INNER && stack->depth > 1)
            ck_assert_uint_eq(stack->places[stack->depth - 2], OUTER);
    }
    ck_assert_uint_eq(own[0] + own[1], profile.samples);
    ck_assert_msg(own[1] > 8 * own[0], "inner %lu, outer %lu", (unsigned long)own[1],
                  (unsigned long)own[0]);
    profile_free(&profile);
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(a_backtrace_shows_the_callers_also_of_a_leaf_and_in_a_prologue)
{
    setup();
    for (unsigned i = 0; i < 100; i++) {
        machine_run(guest.machine, clock_steps(&guest.machine->clock) + 1);
        vaddr pc = guest.machine->harts[0]->pc;
        char *text = small_guest_say(&guest, "backtrace", false);
        ck_assert_msg(text, "%s", guest.why);
        bool is_inner = pc >= INNER && pc < INNER + sizeof(inner);
        const char *expected = is_inner ? "#1  0000000080000114  outer+0x14\n" : "outer";
        /* ra is popped at last, so that it leads back from there, too. */
        ck_assert_msg(strstr(text, expected), "at %lx: %s", (unsigned long)pc, text);
        free(text);
    }
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(a_caller_whose_last_instruction_is_the_call_is_named)
{
    setup();
    struct symbols *symbols = monitor_symbols(&guest.monitor);
    symbols_add(symbols, "third", OUTER + 0x14, 4, 0);
    symbols_sort(symbols);
    machine_run(guest.machine, 20);
    char *text = small_guest_say(&guest, "backtrace", false);
    ck_assert_msg(text && strstr(text, "#1  0000000080000114  outer+0x14\n"), "%s", text);
    free(text);
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(a_flame_graph_is_svg_whose_names_are_escaped)
{
    struct profile profile;
    struct view view;
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);

    setup();
    view = (struct view){.machine = guest.machine, .symbols = monitor_symbols(&guest.monitor)};
    profile_run(&view, NULL, 10000, 97, &profile);
    profile_draw(&view, &profile, to);
    fclose(to);
    ck_assert(!strncmp(text, "<svg xmlns=", 11));
    ck_assert(!strcmp(text + size - 7, "</svg>\n"));
    ck_assert(strstr(text, ">in&lt;ner</text>"));
    ck_assert(!strstr(text, "in<ner"));
    free(text);
    profile_free(&profile);
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(statistics_count_each_kind_exactly)
{
    char value[32], *text = NULL;
    size_t size;

    setup();
    FILE *out = open_memstream(&text, &size);
    struct view view = {.machine = guest.machine, .out = out, .json = true};
    /* 4 of outer, then 10 rounds: jal, inner's 5 + 16 + 4, j. */
    ck_assert_int_eq(stats_run(&view, NULL, 4 + 10 * 27), STOP_LIMIT);
    fclose(out);
    ck_assert_msg(json_is_value(text), "%s", text);
    ck_assert_str_eq(json_member(text, "instructions", value, sizeof(value)), "274");
    ck_assert_str_eq(json_member(text, "loads", value, sizeof(value)), "20");
    ck_assert_str_eq(json_member(text, "stores", value, sizeof(value)), "22");
    ck_assert_str_eq(json_member(text, "branches", value, sizeof(value)), "80");
    ck_assert_str_eq(json_member(text, "jumps", value, sizeof(value)), "30");
    ck_assert_str_eq(json_member(text, "integer", value, sizeof(value)), "122");
    ck_assert_str_eq(json_member(text, "exceptions", value, sizeof(value)), "0");
    free(text);
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(statistics_count_page_walks_by_access)
{
    static const u32 again[] = {
        0x12000073, /* sfence.vma */
        0x0005b283, /* ld t0, 0(a1) */
        0x00563023, /* sd t0, 0(a2) */
        0x0005b283, /* ld t0, 0(a1): remembered */
        0xff1ff06f, /* j again */
    };
    struct paged_guest paged;
    char value[32];

    guest_open(&paged, "rv64gc");
    for (unsigned i = 0; i < 5; i++)
        guest_write(&paged, GUEST_BASE + 4 * i, again[i], 4);
    guest_map(&paged, GUEST_BASE + PAGE_SIZE, GUEST_BASE + PAGE_SIZE, 0, GUEST_ALL);
    guest_map(&paged, GUEST_BASE + 2 * PAGE_SIZE, GUEST_BASE + 2 * PAGE_SIZE, 0, GUEST_ALL);
    paged.hart->x[11] = GUEST_BASE + PAGE_SIZE;
    paged.hart->x[12] = GUEST_BASE + 2 * PAGE_SIZE;
    machine_run(paged.machine, 5);
    paged.view.json = true;
    guest_show(&paged, stats_run, NULL, 50);
    ck_assert_str_eq(json_member(paged.text, "instructions", value, sizeof(value)), "50");
    ck_assert_str_eq(json_member(paged.text, "TLB misses, fetch", value, sizeof(value)), "10");
    ck_assert_str_eq(json_member(paged.text, "TLB misses, load", value, sizeof(value)), "10");
    ck_assert_str_eq(json_member(paged.text, "TLB misses, store", value, sizeof(value)), "10");
    paged.view.json = false;
    guest_show(&paged, stats_run, NULL, 50);
    guest_check(&paged, "TLB misses, store         10   200.0");
    guest_check(&paged, "jumps                     10    20.0 %");
    guest_close(&paged);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        samples_name_functions_and_their_callers,
        a_backtrace_shows_the_callers_also_of_a_leaf_and_in_a_prologue,
        a_caller_whose_last_instruction_is_the_call_is_named,
        a_flame_graph_is_svg_whose_names_are_escaped,
        statistics_count_each_kind_exactly,
        statistics_count_page_walks_by_access,
    };
    return SUITE_RUN("profile", tests, 1);
}
