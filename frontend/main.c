/* The command `vitrine`: finds out which command is meant and calls it. The only place that ends
 * the process.
 *
 * stdout carries the guest or the answer; everything else that we say goes to stderr. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "frontend/guests.h"
#include "frontend/info.h"
#include "frontend/monitor.h"
#include "frontend/monitor_client.h"
#include "frontend/options.h"
#include "frontend/qemu.h"
#include "frontend/replay.h"
#include "frontend/run.h"
#include "frontend/vscode.h"
#include "frontend/snapshots.h"
#include "frontend/trace_show.h"

static int complain(const char *sentence)
{
    fprintf(stderr, "vitrine: %s\n", sentence);
    return EXIT_USAGE;
}

static int print_version(void)
{
    info_print_version();
    return EXIT_DONE;
}

/* What the monitor's help says of one of its commands, or of all: no machine is needed for that. */
static bool print_monitor_help(const char *name, char *why, size_t why_size)
{
    struct monitor monitor;
    struct monitor_talk talk = {.monitor = &monitor};
    char line[128];

    monitor_init(&monitor, NULL, NULL);
    snprintf(line, sizeof(line), "help %.100s", name);
    return monitor_obey(&talk, line, stdout, false, why, why_size);
}

/* A word may be a command of ours, of the monitor, or both. */
static int print_command_help(const char *name)
{
    char why[256];
    bool is_monitor = options_command(name) == COMMAND_MONITOR;
    bool is_ours = options_print_command(stdout, name);

    if (is_monitor)
        fputs("\nIts commands, which are vitrine COMMAND, too:\n", stdout);
    if ((is_monitor || !is_ours || monitor_find(name)) &&
        !print_monitor_help(is_monitor ? "" : name, why, sizeof(why)))
        return complain(why);
    return EXIT_DONE;
}

static int print_help(const struct options *options)
{
    if (options->word_count > 1)
        return print_command_help(options->words[1]);
    if (options->man)
        options_print_manual(stdout);
    else
        options_print_help(stdout);
    return EXIT_DONE;
}

/* Is this word, in place of a command, something to boot? A word with a dot or a slash is meant as
 * a file, also when there is none. */
static bool is_bootable(const char *word)
{
    return guest_find(word) || strpbrk(word, "./") || access(word, F_OK) == 0;
}

static int complain_about_word(const char *word)
{
    const char *known[COMMAND_COUNT + 128] = {0};
    unsigned count = 0;
    for (unsigned i = 0; i < COMMAND_COUNT; i++)
        known[count++] = options_command_name((enum command)i);
    for (unsigned i = 0; i < monitor_row_count && count < COMMAND_COUNT + 80; i++)
        known[count++] = monitor_rows[i].name;
    for (unsigned i = 0; guests[i].name && count < COMMAND_COUNT + 127; i++)
        known[count++] = guests[i].name;
    char sentence[256];
    const char *near = nearest_word(word, known);
    if (near)
        snprintf(sentence, sizeof(sentence),
                 "\"%.60s\" is no command, no guest and no file; did you mean \"%s\"?", word, near);
    else
        snprintf(sentence, sizeof(sentence),
                 "\"%.60s\" is no command, no guest and no file; vitrine help says more.", word);
    return complain(sentence);
}

/* What the machine could be asked about: neither a file, nor the board as such, nor this build. */
static bool asks_machine(const struct options *options)
{
    const char *what = options->words[1];
    return what && strcmp(what, "board") && access(what, F_OK) != 0 && !strpbrk(what, "./");
}

/* Is a snapshot to be made of a machine that runs, and not looked at as a file? */
static bool saves_running(const struct options *options)
{
    const char *word = options->words[1];
    return word && (!strcmp(word, "save") || !strcmp(word, "restore"));
}

/* Is a trace to be read from its file? */
static bool shows_trace(const struct options *options)
{
    return options->words[1] && !strcmp(options->words[1], "show");
}

static int visit(const struct options *options)
{
    if (options->word_count > 2)
        return complain("monitor takes the name of a machine, or the path of its socket.");
    return (int)monitor_visit(options, options->words[1]);
}

/* Do the options alone say what to do? A device tree can be had without a program. */
static bool names_program(const struct options *options)
{
    return options->replay || options->kernel || options->firmware || options->dump_dtb;
}

static int run(const struct options *options, unsigned first_word)
{
    if (options->replay)
        return replay_command(options);
    if (options->word_count > first_word + 1)
        return complain("This takes one file or guest; quote the words after --append.");
    if (options->word_count <= first_word && !names_program(options))
        return complain("Say what to boot, for example: vitrine run linux");
    return run_command(options, options->words[first_word]);
}

/* Time counts steps unless somebody says otherwise, so that looking takes none. */
static int debug(const struct options *options)
{
    struct options debugged = *options;

    if (options->vscode) {
        if (options->word_count > 2 || !(options->words[1] || options->kernel))
            return complain("Say what to debug, for example: vitrine debug --vscode kernel.elf");
        return (int)vscode_write(options, options->words[1]);
    }
    debugged.is_debug = debugged.starts_stopped = true;
    if (!options->is_clock_said)
        debugged.clock = CLOCK_VIRTUAL;
    return run(&debugged, 1);
}

static int obey(const struct options *options)
{
    const char *word = options->words[0];
    if (options->version)
        return print_version();
    if (options->help || options->man)
        return print_help(options);
    if (!word && names_program(options))
        return run(options, 0);
    if (!word) {
        options_print_help(stderr);
        return EXIT_USAGE;
    }
    switch (options_command(word)) {
    case COMMAND_RUN:
        return run(options, 1);
    case COMMAND_DEBUG:
        return debug(options);
    case COMMAND_INFO:
        return (int)(asks_machine(options) ? monitor_ask(options) : info_command(options));
    case COMMAND_LIST:
        return (int)monitor_list(options);
    case COMMAND_MONITOR:
        return visit(options);
    case COMMAND_SNAPSHOT:
        return (int)(saves_running(options) ? monitor_ask(options) : snapshots_command(options));
    case COMMAND_TRACE:
        return (int)(shows_trace(options) ? trace_show_command(options) : monitor_ask(options));
    case COMMAND_QEMU: /* read elsewhere, unless an option of ours came first */
        return complain("Say qemu first, and then its words.");
    case COMMAND_HELP:
        return print_help(options);
    case COMMAND_VERSION:
        return print_version();
    case COMMAND_COUNT:
        break;
    }
    if (!is_bootable(word) && monitor_find(word))
        return (int)monitor_ask(options);
    return is_bootable(word) ? run(options, 0) : complain_about_word(word);
}

static bool write_pid(const char *path)
{
    FILE *file = fopen(path, "w");
    bool is_written = file && fprintf(file, "%ld\n", (long)getpid()) > 0;

    if (file && fclose(file) != 0)
        is_written = false;
    if (!is_written)
        fprintf(stderr, "vitrine: %s cannot be written: %s.\n", path, strerror(errno));
    return is_written;
}

/* A command line in QEMU's words. */
static int obey_qemu(const struct options *options)
{
    if (options->version) {
        qemu_print_version(stdout);
        return EXIT_DONE;
    }
    if (options->help) {
        qemu_print_help(stdout);
        return EXIT_DONE;
    }
    if (options->wants_log)
        fputs("vitrine: Nothing is logged here yet; -d is passed over.\n", stderr);
    if (options->pid_path && !write_pid(options->pid_path))
        return EXIT_FILE;
    int code = run_command(options, NULL);
    if (options->pid_path)
        unlink(options->pid_path);
    return code;
}

int main(int argc, char **argv)
{
    struct options options;
    char message[512];
    bool is_qemu = qemu_is_meant(argc, argv);
    bool is_read = is_qemu ? qemu_parse(&options, argc, argv, message, sizeof(message))
                           : options_parse(&options, argc, argv, message, sizeof(message));
    if (!is_read)
        return complain(message);
    int code = is_qemu ? obey_qemu(&options) : obey(&options);
    if (fflush(stdout) != 0 && code == EXIT_DONE) {
        perror("vitrine: the answer cannot be written");
        code = EXIT_OURS;
    }
    return code;
}
