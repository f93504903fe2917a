/* A view: a question about the machine, answered on paper or for programs. The machine stands
 * between two slices while a view looks at it, and a view changes nothing: no device is read, no A
 * or D bit set.
 *
 * Each is a function view_NAME(view, ...) that prints to view->out, text for people or, when
 * view->json, one JSON value and a line's end. Who shows views: the monitor, the one-shot commands,
 * the notice of a silent hang. */
#ifndef FRONTEND_VIEW_H
#define FRONTEND_VIEW_H

#include <stdio.h>

#include "devices/machine.h"
#include "frontend/json.h"
#include "loader/symbols.h"

struct view {
    struct machine *machine;
    unsigned hart;                 /* whose registers and translation */
    const struct symbols *symbols; /* NULL: none */
    FILE *out;
    bool json;
    bool refused; /* there is no answer; why[] says so in one sentence */
    char why[256];
};

/* There is no answer: notes the sentence, which whoever asked prints as an error. */
void view_refuse(struct view *view, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The hart that the view is about. */
struct hart *view_hart(const struct view *view);
/* "schedule+0x1c", or the number; text must have VIEW_PLACE bytes. Returns text. */
#define VIEW_PLACE 160
const char *view_place(const struct view *view, vaddr at, char text[VIEW_PLACE]);
/* "U", "S", "M": the manual's letters for enum privilege. */
const char *view_privilege(u64 privilege);

#endif
