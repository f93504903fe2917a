/* `vitrine trace show FILE [FILTER,...]`: what a trace's file says. */
#ifndef FRONTEND_TRACE_SHOW_H
#define FRONTEND_TRACE_SHOW_H

#include "frontend/options.h"

/* Reads the file twice: first to see that it is whole, and for its names; nothing is shown of one
 * that is damaged. */
enum exit_code trace_show_command(const struct options *options);
/* Prints the file's events that the filter (NULL: all) takes. False and one sentence. */
bool trace_show(FILE *from, const char *path, const char *filter, bool json, FILE *out,
                char *message, size_t message_size, enum exit_code *code);

#endif
