/* Finding fused sequences in a straight run (see fuse.h). */
#include "cpu/fuse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_relative(const struct row_info *row)
{
    return row->format == FORMAT_B || row->format == FORMAT_J;
}

/* Does the print template name this register? "rs1" is also in "frs1", which is another one. */
static bool reads(const char *operands, const char *name)
{
    const char *at = strstr(operands, name);

    return at && (at == operands || at[-1] != 'f');
}

/* What a row does with its operands, as its print template tells. */
enum { READS_RS1 = 1, READS_FRS1 = 2, READS_RS2 = 4, READS_FRS2 = 8, LOADS = 16, STORES = 32 };
#define USES(operands, format, is_insn)                                                            \
    (reads(operands, "rs1") * READS_RS1 | reads(operands, "frs1") * READS_FRS1 |                   \
     reads(operands, "rs2") * READS_RS2 | reads(operands, "frs2") * READS_FRS2 |                   \
     (is_insn && FORMAT_##format == FORMAT_I && strstr(operands, "(rs1)") ? LOADS : 0) |           \
     (FORMAT_##format == FORMAT_S && strstr(operands, "rs2, imm(rs1)") ? STORES : 0))

/* Asked for every instruction that is decoded: a switch, which compilers make a table of. */
static unsigned uses(unsigned row)
{
    switch (row) {
#define INSN(name, operands, format, ...)                                                          \
    case ROW_##name:                                                                               \
        return USES(operands, format, true);
#define FLOW(name, operands, format, ...)                                                          \
    case ROW_##name:                                                                               \
        return USES(operands, format, false);
#define SYSTEM FLOW
#include "cpu/isa.def"
#undef INSN
#undef FLOW
#undef SYSTEM
    }
    return 0;
}

/* Has the instruction before written the register of this file and number? */
static bool has_written(const struct insn *before, unsigned number, bool is_float)
{
    unsigned row_count;
    const struct row_info *row = &isa_rows(&row_count)[before->row];

    if (before->rd != number)
        return false;
    return is_float ? WRITES_FRD(row->operands) : WRITES_RD(row->operands) && number != 0;
}

static u16 sources(const struct insn *insn, const struct insn *before)
{
    unsigned used = uses(insn->row);
    u16 found = 0;

    if ((used & READS_RS1 && has_written(before, insn->rs1, false)) ||
        (used & READS_FRS1 && has_written(before, insn->rs1, true)))
        found |= FUSE_SOURCE_1;
    if ((used & READS_RS2 && has_written(before, insn->rs2, false)) ||
        (used & READS_FRS2 && has_written(before, insn->rs2, true)))
        found |= FUSE_SOURCE_2;
    return found;
}

static bool is_near(const struct insn *insn, const struct insn *before)
{
    return uses(insn->row) & uses(before->row) & (LOADS | STORES) && insn->rs1 == before->rs1 &&
           !has_written(before, insn->rs1, false);
}

/* CSRs that only store are accessed in passing (csr.def). */
static bool only_stores(unsigned number)
{
    switch (number) {
#define CSR(...)
#define STORED(n, ...)                                                                             \
    case n:                                                                                        \
        return true;
#include "cpu/csr.def"
#undef CSR
    }
    return false;
}

u16 fuse_token(const struct insn *insn, unsigned slot, const struct insn *before)
{
    unsigned row_count;
    const struct row_info *row;
    u16 token;

    if (insn->row == ROW_illegal)
        return FUSE_NONE;
    row = &isa_rows(&row_count)[insn->row];
    if (row->kind == KIND_SYSTEM &&
        (row->format != FORMAT_CSR || !only_stores((unsigned)insn->imm)))
        return FUSE_NONE;
    token = (u16)(insn->row << 6 | (insn->length == 4 ? FUSE_WIDE : 0));
    if (is_relative(row) && (u64)((i64)slot + insn->imm / 2) >= PAGE_OPS)
        token |= FUSE_FAR;
    if (row->kind == KIND_FLOW && insn->rd == 0)
        token |= FUSE_NO_RD;
    if (before && is_near(insn, before))
        token |= FUSE_NEAR;
    return before ? token | sources(insn, before) : token;
}

char *fuse_print(u16 token, char text[FUSE_TOKEN_CHARS])
{
    static const char *const source_names[] = {"", "<1", "<2", "<12"};
    unsigned row_count;

    snprintf(text, FUSE_TOKEN_CHARS, "%s:%c%s%s%s%s", isa_rows(&row_count)[FUSE_ROW(token)].name,
             token & FUSE_WIDE ? '4' : '2', token & FUSE_FAR ? "!" : "",
             token & FUSE_NO_RD ? "0" : "", token & FUSE_NEAR ? "=" : "",
             source_names[token & (FUSE_SOURCE_1 | FUSE_SOURCE_2)]);
    return text;
}

u16 fuse_read(const char *text)
{
    char printed[FUSE_TOKEN_CHARS];
    size_t name = strcspn(text, ":");

    for (unsigned row = 0; row < ROW_COUNT; row++) {
        unsigned row_count;
        const char *row_name = isa_rows(&row_count)[row].name;
        if (strlen(row_name) != name || strncmp(row_name, text, name) != 0)
            continue;
        for (unsigned low = 0; low < 64; low++)
            if (!strcmp(fuse_print((u16)(row << 6 | low), printed), text))
                return (u16)(row << 6 | low);
    }
    return FUSE_NONE;
}

static int compare_edges(const void *token, const void *edge)
{
    return *(const u16 *)token - ((const struct fuse_edge *)edge)->token;
}

static const struct fuse_node *follow(const struct fuse_tree *tree, const struct fuse_node *node,
                                      u16 token)
{
    const struct fuse_edge *edge =
        bsearch(&token, tree->edges + node->first, node->count, sizeof *edge, compare_edges);

    return edge ? &tree->nodes[edge->node] : NULL;
}

/* Looking for the best sequence that begins at one instruction. */
struct search {
    const struct fuse_tree *tree;
    const struct fuse_run *run;
    const u16 *jumps; /* to the run's end, from each instruction behind this one */
    unsigned best_jumps;
    handler *best;
};

static void look(struct search *search, const struct fuse_node *node, unsigned at)
{
    u16 token, facts;

    if (node->handler && search->jumps[at] + 1u <= search->best_jumps) {
        search->best_jumps = search->jumps[at] + 1u;
        search->best = search->tree->handlers[node->handler - 1];
    }
    if (at == search->run->total)
        return;
    token = search->run->token[at];
    if (node == search->tree->nodes)
        token = fuse_first(token);
    facts = token & FUSE_FACTS;
    /* Every subset of the facts, all of them last: of equals the one found last is taken, and the
     * more a handler knows the less it does. */
    for (u16 used = 0;; used = (u16)((used - facts) & facts)) {
        const struct fuse_node *next =
            follow(search->tree, node, (u16)((token & ~FUSE_FACTS) | used));
        if (next)
            look(search, next, at + 1);
        if (used == facts)
            break;
    }
}

void fuse_ops(const struct fuse_tree *tree, const struct fuse_run *run)
{
    u16 jumps[FUSE_RUN + 1];

    for (unsigned i = run->count; i <= run->total; i++)
        jumps[i] = (u16)(run->total - i);
    for (unsigned i = run->count; i-- > 0;) {
        struct search search = {tree, run, jumps, jumps[i + 1] + 1u, NULL};

        if (run->token[i] != FUSE_NONE)
            look(&search, tree->nodes, i);
        jumps[i] = (u16)search.best_jumps;
        if (search.best)
            run->op[i]->run = search.best;
    }
}
