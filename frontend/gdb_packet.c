/* Reading and writing packets (see gdb_packet.h). Left out: run-length encoding, notifications. */
#include "frontend/gdb_packet.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ESCAPE     '}'
#define ESCAPE_XOR 0x20
#define CTRL_C     3

void gdb_reader_init(struct gdb_reader *reader)
{
    reader->state = GDB_OUTSIDE;
    reader->size = 0;
    reader->data[0] = 0;
}

static int digit_of(u8 byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    if (byte >= 'A' && byte <= 'F')
        return byte - 'A' + 10;
    return -1;
}

static void start(struct gdb_reader *reader)
{
    reader->state = GDB_DATA;
    reader->sum = 0;
    reader->size = 0;
    reader->is_too_long = false;
}

static void keep(struct gdb_reader *reader, u8 byte)
{
    if (reader->size == GDB_PACKET)
        reader->is_too_long = true;
    else
        reader->data[reader->size++] = (char)byte;
}

static enum gdb_event finish(struct gdb_reader *reader, int second)
{
    bool is_right = reader->digit >= 0 && second >= 0 && reader->digit * 16 + second == reader->sum;

    reader->state = GDB_OUTSIDE;
    reader->data[reader->size] = 0;
    return is_right && !reader->is_too_long ? GDB_GOOD : GDB_DAMAGED;
}

static enum gdb_event read_outside(struct gdb_reader *reader, u8 byte)
{
    switch (byte) {
    case '$':
        start(reader);
        return GDB_NOTHING;
    case '+':
        return GDB_ACK;
    case '-':
        return GDB_NAK;
    case CTRL_C:
        return GDB_BREAK;
    }
    return GDB_NOTHING;
}

static void read_data(struct gdb_reader *reader, u8 byte)
{
    if (byte == '$') { /* the other side has begun anew */
        start(reader);
        return;
    }
    if (byte == '#') {
        reader->state = GDB_SUM_1;
        return;
    }
    reader->sum = (u8)(reader->sum + byte);
    if (byte == ESCAPE)
        reader->state = GDB_ESCAPED;
    else
        keep(reader, byte);
}

enum gdb_event gdb_read(struct gdb_reader *reader, u8 byte)
{
    switch (reader->state) {
    case GDB_OUTSIDE:
        return read_outside(reader, byte);
    case GDB_DATA:
        read_data(reader, byte);
        return GDB_NOTHING;
    case GDB_ESCAPED:
        reader->sum = (u8)(reader->sum + byte);
        keep(reader, byte ^ ESCAPE_XOR);
        reader->state = GDB_DATA;
        return GDB_NOTHING;
    case GDB_SUM_1:
        reader->digit = digit_of(byte);
        reader->state = GDB_SUM_2;
        return GDB_NOTHING;
    case GDB_SUM_2:
        break;
    }
    return finish(reader, digit_of(byte));
}

void gdb_out_free(struct gdb_out *out)
{
    free(out->bytes);
    *out = (struct gdb_out){.bytes = NULL};
}

static bool make_room(struct gdb_out *out, size_t more)
{
    size_t room = out->room ? out->room : 1024;
    u8 *bytes;

    while (room - out->size < more)
        room *= 2;
    if (room == out->room)
        return true;
    bytes = realloc(out->bytes, room);
    if (!bytes) {
        out->has_failed = true;
        return false;
    }
    out->bytes = bytes;
    out->room = room;
    return true;
}

static void append(struct gdb_out *out, const void *bytes, size_t size)
{
    if (!size || !make_room(out, size))
        return;
    memcpy(out->bytes + out->size, bytes, size);
    out->size += size;
}

void gdb_out_sent(struct gdb_out *out, size_t size)
{
    out->size -= size;
    if (out->size)
        memmove(out->bytes, out->bytes + size, out->size);
}

void gdb_put_byte(struct gdb_out *out, u8 byte)
{
    append(out, &byte, 1);
}

void gdb_begin(struct gdb_out *out)
{
    gdb_put_byte(out, '$');
    out->packet = out->size;
}

void gdb_end(struct gdb_out *out)
{
    char end[4];
    u8 sum = 0;

    for (size_t i = out->packet; i < out->size; i++)
        sum = (u8)(sum + out->bytes[i]);
    snprintf(end, sizeof end, "#%02x", sum);
    append(out, end, 3);
}

void gdb_put(struct gdb_out *out, const char *format, ...)
{
    char text[512];
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    append(out, text, length < (int)sizeof text ? (size_t)length : sizeof text - 1);
}

void gdb_put_hex(struct gdb_out *out, const void *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    const u8 *from = bytes;

    if (!make_room(out, 2 * size))
        return;
    for (size_t i = 0; i < size; i++) {
        out->bytes[out->size++] = (u8)digits[from[i] >> 4];
        out->bytes[out->size++] = (u8)digits[from[i] & 15];
    }
}

void gdb_put_binary(struct gdb_out *out, const void *bytes, size_t size)
{
    const u8 *from = bytes;

    if (!make_room(out, 2 * size))
        return;
    for (size_t i = 0; i < size; i++) {
        bool is_special = from[i] && strchr("#$}*", from[i]);
        if (is_special)
            out->bytes[out->size++] = ESCAPE;
        out->bytes[out->size++] = is_special ? from[i] ^ ESCAPE_XOR : from[i];
    }
}

void gdb_answer(struct gdb_out *out, const char *text)
{
    gdb_begin(out);
    gdb_put(out, "%s", text);
    gdb_end(out);
}

bool gdb_take_number(const char **at, u64 *value)
{
    const char *from = *at;
    int digit;

    *value = 0;
    for (; (digit = digit_of((u8)*from)) >= 0; from++) {
        if (from - *at == 16)
            return false;
        *value = *value << 4 | (unsigned)digit;
    }
    if (from == *at)
        return false;
    *at = from;
    return true;
}

bool gdb_take(const char **at, char wanted)
{
    if (**at != wanted)
        return false;
    ++*at;
    return true;
}

bool gdb_take_thread(const char **at, long *id)
{
    u64 number;

    if (!strncmp(*at, "-1", 2)) {
        *at += 2;
        *id = -1;
        return true;
    }
    if (!gdb_take_number(at, &number) || number > INT32_MAX)
        return false;
    *id = (long)number;
    return true;
}

size_t gdb_take_hex(const char *at, void *to, size_t most)
{
    size_t length = strlen(at);
    u8 *bytes = to;

    if (length % 2 || length / 2 > most)
        return SIZE_MAX;
    for (size_t i = 0; i < length / 2; i++) {
        int high = digit_of((u8)at[2 * i]), low = digit_of((u8)at[2 * i + 1]);
        if (high < 0 || low < 0)
            return SIZE_MAX;
        bytes[i] = (u8)(high << 4 | low);
    }
    return length / 2;
}
