/* Shared by the files that make events of a trace: what is going on (trace.c), and single steps
 * (trace_step.c). */
#ifndef FRONTEND_TRACE_STEP_H
#define FRONTEND_TRACE_STEP_H

#include "frontend/trace.h"

/* A call that has not returned. Those of one program differ by their stacks. */
struct trace_call {
    bool is_open;
    vaddr back; /* where it goes on */
    u64 satp, sp;
    u64 step;
    u8 mode; /* that it came from */
};

struct trace {
    struct view *view;
    const struct trace_order *order;
    u64 *lines; /* events so far */
    u64 end;    /* step at which it is enough */
    struct trace_call calls[TRACE_CALLS];
};

/* An event of the view's hart at this instruction; hands it on if it is wanted. */
struct trace_event trace_event(const struct trace *trace, enum trace_kind kind, vaddr pc);
bool trace_emit(struct trace *trace, const struct trace_event *event);
/* The hart has just taken this trap; has just changed its mode; has accessed this device. */
void trace_see_trap(struct trace *trace, bool is_interrupt, u64 number);
void trace_see_return(struct trace *trace);
void trace_see_device(struct trace *trace, vaddr pc, paddr at);
struct insn trace_fetch(const struct view *view, vaddr pc);

/* trace_step.c: makes one step of the view's hart, and looks. */
enum stop trace_step(struct trace *trace);

#endif
