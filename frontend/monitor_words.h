/* Words of gdb's and of QEMU's monitor, for those whose fingers know them: `b main`, `si`,
 * `x/10i $pc`, `info registers`. Each stands for words of our own table. */
#ifndef FRONTEND_MONITOR_WORDS_H
#define FRONTEND_MONITOR_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* Writes the line in our words to ours: as it is, where nothing is known of it. False, with a
 * sentence in ours: it is a word of theirs that we have nothing for. */
bool monitor_translate(const char *line, char *ours, size_t size);

#endif
