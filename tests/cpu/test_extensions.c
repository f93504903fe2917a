/* What the instructions of the smaller extensions compute, on both engines (case 0 plain, case 1
 * fast): one line is one instruction with its operands and what it must leave. The expected values
 * are worked out from the manual's text. */
#include "tests/cpu/rig.h"

#define WORD (RIG_RAM + 0x1000)

#define CLMUL    0x0a001033u
#define CLMULH   0x0a003033u
#define CLMULR   0x0a002033u
#define MOP_R_31 0xcdf04073u
#define MOP_RR_7 0xce004073u

/* amo..., by funct5 and funct3. */
static u32 amo(u32 funct5, u32 funct3)
{
    return funct5 << 27 | funct3 << 12 | 0x2f;
}

struct line {
    const char *isa, *what;
    u32 insn; /* on a0, a1, a2: rd, rs1, rs2; AMOs have WORD in a1 */
    u64 a1, a2, rd;
};

START_TEST(register_operations_give_what_the_manual_says)
{
    static const struct line lines[] = {
        {"rv64i_zbc", "clmul", CLMUL, 3, 3, 5},
        {"rv64i_zbc", "clmul", CLMUL, 0xffffffffffffffff, 0xffffffffffffffff, 0x5555555555555555},
        {"rv64i_zbc", "clmulh", CLMULH, 0xffffffffffffffff, 0xffffffffffffffff, 0x5555555555555555},
        {"rv64i_zbc", "clmulh", CLMULH, (u64)1 << 63, 2, 1},
        {"rv64i_zbc", "clmulr", CLMULR, (u64)1 << 63, 2, 2},
        {"rv64i_zbc", "clmulr", CLMULR, (u64)1 << 63, 1, 1},
        {"rv32i_zbc", "clmul", CLMUL, 0xffffffffffffffff, 3, 1},
        {"rv32i_zbc", "clmulh", CLMULH, 0xffffffff80000000, 2, 1},
        {"rv32i_zbc", "clmulr", CLMULR, 0xffffffff80000000, 1, 1},
        {"rv64i_zimop", "mop.r.31", MOP_R_31, 7, 7, 0},
        {"rv64i_zimop", "mop.rr.7", MOP_RR_7, 7, 7, 0},
    };

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct rig rig;
        rig_open(&rig, lines[i].isa);
        u32 rs2 = lines[i].insn == MOP_R_31 ? 0 : A2;
        rig_put(&rig, insn_r(lines[i].insn, A0, A1, rs2));
        rig.hart->x[A0] = 0x77;
        rig.hart->x[A1] = lines[i].a1;
        rig.hart->x[A2] = lines[i].a2;
        rig_run(&rig, _i, 1);
        ck_assert_uint_eq(rig.hart->traps, 0);
        ck_assert_msg(rig.hart->x[A0] == lines[i].rd, "%s %s: %#llx", lines[i].isa, lines[i].what,
                      (unsigned long long)rig.hart->x[A0]);
        rig_close(&rig);
    }
}
END_TEST

/* Memory before and after, 8 bytes of it; a0 before and after. */
struct swap {
    const char *isa, *what;
    u32 funct5, funct3;
    u64 before, a0, a2, after, rd;
};

START_TEST(small_atomics_and_compare_and_swap_change_what_they_must)
{
    static const struct swap swaps[] = {
        {"rv64ia_zabha", "amoadd.b", 0, 0, 0x1122334455667780, 0, 0x181, 0x1122334455667701,
         -(u64)128},
        {"rv64ia_zabha", "amoadd.h", 0, 1, 0x112233445566ffff, 0, 1, 0x1122334455660000, -(u64)1},
        {"rv64ia_zabha", "amoswap.b", 1, 0, 0x11223344556677ff, 0, 0x42, 0x1122334455667742,
         -(u64)1},
        {"rv64ia_zabha", "amomin.b", 16, 0, 0x01, 0, 0x80, 0x80, 1},
        {"rv64ia_zabha", "amominu.b", 24, 0, 0x01, 0, 0x80, 0x01, 1},
        {"rv64ia_zabha", "amomax.h", 20, 1, 0x8000, 0, 0x1, 0x1, 0xffffffffffff8000},
        {"rv64ia_zabha", "amomaxu.h", 28, 1, 0x8000, 0, 0x1, 0x8000, 0xffffffffffff8000},
        {"rv32ia_zabha", "amoxor.h", 4, 1, 0xfffe, 0, 0x1, 0xffff, 0xfffffffffffffffe},
        /* The comparison is as wide as the access and looks at no more of rd. */
        {"rv64ia_zacas", "amocas.w", 5, 2, 0x9999999980000001, 0x1180000001, 7, 0x9999999900000007,
         0xffffffff80000001},
        {"rv64ia_zacas", "amocas.w", 5, 2, 0x80000002, 0x80000001, 7, 0x80000002,
         0xffffffff80000002},
        {"rv64ia_zacas", "amocas.d", 5, 3, 0x123456789abcdef0, 0x123456789abcdef0, 7, 7,
         0x123456789abcdef0},
        {"rv64ia_zacas", "amocas.d", 5, 3, 0x123456789abcdef0, 0x023456789abcdef0, 7,
         0x123456789abcdef0, 0x123456789abcdef0},
        {"rv32ia_zacas", "amocas.w", 5, 2, 5, 5, 7, 7, 5},
        {"rv64ia_zabha_zacas", "amocas.b", 5, 0, 0x22ff, 0x11ff, 0x3344, 0x2244, -(u64)1},
        {"rv64ia_zabha_zacas", "amocas.h", 5, 1, 0x22ff, 0x11ff, 0x3344, 0x22ff, 0x22ff},
    };

    for (size_t i = 0; i < sizeof swaps / sizeof *swaps; i++) {
        const struct swap *swap = &swaps[i];
        struct rig rig;
        rig_open(&rig, swap->isa);
        rig_write(&rig, WORD, 8, swap->before);
        rig_put(&rig, insn_lw(ZERO, A1, 0)); /* so that the fast engine finds the page in its TLB */
        rig_put(&rig, insn_sw(ZERO, A1, 64));
        rig_put(&rig, insn_r(amo(swap->funct5, swap->funct3), A0, A1, A2));
        rig.hart->x[A0] = swap->a0;
        rig.hart->x[A1] = rig.hart->xlen == 32 ? (u64)(i64)(i32)WORD : WORD;
        rig.hart->x[A2] = swap->a2;
        rig_run(&rig, _i, 3);
        ck_assert_uint_eq(rig.hart->traps, 0);
        ck_assert_msg(rig.hart->x[A0] == swap->rd, "%s %s: rd %#llx", swap->isa, swap->what,
                      (unsigned long long)rig.hart->x[A0]);
        ck_assert_msg(rig_read(&rig, WORD, 8) == swap->after, "%s %s: memory %#llx", swap->isa,
                      swap->what, (unsigned long long)rig_read(&rig, WORD, 8));
        rig_close(&rig);
    }
}
END_TEST

START_TEST(compare_and_swap_with_x0_compares_with_zero_and_keeps_x0)
{
    struct rig rig;

    rig_open(&rig, "rv64ia_zacas");
    rig_write(&rig, WORD, 8, 0);
    rig_put(&rig, insn_sw(ZERO, A1, 64));
    rig_put(&rig, insn_r(amo(5, 3), ZERO, A1, A2));
    rig_put(&rig, insn_r(amo(5, 3), ZERO, A1, A2));
    rig.hart->x[A1] = WORD;
    rig.hart->x[A2] = 9;
    rig_run(&rig, _i, 3);
    ck_assert_uint_eq(rig_read(&rig, WORD, 8), 9);
    ck_assert_uint_eq(rig.hart->x[ZERO], 0);
    rig_close(&rig);
}
END_TEST

START_TEST(pairs_are_compared_and_swapped_as_one)
{
    for (unsigned xlen = 32; xlen <= 64; xlen += 32) {
        unsigned half = xlen / 8;
        struct rig rig;
        rig_open(&rig, xlen == 32 ? "rv32ia_zacas" : "rv64ia_zacas");
        rig_write(&rig, WORD, half, 1);
        rig_write(&rig, WORD + half, half, 2);
        for (unsigned i = 0; i < 2; i++)
            rig_put(&rig, insn_r(amo(5, xlen == 32 ? 3 : 4), A0, S1, A2));
        rig.hart->x[S1] = xlen == 32 ? (u64)(i64)(i32)WORD : WORD;
        rig.hart->x[A0] = 1;
        rig.hart->x[A1] = 2;
        rig.hart->x[A2] = 3;
        rig.hart->x[A3] = 4;
        rig_run(&rig, _i, 1);
        ck_assert_uint_eq(rig_read(&rig, WORD, half), 3);
        ck_assert_uint_eq(rig_read(&rig, WORD + half, half), 4);
        ck_assert_uint_eq(rig.hart->x[A0], 1);
        ck_assert_uint_eq(rig.hart->x[A1], 2);
        rig_run(&rig, _i, 1); /* now it does not match: the pair is loaded */
        ck_assert_uint_eq(rig.hart->x[A0], 3);
        ck_assert_uint_eq(rig.hart->x[A1], 4);
        ck_assert_uint_eq(rig.hart->traps, 0);
        rig_close(&rig);
    }
}
END_TEST

START_TEST(pairs_that_begin_with_an_odd_register_are_illegal)
{
    struct rig rig;

    rig_open(&rig, "rv64ia_zacas");
    rig_set_csr(rig.hart, 0x305, RIG_RAM + 0x4000);
    rig_put(&rig, insn_r(amo(5, 4), A1, S1, A2));
    rig_run(&rig, _i, 1);
    ck_assert_uint_eq(rig_csr(rig.hart, 0x342), CAUSE_ILLEGAL);
    rig_close(&rig);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        register_operations_give_what_the_manual_says,
        small_atomics_and_compare_and_swap_change_what_they_must,
        compare_and_swap_with_x0_compares_with_zero_and_keeps_x0,
        pairs_are_compared_and_swapped_as_one,
        pairs_that_begin_with_an_odd_register_are_illegal,
    };
    return SUITE_RUN("extensions", tests, 2);
}
