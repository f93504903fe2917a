/* The table of options as its two readers see it: the parser (options.c) and the printer of help
 * and manual page (manual.c). */
#ifndef FRONTEND_OPTIONS_TABLE_H
#define FRONTEND_OPTIONS_TABLE_H

#include "frontend/options.h"
#include "frontend/values.h"

struct option_row {
    char letter;       /* 0: it has only a long name */
    const char *name;  /* without the dashes */
    const char *value; /* what its value is called in the help; NULL: it takes none */
    size_t member;     /* offset in struct options of what its reader writes */
    value_reader *read;
    const char *meaning; /* the default in parentheses at the end */
};

extern const struct option_row option_rows[];
extern const unsigned option_row_count;

#endif
