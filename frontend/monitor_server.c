/* The monitor's socket (see monitor_server.h): poll(2) by the frontend, and never a call that
 * waits. */
#include "frontend/monitor_server.h"

#include "frontend/monitor_protocol.h"
#include "frontend/runtime.h"
#include "loader/refuse.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CLIENTS  8
#define WELCOMES 16 /* at a time */
#define TELL_NS  250000000u

struct connection {
    int fd; /* -1: free */
    u64 heard_ns;
    u64 told_ns; /* of progress */
    struct monitor_client client;
    char bytes[PROTOCOL_LINE]; /* received and not looked at */
    size_t bytes_count;
};

struct monitor_server {
    struct monitor *monitor;
    int fd;
    char path[RUNTIME_PATH];
    struct connection connections[CLIENTS];
};

static void hang_up(struct connection *connection)
{
    if (connection->fd < 0)
        return;
    if (connection->client.talk.waits && *connection->client.talk.then)
        connection->client.talk.monitor->is_abandoned = true;
    else if (connection->client.talk.waits)
        monitor_end_steps(connection->client.talk.monitor);
    protocol_end(&connection->client);
    close(connection->fd);
    connection->fd = -1;
}

/* Sends what can be sent without waiting. False: nobody is there any more. */
static bool send_answer(struct connection *connection)
{
    size_t size;
    const char *answer;

    while ((answer = protocol_answer(&connection->client, &size))) {
        ssize_t sent = send(connection->fd, answer, size, MSG_NOSIGNAL);
        if (sent < 0)
            return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
        protocol_sent(&connection->client, (size_t)sent);
    }
    return true;
}

/* Takes a line, or as much of it as there is, out of what was received. */
static size_t take_line(struct connection *connection, char line[PROTOCOL_LINE])
{
    const char *end = memchr(connection->bytes, '\n', connection->bytes_count);
    size_t size = end ? (size_t)(end + 1 - connection->bytes) : connection->bytes_count;

    memcpy(line, connection->bytes, size);
    connection->bytes_count -= size;
    memmove(connection->bytes, connection->bytes + size, connection->bytes_count);
    return size;
}

/* Obeys what has been received, a line at a time, for as long as the answers are taken. While one
 * is obeyed, the next may come: an interrupt. */
static bool obey_lines(struct connection *connection)
{
    const struct monitor_client *client = &connection->client;
    char line[PROTOCOL_LINE];

    while (connection->bytes_count && !client->answer && !client->talk.waits) {
        size_t size = take_line(connection, line);
        protocol_receive(&connection->client, line, size);
        if (!send_answer(connection))
            return false;
    }
    return true;
}

static bool receive(struct connection *connection)
{
    size_t room = sizeof(connection->bytes) - connection->bytes_count;
    ssize_t got;

    if (!room)
        return true;
    got = recv(connection->fd, connection->bytes + connection->bytes_count, room, 0);
    if (got < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    if (got == 0)
        return false;
    connection->heard_ns = console_now_ns();
    connection->bytes_count += (size_t)got;
    return true;
}

/* The line "interrupt", if it is what came first. */
static bool take_interrupt(struct connection *connection)
{
    size_t size = sizeof(PROTOCOL_INTERRUPT);

    if (connection->bytes_count < size ||
        memcmp(connection->bytes, PROTOCOL_INTERRUPT "\n", size) != 0)
        return false;
    connection->bytes_count -= size;
    memmove(connection->bytes, connection->bytes + size, connection->bytes_count);
    return true;
}

/* For struct monitor_talk. A client who does not read misses some of it. */
static bool goes_on(void *context, const char *progress)
{
    struct connection *connection = context;
    u64 now = console_now_ns();
    char line[128];
    int size;

    if (!receive(connection) || take_interrupt(connection))
        return false;
    if (!progress || !connection->client.wants_progress || now - connection->told_ns < TELL_NS)
        return true;
    connection->told_ns = now;
    size = snprintf(line, sizeof(line), PROTOCOL_PROGRESS "%s\n", progress);
    ssize_t sent = send(connection->fd, line, (size_t)size, MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent == size ||
           (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR));
}

static void attend_one(struct connection *connection, short happened)
{
    bool is_there = send_answer(connection);

    if (is_there && happened & (POLLIN | POLLHUP | POLLERR))
        is_there = receive(connection);
    if (is_there && connection->client.talk.waits && !*connection->client.talk.then &&
        take_interrupt(connection))
        protocol_interrupt(&connection->client);
    if (is_there)
        is_there = obey_lines(connection);
    if (!is_there)
        hang_up(connection);
}

void monitor_server_stopped(struct monitor_server *server)
{
    for (unsigned i = 0; i < CLIENTS; i++) {
        struct connection *connection = &server->connections[i];
        if (connection->fd < 0 || !connection->client.talk.waits)
            continue;
        protocol_stopped(&connection->client);
        attend_one(connection, 0);
    }
}

/* A free place, or that of whoever has been silent longest. */
static struct connection *find_place(struct monitor_server *server)
{
    struct connection *found = &server->connections[0];

    for (unsigned i = 0; i < CLIENTS; i++) {
        struct connection *each = &server->connections[i];
        if (each->fd < 0)
            return each;
        if (each->heard_ns < found->heard_ns)
            found = each;
    }
    hang_up(found);
    return found;
}

/* False: nobody is waiting. */
static bool welcome(struct monitor_server *server)
{
    int fd = accept(server->fd, NULL, NULL);
    struct connection *place;

    if (fd < 0)
        return false;
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    place = find_place(server);
    place->fd = fd;
    place->heard_ns = console_now_ns();
    place->bytes_count = 0;
    place->told_ns = 0;
    place->client = (struct monitor_client){.talk = {.monitor = server->monitor,
                                                     .hart = monitor_first_hart(server->monitor),
                                                     .goes_on = goes_on,
                                                     .goes_on_context = place}};
    return true;
}

/* First the socket itself, then the connections that there are: mostly none. */
static unsigned prepare(void *context, struct pollfd *fds, unsigned room, u64 *ns)
{
    struct monitor_server *server = context;
    unsigned count = 1;

    (void)ns;
    if (room < 1 + CLIENTS)
        return 0;
    fds[0] = (struct pollfd){.fd = server->fd, .events = POLLIN};
    for (unsigned i = 0; i < CLIENTS; i++) {
        const struct connection *connection = &server->connections[i];
        if (connection->fd >= 0)
            fds[count++] = (struct pollfd){.fd = connection->fd,
                                           .events = connection->client.answer ? POLLOUT : POLLIN};
    }
    return count;
}

static short what_happened(int fd, const struct pollfd *fds, unsigned count)
{
    for (unsigned i = 1; i < count; i++)
        if (fds[i].fd == fd)
            return fds[i].revents;
    return 0;
}

static void attend(void *context, const struct pollfd *fds, unsigned count)
{
    struct monitor_server *server = context;

    for (unsigned i = 0; i < CLIENTS; i++) {
        struct connection *connection = &server->connections[i];
        short happened = connection->fd >= 0 ? what_happened(connection->fd, fds, count) : 0;
        if (happened)
            attend_one(connection, happened);
    }
    for (unsigned i = 0; i < WELCOMES && count && fds[0].revents && welcome(server); i++)
        ;
}

struct attendant monitor_server_attendant(struct monitor_server *server)
{
    return (struct attendant){
        .context = server, .prepare = prepare, .attend = attend, .is_timeless = true};
}

struct monitor_server *monitor_server_open(struct monitor *monitor, const char *path, char *message,
                                           size_t message_size)
{
    struct monitor_server *server = calloc(1, sizeof(*server));

    if (!server) {
        refuse(message, message_size, "There is no memory left for the monitor.");
        return NULL;
    }
    server->monitor = monitor;
    for (unsigned i = 0; i < CLIENTS; i++)
        server->connections[i].fd = -1;
    snprintf(server->path, sizeof(server->path), "%s", path);
    server->fd = runtime_listen(path, message, message_size);
    if (server->fd >= 0)
        return server;
    free(server);
    return NULL;
}

void monitor_server_close(struct monitor_server *server)
{
    if (!server)
        return;
    for (unsigned i = 0; i < CLIENTS; i++)
        hang_up(&server->connections[i]);
    close(server->fd);
    unlink(server->path);
    free(server);
}
