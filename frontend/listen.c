/* Listening sockets (see listen.h), by POSIX and getaddrinfo(3). */
#include "frontend/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "loader/refuse.h"

#define WAITING 4 /* who may wait to be accepted */
#define HIDDEN  ".new"

static void set_modes(int fd)
{
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
}

static bool refuse_errno(const char *place, char *message, size_t message_size)
{
    return refuse(message, message_size, "Nobody can connect at %.100s: %s.", place,
                  strerror(errno));
}

/* What somebody who died has left: a socket at which nobody answers. */
static void remove_stale(const struct sockaddr_un *address)
{
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    struct stat status;

    if (fd < 0)
        return;
    if (connect(fd, (const struct sockaddr *)address, sizeof *address) != 0 &&
        errno == ECONNREFUSED && stat(address->sun_path, &status) == 0 && S_ISSOCK(status.st_mode))
        unlink(address->sun_path);
    close(fd);
}

/* The name appears when connecting works, and never takes another's place. */
static bool listen_hidden(int fd, struct sockaddr_un *hidden, const char *path)
{
    mode_t mask = umask(077); /* this user's alone */
    int failed = bind(fd, (const struct sockaddr *)hidden, sizeof *hidden);

    umask(mask);
    if (failed)
        return false;
    failed = listen(fd, WAITING) || link(hidden->sun_path, path);
    if (failed && errno == EEXIST)
        errno = EADDRINUSE;
    int error = errno;
    unlink(hidden->sun_path);
    errno = error;
    return !failed;
}

static bool listen_at_path(struct listener *listener, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX}, hidden = address;

    if (!*path || strlen(path) + strlen(HIDDEN) >= sizeof address.sun_path ||
        strlen(path) >= LISTEN_PLACE) {
        errno = *path ? ENAMETOOLONG : ENOENT;
        return false;
    }
    strcpy(address.sun_path, path);
    strcat(strcpy(hidden.sun_path, path), HIDDEN);
    remove_stale(&address);
    remove_stale(&hidden);
    listener->fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (listener->fd < 0 || !listen_hidden(listener->fd, &hidden, path))
        return false;
    strcpy(listener->path, path);
    snprintf(listener->place, sizeof listener->place, "%s", path);
    return true;
}

static bool listen_at_address(struct listener *listener, const struct addrinfo *info,
                              const char *host)
{
    struct sockaddr_storage bound;
    socklen_t size = sizeof bound;
    char port[16];
    int on = 1;

    listener->fd = socket(info->ai_family, info->ai_socktype, info->ai_protocol);
    if (listener->fd < 0)
        return false;
    setsockopt(listener->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener->fd, info->ai_addr, info->ai_addrlen) != 0 ||
        listen(listener->fd, WAITING) != 0 ||
        getsockname(listener->fd, (struct sockaddr *)&bound, &size) != 0 ||
        getnameinfo((struct sockaddr *)&bound, size, NULL, 0, port, sizeof port,
                    NI_NUMERICSERV | NI_NUMERICHOST) != 0)
        return false;
    snprintf(listener->place, sizeof listener->place, "%.100s:%s", host, port);
    return true;
}

/* The last colon is the port's: IPv6 addresses stand in brackets. */
static bool listen_at_port(struct listener *listener, const char *place, char *message,
                           size_t message_size)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM}, *info = NULL;
    const char *colon = strrchr(place, ':'), *port = colon ? colon + 1 : place;
    char host[LISTEN_PLACE] = "127.0.0.1", bare[LISTEN_PLACE];
    bool is_open;

    if (!*port || strspn(port, "0123456789") != strlen(port) || strlen(port) > 5)
        return refuse(message, message_size,
                      "\"%.60s\" is no place to listen at: it takes PORT, HOST:PORT or unix:PATH.",
                      place);
    if (colon && colon > place)
        snprintf(host, sizeof host, "%.*s", (int)(colon - place), place);
    strcpy(bare, host);
    if (host[0] == '[' && strchr(host, ']'))
        snprintf(bare, sizeof bare, "%.*s", (int)strcspn(host + 1, "]"), host + 1);
    int error = getaddrinfo(bare, port, &hints, &info);
    if (error)
        return refuse(message, message_size, "\"%.60s\" is no address of this host: %s.", host,
                      gai_strerror(error));
    is_open = listen_at_address(listener, info, host);
    freeaddrinfo(info);
    return is_open || refuse_errno(place, message, message_size);
}

bool listen_at(struct listener *listener, const char *place, char *message, size_t message_size)
{
    bool is_open;

    *listener = (struct listener){.fd = -1};
    if (!strncmp(place, "unix:", 5))
        is_open = listen_at_path(listener, place + 5) || refuse_errno(place, message, message_size);
    else
        is_open = listen_at_port(listener, place, message, message_size);
    if (is_open)
        set_modes(listener->fd);
    else
        listen_close(listener);
    return is_open;
}

void listen_close(struct listener *listener)
{
    if (listener->fd >= 0)
        close(listener->fd);
    if (*listener->path)
        unlink(listener->path);
    *listener = (struct listener){.fd = -1};
}

int listen_accept(const struct listener *listener)
{
    int fd = accept(listener->fd, NULL, NULL), on = 1, idle_s = 60, between_s = 10, times = 6;

    if (fd < 0)
        return -1;
    set_modes(fd);
    /* Fails on a unix socket, where none of it matters. Who is asked every ten seconds whether he
     * is still there, and does not say so, is gone within two minutes: the next one finds the door
     * open. */
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof idle_s);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &between_s, sizeof between_s);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &times, sizeof times);
    return fd;
}
