/* A trace as a file: what trace_print() would say, later and elsewhere. The format is in README.md
 * ("Traces, and their files"): a zstd frame of records, each an event as the difference to what
 * both ends expect (struct trace_state), and names where they are first used. */
#ifndef FRONTEND_TRACE_FILE_H
#define FRONTEND_TRACE_FILE_H

#include "frontend/trace.h"

#define TRACE_MAGIC   "Vitrace\n"
#define TRACE_VERSION 1u
struct trace_head {
    char magic[8];
    u32 version, reserved; /* little-endian, as the host is; 0 */
};

/* A record's first byte: what it is, in the low four bits, from 0 on an enum trace_kind; and
 * flags. */
enum trace_record {
    RECORD_CONTEXT = TRACE_KINDS, /* mode of the hart; with RECORD_MORE its satp */
    RECORD_DEVICE,                /* the name of a device, numbered from 0 on */
    RECORD_NAME,                  /* of a range of addresses */
    RECORD_END,                   /* how many events there were */
};
#define RECORD_WHAT 0x0fu
#define RECORD_HART 0x10u /* another hart's than the last; its number follows */
#define RECORD_STEP 0x20u /* not the step expected; the difference follows */
#define RECORD_PC   0x40u /* not the pc expected; the difference follows */
#define RECORD_MORE 0x80u /* INSN: its bits follow; MEMORY: all is as expected; CONTEXT: satp */

#define TRACE_MEMO    4096u
#define TRACE_DEVICES 1024u
#define TRACE_NAMES   500000u /* in a file, repetitions among them */

/* What both ends remember, to expect the next event. */
struct trace_state {
    u64 step;
    u8 hart;
    u64 count; /* of events */
    u64 device_at;
    struct trace_hart {
        vaddr pc, next; /* of the last event; of the next instruction */
        u64 satp;
        u8 mode;
        u64 at, value, to;
        u64 registers[64];       /* x, then f, as far as they are known */
        u64 base;                /* what rs1 was in the last instruction */
        struct trace_memo *last; /* that instruction; NULL: none yet */
    } harts[MACHINE_HARTS];
    struct trace_memo { /* of instructions seen lately, by their address */
        vaddr pc, next;
        u32 bits;
    } memo[TRACE_MEMO];
    struct decoder decoder;
};

void trace_state_init(struct trace_state *state, const struct isa *isa);
struct trace_memo *trace_memo(struct trace_state *state, vaddr pc);
/* What is expected of the next event of this kind and hart: step and pc. */
u64 trace_expected_step(const struct trace_state *state, enum trace_kind kind);
vaddr trace_expected_pc(const struct trace_state *state, unsigned hart, enum trace_kind kind);
/* Which of registers[] this instruction writes; 64: none. */
unsigned trace_expected_register(struct trace_state *state, u32 bits);
/* What memory access the last instruction of this hart must have made. False: none. */
bool trace_expected_access(struct trace_state *state, unsigned hart, struct trace_event *event);
/* The event has been written, or read. */
void trace_state_note(struct trace_state *state, const struct trace_event *event);

/* trace_write.c: symbols may be NULL. NULL: there is no memory. */
struct trace_writer;
struct trace_writer *trace_writer_create(FILE *to, const struct isa *isa,
                                         const struct symbols *symbols);
void trace_write(void *writer, const struct trace_event *event); /* a sink */
/* The end of the file; the writer is gone. 0 or an errno, also of everything before. */
int trace_writer_finish(struct trace_writer *writer);

/* trace_read.c: reads from where the file stands. NULL and one sentence about path when it is no
 * trace, or one of another version. */
struct trace_reader;
struct trace_reader *trace_reader_open(FILE *from, const char *path, char *message,
                                       size_t message_size);
enum trace_read { TRACE_READ_EVENT, TRACE_READ_END, TRACE_READ_DAMAGED };
enum trace_read trace_read(struct trace_reader *reader, struct trace_event *event);
/* The decoder of the machine that was traced; the names that have been read so far, to be sorted.
 */
struct decoder *trace_reader_decoder(struct trace_reader *reader);
struct symbols *trace_reader_symbols(struct trace_reader *reader);
/* NULL is harmless. */
void trace_reader_close(struct trace_reader *reader);

#endif
