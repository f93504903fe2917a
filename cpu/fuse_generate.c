/* Built and run before the fast engine: makes the handlers of fused sequences out of a profile.
 *
 *   fuse_generate 32|64 MOST PROFILE FILE
 *
 * A line of the profile is a weight and the tokens of a sequence (cpu/fuse.h); '#' begins a
 * comment. The first MOST lines become handlers, whose parts are the meanings of the rows of
 * isa.def, word for word, and a tree by which cpu/fuse.c finds them. Not part of Vitrine itself. */
#include "cpu/fuse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEQUENCES 2000
#define NODES     (SEQUENCES * FUSE_LONGEST)

struct node {
    u16 token, handler;
    unsigned child, sibling; /* by rising token; 0: none */
    unsigned number;         /* in the order of printing */
};

struct forest {
    struct node nodes[NODES];
    unsigned count;
};

static unsigned child_of(struct forest *forest, unsigned parent, u16 token)
{
    unsigned *link = &forest->nodes[parent].child;

    while (*link && forest->nodes[*link].token < token)
        link = &forest->nodes[*link].sibling;
    if (!*link || forest->nodes[*link].token != token) {
        forest->nodes[forest->count] = (struct node){.token = token, .sibling = *link};
        *link = forest->count++;
    }
    return *link;
}

static bool suits(unsigned xlen, const struct row_info *row)
{
    unsigned only = row->need >> 8 & 0xff;

    return only == 0 || only == xlen;
}

/* Reads one line. Returns the number of tokens; 0 for a comment; -1 when it makes no sense. */
static int read_line(char *line, u16 tokens[FUSE_LONGEST])
{
    unsigned row_count;
    bool has_jump = false;
    int count = 0;
    char *rest = line, *word = strtok_r(line, " \n", &rest);

    if (!word || *word == '#')
        return 0;
    while ((word = strtok_r(NULL, " \n", &rest))) {
        u16 token = fuse_read(word);
        if (token == FUSE_NONE || count == FUSE_LONGEST || has_jump)
            return -1;
        has_jump = isa_rows(&row_count)[FUSE_ROW(token)].kind == KIND_FLOW; /* it ends a run */
        tokens[count++] = token;
    }
    return count >= 2 ? count : -1;
}

static void print_handler(unsigned number, const u16 *tokens, int count)
{
    unsigned row_count;
    bool is_checked =
        false; /* that the host's FPU may be used; nothing in a sequence changes that */

    printf("FUSED(fused_%u", number);
    for (int i = 0; i < count; i++) {
        const struct row_info *row = &isa_rows(&row_count)[FUSE_ROW(tokens[i])];
        unsigned length = tokens[i] & FUSE_WIDE ? 4 : 2;
        unsigned need = is_checked ? (unsigned)EXT_I : row->need & 0xff;
        is_checked |= IS_FLOAT(row->need);
        printf("%s\n    PART(\"%s\", %u, %u, %u, %s, ", i ? "" : ",", row->operands, need, length,
               tokens[i] & FUSE_FACTS,
               tokens[i] & FUSE_FAR ? "GO_FAR(FAR_TARGET)"
               : i == count - 1     ? "GO_ROUND()"
                                    : "GO_NEAR()");
        if (row->kind == KIND_SYSTEM)
            printf("door_plain, %s)", row->meaning);
        else
            printf("%s_%s_%u, %s)", tokens[i] & FUSE_NEAR ? "run" : "missed", row->name, length,
                   row->meaning);
    }
    puts(")\n");
}

static void number_nodes(struct forest *forest, unsigned *order)
{
    unsigned count = 1;

    order[0] = 0;
    for (unsigned i = 0; i < count; i++)
        for (unsigned child = forest->nodes[order[i]].child; child;
             child = forest->nodes[child].sibling) {
            forest->nodes[child].number = count;
            order[count++] = child;
        }
}

static void print_tree(struct forest *forest)
{
    static unsigned order[NODES];
    unsigned edge = 0;

    number_nodes(forest, order);
    puts("static const struct fuse_node fused_nodes[] = {");
    for (unsigned i = 0; i < forest->count; i++) {
        const struct node *node = &forest->nodes[order[i]];
        unsigned children = 0;
        for (unsigned child = node->child; child; child = forest->nodes[child].sibling)
            children++;
        printf("    {%u, %u, %u},\n", edge, children, node->handler);
        edge += children;
    }
    puts("};\nstatic const struct fuse_edge fused_edges[] = {");
    for (unsigned i = 1; i < forest->count; i++) /* the order of numbers is the order of edges */
        printf("    {%u, %u},\n", forest->nodes[order[i]].token, i);
    puts("    {0, 0},\n};");
}

static unsigned make_handlers(FILE *profile, const char *path, unsigned xlen, unsigned most,
                              struct forest *forest)
{
    char line[FUSE_LONGEST * FUSE_TOKEN_CHARS + 64];
    unsigned made = 0;

    for (unsigned number = 1; made < most && fgets(line, sizeof line, profile); number++) {
        u16 tokens[FUSE_LONGEST];
        unsigned row_count, node = 0;
        bool fits = true;
        int count = read_line(line, tokens);
        if (count < 0) {
            fprintf(stderr,
                    "%s:%u: not a weight and 2 to %d tokens of rows of isa.def, jumps last\n", path,
                    number, FUSE_LONGEST);
            exit(1);
        }
        for (int i = 0; i < count; i++)
            fits = fits && suits(xlen, &isa_rows(&row_count)[FUSE_ROW(tokens[i])]);
        if (!count || !fits)
            continue;
        for (int i = 0; i < count; i++)
            node = child_of(forest, node, i ? tokens[i] : fuse_first(tokens[i]));
        if (forest->nodes[node].handler)
            continue;
        forest->nodes[node].handler = (u16)(made + 1);
        print_handler(made++, tokens, count);
    }
    return made;
}

int main(int argc, char **argv)
{
    static struct forest forest = {.count = 1};
    unsigned made, most = argc == 5 ? (unsigned)strtoul(argv[2], NULL, 10) : SEQUENCES;
    FILE *profile = argc == 5 ? fopen(argv[3], "r") : NULL;

    if (!profile || most >= SEQUENCES || !freopen(argv[4], "w", stdout)) {
        fprintf(stderr, "usage: fuse_generate 32|64 MOST(<%d) PROFILE FILE\n", SEQUENCES);
        return 2;
    }
    printf("/* Made by cpu/fuse_generate.c from %s. */\n", argv[3]);
    made = make_handlers(profile, argv[3], (unsigned)strtoul(argv[1], NULL, 10), most, &forest);
    puts("static handler *const fused_handlers[] = {");
    for (unsigned i = 0; i < made; i++)
        printf("    fused_%u,\n", i);
    puts("    NULL,\n};");
    print_tree(&forest);
    fclose(profile);
    return fclose(stdout) != 0;
}
