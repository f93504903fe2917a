/* Line editing by libedit (see editor.h; editline(3)).
 *
 * Keys one at a time is libedit's EL_UNBUFFERED: el_gets() returns after each command of the editor
 * with what the line is by then. Ctrl-C clears the line: as a signal it would end the machine. Left
 * out: a history kept in a file. */
#include "frontend/editor.h"

#include <histedit.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_MOST    4096
#define HISTORY_MOST 500
#define GIVEN_MOST   256
#define KEY_WAIT_MS  50 /* for the rest of a key that is several bytes */

struct editor {
    EditLine *edit;
    History *history;
    const char *prompt;
    struct editor_words words;
    enum editor_event asked; /* by a key */
    bool is_within_key;      /* the first byte is taken */
    bool waits;              /* editor_read() is reading */
    char given[GIVEN_MOST];  /* editor_give() */
    size_t given_count;
    char line[LINE_MOST];
};

static struct editor *of(EditLine *edit)
{
    void *editor = NULL;

    el_get(edit, EL_CLIENTDATA, &editor);
    return editor;
}

static char *prompt_of(EditLine *edit)
{
    return (char *)of(edit)->prompt;
}

/* A byte of input, without waiting for a key that is not there. */
static int read_byte(EditLine *edit, wchar_t *to)
{
    struct editor *editor = of(edit);
    struct pollfd fds = {.fd = STDIN_FILENO, .events = POLLIN};
    unsigned char byte;

    if (editor->given_count) {
        editor->is_within_key = true;
        *to = (unsigned char)editor->given[0];
        memmove(editor->given, editor->given + 1, --editor->given_count);
        return 1;
    }
    if (!editor->waits && poll(&fds, 1, editor->is_within_key ? KEY_WAIT_MS : 0) <= 0)
        return 0;
    editor->is_within_key = true;
    if (read(STDIN_FILENO, &byte, 1) != 1)
        return 0;
    *to = byte; /* names of commands and symbols are ASCII */
    return 1;
}

static unsigned char leave(EditLine *edit, int key)
{
    const LineInfo *info = el_line(edit);

    if (key == 4 && info->lastchar != info->buffer) /* Ctrl-D in a line */
        return CC_ERROR;
    of(edit)->asked = EDITOR_LEAVE;
    return CC_EOF;
}

static unsigned char quit(EditLine *edit, int key)
{
    (void)key;
    of(edit)->asked = EDITOR_QUIT;
    return CC_EOF;
}

/* How much of two words is the same. */
static size_t common(const char *left, const char *right)
{
    size_t length = 0;

    while (left[length] && left[length] == right[length])
        length++;
    return length;
}

static void list_words(struct editor *editor, const char *line)
{
    char word[256];
    size_t place = 0;

    putchar('\n');
    for (unsigned i = 0;
         i < 60 && editor->words.complete(editor->words.context, line, &place, word, sizeof(word));
         i++)
        printf("%s  ", word);
    putchar('\n');
    fflush(stdout);
}

/* Tab: what all words that fit have in common; when that is no more than there is, the words. */
static unsigned char complete(EditLine *edit, int key)
{
    struct editor *editor = of(edit);
    const LineInfo *info = el_line(edit);
    char line[LINE_MOST], word[256], all[256] = "";
    size_t length = (size_t)(info->cursor - info->buffer), place = 0, count = 0;

    (void)key;
    if (length >= sizeof(line))
        return CC_ERROR;
    memcpy(line, info->buffer, length);
    line[length] = 0;
    const char *blank = strrchr(line, ' ');
    size_t begun = strlen(blank ? blank + 1 : line);
    while (editor->words.complete(editor->words.context, line, &place, word, sizeof(word))) {
        if (count++ == 0)
            snprintf(all, sizeof(all), "%s", word);
        all[common(all, word)] = 0;
    }
    if (!count)
        return CC_ERROR;
    if (strlen(all) > begun)
        el_insertstr(edit, all + begun);
    if (count == 1) {
        el_insertstr(edit, " ");
    } else if (strlen(all) <= begun) {
        list_words(editor, line);
        return CC_REDISPLAY;
    }
    return CC_REFRESH;
}

static void bind_prefix(EditLine *edit, int escape)
{
    char keys[4] = {'^', (char)(escape | 0x40), 0, 0};

    keys[2] = 'c';
    el_set(edit, EL_BIND, keys, "vitrine-leave", NULL);
    keys[2] = 'x';
    el_set(edit, EL_BIND, keys, "vitrine-quit", NULL);
}

static void set_up(struct editor *editor, int escape)
{
    EditLine *edit = editor->edit;
    HistEvent ignored;

    history(editor->history, &ignored, H_SETSIZE, HISTORY_MOST);
    history(editor->history, &ignored, H_SETUNIQUE, 1);
    el_set(edit, EL_CLIENTDATA, editor);
    el_set(edit, EL_SIGNAL, 0);
    el_set(edit, EL_EDITOR, "emacs");
    el_set(edit, EL_PROMPT, prompt_of);
    el_set(edit, EL_HIST, history, editor->history);
    el_set(edit, EL_GETCFN, read_byte);
    el_set(edit, EL_SETTY, "-d", "-isig", NULL);
    el_set(edit, EL_ADDFN, "vitrine-complete", "complete the word", complete);
    el_set(edit, EL_ADDFN, "vitrine-leave", "leave the monitor", leave);
    el_set(edit, EL_ADDFN, "vitrine-quit", "end the machine", quit);
    el_set(edit, EL_BIND, "^I", "vitrine-complete", NULL);
    el_set(edit, EL_BIND, "^D", "vitrine-leave", NULL);
    el_set(edit, EL_BIND, "^C", "em-kill-line", NULL);
    el_set(edit, EL_BIND, "^R", "em-inc-search-prev", NULL);
    if (escape >= 0)
        bind_prefix(edit, escape);
}

struct editor *editor_open(const char *prompt, int escape, struct editor_words words)
{
    struct editor *editor = calloc(1, sizeof(*editor));

    if (!editor)
        return NULL;
    editor->prompt = prompt;
    editor->words = words;
    editor->history = history_init();
    editor->edit = el_init("vitrine", stdin, stdout, stderr);
    if (editor->edit && editor->history) {
        set_up(editor, escape);
        return editor;
    }
    editor_close(editor);
    return NULL;
}

void editor_close(struct editor *editor)
{
    if (!editor)
        return;
    if (editor->edit)
        el_end(editor->edit);
    if (editor->history)
        history_end(editor->history);
    free(editor);
}

/* Keeps the line, without its end, and in the history. */
static const char *keep(struct editor *editor, const char *text, int length)
{
    HistEvent ignored;

    snprintf(editor->line, sizeof(editor->line), "%.*s", length, text);
    editor->line[strcspn(editor->line, "\r\n")] = 0;
    if (*editor->line)
        history(editor->history, &ignored, H_ENTER, editor->line);
    return editor->line;
}

void editor_begin(struct editor *editor)
{
    editor->asked = EDITOR_MORE;
    el_resize(editor->edit); /* SIGWINCH is the guest's console's */
    el_set(editor->edit, EL_UNBUFFERED, 1);
    fflush(stdout);
}

void editor_give(struct editor *editor, char key)
{
    if (editor->given_count < GIVEN_MOST)
        editor->given[editor->given_count++] = key;
}

bool editor_has_keys(const struct editor *editor)
{
    return editor->given_count;
}

enum editor_event editor_press(struct editor *editor, const char **line)
{
    struct pollfd fds = {.fd = STDIN_FILENO, .events = POLLIN};

    while ((editor_has_keys(editor) || poll(&fds, 1, 0) > 0) && editor->asked == EDITOR_MORE) {
        int count = 0;
        editor->is_within_key = false;
        const char *text = el_gets(editor->edit, &count);
        if (text && count > 0 && text[count - 1] == '\n') {
            el_set(editor->edit, EL_UNBUFFERED, 0);
            *line = keep(editor, text, count);
            return EDITOR_LINE;
        }
        if (!editor->is_within_key) /* nothing could be read: the terminal is gone */
            editor->asked = EDITOR_LEAVE;
    }
    if (editor->asked != EDITOR_MORE)
        el_set(editor->edit, EL_UNBUFFERED, 0);
    return editor->asked;
}

const char *editor_read(struct editor *editor)
{
    int count = 0;

    editor->waits = true;
    const char *text = el_gets(editor->edit, &count);
    editor->waits = false;
    return text && count > 0 && editor->asked == EDITOR_MORE ? keep(editor, text, count) : NULL;
}
