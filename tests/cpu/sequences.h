/* The fused sequences that were built in (cpu/fuse.h), and instructions drawn for them: those rows
 * and lengths, with random operands for which the facts of the tokens hold. Words are drawn until
 * one fits, so that cpu/fuse.c and the decoder are the judges of what fits. */
#ifndef TESTS_CPU_SEQUENCES_H
#define TESTS_CPU_SEQUENCES_H

#include "cpu/engine.h"
#include "cpu/fuse.h"

#include "tests/agree/code.h"
#include "tests/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sequence {
    u16 token[FUSE_LONGEST];
    unsigned length; /* instructions */
    handler *run;
};

struct sequences {
    struct sequence *list;
    unsigned count;
};

static inline void sequences_walk(const struct fuse_tree *tree, const struct fuse_node *node,
                                  struct sequence so_far, struct sequences *found)
{
    if (node->handler) {
        found->list = realloc(found->list, (found->count + 1) * sizeof so_far);
        ck_assert_ptr_nonnull(found->list);
        so_far.run = tree->handlers[node->handler - 1];
        found->list[found->count++] = so_far;
    }
    for (unsigned i = 0; i < node->count; i++) {
        const struct fuse_edge *edge = &tree->edges[node->first + i];
        struct sequence longer = so_far;
        ck_assert_uint_lt(so_far.length, FUSE_LONGEST);
        longer.token[longer.length++] = edge->token;
        sequences_walk(tree, &tree->nodes[edge->node], longer, found);
    }
}

static inline struct sequences sequences_of(const struct fuse_tree *tree)
{
    struct sequences found = {NULL, 0};

    sequences_walk(tree, tree->nodes, (struct sequence){.length = 0}, &found);
    return found;
}

static inline const char *sequence_print(const struct sequence *sequence, char *text, size_t size)
{
    char token[FUSE_TOKEN_CHARS];
    size_t at = 0;

    text[0] = 0;
    for (unsigned i = 0; i < sequence->length && at < size; i++)
        at += (size_t)snprintf(text + at, size - at, " %s", fuse_print(sequence->token[i], token));
    return text;
}

/* Every halfword that is a compressed instruction, by row. */
struct narrow_words {
    u16 word[1 << 16];
    u32 first[ROW_COUNT + 2]; /* row r has word[first[r]] .. word[first[r + 1] - 1] */
};

static inline void narrow_words_init(struct narrow_words *words, struct decoder *decoder)
{
    u32 next[ROW_COUNT + 1];
    u16 *row = calloc(1 << 16, sizeof *row);

    ck_assert_ptr_nonnull(row);
    memset(words->first, 0, sizeof words->first);
    for (u32 half = 0; half < 1 << 16; half++) {
        row[half] = is_wide((u16)half) ? ROW_illegal : decode(decoder, half).row;
        words->first[row[half] + 1]++;
    }
    for (unsigned i = 0; i <= ROW_COUNT; i++) {
        next[i] = words->first[i];
        words->first[i + 1] += words->first[i];
    }
    for (u32 half = 0; half < 1 << 16; half++)
        words->word[next[row[half]]++] = (u16)half;
    free(row);
}

struct drawer {
    struct random random;
    struct decoder *decoder;
    struct narrow_words narrow;
    enum { FACTS_EXACT, FACTS_MORE } facts; /* may more hold than the token says? */
};

static inline i32 drawer_imm(struct drawer *drawer, const struct row_info *row, u16 token)
{
    struct random *random = &drawer->random;
    i32 far = row->format == FORMAT_J ? 8000 : 4000;

    switch (row->format) {
    case FORMAT_B:
    case FORMAT_J:
        if (!(token & FUSE_FAR))
            far = 100;
        return ((i32)random_below(random, 2 * (u32)far) - far) & ~1;
    case FORMAT_CSR: /* one that only stores: sscratch, sepc, scause, stval, and the same of M-mode
                      */
        return (i32)(random_one_in(random, 8) ? 0x340 : 0x140) + (i32)random_below(random, 4);
    case FORMAT_U:
        return (i32)(random_below(random, 0x48) << 12) - (random_one_in(random, 8) << 15);
    case FORMAT_SHIFT:
        return (i32)random_below(random, drawer->decoder->isa.xlen);
    default:
        return random_one_in(random, 2) ? (i32)random_below(random, 32) * 8
                                        : (i32)random_below(random, 4096) - 2048;
    }
}

static inline u32 drawer_wide(struct drawer *drawer, u16 token, const struct insn *before)
{
    struct random *random = &drawer->random;
    unsigned row_count;
    const struct row_info *row = &isa_rows(&row_count)[FUSE_ROW(token)];
    struct operands operands = {.rd = random_below(random, 32),
                                .rs1 = random_below(random, 32),
                                .rs2 = random_below(random, 32),
                                .imm = drawer_imm(drawer, row, token)};
    u32 noise = (u32)random_next(random);

    if (token & FUSE_NO_RD)
        operands.rd = 0;
    if (before && token & (FUSE_SOURCE_1 | FUSE_NEAR))
        operands.rs1 = token & FUSE_NEAR ? before->rs1 : before->rd;
    if (before && token & FUSE_SOURCE_2)
        operands.rs2 = before->rd;
    if (ROUNDS(row->format)) /* what the host's FPU can do */
        noise = (noise & ~0x7000u) | (WRITES_RD(row->operands)   ? 0x1000
                                      : random_one_in(random, 2) ? 0x7000
                                                                 : 0);
    return encode(row, operands, noise);
}

static inline bool drawer_accepts(const struct drawer *drawer, u32 word, unsigned slot,
                                  const struct insn *before, u16 token, struct insn *insn)
{
    u16 got;

    *insn = decode(drawer->decoder, word);
    got = fuse_token(insn, slot, before);
    return drawer->facts == FACTS_EXACT ? got == token
                                        : (got & ~FUSE_FACTS) == (token & ~FUSE_FACTS) &&
                                              (got & token & FUSE_FACTS) == (token & FUSE_FACTS);
}

/* One instruction that is this token behind that one. False when a few tries found none. */
static inline bool drawer_draw(struct drawer *drawer, u16 token, unsigned slot,
                               const struct insn *before, struct insn *insn)
{
    const u32 *first = &drawer->narrow.first[FUSE_ROW(token)];

    if (token & FUSE_WIDE) {
        for (unsigned tries = 0; tries < 50; tries++)
            if (drawer_accepts(drawer, drawer_wide(drawer, token, before), slot, before, token,
                               insn))
                return true;
        return false;
    }
    if (first[0] == first[1])
        return false;
    for (u32 count = first[1] - first[0], tries = 0, from = random_below(&drawer->random, count);
         tries < count; tries++)
        if (drawer_accepts(drawer, drawer->narrow.word[first[0] + (from + tries) % count], slot,
                           before, token, insn))
            return true;
    return false;
}

/* The instructions of a sequence that lies at this slot of its page. */
static inline bool drawer_sequence(struct drawer *drawer, const struct sequence *sequence,
                                   unsigned slot, struct insn insns[FUSE_LONGEST])
{
    for (unsigned i = 0; i < sequence->length; i++) {
        if (!drawer_draw(drawer, sequence->token[i], slot, i ? &insns[i - 1] : NULL, &insns[i]))
            return false;
        slot += insns[i].length / 2;
    }
    return slot < PAGE_OPS;
}

/* Where in the page it lies: often near an edge, which compressed branches must reach to leave. */
static inline unsigned drawer_slot(struct drawer *drawer)
{
    unsigned near = random_below(&drawer->random, 60);

    switch (random_below(&drawer->random, 3)) {
    case 0:
        return near;
    case 1:
        return PAGE_OPS - 20 - near;
    default:
        return random_below(&drawer->random, PAGE_OPS - 20);
    }
}

#endif
