/* The assembler: two passes over the statements of a source (see assemble.h). The first finds how
 * long everything is and so where each section and label lies, the second writes the bytes. No
 * length may depend on what only the second knows. */
#include "cpu/assemble_parts.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

vaddr assembler_here(const struct assembler *as)
{
    const struct section *section = &as->sections[as->section];

    return section->base + section->size;
}

/* The next size bytes of the section; *to is NULL in the first pass. */
static bool take_bytes(struct assembler *as, u64 size, u8 **to)
{
    struct section *section = &as->sections[as->section];
    u64 offset = assembler_here(as) - as->base;

    *to = NULL;
    if (as->pass == PASS_LAYOUT) {
        if (size > ASSEMBLE_LARGEST - section->size)
            return assembler_fail(as, "the program is larger than 64 MiB.");
    } else {
        assert(offset <= as->size && size <= as->size - offset); /* the passes agree */
        *to = as->bytes + offset;
    }
    section->size += size;
    return true;
}

bool assembler_emit(struct assembler *as, u64 value, unsigned size)
{
    u8 *to;

    if (!take_bytes(as, size, &to))
        return false;
    for (unsigned i = 0; to && i < size; i++)
        to[i] = (u8)(value >> 8 * i);
    return true;
}

bool assembler_fill(struct assembler *as, u64 count, u8 with)
{
    u8 *to;

    if (!take_bytes(as, count, &to))
        return false;
    if (to)
        memset(to, with, count);
    return true;
}

static bool define_numeric(struct assembler *as)
{
    char name[32];
    u64 number;

    if (!assembler_number(as, &number))
        return false;
    if (!assembler_take(as, ':'))
        return assembler_fail(as, "a statement cannot begin with a number.");
    if (number >= NUMERIC_LABELS)
        return assembler_fail(as, "numeric labels go from 0 to %d.", NUMERIC_LABELS - 1);
    assembler_numeric_name((unsigned)number, ++as->passed[number], name);
    return assembler_label(as, name, strlen(name));
}

static bool assign(struct assembler *as, const char *name, size_t length)
{
    struct value value;

    return assembler_value(as, &value) && assembler_assign(as, name, length, &value);
}

static bool instruction(struct assembler *as, const char *name, size_t length)
{
    const char *before = as->at;
    enum outcome outcome = assembler_insn(as, name, length);

    if (outcome == OUTCOME_MISMATCH) {
        as->at = before;
        outcome = assembler_pseudo(as, name, length);
    }
    return outcome == OUTCOME_DONE ||
           (outcome == OUTCOME_MISMATCH && assembler_refuse(as, name, length));
}

/* Labels, then at most one instruction, directive or assignment. */
static bool statement(struct assembler *as)
{
    while (!assembler_is_end(as)) {
        const char *name;
        size_t length;
        if (isdigit((unsigned char)*as->at)) {
            if (!define_numeric(as))
                return false;
            continue;
        }
        length = assembler_word(as, &name);
        if (length == 0)
            return assembler_fail(as, "a statement cannot begin with this character.");
        if (assembler_take(as, ':')) {
            if (!assembler_label(as, name, length))
                return false;
            continue;
        }
        if (!(assembler_take(as, '=') ? assign(as, name, length)
              : name[0] == '.'        ? assembler_directive(as, name, length)
                                      : instruction(as, name, length)))
            return false;
        return assembler_is_end(as) ||
               assembler_fail(as, "the statement should end before \"%.*s\".",
                              (int)strcspn(as->at, " \t\n\f"), as->at);
    }
    return true;
}

bool assembler_run(struct assembler *as, const char *text)
{
    const char *before = as->at;
    bool is_good = true;

    as->at = text;
    while (is_good && *as->at) {
        is_good = statement(as);
        if (is_good && *as->at) {
            as->line += *as->at == '\n';
            as->at++;
        }
    }
    as->at = before;
    return is_good;
}

static bool run_pass(struct assembler *as, enum pass pass, const char *text)
{
    as->pass = pass;
    as->line = 1;
    as->section = 0;
    for (unsigned i = 0; i < as->section_count; i++)
        as->sections[i].size = 0;
    memset(as->passed, 0, sizeof as->passed);
    return assembler_run(as, text);
}

/* Between the passes: .text first, the others behind it. */
static bool place_sections(struct assembler *as)
{
    vaddr at = as->base;

    for (unsigned i = 0; i < as->section_count; i++) {
        struct section *section = &as->sections[i];
        at = (at + section->alignment - 1) & -section->alignment;
        section->base = at;
        at += section->size;
    }
    as->size = at - as->base;
    if (as->size > ASSEMBLE_LARGEST)
        return assembler_fail(as, "the program is larger than 64 MiB.");
    as->bytes = calloc(1, as->size ? as->size : 1);
    return as->bytes || assembler_fail(as, "there is no memory left for the program.");
}

static void find_rows(struct assembler *as)
{
    decoder_init(as->decoder, as->isa);
    for (unsigned i = 0; i < as->decoder->first[DECODER_BUCKETS]; i++)
        as->is_on[as->decoder->rows[i].index] = 1;
}

/* Hands over what the caller keeps. */
static bool finish(struct assembler *as, struct assembled *program)
{
    const struct symbol *start = assembler_find(as, "_start", 6);

    program->symbols = calloc(as->names.count + 1, sizeof *program->symbols);
    if (!program->symbols)
        return assembler_fail(as, "there is no memory left for names.");
    for (size_t i = 0; i < as->names.count; i++) {
        struct symbol *symbol = &as->names.list[i];
        if (!symbol->is_known || isdigit((unsigned char)symbol->name[0]))
            continue;
        program->symbols[program->symbol_count++] = (struct assembled_symbol){
            .name = symbol->name,
            .value = symbol->value +
                     (symbol->section == NO_SECTION ? 0 : as->sections[symbol->section].base),
            .is_label = symbol->is_label};
        symbol->name = NULL;
    }
    program->entry = start && start->is_label ? start->value + as->sections[start->section].base
                                              : as->sections[0].base;
    program->bytes = as->bytes;
    program->size = as->size;
    as->bytes = NULL;
    return true;
}

bool assemble(const struct isa *isa, const char *source, size_t length, const char *file_name,
              vaddr base, struct assembled *program, char *message, size_t message_size)
{
    struct assembler as = {.isa = isa,
                           .file_name = file_name,
                           .line = 1,
                           .sections = {{.name = ".text", .alignment = 4}},
                           .section_count = 1,
                           .base = base,
                           .message = message,
                           .message_size = message_size};
    char *text = assembler_strip(source, length);
    bool is_good = false;

    *program = (struct assembled){0};
    as.decoder = malloc(sizeof *as.decoder);
    if (!text || !as.decoder) {
        assembler_fail(&as, "there is no memory left to assemble.");
    } else {
        find_rows(&as);
        is_good = run_pass(&as, PASS_LAYOUT, text) && place_sections(&as) &&
                  run_pass(&as, PASS_OUTPUT, text) && finish(&as, program);
    }
    assembler_free_symbols(&as.names);
    free(as.highs);
    free(as.bytes);
    free(as.decoder);
    free(text);
    return is_good;
}

void assembled_free(struct assembled *program)
{
    for (size_t i = 0; i < program->symbol_count; i++)
        free(program->symbols[i].name);
    free(program->symbols);
    free(program->bytes);
    *program = (struct assembled){0};
}
