/* Snapshots that were saved: listing, looking, checking and deleting (see snapshots.h). */
#include "frontend/snapshots.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "frontend/json.h"
#include "frontend/snapshot_names.h"
#include "loader/refuse.h"
#include "loader/snapshot.h"
#include "loader/snapshot_temporary.h"

/* One that is shown. */
struct shown {
    char name[OPTION_PATH]; /* as it would be said */
    struct snapshot_info info;
    u64 size; /* of the file, bytes */
};

static void print_text(FILE *out, const struct shown *shown)
{
    const struct snapshot_info *info = &shown->info;
    time_t saved_at = (time_t)info->saved_at;
    struct tm date;
    char text[32] = "?";

    if (localtime_r(&saved_at, &date))
        strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &date);
    fprintf(out,
            "%s  %s  RV%u, %u hart%s, %llu MiB, %.1f s after power-on, step %llu; %.1f MB of "
            "file\n",
            shown->name, text, info->xlen, info->harts, info->harts == 1 ? "" : "s",
            (unsigned long long)info->ram_size >> 20, (double)info->ticks / CLOCK_HZ,
            (unsigned long long)info->steps, (double)shown->size / 1e6);
}

static void print_json(struct json *json, const struct shown *shown)
{
    const struct snapshot_info *info = &shown->info;

    json_object(json, NULL);
    json_text(json, "name", shown->name);
    json_number(json, "saved_at", (u64)info->saved_at);
    json_text(json, "board", info->board);
    json_number(json, "xlen", info->xlen);
    json_number(json, "harts", info->harts);
    json_number(json, "memory", info->ram_size);
    json_number(json, "ticks", info->ticks);
    json_number(json, "step", info->steps);
    json_number(json, "bytes", shown->size);
    json_end_object(json);
}

/* False, and a sentence: it is none. */
static bool look_at(const char *path, struct shown *shown, char *message, size_t size)
{
    struct stat status;

    if (!snapshot_inspect(path, &shown->info, message, size))
        return false;
    shown->size = stat(path, &status) == 0 ? (u64)status.st_size : 0;
    return true;
}

/* "kept.snapshot" is the snapshot kept. False: it is something else. */
static bool cut_suffix(char *name)
{
    size_t length = strlen(name), tail = strlen(SNAPSHOT_SUFFIX);

    if (length <= tail || strcmp(name + length - tail, SNAPSHOT_SUFFIX) != 0)
        return false;
    name[length - tail] = 0;
    return !snapshot_is_file(name);
}

static int is_shown(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && !snapshot_is_temporary(entry->d_name);
}

/* Of the folder that the user said, paths; of that for names, names. */
static void list_one(const struct snapshots_ask *ask, struct json *json, const char *folder,
                     const char *entry)
{
    struct shown shown;
    struct stat status;
    char path[OPTION_PATH], ignored[256];

    if (snprintf(path, sizeof(path), "%s/%s", folder, entry) >= (int)sizeof(path) ||
        stat(path, &status) != 0 || !S_ISREG(status.st_mode) ||
        !look_at(path, &shown, ignored, sizeof(ignored)))
        return;
    snprintf(shown.name, sizeof(shown.name), "%s", ask->word ? path : entry);
    if (!ask->word && !cut_suffix(shown.name))
        return;
    if (ask->json)
        print_json(json, &shown);
    else
        print_text(ask->out, &shown);
}

static bool list(const struct snapshots_ask *ask)
{
    struct json json = {.out = ask->out};
    struct dirent **entries = NULL;
    char folder[OPTION_PATH];
    int count;

    if (!ask->word && !snapshot_folder(folder, ask->message, ask->message_size))
        return false;
    if (ask->word && snprintf(folder, sizeof(folder), "%s", ask->word) >= (int)sizeof(folder))
        return refuse(ask->message, ask->message_size, "The name of that folder is too long.");
    count = scandir(folder, &entries, is_shown, alphasort);
    if (count < 0 && (ask->word || errno != ENOENT)) /* nothing was ever saved there */
        return refuse(ask->message, ask->message_size, "%s cannot be listed: %s.", folder,
                      strerror(errno));
    if (ask->json)
        json_array(&json, NULL);
    for (int i = 0; i < count; i++) {
        list_one(ask, &json, folder, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    if (ask->json) {
        json_end_array(&json);
        fputc('\n', ask->out);
    }
    return true;
}

bool snapshots_next_name(size_t *place, char *name, size_t size)
{
    char folder[OPTION_PATH], ignored[256], entry_name[256] = "";
    size_t number = 0;
    bool found = false;
    DIR *entries = snapshot_folder(folder, ignored, sizeof(ignored)) ? opendir(folder) : NULL;

    if (!entries)
        return false;
    for (const struct dirent *entry; !found && (entry = readdir(entries));) {
        snprintf(entry_name, sizeof(entry_name), "%s", entry->d_name);
        found = is_shown(entry) && cut_suffix(entry_name) && number++ == *place;
    }
    closedir(entries);
    *place += found;
    snprintf(name, size, "%s", entry_name);
    return found;
}

static bool info(const struct snapshots_ask *ask, const char *path)
{
    struct json json = {.out = ask->out};
    struct shown shown;

    if (!look_at(path, &shown, ask->message, ask->message_size))
        return false;
    snprintf(shown.name, sizeof(shown.name), "%s", ask->word);
    if (!ask->json) {
        print_text(ask->out, &shown);
        return true;
    }
    print_json(&json, &shown);
    fputc('\n', ask->out);
    return true;
}

static bool report(const struct snapshots_ask *ask, const char *done)
{
    struct json json = {.out = ask->out};

    if (!ask->json) {
        fprintf(ask->out, "%s is %s.\n", ask->word, done);
        return true;
    }
    json_object(&json, NULL);
    json_text(&json, "name", ask->word);
    json_text(&json, "done", done);
    json_end_object(&json);
    fputc('\n', ask->out);
    return true;
}

/* Only what is a snapshot is taken away. */
static bool delete_one(const struct snapshots_ask *ask, const char *path)
{
    struct snapshot_info ignored;

    if (!snapshot_inspect(path, &ignored, ask->message, ask->message_size))
        return false;
    if (unlink(path) == 0)
        return report(ask, "deleted");
    return refuse(ask->message, ask->message_size, "%s cannot be deleted: %s.", path,
                  strerror(errno));
}

bool snapshots_has(const char *what)
{
    return !strcmp(what, "list") || !strcmp(what, "info") || !strcmp(what, "check") ||
           !strcmp(what, "delete");
}

bool snapshots_obey(const struct snapshots_ask *ask)
{
    char path[OPTION_PATH];

    if (!strcmp(ask->what, "list"))
        return list(ask);
    if (!ask->word)
        return refuse(ask->message, ask->message_size, "snapshot %s needs a name, or a file.",
                      ask->what);
    if (!snapshot_find(ask->word, path, ask->message, ask->message_size))
        return false;
    if (!strcmp(ask->what, "info"))
        return info(ask, path);
    if (!strcmp(ask->what, "delete"))
        return delete_one(ask, path);
    return snapshot_check(path, ask->message, ask->message_size) && report(ask, "whole");
}

enum exit_code snapshots_command(const struct options *options)
{
    char message[OPTION_PATH + 256];
    struct snapshots_ask ask = {.what = options->words[1],
                                .word = options->words[2],
                                .out = stdout,
                                .json = options->json,
                                .message = message,
                                .message_size = sizeof(message)};

    if (!ask.what || !snapshots_has(ask.what) || (!ask.word && strcmp(ask.what, "list") != 0)) {
        fprintf(stderr, "vitrine: Say snapshot save, restore, info, check or delete and a NAME, "
                        "or snapshot list.\n");
        return EXIT_USAGE;
    }
    if (snapshots_obey(&ask))
        return EXIT_DONE;
    fprintf(stderr, "vitrine: %s\n", message);
    return EXIT_FILE;
}
