/* meter LIMIT OUTPUT COMMAND [ARGUMENT...]: runs a command with nothing to read and its words in
 * OUTPUT, and prints what it cost: user CPU seconds, system CPU seconds, wall seconds, and its
 * largest memory in kilobytes, as wait4 has them. Children that the command waited for count. Exits
 * with the command's code; 124 when it took longer than LIMIT seconds and was killed, 128 and the
 * signal's number when it died of one. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { EXIT_TIMEOUT = 124, EXIT_NOT_RUN = 127 };

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* In the child; does not return. */
static void become(const char *output, char **command, const sigset_t *mask)
{
    int in = open("/dev/null", O_RDONLY), out = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (in < 0 || out < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0) {
        perror(output);
        _exit(EXIT_NOT_RUN);
    }
    sigprocmask(SIG_SETMASK, mask, NULL);
    execvp(command[0], command);
    perror(command[0]);
    _exit(EXIT_NOT_RUN);
}

/* Whether the limit passed before the child ended. */
static int is_late(const sigset_t *child_ended, double deadline)
{
    for (;;) {
        double left = deadline - now();
        if (left <= 0)
            return 1;
        struct timespec wait = {.tv_sec = (time_t)left,
                                .tv_nsec = (long)((left - (double)(time_t)left) * 1e9)};
        if (sigtimedwait(child_ended, NULL, &wait) == SIGCHLD)
            return 0;
        if (errno != EINTR && errno != EAGAIN)
            return 1;
    }
}

int main(int count, char **arguments)
{
    if (count < 4) {
        fprintf(stderr, "usage: meter LIMIT OUTPUT COMMAND [ARGUMENT...]\n");
        return 2;
    }
    sigset_t child_ended, before;
    sigemptyset(&child_ended);
    sigaddset(&child_ended, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child_ended, &before);
    double start = now();
    pid_t child = fork();
    if (child == 0)
        become(arguments[2], arguments + 3, &before);
    if (child < 0) {
        perror("fork");
        return 1;
    }
    int late = is_late(&child_ended, start + atof(arguments[1]));
    if (late)
        kill(child, SIGKILL);
    int status;
    struct rusage cost;
    while (wait4(child, &status, 0, &cost) < 0 && errno == EINTR)
        ;
    printf("%.6f %.6f %.6f %ld\n", seconds_of(cost.ru_utime), seconds_of(cost.ru_stime),
           now() - start, cost.ru_maxrss);
    if (late)
        return EXIT_TIMEOUT;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
