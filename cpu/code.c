/* Decoded code: finding, recycling and dropping shadows (see code.h). Filling them is the engine's
 * (cpu/exec.c). */
#include "cpu/code.h"

#include <stdlib.h>
#include <string.h>

/* 2048 shadows of 32 KB: 64 MB a hart at most. Many harts share 4096 of them, 128 MB. */
#define CODE_SHADOWS 2048

struct code *code_create(struct ram *ram, unsigned harts, handler *empty, handler *page_end)
{
    struct code *code = calloc(1, sizeof *code);

    if (!code)
        return NULL;
    code->ram = ram;
    code->empty = empty;
    code->page_end = page_end;
    code->limit = harts <= 2 ? CODE_SHADOWS : 2 * CODE_SHADOWS / harts;
    code->of_page = calloc(ram->size >> PAGE_BITS, sizeof(struct shadow *));
    code->shadows = calloc(code->limit, sizeof(struct shadow *));
    if (!code->of_page || !code->shadows) {
        code_destroy(code);
        return NULL;
    }
    return code;
}

void code_destroy(struct code *code)
{
    if (!code)
        return;
    for (unsigned i = 0; i < code->count; i++)
        free(code->shadows[i]);
    free(code->shadows);
    free(code->of_page);
    free(code->arms);
    free(code);
}

static void empty(const struct code *code, struct op *op)
{
    op->run = code->empty;
    op->word = 0;
}

static void forget_arms(struct code *code, const struct shadow *shadow)
{
    for (size_t i = code->arm_count; i-- > 0;)
        if (code->arms[i].page == shadow->page)
            code->arms[i] = code->arms[--code->arm_count];
}

static void assign(struct code *code, struct shadow *shadow, u32 page)
{
    for (unsigned i = 0; i < PAGE_OPS; i++)
        empty(code, &shadow->op[i]);
    for (unsigned i = PAGE_OPS; i < PAGE_OPS + 2; i++)
        shadow->op[i] = (struct op){.run = code->page_end};
    shadow->bytes = code->ram->bytes + ((u64)page << PAGE_BITS);
    shadow->live = 0;
    shadow->page = page;
    memset(shadow->armed, 0, sizeof shadow->armed);
    code->of_page[page] = shadow;
}

struct shadow *code_page(struct code *code, paddr at, bool *recycled)
{
    u32 page = (u32)((at - code->ram->base) >> PAGE_BITS);
    struct shadow *shadow = code->of_page[page];

    *recycled = false;
    if (shadow)
        return shadow;
    if (code->count < code->limit) {
        shadow = aligned_alloc(16, sizeof *shadow);
        if (shadow)
            code->shadows[code->count++] = shadow;
    }
    if (!shadow) { /* take the oldest */
        if (!code->count)
            return NULL;
        shadow = code->shadows[code->next_victim];
        code->next_victim = (code->next_victim + 1) % code->count;
        code->of_page[shadow->page] = NULL;
        forget_arms(code, shadow);
        *recycled = true;
    }
    assign(code, shadow, page);
    return shadow;
}

void code_filled(struct code *code, struct shadow *shadow)
{
    if (shadow->live++ == 0)
        ram_note(code->ram, code->ram->base + ((paddr)shadow->page << PAGE_BITS), NOTE_CODE);
}

static bool drop(struct code *code, struct shadow *shadow, unsigned slot)
{
    if (shadow->op[slot].run == code->empty)
        return false;
    empty(code, &shadow->op[slot]);
    shadow->live--;
    return true;
}

/* These ops, and the ones before them that count on them: back to where no run can pass, which is
 * two empty slots in a row (the second half of a wide instruction is one empty slot). */
static void drop_run(struct code *code, struct shadow *shadow, unsigned first, unsigned last)
{
    unsigned gap = 0;

    for (unsigned slot = first; slot <= last; slot++)
        drop(code, shadow, slot);
    for (unsigned slot = first; slot-- > 0 && gap < 2;)
        gap = drop(code, shadow, slot) ? 0 : gap + 1;
}

void code_written(struct code *code, paddr at, u64 size)
{
    u64 offset = at - code->ram->base;
    struct shadow *shadow = code->of_page[offset >> PAGE_BITS];

    if (!shadow || !shadow->live)
        return;
    drop_run(code, shadow, (unsigned)(offset & PAGE_MASK) >> 1,
             (unsigned)((offset & PAGE_MASK) + size - 1) >> 1);
    if (shadow->live)
        *ram_notes_at(code->ram, at) |= NOTE_CODE; /* the gate cleared it: we still have some */
}

bool code_arm(struct code *code, struct shadow *shadow, unsigned slot)
{
    if (code_is_armed(shadow, slot))
        return true;
    if (code->arm_count == code->arm_room) {
        size_t room = 2 * code->arm_room + 16;
        struct code_arm *more = realloc(code->arms, room * sizeof *more);
        if (!more)
            return false;
        code->arms = more;
        code->arm_room = room;
    }
    code->arms[code->arm_count++] = (struct code_arm){shadow->page, slot};
    shadow->armed[slot / 64] |= (u64)1 << (slot % 64);
    drop_run(code, shadow, slot, slot);
    return true;
}

void code_disarm(struct code *code, unsigned slot)
{
    for (size_t i = code->arm_count; i-- > 0;) {
        struct shadow *shadow = code->of_page[code->arms[i].page];
        if (code->arms[i].slot != slot)
            continue;
        shadow->armed[slot / 64] &= ~((u64)1 << (slot % 64));
        drop_run(code, shadow, slot, slot);
        code->arms[i] = code->arms[--code->arm_count];
    }
}

void code_clear(struct code *code)
{
    for (unsigned i = 0; i < code->count; i++) {
        code->of_page[code->shadows[i]->page] = NULL;
        free(code->shadows[i]);
    }
    code->count = code->next_victim = 0;
    code->arm_count = 0;
}
