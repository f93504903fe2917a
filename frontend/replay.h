/* Playing a recording: `vitrine --replay FILE`. */
#ifndef FRONTEND_REPLAY_H
#define FRONTEND_REPLAY_H

#include "frontend/options.h"

/* Plays it to its end, with what the guest printed then. Returns the code to exit with. */
int replay_command(const struct options *options);

#endif
