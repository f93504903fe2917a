/* A trace: what a machine does, event by event, as lines of text or of JSON, or as a small file
 * (trace_file.h) that says the same later.
 *
 * Instructions, memory and changes of control registers are seen by single steps of one hart.
 * Traps, interrupts, devices, calls of the firmware (SBI) and of Linux are events at which the
 * machine stops by itself (devices/debug.h), so that between them it runs at full speed, all harts.
 *
 *     trace.c, trace_step.c ──event──> trace_filter.c ──> trace_print.c, or trace_write.c
 *                                                              ^                 file
 *                                        trace_show.c ── trace_read.c <──────────┘      */
#ifndef FRONTEND_TRACE_H
#define FRONTEND_TRACE_H

#include "frontend/debugger.h"
#include "frontend/view.h"

enum trace_kind {
    TRACE_INSN,
    TRACE_MEMORY,
    TRACE_CSR,
    TRACE_EXCEPTION,
    TRACE_INTERRUPT,
    TRACE_DEVICE,
    TRACE_SBI,
    TRACE_SYSCALL,
    TRACE_RETURN, /* of one of the two before */
    TRACE_KINDS
};
#define TRACE_BIT(kind) (1u << (kind))

enum trace_access { TRACE_LOAD, TRACE_STORE, TRACE_ATOMIC, TRACE_ACCESSES };

#define TRACE_CALLS       64 /* that have not returned and are waited for */
#define TRACE_TEXTS       3  /* of one call */
#define TRACE_BYTES       64 /* of one text */
#define TRACE_DEVICE_NAME 48

/* Bytes that an argument of a call points at. */
struct trace_text {
    u8 argument, size;
    u8 goes_on; /* 1: there is more of it */
    u8 bytes[TRACE_BYTES];
};

/* Whole in itself: what is shown of it needs no machine. Members that a kind does not name are 0.
 */
struct trace_event {
    enum trace_kind kind;
    u8 hart;
    u8 mode;  /* enum privilege of the instruction */
    u64 step; /* of the whole machine, after it */
    vaddr pc;
    u64 satp;
    u32 bits;   /* INSN */
    u64 at;     /* MEMORY: virtual, DEVICE: physical address; CSR: its number; EXCEPTION, INTERRUPT:
                 * the cause */
    u64 value;  /* INSN: of what it writes; MEMORY, DEVICE; CSR: after it; EXCEPTION: tval; RETURN:
                 * a0 */
    u64 before; /* CSR: before it; RETURN: a1 */
    vaddr to;   /* EXCEPTION, INTERRUPT: the handler */
    u8 to_mode;
    u8 access;                      /* MEMORY, DEVICE: enum trace_access */
    u8 size;                        /* MEMORY, DEVICE: bytes */
    char device[TRACE_DEVICE_NAME]; /* DEVICE: "uart.LSR" */
    u8 call;                        /* SBI, SYSCALL, RETURN: which of the open calls */
    u64 arguments[8];               /* SBI, SYSCALL: a0 to a7 */
    u8 text_count;
    struct trace_text texts[TRACE_TEXTS];
};

/* What somebody wants to see. */
struct trace_filter {
    unsigned kinds; /* a sum of TRACE_BIT() */
    u64 harts;      /* a bit for each; 0: all */
    unsigned modes; /* a bit for each enum privilege; 0: all */
    bool has_asid, has_at, has_csr;
    u64 asid;
    vaddr pc_low, pc_high; /* inclusive */
    u64 at_low, at_high;   /* of what is accessed */
    unsigned csr;          /* its number */
    unsigned syscall;      /* 1 + its number; 0: all */
    char device[24];       /* empty: all */
};

/* trace_filter.c: reads "insn,csr,pc=schedule,mode=S". symbols may be NULL. False and one sentence
 * when it cannot be read. */
bool trace_filter_read(struct trace_filter *filter, const char *text, const struct symbols *symbols,
                       char *why, size_t why_size);
/* A return is what its call was: whoever asks remembers that. */
bool trace_filter_takes(const struct trace_filter *filter, const struct trace_event *event,
                        unsigned xlen);

/* Where events go. */
struct trace_sink {
    void *context;
    void (*take)(void *context, const struct trace_event *event);
};

struct trace_order {
    const struct debugger *debugger; /* through which the machine runs; NULL: machine_run() */
    struct trace_filter filter;
    struct trace_sink sink;
    u64 lines, steps; /* at most so many events, and steps */
};

/* Traces a machine that stands still, and returns why it stands still again: STOP_LIMIT when that
 * is because there was enough to see. *lines counts the events, from 0 on. */
enum stop trace_run(struct view *view, const struct trace_order *order, u64 *lines);

/* trace_print.c: events as lines, or as an array of JSON. */
struct trace_printer {
    FILE *out;
    bool json;
    const struct symbols *symbols; /* NULL: none */
    struct decoder *decoder;
    struct json writer;
    struct trace_event calls[TRACE_CALLS]; /* that have not returned */
};
void trace_print_begin(struct trace_printer *printer);
void trace_print(void *printer, const struct trace_event *event); /* a sink */
void trace_print_end(struct trace_printer *printer);

/* trace_access.c: what an instruction writes: DEBUG_X or DEBUG_F and the register's number; or
 * DEBUG_REGISTERS. */
unsigned trace_written(const struct insn *insn);
/* Does it access memory? Then of how many bytes, and where, with this value in its rs1. */
bool trace_accesses(const struct insn *insn, enum trace_access *access, u8 *size);
u64 trace_address(const struct insn *insn, u64 base);

/* trace_names.c: "set_timer(0x1234)", from a0 to a7; and "success, 0x0". */
void trace_describe_sbi(const struct trace_event *call, char *text, size_t size);
void trace_describe_sbi_result(u64 error, u64 value, unsigned xlen, char *text, size_t size);
/* "load page fault", "timer interrupt (S)". */
const char *trace_cause(bool is_interrupt, u64 number);

/* trace_syscall.c: "openat(AT_FDCWD, "/etc/passwd", O_RDONLY)"; and "-2 ENOENT". text is cut to
 * size. */
void trace_describe_syscall(const struct trace_event *call, char *text, size_t size);
void trace_describe_result(u64 result, unsigned xlen, char *text, size_t size);
/* NULL: it is not in the table. */
const char *trace_syscall_name(u64 number);
/* 1 + the number of the call of this name; 0: there is none. */
unsigned trace_find_syscall(const char *name);
/* Reads what the arguments of a system call point at, as the view's hart sees memory. */
void trace_read_texts(const struct view *view, struct trace_event *call);

#endif
