/* The tables as data: row_info for every line of isa.def and rvc.def, the extensions' names, and
 * ISA strings
 * ("ISA Extension Naming Conventions" in the unprivileged manual). */
#include "cpu/isa.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define ROW(name, operands, format, bits, row, need, kind, length, meaning)                        \
    {#name, operands, bits, meaning, FORMAT_##format, row, need, kind, length},
#define INSN(name, operands, format, bits, need, ...)                                              \
    ROW(name, operands, format, bits, ROW_##name, need, KIND_INSN, 4, #__VA_ARGS__)
#define FLOW(name, operands, format, bits, need, ...)                                              \
    ROW(name, operands, format, bits, ROW_##name, need, KIND_FLOW, 4, #__VA_ARGS__)
#define SYSTEM(name, operands, format, bits, need, ...)                                            \
    ROW(name, operands, format, bits, ROW_##name, need, KIND_SYSTEM, 4, #__VA_ARGS__)
#define SPELL(name, row, operands, format, bits, need)                                             \
    ROW(name, operands, format, bits, ROW_##row, need, KIND_INSN, 2, NULL)
#define RESERVED(name, bits, need)                                                                 \
    ROW(name, "", NONE, bits, ROW_illegal, need, KIND_SYSTEM, 2, NULL)

static const struct row_info rows[] = {
#include "cpu/isa.def"
#include "cpu/rvc.def"
};

#undef ROW
#undef INSN
#undef FLOW
#undef SYSTEM
#undef SPELL
#undef RESERVED

const struct row_info *isa_rows(unsigned *count)
{
    *count = sizeof rows / sizeof rows[0];
    return rows;
}

void row_bits(const struct row_info *row, u32 *mask, u32 *match)
{
    *mask = *match = 0;
    for (const char *c = row->bits; *c; c++) {
        if (*c == ' ')
            continue;
        *mask = *mask << 1 | (*c != '.');
        *match = *match << 1 | (*c == '1');
    }
}

static const struct {
    const char *name, *meaning;
} extensions[EXT_COUNT] = {
#define EXT(name, text, meaning) {text, meaning},
    EXTENSIONS(EXT)
#undef EXT
};

const char *extension_name(enum extension extension)
{
    return extensions[extension].name;
}

const char *extension_meaning(enum extension extension)
{
    return extensions[extension].meaning;
}

#define BIT(name) ((u64)1 << EXT_##name)

/* What one extension brings along: the manual's "depends on" and "implies". */
static u64 close_over(u64 set)
{
    if (set & BIT(ZFH))
        set |= BIT(ZFHMIN);
    if (set & (BIT(D) | BIT(ZFHMIN) | BIT(ZFA)))
        set |= BIT(F);
    if (set & (BIT(F) | BIT(ZICNTR) | BIT(ZIHPM) | BIT(SSTC)))
        set |= BIT(ZICSR);
    if (set & BIT(SMEPMP))
        set |= BIT(ZICSR);
    if (set & BIT(SSCOFPMF))
        set |= BIT(ZIHPM) | BIT(ZICSR);
    if (set & BIT(SUPM))
        set |= BIT(SSNPM);
    if (set & (BIT(SMNPM) | BIT(SSNPM)))
        set |= BIT(ZICSR);
    if (set & BIT(SMSTATEEN))
        set |= BIT(SSSTATEEN);
    if (set & BIT(SSSTATEEN))
        set |= BIT(ZICSR);
    if (set & BIT(SMCNTRPMF))
        set |= BIT(ZICNTR) | BIT(ZICSR);
    if (set & (BIT(ZCB) | BIT(ZCMOP)))
        set |= BIT(C);
    if (set & (BIT(ZABHA) | BIT(ZACAS) | BIT(ZAWRS) | BIT(ZAMA16B)))
        set |= BIT(A);
    return set | BIT(I);
}

/* What exists on RV64 alone. */
#define RV64_ONLY (BIT(SMNPM) | BIT(SSNPM) | BIT(SUPM) | BIT(SSU64XL) | BIT(SVNAPOT) | BIT(SVPBMT))

u64 isa_all(unsigned xlen)
{
    u64 all = UINT64_MAX >> (64 - EXT_COUNT);

    return xlen == 32 ? all & ~RV64_ONLY : all;
}

static const struct {
    const char *name;
    struct isa isa;
} profiles[] = {
#define GC                                                                                         \
    (BIT(I) | BIT(M) | BIT(A) | BIT(F) | BIT(D) | BIT(C) | BIT(ZICSR) | BIT(ZIFENCEI) |            \
     BIT(ZICNTR) | BIT(ZIHPM))
    {"rv64gc", {64, GC}},
    {"rv32gc", {32, GC}},
#undef GC
};

static bool find_extension(const char *name, size_t length, unsigned xlen, u64 *set)
{
    if (length == 1 && name[0] == 'g') {
        *set |= BIT(I) | BIT(M) | BIT(A) | BIT(F) | BIT(D) | BIT(ZICSR) | BIT(ZIFENCEI);
        return true;
    }
    for (unsigned i = 0; i < EXT_COUNT; i++) {
        if (strlen(extensions[i].name) == length && !strncmp(extensions[i].name, name, length) &&
            isa_all(xlen) >> i & 1) {
            *set |= (u64)1 << i;
            return true;
        }
    }
    return false;
}

/* The extensions after "rv64": single letters, then longer names separated by underscores. */
static bool parse_extensions(const char *text, struct isa *isa, char *message, size_t message_size)
{
    const char *at = text + 4;

    while (*at) {
        size_t length = 1;
        if (*at == '_') {
            at++;
            continue;
        }
        if (strchr("zsx", *at))
            length = strcspn(at, "_");
        if (!find_extension(at, length, isa->xlen, &isa->extensions)) {
            snprintf(message, message_size,
                     "%s: there is no extension '%.*s' here; `vitrine info --cpu %s` lists those "
                     "that exist",
                     text, (int)length, at, isa->xlen == 32 ? "max32" : "max");
            return false;
        }
        at += length;
    }
    return true;
}

bool isa_parse(const char *text, struct isa *isa, char *message, size_t message_size)
{
    if (!strcmp(text, "max") || !strcmp(text, "max32")) {
        isa->xlen = text[3] ? 32 : 64;
        isa->extensions = isa_all(isa->xlen);
        return true;
    }
    for (size_t i = 0; i < sizeof profiles / sizeof profiles[0]; i++) {
        if (!strcmp(text, profiles[i].name)) {
            *isa = profiles[i].isa;
            return true;
        }
    }
    if (strncmp(text, "rv32", 4) && strncmp(text, "rv64", 4)) {
        snprintf(message, message_size,
                 "%s: not a processor; say rv64gc, rv32gc, max, max32 or an ISA string such as "
                 "rv64imac_zicsr",
                 text);
        return false;
    }
    *isa = (struct isa){.xlen = text[2] == '3' ? 32 : 64};
    if (!parse_extensions(text, isa, message, message_size))
        return false;
    if (!(isa->extensions & BIT(I))) {
        snprintf(message, message_size, "%s: the base must be i or g, as in rv64i", text);
        return false;
    }
    isa->extensions = close_over(isa->extensions);
    return true;
}

char *isa_string(const struct isa *isa, char *text, size_t size)
{
    size_t used = (size_t)snprintf(text, size, "rv%u", isa->xlen);

    for (unsigned i = 0; i < EXT_COUNT && used < size; i++)
        if (isa_has(isa, i))
            used += (size_t)snprintf(text + used, size - used, "%s%s",
                                     extensions[i].name[1] ? "_" : "", extensions[i].name);
    return text;
}
