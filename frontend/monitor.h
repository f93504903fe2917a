/* The monitor: commands about a machine, one line each, from the terminal (Ctrl-A c), through a
 * socket, or one at a time from the shell. One table says what commands there are
 * (monitor_commands.c); parsing, help, completion and the tests read it. */
#ifndef FRONTEND_MONITOR_H
#define FRONTEND_MONITOR_H

#include <stdio.h>

#include "frontend/debugger.h"
#include "frontend/view.h"
#include "frontend/names.h"

#define MONITOR_LINE  4096 /* bytes of a command line, with its end */
#define MONITOR_WORDS 32

#define MONITOR_POINTS 64

/* When that counts (monitor_when.h). */
struct monitor_when {
    char left[48], right[48]; /* expressions; empty: always */
    u8 relation;
    u64 skip, met; /* so many times it does not stop yet; how often it was met */
};

/* Where somebody wants the machine to stop. */
struct monitor_point {
    enum debug_kind kind; /* DEBUG_NOTHING: this place in the list is free */
    u64 at, size;
    bool is_call; /* an ecall of U-mode that is this system call; of Linux, by a7 */
    u64 call;
    struct monitor_when when;
};

/* What a command on its way wants to reach. */
struct monitor_goal {
    enum { GOAL_NONE, GOAL_STEPS, GOAL_RETURN, GOAL_PLACE } kind;
    unsigned hart;
    u64 left;                   /* steps */
    struct monitor_point point; /* of the place */
    u64 sp;                     /* the stack pointer when it began */
    unsigned depth;             /* calls that have not returned */
};

/* A command that runs the machine itself, just now. */
struct monitor_work {
    struct monitor_talk *talk; /* NULL: there is none */
    u64 from, steps;           /* from this step on, so many */
    const u64 *lines;          /* NULL: it does not count any */
    bool prints;               /* lines as they come: nothing need be said */
};

struct monitor {
    struct machine *machine;
    struct names *names;       /* where names come from; NULL: nowhere */
    char about[256];           /* one sentence: what this machine is */
    struct debugger *debugger; /* who can stop it; NULL: nobody */
    enum stop stop;            /* why it stands still, if it does */
    unsigned hart;             /* that the last stop or `hart` was about */
    bool is_busy; /* with a command. Steps run the machine, which attends to everybody meanwhile */
    struct monitor_work work;
    bool is_abandoned; /* stopped for the command of a client who has left: it has to go on */
    struct monitor_goal goal;
    struct monitor_point points[MONITOR_POINTS];
};

/* Who is talking to the monitor: each terminal and each connection has its own. */
struct monitor_talk {
    struct monitor *monitor;
    unsigned hart;           /* that commands are about */
    bool wants_leave;        /* "exit" was said: back to the guest */
    bool waits;              /* until the machine stands still: there is more to say then */
    char then[MONITOR_LINE]; /* a line to obey then, before the machine goes on; empty: none */
    bool is_gdbs;            /* asked through gdb, whose machine it is to move */
    /* Asked again and again while a command runs the machine itself, with a few words on how far it
     * is, or NULL when it is done; false: whoever talks has had enough. NULL: nobody could. */
    bool (*goes_on)(void *context, const char *progress);
    void *goes_on_context;
};

/* One command being obeyed. */
struct monitor_call {
    struct monitor_talk *talk;
    struct view view;
    unsigned count; /* of words after the command's name */
    char *words[MONITOR_WORDS];
};

/* What the first word of a command is, for completion. */
enum monitor_word {
    WORD_ANY,
    WORD_COMMAND,
    WORD_PLACE,
    WORD_CSR,
    WORD_DEVICE,
    WORD_FILE,
    WORD_SNAPSHOT /* what to do with one; the second is its name */
};
#define WORD_MOVES 0x80

/* A row of the table: a command. */
struct monitor_row {
    const char *name;
    const char *arguments; /* as help shows them: "[ADDRESS [COUNT]]" */
    const char *meaning;   /* one sentence without its full stop */
    const char *example;   /* a line that works on any machine: the tests run it */
    u8 least, most;        /* words after the name */
    u8 first;              /* enum monitor_word of the first of them; the others are places.
                            * With WORD_MOVES: it lets the machine run, so not when gdb asks */
    void (*obey)(struct monitor_call *call);
};

extern const struct monitor_row monitor_rows[];
extern const unsigned monitor_row_count;
/* NULL when there is no such command. */
const struct monitor_row *monitor_find(const char *name);

void monitor_init(struct monitor *monitor, struct machine *machine, struct names *names);
/* The hart that a new talk begins with: while the machine stands still, that of the last stop. */
unsigned monitor_first_hart(const struct monitor *monitor);
/* The names of what runs now; NULL: none. */
struct symbols *monitor_symbols(struct monitor *monitor);
/* Obeys one line. What there is to say goes to out, text or with json one line of
 * JSON. False, and what is wrong in why, when the line cannot be understood or has no answer. An
 * empty line is obeyed. */
bool monitor_obey(struct monitor_talk *talk, const char *line, FILE *out, bool json, char *why,
                  size_t why_size);
/* Obeys the words of a call, of which this is the name. */
void monitor_obey_words(struct monitor_call *call, const char *name);
/* Does this line let the machine run? */
bool monitor_moves(const char *line);
/* Cuts a line into words, in place: blanks separate, "..." holds together. Returns how many; more
 * than most, or a quote that is not closed, is UINT32_MAX. */
unsigned monitor_split(char *line, char **words, unsigned most);
/* The index-th way in which the last word of this line could go on, a whole word; NULL when there
 * are no more. text has MONITOR_LINE bytes. */
struct monitor_completion {
    struct monitor_talk *talk;
    const char *line; /* up to the cursor */
    size_t place;     /* begins as 0 */
};
bool monitor_complete(struct monitor_completion *completion, char *word, size_t size);

/* Is a command on its way that makes steps? Then monitor_go_on_stepping() makes more, and says
 * whether they are done. */
bool monitor_is_stepping(const struct monitor *monitor);
bool monitor_go_on_stepping(struct monitor *monitor);
/* Makes no more of them: the next look says that they are done, to all who wait. */
void monitor_end_steps(struct monitor *monitor);
/* It met something that may be ours (debugger.h). */
enum debugger_claim monitor_claims(struct monitor *monitor);
/* The machine stands still. False: it is not yet where it was to go, and must go on. */
bool monitor_has_arrived(struct monitor *monitor, enum stop stop);
/* Says why it stands still to this talk, which waited for it. */
void monitor_report(struct monitor_talk *talk, FILE *out, bool json);

/* For attendants, while the machine runs for a command: stops it when whoever talks has had enough.
 */
void monitor_attend_work(struct monitor *monitor);
/* For commands that run the machine themselves: does it stand still? If it runs, it is stopped, the
 * command is obeyed again then, and the machine goes on afterwards. */
bool monitor_may_run(struct monitor_call *call, const char *name);

/* For commands: the words say where to stop. False: refused. */
bool monitor_read_point(struct monitor_call *call, struct monitor_point *point);
/* The machine has stopped at a debugger's event: is it this one? */
bool monitor_is_hit(const struct machine *machine, const struct monitor_point *point);

/* For commands: a number or an address. False: refused. */
bool monitor_number(struct monitor_call *call, unsigned word, u64 *value);
/* The same where the word may be missing. */
bool monitor_optional(struct monitor_call *call, unsigned word, u64 missing, u64 *value);

#endif
