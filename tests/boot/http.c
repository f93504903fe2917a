/* Both ends of the smallest HTTP there is, for tests of the guest's network. Only the loopback of
 * this host is used.
 *
 *   http serve PATH    prints a port, then answers every connection to it, IPv4 and IPv6, with that
 *                      file, or with the file asked for in that folder, until it is killed
 *   http get PORT      prints what the server at that port of 127.0.0.1 says about /
 *   http port          prints a port that nobody listens on now */
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

static char content[64 << 20];

static int complain(const char *what)
{
    perror(what);
    return 1;
}

/* Port 0: any. */
static int listen_on_four(unsigned short *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) || listen(fd, 64) ||
        getsockname(fd, (struct sockaddr *)&address, &size))
        return -1;
    *port = ntohs(address.sin_port);
    return fd;
}

static int listen_on_six(unsigned short port)
{
    struct sockaddr_in6 address = {
        .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT, .sin6_port = htons(port)};
    int fd = socket(AF_INET6, SOCK_STREAM, 0), yes = 1;

    if (fd < 0 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes) ||
        bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 64))
        return -1;
    return fd;
}

static void put_all(int fd, const char *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t put = write(fd, bytes + done, size - done);

        if (put <= 0)
            return;
        done += (size_t)put;
    }
}

/* Reads a request, up to the empty line; false when none comes. A client that says nothing is not
 * waited for. */
static bool hear(int fd, char *request, size_t most)
{
    struct timeval patience = {.tv_sec = 60};
    size_t length = 0;

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    for (;;) {
        ssize_t got = read(fd, request + length, most - 1 - length);

        if (got <= 0)
            return false;
        length += (size_t)got;
        request[length] = 0;
        if (strstr(request, "\r\n\r\n") || length == most - 1)
            return true;
    }
}

/* Reads a file into content; its size, or -1. */
static ssize_t load(const char *path)
{
    FILE *file = fopen(path, "rb");

    if (!file)
        return -1;
    size_t size = fread(content, 1, sizeof content, file);
    fclose(file);
    return (ssize_t)size;
}

/* What "GET /NAME HTTP/1.1" asks for is loaded, if it is in the folder: -1 for what is not. */
static ssize_t load_asked(const char *folder, const char *request)
{
    const char *name = request + strlen("GET ");
    char path[4096];
    size_t length;

    if (strncmp(request, "GET /", 5))
        return -1;
    length = strcspn(name, " ?\r");
    snprintf(path, sizeof path, "%s%.*s", folder, (int)length, name);
    return strstr(path, "..") ? -1 : load(path);
}

/* One request: the file at the path, whatever it asks for; or what it asks for in that folder. */
static void answer(int fd, const char *path, bool is_folder)
{
    char request[4096], header[100];

    if (!hear(fd, request, sizeof request))
        return;
    ssize_t size = is_folder ? load_asked(path, request) : load(path);
    int written = snprintf(header, sizeof header, "HTTP/1.0 %s\r\nContent-Length: %zd\r\n\r\n",
                           size < 0 ? "404 Not Found" : "200 OK", size < 0 ? 0 : size);
    put_all(fd, header, (size_t)written);
    if (size > 0)
        put_all(fd, content, (size_t)size);
}

static int serve(const char *path)
{
    struct stat about;
    unsigned short port;

    if (stat(path, &about))
        return complain(path);
    signal(SIGPIPE, SIG_IGN);
    int four = listen_on_four(&port);
    if (four < 0)
        return complain("listen");
    struct pollfd fds[] = {{.fd = four, .events = POLLIN},
                           {.fd = listen_on_six(port), .events = POLLIN}};
    printf("%u%s\n", port, fds[1].fd < 0 ? " without IPv6" : "");
    fflush(stdout);
    while (poll(fds, 2, -1) > 0) {
        for (int i = 0; i < 2; i++) {
            int fd = fds[i].revents ? accept(fds[i].fd, NULL, NULL) : -1;

            if (fd < 0)
                continue;
            answer(fd, path, S_ISDIR(about.st_mode));
            close(fd);
        }
    }
    return complain("poll");
}

static int get(const char *port)
{
    static const char request[] = "GET / HTTP/1.0\r\n\r\n";
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons((unsigned short)atoi(port))};
    struct timeval patience = {.tv_sec = 60};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    ssize_t got;

    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) ||
        connect(fd, (struct sockaddr *)&address, sizeof address))
        return complain("connect");
    put_all(fd, request, sizeof request - 1);
    while ((got = read(fd, content, sizeof content)) > 0)
        fwrite(content, 1, (size_t)got, stdout);
    return got < 0 ? complain("read") : 0;
}

static int find_port(void)
{
    unsigned short port;

    if (listen_on_four(&port) < 0)
        return complain("listen");
    printf("%u\n", port);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && !strcmp(argv[1], "serve"))
        return serve(argv[2]);
    if (argc == 3 && !strcmp(argv[1], "get"))
        return get(argv[2]);
    if (argc == 2 && !strcmp(argv[1], "port"))
        return find_port();
    fprintf(stderr, "usage: %s serve PATH | get PORT | port\n", argv[0]);
    return 2;
}
