/* The tables as data: row_info for every line of isa.def and rvc.def, the extensions' names, and
 * ISA strings
 * ("ISA Extension Naming Conventions" in the unprivileged manual). */
#include "cpu/isa.h"
#include "cpu/promises.h"

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
    if (set & (BIT(SDTRIG) | BIT(SMEPMP)))
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

/* Processors by name: everything, or an ISA string. A profile asks for what its document makes
 * mandatory. One that asks for what has no row yet is refused. */
static const struct {
    const char *name, *isa; /* NULL: everything */
    unsigned xlen;
} profiles[] = {
    {"max", NULL, 64},
    {"max32", NULL, 32},
    {"rv64gc", "imafdc_zicntr_zicsr_zifencei_zihpm", 64},
    {"rv32gc", "imafdc_zicntr_zicsr_zifencei_zihpm", 32},
#define RVA20                                                                                      \
    "imafdc_zicntr_zicsr_zifencei_svade"                                                           \
    "_ziccif_ziccrse_ziccamoa_za128rs_zicclsm_svbare_sv39_ssccptr_sstvecd_sstvala"
#define RVA22                                                                                      \
    RVA20 "_zihpm_zihintpause_zba_zbb_zbs_zicbom_zicbop_zicboz_sscounterenw_svpbmt_svinval_zfhmin" \
          "_za64rs_zic64b_zkt"
    {"rva20s64", RVA20, 64},
    {"rva22s64", RVA22, 64},
    {"rva23s64",
     RVA22 "_zihintntl_zicond_zimop_zcmop_zcb_zfa_zawrs_svnapot_sstc_sscofpmf_ssnpm_supm_ssu64xl"
           "_v_h",
     64},
#undef RVA20
#undef RVA22
};

/* A promise is kept where there is what it is about: asking for one asks for that. */
static bool find_promise(const char *name, size_t length, unsigned xlen, u64 *set)
{
    const struct promise *promise = promise_find(name, length);
    struct isa isa = {.xlen = xlen, .extensions = isa_all(xlen)};

    if (!promise || !promise_holds(promise, &isa))
        return false;
    *set |= (u64)1 << (promise->need & 0xff);
    return true;
}

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
    return find_promise(name, length, xlen, set);
}

/* The name at the start of what follows "rv64": single letters, then longer names separated by
 * underscores. */
static size_t name_length(const char *at)
{
    return strchr("zsx", *at) ? strcspn(at, "_") : 1;
}

/* Adds what the names say. Returns the first name that does not exist, or NULL. */
static const char *add_extensions(const char *at, struct isa *isa)
{
    for (; *at; at += name_length(at)) {
        at += strspn(at, "_");
        if (*at && !find_extension(at, name_length(at), isa->xlen, &isa->extensions))
            return at;
        if (!*at)
            break;
    }
    isa->extensions = close_over(isa->extensions);
    return NULL;
}

static bool parse_string(const char *text, struct isa *isa, char *message, size_t message_size)
{
    const char *unknown;

    if (strncmp(text, "rv32", 4) && strncmp(text, "rv64", 4)) {
        snprintf(message, message_size,
                 "%s: not a processor; say rva20s64, rv64gc, rv32gc, max, max32 or an ISA string "
                 "such as rv64imac_zicsr",
                 text);
        return false;
    }
    *isa = (struct isa){.xlen = text[2] == '3' ? 32 : 64};
    if (text[4] != 'i' && text[4] != 'g') {
        snprintf(message, message_size, "%s: the base must be i or g, as in rv64i", text);
        return false;
    }
    unknown = add_extensions(text + 4, isa);
    if (unknown)
        snprintf(message, message_size,
                 "%s: there is no extension '%.*s' here; `vitrine info --cpu %s` lists those that "
                 "exist",
                 text, (int)name_length(unknown), unknown, isa->xlen == 32 ? "max32" : "max");
    return !unknown;
}

bool isa_parse(const char *text, struct isa *isa, char *message, size_t message_size)
{
    for (size_t i = 0; i < sizeof profiles / sizeof profiles[0]; i++) {
        const char *missing;
        if (strcmp(text, profiles[i].name))
            continue;
        *isa = (struct isa){profiles[i].xlen, isa_all(profiles[i].xlen)};
        if (!profiles[i].isa)
            return true;
        isa->extensions = 0;
        missing = add_extensions(profiles[i].isa, isa);
        if (missing)
            snprintf(message, message_size,
                     "%s: this profile needs %.*s, which is not here yet; max has all that is",
                     text, (int)name_length(missing), missing);
        return !missing;
    }
    return parse_string(text, isa, message, message_size);
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
