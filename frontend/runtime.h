/* Where running machines can be found: a folder of this user's alone, with a socket for each. */
#ifndef FRONTEND_RUNTIME_H
#define FRONTEND_RUNTIME_H

#include <stdbool.h>
#include <stddef.h>

#define RUNTIME_PATH 108 /* what a socket's address has room for (POSIX: at least 92) */
#define RUNTIME_NAME 48

/* $XDG_RUNTIME_DIR/vitrine, or without that variable a folder in /tmp. Made where it is missing;
 * false, and one sentence, when it cannot be, or belongs to somebody else. */
bool runtime_folder(char path[RUNTIME_PATH], char *message, size_t message_size);
/* The path of a machine's socket: of a name, or, when it has a slash in it, the path itself. */
bool runtime_socket(const char *name, char path[RUNTIME_PATH], char *message, size_t message_size);
/* Turns a file's or guest's name into one that a socket can have. */
void runtime_clean_name(const char *from, char name[RUNTIME_NAME]);
/* Listens at the path; -1, and one sentence, when somebody does so already. What a machine that
 * died has left there is replaced. */
int runtime_listen(const char *path, char *message, size_t message_size);
/* -1 and one sentence when nobody listens there. */
int runtime_connect(const char *path, char *message, size_t message_size);

/* Calls found with each name of a socket in the folder, in no order. False when there is no folder.
 */
bool runtime_each(void (*found)(void *context, const char *name), void *context);

#endif
