/* The socket and the session of the gdb stub (see gdb.h).
 *
 * Packets are answered while the machine stands still; one that comes while it runs pauses it and
 * waits. Nothing blocks: what gdb does not take is kept, and until it does, no more packets are
 * read. Left out: sending an answer again (the transports lose nothing), non-stop mode. */
#include "frontend/gdb_parts.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loader/refuse.h"

#define OUT_ENOUGH 0x10000u /* bytes that wait for gdb before no more packets are read */

static void end_session(struct gdb *gdb)
{
    gdb_remove_all(gdb);
    close(gdb->fd);
    gdb->fd = -1;
    gdb_out_free(&gdb->out);
    gdb->client.is_attached = false;
    gdb->has_packet = gdb->awaits_stop = false;
}

static void begin_session(struct gdb *gdb, int fd)
{
    gdb->fd = fd;
    gdb_reader_init(&gdb->reader);
    gdb->in_size = gdb->in_taken = 0;
    gdb->needs_no_ack = gdb->is_physical = gdb->is_leaving = gdb->owes_step = false;
    gdb->knows_swbreak = gdb->knows_hwbreak = false;
    gdb->hart = 0;
    gdb->break_ns = 0;
}

/* A second gdb finds the door shut, unless the first has never said anything sensible. */
static void accept_next(struct gdb *gdb)
{
    int fd = listen_accept(&gdb->listener);

    if (fd < 0)
        return;
    if (gdb->fd >= 0 && gdb->client.is_attached) {
        close(fd);
        return;
    }
    if (gdb->fd >= 0)
        end_session(gdb);
    begin_session(gdb, fd);
}

/* As much as gdb takes now. */
static void flush(struct gdb *gdb)
{
    ssize_t sent;

    if (gdb->fd < 0 || (!gdb->out.size && !gdb->out.has_failed && !gdb->is_leaving))
        return;
    sent = gdb->out.size ? send(gdb->fd, gdb->out.bytes, gdb->out.size, MSG_NOSIGNAL) : 0;
    if (sent > 0)
        gdb_out_sent(&gdb->out, (size_t)sent);
    if (gdb->out.has_failed ||
        (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) ||
        (gdb->is_leaving && !gdb->out.size))
        end_session(gdb);
}

static void obey_event(struct gdb *gdb, enum gdb_event event)
{
    switch (event) {
    case GDB_GOOD:
        if (!gdb->needs_no_ack)
            gdb_put_byte(&gdb->out, '+');
        gdb->has_packet = gdb->client.is_attached = true;
        break;
    case GDB_DAMAGED:
        if (!gdb->needs_no_ack)
            gdb_put_byte(&gdb->out, '-');
        break;
    case GDB_BREAK:
        gdb->break_ns = console_now_ns();
        debugger_pause(gdb->debugger);
        break;
    case GDB_NOTHING:
    case GDB_ACK:
    case GDB_NAK:
        break;
    }
}

/* Takes bytes until a packet waits; false when there are none left. */
static bool take_bytes(struct gdb *gdb)
{
    while (gdb->in_taken < gdb->in_size && !gdb->has_packet)
        obey_event(gdb, gdb_read(&gdb->reader, gdb->in[gdb->in_taken++]));
    return gdb->has_packet;
}

/* What has arrived. False: nothing now. */
static bool receive(struct gdb *gdb)
{
    ssize_t got = recv(gdb->fd, gdb->in, sizeof gdb->in, 0);

    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        return false;
    if (got <= 0) {
        end_session(gdb);
        return false;
    }
    gdb->in_size = (size_t)got;
    gdb->in_taken = 0;
    return true;
}

/* Answers until there is nothing to answer, or nobody who takes the answers, or the machine runs.
 */
static void work(struct gdb *gdb)
{
    while (gdb->fd >= 0 && !gdb->is_leaving && gdb->out.size < OUT_ENOUGH) {
        if (gdb->has_packet && !gdb->debugger->is_stopped) {
            debugger_pause(gdb->debugger);
            return;
        }
        if (gdb->has_packet) {
            gdb->has_packet = false;
            gdb_handle(gdb, gdb->reader.data, gdb->reader.size);
        }
        if (!take_bytes(gdb) && !receive(gdb))
            return;
    }
}

static bool wants_bytes(const struct gdb *gdb)
{
    return !gdb->has_packet && !gdb->is_leaving && gdb->out.size < OUT_ENOUGH;
}

/* Something that has arrived can be answered without waiting. */
static bool has_work(const struct gdb *gdb)
{
    bool can_go_on = gdb->has_packet ? gdb->debugger->is_stopped : gdb->in_taken < gdb->in_size;

    return gdb->fd >= 0 && can_go_on && !gdb->is_leaving && gdb->out.size < OUT_ENOUGH;
}

static unsigned prepare(void *context, struct pollfd *fds, unsigned room, u64 *ns)
{
    struct gdb *gdb = context;

    if (room < 2)
        return 0;
    fds[0] = (struct pollfd){.fd = gdb->listener.fd, .events = POLLIN};
    fds[1] = (struct pollfd){.fd = gdb->fd};
    if (wants_bytes(gdb))
        fds[1].events |= POLLIN;
    if (gdb->out.size)
        fds[1].events |= POLLOUT;
    if (has_work(gdb))
        *ns = 0;
    return 2;
}

static void attend(void *context, const struct pollfd *fds, unsigned count)
{
    struct gdb *gdb = context;

    if (count < 2)
        return;
    if (fds[0].revents)
        accept_next(gdb);
    flush(gdb);
    work(gdb);
    flush(gdb);
}

static bool is_watch(enum debug_kind kind)
{
    return kind == DEBUG_WATCH_READ || kind == DEBUG_WATCH_WRITE || kind == DEBUG_WATCH_ACCESS;
}

static void stopped(void *context, struct machine *machine, enum stop stop)
{
    struct gdb *gdb = context;

    gdb->stop = stop;
    if (stop == STOP_USER)
        gdb->break_ns = 0;
    if (stop == STOP_DEBUG)
        gdb->hart = machine->debug_stop.hart;
    gdb->owes_step = stop == STOP_DEBUG && is_watch(machine->debug_stop.kind);
    if (!gdb->debugger->is_stopped) {
        if (gdb->client.is_attached)
            gdb_tell_end(gdb, stop);
    } else if (gdb->awaits_stop) {
        gdb->awaits_stop = false;
        gdb_tell_stop(gdb, "", 0);
    }
    flush(gdb);
}

static enum debugger_claim claims(void *context)
{
    struct gdb *gdb = context;

    return gdb_has_point(gdb, &gdb_machine(gdb)->debug_stop) ? DEBUGGER_STOPS : DEBUGGER_NOT_MINE;
}

struct gdb *gdb_open(struct debugger *debugger, const char *place, enum gdb_place or_any,
                     char *message, size_t message_size)
{
    struct gdb *gdb = calloc(1, sizeof *gdb);
    bool is_open;

    if (!gdb) {
        refuse(message, message_size, "There is no memory left for gdb.");
        return NULL;
    }
    gdb->debugger = debugger;
    gdb->fd = -1;
    gdb->stop = STOP_USER;
    is_open = listen_at(&gdb->listener, place, message, message_size) ||
              (or_any == GDB_HERE_OR_ANY && listen_at(&gdb->listener, "0", message, message_size));
    if (!is_open) {
        free(gdb);
        return NULL;
    }
    gdb->client = (struct debugger_client){
        .context = gdb,
        .attendant = {.context = gdb, .prepare = prepare, .attend = attend, .is_timeless = true},
        .stopped = stopped,
        .claims = claims,
    };
    debugger_attach(debugger, &gdb->client);
    return gdb;
}

void gdb_close(struct gdb *gdb)
{
    if (!gdb)
        return;
    if (gdb->fd >= 0)
        end_session(gdb);
    listen_close(&gdb->listener);
    gdb_out_free(&gdb->out);
    free(gdb->points);
    free(gdb);
}

const char *gdb_place(const struct gdb *gdb)
{
    return gdb->listener.place;
}

void gdb_set_monitor(struct gdb *gdb, struct gdb_monitor monitor)
{
    gdb->monitor = monitor;
}
