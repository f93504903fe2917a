/* The monitor on the terminal (see monitor_terminal.h). */
#include "frontend/monitor_terminal.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "frontend/editor.h"
#include "frontend/pager.h"
#include "frontend/terminal.h"

#define PROMPT  "(vitrine) "
#define CTRL_C  ('C' - '@')
#define TELL_NS 250000000u

struct monitor_terminal {
    struct console *console;
    struct monitor_talk talk;
    struct editor *editor; /* NULL: not asked for yet */
    struct pager pager;    /* an answer that is longer than the screen */
    bool is_open;
    bool is_prefixed; /* the last key while a command was on its way was the prefix */
    bool has_told;    /* something of the progress is on the screen */
    u64 told_ns;
};

static bool complete(void *context, const char *line, size_t *place, char *word, size_t size)
{
    struct monitor_terminal *terminal = context;
    struct monitor_completion completion = {&terminal->talk, line, *place};
    bool is_found = monitor_complete(&completion, word, size);

    *place = completion.place;
    return is_found;
}

static bool take(struct monitor_terminal *terminal)
{
    struct console *console = terminal->console;

    console_lend(console);
    terminal_lend(console->in);
    if (!terminal->editor)
        terminal->editor =
            editor_open(PROMPT, console->escape, (struct editor_words){terminal, complete});
    terminal->is_open = terminal->editor != NULL;
    return terminal->is_open;
}

static void give_back(struct monitor_terminal *terminal)
{
    terminal->is_open = false;
    terminal->talk.wants_leave = false;
    terminal_enter_raw(terminal->console->in);
    console_take_back(terminal->console);
}

static void greet(struct monitor_terminal *terminal)
{
    char key = (char)(terminal->console->escape | 0x40);

    printf("\nThe monitor: help lists what it knows; exit, or Ctrl-%c c, goes back.\n", key);
}

/* A key while a command is on its way: Ctrl-C ends it, the prefix and x all; any other is for
 * afterwards. */
static bool is_enough(struct monitor_terminal *terminal, char key)
{
    struct console *console = terminal->console;

    console->wants_quit |= terminal->is_prefixed && key == 'x';
    terminal->is_prefixed = key == console->escape;
    if (key == CTRL_C || console->wants_quit)
        return true;
    editor_give(terminal->editor, key);
    return false;
}

/* For struct monitor_talk. What is said of the progress goes away at the end. */
static bool goes_on(void *context, const char *progress)
{
    struct monitor_terminal *terminal = context;
    struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
    u64 now = console_now_ns();
    bool enough = false;
    char key;

    while (!enough && poll(&in, 1, 0) > 0 && read(STDIN_FILENO, &key, 1) == 1)
        enough = is_enough(terminal, key);
    if (progress ? now - terminal->told_ns >= TELL_NS && !terminal->talk.monitor->work.prints
                 : terminal->has_told) {
        printf("\r%-70s\r", progress ? progress : "");
        fflush(stdout);
        terminal->told_ns = now;
        terminal->has_told = progress != NULL;
    }
    return !enough;
}

/* An answer, a screen at a time unless somebody types on. The next line begins behind it. */
static void show(struct monitor_terminal *terminal, char *text)
{
    struct pollfd key = {.fd = STDIN_FILENO, .events = POLLIN};
    u16 columns = 0, rows = 0;

    if (!terminal_size(terminal->console->out, &columns, &rows) ||
        editor_has_keys(terminal->editor) || poll(&key, 1, 0) > 0)
        rows = 0;
    if (pager_begin(&terminal->pager, text, columns, rows, stdout))
        terminal_enter_raw(terminal->console->in);
    else
        editor_begin(terminal->editor);
}

/* A key while there is more to show. */
static void turn_page(struct monitor_terminal *terminal)
{
    char key = 0;
    bool is_ours = true;

    if (read(STDIN_FILENO, &key, 1) == 1 && pager_press(&terminal->pager, key, &is_ours, stdout))
        return;
    pager_end(&terminal->pager);
    terminal_lend(terminal->console->in);
    if (!is_ours)
        editor_give(terminal->editor, key);
    editor_begin(terminal->editor);
}

/* Views are shown by the screen; what runs the machine prints its lines as they come. */
static void obey(struct monitor_terminal *terminal, const char *line)
{
    char why[256], *text = NULL;
    size_t size;
    FILE *view = monitor_moves(line) ? NULL : open_memstream(&text, &size);
    FILE *out = view ? view : stdout;

    terminal->told_ns = console_now_ns();
    terminal_enter_raw(terminal->console->in); /* Ctrl-C is a key */
    if (!monitor_obey(&terminal->talk, line, out, false, why, sizeof(why)))
        fprintf(out, "%s\n", why);
    if (view)
        fclose(view);
    fflush(stdout);
    terminal_lend(terminal->console->in);
    if (text && !terminal->talk.wants_leave && !terminal->talk.waits) {
        show(terminal, text);
        return;
    }
    free(text); /* nothing was said */
    if (terminal->talk.wants_leave)
        give_back(terminal);
    else if (terminal->talk.waits)
        terminal_enter_raw(terminal->console->in);
    else
        editor_begin(terminal->editor);
}

static void press(struct monitor_terminal *terminal)
{
    const char *line = NULL;

    switch (editor_press(terminal->editor, &line)) {
    case EDITOR_MORE:
        break;
    case EDITOR_LINE:
        obey(terminal, line);
        break;
    case EDITOR_LEAVE:
        putchar('\n');
        fflush(stdout);
        give_back(terminal);
        break;
    case EDITOR_QUIT:
        terminal->console->wants_quit = true;
        break;
    }
}

static void interrupt(struct monitor_terminal *terminal)
{
    char key;

    if (read(STDIN_FILENO, &key, 1) != 1 || !is_enough(terminal, key) ||
        terminal->console->wants_quit)
        return;
    terminal->talk.waits = false;
    obey(terminal, "stop");
}

static unsigned prepare(void *context, struct pollfd *fds, unsigned room, u64 *ns)
{
    const struct monitor_terminal *terminal = context;

    (void)ns;
    if (!terminal->is_open || !room)
        return 0;
    fds[0] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
    return 1;
}

static void attend(void *context, const struct pollfd *fds, unsigned count)
{
    struct monitor_terminal *terminal = context;

    if (terminal->talk.monitor->is_busy)
        return;
    terminal->talk.monitor->is_busy = true;
    if (!terminal->is_open && terminal->console->wants_monitor && take(terminal)) {
        greet(terminal);
        editor_begin(terminal->editor);
    } else if (terminal->is_open && terminal->talk.waits) {
        if (count && fds[0].revents)
            interrupt(terminal);
    } else if (terminal->is_open && terminal->pager.text) {
        if (count && fds[0].revents)
            turn_page(terminal);
    } else if (terminal->is_open) {
        if (editor_has_keys(terminal->editor) || (count && fds[0].revents))
            press(terminal);
    }
    terminal->talk.monitor->is_busy = false;
}

struct attendant monitor_terminal_attendant(struct monitor_terminal *terminal)
{
    return (struct attendant){
        .context = terminal, .prepare = prepare, .attend = attend, .is_timeless = true};
}

void monitor_terminal_stopped(struct monitor_terminal *terminal)
{
    bool was_waiting = terminal->talk.waits, is_asked = terminal->talk.monitor->stop == STOP_DEBUG;

    if (terminal->is_open ? !was_waiting && !is_asked : !is_asked || !take(terminal))
        return;
    pager_end(&terminal->pager);
    putchar('\n');
    terminal->told_ns = console_now_ns();
    terminal_enter_raw(terminal->console->in);
    monitor_report(&terminal->talk, stdout, false);
    fflush(stdout);
    terminal_lend(terminal->console->in);
    editor_begin(terminal->editor);
}

struct monitor_terminal *monitor_terminal_open(struct monitor *monitor, struct console *console)
{
    struct monitor_terminal *terminal = calloc(1, sizeof(*terminal));

    if (terminal) {
        *terminal = (struct monitor_terminal){
            .console = console,
            .talk = {.monitor = monitor, .goes_on = goes_on, .goes_on_context = terminal}};
        console->has_monitor = true;
    }
    return terminal;
}

void monitor_terminal_close(struct monitor_terminal *terminal)
{
    if (!terminal)
        return;
    pager_end(&terminal->pager);
    editor_close(terminal->editor);
    if (terminal->is_open)
        console_take_back(terminal->console);
    free(terminal);
}
