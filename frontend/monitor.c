/* The monitor's core (see monitor.h): a line becomes words, words a command, names numbers. */
#include "frontend/monitor.h"

#include "frontend/expression.h"
#include "frontend/monitor_parts.h"
#include "frontend/monitor_words.h"
#include "frontend/options.h"
#include "frontend/registers.h"

#include <string.h>

void monitor_init(struct monitor *monitor, struct machine *machine, struct names *names)
{
    *monitor = (struct monitor){.machine = machine, .names = names};
}

unsigned monitor_first_hart(const struct monitor *monitor)
{
    return monitor->debugger && monitor->debugger->is_stopped ? monitor->hart : 0;
}

struct symbols *monitor_symbols(struct monitor *monitor)
{
    return monitor->names ? names_get(monitor->names) : NULL;
}

const struct monitor_row *monitor_find(const char *name)
{
    for (unsigned i = 0; i < monitor_row_count; i++)
        if (!strcmp(name, monitor_rows[i].name))
            return &monitor_rows[i];
    return NULL;
}

/* Ends the word that begins at *at, and moves *at behind it. False: a quote is not closed. */
static bool end_word(char **at, char **word)
{
    *word = *at;
    if (**at != '"') {
        *at += strcspn(*at, " \t");
    } else {
        char *end = strchr(*at + 1, '"');
        if (!end)
            return false;
        (*word)++;
        *at = end;
    }
    if (**at)
        *(*at)++ = 0;
    return true;
}

unsigned monitor_split(char *line, char **words, unsigned most)
{
    unsigned count = 0;

    line[strcspn(line, "\r\n")] = 0;
    for (char *at = line; *(at += strspn(at, " \t"));) {
        if (count == most || !end_word(&at, &words[count]))
            return UINT32_MAX;
        count++;
    }
    return count;
}

/* $a0 is a register; a0 a register, or else a symbol; a control register comes last, for symbols
 * have such names, too. */
static bool find_name(void *context, const char *name, u64 *value)
{
    struct monitor_call *call = context;
    const struct view *view = &call->view;
    unsigned number;
    bool is_register = register_find(view->machine, view->hart, name, &number);

    if (is_register && (*name == '$' || !register_is_csr(number)))
        return debug_register(view->machine, view->hart, number, value);
    if (*name != '$' && view->symbols && symbols_find_address(view->symbols, name, value))
        return true;
    return is_register && debug_register(view->machine, view->hart, number, value);
}

bool monitor_number(struct monitor_call *call, unsigned word, u64 *value)
{
    struct expression_names names = {call, find_name};

    if (word < call->count &&
        expression_read(call->words[word], &names, value, call->view.why, sizeof(call->view.why)))
        return true;
    if (word >= call->count)
        view_refuse(&call->view, "A number is missing.");
    call->view.refused = true;
    return false;
}

bool monitor_optional(struct monitor_call *call, unsigned word, u64 missing, u64 *value)
{
    *value = missing;
    return word >= call->count || monitor_number(call, word, value);
}

/* A command by its name, or by a beginning that only one has. */
static const struct monitor_row *find(struct view *view, const char *name)
{
    const struct monitor_row *exact = monitor_find(name), *found = NULL;
    char could[128] = "";

    for (unsigned i = 0; i < monitor_row_count && !exact; i++) {
        if (strncmp(name, monitor_rows[i].name, strlen(name)))
            continue;
        size_t used = strlen(could);
        snprintf(could + used, sizeof(could) - used, "%s%s", found ? ", " : "",
                 monitor_rows[i].name);
        found = &monitor_rows[i];
    }
    if (exact || !found)
        return exact;
    if (!strchr(could, ','))
        return found;
    view_refuse(view, "\"%.20s\" could be %s.", name, could);
    return NULL;
}

static void complain_unknown(struct view *view, const char *name)
{
    const char *names[128] = {0};
    const char *near;

    for (unsigned i = 0; i < monitor_row_count && i < 127; i++)
        names[i] = monitor_rows[i].name;
    near = nearest_word(name, names);
    if (near)
        view_refuse(view, "There is no command \"%.60s\"; did you mean \"%s\"?", name, near);
    else
        view_refuse(view, "There is no command \"%.60s\"; help lists them.", name);
}

void monitor_obey_words(struct monitor_call *call, const char *name)
{
    const struct monitor_row *row = find(&call->view, name);

    if (call->view.refused)
        return;
    if (!row)
        complain_unknown(&call->view, name);
    else if (call->count < row->least || call->count > row->most)
        view_refuse(&call->view, "It is %s %s, for example: %s", row->name, row->arguments,
                    row->example);
    else if (row->first & WORD_MOVES && call->talk->is_gdbs)
        view_refuse(&call->view, "This lets the machine run, which is gdb's to do here.");
    else
        row->obey(call);
}

bool monitor_moves(const char *line)
{
    char ours[MONITOR_LINE], *words[MONITOR_WORDS + 1];
    struct view nobody = {.machine = NULL};
    unsigned count = monitor_translate(line, ours, sizeof(ours))
                         ? monitor_split(ours, words, MONITOR_WORDS + 1)
                         : 0;
    const struct monitor_row *row = count && count != UINT32_MAX ? find(&nobody, words[0]) : NULL;

    return row && row->first & WORD_MOVES;
}

bool monitor_may_run(struct monitor_call *call, const char *name)
{
    struct monitor_talk *talk = call->talk;
    const struct debugger *debugger = talk->monitor->debugger;
    size_t used = (size_t)snprintf(talk->then, sizeof(talk->then), "%s", name);

    if (!debugger || debugger->is_stopped) {
        *talk->then = 0;
        return monitor_stands(call);
    }
    for (unsigned i = 0; i < call->count && used < sizeof(talk->then); i++)
        used += (size_t)snprintf(talk->then + used, sizeof(talk->then) - used, " \"%s\"",
                                 call->words[i]);
    talk->waits = true;
    debugger_pause(talk->monitor->debugger);
    return false;
}

static void obey_deferred(struct monitor_talk *talk, FILE *out, bool json)
{
    struct monitor *monitor = talk->monitor;
    char line[MONITOR_LINE], why[256];
    bool was_paused = monitor->stop == STOP_USER;

    memcpy(line, talk->then, sizeof(line));
    *talk->then = 0;
    talk->waits = false;
    if (!monitor_obey(talk, line, out, json, why, sizeof(why)))
        fprintf(out, "%s\n", why);
    if (was_paused && monitor->stop != STOP_DEBUG && monitor->stop != STOP_HUNG &&
        monitor->debugger->is_stopped) /* the end of the run is for the run loop to see */
        debugger_resume(monitor->debugger, (struct debugger_order){.move = DEBUGGER_GO});
}

void monitor_report(struct monitor_talk *talk, FILE *out, bool json)
{
    if (*talk->then) {
        obey_deferred(talk, out, json);
        return;
    }
    struct monitor_call call = {.view = {.machine = talk->monitor->machine,
                                         .hart = talk->hart,
                                         .symbols = monitor_symbols(talk->monitor),
                                         .guest = names_guest(talk->monitor->names),
                                         .out = out,
                                         .json = json}};

    view_stop(&call.view, talk->monitor->stop);
    if (talk->monitor->debugger->is_at_oldest && !json)
        fprintf(out, "Nothing before this is remembered.\n");
    talk->hart = talk->monitor->hart = call.view.hart;
    talk->waits = false;
}

bool monitor_obey(struct monitor_talk *talk, const char *line, FILE *out, bool json, char *why,
                  size_t why_size)
{
    struct monitor_call call = {
        .talk = talk,
        .view = {.machine = talk->monitor->machine,
                 .hart = talk->hart,
                 .symbols = monitor_symbols(talk->monitor),
                 .guest = names_guest(talk->monitor->names),
                 .out = out,
                 .json = json},
    };
    char ours[MONITOR_LINE], *words[MONITOR_WORDS + 1];
    bool is_ours = monitor_translate(line, ours, sizeof(ours));
    unsigned count = is_ours ? monitor_split(ours, words, MONITOR_WORDS + 1) : 0;

    if (!is_ours) {
        view_refuse(&call.view, "%s", ours);
    } else if (count == 0) {
        return true;
    } else if (count == UINT32_MAX) {
        view_refuse(&call.view, "A quote is not closed, or the line has more than %u words.",
                    MONITOR_WORDS);
    } else {
        call.count = count - 1;
        memcpy(call.words, words + 1, call.count * sizeof(words[0]));
        monitor_obey_words(&call, words[0]);
    }
    if (call.view.refused)
        snprintf(why, why_size, "%s", call.view.why);
    return !call.view.refused;
}
