/* Sections in a zstd stream (see snapshot_stream.h). The stream has a sum of its own, too; ours is
 * known before anything of a section is believed. */
#include "loader/snapshot_stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#define LEVEL      (-1) /* of compression: 1 makes files 12 % smaller and takes 30 % longer */
#define WINDOW_LOG 23   /* most that a file may make us keep: 8 MiB */
#define PIECE      ((size_t)256 << 10)
#define RUN_MOST   ((u64)256 << 10) /* memory is looked through in runs of at most this */

struct header {
    struct section section;
    u64 sum;
};

struct snapshot_writer {
    int fd;
    int error; /* a negative errno; 0 so far */
    u64 count;
    ZSTD_CCtx *zstd;
    u8 out[PIECE];
};

struct snapshot_reader {
    int fd;
    u64 count;
    bool is_over;
    ZSTD_DCtx *zstd;
    ZSTD_inBuffer in;
    bool has_ended; /* the zstd frame is complete */
    u8 bytes[PIECE];
    u8 payload[SECTION_MOST];
};

u64 snapshot_sum(u64 sum, const void *bytes, size_t size)
{
    const u8 *at = bytes;
    u64 word;

    for (; size >= 8; at += 8, size -= 8) {
        memcpy(&word, at, 8);
        sum = (sum ^ word) * 0x9e3779b97f4a7c15 + (sum >> 29);
    }
    for (; size; at++, size--)
        sum = (sum ^ *at) * 0x9e3779b97f4a7c15 + (sum >> 29);
    return sum;
}

struct snapshot_writer *snapshot_writer_create(int fd)
{
    struct snapshot_writer *writer = malloc(sizeof *writer);

    if (!writer)
        return NULL;
    writer->fd = fd;
    writer->error = 0;
    writer->count = 0;
    writer->zstd = ZSTD_createCCtx();
    if (!writer->zstd) {
        free(writer);
        return NULL;
    }
    ZSTD_CCtx_setParameter(writer->zstd, ZSTD_c_compressionLevel, LEVEL);
    ZSTD_CCtx_setParameter(writer->zstd, ZSTD_c_checksumFlag, 1);
    return writer;
}

void snapshot_writer_destroy(struct snapshot_writer *writer)
{
    if (!writer)
        return;
    ZSTD_freeCCtx(writer->zstd);
    free(writer);
}

static void write_out(struct snapshot_writer *writer, const u8 *at, size_t size)
{
    while (size && !writer->error) {
        ssize_t put = write(writer->fd, at, size);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0) {
            writer->error = put < 0 ? -errno : -EIO;
            return;
        }
        at += put;
        size -= (size_t)put;
    }
}

static void compress(struct snapshot_writer *writer, const void *bytes, size_t size,
                     ZSTD_EndDirective how)
{
    ZSTD_inBuffer in = {bytes, size, 0};
    size_t left = 1;

    while (!writer->error && (in.pos < in.size || (how != ZSTD_e_continue && left))) {
        ZSTD_outBuffer out = {writer->out, sizeof writer->out, 0};
        left = ZSTD_compressStream2(writer->zstd, &out, &in, how);
        if (ZSTD_isError(left))
            writer->error = -ENOMEM; /* the one thing that can be wrong here */
        else
            write_out(writer, writer->out, out.pos);
    }
}

void snapshot_write(struct snapshot_writer *writer, const struct section *section,
                    const void *bytes)
{
    struct header header = {.section = *section};

    header.sum =
        snapshot_sum(snapshot_sum(writer->count, section, sizeof *section), bytes, section->size);
    compress(writer, &header, sizeof header, ZSTD_e_continue);
    compress(writer, bytes, section->size, ZSTD_e_continue);
    writer->count++;
}

/* The first byte, the rest equal to what is before it: the C library's fastest loop. */
static bool is_zero(const u8 *bytes, size_t size)
{
    return bytes[0] == 0 && !memcmp(bytes, bytes + 1, size - 1);
}

static u64 piece_at(u64 at, u64 size)
{
    return size - at < PAGE_SIZE ? size - at : PAGE_SIZE;
}

void snapshot_write_memory(struct snapshot_writer *writer, enum section_kind kind, u32 index,
                           const void *memory, u64 size)
{
    const u8 *bytes = memory;

    for (u64 at = 0; at < size && !writer->error;) {
        u64 from = at;
        while (at < size && at - from < RUN_MOST && !is_zero(bytes + at, piece_at(at, size)))
            at += piece_at(at, size);
        if (at > from)
            snapshot_write(writer, &(struct section){kind, index, from, at - from}, bytes + from);
        else
            at += piece_at(at, size);
    }
}

void snapshot_writer_flush(struct snapshot_writer *writer)
{
    compress(writer, NULL, 0, ZSTD_e_flush);
}

int snapshot_writer_finish(struct snapshot_writer *writer)
{
    snapshot_write(writer, &(struct section){.kind = SECTION_END, .at = writer->count}, NULL);
    compress(writer, NULL, 0, ZSTD_e_end);
    return writer->error;
}

struct snapshot_reader *snapshot_reader_create(int fd)
{
    struct snapshot_reader *reader = malloc(sizeof *reader);

    if (!reader)
        return NULL;
    reader->fd = fd;
    reader->count = 0;
    reader->is_over = reader->has_ended = false;
    reader->in = (ZSTD_inBuffer){reader->bytes, 0, 0};
    reader->zstd = ZSTD_createDCtx();
    if (!reader->zstd) {
        free(reader);
        return NULL;
    }
    ZSTD_DCtx_setParameter(reader->zstd, ZSTD_d_windowLogMax, WINDOW_LOG);
    return reader;
}

void snapshot_reader_destroy(struct snapshot_reader *reader)
{
    if (!reader)
        return;
    ZSTD_freeDCtx(reader->zstd);
    free(reader);
}

/* More of the file. SECTION_BAD at its end. */
static enum section_result read_in(struct snapshot_reader *reader)
{
    ssize_t got;

    do {
        got = read(reader->fd, reader->bytes, sizeof reader->bytes);
    } while (got < 0 && errno == EINTR);
    if (got <= 0)
        return got < 0 ? SECTION_UNREADABLE : SECTION_BAD;
    reader->in = (ZSTD_inBuffer){reader->bytes, (size_t)got, 0};
    return SECTION_GOOD;
}

/* Exactly so many bytes of what was compressed. */
static enum section_result expand(struct snapshot_reader *reader, void *to, size_t size)
{
    ZSTD_outBuffer out = {to, size, 0};

    while (out.pos < out.size) {
        if (reader->has_ended)
            return SECTION_BAD;
        size_t before = out.pos, had = reader->in.pos;
        size_t left = ZSTD_decompressStream(reader->zstd, &out, &reader->in);
        if (ZSTD_isError(left))
            return SECTION_BAD;
        reader->has_ended = left == 0;
        if (out.pos == before && reader->in.pos == had) {
            enum section_result result = read_in(reader);
            if (result != SECTION_GOOD)
                return result;
        }
    }
    return SECTION_GOOD;
}

/* Behind the last section there is nothing: the frame ends (with its own sum), and so does the
 * file. */
static enum section_result read_end(struct snapshot_reader *reader)
{
    u8 more;
    enum section_result result;

    while (!reader->has_ended) {
        ZSTD_outBuffer out = {&more, 1, 0};
        size_t had = reader->in.pos;
        size_t left = ZSTD_decompressStream(reader->zstd, &out, &reader->in);
        if (ZSTD_isError(left) || out.pos)
            return SECTION_BAD;
        reader->has_ended = left == 0;
        if (!reader->has_ended && reader->in.pos == had &&
            (result = read_in(reader)) != SECTION_GOOD)
            return result;
    }
    if (reader->in.pos < reader->in.size)
        return SECTION_BAD;
    result = read_in(reader);
    return result == SECTION_BAD ? SECTION_GOOD : result == SECTION_GOOD ? SECTION_BAD : result;
}

enum section_result snapshot_read(struct snapshot_reader *reader, struct section *section,
                                  const u8 **bytes)
{
    struct header header;
    enum section_result result = expand(reader, &header, sizeof header);

    if (result != SECTION_GOOD)
        return result;
    *section = header.section;
    if (reader->is_over || section->size > SECTION_MOST)
        return SECTION_BAD;
    result = expand(reader, reader->payload, section->size);
    if (result != SECTION_GOOD)
        return result;
    u64 sum = snapshot_sum(reader->count, section, sizeof *section);
    if (header.sum != snapshot_sum(sum, reader->payload, section->size))
        return SECTION_BAD;
    *bytes = reader->payload;
    if (section->kind == SECTION_END) {
        reader->is_over = true;
        return section->at == reader->count ? read_end(reader) : SECTION_BAD;
    }
    reader->count++;
    return SECTION_GOOD;
}
