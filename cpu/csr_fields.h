/* The fields of control registers, for people: the lines of csr_fields.def. */
#ifndef CPU_CSR_FIELDS_H
#define CPU_CSR_FIELDS_H

#include "memory/types.h"

struct csr_field {
    u16 number;   /* of the register */
    u8 width;     /* 32 or 64: on that XLEN alone; 0, on both */
    u8 high, low; /* its bits */
    const char *name, *meaning;
};

/* All of them. */
const struct csr_field *csr_fields(unsigned *count);
/* Is this a field of that register on this XLEN? */
bool csr_field_is_of(const struct csr_field *field, unsigned number, unsigned xlen);
/* What it holds. */
u64 csr_field_value(const struct csr_field *field, u64 value);

#endif
