/* Every fused sequence of the fast engine does what its parts do: for each one that was built in,
 * small programs of exactly those instructions, with operands for which the facts of its tokens
 * hold, are run on both engines, cut after each step. */
#include "tests/cpu/fused_pair.h"

#define VARIANTS   24
#define STEPS_MORE 3

/* What is in registers and memory: mostly small, so that sums and differences still are. */
static u64 draw_number(struct random *random)
{
    u64 number = random_next(random);

    switch (random_below(random, 8)) {
    case 0:
        return number;
    case 1:
        return -(u64)random_below(random, 0x4000);
    case 2:
        return number & 0xff;
    default:
        return random_below(random, LOW_PAGES << PAGE_BITS) & (number & 1 ? ~(u64)7 : ~(u64)0);
    }
}

static u64 draw_float(struct random *random)
{
    static const u64 known[] = {0,
                                0x3ff0000000000000,
                                0xbff8000000000000,
                                0x7ff8000000000000,
                                0x7ff0000000000001,
                                0xffffffff3f800000,
                                0xffffffff7fc00000,
                                0xffffffff7f800001,
                                0xffffffffc0400000,
                                0xffffffff00000001,
                                0x000000013f800000,
                                0x40c3880000000000};

    return random_one_in(random, 3) ? random_next(random) : known[random_below(random, 12)];
}

/* An address to load from or store to. */
static u64 draw_target(const struct pair *pair, struct random *random)
{
    u64 page = (u64)(random_below(random, LOW_PAGES / 16)) * 16;
    u64 aligned = random_below(random, PAGE_SIZE / 16) * 16;

    switch (random_below(random, 16)) {
    case 0:
        return (page + HOLE) << PAGE_BITS | aligned;
    case 1:
        return (page + READ_ONLY) << PAGE_BITS | aligned;
    case 2:
        return (page + DEVICE) << PAGE_BITS | aligned;
    case 3: /* the program itself, through another address */
        return (((page + ALIAS) << PAGE_BITS) + (pair->pc & PAGE_MASK) + aligned % 64) & ~(u64)7;
    case 4: /* over the end of a page, perhaps into one of another kind */
        return ((page + random_below(random, 16)) << PAGE_BITS) - 1 - random_below(random, 8);
    case 5:
        return (page + 1) << PAGE_BITS | (aligned + random_below(random, 16));
    default:
        return (page + random_below(random, 6)) << PAGE_BITS | aligned;
    }
}

static void draw_state(struct pair *pair, const struct sequence *sequence,
                       const struct insn insns[FUSE_LONGEST])
{
    struct random *random = &pair->drawer.random;
    struct hart *start = &pair->twins[0].start;
    bool is_32 = start->xlen == 32;
    u32 written = 1; /* registers whose value is settled */
    u64 *x = start->x;

    for (unsigned i = 1; i < 32; i++)
        x[i] = draw_number(random);
    for (unsigned i = 0; i < 32; i++)
        start->f[i] = draw_float(random);
    for (unsigned i = 0; i < sequence->length; i++) {
        unsigned row_count;
        const struct row_info *row = &isa_rows(&row_count)[insns[i].row];
        if (strstr(row->operands, "(rs1)") && !(written >> insns[i].rs1 & 1))
            x[insns[i].rs1] = row->row == ROW_jalr
                                  ? CODE + random_below(random, 0x800) * 2
                                  : draw_target(pair, random) -
                                        (u64)(i64)insns[i].imm * (row->format != FORMAT_AMO);
        if (strstr(row->operands, "(rs1)"))
            written |= 1u << insns[i].rs1;
        if (WRITES_RD(row->operands))
            written |= 1u << insns[i].rd;
    }
    for (unsigned i = 1; i < 32 && is_32; i++)
        x[i] = (u64)(i64)(i32)x[i];
    start->frm = random_one_in(random, 16);
    start->pc = pair->pc;
    memcpy(pair->twins[1].start.x, x, sizeof start->x);
    memcpy(pair->twins[1].start.f, start->f, sizeof start->f);
    pair->twins[1].start.frm = start->frm;
    pair->twins[1].start.pc = start->pc;
}

/* The program: c.addi everywhere, the sequence, and an ecall, which stands alone. */
static void write_program(struct pair *pair, const struct sequence *sequence,
                          const struct insn insns[FUSE_LONGEST])
{
    struct random *random = &pair->drawer.random;
    u8 *at = pair->ram + (pair->pc - CODE);

    for (u64 i = 0; i < 2 * PAGE_SIZE; i += 2)
        memcpy(pair->ram + i, &(u16){(u16)insn_c_addi(A0, 1)}, 2);
    for (unsigned i = 0; i < sequence->length; at += insns[i++].length)
        memcpy(at, &insns[i].bits, insns[i].length);
    memcpy(at, &(u32){insn_ecall()}, 4);
    memcpy(pair->ram + (HANDLER - RIG_RAM), &(u32){insn_jal(ZERO, 0)}, 4);
    for (u64 i = DATA - RIG_RAM; i < LOW; i += 4)
        memcpy(pair->ram + i, &(u32){(u32)draw_number(random)}, 4);
}

/* Went the program through all instructions, without a trap? */
static bool is_complete(const struct pair *pair)
{
    return pair->twins[RIG_PLAIN].rig.hart->traps == 0;
}

/* The handler that the program's first op gets. */
static handler *first_handler(struct pair *pair)
{
    struct twin *twin = &pair->twins[RIG_FAST];
    struct shadow *shadow;
    struct op *op;

    restore(pair, twin);
    shadow = exec_shadow(twin->rig.hart, pair->pc);
    ck_assert_ptr_nonnull(shadow);
    op = &shadow->op[(pair->pc & PAGE_MASK) >> 1];
    if (op->run == twin->rig.hart->code->empty)
        exec_fill(twin->rig.hart, op, pair->pc);
    return op->run;
}

static void draw_program(struct pair *pair, const struct sequence *sequence,
                         struct insn insns[FUSE_LONGEST])
{
    unsigned slot, tries = 0;

    do {
        slot = drawer_slot(&pair->drawer);
        if (tries++ == 10000)
            ck_abort_msg("%s: no such instructions could be drawn", pair->text);
    } while (!drawer_sequence(&pair->drawer, sequence, slot, insns));
    pair->pc = CODE + 2 * slot;
}

static bool run_variant(struct pair *pair, const struct sequence *sequence, unsigned variant)
{
    struct insn insns[FUSE_LONGEST];

    pair->drawer.facts = variant % 4 == 3 ? FACTS_MORE : FACTS_EXACT;
    draw_program(pair, sequence, insns);
    if (variant % 8 == 6) /* the page ends within it */
        pair->pc =
            CODE + PAGE_SIZE - 2 - 2 * random_below(&pair->drawer.random, 2 * sequence->length);
    draw_state(pair, sequence, insns);
    write_program(pair, sequence, insns);
    for (u64 steps = 1; steps <= sequence->length + STEPS_MORE; steps++)
        run_and_compare(pair, steps);
    run_and_compare(pair, sequence->length); /* once more, now that all is known */
    return is_complete(pair);
}

typedef unsigned check(struct pair *pair, const struct sequence *sequence);

/* Checks every sequence of this register width. Returns what the checks add up to. */
static unsigned for_each_sequence(int is_32, check *check_one, unsigned *count)
{
    struct sequences sequences =
        sequences_of(is_32 ? exec_handlers_rv32.fused : exec_handlers_rv64.fused);
    struct pair *pair = pair_open(is_32 ? "max32" : "max");
    unsigned sum = 0;

    for (unsigned i = 0; i < sequences.count; i++) {
        pair->drawer.random.state = i;
        sequence_print(&sequences.list[i], pair->text, sizeof pair->text);
        sum += check_one(pair, &sequences.list[i]);
    }
    *count = sequences.count;
    free(sequences.list);
    pair_close(pair);
    return sum;
}

static unsigned runs_to_its_end(struct pair *pair, const struct sequence *sequence)
{
    unsigned completed = 0;

    for (unsigned variant = 0; variant < VARIANTS; variant++)
        completed += run_variant(pair, sequence, variant);
    return completed != 0;
}

START_TEST(every_fused_sequence_does_what_its_parts_do)
{
    unsigned count, completed = for_each_sequence(_i, runs_to_its_end, &count);

    ck_assert_msg(completed * 20 >= count * 19, "only %u of %u came to their end", completed,
                  count);
}
END_TEST

static unsigned is_chosen(struct pair *pair, const struct sequence *sequence)
{
    struct insn insns[FUSE_LONGEST];

    draw_program(pair, sequence, insns);
    write_program(pair, sequence, insns);
    return first_handler(pair) == sequence->run
               ? 1
               : (fprintf(stderr, "%s is not chosen\n", pair->text), 0);
}

START_TEST(every_fused_sequence_is_chosen_for_its_instructions)
{
    unsigned count, chosen = for_each_sequence(_i, is_chosen, &count);

    ck_assert_uint_eq(chosen, count);
}
END_TEST

/* The last instruction begins in the page and ends behind it, or begins there. */
static unsigned is_chosen_over_a_page_end(struct pair *pair, const struct sequence *sequence)
{
    struct insn insns[FUSE_LONGEST];
    unsigned bytes = 0, last = sequence->length - 1;

    draw_program(pair, sequence, insns);
    for (unsigned i = 0; i < last; i++)
        bytes += insns[i].length;
    pair->pc = CODE + PAGE_SIZE - bytes - (insns[last].length == 4 ? 2 : 0);
    write_program(pair, sequence, insns);
    return first_handler(pair) == sequence->run;
}

START_TEST(no_sequence_goes_over_the_end_of_a_page)
{
    unsigned count;

    ck_assert_uint_eq(for_each_sequence(_i, is_chosen_over_a_page_end, &count), 0);
}
END_TEST

/* Each instruction in turn becomes one that the plain engine does, or a SYSTEM row. */
static unsigned is_chosen_over_what_stands_alone(struct pair *pair, const struct sequence *sequence)
{
    static const u32 wide[] = {0x00001073 /* csrrw zero, fflags, zero */, 0xffffffff};
    static const u32 narrow[] = {0x9002 /* c.ebreak */, 0};
    struct insn insns[FUSE_LONGEST];
    unsigned chosen = 0;

    draw_program(pair, sequence, insns);
    for (unsigned i = 0; i < sequence->length; i++)
        for (unsigned kind = 0; kind < 2; kind++) {
            u32 bits = insns[i].bits;
            insns[i].bits = insns[i].length == 4 ? wide[kind] : narrow[kind];
            write_program(pair, sequence, insns);
            chosen += first_handler(pair) == sequence->run;
            insns[i].bits = bits;
        }
    return chosen;
}

START_TEST(no_sequence_goes_over_what_stands_alone)
{
    unsigned count;

    ck_assert_uint_eq(for_each_sequence(_i, is_chosen_over_what_stands_alone, &count), 0);
}
END_TEST

/* Makes the last instruction, a branch, jump to the first. False when it cannot. */
static bool close_loop(struct pair *pair, const struct sequence *sequence,
                       struct insn insns[FUSE_LONGEST])
{
    const struct narrow_words *narrow = &pair->drawer.narrow;
    struct insn *branch = &insns[sequence->length - 1];
    unsigned row_count;
    const struct row_info *row = &isa_rows(&row_count)[branch->row];
    i32 back = 0;

    for (unsigned i = 0; i + 1 < sequence->length; i++)
        back -= insns[i].length;
    if (row->format != FORMAT_B)
        return false;
    if (branch->length == 4) {
        struct operands operands = {.rs1 = branch->rs1, .rs2 = branch->rs2, .imm = back};
        *branch = decode(pair->drawer.decoder, encode(row, operands, 0));
        return true;
    }
    for (u32 i = narrow->first[branch->row]; i < narrow->first[branch->row + 1]; i++) {
        struct insn insn = decode(pair->drawer.decoder, narrow->word[i]);
        if (insn.rs1 == branch->rs1 && insn.rs2 == branch->rs2 && insn.imm == back) {
            *branch = insn;
            return true;
        }
    }
    return false;
}

/* Returns whether a loop went round more than once. */
static unsigned goes_round(struct pair *pair, const struct sequence *sequence)
{
    struct insn insns[FUSE_LONGEST];
    bool went_round = false;

    for (unsigned variant = 0; variant < VARIANTS / 2; variant++) {
        u64 last = 3 * sequence->length + STEPS_MORE;
        pair->drawer.facts = FACTS_EXACT;
        draw_program(pair, sequence, insns);
        if (!close_loop(pair, sequence, insns))
            return 0;
        draw_state(pair, sequence, insns);
        write_program(pair, sequence, insns);
        for (u64 steps = 1; steps <= last; steps++)
            run_and_compare(pair, steps);
        run_and_compare(pair, 1000);
        run_and_compare(pair, last);
        went_round |= is_complete(pair);
    }
    return went_round;
}

START_TEST(a_loop_that_is_one_sequence_goes_round_as_its_parts_do)
{
    unsigned count, went_round = for_each_sequence(_i, goes_round, &count);

    ck_assert_uint_ge(went_round * 100, count); /* some are loops */
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_fused_sequence_does_what_its_parts_do,
                                  every_fused_sequence_is_chosen_for_its_instructions,
                                  no_sequence_goes_over_the_end_of_a_page,
                                  no_sequence_goes_over_what_stands_alone,
                                  a_loop_that_is_one_sequence_goes_round_as_its_parts_do};

    return SUITE_RUN("fused", tests, 2);
}
