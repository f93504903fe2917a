/* Shared by the files of `why`: the question, and the words for its answers. */
#ifndef FRONTEND_WHY_PARTS_H
#define FRONTEND_WHY_PARTS_H

#include "cpu/witness.h"
#include "frontend/view.h"

#define WHY_TEXT 256

/* What is asked about: a trap, the walk or the refusal behind it, the instruction, and what came
 * before. */
struct question {
    struct view *view;
    struct hart *hart;
    const struct witness *witness;
    FILE *out;

    const struct trap_seen *last;   /* NULL: there was no trap */
    const struct trap_seen *origin; /* last came within the handler of this one; or NULL */
    bool is_unfinished;             /* nobody has returned since last */
    bool is_repeated;               /* last comes again and again, and nothing happens between */

    /* The trap that is to be explained: origin if that is a mistake, else last. */
    const struct trap_seen *trap;
    unsigned kind;                  /* its cause, or WITNESS_INTERRUPT plus its number */
    const struct fault_seen *fault; /* NULL unless it is a page or access fault */
    struct fault_seen again;        /* where fault points if another has taken its place since */
    enum access why;                /* of fault */
    struct insn insn;
    bool has_insn; /* the instruction could be read */
};

/* A diagnosis: when it holds, and the sentence. */
struct diagnosis {
    bool (*holds)(const struct question *question);
    void (*say)(const struct question *question);
};
extern const struct diagnosis why_hangs[];    /* why_hangs.c; ends with NULL */
extern const struct diagnosis why_handlers[]; /* why_hangs.c */
extern const struct diagnosis why_waits[];    /* why_hangs.c */
/* why_faults.c: what is so wrong that a handler could not run, either; and all other faults. */
extern const struct diagnosis why_roots[];
extern const struct diagnosis why_faults[];
extern const struct diagnosis why_insns[]; /* why_insns.c */

/* why_linux.c */
/* What the kernel has complained of last, in a sentence. False: of nothing that is remembered. */
bool why_say_linux(const struct question *question);
/* Which task the hart is with, if that is known: a whole line. */
void why_say_task(const struct question *question);

/* why_words.c */
/* "load page fault", "machine timer interrupt". */
const char *why_kind(unsigned kind);
/* The same with "a" or "an" before it. */
const char *why_a_kind(unsigned kind, char text[WHY_TEXT]);
/* "user+0x8 (0x80001008)", or the number alone. */
const char *why_place(const struct question *question, vaddr at, char text[WHY_TEXT]);
/* "sd a0, 8(sp)"; "an instruction" when it cannot be read. */
const char *why_insn(const struct question *question, const struct trap_seen *trap,
                     char text[WHY_TEXT]);
/* "uart", "RAM": what is at a physical address. */
const char *why_what(const struct question *question, paddr at);
/* What raised it, in a clause: "`sd a0, 8(sp)` at push+0x4 (0x80000104) in S-mode". */
void why_say_who(const struct question *question, const struct trap_seen *trap);
/* Who took the trap, and where its handler is: a whole sentence. */
void why_say_handler(const struct question *question, const struct trap_seen *trap, unsigned kind);
/* Is this an exception that a program does not ask for? */
bool why_is_mistake(unsigned kind);
bool why_is_fault(unsigned kind, enum access *why);
unsigned why_kind_of(const struct witness *witness, const struct trap_seen *trap);
/* The instruction at this pc, as a trap from that mode fetched it. */
bool why_read_insn(const struct question *question, const struct trap_seen *trap, unsigned kind,
                   struct insn *insn);
/* The tables that an access from this mode uses. */
const struct tlb *why_tables(const struct question *question, u8 from);
/* Walks anew. */
struct walk why_walk(const struct question *question, u8 from, vaddr va, enum access why);

#endif
