/* The folder of snapshots that have names (see snapshot_names.h). */
#include "frontend/snapshot_names.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "loader/refuse.h"

#define NAME_MOST 100

bool snapshot_is_file(const char *word)
{
    return strpbrk(word, "./") != NULL;
}

bool snapshot_folder(char path[OPTION_PATH], char *message, size_t size)
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    int length = -1;

    if (data && *data == '/')
        length = snprintf(path, OPTION_PATH, "%s/vitrine/snapshots", data);
    else if (home && *home == '/')
        length = snprintf(path, OPTION_PATH, "%s/.local/share/vitrine/snapshots", home);
    return (length > 0 && length < OPTION_PATH) ||
           refuse(message, size,
                  "There is no folder for snapshots with names: neither XDG_DATA_HOME nor HOME is "
                  "a path; say a file, with a slash in it.");
}

static bool is_name(const char *word)
{
    for (const char *at = word; *at; at++)
        if (!isalnum((unsigned char)*at) && !strchr("-_+", *at))
            return false;
    return *word && strlen(word) <= NAME_MOST;
}

bool snapshot_find(const char *word, char path[OPTION_PATH], char *message, size_t size)
{
    size_t length;

    if (snapshot_is_file(word))
        return snprintf(path, OPTION_PATH, "%s", word) < OPTION_PATH ||
               refuse(message, size, "The name of that file is too long.");
    if (!is_name(word))
        return refuse(message, size,
                      "\"%.60s\" cannot be the name of a snapshot: it takes letters, digits, -, _ "
                      "and +, or a file, with a slash or a dot in it.",
                      word);
    if (!snapshot_folder(path, message, size))
        return false;
    length = strlen(path);
    return snprintf(path + length, OPTION_PATH - length, "/%s" SNAPSHOT_SUFFIX, word) <
               (int)(OPTION_PATH - length) ||
           refuse(message, size, "The name of the folder for snapshots is too long.");
}

/* With those above it. */
static bool make_folder(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        int error = mkdir(path, 0700) && errno != EEXIST;
        *slash = '/';
        if (error)
            return false;
    }
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

bool snapshot_place(const char *word, char path[OPTION_PATH], char *message, size_t size)
{
    char folder[OPTION_PATH];

    if (!snapshot_find(word, path, message, size))
        return false;
    if (snapshot_is_file(word))
        return true;
    return snapshot_folder(folder, message, size) &&
           (make_folder(folder) ||
            refuse(message, size, "%s cannot be made: %s.", folder, strerror(errno)));
}
