/* Running an image of samples on QEMU, as a child process whose serial port is a pipe (see
 * judge.h). */
#include "tests/random/judge.h"

#include "tests/lockstep/qemu_cpu.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE 20000 /* milliseconds without an answer: it will not come */

static bool write_file(char *path, const struct image *image)
{
    int fd = mkstemp(path);
    u64 done = 0;

    while (fd >= 0 && done < image->size) {
        ssize_t part = write(fd, image->bytes + done, image->size - done);
        if (part <= 0)
            break;
        done += (u64)part;
    }
    if (fd >= 0)
        close(fd);
    return fd >= 0 && done == image->size;
}

/* In the child. */
static void become_qemu(const struct judge *judge, const char *path, int out)
{
    char cpu[QEMU_CPU_SIZE];
    const char *const arguments[] = {
        judge->qemu, "-machine", "virt",  "-cpu",    cpu,       "-m",         "32M",
        "-smp",      "2",        "-bios", "none",    "-kernel", path,         "-display",
        "none",      "-monitor", "none",  "-serial", "stdio",   "-no-reboot", NULL};
    int nothing = open("/dev/null", O_RDONLY);

    qemu_cpu_describe(&judge->driver.isa, cpu, sizeof cpu);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(nothing, 0);
    dup2(out, 1);
    execv(judge->qemu, (char *const *)arguments);
    fprintf(stderr, "random: %s cannot be started: %s\n", judge->qemu, strerror(errno));
    _exit(4);
}

/* Reads until QEMU ends, or has nothing more to say. */
static void listen(int in, struct answers *answers)
{
    struct pollfd one = {.fd = in, .events = POLLIN};
    char buffer[4096];

    while (poll(&one, 1, PATIENCE) > 0) {
        ssize_t got = read(in, buffer, sizeof buffer);
        if (got <= 0)
            return;
        for (ssize_t i = 0; i < got; i++)
            if (buffer[i] != '\r')
                answers_add(answers, buffer[i]);
    }
}

bool qemu_run(struct judge *judge, const struct image *image, struct answers *answers)
{
    char path[] = "/tmp/vitrine-random-XXXXXX";
    int ends[2];
    pid_t child;

    if (!write_file(path, image) || pipe(ends) < 0) {
        snprintf(judge->message, sizeof judge->message, "%s: %s", path, strerror(errno));
        return false;
    }
    judge->qemu_runs++;
    fflush(NULL);
    child = fork();
    if (child == 0) {
        close(ends[0]);
        become_qemu(judge, path, ends[1]);
    }
    close(ends[1]);
    if (child > 0) {
        listen(ends[0], answers);
        kill(child, SIGKILL); /* harmless when it has ended: it is still ours to wait for */
        waitpid(child, NULL, 0);
    }
    close(ends[0]);
    unlink(path);
    if (!answers->size && image->count)
        snprintf(judge->message, sizeof judge->message, "QEMU said nothing");
    return child > 0;
}
