/* Runs recipes by fork(2) and execl(3); no shell reads anything that the user typed.
 *
 * Left out: knowing what a recipe does. Fetching, verifying and caching are the script's business;
 * the loader checks every file afterwards as if the user had named it. */
#include "frontend/guests.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>
#include <unistd.h>

#include "loader/refuse.h"

const struct guest guests[] = {
    {"uboot", "Debian's U-Boot, a boot loader in S-mode, to its prompt", "", (u64)256 << 20, false},
    {"installer", "Debian's own installer; give it a disk with -d", "console=ttyS0", (u64)1 << 30,
     false},
    {"linux", "Debian's kernel with a busybox shell", "console=ttyS0", (u64)1 << 30, false},
    {"debian", "Debian 13 with systemd, installed on a disk of its own",
     "console=tty0 console=ttyS0 root=/dev/vda rw no5lvl", (u64)1 << 30, true},
    {"net", "linux with an address on the network", "console=ttyS0", (u64)1 << 30, false},
    {"share", "linux with the folders of -s below /mnt", "console=ttyS0", (u64)1 << 30, false},
    {"screen", "linux with a shell on its screen, for --display sdl", "console=ttyS0", (u64)1 << 30,
     false},
    {"weston", "a graphical desktop of Debian's, for --display sdl",
     "console=ttyS0 root=/dev/vda ro", (u64)1 << 30, false},
    {0},
};

const struct guest *guest_find(const char *name)
{
    for (const struct guest *guest = guests; guest->name; guest++)
        if (!strcmp(guest->name, name))
            return guest;
    return NULL;
}

/* Places of the recipe, from the folder of the program. The build folder is build/PRESET. */
static const char *const places[] = {
    "../share/vitrine/recipes/guest",
    "roms/recipes/guest",
    "../roms/recipes/guest",
    "../../roms/recipes/guest",
    NULL,
};

/* Where the kernel says our program is; the system's own word for it is Linux's. */
static bool find_own_path(char *path, size_t size)
{
    ssize_t length = readlink("/proc/self/exe", path, size - 1);
    if (length <= 0)
        return false;
    path[length] = 0;
    return true;
}

static bool find_own_folder(char *path, size_t size)
{
    char *slash = find_own_path(path, size) ? strrchr(path, '/') : NULL;
    if (!slash)
        return false;
    *slash = 0;
    return true;
}

bool guest_find_recipe(char *path, size_t size)
{
    const char *share = getenv("VITRINE_SHARE");
    if (share) {
        int length = snprintf(path, size, "%s/recipes/guest", share);
        return length > 0 && (size_t)length < size && access(path, X_OK) == 0;
    }
    char folder[PATH_MAX];
    if (!find_own_folder(folder, sizeof(folder)))
        return false;
    for (unsigned i = 0; places[i]; i++) {
        int length = snprintf(path, size, "%s/%s", folder, places[i]);
        if (length > 0 && (size_t)length < size && access(path, X_OK) == 0)
            return true;
    }
    return false;
}

bool guest_read(struct guest_files *files, char *message, size_t message_size)
{
    const struct {
        const char *name;
        const char **value;
    } known[] = {
        {"kernel", &files->kernel},     {"initrd", &files->initrd},
        {"firmware", &files->firmware}, {"firmware32", &files->firmware32},
        {"disk", &files->disk},
    };
    char *rest = files->text;
    for (char *line; (line = strsep(&rest, "\n"));) {
        char *value = strchr(line, '=');
        if (!*line)
            continue;
        if (!value)
            return refuse(message, message_size, "The recipe printed \"%.60s\", not NAME=value.",
                          line);
        *value++ = 0;
        for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
            if (!strcasecmp(known[i].name, line))
                *known[i].value = value;
    }
    return true;
}

/* All that comes from fd; false when it is more than fits. */
static bool read_all(int fd, char *text, size_t size)
{
    size_t length = 0;
    for (;;) {
        ssize_t got = read(fd, text + length, size - length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        length += (size_t)got;
        if (length == size)
            return false;
    }
    text[length] = 0;
    return true;
}

bool guest_has_wishes(const struct guest_wishes *wishes)
{
    return wishes->size || wishes->packages || wishes->hostname || wishes->user;
}

/* The recipe reads the wishes in its environment; so does it find us, should it want to run a guest
 * of its own. What the user's environment says counts where no option says otherwise. */
static void export_wishes(const struct guest_wishes *wishes)
{
    char program[PATH_MAX], size[32];
    snprintf(size, sizeof(size), "%llu", (unsigned long long)wishes->size);
    const struct {
        const char *name, *value;
    } variables[] = {
        {"VITRINE_PROGRAM", find_own_path(program, sizeof(program)) ? program : NULL},
        {"VITRINE_SIZE", wishes->size ? size : NULL},
        {"VITRINE_PACKAGES", wishes->packages},
        {"VITRINE_HOSTNAME", wishes->hostname},
        {"VITRINE_USER", wishes->user},
    };
    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
        if (variables[i].value)
            setenv(variables[i].name, variables[i].value, 1);
}

/* The recipe gets no keyboard: what is typed meanwhile is meant for the guest. */
static void become_recipe(const char *path, const char *name, const struct guest_wishes *wishes,
                          int out)
{
    int nothing = open("/dev/null", O_RDONLY);
    if (nothing >= 0)
        dup2(nothing, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    export_wishes(wishes ? wishes : &(struct guest_wishes){0});
    execl(path, path, name, (char *)NULL);
    _exit(127);
}

static bool run(const char *path, const char *name, const struct guest_wishes *wishes, char *text,
                int *status)
{
    int ends[2];
    if (pipe(ends) != 0)
        return false;
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        become_recipe(path, name, wishes, ends[1]);
    }
    close(ends[1]);
    bool fits = child > 0 && read_all(ends[0], text, GUEST_TEXT);
    close(ends[0]);
    if (child > 0)
        while (waitpid(child, status, 0) < 0 && errno == EINTR)
            ;
    return fits;
}

bool guest_make(struct guest_files *files, const char *name, const struct guest_wishes *wishes,
                char *message, size_t message_size)
{
    char path[PATH_MAX];
    int status = 0;
    *files = (struct guest_files){0};
    if (!guest_find_recipe(path, sizeof(path)))
        return refuse(message, message_size,
                      "The recipes are not beside the program nor in share/vitrine; set "
                      "VITRINE_SHARE to the folder that holds recipes/guest.");
    if (!run(path, name, wishes, files->text, &status))
        return refuse(message, message_size, "%s %s cannot be run, or prints more than it should.",
                      path, name);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return refuse(message, message_size, "\"%s\" could not be made; its recipe says why above.",
                      name);
    return guest_read(files, message, message_size);
}
