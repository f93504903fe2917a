/* A person at a terminal: runs a program on a pseudo-terminal and does what the words say.
 *
 *   person [wait TEXT | type KEYS | resize COLUMNSxROWS | pause MS | quit MS]... -- PROGRAM
 * [ARGUMENT]...
 *
 * wait TEXT: until the program has printed it, after what was waited for before. type KEYS: \n is
 * the Enter key. quit MS: types Ctrl-A x, prints how long the program took to end, and fails when
 * that was longer. What the program prints goes to stdout, but for floods: the first megabyte.
 * Exit code: 0, or 1 with a sentence; a program that nobody quits must end by itself with 0. */
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define KEPT      65536
#define SHOW_MOST (1 << 20)
#define PATIENCE  600000 /* ms: only against hangs */

struct person {
    int terminal;
    pid_t program;
    bool has_ended;
    size_t shown, kept;
    char text[KEPT + 1]; /* what was printed since the last text waited for, or the end of that */
};

static long now_ms(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

static void keep(struct person *person, const char *bytes, size_t size)
{
    size_t half = KEPT / 2;

    if (person->kept + size > KEPT) {
        memmove(person->text, person->text + person->kept - half, half);
        person->kept = half;
    }
    for (size_t i = 0; i < size; i++)
        person->text[person->kept++] = bytes[i] ? bytes[i] : ' ';
    person->text[person->kept] = 0;
}

/* Reads what there is within so many milliseconds. */
static void look(struct person *person, int ms)
{
    struct pollfd fds = {.fd = person->terminal, .events = POLLIN};
    char bytes[KEPT / 4];

    if (poll(&fds, 1, ms) <= 0)
        return;
    ssize_t got = read(person->terminal, bytes, sizeof bytes);
    if (got <= 0) { /* EIO: the other end is closed */
        person->has_ended = got == 0 || errno != EINTR;
        return;
    }
    if (person->shown < SHOW_MOST)
        person->shown += fwrite(bytes, 1, (size_t)got, stdout);
    keep(person, bytes, (size_t)got);
}

static bool wait_for(struct person *person, const char *text)
{
    long end = now_ms() + PATIENCE;
    char *found;

    while (!(found = strstr(person->text, text)) && !person->has_ended && now_ms() < end)
        look(person, 100);
    if (!found) {
        fprintf(stderr, "never printed: %s\n", text);
        return false;
    }
    found += strlen(text);
    person->kept -= (size_t)(found - person->text);
    memmove(person->text, found, person->kept + 1);
    return true;
}

static bool type(struct person *person, const char *keys)
{
    for (; *keys; keys++) {
        bool is_enter = keys[0] == '\\' && keys[1] == 'n';
        if (write(person->terminal, is_enter ? "\n" : keys, 1) != 1)
            return false;
        keys += is_enter;
    }
    return true;
}

static bool resize(struct person *person, const char *size)
{
    struct winsize to = {0};

    return sscanf(size, "%hux%hu", &to.ws_col, &to.ws_row) == 2 &&
           ioctl(person->terminal, TIOCSWINSZ, &to) == 0;
}

static bool rest(struct person *person, const char *ms)
{
    long end = now_ms() + atol(ms);

    while (now_ms() < end && !person->has_ended)
        look(person, 1);
    return true;
}

/* Waits for the program's end, and reads on meanwhile. Its wait status, or -1 after that long. */
static int await_end(struct person *person, long most)
{
    long end = now_ms() + most;
    int status;

    for (;;) {
        if (waitpid(person->program, &status, WNOHANG) == person->program)
            return status;
        if (now_ms() > end)
            return -1;
        if (person->has_ended)
            usleep(1000);
        else
            look(person, 1);
    }
}

static bool quit(struct person *person, const char *most)
{
    long before = now_ms();

    if (!type(person, "\001x"))
        return false;
    int status = await_end(person, PATIENCE);
    long took = now_ms() - before;
    fprintf(stderr, "Ctrl-A x was obeyed after %ld ms.\n", took);
    person->program = 0;
    return status == 0 && took <= atol(most);
}

static const struct {
    const char *word;
    bool (*act)(struct person *, const char *);
} actions[] = {
    {"wait", wait_for}, {"type", type}, {"resize", resize}, {"pause", rest}, {"quit", quit}};

static bool act(struct person *person, const char *word, const char *value)
{
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (!strcmp(actions[i].word, word))
            return actions[i].act(person, value);
    return false;
}

int main(int argc, char **argv)
{
    static struct person person; /* large */
    struct winsize size = {.ws_col = 80, .ws_row = 24};
    int at = 1, dashes = 1;

    setvbuf(stdout, NULL, _IONBF, 0);

    while (dashes < argc && strcmp(argv[dashes], "--"))
        dashes++;
    if (dashes + 1 >= argc)
        return 2;
    person.program = forkpty(&person.terminal, NULL, NULL, &size);
    if (person.program == 0) {
        execv(argv[dashes + 1], argv + dashes + 1);
        _exit(127);
    }
    for (; at + 1 < dashes && act(&person, argv[at], argv[at + 1]); at += 2)
        ;
    if (at != dashes)
        fprintf(stderr, "failed at: %s %s\n", argv[at], argv[at + 1]);
    int status = at == dashes && person.program ? await_end(&person, PATIENCE) : 0;
    if (status == -1 || (at != dashes && person.program))
        kill(person.program, SIGKILL);
    return at == dashes && status == 0 ? 0 : 1;
}
