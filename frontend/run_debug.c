/* Where debuggers reach a run (see run_parts.h), and the words about it. */
#include "frontend/run_parts.h"

#include <stdio.h>
#include <string.h>

#define PLACE "1234" /* where gdb's users look first */

bool run_open_gdb(struct run *run)
{
    const struct options *options = run->options;

    if ((!options->gdb && !options->is_debug) || options->dump_dtb)
        return true;
    run->gdb =
        gdb_open(&run->debugger, options->gdb ? options->gdb : PLACE,
                 options->gdb ? GDB_HERE : GDB_HERE_OR_ANY, run->message, sizeof run->message);
    run->debugger.is_stopped = options->starts_stopped;
    return run->gdb != NULL;
}

static bool is_elf(const char *path)
{
    char magic[4] = "";
    FILE *file = path ? fopen(path, "rb") : NULL;
    bool is = file && fread(magic, 1, sizeof magic, file) == sizeof magic &&
              !memcmp(magic, "\177ELF", sizeof magic);

    if (file)
        fclose(file);
    return is;
}

void run_print_gdb(const struct run *run)
{
    const char *kernel = run->plan.load.kernel;
    bool has_symbols = is_elf(kernel);

    if (!run->gdb)
        return;
    fprintf(stderr, "vitrine: %s\n    gdb-multiarch%s%s -ex 'target remote %s'\n",
            run->debugger.is_stopped ? "The machine stands still until gdb says go:"
                                     : "gdb can connect:",
            has_symbols ? " " : "", has_symbols ? kernel : "", gdb_place(run->gdb));
}
