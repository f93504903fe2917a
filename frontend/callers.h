/* Who called whom, by the frame records of the RISC-V calling convention (psABI, "Frame Pointer
 * Convention"), which Linux keeps, and compilers with -fno-omit-frame-pointer. */
#ifndef FRONTEND_CALLERS_H
#define FRONTEND_CALLERS_H

#include "frontend/view.h"

/* Where the view's hart is, then where it returns to, and so on: at most so many addresses. Returns
 * how many, 1 or more. */
unsigned callers_find(const struct view *view, vaddr *places, unsigned most);
/* Where the function begins that has this address; 0 when it has no name. */
vaddr callers_function(const struct view *view, vaddr at);

#endif
