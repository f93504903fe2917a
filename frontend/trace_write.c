/* Writes a trace's file (see trace_file.h). */
#include "frontend/trace_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#define BUFFER   65536u
#define NAMES    65536u /* ranges that were named lately: more cost some repetition */
#define ISA_TEXT 1024

struct trace_writer {
    FILE *to;
    int error; /* errno of the first failure */
    const struct symbols *symbols;
    struct trace_state state;
    ZSTD_CCtx *zstd;
    u8 raw[BUFFER], packed[BUFFER];
    size_t used; /* bytes of raw */
    char devices[TRACE_DEVICES][TRACE_DEVICE_NAME];
    unsigned device_count, name_count;
    struct {
        vaddr start;
        u64 extent;
    } named[NAMES];
};

/* Packs what has been collected. */
static void flush(struct trace_writer *writer, ZSTD_EndDirective end)
{
    ZSTD_inBuffer in = {writer->raw, writer->used, 0};
    size_t left;

    writer->used = 0;
    do {
        ZSTD_outBuffer out = {writer->packed, BUFFER, 0};
        left = ZSTD_compressStream2(writer->zstd, &out, &in, end);
        if (!writer->error && ZSTD_isError(left))
            writer->error = ENOMEM;
        if (!writer->error && fwrite(writer->packed, 1, out.pos, writer->to) != out.pos)
            writer->error = errno ? errno : EIO;
    } while (!writer->error && (end == ZSTD_e_end ? left > 0 : in.pos < in.size));
}

static void put(struct trace_writer *writer, const void *bytes, size_t size)
{
    if (size > BUFFER - writer->used)
        flush(writer, ZSTD_e_continue);
    memcpy(writer->raw + writer->used, bytes, size);
    writer->used += size;
}

static void put_byte(struct trace_writer *writer, u64 value)
{
    u8 byte = (u8)value;

    put(writer, &byte, 1);
}

/* Seven bits in a byte, the lowest first; bit 7: there are more. */
static void put_number(struct trace_writer *writer, u64 value)
{
    u8 bytes[10];
    size_t size = 0;

    do {
        bytes[size++] = (u8)((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
        value >>= 7;
    } while (value);
    put(writer, bytes, size);
}

/* Small for small differences in both directions. */
static void put_difference(struct trace_writer *writer, u64 value, u64 expected)
{
    u64 difference = value - expected;

    put_number(writer, difference << 1 ^ (0 - (difference >> 63)));
}

static void put_text(struct trace_writer *writer, const char *text, size_t size)
{
    put_byte(writer, size);
    for (size_t i = 0; i < size; i++) /* what is no character is none to the reader either */
        put_byte(writer, (u8)text[i] < ' ' || text[i] == 0x7f ? '?' : text[i]);
}

struct trace_writer *trace_writer_create(FILE *to, const struct isa *isa,
                                         const struct symbols *symbols)
{
    struct trace_head head = {.magic = TRACE_MAGIC, .version = TRACE_VERSION};
    struct trace_writer *writer = calloc(1, sizeof(*writer));
    char text[ISA_TEXT];

    if (!writer || !(writer->zstd = ZSTD_createCCtx())) {
        free(writer);
        return NULL;
    }
    writer->to = to;
    writer->symbols = symbols;
    trace_state_init(&writer->state, isa);
    ZSTD_CCtx_setParameter(writer->zstd, ZSTD_c_checksumFlag, 1);
    if (fwrite(&head, sizeof(head), 1, to) != 1)
        writer->error = errno ? errno : EIO;
    isa_string(isa, text, sizeof(text));
    put_number(writer, strlen(text));
    put(writer, text, strlen(text));
    return writer;
}

/* The name of a range that this address is in comes before its first use. */
static void name(struct trace_writer *writer, vaddr at)
{
    vaddr start = 0;
    u64 extent;
    const char *text;

    at = writer->state.decoder.isa.xlen == 32 ? (u32)at : at;
    text = writer->symbols ? symbols_find_place(writer->symbols, at, &start, &extent) : NULL;
    size_t size = text ? strlen(text) : 0, slot = (start >> 1 ^ start >> 17) % NAMES;
    if (!size || writer->name_count == TRACE_NAMES)
        return;
    if (writer->named[slot].extent && writer->named[slot].start == start)
        return;
    writer->name_count++;
    writer->named[slot].start = start;
    writer->named[slot].extent = extent;
    put_byte(writer, RECORD_NAME);
    put_number(writer, start);
    put_number(writer, extent);
    put_text(writer, text, size < VIEW_PLACE - 1 ? size : VIEW_PLACE - 1);
}

static unsigned device(struct trace_writer *writer, const char *text)
{
    for (unsigned i = 0; i < writer->device_count; i++)
        if (!strcmp(writer->devices[i], text))
            return i;
    if (writer->device_count == TRACE_DEVICES)
        return TRACE_DEVICES - 1; /* no board has so many registers */
    memcpy(writer->devices[writer->device_count], text, TRACE_DEVICE_NAME);
    put_byte(writer, RECORD_DEVICE);
    put_text(writer, text, strlen(text));
    return writer->device_count++;
}

static void put_context(struct trace_writer *writer, const struct trace_event *event)
{
    struct trace_hart *hart = &writer->state.harts[event->hart];
    bool is_other = event->hart != writer->state.hart, is_new = event->satp != hart->satp;

    if (hart->mode == event->mode && !is_new)
        return;
    put_byte(writer, RECORD_CONTEXT | (is_other ? RECORD_HART : 0) | (is_new ? RECORD_MORE : 0));
    if (is_other)
        put_byte(writer, event->hart);
    put_byte(writer, event->mode);
    if (is_new)
        put_number(writer, event->satp);
    hart->mode = event->mode;
    hart->satp = event->satp;
    writer->state.hart = event->hart;
}

/* Does the record say more, or less, than it would by itself? */
static bool is_special(struct trace_writer *writer, const struct trace_event *event)
{
    const struct trace_memo *memo = trace_memo(&writer->state, event->pc);
    struct trace_event expected = {.hart = event->hart};

    if (event->kind == TRACE_INSN)
        return memo->pc != event->pc || memo->bits != event->bits;
    return event->kind == TRACE_MEMORY && writer->state.harts[event->hart].pc == event->pc &&
           trace_expected_access(&writer->state, event->hart, &expected) &&
           expected.at == event->at && expected.value == event->value &&
           expected.access == event->access && expected.size == event->size;
}

static bool put_head(struct trace_writer *writer, const struct trace_event *event)
{
    struct trace_state *state = &writer->state;
    u64 step = trace_expected_step(state, event->kind);
    vaddr pc = trace_expected_pc(state, event->hart, event->kind);
    bool is_other = event->hart != state->hart, more = is_special(writer, event);

    put_byte(writer, event->kind | (is_other ? RECORD_HART : 0) |
                         (event->step != step ? RECORD_STEP : 0) |
                         (event->pc != pc ? RECORD_PC : 0) | (more ? RECORD_MORE : 0));
    if (is_other)
        put_byte(writer, event->hart);
    if (event->step != step)
        put_difference(writer, event->step, step);
    if (event->pc != pc)
        put_difference(writer, event->pc, pc);
    return more;
}

static void put_insn(struct trace_writer *writer, const struct trace_event *event, bool more)
{
    unsigned number = trace_expected_register(&writer->state, event->bits);

    if (more)
        put(writer, &event->bits, is_wide((u16)event->bits) ? 4 : 2);
    if (number < 64)
        put_difference(writer, event->value, writer->state.harts[event->hart].registers[number]);
}

static void put_access(struct trace_writer *writer, const struct trace_event *event, unsigned which)
{
    const struct trace_hart *hart = &writer->state.harts[event->hart];
    bool is_device = event->kind == TRACE_DEVICE;

    put_byte(writer, event->access | (unsigned)__builtin_ctz(event->size) << 4);
    put_difference(writer, event->at, is_device ? writer->state.device_at : hart->at);
    put_difference(writer, event->value, is_device ? 0 : hart->value);
    if (is_device)
        put_number(writer, which);
}

static void put_trap(struct trace_writer *writer, const struct trace_event *event)
{
    put_number(writer, event->at);
    put_difference(writer, event->value, 0);
    put_difference(writer, event->to, writer->state.harts[event->hart].to);
    put_byte(writer, event->to_mode);
}

static void put_call(struct trace_writer *writer, const struct trace_event *event)
{
    put_byte(writer, event->call);
    for (unsigned i = 0; i < 8; i++)
        put_difference(writer, event->arguments[i], 0);
    put_byte(writer, event->text_count);
    for (unsigned i = 0; i < event->text_count; i++) {
        const struct trace_text *text = &event->texts[i];
        put_byte(writer, text->argument | text->goes_on << 7);
        put_byte(writer, text->size);
        put(writer, text->bytes, text->size);
    }
}

void trace_write(void *context, const struct trace_event *event)
{
    struct trace_writer *writer = context;
    bool has_handler = event->kind == TRACE_EXCEPTION || event->kind == TRACE_INTERRUPT;
    unsigned which = event->kind == TRACE_DEVICE ? device(writer, event->device) : 0;
    bool more;

    name(writer, event->pc);
    if (has_handler)
        name(writer, event->to);
    put_context(writer, event);
    more = put_head(writer, event);
    if (event->kind == TRACE_INSN) {
        put_insn(writer, event, more);
    } else if (event->kind == TRACE_MEMORY || event->kind == TRACE_DEVICE) {
        if (!more)
            put_access(writer, event, which);
    } else if (has_handler) {
        put_trap(writer, event);
    } else if (event->kind == TRACE_CSR) {
        put_number(writer, event->at);
        put_difference(writer, event->before, 0);
        put_difference(writer, event->value, event->before);
    } else if (event->kind == TRACE_RETURN) {
        put_byte(writer, event->call);
        put_difference(writer, event->value, 0);
        put_difference(writer, event->before, 0);
    } else {
        put_call(writer, event);
    }
    trace_state_note(&writer->state, event);
}

int trace_writer_finish(struct trace_writer *writer)
{
    int error;

    put_byte(writer, RECORD_END);
    put_number(writer, writer->state.count);
    flush(writer, ZSTD_e_end);
    error = writer->error;
    ZSTD_freeCCtx(writer->zstd);
    free(writer);
    return error;
}
