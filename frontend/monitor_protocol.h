/* What a monitor's client and the machine say to each other over a socket, without the socket.
 *
 *     client    HOW LINE \n              HOW: text, json (a command), complete (a line so far),
 * hello machine   ok SIZE \n, and so many bytes; or no SIZE \n, and a sentence of so many bytes
 *
 * A client waits for the answer to one line before the next is looked at. Nothing here blocks. */
#ifndef FRONTEND_MONITOR_PROTOCOL_H
#define FRONTEND_MONITOR_PROTOCOL_H

#include "frontend/monitor.h"

#define PROTOCOL_LINE (MONITOR_LINE + 16)

/* One client, as the machine sees it. */
struct monitor_client {
    struct monitor_talk talk;
    char line[PROTOCOL_LINE];
    size_t used;
    bool is_too_long; /* the rest of the line is passed over */
    bool is_json;     /* the answer that is waited for */
    char *answer;     /* what the client has not taken yet; NULL: nothing */
    size_t answer_size, answered;
};

/* Takes bytes that came from the client, up to the end of a line: then there is an answer, and the
 * rest is left for later. Returns how many it took; 0 while an answer waits to
 * be taken, or to be given. */
size_t protocol_receive(struct monitor_client *client, const char *bytes, size_t size);
/* The machine stands still: the answer to whoever has waited for that. */
void protocol_stopped(struct monitor_client *client);
/* What to send next; NULL when there is nothing. */
const char *protocol_answer(const struct monitor_client *client, size_t *size);
/* So many bytes of it are sent. */
void protocol_sent(struct monitor_client *client, size_t size);
void protocol_end(struct monitor_client *client);

#endif
