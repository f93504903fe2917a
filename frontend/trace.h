/* A trace: what a machine does, event by event, as lines of text or of JSON.
 *
 * Instructions, memory and changes of control registers are seen by single steps of one hart, about
 * a million in a second. Traps, interrupts, devices, calls of the firmware (SBI) and of Linux are
 * events at which the machine stops by itself (devices/debug.h), so that between them it runs at
 * full speed, all harts. */
#ifndef FRONTEND_TRACE_H
#define FRONTEND_TRACE_H

#include "frontend/debugger.h"
#include "frontend/view.h"

enum trace_filter {
    TRACE_INSN = 1,
    TRACE_MEMORY = 2,
    TRACE_CSR = 4,
    TRACE_TRAP = 8, /* exceptions and interrupts */
    TRACE_DEVICE = 16,
    TRACE_SBI = 32,
    TRACE_SYSCALL = 64,
};

/* Reads "insn,csr,trap"; 0 when a word is none of the filters. */
unsigned trace_filters(const char *text);
/* Traces at most so many lines and steps of a machine that stands still, and returns why it stands
 * still again: STOP_LIMIT when that is because there was enough to see. */
enum stop trace_run(struct view *view, const struct debugger *debugger, unsigned filters, u64 lines,
                    u64 steps);

/* trace_names.c: "set_timer(0x1234)", from the registers of a hart that has just trapped. text is
 * cut to size. */
void trace_describe_sbi(const struct hart *hart, char *text, size_t size);
/* "openat(-100, "/etc/passwd", 0x0)"; strings are read from the program's memory. */
void trace_describe_syscall(struct view *view, char *text, size_t size);
/* "load page fault", "timer interrupt (S)". */
const char *trace_cause(bool is_interrupt, u64 number);

#endif
