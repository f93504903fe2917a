/* Places where others can connect: unix:PATH, or [HOST:]PORT for TCP. Nothing here blocks. */
#ifndef FRONTEND_LISTEN_H
#define FRONTEND_LISTEN_H

#include <stdbool.h>
#include <stddef.h>

#define LISTEN_PLACE 160

struct listener {
    int fd;                   /* -1: closed */
    char place[LISTEN_PLACE]; /* as a client would write it, with the port that was found */
    char path[LISTEN_PLACE];  /* of a unix socket, to be removed; empty: none */
};

/* HOST is 127.0.0.1 unless named; port 0 is any that is free. False, and one sentence, when that
 * cannot be. */
bool listen_at(struct listener *listener, const char *place, char *message, size_t message_size);
void listen_close(struct listener *listener);
/* The next one who wants to connect, as a descriptor that never blocks; -1 when there is none. */
int listen_accept(const struct listener *listener);

#endif
