/* Fused sequences: two to eight instructions of a straight run that one handler of the fast engine
 * does, because what costs is the jump from handler to handler. Which ones exist is decided by a
 * profile (cpu/fused_rv64.txt, cpu/fused_rv32.txt; tests/bench/profile made it);
 * cpu/fuse_generate.c turns it into handlers when the engine is built. This file finds the
 * sequences in a run that was decoded.
 *
 * The instructions of a sequence are described by tokens. Each instruction keeps its own op, so a
 * sequence is only another handler at the first of them, and jumping into its middle just works. */
#ifndef CPU_FUSE_H
#define CPU_FUSE_H

#include "cpu/code.h"
#include "cpu/isa.h"

#define FUSE_LONGEST 8 /* instructions in a sequence */

/* What a handler must know of an instruction: its row, its length, whether a branch leaves the
 * page; and facts that a handler may make use of, so that one which does not know them suits as
 * well.
 *
 *     15 .. 6   5      4     3      2      1        0
 *     row       wide   far   no rd  near   source 2 source 1
 */
#define FUSE_SOURCE_1    0x01u /* the instruction before has written rs1 */
#define FUSE_SOURCE_2    0x02u
#define FUSE_NEAR        0x04u /* a load behind a load, or a store behind a store, from the same rs1 */
#define FUSE_NO_RD       0x08u /* a jump whose rd is x0 */
#define FUSE_FACTS       0x0fu
#define FUSE_FIRST_FACTS FUSE_NO_RD /* that hold of an instruction with nothing before it */
#define FUSE_FAR         0x10u
#define FUSE_WIDE        0x20u
#define FUSE_ROW(token)  ((token) >> 6)
#define FUSE_NONE        0xffffu /* nothing that can be part of a sequence */
#define FUSE_TOKEN_CHARS 32      /* that fuse_print() needs at most */

/* The token of an instruction at this slot of its page (a halfword; cpu/code.h). before is the
 * instruction that runs just before it, or NULL. */
u16 fuse_token(const struct insn *insn, unsigned slot, const struct insn *before);
/* The same instruction as the first of a sequence: what came before it does not count. */
static inline u16 fuse_first(u16 token)
{
    return token & (u16) ~(FUSE_FACTS & ~FUSE_FIRST_FACTS);
}
/* A token as the profiles spell it: "ld:2<1" is a compressed ld whose rs1 the
 * one before wrote, "sd:4=" a near sd, "jal:4!0" a jal to another page without rd. fuse_read()
 * returns FUSE_NONE for what is none. */
char *fuse_print(u16 token, char text[FUSE_TOKEN_CHARS]);
u16 fuse_read(const char *text);

/* The sequences as a tree: from node 0 an edge for each token. Generated; edges of a node lie side
 * by side in the order of their tokens. */
struct fuse_edge {
    u16 token;
    u16 node;
};
struct fuse_node {
    u16 first, count; /* its edges */
    u16 handler;      /* of the sequence that ends here, plus one; 0: none does */
};
struct fuse_tree {
    const struct fuse_node *nodes;
    const struct fuse_edge *edges;
    handler *const *handlers;
    unsigned count; /* of handlers */
};

/* A decoded straight run: its tokens and where its ops are. */
#define FUSE_RUN (255 + FUSE_LONGEST - 1)
struct fuse_run {
    unsigned count;          /* instructions that were decoded now */
    unsigned total;          /* and with those that follow them and were known */
    u16 token[FUSE_RUN];     /* of all of them */
    struct op *op[FUSE_RUN]; /* of the first count */
};

/* Gives every op of the run the sequence that leaves the fewest jumps to the run's end. */
void fuse_ops(const struct fuse_tree *tree, const struct fuse_run *run);

#endif
