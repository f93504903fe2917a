/* Commands of the monitor that read and write files of the host: load, dump, symbols add. */
#include "frontend/monitor_parts.h"
#include "frontend/registers.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#define PIECE      65536
#define NAMES_MOST 40 /* shown at once */

void monitor_load(struct monitor_call *call)
{
    u8 bytes[PIECE];
    FILE *file = fopen(call->words[0], "rbe");
    u64 at, done = 0;
    size_t got = 0, put = 0;

    if (!file) {
        view_refuse(&call->view, "%.100s cannot be read: %s.", call->words[0], strerror(errno));
        return;
    }
    if (monitor_number(call, 1, &at) && monitor_may_change(call)) {
        while (got == put && (got = fread(bytes, 1, sizeof(bytes), file)) > 0) {
            put = debug_write(call->view.machine, 0, DEBUG_PHYSICAL, at + done, bytes, got);
            done += put;
        }
        monitor_changed(call);
        if (got != put && got)
            view_refuse(&call->view,
                        "The memory ends after 0x%" PRIx64 " bytes; these were copied.", done);
        else
            fprintf(call->view.out,
                    call->view.json ? "{\"bytes\": %" PRIu64 "}\n" : "%" PRIu64 " bytes\n", done);
    }
    fclose(file);
}

static u64 copy_out(struct monitor_call *call, FILE *file, u64 at, u64 size)
{
    u8 bytes[PIECE];
    u64 done = 0;

    while (done < size) {
        size_t wanted = size - done < sizeof(bytes) ? (size_t)(size - done) : sizeof(bytes);
        size_t got = debug_read(call->view.machine, 0, DEBUG_PHYSICAL, at + done, bytes, wanted);
        if (!got || fwrite(bytes, 1, got, file) != got)
            break;
        done += got;
    }
    return done;
}

void monitor_dump(struct monitor_call *call)
{
    u64 at, size, done;
    FILE *file;

    if (!monitor_number(call, 1, &at) || !monitor_number(call, 2, &size))
        return;
    file = fopen(call->words[0], "wbe");
    if (!file) {
        view_refuse(&call->view, "%.100s cannot be written: %s.", call->words[0], strerror(errno));
        return;
    }
    done = copy_out(call, file, at, size);
    if (ferror(file) | fclose(file))
        view_refuse(&call->view, "%.100s cannot be written: %s.", call->words[0], strerror(errno));
    else if (done < size)
        view_refuse(&call->view, "The memory ends after 0x%" PRIx64 " bytes; these were copied.",
                    done);
    else
        fprintf(call->view.out,
                call->view.json ? "{\"bytes\": %" PRIu64 "}\n" : "%" PRIu64 " bytes\n", done);
}

/* " (file.c:12)", or nothing. */
static const char *line_of(const struct view *view, vaddr at, char *text, size_t size)
{
    const char *file;
    unsigned line;

    *text = 0;
    if (symbols_find_line(view->symbols, at, &file, &line))
        snprintf(text, size, " (%s:%u)", file, line);
    return text;
}

static void show_name(struct view *view, struct json *json, const char *name)
{
    char text[256];
    vaddr at = 0;

    symbols_find_address(view->symbols, name, &at);
    if (view->json)
        json_hex(json, name, at);
    else
        fprintf(view->out, "0x%" PRIx64 "  %s%s\n", at, name,
                line_of(view, at, text, sizeof(text)));
}

/* Names that begin like this; how many there are. */
static unsigned show_names(struct view *view, const char *begun)
{
    struct json json = {.out = view->out};
    unsigned found = 0;
    size_t place = 0;

    if (view->json)
        json_object(&json, NULL);
    for (const char *name; (name = symbols_next(view->symbols, begun, &place)); found++)
        if (found < NAMES_MOST)
            show_name(view, &json, name);
    if (view->json) {
        json_end_object(&json);
        fputc('\n', view->out);
    } else if (found > NAMES_MOST) {
        fprintf(view->out, "and %u more\n", found - NAMES_MOST);
    }
    return found;
}

static void show_address(struct view *view, u64 at)
{
    struct json json = {.out = view->out};
    char text[VIEW_PLACE];
    const char *file;
    unsigned line;
    bool has_line = symbols_find_line(view->symbols, at, &file, &line);

    view_name(view, at, text);
    if (view->json) {
        json_object(&json, NULL);
        json_hex(&json, "address", at);
        json_text(&json, "place", text);
        if (has_line) {
            json_text(&json, "file", file);
            json_number(&json, "line", line);
        }
        json_end_object(&json);
    } else {
        fprintf(view->out, "0x%" PRIx64 "  %s", at, *text ? text : "without a name");
        if (has_line)
            fprintf(view->out, " (%s:%u)", file, line);
    }
    fputc('\n', view->out);
}

static void add_file(struct monitor_call *call)
{
    struct symbols *symbols = monitor_symbols(call->talk->monitor);
    size_t before = symbols_count(symbols);
    u64 offset;

    if (!monitor_optional(call, 2, 0, &offset))
        return;
    if (!symbols_add_file(symbols, call->words[1], offset, call->view.why, sizeof(call->view.why)))
        call->view.refused = true;
    else
        fprintf(call->view.out, call->view.json ? "{\"symbols\": %zu}\n" : "%zu symbols more\n",
                symbols_count(symbols) - before);
    symbols_sort(symbols);
}

void monitor_names(struct monitor_call *call)
{
    u64 at;
    unsigned number;
    size_t place = 0;
    bool is_register = register_find(call->view.machine, call->view.hart, call->words[0], &number);

    if (!call->view.symbols) {
        view_refuse(&call->view, "There is no memory for names.");
    } else if (!strcmp(call->words[0], "add") && call->count > 1) {
        add_file(call);
    } else if (call->count > 1) {
        view_refuse(&call->view, "It is symbols ADDRESS, symbols NAME, or symbols add FILE.");
    } else if (!is_register && symbols_next(call->view.symbols, call->words[0], &place)) {
        show_names(&call->view, call->words[0]);
    } else if (monitor_number(call, 0, &at)) {
        show_address(&call->view, at);
    }
}
