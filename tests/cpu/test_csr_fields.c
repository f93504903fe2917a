/* The fields of control registers (cpu/csr_fields.def): complete and without overlaps; RV64 and
 * (case 1) RV32. */
#include "cpu/csr_fields.h"

#include "tests/cpu/rig.h"

#include <inttypes.h>

static const char *const isas[] = {"max", "max32"};

static u64 mask_of(const struct csr_field *field)
{
    unsigned bits = field->high - field->low + 1u;

    return (bits == 64 ? UINT64_MAX : ((u64)1 << bits) - 1) << field->low;
}

START_TEST(every_field_lies_in_a_register_that_exists)
{
    unsigned count;
    const struct csr_field *fields = csr_fields(&count);
    struct rig rig;
    u64 value;

    rig_open(&rig, isas[_i]);
    for (unsigned i = 0; i < count; i++) {
        if (!csr_field_is_of(&fields[i], fields[i].number, rig.hart->xlen))
            continue;
        ck_assert_msg(csr_peek(rig.hart, fields[i].number, &value), "%#x has field %s and is not",
                      fields[i].number, fields[i].name);
        ck_assert_msg(fields[i].low <= fields[i].high && fields[i].high < rig.hart->xlen, "%#x %s",
                      fields[i].number, fields[i].name);
    }
    rig_close(&rig);
}
END_TEST

START_TEST(fields_of_a_register_do_not_overlap)
{
    unsigned count;
    const struct csr_field *fields = csr_fields(&count);
    unsigned xlen = _i ? 32 : 64;

    for (unsigned i = 0; i < count; i++)
        for (unsigned j = 0; j < i; j++)
            if (csr_field_is_of(&fields[i], fields[j].number, xlen) &&
                csr_field_is_of(&fields[j], fields[i].number, xlen))
                ck_assert_msg(!(mask_of(&fields[i]) & mask_of(&fields[j])), "%#x: %s and %s",
                              fields[i].number, fields[i].name, fields[j].name);
}
END_TEST

/* What can be written is in a field, in each register that has any. */
START_TEST(no_bit_that_can_be_written_is_without_a_field)
{
    unsigned count, rows;
    const struct csr_field *fields = csr_fields(&count);
    const struct csr_info *registers = csr_rows(&rows);
    struct rig rig;

    rig_open(&rig, isas[_i]);
    for (unsigned i = 0; i < rows; i++) {
        unsigned number = registers[i].number;
        u64 known = 0, value;
        for (unsigned j = 0; j < count; j++)
            if (csr_field_is_of(&fields[j], number, rig.hart->xlen))
                known |= mask_of(&fields[j]);
        if (!known || !csr_peek(rig.hart, number, &value) || number == 0x7a1)
            continue;
        csr_poke(rig.hart, number, UINT64_MAX);
        csr_peek(rig.hart, number, &value);
        ck_assert_msg(!(value & ~known), "%s holds %#" PRIx64 ", of which no field has %#" PRIx64,
                      registers[i].name, value, value & ~known);
    }
    rig_close(&rig);
}
END_TEST

START_TEST(a_field_is_cut_out_of_its_register)
{
    const struct csr_field field = {.number = 0x300, .high = 12, .low = 11};
    const struct csr_field all = {.number = 0x300, .high = 63, .low = 0};

    ck_assert_uint_eq(csr_field_value(&field, 0x1800 | 0x7ff), 3);
    ck_assert_uint_eq(csr_field_value(&all, UINT64_MAX), UINT64_MAX);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        every_field_lies_in_a_register_that_exists, fields_of_a_register_do_not_overlap,
        no_bit_that_can_be_written_is_without_a_field, a_field_is_cut_out_of_its_register};
    return SUITE_RUN("csr_fields", tests, 2);
}
