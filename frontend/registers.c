/* Registers by name (see registers.h). */
#include "frontend/registers.h"

#include "cpu/csr.h"
#include "cpu/disasm.h"

#include <stdlib.h>
#include <string.h>

/* "x10" and "f10". */
static bool is_numbered(const char *name, char letter, unsigned *number)
{
    char *end;

    if (name[0] != letter || name[1] < '0' || name[1] > '9')
        return false;
    *number = (unsigned)strtoul(name + 1, &end, 10);
    return !*end && *number < 32;
}

static bool find_integer(const char *name, unsigned *number)
{
    if (is_numbered(name, 'x', number))
        return true;
    for (*number = 0; *number < 32; ++*number)
        if (!strcmp(name, disasm_register(*number, DISASM_ABI)))
            return true;
    *number = 8;
    return !strcmp(name, "fp");
}

static bool find_float(const char *name, unsigned *number)
{
    if (is_numbered(name, 'f', number))
        return true;
    for (*number = 0; *number < 32; ++*number)
        if (!strcmp(name, disasm_float_register(*number, DISASM_ABI)))
            return true;
    return false;
}

static bool find_csr(const char *name, unsigned *number)
{
    unsigned count;
    const struct csr_info *rows = csr_rows(&count);

    for (unsigned i = 0; i < count; i++) {
        *number = rows[i].number;
        if (!strcmp(name, rows[i].name))
            return true;
    }
    return false;
}

static bool find(const char *name, unsigned *number)
{
    *number = DEBUG_PC;
    if (!strcmp(name, "pc"))
        return true;
    *number = DEBUG_PRIVILEGE;
    if (!strcmp(name, "priv"))
        return true;
    if (find_integer(name, number)) {
        *number += DEBUG_X;
        return true;
    }
    if (find_float(name, number)) {
        *number += DEBUG_F;
        return true;
    }
    if (find_csr(name, number)) {
        *number += DEBUG_FIRST_CSR;
        return true;
    }
    return false;
}

bool register_find(const struct machine *machine, unsigned hart, const char *name, unsigned *number)
{
    u64 ignored;

    return find(*name == '$' ? name + 1 : name, number) &&
           debug_register(machine, hart, *number, &ignored);
}
