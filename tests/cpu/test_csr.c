/* Every bit of every control register: what it reads after all ones, and after zero, were written
 * (WARL), on RV64 and RV32 (case 1) with every extension on; and that each register exists exactly
 * where it should. */
#include "tests/cpu/rig.h"

#define ALL  UINT64_MAX
#define R64  1
#define R32  2
#define BOTH 3

/* mideleg is all ones beforehand, so that sie and sip show what they can. */
static const struct {
    u16 number;
    u16 where;
    u64 ones_64, zero_64, ones_32, zero_32;
} table[] = {
    {0x001, BOTH, 0x1f, 0, 0x1f, 0},
    {0x002, BOTH, 7, 0, 7, 0},
    {0x003, BOTH, 0xff, 0, 0xff, 0},
    /* sstatus: SD UXL | MXR SUM FS SPP SPIE SIE */
    {0x100, BOTH, 0x80000002000c6122, 0x200000000, 0x800c6122, 0},
    {0x104, BOTH, 0x2222, 0, 0x2222, 0},         /* sie: LCOFI SEI STI SSI */
    {0x105, BOTH, ALL - 3, 0, 0xfffffffc, 0},    /* stvec: mode 3 is reserved */
    {0x106, BOTH, 0xffffffff, 0, 0xffffffff, 0}, /* scounteren */
    {0x10a, BOTH, 0x3000000f1, 0, 0xf1, 0},      /* senvcfg: PMM CBZE CBCFE CBIE FIOM */
    {0x10c, BOTH, 0, 0, 0, 0},                   /* sstateen0 to 3: nothing to gate */
    {0x10d, BOTH, 0, 0, 0, 0},
    {0x10e, BOTH, 0, 0, 0, 0},
    {0x10f, BOTH, 0, 0, 0, 0},
    {0x140, BOTH, ALL, 0, 0xffffffff, 0},     /* sscratch */
    {0x141, BOTH, ALL - 1, 0, 0xfffffffe, 0}, /* sepc */
    {0x142, BOTH, ALL, 0, 0xffffffff, 0},     /* scause */
    {0x143, BOTH, ALL, 0, 0xffffffff, 0},     /* stval */
    {0x144, BOTH, 0x2002, 0, 0x2002, 0},      /* sip: LCOFIP SSIP */
    {0x14d, BOTH, ALL, 0, 0xffffffff, 0},     /* stimecmp */
    {0x15d, R32, 0, 0, 0xffffffff, 0},        /* stimecmph */
    {0x180, BOTH, 0, 0, 0xffffffff, 0},       /* satp: 15 is no mode, so nothing is written */
    /* mstatus: SD SXL UXL | TSR TW TVM MXR SUM MPRV FS MPP SPP MPIE SPIE MIE SIE */
    {0x300, BOTH, 0x8000000a007e79aa, 0xa00000000, 0x807e79aa, 0},
    {0x301, BOTH, 0x800000000014112d, 0x800000000014112d, 0x4014112d, 0x4014112d}, /* misa */
    {0x302, BOTH, 0xb3ff, 0, 0xb3ff, 0},           /* medeleg: not the ecall from M */
    {0x303, BOTH, 0x2222, 0, 0x2222, 0},           /* mideleg */
    {0x304, BOTH, 0x2aaa, 0, 0x2aaa, 0},           /* mie */
    {0x305, BOTH, ALL - 3, 0, 0xfffffffc, 0},      /* mtvec */
    {0x306, BOTH, 0xffffffff, 0, 0xffffffff, 0},   /* mcounteren */
    {0x30a, BOTH, 0xe0000003000000f1, 0, 0xf1, 0}, /* menvcfg: STCE PBMTE ADUE PMM ... */
    {0x30c, BOTH, (u64)3 << 62, 0, 0, 0},          /* mstateen0: SE0 ENVCFG */
    {0x30d, BOTH, (u64)1 << 63, 0, 0, 0},
    {0x30e, BOTH, (u64)1 << 63, 0, 0, 0},
    {0x30f, BOTH, (u64)1 << 63, 0, 0, 0},
    {0x31c, R32, 0, 0, 0xc0000000, 0},
    {0x31d, R32, 0, 0, 0x80000000, 0},
    {0x31e, R32, 0, 0, 0x80000000, 0},
    {0x31f, R32, 0, 0, 0x80000000, 0},
    {0x310, R32, 0, 0, 0, 0},                    /* mstatush: little-endian only */
    {0x312, R32, 0, 0, 0, 0},                    /* medelegh */
    {0x31a, R32, 0, 0, 0xa0000000, 0},           /* menvcfgh */
    {0x320, BOTH, 0xfffffffd, 0, 0xfffffffd, 0}, /* mcountinhibit: all but TM */
    {0x321, BOTH, (u64)7 << 60, 0, 0, 0},        /* mcyclecfg: MINH SINH UINH */
    {0x322, BOTH, (u64)7 << 60, 0, 0, 0},        /* minstretcfg */
    {0x721, R32, 0, 0, 0x70000000, 0},
    {0x722, R32, 0, 0, 0x70000000, 0},
    {0x340, BOTH, ALL, 0, 0xffffffff, 0},     /* mscratch */
    {0x341, BOTH, ALL - 1, 0, 0xfffffffe, 0}, /* mepc */
    {0x342, BOTH, ALL, 0, 0xffffffff, 0},     /* mcause */
    {0x343, BOTH, ALL, 0, 0xffffffff, 0},     /* mtval */
    {0x344, BOTH, 0x2222, 0, 0x2222, 0},      /* mip: LCOFIP SEIP STIP SSIP */
    {0x747, BOTH, 7, 0, 7, 0},                /* mseccfg: RLB MMWP MML, of which two stay set */
    {0x757, R32, 0, 0, 0, 0},
    {0x3a0, BOTH, 0x9f9f9f9f9f9f9f9f, 0, 0x9f9f9f9f, 0},
    {0x3a1, R32, 0, 0, 0x9f9f9f9f, 0},
    {0x3a2, BOTH, 0x9f9f9f9f9f9f9f9f, 0, 0x9f9f9f9f, 0},
    {0x3a3, R32, 0, 0, 0x9f9f9f9f, 0},
    {0x7a0, BOTH, 3, 0, 3, 0}, /* tselect */
    /* tdata1: any type but 6 makes it 15, which is disabled */
    {0x7a1, BOTH, (u64)15 << 60, (u64)15 << 60, 0xf0000000, 0xf0000000},
    {0x7a2, BOTH, ALL, 0, 0xffffffff, 0}, /* tdata2 */
    {0x7a4, BOTH, 0x1008040, 0x1008040, 0x1008040,
     0x1008040}, /* tinfo: version 1, types 15 and 6 */
};

static const char *const isas[] = {"max", "max32"};

static void open_csrs(struct rig *rig, int which)
{
    rig_open(rig, isas[which]);
    hart_reset(rig->hart, RIG_RAM); /* PMP off */
    rig_set_csr_bits(rig->hart, 0x300, MSTATUS_FS);
    rig_set_csr(rig->hart, 0x303, ALL);
}

static bool access_csr(struct rig *rig, unsigned number, u64 value, u64 *old)
{
    return csr_access(rig->hart, number, CSR_EXCHANGE, value, true, old);
}

/* What an instruction reads: on RV32 sign-extended in our registers. */
static u64 read_csr(struct rig *rig, unsigned number)
{
    u64 value = 0;

    ck_assert(csr_access(rig->hart, number, CSR_SET, 0, false, &value));
    return rig->hart->xlen == 32 ? (u32)value : value;
}

/* Writes to a fresh hart, so that no lock or mode of an earlier write matters. */
static u64 after_writing(int which, unsigned number, u64 value)
{
    struct rig rig;
    u64 old, now;

    open_csrs(&rig, which);
    ck_assert(access_csr(&rig, number, value, &old));
    now = read_csr(&rig, number);
    rig_close(&rig);
    return now;
}

START_TEST(all_ones_and_zero_read_back_what_the_manual_allows)
{
    for (unsigned i = 0; i < sizeof table / sizeof table[0]; i++) {
        unsigned number = table[i].number;
        u64 ones = _i ? table[i].ones_32 : table[i].ones_64;
        u64 zero = _i ? table[i].zero_32 : table[i].zero_64;
        u64 now;
        if (!(table[i].where & (_i ? R32 : R64)))
            continue;
        now = after_writing(_i, number, ALL);
        ck_assert_msg(now == ones, "%#x reads %#llx after ones, not %#llx", number,
                      (unsigned long long)now, (unsigned long long)ones);
        now = after_writing(_i, number, 0);
        ck_assert_msg(now == zero, "%#x reads %#llx after zero, not %#llx", number,
                      (unsigned long long)now, (unsigned long long)zero);
    }
}
END_TEST

START_TEST(what_was_set_can_be_cleared_again)
{
    for (unsigned i = 0; i < sizeof table / sizeof table[0]; i++) {
        unsigned number = table[i].number;
        struct rig rig;
        u64 old;
        if (!(table[i].where & (_i ? R32 : R64)) || (number >> 4) == 0x3a ||
            number == 0x747) /* sticky: test_pmp, test_smepmp */
            continue;
        open_csrs(&rig, _i);
        ck_assert(access_csr(&rig, number, ALL, &old));
        ck_assert(access_csr(&rig, number, 0, &old));
        if (number <= 3 || number == 0x100) /* sstatus = 0 switched the floats off */
            rig_set_csr_bits(rig.hart, 0x300, MSTATUS_FS);
        old = read_csr(&rig, number);
        if (number == 0x100)
            old &= ~(MSTATUS_FS | (u64)1 << (rig.hart->xlen - 1));
        ck_assert_msg(old == (_i ? table[i].zero_32 : table[i].zero_64), "%#x reads %#llx", number,
                      (unsigned long long)old);
        rig_close(&rig);
    }
}
END_TEST

START_TEST(pmp_addresses_hold_bits_55_to_2_and_33_to_2)
{
    for (unsigned number = 0x3b0; number <= 0x3bf; number++) {
        ck_assert_uint_eq(after_writing(_i, number, ALL), _i ? 0xffffffff : ((u64)1 << 54) - 1);
        ck_assert_uint_eq(after_writing(_i, number, 0), 0);
    }
}
END_TEST

/* mhpmcounter3.. and its upper half, mhpmevent3.., but not mcycle and minstret. */
static bool is_monitor(unsigned number)
{
    unsigned group = number & ~31u;

    return (number & 31) >= 3 &&
           (group == 0xb00 || group == 0xb80 || group == 0x320 || group == 0x720);
}

/* RV32 has two of each. */
static bool is_upper_half(unsigned number)
{
    return (number & ~31u) == 0xb80 || (number & ~31u) == 0x720;
}

static bool is_counter(unsigned number)
{
    return number == 0xb00 || number == 0xb02 || number == 0xb80 || number == 0xb82;
}

/* Events that do not exist become none, so that all ones leave OF and the filters. */
START_TEST(performance_monitors_hold_64_bits_and_what_their_events_have)
{
    for (unsigned number = 0; number < 4096; number++) {
        bool is_event = (number & ~31u) == 0x320 || (number & ~31u) == 0x720;
        u64 events = is_upper_half(number) ? 0xf0000000 : _i ? 0 : (u64)0xf << 60;
        if (!is_monitor(number) || (is_upper_half(number) && _i == 0))
            continue;
        ck_assert_uint_eq(after_writing(_i, number, ALL), is_event ? events
                                                          : _i     ? 0xffffffff
                                                                   : ALL);
        ck_assert_uint_eq(after_writing(_i, number, 0), 0);
    }
}
END_TEST

START_TEST(without_zihpm_performance_monitors_read_zero)
{
    struct rig rig;
    u64 old;

    rig_open(&rig, "rv64i_zicntr");
    for (unsigned number = 0; number < 4096; number++) {
        if (!is_monitor(number) || is_upper_half(number))
            continue;
        ck_assert(access_csr(&rig, number, 1, &old));
        ck_assert_uint_eq(read_csr(&rig, number), 0);
    }
    ck_assert(access_csr(&rig, 0x320, ALL, &old));
    ck_assert_uint_eq(read_csr(&rig, 0x320), 5);
    ck_assert(access_csr(&rig, 0x304, ALL, &old));
    ck_assert_uint_eq(read_csr(&rig, 0x304), 0xaaa); /* no LCOFI */
    ck_assert(!access_csr(&rig, 0x321, 0, &old));
    rig_close(&rig);
}
END_TEST

static bool is_in_table(unsigned number, int which)
{
    for (unsigned i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].number == number)
            return table[i].where & (which ? R32 : R64);
    return false;
}

static bool is_read_only(unsigned number, int which)
{
    if (number >= 0xf11 && number <= 0xf15)
        return true; /* mvendorid, marchid, mimpid, mhartid, mconfigptr */
    if (number == 0xda0)
        return true; /* scountovf */
    return (number & ~31u) == 0xc00 || (which && (number & ~31u) == 0xc80);
}

START_TEST(no_other_register_exists)
{
    struct rig rig;

    open_csrs(&rig, _i);
    for (unsigned number = 0; number < 4096; number++) {
        bool is_pmp_address = (number & ~15u) == 0x3b0;
        bool is_high = is_upper_half(number) || (number & ~31u) == 0xb80;
        bool expected = is_in_table(number, _i) || is_read_only(number, _i) || is_pmp_address ||
                        ((is_monitor(number) || is_counter(number)) && (!is_high || _i));
        u64 old;
        ck_assert_msg(csr_access(rig.hart, number, CSR_SET, 0, false, &old) == expected, "CSR %#x",
                      number);
        if (!expected)
            ck_assert_int_eq(rig.hart->cause, CAUSE_ILLEGAL);
    }
    rig_close(&rig);
}
END_TEST

START_TEST(read_only_registers_refuse_every_write)
{
    struct rig rig;

    open_csrs(&rig, _i);
    for (unsigned number = 0; number < 4096; number++) {
        u64 before, old;
        if (!is_read_only(number, _i))
            continue;
        before = read_csr(&rig, number);
        ck_assert(!csr_access(rig.hart, number, CSR_EXCHANGE, ALL, true, &old));
        ck_assert(!csr_access(rig.hart, number, CSR_SET, 1, true, &old));
        ck_assert(!csr_access(rig.hart, number, CSR_CLEAR, 1, true, &old));
        ck_assert_uint_eq(read_csr(&rig, number), before);
    }
    ck_assert_uint_eq(read_csr(&rig, 0xf14), 0);
    rig_close(&rig);
}
END_TEST

START_TEST(every_line_of_the_table_has_a_name_and_its_own_number)
{
    unsigned count;
    const struct csr_info *rows = csr_rows(&count);

    for (unsigned i = 0; i < count; i++) {
        ck_assert_uint_lt(rows[i].number, 4096);
        ck_assert_uint_gt(strlen(rows[i].name), 0);
        for (unsigned j = 0; j < i; j++) {
            ck_assert_uint_ne(rows[i].number, rows[j].number);
            ck_assert_str_ne(rows[i].name, rows[j].name);
        }
    }
}
END_TEST

/* Writes value over all ones, and over zero: which values stick? */
static void ends_as(int which, unsigned number, u64 start, u64 value, u64 expected)
{
    struct rig rig;
    u64 old, now;

    open_csrs(&rig, which);
    ck_assert(access_csr(&rig, number, start, &old));
    ck_assert(access_csr(&rig, number, value, &old));
    now = read_csr(&rig, number);
    ck_assert_msg(now == expected, "%#x reads %#llx after %#llx", number, (unsigned long long)now,
                  (unsigned long long)value);
    rig_close(&rig);
}

START_TEST(values_that_do_not_exist_leave_their_field_alone)
{
    u64 fixed = _i ? 0 : 0xa00000000;

    ends_as(_i, 0x300, 3 << 11, 2 << 11, fixed | 3 << 11); /* MPP = 2 */
    ends_as(_i, 0x300, 1 << 11, 2 << 11 | 8, fixed | 1 << 11 | 8);
    ends_as(_i, 0x10a, 3 << 4, 2 << 4 | 1, 3 << 4 | 1); /* CBIE = 2 */
    ends_as(_i, 0x30a, 1 << 4, 2 << 4, 1 << 4);
    if (_i == 0) { /* PMM = 1 */
        ends_as(_i, 0x10a, (u64)2 << 32, (u64)1 << 32, (u64)2 << 32);
        ends_as(_i, 0x30a, (u64)3 << 32, (u64)1 << 32, (u64)3 << 32);
    }
}
END_TEST

START_TEST(satp_takes_the_modes_there_are_and_ignores_others_whole)
{
    u64 rest = (u64)0xabcd << 44 | 0x80123, sv39 = (u64)8 << 60;

    if (_i)
        return;
    for (u64 mode = 0; mode < 16; mode++) {
        bool exists = mode == 0 || (mode >= 8 && mode <= 10);
        u64 value = mode << 60 | (mode ? rest : 0);
        ends_as(0, 0x180, sv39 | 5, value, exists ? value : sv39 | 5);
    }
}
END_TEST

START_TEST(vectored_mode_is_kept)
{
    ends_as(_i, 0x305, 0, 0x80000101, 0x80000101);
    ends_as(_i, 0x105, 0, 0x80000101, 0x80000101);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {all_ones_and_zero_read_back_what_the_manual_allows,
                                  what_was_set_can_be_cleared_again,
                                  pmp_addresses_hold_bits_55_to_2_and_33_to_2,
                                  performance_monitors_hold_64_bits_and_what_their_events_have,
                                  without_zihpm_performance_monitors_read_zero,
                                  no_other_register_exists,
                                  read_only_registers_refuse_every_write,
                                  every_line_of_the_table_has_a_name_and_its_own_number,
                                  values_that_do_not_exist_leave_their_field_alone,
                                  satp_takes_the_modes_there_are_and_ignores_others_whole,
                                  vectored_mode_is_kept};

    return SUITE_RUN("csr", tests, 2);
}
