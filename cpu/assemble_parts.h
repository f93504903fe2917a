/* The assembler's insides, for cpu/assemble*.c alone. One struct goes through all of them: where
 * the reader is in the text, where the bytes go, which names there are.
 *
 *   assemble.c         two passes over the statements; labels
 *   assemble_text.c    words, numbers and strings; comments; complaints
 *   assemble_value.c   expressions, %hi and its kin
 *   assemble_symbols.c names, and what they stand for
 *   assemble_insn.c    a statement by the rows of the tables
 *   assemble_operand.c what the words of their templates are
 *   assemble_pseudo.c  a statement that stands for others
 *   assemble_data.c    directives
 *
 * The first pass decides how long everything is, the second knows every name and writes. A function
 * that returns false has called assembler_fail(). */
#ifndef CPU_ASSEMBLE_PARTS_H
#define CPU_ASSEMBLE_PARTS_H

#include "cpu/assemble.h"

#define SECTIONS       16
#define NO_SECTION     (-1) /* a plain number */
#define NUMERIC_LABELS 100  /* 0: to 99: */
#define NAME_LONGEST   256
#define ALIGN_MOST     16 /* .align: as a power of two */

struct section {
    char name[32];
    u64 size;      /* so far in this pass */
    u64 alignment; /* the largest that was asked for */
    vaddr base;    /* 0 in the first pass */
};

struct symbol {
    char *name;
    u64 value; /* with a section: from its start */
    int section;
    bool is_known; /* false: .equ of what the first pass cannot know */
    bool is_label;
};

struct symbols_by_name {
    struct symbol *list; /* in the order of the source */
    size_t count, room;
    u32 *slots; /* a hash table of indices into the list, plus 1 */
    size_t slot_count;
};

enum pass { PASS_LAYOUT, PASS_OUTPUT };

struct assembler {
    const char *at; /* the reader; what it reads ends with 0 */
    const struct isa *isa;
    struct decoder *decoder;
    u8 is_on[512]; /* by spelling: does this processor have it? */
    const char *file_name;
    unsigned line;
    enum pass pass;
    unsigned depth; /* of parentheses, and of pseudo-instructions within one another */
    struct section sections[SECTIONS];
    unsigned section_count, section;
    struct symbols_by_name names;
    unsigned passed[NUMERIC_LABELS]; /* how often "1:" was seen in this pass */
    /* What each %pcrel_hi was about, for the %pcrel_lo that names its address. */
    struct high_part {
        vaddr at;
        i64 distance;
    } * highs;
    size_t high_count, high_room;
    vaddr base;
    u8 *bytes;
    u64 size; /* of bytes; what the first pass came to */
    char *message;
    size_t message_size;
};

/* assemble.c */
/* Reads the statements of a text; for pseudo-instructions, which bring their own. */
bool assembler_run(struct assembler *as, const char *text);
/* The next size bytes of the section, little-endian. */
bool assembler_emit(struct assembler *as, u64 value, unsigned size);
/* The same byte so many times. */
bool assembler_fill(struct assembler *as, u64 count, u8 with);
/* Where the next byte goes; counted from 0 in the first pass. */
vaddr assembler_here(const struct assembler *as);

/* assemble_text.c */
bool assembler_fail(struct assembler *as, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* A copy without comments, in which a form feed ends a statement within a line. NULL: no memory. */
char *assembler_strip(const char *source, size_t length);
/* Blanks are skipped before each of these. */
bool assembler_is_end(struct assembler *as); /* of the statement */
bool assembler_take(struct assembler *as, char character);
size_t assembler_word(struct assembler *as, const char **word); /* a name; 0: there is none */
bool assembler_number(struct assembler *as, u64 *number);
/* One character of a constant or a string, escapes read. */
bool assembler_character(struct assembler *as, u8 *character);
/* -1 unless the next word is a register; then it is taken. */
int assembler_register(struct assembler *as);
int assembler_float_register(struct assembler *as);
/* Does this word name an integer register? */
bool assembler_is_register(const char *word, size_t length);

/* assemble_value.c */
struct value {
    u64 number;
    int section; /* NO_SECTION, or what its address moves with */
    bool is_known;
    char unknown[64]; /* the name that is to blame */
};
bool assembler_value(struct assembler *as, struct value *value);
/* The same, or %hi(value) and the like. */
bool assembler_operand(struct assembler *as, struct value *value);
/* A number that the layout depends on: it must be known in the first pass. */
bool assembler_constant(struct assembler *as, u64 *number);
/* False, with the name to blame, when the second pass does not know it. */
bool assembler_check_known(struct assembler *as, const struct value *value);
/* On RV32 a number of 32 bits may be meant as negative. */
i64 assembler_signed(const struct assembler *as, u64 number);

/* assemble_symbols.c */
const struct symbol *assembler_find(const struct assembler *as, const char *name, size_t length);
bool assembler_label(struct assembler *as, const char *name, size_t length);
bool assembler_assign(struct assembler *as, const char *name, size_t length,
                      const struct value *value);
/* The numeric label n as the so-manieth in the text: what its name is among the names. */
void assembler_numeric_name(unsigned number, unsigned which, char name[32]);
void assembler_free_symbols(struct symbols_by_name *names);

/* assemble_insn.c, assemble_operand.c and assemble_pseudo.c */
enum outcome {
    OUTCOME_DONE,
    OUTCOME_MISMATCH, /* not what this line of the table looks like; nothing was done */
    OUTCOME_FAILED,
};
enum field { FIELD_RD, FIELD_RS1, FIELD_RS2, FIELD_RS3, FIELD_RM, FIELD_IMM, FIELD_NAME, FIELDS };

/* What a line's operands ask for. */
struct wanted {
    const struct row_info *row;
    unsigned spelling; /* its index in isa_rows() */
    unsigned named;    /* a set of fields; the others stay as the row's bits have them */
    i64 value[FIELDS]; /* FIELD_NAME: the number at the end of the name c.mop.7 */
    unsigned scale;    /* for people imm counts in units of 1 << scale */
    bool is_target;
    struct value blame; /* an operand that is not known */
};
/* Reads the operand that a word of a template stands for. */
enum outcome assembler_read_word(struct assembler *as, struct wanted *wanted, const char *word,
                                 size_t length);
/* At the end of a statement: MISMATCH when the operand is needed. */
enum outcome assembler_leave_out_word(struct wanted *wanted, const char *word, size_t length);

/* Tries the lines of the tables that have this name. */
enum outcome assembler_insn(struct assembler *as, const char *name, size_t length);
enum outcome assembler_pseudo(struct assembler *as, const char *name, size_t length);
/* Complains of a statement that no line has taken. */
bool assembler_refuse(struct assembler *as, const char *name, size_t length);
/* "rd, imm(rs1)" of the pseudo-instruction with this name, or NULL. */
const char *assembler_pseudo_operands(const char *name, size_t length);

/* assemble_data.c */
bool assembler_directive(struct assembler *as, const char *name, size_t length);

#endif
