/* Reading the value of an option: one function for each kind of value. Each writes the member of
 * struct options that its row names. */
#ifndef FRONTEND_VALUES_H
#define FRONTEND_VALUES_H

#include "memory/types.h"

/* False when the text is no such value; *expected then says what would be. */
typedef bool value_reader(void *member, const char *text, const char **expected);

value_reader value_flag;    /* bool: the option takes no value, being there is enough */
value_reader value_text;    /* const char *: any text */
value_reader value_number;  /* u64: decimal or 0x... */
value_reader value_harts;   /* u64: 1 to 64 */
value_reader value_size;    /* u64: bytes; K, M and G multiply */
value_reader value_seconds; /* u64, in ns: 30, 30s, 1.5s, 500ms, 2m */
value_reader value_escape;  /* int: a letter, ^letter, or none */
value_reader value_engine;  /* enum engine */
value_reader value_display; /* enum option_display */
value_reader value_scale;   /* enum scale */

/* A number of decimal or, after 0x, hexadecimal digits up to *end; false when there is none or it
 * does not fit. */
bool read_number(const char *text, const char **end, u64 *number);

#endif
