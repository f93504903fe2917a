/* Visual Studio Code's launch file (see vscode.h): what its C/C++ extension ("cppdbg") needs in
 * order to attach Debian's gdb to `vitrine debug`. */
#include "frontend/vscode.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "frontend/guests.h"
#include "frontend/json.h"

#define FOLDER ".vscode"
#define PATH   FOLDER "/launch.json"
#define PLACE  "127.0.0.1:1234"

static void write_text(FILE *to, const char *name, const char *text, const char *end)
{
    struct json json = {.out = to};

    fprintf(to, "            \"%s\": ", name);
    json_text(&json, NULL, text);
    fputs(end, to);
}

/* As gdb's "target remote" takes it: a socket by its path alone, and a port with its host. */
static void write_address(FILE *to, const char *place)
{
    char address[OPTION_PATH + 32];
    const char *host = strchr(place, ':') ? "" : "127.0.0.1:";

    if (!strncmp(place, "unix:", 5))
        place += 5;
    snprintf(address, sizeof address, "%s%s", host, place);
    write_text(to, "miDebuggerServerAddress", address, ",\n");
}

/* Laid out for people, who will add to it. */
static void write_launch(FILE *to, const char *place, const char *program)
{
    fputs("{\n    \"version\": \"0.2.0\",\n    \"configurations\": [\n        {\n", to);
    write_text(to, "name", "vitrine", ",\n");
    write_text(to, "type", "cppdbg", ",\n");
    write_text(to, "request", "launch", ",\n");
    write_text(to, "program", program, ",\n");
    write_text(to, "cwd", "${workspaceFolder}", ",\n");
    write_text(to, "MIMode", "gdb", ",\n");
    write_text(to, "miDebuggerPath", "gdb-multiarch", ",\n");
    write_address(to, place);
    fputs("            \"stopAtConnect\": true\n        }\n    ]\n}\n", to);
}

static enum exit_code fail(enum exit_code code, const char *why)
{
    fprintf(stderr, "vitrine: " PATH " cannot be written: %s.\n", why);
    return code;
}

enum exit_code vscode_write(const struct options *options, const char *what)
{
    const char *program = what ? what : options->kernel;
    const char *place = options->gdb ? options->gdb : PLACE;
    char full[OPTION_PATH + 32];
    FILE *file;
    int fd;

    if (guest_find(program)) {
        fprintf(stderr,
                "vitrine: Visual Studio Code needs a file with names: say vitrine debug --vscode "
                "vmlinux, then start `vitrine debug %s`.\n",
                program);
        return EXIT_USAGE;
    }
    snprintf(full, sizeof full, "%s%s", *program == '/' ? "" : "${workspaceFolder}/", program);
    if (mkdir(FOLDER, 0777) != 0 && errno != EEXIST)
        return fail(EXIT_FILE, strerror(errno));
    fd = open(PATH, O_WRONLY | O_CREAT | O_EXCL, 0666);
    if (fd < 0)
        return errno == EEXIST ? fail(EXIT_FILE, "there is one already; add to it, or move it away")
                               : fail(EXIT_FILE, strerror(errno));
    file = fdopen(fd, "w");
    if (!file) {
        close(fd);
        return fail(EXIT_OURS, strerror(errno));
    }
    write_launch(file, place, full);
    if (fclose(file) != 0)
        return fail(EXIT_FILE, strerror(errno));
    fprintf(stderr, "vitrine: " PATH " is written. Start `vitrine debug %s%s%s`, then press F5.\n",
            program, options->gdb ? " --gdb " : "", options->gdb ? options->gdb : "");
    return EXIT_DONE;
}
