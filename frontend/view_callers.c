/* The view of who called whom: where the hart is, and where it will return to. */
#include "frontend/view.h"

#include <inttypes.h>

#include "frontend/callers.h"

#define SHOWN 64

/* A return address is named by the function of the call in front of it. */
static void describe(const struct view *view, const struct caller *caller, char text[VIEW_PLACE])
{
    vaddr start = callers_function(view, caller->inside);
    char name[VIEW_PLACE];

    view_place(view, caller->at, text);
    if (start && caller->at != caller->inside)
        snprintf(text, VIEW_PLACE, "%.130s+0x%" PRIx64, view_place(view, start, name),
                 caller->at - start);
}

/* Between two places: not a call, but this. */
static void show_trap(const struct view *view, const struct caller *caller)
{
    unsigned xlen = view_hart(view)->xlen;
    u64 number = caller->cause & ~((u64)1 << (xlen - 1));

    fprintf(view->out, "    -- trap from %s-mode: %s\n", caller->is_user ? "U" : "S",
            caller->cause >> (xlen - 1) ? view_interrupt(number) : view_exception(number));
}

static void show_place(const struct view *view, struct json *json, unsigned number,
                       const struct caller *caller)
{
    vaddr at = caller->at;
    char text[VIEW_PLACE];
    const char *file;
    unsigned line;
    bool has_line = view->symbols && symbols_find_line(view->symbols, caller->inside, &file, &line);

    describe(view, caller, text);
    if (!view->json) {
        if (caller->is_trapped)
            show_trap(view, caller);
        fprintf(view->out, "#%-2u %0*" PRIx64 "  %s", number, (int)view_hart(view)->xlen / 4, at,
                text);
        if (has_line)
            fprintf(view->out, " (%s:%u)", file, line);
        fputc('\n', view->out);
        return;
    }
    json_object(json, NULL);
    json_hex(json, "address", at);
    json_text(json, "place", text);
    if (caller->is_trapped)
        json_hex(json, "trapped_by", caller->cause);
    if (has_line) {
        json_text(json, "file", file);
        json_number(json, "line", line);
    }
    json_end_object(json);
}

void view_callers(struct view *view)
{
    struct json json = {.out = view->out};
    struct caller places[SHOWN];
    unsigned count = callers_find(view, places, SHOWN);

    if (view->json)
        json_array(&json, NULL);
    for (unsigned i = 0; i < count; i++)
        show_place(view, &json, i, &places[i]);
    if (view->json) {
        json_end_array(&json);
        fputc('\n', view->out);
    }
}
