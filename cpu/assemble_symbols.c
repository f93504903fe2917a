/* The assembler's names. A label is a place in a section, which gets its address between the
 * passes; .equ names a number or such a place. Numeric labels are names, too, which no source can
 * spell: the second "1:" is "1:2". */
#include "cpu/assemble_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t hash(const char *name, size_t length)
{
    u64 value = 0xcbf29ce484222325;

    for (size_t i = 0; i < length; i++)
        value = (value ^ (u8)name[i]) * 0x100000001b3;
    return (size_t)(value ^ value >> 32);
}

/* The slot that holds this name, or the free one where it would be. */
static u32 *find_slot(const struct symbols_by_name *names, const char *name, size_t length)
{
    size_t at = hash(name, length) % names->slot_count;

    while (names->slots[at]) {
        const char *other = names->list[names->slots[at] - 1].name;
        if (!strncmp(other, name, length) && !other[length])
            break;
        at = (at + 1) % names->slot_count;
    }
    return &names->slots[at];
}

static struct symbol *find(const struct symbols_by_name *names, const char *name, size_t length)
{
    u32 index = names->slot_count ? *find_slot(names, name, length) : 0;

    return index ? &names->list[index - 1] : NULL;
}

const struct symbol *assembler_find(const struct assembler *as, const char *name, size_t length)
{
    return find(&as->names, name, length);
}

/* Twice the room, and the hash table half empty. */
static bool grow(struct symbols_by_name *names)
{
    size_t room = names->room ? 2 * names->room : 64;
    struct symbol *list = realloc(names->list, room * sizeof *list);
    u32 *slots = calloc(2 * room, sizeof *slots);

    if (list) {
        names->list = list;
        names->room = room;
    }
    if (!list || !slots) {
        free(slots);
        return false;
    }
    free(names->slots);
    names->slots = slots;
    names->slot_count = 2 * room;
    for (size_t i = 0; i < names->count; i++)
        *find_slot(names, list[i].name, strlen(list[i].name)) = (u32)i + 1;
    return true;
}

static struct symbol *add(struct assembler *as, const char *name, size_t length)
{
    struct symbols_by_name *names = &as->names;
    char *copy = NULL;

    if ((names->count * 2 < names->slot_count && names->count < names->room) || grow(names))
        copy = strndup(name, length);
    if (!copy) {
        assembler_fail(as, "there is no memory left for names.");
        return NULL;
    }
    *find_slot(names, name, length) = (u32)names->count + 1;
    names->list[names->count] = (struct symbol){.name = copy, .section = NO_SECTION};
    return &names->list[names->count++];
}

static bool check_length(struct assembler *as, size_t length)
{
    return length < NAME_LONGEST ||
           assembler_fail(as, "a name of more than %d characters.", NAME_LONGEST - 1);
}

bool assembler_label(struct assembler *as, const char *name, size_t length)
{
    struct symbol *symbol = find(&as->names, name, length);

    if (as->pass == PASS_OUTPUT)
        return true;
    if (symbol)
        return assembler_fail(as, "%s is defined twice.", symbol->name);
    if (!check_length(as, length))
        return false;
    symbol = add(as, name, length);
    if (!symbol)
        return false;
    symbol->value = as->sections[as->section].size;
    symbol->section = (int)as->section;
    symbol->is_known = symbol->is_label = true;
    return true;
}

bool assembler_assign(struct assembler *as, const char *name, size_t length,
                      const struct value *value)
{
    struct symbol *symbol = find(&as->names, name, length);

    if (symbol && symbol->is_label)
        return assembler_fail(as, "%s is defined twice.", symbol->name);
    if (!check_length(as, length))
        return false;
    if (!symbol)
        symbol = add(as, name, length);
    if (!symbol)
        return false;
    symbol->section = value->section;
    symbol->is_known = value->is_known;
    symbol->value = value->number;
    if (value->section != NO_SECTION)
        symbol->value -= as->sections[value->section].base;
    return true;
}

void assembler_numeric_name(unsigned number, unsigned which, char name[32])
{
    snprintf(name, 32, "%u:%u", number, which);
}

void assembler_free_symbols(struct symbols_by_name *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->list[i].name);
    free(names->list);
    free(names->slots);
    *names = (struct symbols_by_name){0};
}
