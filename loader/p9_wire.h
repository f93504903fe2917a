/* Messages of 9P2000.L as bytes: little-endian numbers, texts with a 16-bit length before them and
 * no end. A request is taken apart once, by a word that says what it holds; all that comes out of
 * it lies within the message, and every name is a plain one. */
#ifndef LOADER_P9_WIRE_H
#define LOADER_P9_WIRE_H

#include "memory/types.h"

#define P9_HEADER  7u  /* size:32 type:8 tag:16 */
#define P9_NUMBERS 12u /* most in a message */
#define P9_TEXTS   16u /* most in a message: a walk's names */
#define P9_NAME    255u

struct p9_text {
    const char *at;
    u32 size;
};

struct p9_args {
    u64 numbers[P9_NUMBERS];
    struct p9_text texts[P9_TEXTS];
    const u8 *data;
    u32 number_count, text_count, data_size;
};

/* Takes the body of a request apart. format has a letter for each field:
 *
 *     1 2 4 8   a number of so many bytes
 *     n         a name: 1 to 255 bytes, not "." or "..", without '/' and NUL
 *     s         a text without NUL
 *     w         a walk: how many names, 16 bits, at most 16; then so many, ".." among them allowed
 *     d         data: its size, 32 bits, then so many bytes
 *
 * 0; -EINVAL or -ENAMETOOLONG for a bad name; -EPROTO for a message that is not so, or goes on. */
int p9_parse(struct p9_args *args, const char *format, const u8 *bytes, u32 size);

/* An answer under construction. What does not fit sets is_full. */
struct p9_out {
    u8 *bytes;
    u32 size, room;
    bool is_full;
};

void p9_put(struct p9_out *out, unsigned bytes, u64 value);
void p9_put_text(struct p9_out *out, const char *text, size_t size);
/* Puts a number where one has been put before. */
void p9_patch(struct p9_out *out, u32 at, unsigned bytes, u64 value);

/* The number that Linux on RISC-V has for an error of this host. */
u32 p9_linux_error(int error);

#endif
