/* The person's terminal: raw mode, given back on every way out of the process, and the signals that
 * ask us to stop. What a signal handler needs cannot hang off a struct that is passed around, so
 * terminal.c holds the one mutable global of the house. */
#ifndef FRONTEND_TERMINAL_H
#define FRONTEND_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>

bool terminal_is_attached(int fd);

/* Puts the terminal behind fd into raw mode: every key goes to the guest, nothing is echoed. Output
 * processing stays on, so that a guest which prints bare line feeds still reads well. Until
 * terminal_restore() the old settings also come back when the process dies of a crash, exits, or is
 * stopped and continued. False when fd is no terminal or cannot be changed; nothing is changed
 * then. */
bool terminal_enter_raw(int fd);
/* Back to the settings found, for somebody who makes his own: libedit. On the ways out named above
 * they come back, too, and if nobody catches SIGINT, SIGTERM and SIGHUP, on those. Until
 * terminal_enter_raw() or terminal_restore(). Nothing when fd is no terminal. */
void terminal_lend(int fd);
/* Back to the settings found. Does nothing when they are in place; may be called from a signal
 * handler. */
void terminal_restore(void);

/* Columns and rows of the terminal behind fd. False, and both 0, when it does not say. */
bool terminal_size(int fd, uint16_t *columns, uint16_t *rows);
/* Has the terminal's size changed since this was last asked? Also true the first time after
 * terminal_catch_signals(). */
bool terminal_was_resized(void);

/* From now on SIGINT, SIGTERM and SIGHUP only ask us to stop (the second one kills), a write to a
 * closed pipe is an error instead of a death, and a change of the terminal's size is noted. */
void terminal_catch_signals(void);
/* The signal that asked us to stop; 0 while none has. */
int terminal_stop_signal(void);
/* Signals do again what they did before terminal_catch_signals(); a stop that was asked for is
 * forgotten. */
void terminal_release_signals(void);

#endif
