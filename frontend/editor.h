/* A line of input that can be edited, with history and completion, by libedit. Two ways:
 * editor_read() waits for a whole line; editor_begin() and editor_press() take keys as they come,
 * between slices of a running machine. */
#ifndef FRONTEND_EDITOR_H
#define FRONTEND_EDITOR_H

#include <stdbool.h>
#include <stddef.h>

struct editor;

struct editor_words {
    void *context;
    /* The next word that the line so far could end with; false when there are no more. *place
     * begins as 0. */
    bool (*complete)(void *context, const char *line, size_t *place, char *word, size_t size);
};

enum editor_event {
    EDITOR_MORE,  /* nothing yet */
    EDITOR_LINE,  /* a line is there */
    EDITOR_LEAVE, /* the keys that mean leaving: Ctrl-D on an empty line, or the prefix and c */
    EDITOR_QUIT,  /* the prefix and x */
};

/* On stdin and stdout, which are a terminal. escape is the prefix's byte, or negative: none. NULL
 * when it cannot be. */
struct editor *editor_open(const char *prompt, int escape, struct editor_words words);
/* The terminal is as it was before. NULL is harmless. */
void editor_close(struct editor *editor);

/* Shows the prompt and takes the terminal. */
void editor_begin(struct editor *editor);
/* Takes the keys that have been pressed. After EDITOR_LINE *line is the line, the terminal is as it
 * was, and the next editor_begin() starts the next one. */
enum editor_event editor_press(struct editor *editor, const char **line);

/* A key that somebody else has taken from the terminal: it is the next for editor_press(), to be
 * called when there is one. */
void editor_give(struct editor *editor, char key);
bool editor_has_keys(const struct editor *editor);

/* Waits for a line; NULL when there are no more. */
const char *editor_read(struct editor *editor);

#endif
