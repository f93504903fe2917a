/* Talking to a machine from another process (see monitor_client.h and monitor_protocol.h). This end
 * may wait. */
#include "frontend/monitor_client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frontend/editor.h"
#include "frontend/monitor.h"
#include "frontend/monitor_protocol.h"
#include "frontend/pager.h"
#include "frontend/runtime.h"
#include "frontend/snapshot_names.h"
#include "frontend/terminal.h"

#define ANSWER_MOST ((size_t)1 << 30)

struct visit {
    int fd;
    bool has_progress; /* something of it is on the screen */
    bool is_interrupted;
    char message[256];
};

struct found {
    unsigned count;
    char name[RUNTIME_NAME];
    char names[512]; /* all of them, for a sentence */
    const struct options *options;
};

static enum exit_code complain(const char *message, enum exit_code code)
{
    fprintf(stderr, "vitrine: %s\n", message);
    return code;
}

static bool send_all(int fd, const char *bytes, size_t size)
{
    while (size) {
        ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR)
            return false;
        if (sent > 0) {
            bytes += sent;
            size -= (size_t)sent;
        }
    }
    return true;
}

/* Ctrl-C once is the end of the command; twice, of this process. */
static bool receive_all(struct visit *visit, char *bytes, size_t size)
{
    while (size) {
        ssize_t got = recv(visit->fd, bytes, size, 0);
        if (terminal_stop_signal() && !visit->is_interrupted) {
            visit->is_interrupted = true;
            send_all(visit->fd, PROTOCOL_INTERRUPT "\n", sizeof(PROTOCOL_INTERRUPT));
        }
        if (got == 0 || (got < 0 && errno != EINTR))
            return false;
        if (got > 0) {
            bytes += got;
            size -= (size_t)got;
        }
    }
    return true;
}

/* How far it is: on a line of its own, which is gone afterwards. */
static void show_progress(struct visit *visit, const char *text)
{
    fprintf(stderr, "\r%-70s\r", text);
    visit->has_progress = *text;
}

/* "ok 123\n" or "no 12\n"; before it perhaps ".. " and how far it is. */
static bool receive_header(struct visit *visit, bool *is_ok, size_t *size)
{
    char line[128];
    unsigned long long count;

    for (size_t used = 0; used < sizeof(line); used++) {
        if (!receive_all(visit, line + used, 1))
            return false;
        if (line[used] != '\n')
            continue;
        line[used] = 0;
        if (!strncmp(line, PROTOCOL_PROGRESS, sizeof(PROTOCOL_PROGRESS) - 1)) {
            show_progress(visit, line + sizeof(PROTOCOL_PROGRESS) - 1);
            used = SIZE_MAX;
            continue;
        }
        if (visit->has_progress)
            show_progress(visit, "");
        *is_ok = !strncmp(line, "ok ", 3);
        if (sscanf(line, "%*2s %llu", &count) != 1 || count > ANSWER_MOST)
            return false;
        *size = (size_t)count;
        return true;
    }
    return false;
}

/* The answer, which the caller frees; NULL when the machine is gone. */
static char *ask(struct visit *visit, const char *how, const char *line, bool *is_ok)
{
    char request[MONITOR_LINE + 16];
    size_t size;
    int length = snprintf(request, sizeof(request), "%s %s\n", how, line);
    char *answer = NULL;

    if (length < (int)sizeof(request) && send_all(visit->fd, request, (size_t)length) &&
        receive_header(visit, is_ok, &size) && (answer = calloc(1, size + 1)) &&
        !receive_all(visit, answer, size)) {
        free(answer);
        answer = NULL;
    }
    if (!answer)
        snprintf(visit->message, sizeof(visit->message), "The machine is gone.");
    return answer;
}

static bool reach(struct visit *visit, const char *name)
{
    char path[RUNTIME_PATH];

    visit->fd = -1;
    if (runtime_socket(name, path, visit->message, sizeof(visit->message)))
        visit->fd = runtime_connect(path, visit->message, sizeof(visit->message));
    visit->has_progress = false;
    if (visit->fd >= 0 && isatty(STDERR_FILENO))
        send_all(visit->fd, "progress\n", 9);
    return visit->fd >= 0;
}

/* Is somebody there? What a machine that died has left is not counted. */
static void count(void *context, const char *name)
{
    struct found *found = context;
    struct visit visit;

    if (strlen(name) >= RUNTIME_NAME || !reach(&visit, name))
        return;
    close(visit.fd);
    found->count++;
    snprintf(found->name, sizeof(found->name), "%s", name);
    size_t used = strlen(found->names);
    snprintf(found->names + used, sizeof(found->names) - used, "%s%s", used ? ", " : "", name);
}

/* The machine that is meant: named, or the only one. */
static bool reach_meant(struct visit *visit, const char *name)
{
    struct found found = {.count = 0};

    if (name)
        return reach(visit, name);
    runtime_each(count, &found);
    if (found.count == 1)
        return reach(visit, found.name);
    if (found.count)
        snprintf(visit->message, sizeof(visit->message),
                 "There are several machines: %.180s; --name says which.", found.names);
    else
        snprintf(visit->message, sizeof(visit->message),
                 "No machine is running; vitrine run starts one.");
    return false;
}

static void list_one(void *context, const char *name)
{
    struct found *found = context;
    struct json json = {.out = stdout, .follows = found->count > 0};
    struct visit visit;
    bool is_ok = false;

    if (!reach(&visit, name))
        return;
    char *answer = ask(&visit, "hello", "", &is_ok), *about = answer ? strchr(answer, ' ') : NULL;
    close(visit.fd);
    if (about) {
        *about++ = 0;
        about[strcspn(about, "\n")] = 0;
        found->count++;
        if (found->options->json) {
            json_object(&json, NULL);
            json_text(&json, "name", name);
            json_number(&json, "pid", strtoull(answer, NULL, 10));
            json_text(&json, "about", about);
            json_end_object(&json);
        } else {
            printf("%-16s %8s  %s\n", name, answer, about);
        }
    }
    free(answer);
}

enum exit_code monitor_list(const struct options *options)
{
    struct found found = {.options = options};

    if (options->json)
        putchar('[');
    runtime_each(list_one, &found);
    if (options->json)
        puts("]");
    return EXIT_DONE;
}

/* To somebody at a terminal: a screen at a time. */
static void show(struct editor *editor, char *answer)
{
    struct pager pager;
    u16 columns = 0, rows = 0;
    char key = 0;
    bool is_ours = true;

    if (!terminal_size(STDOUT_FILENO, &columns, &rows))
        rows = 0;
    if (!pager_begin(&pager, answer, columns, rows, stdout))
        return;
    terminal_enter_raw(STDIN_FILENO);
    while (pager.text && read(STDIN_FILENO, &key, 1) == 1)
        pager_press(&pager, key, &is_ours, stdout);
    terminal_lend(STDIN_FILENO);
    pager_end(&pager);
    if (!is_ours)
        editor_give(editor, key);
}

/* Sends a line and prints the answer; the editor is NULL where nobody edits. */
static enum exit_code obey(struct visit *visit, const struct options *options, const char *line,
                           struct editor *editor)
{
    bool is_ok = false;

    visit->is_interrupted = false;
    terminal_catch_signals();
    char *answer = ask(visit, options->json ? "json" : "text", line, &is_ok);
    terminal_release_signals();

    if (!answer)
        return complain(visit->message, EXIT_OURS);
    if (is_ok && editor) {
        show(editor, answer);
        return EXIT_DONE;
    }
    fputs(is_ok || editor ? "" : "vitrine: ", is_ok ? stdout : stderr);
    fputs(answer, is_ok ? stdout : stderr);
    fflush(stdout);
    free(answer);
    return is_ok ? EXIT_DONE : EXIT_USAGE;
}

struct completing {
    struct visit *visit;
    char *words; /* as they came, one on each line */
};

static bool complete(void *context, const char *line, size_t *place, char *word, size_t size)
{
    struct completing *completing = context;
    bool is_ok;

    if (*place == 0) {
        free(completing->words);
        completing->words = ask(completing->visit, "complete", line, &is_ok);
    }
    if (!completing->words || !completing->words[*place])
        return false;
    size_t length = strcspn(completing->words + *place, "\n");
    snprintf(word, size, "%.*s", (int)length, completing->words + *place);
    *place += length + (completing->words[*place + length] == '\n');
    return true;
}

/* "exit" and "continue" are for whoever has the machine's own terminal; here they end the visit. */
static bool is_end(const char *line)
{
    return !strcmp(line, "exit");
}

static enum exit_code visit_edited(struct visit *visit, const struct options *options)
{
    struct completing completing = {visit, NULL};
    enum exit_code code = EXIT_DONE;
    struct editor *editor;
    const char *line = NULL;

    terminal_lend(STDIN_FILENO);
    editor = editor_open("(vitrine) ", -1, (struct editor_words){&completing, complete});
    if (!editor)
        return complain("This terminal cannot be edited on.", EXIT_OURS);
    while (code != EXIT_OURS && (line = editor_read(editor)) && !is_end(line))
        code = obey(visit, options, line, editor);
    if (code != EXIT_OURS && !line) /* Ctrl-D leaves the cursor behind the prompt */
        putchar('\n');
    editor_close(editor);
    terminal_restore();
    free(completing.words);
    return code == EXIT_OURS ? EXIT_OURS : EXIT_DONE;
}

static enum exit_code visit_plain(struct visit *visit, const struct options *options)
{
    char line[MONITOR_LINE];
    enum exit_code worst = EXIT_DONE;

    while (worst != EXIT_OURS && fgets(line, sizeof(line), stdin)) {
        line[strcspn(line, "\r\n")] = 0;
        if (is_end(line))
            break;
        enum exit_code code = obey(visit, options, line, NULL);
        if (code != EXIT_DONE)
            worst = code;
    }
    return worst;
}

enum exit_code monitor_visit(const struct options *options, const char *name)
{
    struct visit visit;
    enum exit_code code;

    if (!reach_meant(&visit, name ? name : options->name))
        return complain(visit.message, EXIT_USAGE);
    if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
        code = visit_edited(&visit, options);
    else
        code = visit_plain(&visit, options);
    close(visit.fd);
    return code;
}

/* One word of the command line as one word of the monitor's: a file's name from this folder, quoted
 * if need be. */
static bool append(char *line, size_t size, const char *word, bool is_file)
{
    size_t used = strlen(line);
    char folder[OPTION_PATH] = "";
    const char *quote = !*word || strpbrk(word, " \t") ? "\"" : "";

    if (is_file && *word != '/' && !getcwd(folder, sizeof(folder)))
        return false;
    int length = snprintf(line + used, size - used, "%s%s%s%s%s%s", used ? " " : "", quote, folder,
                          *folder ? "/" : "", word, quote);
    return length > 0 && (size_t)length < size - used && !strpbrk(word, "\"\n");
}

static bool is_number(const char *word)
{
    return *word >= '0' && *word <= '9';
}

/* Words that name files: of this folder, which need not be the machine's. */
static bool is_file_word(const struct monitor_row *row, const char *const *words, unsigned index)
{
    if (index != 2)
        return (index == 1 && row->first == WORD_FILE) ||
               (index > 2 && !strcmp(row->name, "trace") && !is_number(words[index]));
    if (!strcmp(row->name, "trace"))
        return !is_number(words[index]);
    return !strcmp(row->name, "profile") ||
           (!strcmp(row->name, "snapshot") && snapshot_is_file(words[2])) ||
           (!strcmp(row->name, "symbols") && !strcmp(words[1], "add"));
}

enum exit_code monitor_ask(const struct options *options)
{
    const struct monitor_row *row = monitor_find(options->words[0]);
    char line[MONITOR_LINE] = "";
    struct visit visit;
    enum exit_code code;

    for (unsigned i = 0; i < options->word_count; i++) {
        bool is_file = row && is_file_word(row, options->words, i);
        if (!append(line, sizeof(line), options->words[i], is_file))
            return complain("The command is too long, or has a quote in it.", EXIT_USAGE);
    }
    if (!reach_meant(&visit, options->name))
        return complain(visit.message, EXIT_USAGE);
    code = obey(&visit, options, line, NULL);
    close(visit.fd);
    return code;
}
