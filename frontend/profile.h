/* A profile: where a machine spends its steps, by samples of each hart's pc and of the functions
 * that called it. */
#ifndef FRONTEND_PROFILE_H
#define FRONTEND_PROFILE_H

#include "frontend/debugger.h"
#include "frontend/view.h"

#define PROFILE_DEPTH   24
#define PROFILE_PROGRAM 1 /* the place of all programs in user space that have no names */

/* One stack, outermost function first, as often as it was seen. Places are where functions begin;
 * 0: no name. */
struct profile_stack {
    vaddr places[PROFILE_DEPTH];
    unsigned depth;
    u64 count;
};

struct profile {
    struct profile_stack *stacks; /* sorted, each once */
    size_t count, room;
    u64 samples;
};

/* Runs a machine that stands still for so many steps, a sample each period steps, and returns why
 * it stands still again (STOP_LIMIT: all steps are done). Callers are found by frame pointers,
 * which Linux keeps on RISC-V. */
enum stop profile_run(struct view *view, const struct debugger *debugger, u64 steps, u64 period,
                      struct profile *profile);
void profile_free(struct profile *profile);

/* The functions with the most samples. */
void profile_show(struct view *view, const struct profile *profile);
/* profile_svg.c: a flame graph, a picture that any browser shows. */
void profile_draw(const struct view *view, const struct profile *profile, FILE *to);
/* The name of a place in a profile. */
const char *profile_name(const struct view *view, vaddr place, char text[VIEW_PLACE]);

#endif
