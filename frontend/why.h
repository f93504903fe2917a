/* `why`: what last went wrong in a guest, in plain sentences. The first one names the cause; then
 * the trap that it shows in; then the last trap of each kind. */
#ifndef FRONTEND_WHY_H
#define FRONTEND_WHY_H

#include "frontend/view.h"

/* About the view's hart. */
void view_why(struct view *view);
/* Unasked, when the machine has noticed that the guest hangs: two lines. */
void why_print_hang(struct view *view, enum hang what);

#endif
