/* The host's end of the network benchmark: takes one TCP connection on the loopback and either
 * reads all that comes, or sends.
 *
 *   stream sink            stream source BYTES
 *
 * prints the port it listens on at once, and when the other side has closed the connection, how
 * many bytes went over it and in how many seconds, from its first byte to its last. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static char buffer[1 << 18];

static double now(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static int listen_anywhere(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) || listen(fd, 1) ||
        getsockname(fd, (struct sockaddr *)&address, &size))
        return -1;
    printf("%u\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

static unsigned long long send_all(int fd, unsigned long long most)
{
    unsigned long long done = 0;

    while (done < most) {
        unsigned long long left = most - done;
        ssize_t put = write(fd, buffer, left < sizeof buffer ? left : sizeof buffer);

        if (put <= 0)
            break;
        done += (unsigned long long)put;
    }
    shutdown(fd, SHUT_WR);
    while (read(fd, buffer, sizeof buffer) > 0) /* until the other side has had everything */
        ;
    return done;
}

static unsigned long long read_all(int fd)
{
    unsigned long long done = 0;

    for (;;) {
        ssize_t got = read(fd, buffer, sizeof buffer);

        if (got <= 0)
            return done;
        done += (unsigned long long)got;
    }
}

int main(int argc, char **argv)
{
    int is_sink = argc == 2 && !strcmp(argv[1], "sink");

    if (!is_sink && (argc != 3 || strcmp(argv[1], "source"))) {
        fprintf(stderr, "usage: %s sink | source BYTES\n", argv[0]);
        return 2;
    }
    int listener = listen_anywhere();
    int fd = listener < 0 ? -1 : accept(listener, NULL, NULL);
    if (fd < 0) {
        perror("stream");
        return 1;
    }
    double start = now();
    unsigned long long done = is_sink ? read_all(fd) : send_all(fd, strtoull(argv[2], NULL, 10));
    printf("%llu %.6f\n", done, now() - start);
    return 0;
}
