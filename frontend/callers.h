/* Who called whom, by the frame records of the RISC-V calling convention (psABI, "Frame Pointer
 * Convention"), which Linux keeps, and compilers with -fno-omit-frame-pointer; and whom a trap
 * interrupted, by the registers that Linux saves (arch/riscv/include/asm/ptrace.h). */
#ifndef FRONTEND_CALLERS_H
#define FRONTEND_CALLERS_H

#include "frontend/view.h"

struct caller {
    vaddr at;
    vaddr inside;    /* the same, but of a return address the call before it: who never returns may
                        be called last in a function */
    bool is_trapped; /* it did not call the one before: this trap came */
    u64 cause;       /* as in scause */
    bool is_user;    /* it was in U-mode */
};

/* Where the view's hart is, then where it returns to, and so on: at most so many places. Returns
 * how many, 1 or more. */
unsigned callers_find(const struct view *view, struct caller *places, unsigned most);
/* Where the function begins that has this address; 0 when it has no name. */
vaddr callers_function(const struct view *view, vaddr at);

#endif
