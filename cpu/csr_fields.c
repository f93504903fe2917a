/* The lines of csr_fields.def as data (see csr_fields.h). */
#include "cpu/csr_fields.h"

static const struct csr_field fields[] = {
#define FIELD(number, width, high, low, name, meaning) {number, width, high, low, name, meaning},
#include "cpu/csr_fields.def"
#undef FIELD
};

const struct csr_field *csr_fields(unsigned *count)
{
    *count = sizeof fields / sizeof fields[0];
    return fields;
}

bool csr_field_is_of(const struct csr_field *field, unsigned number, unsigned xlen)
{
    return field->number == number && (!field->width || field->width == xlen);
}

u64 csr_field_value(const struct csr_field *field, u64 value)
{
    unsigned bits = field->high - field->low + 1u;

    return value >> field->low & (bits == 64 ? UINT64_MAX : ((u64)1 << bits) - 1);
}
