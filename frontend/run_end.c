/* What a run says before it begins, and how it ends (see run_parts.h). */
#include "frontend/run_parts.h"

#include <stdio.h>
#include <string.h>

#include "frontend/terminal.h"
#include "loader/refuse.h"

#define GUEST_CODES 255 /* the most that a process can say */

int run_fail(struct run *run, int code)
{
    fprintf(stderr, "vitrine: %s\n", run->message);
    return code;
}

static void print_forwards(const struct net_config *net)
{
    for (unsigned i = 0; i < net->forward_count; i++) {
        const struct net_forward *forward = &net->forwards[i];
        const u8 *at = forward->address;
        fprintf(stderr, "vitrine: %s port %u of %u.%u.%u.%u leads to port %u of the guest.\n",
                forward->is_udp ? "UDP" : "TCP", forward->host_port, at[0], at[1], at[2], at[3],
                forward->guest_port);
    }
}

void run_print_banner(const struct run *run)
{
    const struct console *console = &run->console;
    if (run->options->quiet || run->script)
        return;
    fprintf(stderr, "vitrine: %s\n", run->plan.sentence);
    print_forwards(&run->plan.net);
    run_print_gdb(run);
    char key = (char)(console->escape | 0x40);
    if (console->is_terminal && console->escape != CONSOLE_NO_ESCAPE)
        fprintf(stderr, "vitrine: Ctrl-%c x quits, Ctrl-%c c opens the monitor, Ctrl-%c h helps.\n",
                key, key, key);
    else
        fprintf(stderr, "vitrine: SIGINT (Ctrl-C, if your shell sends it) or SIGTERM quits.\n");
}

/* Why the outside wanted to stop. */
static int end_for_user(struct run *run)
{
    const struct console *console = &run->console;
    int number = terminal_stop_signal();
    if (run->debugger.wants_quit)
        return EXIT_DONE;
    if (console->wants_quit) {
        fputc('\n', stderr); /* the shell's prompt on a line of its own */
        return EXIT_DONE;
    }
    if (number)
        return EXIT_SIGNAL + number;
    if (console->error) {
        refuse(run->message, sizeof(run->message), "The guest's output cannot be written: %s.",
               strerror(console->error));
        return run_fail(run, EXIT_OURS);
    }
    refuse(run->message, sizeof(run->message), "--timeout has passed.");
    return run_fail(run, EXIT_OUT_OF_TIME);
}

static int end_for_guest(struct run *run)
{
    u32 code = run->machine->exit_code;
    refuse(run->message, sizeof(run->message), "The guest reported failure, with code %u.", code);
    if (!run->options->exit_guest_code || code == 0)
        return run_fail(run, EXIT_GUEST);
    return run_fail(run, code > GUEST_CODES ? GUEST_CODES : (int)code);
}

int run_end(struct run *run, enum stop stop)
{
    switch (stop) {
    case STOP_POWEROFF:
    case STOP_EXIT:
        return EXIT_DONE;
    case STOP_FAILURE:
        return end_for_guest(run);
    case STOP_USER:
        return end_for_user(run);
    case STOP_LIMIT:
        refuse(run->message, sizeof(run->message), "--max-insns is reached.");
        return run_fail(run, EXIT_OUT_OF_TIME);
    case STOP_HUNG:
        refuse(run->message, sizeof(run->message),
               "The guest can never move again: it waits, and nothing can wake it.");
        return run_fail(run, EXIT_GUEST);
    case STOP_NONE:
    case STOP_DEBUG:
    case STOP_RESET:
        break;
    }
    refuse(run->message, sizeof(run->message), "The machine stopped for no reason.");
    return run_fail(run, EXIT_OURS);
}
