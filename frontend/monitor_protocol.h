/* What a monitor's client and the machine say to each other over a socket, without the socket.
 *
 *     client    HOW LINE \n              HOW: text, json (a command), complete (a line so far),
 * hello machine   ok SIZE \n, and so many bytes; or no SIZE \n, and a sentence of so many bytes
 *
 * A client waits for the answer to one line before the next is looked at. Nothing here blocks. */
#ifndef FRONTEND_MONITOR_PROTOCOL_H
#define FRONTEND_MONITOR_PROTOCOL_H

#include "frontend/monitor.h"

#define PROTOCOL_LINE      (MONITOR_LINE + 16)
#define PROTOCOL_INTERRUPT "interrupt"
#define PROTOCOL_PROGRESS  ".. "

/* One client, as the machine sees it. */
struct monitor_client {
    struct monitor_talk talk;
    char line[PROTOCOL_LINE];
    size_t used;
    bool is_too_long; /* the rest of the line is passed over */
    bool is_json;     /* the answer that is waited for */
    bool wants_progress;
    char *answer; /* what the client has not taken yet; NULL: nothing */
    size_t answer_size, answered;
};

/* Two lines have no answer: "interrupt", which ends the command on its way (the server looks for it
 * meanwhile) and otherwise means nothing; and "progress": lines that begin with ".. " may come
 * before answers from now on, and say how far a command is. */

/* Takes bytes that came from the client, up to the end of a line: then there is an answer, and the
 * rest is left for later. Returns how many it took; 0 while an answer waits to
 * be taken, or to be given. */
size_t protocol_receive(struct monitor_client *client, const char *bytes, size_t size);
/* Whoever waits for the machine to stand still does not want to: it shall stop where it is. */
void protocol_interrupt(struct monitor_client *client);
/* The machine stands still: the answer to whoever has waited for that. */
void protocol_stopped(struct monitor_client *client);
/* What to send next; NULL when there is nothing. */
const char *protocol_answer(const struct monitor_client *client, size_t *size);
/* So many bytes of it are sent. */
void protocol_sent(struct monitor_client *client, size_t size);
void protocol_end(struct monitor_client *client);

#endif
