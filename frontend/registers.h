/* A hart's registers by name: a0, x10, fa0, f10, pc, mstatus, and priv, the mode, as gdb has it. */
#ifndef FRONTEND_REGISTERS_H
#define FRONTEND_REGISTERS_H

#include "devices/debug.h"

/* The number by which devices/debug.h knows a register. False when this hart has none of this name.
 * A $ in front of the name is passed over. */
bool register_find(const struct machine *machine, unsigned hart, const char *name,
                   unsigned *number);

static inline bool register_is_csr(unsigned number)
{
    return number >= DEBUG_FIRST_CSR && number < DEBUG_PRIVILEGE;
}

#endif
