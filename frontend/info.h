/* `vitrine info`: what this build, a file, the board or a processor is. Prints to stdout. */
#ifndef FRONTEND_INFO_H
#define FRONTEND_INFO_H

#include "frontend/options.h"

/* Answers what the words after "info" and --cpu ask for. */
enum exit_code info_command(const struct options *options);
/* The version, and how it was built. */
void info_print_version(void);

#endif
