/* The assembler's directives (GNU as, "Pseudo Ops", and "RISC-V-Directives"). Those that only speak
 * to a linker or a debugger are read and do nothing. Left out: macros, conditions, .include. */
#include "cpu/assemble_parts.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* .byte, .half, .word, .dword: each value in size bytes. */
static bool put_numbers(struct assembler *as, unsigned size)
{
    do {
        struct value value;
        i64 high;
        if (!assembler_operand(as, &value))
            return false;
        if (as->pass == PASS_OUTPUT && !assembler_check_known(as, &value))
            return false;
        high = size < 8 ? (i64)value.number >> (8 * size - 1) : 0; /* 0, 1 or -1 if it fits */
        if (as->pass == PASS_OUTPUT && (high < -1 || high > 1) &&
            !(size == 4 && as->isa->xlen == 32))
            return assembler_fail(as, "%" PRId64 " does not fit into %u byte%s.", (i64)value.number,
                                  size, size == 1 ? "" : "s");
        if (!assembler_emit(as, value.number, size))
            return false;
    } while (assembler_take(as, ','));
    return true;
}

static bool put_floats(struct assembler *as, unsigned size)
{
    do {
        char *end;
        double number;
        float narrow;
        u64 bits = 0;
        if (assembler_is_end(as))
            return assembler_fail(as, "a number is missing.");
        number = strtod(as->at, &end);
        narrow = size == 4 ? strtof(as->at, &end) : 0;
        if (end == as->at)
            return assembler_fail(as, "this is no floating-point number.");
        as->at = end;
        memcpy(&bits, size == 4 ? (void *)&narrow : (void *)&number, size);
        if (!assembler_emit(as, bits, size))
            return false;
    } while (assembler_take(as, ','));
    return true;
}

/* .ascii; .asciz adds this many zeros to each text. */
static bool put_texts(struct assembler *as, unsigned zeros)
{
    do {
        if (!assembler_take(as, '"'))
            return assembler_fail(as, "a text in quotes is missing.");
        while (*as->at != '"') {
            u8 character;
            if (!assembler_character(as, &character) || !assembler_emit(as, character, 1))
                return false;
        }
        as->at++;
        if (!assembler_emit(as, 0, zeros))
            return false;
    } while (assembler_take(as, ','));
    return true;
}

/* ", value" if it is there. */
static bool read_filler(struct assembler *as, bool *is_given, u8 *with)
{
    u64 number = 0;

    *is_given = assembler_take(as, ',');
    if (*is_given && !assembler_constant(as, &number))
        return false;
    *with = (u8)number;
    return true;
}

static bool space(struct assembler *as, unsigned ignored)
{
    bool is_given;
    u64 count;
    u8 with;

    (void)ignored;
    return assembler_constant(as, &count) && read_filler(as, &is_given, &with) &&
           assembler_fill(as, count, with);
}

/* In .text what an alignment skips can be run through. */
static bool fill_with_nops(struct assembler *as, u64 count)
{
    enum { NOP = 0x13, C_NOP = 1 };

    if (count % 2 && !assembler_fill(as, 1, 0))
        return false;
    if (count % 4 >= 2 &&
        !(isa_has(as->isa, EXT_C) ? assembler_emit(as, C_NOP, 2) : assembler_fill(as, 2, 0)))
        return false;
    for (count /= 4; count > 0; count--)
        if (!assembler_emit(as, NOP, 4))
            return false;
    return true;
}

static bool align_to(struct assembler *as, u64 alignment)
{
    struct section *section = &as->sections[as->section];
    u64 count = -section->size & (alignment - 1);
    bool is_given;
    u8 with;

    if (!read_filler(as, &is_given, &with))
        return false;
    if (assembler_take(as, ',')) { /* the most that may be skipped */
        u64 most;
        if (!assembler_constant(as, &most))
            return false;
        if (count > most)
            return true;
    }
    if (section->alignment < alignment)
        section->alignment = alignment;
    return as->section == 0 && !is_given ? fill_with_nops(as, count)
                                         : assembler_fill(as, count, with);
}

static bool align(struct assembler *as, unsigned ignored)
{
    u64 power;

    (void)ignored;
    if (!assembler_constant(as, &power))
        return false;
    if (power > ALIGN_MOST)
        return assembler_fail(as, ".align takes a power of two, up to %d.", ALIGN_MOST);
    return align_to(as, (u64)1 << power);
}

static bool balign(struct assembler *as, unsigned ignored)
{
    u64 bytes;

    (void)ignored;
    if (!assembler_constant(as, &bytes))
        return false;
    if (bytes == 0 || (bytes & (bytes - 1)) || bytes >> ALIGN_MOST > 1)
        return assembler_fail(as, ".balign takes 1, 2, 4, 8 and so on, up to %d.", 1 << ALIGN_MOST);
    return align_to(as, bytes);
}

/* From the start of the section, and never back. */
static bool org(struct assembler *as, unsigned ignored)
{
    struct value value;
    u64 here = as->sections[as->section].size;

    (void)ignored;
    if (!assembler_value(as, &value))
        return false;
    if (!value.is_known)
        return assembler_fail(as, "%s is not a number that is known here.", value.unknown);
    if (value.section == (int)as->section)
        value.number -= as->sections[as->section].base;
    else if (value.section != NO_SECTION)
        return assembler_fail(as, ".org goes to another section.");
    if (value.number < here)
        return assembler_fail(as, ".org goes back, from %" PRIu64 " to %" PRIu64 ".", here,
                              value.number);
    return assembler_fill(as, value.number - here, 0);
}

static bool equ(struct assembler *as, unsigned ignored)
{
    const char *name;
    size_t length = assembler_word(as, &name);
    struct value value;

    (void)ignored;
    if (length == 0 || !assembler_take(as, ','))
        return assembler_fail(as, ".equ wants a name, a comma and a value.");
    return assembler_value(as, &value) && assembler_assign(as, name, length, &value);
}

static bool skip(struct assembler *as, unsigned ignored)
{
    (void)ignored;
    while (!assembler_is_end(as))
        as->at++;
    return true;
}

static bool enter_section(struct assembler *as, const char *name, size_t length)
{
    struct section *section;

    if (length >= sizeof section->name)
        return assembler_fail(as, "a section's name of more than %zu characters.",
                              sizeof section->name - 1);
    if (length >= 6 && !strncmp(name, ".text.", 6)) /* .text.start is .text here */
        length = 5;
    for (unsigned i = 0; i < as->section_count; i++) {
        if (strlen(as->sections[i].name) == length &&
            !strncmp(as->sections[i].name, name, length)) {
            as->section = i;
            return true;
        }
    }
    if (as->section_count == SECTIONS)
        return assembler_fail(as, "more than %d sections.", SECTIONS);
    as->section = as->section_count++;
    section = &as->sections[as->section];
    snprintf(section->name, sizeof section->name, "%.*s", (int)length, name);
    section->alignment = 16;
    return true;
}

static bool change_section(struct assembler *as, unsigned ignored)
{
    const char *name;
    size_t length = assembler_word(as, &name);

    if (length == 0)
        return assembler_fail(as, ".section wants a name.");
    return enter_section(as, name, length) && skip(as, ignored);
}

/* .text, .data, .bss, .rodata are names of sections, too. */
static bool named_section(struct assembler *as, unsigned which)
{
    static const char *const names[] = {".text", ".data", ".bss", ".rodata"};

    return enter_section(as, names[which], strlen(names[which]));
}

static const struct {
    const char *name;
    bool (*apply)(struct assembler *as, unsigned argument);
    unsigned argument;
} directives[] = {
    {".byte", put_numbers, 1},
    {".half", put_numbers, 2},
    {".hword", put_numbers, 2},
    {".short", put_numbers, 2},
    {".2byte", put_numbers, 2},
    {".word", put_numbers, 4},
    {".long", put_numbers, 4},
    {".int", put_numbers, 4},
    {".4byte", put_numbers, 4},
    {".dword", put_numbers, 8},
    {".quad", put_numbers, 8},
    {".8byte", put_numbers, 8},
    {".float", put_floats, 4},
    {".single", put_floats, 4},
    {".double", put_floats, 8},
    {".ascii", put_texts, 0},
    {".asciz", put_texts, 1},
    {".string", put_texts, 1},
    {".zero", space, 0},
    {".space", space, 0},
    {".skip", space, 0},
    {".align", align, 0},
    {".p2align", align, 0},
    {".balign", balign, 0},
    {".org", org, 0},
    {".equ", equ, 0},
    {".set", equ, 0},
    {".section", change_section, 0},
    {".text", named_section, 0},
    {".data", named_section, 1},
    {".bss", named_section, 2},
    {".rodata", named_section, 3},
    {".globl", skip, 0},
    {".global", skip, 0},
    {".local", skip, 0},
    {".weak", skip, 0},
    {".type", skip, 0},
    {".size", skip, 0},
    {".file", skip, 0},
    {".ident", skip, 0},
    {".option", skip, 0},
    {".attribute", skip, 0},
};

bool assembler_directive(struct assembler *as, const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof directives / sizeof directives[0]; i++)
        if (strlen(directives[i].name) == length && !strncmp(directives[i].name, name, length))
            return directives[i].apply(as, directives[i].argument);
    return assembler_fail(as, "there is no directive %.*s.", (int)(length < 40 ? length : 40),
                          name);
}
