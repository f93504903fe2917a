/* Packets of gdb's remote protocol ("Overview" in GDB's manual, appendix "Remote Protocol"):
 *
 *     $ data # two digits      the digits are the sum of data's bytes; in data, } and a byte ^ 0x20
 *                              stand for # $ } *
 *
 * and between them + and - (acknowledgements) and 3 (Ctrl-C). Only bytes: no sockets, no machine.
 */
#ifndef FRONTEND_GDB_PACKET_H
#define FRONTEND_GDB_PACKET_H

#include "memory/types.h"

#define GDB_PACKET 0x4000u /* bytes of data that we take, and announce */

enum gdb_event {
    GDB_NOTHING, /* more is needed, or the byte meant nothing */
    GDB_GOOD,    /* a packet is complete: data and size, until the next byte */
    GDB_DAMAGED, /* its sum is wrong, or it was too long */
    GDB_ACK,
    GDB_NAK,
    GDB_BREAK, /* Ctrl-C */
};

struct gdb_reader {
    enum { GDB_OUTSIDE, GDB_DATA, GDB_ESCAPED, GDB_SUM_1, GDB_SUM_2 } state;
    u8 sum;
    int digit; /* the sum's first; -1: none */
    bool is_too_long;
    size_t size;
    char data[GDB_PACKET + 1]; /* ends with NUL; unescaped */
};

void gdb_reader_init(struct gdb_reader *reader);
enum gdb_event gdb_read(struct gdb_reader *reader, u8 byte);

/* What is to be sent: packets and acknowledgements, one after the other. Grows as needed; without
 * memory it loses everything, and has_failed says so. */
struct gdb_out {
    u8 *bytes;
    size_t size, room;
    size_t packet; /* where the data of the packet begins that is being put together */
    bool has_failed;
};

void gdb_out_free(struct gdb_out *out);
/* So many bytes at the front have been sent. */
void gdb_out_sent(struct gdb_out *out, size_t size);
void gdb_put_byte(struct gdb_out *out, u8 byte); /* outside of packets */
void gdb_begin(struct gdb_out *out);
void gdb_end(struct gdb_out *out);
/* Between the two. */
void gdb_put(struct gdb_out *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
void gdb_put_hex(struct gdb_out *out, const void *bytes, size_t size);
void gdb_put_binary(struct gdb_out *out, const void *bytes, size_t size);
/* A packet that is this text. */
void gdb_answer(struct gdb_out *out, const char *text);

/* Parts of packets: on success *at is behind what was read. */
bool gdb_take_number(const char **at, u64 *value); /* hexadecimal, at most 16 digits */
bool gdb_take(const char **at, char wanted);
/* -1 or a hexadecimal number: *id is -1 or that. */
bool gdb_take_thread(const char **at, long *id);
/* Digits in pairs, up to the end of the text: returns the number of bytes, or SIZE_MAX when it is
 * no such thing or more than most. */
size_t gdb_take_hex(const char *at, void *to, size_t most);

#endif
