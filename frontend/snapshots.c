/* Saving at a time of the guest, and what can be asked of the files afterwards (see snapshots.h).
 */
#include "frontend/snapshots.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "loader/snapshot.h"

#define PIECE_STEPS 20000u /* after which we look at a live clock again */

static void save(struct snapshots *snapshots, unsigned number, struct machine *machine)
{
    snapshots->is_taken[number] = true;
    if (!snapshot_save(machine, snapshots->options->snapshots[number].path, snapshots->message,
                       sizeof(snapshots->message)))
        fprintf(stderr, "vitrine: %s\n", snapshots->message);
}

/* The tick at which the next one is due; those that are due now are saved. */
static u64 save_due(struct snapshots *snapshots, struct machine *machine)
{
    u64 now = clock_ticks(&machine->clock), next = UINT64_MAX;
    for (unsigned i = 0; i < snapshots->options->snapshot_count; i++) {
        u64 at = snapshots->options->snapshots[i].at;
        if (snapshots->is_taken[i] || at == UINT64_MAX)
            continue;
        if (at <= now)
            save(snapshots, i, machine);
        else if (at < next)
            next = at;
    }
    return next;
}

static enum stop run(const struct snapshots *snapshots, struct machine *machine, u64 max_steps)
{
    const struct debugger_runner *runner = &snapshots->runner;
    return runner->run ? runner->run(runner->context, machine, max_steps)
                       : machine_run(machine, max_steps);
}

enum stop snapshots_run(void *context, struct machine *machine, u64 max_steps)
{
    struct snapshots *snapshots = context;
    for (;;) {
        u64 next = save_due(snapshots, machine), steps = clock_steps(&machine->clock);
        if (next == UINT64_MAX)
            return run(snapshots, machine, max_steps);
        u64 piece = clock_steps_until(&machine->clock, next);
        if (piece > PIECE_STEPS)
            piece = PIECE_STEPS;
        bool is_last = max_steps <= steps || max_steps - steps <= piece;
        enum stop stop = run(snapshots, machine, is_last ? max_steps : steps + piece);
        if (stop != STOP_LIMIT || is_last)
            return stop;
    }
}

void snapshots_finish(struct snapshots *snapshots, struct machine *machine, enum stop stop)
{
    if (stop != STOP_USER && stop != STOP_LIMIT && stop != STOP_HUNG)
        return;
    for (unsigned i = 0; i < snapshots->options->snapshot_count; i++)
        if (!snapshots->is_taken[i] && snapshots->options->snapshots[i].at == UINT64_MAX)
            save(snapshots, i, machine);
}

static void print_line(const char *path, const struct snapshot_info *info)
{
    time_t saved_at = (time_t)info->saved_at;
    struct tm date;
    char text[32] = "?";
    if (localtime_r(&saved_at, &date))
        strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &date);
    printf("%s  %s  RV%u, %u hart%s, %llu MiB, %.1f s after power-on, step %llu\n", path, text,
           info->xlen, info->harts, info->harts == 1 ? "" : "s",
           (unsigned long long)info->ram_size >> 20, (double)info->ticks / CLOCK_HZ,
           (unsigned long long)info->steps);
}

static enum exit_code list(const char *folder)
{
    struct snapshot_info info;
    char message[512], path[OPTION_PATH];
    DIR *entries = opendir(folder);
    if (!entries) {
        fprintf(stderr, "vitrine: %s cannot be listed: %s.\n", folder, strerror(errno));
        return EXIT_FILE;
    }
    for (const struct dirent *entry; (entry = readdir(entries));) {
        struct stat status;
        int size = snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        if (size < (int)sizeof(path) && stat(path, &status) == 0 && S_ISREG(status.st_mode) &&
            snapshot_inspect(path, &info, message, sizeof(message)))
            print_line(strcmp(folder, ".") ? path : entry->d_name, &info);
    }
    closedir(entries);
    return EXIT_DONE;
}

/* Only what is a snapshot is taken away. */
static bool delete_one(const char *path, char *message, size_t message_size)
{
    struct snapshot_info info;
    if (!snapshot_inspect(path, &info, message, message_size))
        return false;
    if (unlink(path) == 0)
        return true;
    snprintf(message, message_size, "%s cannot be deleted: %s.", path, strerror(errno));
    return false;
}

enum exit_code snapshots_command(const struct options *options)
{
    const char *what = options->words[1], *path = options->words[2];
    struct snapshot_info info;
    char message[512];
    bool is_good;
    if (what && !strcmp(what, "list"))
        return list(path ? path : ".");
    if (!what || !path ||
        (strcmp(what, "info") && strcmp(what, "check") && strcmp(what, "delete"))) {
        fprintf(stderr, "vitrine: Say snapshot list [FOLDER], snapshot info FILE, snapshot check "
                        "FILE or snapshot delete FILE; snapshots are made by run --snapshot.\n");
        return EXIT_USAGE;
    }
    if (!strcmp(what, "delete"))
        is_good = delete_one(path, message, sizeof(message));
    else if (!strcmp(what, "check"))
        is_good = snapshot_check(path, message, sizeof(message));
    else
        is_good = snapshot_inspect(path, &info, message, sizeof(message));
    if (!is_good) {
        fprintf(stderr, "vitrine: %s\n", message);
        return EXIT_FILE;
    }
    if (!strcmp(what, "info"))
        print_line(path, &info);
    if (!strcmp(what, "check"))
        printf("%s is whole.\n", path);
    return EXIT_DONE;
}
