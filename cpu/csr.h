/* Control and status registers ("CSR Listing" and the chapters it names). The lines are in csr.def.
 */
#ifndef CPU_CSR_H
#define CPU_CSR_H

#include "cpu/hart.h"

/* What a CSR instruction does with the old value. */
enum csr_operation { CSR_EXCHANGE, CSR_SET, CSR_CLEAR };

/* One line of csr.def, as the monitor and the tests see it. */
struct csr_info {
    u16 number;
    u16 need; /* enum need */
    const char *name;
};
const struct csr_info *csr_rows(unsigned *count);

/* csrrw, csrrs, csrrc and their immediate forms. operand is rs1's value or the immediate.
 * CSR_EXCHANGE does not read when reads is false (rd is x0); CSR_SET and CSR_CLEAR do not write
 * when writes is false (rs1 is x0 or the immediate 0). False: illegal, cause is noted. *old is
 * sign-extended on RV32. */
bool csr_access(struct hart *hart, unsigned number, enum csr_operation operation, u64 operand,
                bool writes, u64 *old);
/* A register that only stores (STORED in csr.def), as the fast engine has it in an op's imm. */
struct csr_place {
    u16 offset; /* of the u64 in struct hart */
    u8 low;     /* bits that a write clears */
    u8 lowest;  /* enum privilege: who may touch it */
};
/* False: it is none, and csr_access() must be asked. */
bool csr_place(const struct hart *hart, unsigned number, struct csr_place *place);
/* For debuggers and tests: reads or writes without permission checks. False when there is no such
 * register. */
bool csr_peek(struct hart *hart, unsigned number, u64 *value);
bool csr_poke(struct hart *hart, unsigned number, u64 value);

/* The reset values and read-only parts that depend on the ISA. */
void csr_reset(struct hart *hart);

#endif
