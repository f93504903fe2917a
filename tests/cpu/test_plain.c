/* What an instruction must do however it is run: jumps, halfwords, x0, reserved words, the ends of
 * pages and of the address space. Case 0 is the plain engine; the fast one (case 1) must agree. */
#include "tests/cpu/rig.h"

#define HANDLER (RIG_RAM + 0x4000)
#define RAM_END (RIG_RAM + RIG_SIZE)
#define MEPC    0x341u
#define MCAUSE  0x342u
#define MTVAL   0x343u

static void open_program(struct rig *rig, const char *isa)
{
    rig_open(rig, isa);
    rig_set_csr(rig->hart, 0x305, HANDLER);
}

static void has_trapped(struct rig *rig, enum cause cause, vaddr pc, u64 tval)
{
    ck_assert_uint_eq(rig->hart->traps, 1);
    ck_assert_uint_eq(rig_csr(rig->hart, MCAUSE), cause);
    ck_assert_uint_eq(rig_csr(rig->hart, MEPC), pc);
    ck_assert_uint_eq(rig_csr(rig->hart, MTVAL), tval);
    ck_assert_uint_eq(rig->hart->pc, HANDLER);
}

START_TEST(x0_stays_zero_whatever_is_written_to_it)
{
    struct rig rig;

    open_program(&rig, "max");
    rig.hart->x[A1] = RIG_RAM;
    rig_put(&rig, insn_addi(ZERO, A1, 5));
    rig_put(&rig, insn_lw(ZERO, A1, 0));
    rig_put(&rig, insn_jal(ZERO, 4));
    rig_put(&rig, insn_amoadd_w(ZERO, A1, ZERO));
    rig_put(&rig, insn_csrrs(ZERO, 0xf14, ZERO));
    rig_put(&rig, insn_add(A0, ZERO, ZERO));
    rig.hart->x[A0] = 1;
    rig_run(&rig, _i, 6);
    ck_assert_uint_eq(rig.hart->x[A0], 0);
    ck_assert_uint_eq(rig.hart->x[ZERO], 0);
    ck_assert_uint_eq(rig.hart->traps, 0);
    rig_close(&rig);
}
END_TEST

START_TEST(a_load_to_x0_still_faults)
{
    struct rig rig;

    open_program(&rig, "max");
    rig_put(&rig, insn_lw(ZERO, ZERO, 16));
    rig_run(&rig, _i, 1);
    has_trapped(&rig, CAUSE_LOAD_ACCESS, RIG_RAM, 16);
    rig_close(&rig);
}
END_TEST

START_TEST(a_load_that_faults_leaves_its_register)
{
    struct rig rig;

    open_program(&rig, "max");
    rig.hart->x[A0] = 77;
    rig_put(&rig, insn_ld(A0, ZERO, 8));
    rig_run(&rig, _i, 1);
    ck_assert_uint_eq(rig.hart->x[A0], 77);
    rig_close(&rig);
}
END_TEST

START_TEST(jalr_clears_bit_0_and_reads_its_base_before_linking)
{
    struct rig rig;

    open_program(&rig, "max");
    rig.hart->x[RA] = RIG_RAM + 0x100;
    rig_put(&rig, insn_jalr(RA, RA, 5));
    rig_run(&rig, _i, 1);
    ck_assert_uint_eq(rig.hart->pc, RIG_RAM + 0x104);
    ck_assert_uint_eq(rig.hart->x[RA], RIG_RAM + 4);
    rig_close(&rig);
}
END_TEST

START_TEST(without_c_a_jump_to_a_halfword_traps_at_the_jump)
{
    const u32 jumps[] = {insn_jal(A0, 6), insn_jalr(A0, A1, 2), insn_beq(ZERO, ZERO, 6),
                         insn_jal(A0, 4098)};

    for (unsigned i = 0; i < sizeof jumps / sizeof jumps[0]; i++) {
        vaddr target = RIG_RAM + (i == 1 ? 0x102 : i == 3 ? 4098 : 6);
        struct rig rig;
        open_program(&rig, "rv64ima_zicsr");
        rig.hart->x[A0] = 77;
        rig.hart->x[A1] = RIG_RAM + 0x100;
        rig_put(&rig, jumps[i]);
        rig_run(&rig, _i, 1);
        has_trapped(&rig, CAUSE_MISALIGNED_FETCH, RIG_RAM, target);
        ck_assert_uint_eq(rig.hart->x[A0], 77);
        rig_close(&rig);
    }
}
END_TEST

START_TEST(a_branch_not_taken_may_point_anywhere)
{
    struct rig rig;

    open_program(&rig, "rv64ima_zicsr");
    rig_put(&rig, insn_bne(ZERO, ZERO, 6));
    rig_run(&rig, _i, 1);
    ck_assert_uint_eq(rig.hart->pc, RIG_RAM + 4);
    rig_close(&rig);
}
END_TEST

START_TEST(illegal_words_show_their_bits)
{
    static const struct {
        const char *isa;
        u32 word;
    } rows[] = {
        {"max", 0x0000},
        {"max", 0xffffffff},
        {"max", 0x0000007f},
        {"max", 0x8002},               /* c.jr zero */
        {"max", 0x6101},               /* c.addi16sp 0 */
        {"max", 0x2001},               /* c.addiw zero */
        {"max32", 0x00003003},         /* ld */
        {"max32", 0x0000001b},         /* addiw */
        {"max32", 0x02001013},         /* slli by 32 */
        {"max32", 0x1002},             /* c.slli by 32 */
        {"max", 0x0200101b},           /* slliw with bit 25 */
        {"rv64i_zicsr", 0x02000033},   /* mul without M */
        {"rv64ima_zicsr", 0x02007053}, /* fadd.d without D */
        {"rv64ima_zicsr", 0x0001},     /* c.nop without C */
        {"max", 0x02005053},           /* fadd.d with rounding mode 5 */
    };

    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct rig rig;
        open_program(&rig, rows[i].isa);
        rig_set_csr_bits(rig.hart, 0x300, MSTATUS_FS);
        rig_write(&rig, RIG_RAM, 4, rows[i].word);
        rig_run(&rig, _i, 1);
        ck_assert_msg(rig.hart->traps == 1, "%#x is legal on %s", rows[i].word, rows[i].isa);
        has_trapped(&rig, CAUSE_ILLEGAL, RIG_RAM, rows[i].word);
        rig_close(&rig);
    }
}
END_TEST

START_TEST(hints_and_fences_do_nothing)
{
    const u32 words[] = {
        0xffff8f8f, /* fence, reserved fields set */
        0x8330000f, /* fence.tso */
        insn_pause(),
        insn_fence_i(),
        insn_addi(ZERO, A0, 5),
        insn_lui(ZERO, 0x1000),
        insn_c_addi(ZERO, 7),
        0x4015,     /* c.li zero, 5 */
        0x0005,     /* c.nop 1 */
        0x000a,     /* c.slli zero, 2 */
        0x8036,     /* c.mv zero, a3 */
        0x00052013, /* slti zero, a0, 0 */
        0x6081,     /* c.mop.1 */
        0x00d00073, /* wrs.nto: it never waits here */
        0x01d00073, /* wrs.sto */
    };

    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct rig rig;
        open_program(&rig, "max");
        rig.hart->x[A0] = 3;
        rig_put(&rig, words[i]);
        rig_run(&rig, _i, 1);
        ck_assert_msg(rig.hart->traps == 0, "%#x is illegal", words[i]);
        ck_assert_uint_eq(rig.hart->pc, rig.at);
        ck_assert_uint_eq(rig.hart->x[A0], 3);
        ck_assert_uint_eq(rig.hart->x[ZERO], 0);
        rig_close(&rig);
    }
}
END_TEST

START_TEST(singles_out_of_their_box_are_nan_but_to_moves)
{
    struct rig rig;

    open_program(&rig, "rv64ifd");
    rig_set_csr_bits(rig.hart, 0x300, MSTATUS_FS);
    rig.hart->f[FA1] = 0x3f800000; /* 1.0, and no ones above it */
    rig.hart->f[FA2] = 0xffffffff00000000;
    rig_put(&rig, insn_r(0x20000053, FA0, FA1, FA2)); /* fsgnj.s */
    rig_put(&rig, insn_r(0xe0001053, A0, FA1, 0));    /* fclass.s */
    rig_put(&rig, insn_r(0xe0000053, A1, FA1, 0));    /* fmv.x.w */
    rig_run(&rig, _i, 3);
    ck_assert_uint_eq(rig.hart->traps, 0);
    ck_assert_uint_eq(rig.hart->f[FA0], 0xffffffff7fc00000);
    ck_assert_uint_eq(rig.hart->x[A0], 0x200);
    ck_assert_uint_eq(rig.hart->x[A1], 0x3f800000);
    rig_close(&rig);
}
END_TEST

START_TEST(a_store_of_a_single_takes_the_lower_bits_boxed_or_not)
{
    static const u64 values[] = {0x123456783f800001, 0xffffffff7f800001, 0x7fc00000,
                                 0xfffffffeffffffff};

    for (unsigned i = 0; i < 4; i++) {
        struct rig rig;
        open_program(&rig, "rv64ifdc");
        rig_set_csr_bits(rig.hart, 0x300, MSTATUS_FS);
        rig.hart->x[A1] = RIG_RAM + 0x1000;
        rig.hart->f[FA1] = values[i];
        rig_put(&rig, insn_s(0x00002027, FA1, A1, 8));  /* fsw */
        rig_put(&rig, insn_s(0x00003027, FA1, A1, 16)); /* fsd */
        rig_run(&rig, _i, 2);
        ck_assert_uint_eq(rig_read(&rig, RIG_RAM + 0x1008, 8), (u32)values[i]);
        ck_assert_uint_eq(rig_read(&rig, RIG_RAM + 0x1010, 8), values[i]);
        ck_assert_uint_eq(rig.hart->traps, 0);
        rig_close(&rig);
    }
}
END_TEST

START_TEST(a_halfword_at_the_end_of_ram_runs_and_the_next_one_faults)
{
    struct rig rig;

    open_program(&rig, "max");
    rig_put_at(&rig, RAM_END - 2, insn_c_addi(A0, 1));
    rig.hart->pc = RAM_END - 2;
    rig_run(&rig, _i, 2);
    ck_assert_uint_eq(rig.hart->x[A0], 1);
    has_trapped(&rig, CAUSE_FETCH_ACCESS, RAM_END, RAM_END);
    rig_close(&rig);
}
END_TEST

START_TEST(a_fetch_fault_in_the_second_half_shows_where)
{
    struct rig rig;

    open_program(&rig, "max");
    rig_write(&rig, RAM_END - 2, 2, 0x0513);
    rig.hart->pc = RAM_END - 2;
    rig_run(&rig, _i, 1);
    has_trapped(&rig, CAUSE_FETCH_ACCESS, RAM_END - 2, RAM_END);
    rig_close(&rig);
}
END_TEST

START_TEST(instructions_in_rom_run)
{
    const u32 program[] = {insn_addi(A0, A0, 1), insn_addi(A1, A0, 1), insn_jal(ZERO, 0x100)};
    struct rig rig;

    open_program(&rig, "max");
    memcpy(rig.rom + 0x80, program, sizeof program);
    rig.hart->pc = RIG_ROM + 0x80;
    rig_run(&rig, _i, 3);
    ck_assert_uint_eq(rig.hart->x[A1], 2);
    ck_assert_uint_eq(rig.hart->pc, RIG_ROM + 0x188);
    rig_close(&rig);
}
END_TEST

START_TEST(on_rv32_the_address_space_is_a_ring)
{
    struct rig rig;

    open_program(&rig, "max32");
    rig_map(&rig, 0xfffff000, RIG_RAM + 0x10000, 0, PTE_X | PTE_R | PTE_A);
    rig_map(&rig, 0, RIG_RAM + 0x20000, 0, PTE_X | PTE_R | PTE_A);
    rig_page(&rig);
    rig_put_at(&rig, RIG_RAM + 0x10ff8, insn_auipc(A1, 0));
    rig_put(&rig, insn_addi(A0, A0, 1));
    rig_put_at(&rig, RIG_RAM + 0x20000, insn_jal(RA, -8));
    rig_enter(rig.hart, PRIV_S, 0xfffffff8);
    rig_run(&rig, _i, 5);
    ck_assert_uint_eq(rig.hart->x[A0], 2);
    ck_assert_uint_eq(rig.hart->x[A1], 0xfffffffffffffff8); /* kept sign-extended */
    ck_assert_uint_eq(rig.hart->x[RA], 4);
    ck_assert_uint_eq(rig.hart->pc, 0);
    ck_assert_uint_eq(rig.hart->traps, 0);
    rig_close(&rig);
}
END_TEST

START_TEST(a_jump_to_a_non_canonical_address_faults_there)
{
    vaddr target = (vaddr)1 << 40;
    struct rig rig;

    open_program(&rig, "max");
    rig_map(&rig, 0x80000000, RIG_RAM, 1, PTE_X | PTE_R | PTE_A);
    rig_page(&rig);
    rig_put(&rig, insn_jalr(RA, A0, 0));
    rig.hart->x[A0] = target;
    rig_enter(rig.hart, PRIV_S, RIG_RAM);
    rig_run(&rig, _i, 2);
    has_trapped(&rig, CAUSE_FETCH_PAGE, target, target);
    ck_assert_uint_eq(rig.hart->x[RA], RIG_RAM + 4); /* the jump itself was fine */
    rig_close(&rig);
}
END_TEST

START_TEST(floats_are_illegal_while_fs_is_off_and_make_it_dirty)
{
    u32 insn = insn_fadd_d(FA2, FA0, FA1);
    struct rig rig;

    open_program(&rig, "max");
    rig_put(&rig, insn);
    rig_run(&rig, _i, 1);
    has_trapped(&rig, CAUSE_ILLEGAL, RIG_RAM, insn);
    rig_set_csr_bits(rig.hart, 0x300, (u64)1 << 13);
    rig_enter(rig.hart, PRIV_M, RIG_RAM);
    rig_run(&rig, _i, 1);
    ck_assert_uint_eq(rig.hart->traps, 1);
    ck_assert_uint_eq(rig_csr(rig.hart, 0x300) & MSTATUS_FS, MSTATUS_FS);
    rig_close(&rig);
}
END_TEST

START_TEST(a_rounding_mode_that_does_not_exist_is_illegal_when_used)
{
    u32 insn = insn_fadd_d(FA2, FA0, FA1); /* dynamic */
    struct rig rig;

    for (unsigned frm = 0; frm < 8; frm++) {
        open_program(&rig, "max");
        rig_set_csr_bits(rig.hart, 0x300, MSTATUS_FS);
        rig_set_csr(rig.hart, 0x002, frm);
        rig_put(&rig, insn);
        rig_run(&rig, _i, 1);
        ck_assert_uint_eq(rig.hart->traps, frm > 4);
        rig_close(&rig);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {x0_stays_zero_whatever_is_written_to_it,
                                  a_load_to_x0_still_faults,
                                  a_load_that_faults_leaves_its_register,
                                  jalr_clears_bit_0_and_reads_its_base_before_linking,
                                  without_c_a_jump_to_a_halfword_traps_at_the_jump,
                                  a_branch_not_taken_may_point_anywhere,
                                  illegal_words_show_their_bits,
                                  hints_and_fences_do_nothing,
                                  singles_out_of_their_box_are_nan_but_to_moves,
                                  a_store_of_a_single_takes_the_lower_bits_boxed_or_not,
                                  a_halfword_at_the_end_of_ram_runs_and_the_next_one_faults,
                                  a_fetch_fault_in_the_second_half_shows_where,
                                  instructions_in_rom_run,
                                  on_rv32_the_address_space_is_a_ring,
                                  a_jump_to_a_non_canonical_address_faults_there,
                                  floats_are_illegal_while_fs_is_off_and_make_it_dirty,
                                  a_rounding_mode_that_does_not_exist_is_illegal_when_used};

    return SUITE_RUN("plain", tests, RIG_ENGINES);
}
