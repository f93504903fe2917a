/* `vitrine debug --vscode`: a launch file for Visual Studio Code. */
#ifndef FRONTEND_VSCODE_H
#define FRONTEND_VSCODE_H

#include "frontend/options.h"

/* Writes .vscode/launch.json in the working folder, for cppdbg and gdb-multiarch; an existing file
 * is left as it is, and refused. */
enum exit_code vscode_write(const struct options *options, const char *what);

#endif
