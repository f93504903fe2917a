/* Reads a trace's file (see trace_file.h). Nothing in it is trusted: numbers are checked where they
 * are read. */
#include "frontend/trace_file.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "loader/refuse.h"

#define BUFFER      65536u
#define WINDOW_BITS 23 /* more memory than that no file of ours asks for */
#define ISA_TEXT    1024

struct trace_reader {
    FILE *from;
    struct trace_state state;
    struct symbols *symbols;
    unsigned name_count;
    ZSTD_DCtx *zstd;
    u8 packed[BUFFER], raw[BUFFER];
    ZSTD_inBuffer in;
    size_t used, size; /* of raw */
    bool is_over;      /* the frame has ended */
    bool is_bad;
    u64 open; /* calls that were seen and have not returned, a bit each */
    char devices[TRACE_DEVICES][TRACE_DEVICE_NAME];
    unsigned device_count;
};

/* More raw bytes. False: there are none, or they are damaged. */
static bool fill(struct trace_reader *reader)
{
    reader->used = reader->size = 0;
    while (!reader->size && !reader->is_over && !reader->is_bad) {
        if (reader->in.pos == reader->in.size)
            reader->in =
                (ZSTD_inBuffer){reader->packed, fread(reader->packed, 1, BUFFER, reader->from), 0};
        ZSTD_outBuffer out = {reader->raw, BUFFER, 0};
        size_t before = reader->in.pos,
               left = ZSTD_decompressStream(reader->zstd, &out, &reader->in);
        reader->size = out.pos;
        reader->is_over = left == 0;
        reader->is_bad = ZSTD_isError(left) || (left && !out.pos && before == reader->in.pos);
    }
    return reader->size && !reader->is_bad;
}

static void get(struct trace_reader *reader, void *to, size_t size)
{
    u8 *at = to;

    while (size) {
        size_t there = reader->size - reader->used, piece = there < size ? there : size;
        memcpy(at, reader->raw + reader->used, piece);
        reader->used += piece;
        at += piece;
        size -= piece;
        if (size && !fill(reader)) {
            memset(at, 0, size);
            reader->is_bad = true;
            return;
        }
    }
}

static u8 get_byte(struct trace_reader *reader)
{
    u8 byte;

    get(reader, &byte, 1);
    return byte;
}

static u64 get_number(struct trace_reader *reader)
{
    u64 number = 0;

    for (unsigned shift = 0; shift < 70; shift += 7) {
        u8 byte = get_byte(reader);
        if (shift < 64)
            number |= (u64)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return number;
    }
    reader->is_bad = true;
    return 0;
}

static u64 get_difference(struct trace_reader *reader, u64 expected)
{
    u64 number = get_number(reader);

    return expected + (number >> 1 ^ (0 - (number & 1)));
}

/* A number below a limit. */
static u64 get_below(struct trace_reader *reader, u64 limit)
{
    u64 number = get_number(reader);

    if (number < limit)
        return number;
    reader->is_bad = true;
    return 0;
}

/* A byte below a limit. */
static u8 get_small(struct trace_reader *reader, unsigned limit)
{
    u8 byte = get_byte(reader);

    if (byte < limit)
        return byte;
    reader->is_bad = true;
    return 0;
}

/* Text of less than size bytes, printable. */
static void get_text(struct trace_reader *reader, char *text, size_t size)
{
    size_t length = get_small(reader, (unsigned)size);

    get(reader, text, length);
    text[length] = 0;
    for (size_t i = 0; i < length; i++)
        if ((u8)text[i] < ' ' || text[i] == 0x7f)
            reader->is_bad = true;
}

static bool get_isa(struct trace_reader *reader)
{
    char text[ISA_TEXT], ignored[256];
    struct isa isa;

    memset(text, 0, sizeof(text));
    get(reader, text, get_below(reader, ISA_TEXT));
    if (reader->is_bad || !isa_parse(text, &isa, ignored, sizeof(ignored)))
        return false;
    trace_state_init(&reader->state, &isa);
    return true;
}

static bool is_known(FILE *from, const char *path, char *message, size_t message_size)
{
    struct trace_head head;

    if (fread(&head, sizeof(head), 1, from) != 1 ||
        memcmp(head.magic, TRACE_MAGIC, sizeof(head.magic)) != 0)
        return refuse(message, message_size, "%s is no trace of Vitrine's.", path);
    return (head.version == TRACE_VERSION && !head.reserved) ||
           refuse(message, message_size,
                  "%s is a trace of version %u; this Vitrine reads version %u.", path, head.version,
                  TRACE_VERSION);
}

struct trace_reader *trace_reader_open(FILE *from, const char *path, char *message,
                                       size_t message_size)
{
    struct trace_reader *reader;

    if (!is_known(from, path, message, message_size))
        return NULL;
    reader = calloc(1, sizeof(*reader));
    if (reader) {
        reader->from = from;
        reader->symbols = symbols_create();
        reader->zstd = ZSTD_createDCtx();
    }
    if (!reader || !reader->symbols || !reader->zstd) {
        refuse(message, message_size, "There is no memory left to read a trace.");
    } else {
        ZSTD_DCtx_setParameter(reader->zstd, ZSTD_d_windowLogMax, WINDOW_BITS);
        if (get_isa(reader))
            return reader;
        refuse(message, message_size, "%s is damaged.", path);
    }
    trace_reader_close(reader);
    return NULL;
}

static void read_context(struct trace_reader *reader, u8 first)
{
    struct trace_hart *hart;

    if (first & RECORD_HART)
        reader->state.hart = get_small(reader, MACHINE_HARTS);
    hart = &reader->state.harts[reader->state.hart];
    hart->mode = get_small(reader, PRIV_M + 1);
    if (first & RECORD_MORE)
        hart->satp = get_number(reader);
}

static void read_device(struct trace_reader *reader)
{
    char name[TRACE_DEVICE_NAME];

    get_text(reader, name, sizeof(name));
    if (reader->device_count == TRACE_DEVICES)
        reader->is_bad = true;
    else
        memcpy(reader->devices[reader->device_count++], name, sizeof(name));
}

static void read_name(struct trace_reader *reader)
{
    char name[VIEW_PLACE];
    vaddr start = get_number(reader);
    u64 extent = get_number(reader);

    get_text(reader, name, sizeof(name));
    if (reader->is_bad || !extent || ++reader->name_count > TRACE_NAMES ||
        !symbols_add(reader->symbols, name, start, extent, 0))
        reader->is_bad = true;
}

static void read_insn(struct trace_reader *reader, struct trace_event *event, bool more)
{
    unsigned number;

    event->bits = trace_memo(&reader->state, event->pc)->bits;
    if (more) {
        u16 half[2] = {0};
        get(reader, &half[0], 2);
        if (is_wide(half[0]))
            get(reader, &half[1], 2);
        event->bits = half[0] | (u32)half[1] << 16;
    }
    number = trace_expected_register(&reader->state, event->bits);
    if (number < 64)
        event->value = get_difference(reader, reader->state.harts[event->hart].registers[number]);
}

static void read_access(struct trace_reader *reader, struct trace_event *event, bool more)
{
    const struct trace_hart *hart = &reader->state.harts[event->hart];
    bool is_device = event->kind == TRACE_DEVICE;

    if (more) {
        if (is_device || !trace_expected_access(&reader->state, event->hart, event))
            reader->is_bad = true;
        return;
    }
    u8 how = get_byte(reader);
    event->access = how & 15;
    event->size = (u8)(1u << (how >> 4 & 7));
    event->at = get_difference(reader, is_device ? reader->state.device_at : hart->at);
    event->value = get_difference(reader, is_device ? 0 : hart->value);
    if (event->access >= TRACE_ACCESSES || how >> 4 > 4)
        reader->is_bad = true;
    if (is_device)
        memcpy(event->device, reader->devices[get_below(reader, reader->device_count)],
               TRACE_DEVICE_NAME);
}

static void read_trap(struct trace_reader *reader, struct trace_event *event)
{
    event->at = get_number(reader);
    event->value = get_difference(reader, 0);
    event->to = get_difference(reader, reader->state.harts[event->hart].to);
    event->to_mode = get_small(reader, PRIV_M + 1);
}

static void read_call(struct trace_reader *reader, struct trace_event *event)
{
    event->call = get_small(reader, TRACE_CALLS);
    reader->open |= (u64)1 << event->call;
    for (unsigned i = 0; i < 8; i++)
        event->arguments[i] = get_difference(reader, 0);
    event->text_count = get_small(reader, TRACE_TEXTS + 1);
    for (unsigned i = 0; i < event->text_count; i++) {
        struct trace_text *text = &event->texts[i];
        u8 argument = get_byte(reader);
        text->argument = argument & 0x7f;
        text->goes_on = argument >> 7;
        text->size = get_small(reader, TRACE_BYTES + 1);
        get(reader, text->bytes, text->size);
    }
}

static void read_return(struct trace_reader *reader, struct trace_event *event)
{
    event->call = get_small(reader, TRACE_CALLS);
    event->value = get_difference(reader, 0);
    event->before = get_difference(reader, 0);
    if (!(reader->open >> event->call & 1))
        reader->is_bad = true;
}

static void read_csr(struct trace_reader *reader, struct trace_event *event)
{
    event->at = get_below(reader, 4096);
    event->before = get_difference(reader, 0);
    event->value = get_difference(reader, event->before);
}

static void read_event(struct trace_reader *reader, struct trace_event *event, u8 first)
{
    struct trace_state *state = &reader->state;
    bool more = first & RECORD_MORE;

    *event = (struct trace_event){.kind = (enum trace_kind)(first & RECORD_WHAT)};
    event->hart = first & RECORD_HART ? get_small(reader, MACHINE_HARTS) : state->hart;
    event->mode = state->harts[event->hart].mode;
    event->satp = state->harts[event->hart].satp;
    event->step = trace_expected_step(state, event->kind);
    event->pc = trace_expected_pc(state, event->hart, event->kind);
    if (first & RECORD_STEP)
        event->step = get_difference(reader, event->step);
    if (first & RECORD_PC)
        event->pc = get_difference(reader, event->pc);
    switch (event->kind) {
    case TRACE_INSN:
        read_insn(reader, event, more);
        break;
    case TRACE_MEMORY:
    case TRACE_DEVICE:
        read_access(reader, event, more);
        break;
    case TRACE_CSR:
        read_csr(reader, event);
        break;
    case TRACE_EXCEPTION:
    case TRACE_INTERRUPT:
        read_trap(reader, event);
        break;
    case TRACE_SBI:
    case TRACE_SYSCALL:
        read_call(reader, event);
        break;
    case TRACE_RETURN:
        read_return(reader, event);
        break;
    case TRACE_KINDS:
        break;
    }
    if (!reader->is_bad)
        trace_state_note(state, event);
}

/* Nothing follows: neither in the frame, whose sum is right then, nor behind it. */
static enum trace_read end(struct trace_reader *reader)
{
    u64 count = get_number(reader);
    bool is_last = !reader->is_bad && reader->used == reader->size && !fill(reader);

    return is_last && reader->is_over && !reader->is_bad && count == reader->state.count &&
                   reader->in.pos == reader->in.size && fgetc(reader->from) == EOF
               ? TRACE_READ_END
               : TRACE_READ_DAMAGED;
}

enum trace_read trace_read(struct trace_reader *reader, struct trace_event *event)
{
    while (!reader->is_bad) {
        u8 first = get_byte(reader), what = first & RECORD_WHAT;
        if (what < TRACE_KINDS) {
            read_event(reader, event, first);
            if (!reader->is_bad)
                return TRACE_READ_EVENT;
        } else if (what == RECORD_CONTEXT) {
            read_context(reader, first);
        } else if (what == RECORD_DEVICE) {
            read_device(reader);
        } else if (what == RECORD_NAME) {
            read_name(reader);
        } else if (what == RECORD_END && !reader->is_bad) {
            return end(reader);
        } else {
            reader->is_bad = true;
        }
    }
    return TRACE_READ_DAMAGED;
}

struct decoder *trace_reader_decoder(struct trace_reader *reader)
{
    return &reader->state.decoder;
}

struct symbols *trace_reader_symbols(struct trace_reader *reader)
{
    return reader->symbols;
}

void trace_reader_close(struct trace_reader *reader)
{
    if (!reader)
        return;
    symbols_destroy(reader->symbols);
    ZSTD_freeDCtx(reader->zstd);
    free(reader);
}
