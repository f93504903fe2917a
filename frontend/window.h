/* The guest's screen in a window of the host's desktop, with keyboard and pointer; by SDL 2, which
 * nobody else here knows. An attendant (outside.h) looks after it while the guest runs.
 *
 *   F11              full screen and back; the guest never sees this key
 *   Ctrl+Alt+G       keyboard and pointer belong to the window alone, and back
 *   Ctrl+Shift+V     types what was copied elsewhere
 *   close button     presses the guest's power key; the second time, ends the run
 *
 * The guest is told the window's size and may follow; until it does, its picture is scaled. */
#ifndef FRONTEND_WINDOW_H
#define FRONTEND_WINDOW_H

#include "frontend/display.h"
#include "frontend/input.h"
#include "frontend/outside.h"
#include "frontend/scale.h"

struct window;

/* Opens the window. *wants_quit is set when the person insists on the end. NULL and one sentence
 * when there is no desktop. */
struct window *window_open(struct display *display, struct input *input, enum scale scale,
                           bool *wants_quit, char *message, size_t message_size);
struct attendant window_attendant(struct window *window);
void window_close(struct window *window); /* NULL: nothing */

#endif
