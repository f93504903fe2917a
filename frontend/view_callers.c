/* The view of who called whom: where the hart is, and where it will return to. */
#include "frontend/view.h"

#include <inttypes.h>

#include "frontend/callers.h"

#define SHOWN 64

static void show_place(const struct view *view, struct json *json, unsigned number, vaddr at)
{
    char text[VIEW_PLACE];
    const char *file;
    unsigned line;
    bool has_line = view->symbols && symbols_find_line(view->symbols, at, &file, &line);

    view_place(view, at, text);
    if (!view->json) {
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
    if (has_line) {
        json_text(json, "file", file);
        json_number(json, "line", line);
    }
    json_end_object(json);
}

void view_callers(struct view *view)
{
    struct json json = {.out = view->out};
    vaddr places[SHOWN];
    unsigned count = callers_find(view, places, SHOWN);

    if (view->json)
        json_array(&json, NULL);
    for (unsigned i = 0; i < count; i++)
        show_place(view, &json, i, places[i]);
    if (view->json) {
        json_end_array(&json);
        fputc('\n', view->out);
    }
}
