/* Are two machines the same, to the last register and the last byte? */
#ifndef TESTS_HISTORY_SAME_H
#define TESTS_HISTORY_SAME_H

#include "devices/machine.h"

/* Harts, chips, clock and run loop, RAM, ROM and what devices have in bulk. What differs is printed
 * after these words. */
bool same_machines(const struct machine *one, const struct machine *other, const char *words);

#endif
