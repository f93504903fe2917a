/* What snapshots are called. A word with a slash or a dot in it is a file; any other is a name, and
 * the file is in a folder of their own: $XDG_DATA_HOME/vitrine/snapshots/NAME.snapshot, where
 * XDG_DATA_HOME is ~/.local/share unless it is set. */
#ifndef FRONTEND_SNAPSHOT_NAMES_H
#define FRONTEND_SNAPSHOT_NAMES_H

#include "frontend/options.h"

#define SNAPSHOT_SUFFIX ".snapshot"

bool snapshot_is_file(const char *word);
/* False, and one sentence, when there can be no such folder. It need not exist. */
bool snapshot_folder(char path[OPTION_PATH], char *message, size_t size);
/* The file that the word means. False, and one sentence, when it can mean none. */
bool snapshot_find(const char *word, char path[OPTION_PATH], char *message, size_t size);
/* The same; the folder is made if it is missing. */
bool snapshot_place(const char *word, char path[OPTION_PATH], char *message, size_t size);

#endif
