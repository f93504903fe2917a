/* Boots what the options say while a scripted person types, under the virtual clock.
 *
 *   boot_typed [TEXT KEYS]... -- OPTIONS...
 *
 * waits for each TEXT in what the guest prints and then types KEYS, in which \n is the Enter key.
 * OPTIONS are those of `vitrine run`. stdout gets what the guest printed. The exit code is
 * vitrine's; or 5 when all went well but not every TEXT has appeared. */
#include "frontend/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_STEPS      64
#define EXIT_UNFINISHED 5

/* Replaces each \n of the command line by a line feed, in place. */
static char *unescape(char *text)
{
    char *to = text;

    for (const char *from = text; *from; from++) {
        if (from[0] == '\\' && from[1] == 'n') {
            *to++ = '\n';
            from++;
        } else {
            *to++ = *from;
        }
    }
    *to = 0;
    return text;
}

static int boot(int argc, char **argv, struct script *script)
{
    struct options options;
    char message[512];
    int code;

    if (!options_parse(&options, argc, argv, message, sizeof message)) {
        fprintf(stderr, "%s\n", message);
        return EXIT_USAGE;
    }
    code = run_scripted(&options, options.words[0], script);
    fputs(script_output(script), stdout);
    if (code == EXIT_DONE && !script_is_done(script)) {
        fprintf(stderr, "never printed: %s\n", script->steps[script->at].wait_for);
        code = EXIT_UNFINISHED;
    }
    return code;
}

int main(int argc, char **argv)
{
    struct script_step steps[MOST_STEPS];
    struct script script;
    unsigned count = 0;
    int at = 1, code;

    for (; at + 1 < argc && strcmp(argv[at], "--") && count < MOST_STEPS; at += 2)
        steps[count++] = (struct script_step){argv[at], unescape(argv[at + 1])};
    if (at >= argc || strcmp(argv[at], "--")) {
        fprintf(stderr, "usage: %s [TEXT KEYS]... -- OPTIONS...\n", argv[0]);
        return EXIT_USAGE;
    }
    script_init(&script, steps, count);
    code =
        boot(argc - at, argv + at, &script); /* the dashes stand where the program's name would */
    script_release(&script);
    return code;
}
