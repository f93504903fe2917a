/* Decoded code: each guest page that is executed gets a shadow, one 16-byte op per halfword, filled
 * when it is first run. No blocks, no links: pc is the op's place in its shadow, and jumping into
 * the middle of anything just works. Shadows belong to a hart and are indexed by physical page, so
 * they survive every change of translation; they are bounded in number and recycled. */
#ifndef CPU_CODE_H
#define CPU_CODE_H

#include "cpu/hart.h"

#define PAGE_OPS 2048 /* halfwords in a page */

/* The four things that live in registers while the fast engine runs. NULL is returned when it comes
 * back. */
typedef struct op *handler(struct op *op, struct hart *hart, i64 budget, u64 word);

struct op {
    handler *run;
    union {
        struct {
            u8 rd, rs1, rs2;
            u8 rest; /* instructions to the end of the straight run; 0: charges for itself */
            i32 imm;
        };
        u64 word; /* all of that in one register */
    };
};
_Static_assert(sizeof(struct op) == 16, "an op is 16 bytes");

struct shadow {
    struct op op[PAGE_OPS + 2]; /* op[PAGE_OPS]: the page's end */
    const u8 *bytes;            /* the page itself */
    u32 live;                   /* ops that are decoded */
    u32 page;                   /* index of the page in RAM */
    u64 armed[PAGE_OPS / 64];   /* a bit for each op that must be a plain one */
};

struct code {
    struct ram *ram;
    struct shadow **of_page; /* by index of the page in RAM; NULL: none */
    struct shadow **shadows;
    unsigned count, limit;
    unsigned next_victim;
    handler *empty,
        *page_end; /* what an op holds before it is decoded; and what follows the last */
    struct code_arm {
        u32 page, slot;
    } * arms; /* all armed ops */
    size_t arm_count, arm_room;
};

/* harts: how many the machine has, 1 to 64; they share the memory for shadows. NULL when memory is
 * short. */
struct code *code_create(struct ram *ram, unsigned harts, handler *empty, handler *page_end);
void code_destroy(struct code *code);
/* The shadow of the page at this physical address, made if need be. *recycled tells that another
 * page lost its shadow for it: fetch tables that point to ops must be emptied. NULL when memory is
 * short. */
struct shadow *code_page(struct code *code, paddr page, bool *recycled);
/* An op of this shadow has been decoded. */
void code_filled(struct code *code, struct shadow *shadow);
/* size bytes, within one page, change: drops the ops that they overlap and the straight run before
 * them. */
void code_written(struct code *code, paddr at, u64 size);
/* This op must be one that the plain engine does, whatever is decoded there, as long as the page
 * has this shadow. False when memory is short. */
bool code_arm(struct code *code, struct shadow *shadow, unsigned slot);
/* In no page any more. */
void code_disarm(struct code *code, unsigned slot);
static inline bool code_is_armed(const struct shadow *shadow, unsigned slot)
{
    return shadow->armed[slot / 64] >> (slot % 64) & 1;
}
/* Forgets everything. */
void code_clear(struct code *code);

#endif
