/* Showing a trace's file (see trace_show.h). */
#include "frontend/trace_show.h"

#include <errno.h>
#include <string.h>

#include "frontend/trace_file.h"
#include "loader/refuse.h"

/* The filter, and which of the open calls it takes: their returns are taken, too. */
struct showing {
    struct trace_filter filter;
    struct trace_printer printer;
    bool takes[TRACE_CALLS];
    struct trace_event event;
};

static bool takes(struct showing *showing, unsigned xlen)
{
    const struct trace_event *event = &showing->event;
    bool is_taken;

    if (event->kind == TRACE_RETURN)
        return showing->takes[event->call];
    is_taken = trace_filter_takes(&showing->filter, event, xlen);
    if (event->kind == TRACE_SBI || event->kind == TRACE_SYSCALL)
        showing->takes[event->call] = is_taken;
    return is_taken;
}

/* From its first event on, to nowhere, or to the printer. */
static enum trace_read read_all(struct trace_reader *reader, struct showing *showing)
{
    enum trace_read result;

    while ((result = trace_read(reader, &showing->event)) == TRACE_READ_EVENT)
        if (showing->printer.out && takes(showing, trace_reader_decoder(reader)->isa.xlen))
            trace_print(&showing->printer, &showing->event);
    return result;
}

/* The names that are in it, if it is whole. */
static struct trace_reader *check(FILE *from, const char *path, char *message, size_t message_size)
{
    struct showing showing = {.printer = {.out = NULL}};
    struct trace_reader *reader = trace_reader_open(from, path, message, message_size);

    if (reader && read_all(reader, &showing) == TRACE_READ_END) {
        symbols_sort(trace_reader_symbols(reader));
        return reader;
    }
    if (reader)
        refuse(message, message_size, "%s is damaged.", path);
    trace_reader_close(reader);
    return NULL;
}

/* Again, with the names. */
static bool print(FILE *from, const char *path, struct showing *showing, char *message,
                  size_t message_size)
{
    struct trace_reader *reader = NULL;
    bool is_whole = fseek(from, 0, SEEK_SET) == 0 &&
                    (reader = trace_reader_open(from, path, message, message_size));

    if (is_whole) {
        showing->printer.decoder = trace_reader_decoder(reader);
        trace_print_begin(&showing->printer);
        is_whole = read_all(reader, showing) == TRACE_READ_END;
        trace_print_end(&showing->printer);
    }
    trace_reader_close(reader);
    return is_whole || refuse(message, message_size, "%s has changed meanwhile.", path);
}

bool trace_show(FILE *from, const char *path, const char *filter, bool json, FILE *out,
                char *message, size_t message_size, enum exit_code *code)
{
    struct showing showing = {.printer = {.out = out, .json = json}};
    struct trace_reader *names = check(from, path, message, message_size);
    bool is_shown = false;

    *code = EXIT_FILE;
    if (!names)
        return false;
    showing.printer.symbols = trace_reader_symbols(names);
    if (trace_filter_read(&showing.filter, filter ? filter : "all", showing.printer.symbols,
                          message, message_size))
        is_shown = print(from, path, &showing, message, message_size);
    else
        *code = EXIT_USAGE;
    trace_reader_close(names);
    return is_shown;
}

enum exit_code trace_show_command(const struct options *options)
{
    const char *path = options->words[2], *filter = options->words[3];
    enum exit_code code = EXIT_USAGE;
    char message[512] = "Say trace show FILE [FILTER,...]; files are made by trace FILTER,... "
                        "LINES STEPS NAME.trace.";
    FILE *from = NULL;
    bool is_shown = false;

    if (path && options->word_count <= 4) {
        code = EXIT_FILE;
        from = fopen(path, "rbe");
        if (!from)
            refuse(message, sizeof(message), "%s cannot be read: %s.", path, strerror(errno));
        else
            is_shown = trace_show(from, path, filter, options->json, stdout, message,
                                  sizeof(message), &code);
    }
    if (from)
        fclose(from);
    if (is_shown)
        return EXIT_DONE;
    fprintf(stderr, "vitrine: %s\n", message);
    return code;
}
