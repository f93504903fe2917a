/* `vitrine run`: from options to a machine, and the loop that runs it. */
#ifndef FRONTEND_RUN_H
#define FRONTEND_RUN_H

#include "frontend/options.h"
#include "frontend/script.h"

/* Boots what the options name, on this process's terminal or pipes. what is the FILE or GUEST word,
 * NULL when -k says it all. Returns the process's exit code. */
int run_command(const struct options *options, const char *what);
/* The same with a script for a person; the process's own input and output are left alone. */
int run_scripted(const struct options *options, const char *what, struct script *script);

#endif
