/* A world of its own for a command: no network but a loopback, and a name server on it that knows
 * one name. For tests of names that a guest resolves through the emulated network, which asks the
 * host's name server.
 *
 *   dns NAME ADDRESS COMMAND [ARGUMENT]...
 *
 * runs the command where /etc/resolv.conf names 127.0.0.1 (user, network and mount namespaces: no
 * privileges needed where the host's kernel lets everybody have them). Each question is printed on
 * stderr. Exit code: the command's; 77 where this cannot be had. RFC 1035: A for the name, no other
 * data for it, NXDOMAIN for the rest; one question in a datagram, no compression. */
#define _GNU_SOURCE /* unshare(2) */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXIT_SKIPPED 77

enum { HEADER = 12, QTYPE_A = 1, NAME_ERROR = 3, MESSAGE = 512 };

/* What follows the question in an answer: a pointer to its name, A, IN, a minute, four bytes. */
static const unsigned char answer_head[] = {0xc0, HEADER, 0, QTYPE_A, 0, 1, 0, 0, 0, 60, 0, 4};

static int skip(const char *what)
{
    printf("skipped: a world of its own cannot be had here: %s: %s\n", what, strerror(errno));
    return EXIT_SKIPPED;
}

static int put_text(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    size_t length = strlen(text);

    if (fd < 0)
        return -1;
    ssize_t put = write(fd, text, length);
    close(fd);
    return put == (ssize_t)length ? 0 : -1;
}

/* The same user as outside. */
static int map_user(const char *kind, unsigned id)
{
    char path[64], text[64];

    snprintf(path, sizeof path, "/proc/self/%s", kind);
    snprintf(text, sizeof text, "%u %u 1\n", id, id);
    return put_text(path, text);
}

static int raise_loopback(void)
{
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    int result = fd < 0 ? -1 : ioctl(fd, SIOCSIFFLAGS, &request);

    close(fd);
    return result;
}

static int replace_resolver(void)
{
    const char *folder = getenv("TMPDIR");
    char name[4096];
    int result = -1;

    snprintf(name, sizeof name, "%s/resolv.conf.XXXXXX", folder ? folder : "/tmp");
    int fd = mkstemp(name);
    if (fd < 0)
        return -1;
    close(fd);
    if (!put_text(name, "nameserver 127.0.0.1\n"))
        result = mount(name, "/etc/resolv.conf", NULL, MS_BIND, NULL);
    unlink(name);
    return result;
}

static int leave_world(void)
{
    unsigned user = getuid(), group = getgid();

    if (unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS))
        return skip("unshare");
    if (put_text("/proc/self/setgroups", "deny") || map_user("uid_map", user) ||
        map_user("gid_map", group))
        return skip("the user's map");
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) || replace_resolver())
        return skip("mount");
    return raise_loopback() ? skip("the loopback") : 0;
}

/* Writes the question's name with dots and returns where it ends, or 0 when it is none. */
static size_t read_name(const unsigned char *message, size_t size, char name[MESSAGE])
{
    size_t at = HEADER, length = 0;

    for (; at < size && message[at]; at += 1 + message[at]) {
        if (message[at] > 63 || at + 1 + message[at] >= size)
            return 0;
        if (length)
            name[length++] = '.';
        memcpy(name + length, message + at + 1, message[at]);
        length += message[at];
    }
    name[length] = 0;
    return at + 5 <= size ? at + 1 : 0;
}

/* Turns a question into its answer, in place; returns its size, 0 for none. */
static size_t answer(unsigned char *message, size_t size, const char *known, struct in_addr address)
{
    char name[MESSAGE];
    size_t end = size > HEADER ? read_name(message, size, name) : 0;

    if (!end)
        return 0;
    unsigned type = message[end] << 8 | message[end + 1];
    int is_known = !strcasecmp(name, known), has_address = is_known && type == QTYPE_A;

    fprintf(stderr, "dns: asked for %s, type %u\n", name, type);
    message[2] |= 0x84; /* an answer, by the authority */
    message[3] = is_known ? 0 : NAME_ERROR;
    memset(message + 4, 0, 8); /* one question, nothing else; one answer */
    message[5] = 1;
    message[7] = (unsigned char)has_address;
    end += 4;
    if (!has_address || end + sizeof answer_head + sizeof address > MESSAGE)
        return end;
    memcpy(message + end, answer_head, sizeof answer_head);
    memcpy(message + end + sizeof answer_head, &address, sizeof address);
    return end + sizeof answer_head + sizeof address;
}

static void serve(int fd, const char *name, struct in_addr address)
{
    for (;;) {
        unsigned char message[MESSAGE];
        struct sockaddr_storage from;
        socklen_t from_size = sizeof from;
        ssize_t got =
            recvfrom(fd, message, sizeof message, 0, (struct sockaddr *)&from, &from_size);
        size_t size = got > 0 ? answer(message, (size_t)got, name, address) : 0;

        if (size)
            sendto(fd, message, size, 0, (struct sockaddr *)&from, from_size);
    }
}

static int run(char **command)
{
    pid_t child = fork();
    int status;

    if (!child) {
        execvp(command[0], command);
        perror(command[0]);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        return 1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(53)};
    struct in_addr address;

    if (argc < 4 || inet_pton(AF_INET, argv[2], &address) != 1) {
        fprintf(stderr, "usage: %s NAME ADDRESS COMMAND [ARGUMENT]...\n", argv[0]);
        return 2;
    }
    int code = leave_world();
    if (code)
        return code;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at))
        return skip("port 53");
    pid_t server = fork();
    if (!server) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        serve(fd, argv[1], address);
    }
    if (server < 0)
        return skip("fork");
    code = run(argv + 3);
    kill(server, SIGKILL);
    return code;
}
