/* The guest's screen, keyboard and pointer as the command line asks for them: with a window, or
 * only for screenshots, or not at all. */
#ifndef FRONTEND_SCREEN_H
#define FRONTEND_SCREEN_H

#include "devices/machine.h"
#include "frontend/options.h"
#include "frontend/outside.h"

struct screen;

/* *screen is NULL when nothing is asked for. An attendant is added to outside if there is a window;
 * *wants_quit is set when the person closes it for good. False and one sentence when the window
 * cannot be opened. */
bool screen_open(struct screen **screen, const struct options *options, struct outside *outside,
                 bool *wants_quit, char *message, size_t message_size);
/* Plugs screen, keyboard and pointer into the machine to be, in QEMU's words those that were named.
 * Nothing when screen is NULL, as below.
 */
void screen_plug(struct screen *screen, struct host *host, const struct options *options);
/* The run has ended: writes the screenshots that are left. False and one sentence when one of all
 * failed. */
bool screen_finish(struct screen *screen, struct machine *machine, char *message,
                   size_t message_size);
void screen_close(struct screen *screen);

#endif
