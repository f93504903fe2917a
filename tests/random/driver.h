/* The driver of random samples (driver.s), and images of guest memory that hold it and samples. */
#ifndef TESTS_RANDOM_DRIVER_H
#define TESTS_RANDOM_DRIVER_H

#include "tests/random/sample.h"

/* A record: words of 8 bytes, then the body. */
enum record_word {
    R_SIZE, /* bytes to the next record; 0: there is none */
    R_SKIP,
    R_DUMP,
    R_LOOPS,
    R_START,
    R_BODY_SIZE,
    R_DATA,
    R_TABLES,
    R_FCSR,
    R_SECURITY,
    R_X,
    R_F = R_X + 32,
    R_WHERES = R_F + 32,
    R_BODY = R_WHERES + SAMPLE_WHERES * WORD_COUNT
};

/* What is asked of a sample in an image. */
enum ask { ASK_HASH, ASK_STATE, ASK_NOTHING };

struct driver {
    struct isa isa;
    u8 *code;
    u64 size;
    vaddr next_sample; /* going there, in M-mode, gives a sample up */
    vaddr executed;    /* where it counts the samples' instructions, a word of XLEN bits */
};

/* False and a sentence when driver.s cannot be read or assembled. */
bool driver_init(struct driver *driver, const struct isa *isa, char *message, size_t message_size);
void driver_release(struct driver *driver);

/* An ELF file as it lies in a file: one segment at AT_BASE. */
struct image {
    u8 *bytes;
    u64 size;    /* of the file */
    u64 header;  /* the segment begins this far into it */
    u64 records; /* the first record, from the start of the segment */
    unsigned count;
};

/* An image of these samples, which all have the same page tables. False when memory is short. */
bool image_build(struct image *image, const struct driver *driver, const struct sample *samples,
                 unsigned count);
/* Changes what is asked of one of them. */
void image_ask(struct image *image, unsigned which, enum ask ask);
void image_release(struct image *image);

/* What a line of ASK_STATE names: "a0", "fa0", "fcsr", "traps", "data", "code"; NULL at the end.
 * text has room for 16. */
const char *driver_state_name(const struct driver *driver, unsigned word, char *text);

#endif
