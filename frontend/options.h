/* What the command line may say. One table of commands and one table of options yield the parsing,
 * --help and the manual page: a new option is one row in options.c and, if it carries a value, one
 * member of struct options. */
#ifndef FRONTEND_OPTIONS_H
#define FRONTEND_OPTIONS_H

#include <stdio.h>

#include "cpu/clock.h"
#include "devices/host.h"
#include "devices/machine.h"
#include "loader/extra.h"
#include "frontend/net.h"
#include "frontend/shares.h"
#include "frontend/guests.h"
#include "frontend/scale.h"
#include "memory/types.h"

#define VITRINE_VERSION "0.1"

/* A command: name, what may follow, what it does. */
#define COMMANDS(COMMAND)                                                                          \
    COMMAND(RUN, "run", "[FILE|GUEST]",                                                            \
            "boot an ELF, an Image, a source.s, a raw binary or a guest")                          \
    COMMAND(DEBUG, "debug", "[FILE|GUEST]",                                                        \
            "the same, standing still at reset until gdb, whose command line is printed, says go") \
    COMMAND(INFO, "info", "[FILE|board]", "say what a file, the board or this build is")           \
    COMMAND(SNAPSHOT, "snapshot", "WORD [NAME]",                                                   \
            "save or restore the running machine; list, info, check or delete what was saved")     \
    COMMAND(TRACE, "trace", "FILTER,... | show FILE",                                              \
            "trace the running machine; show what a trace's file says")                            \
    COMMAND(QEMU, "qemu", "[WORD]...",                                                             \
            "boot what a command line of QEMU's says; qemu -help lists its words")                 \
    COMMAND(LIST, "list", "", "say which machines are running")                                    \
    COMMAND(MONITOR, "monitor", "[NAME|SOCKET]",                                                   \
            "ask a running machine, a line at a time; vitrine COMMAND asks one thing: help there " \
            "lists them")                                                                          \
    COMMAND(HELP, "help", "[COMMAND]",                                                             \
            "print this help, or what a command does; help monitor lists what can be asked of a "  \
            "machine; with --man, the manual "                                                     \
            "page")                                                                                \
    COMMAND(VERSION, "version", "", "print the version")

enum command {
#define COMMAND(name, text, words, meaning) COMMAND_##name,
    COMMANDS(COMMAND)
#undef COMMAND
        COMMAND_COUNT
};

enum exit_code {
    EXIT_DONE = 0,          /* the guest powered off, Ctrl-A x, or the answer was printed */
    EXIT_OURS = 1,          /* our failure */
    EXIT_USAGE = 2,         /* the command line cannot be understood, or has no answer */
    EXIT_GUEST = 3,         /* the guest reported failure, or can never move again */
    EXIT_FILE = 4,          /* a file is missing, unreadable, bad or unverified */
    EXIT_OUT_OF_TIME = 124, /* --timeout or --max-insns */
    EXIT_SIGNAL = 128,      /* plus the number of the signal that asked us to stop */
};

#define OPTION_WORDS 32
#define OPTION_DISKS 8
#define OPTION_SHOTS 8
#define OPTION_PATH  4096

struct option_disk {
    char path[OPTION_PATH];
    char overlay[OPTION_PATH]; /* empty: none */
    bool read_only;
    unsigned slot; /* 1 + the number of its virtio slot; 0: the next one that is free */
};

/* Which line of the guest has the keyboard. */
enum console_kind { CONSOLE_SERIAL, CONSOLE_VIRTIO };
enum option_display { DISPLAY_NONE, DISPLAY_SDL, DISPLAY_IF_ANY /* a window where one opens */ };

struct option_shot {
    char path[OPTION_PATH];
    u64 at; /* tick of the guest's clock; UINT64_MAX: when the run ends */
};

struct options {
    const char *words[OPTION_WORDS]; /* what is no option: a command, what to boot */
    unsigned word_count;

    u64 ram_size; /* bytes; 0: not said */
    u64 harts;
    const char *cpu;  /* NULL: not said */
    const char *name; /* of the machine, to be found by; NULL: not said */
    const char *kernel, *initrd, *append, *dtb, *dump_dtb, *firmware;
    struct option_disk disks[OPTION_DISKS];
    unsigned disk_count;
    bool discard; /* what is written to them */
    struct net_config net;
    struct shares_config shares;
    enum option_display display;
    enum scale scale;
    struct option_shot shots[OPTION_SHOTS];
    unsigned shot_count;
    struct option_shot snapshots[OPTION_SHOTS];
    unsigned snapshot_count;
    const char *restore; /* NULL: begin at power-on */
    const char *record, *replay;
    u64 history;    /* bytes for going back; 0: not said */
    u64 max_insns;  /* UINT64_MAX: no limit */
    u64 timeout_ns; /* UINT64_MAX: no limit */
    enum clock_kind clock;
    u64 steps_per_tick; /* 0: not said */
    u64 seed;
    enum engine engine;
    enum console_kind console;
    const char *gdb; /* where a debugger can connect; NULL: nowhere */
    bool vscode;
    bool starts_stopped;
    bool is_debug; /* the command debug */
    bool is_clock_said;
    struct guest_wishes wishes;
    int escape; /* the prefix's byte, or CONSOLE_NO_ESCAPE */
    bool exit_guest_code, quiet, json, help, version, man, why;
    unsigned entropy_slot; /* 1 + the number of its virtio slot; 0: none */

    /* What only QEMU's words can say (qemu.h). */
    bool as_qemu;            /* control starts where QEMU lets it start */
    bool legacy_virtio;      /* version 1 of virtio-mmio */
    bool no_reboot;          /* a reset ends the run */
    bool no_console;         /* nothing is joined to the serial line */
    bool wants_log;          /* -d was said, of more than we could know */
    bool no_serial;          /* the serial line is silent, but a virtio console may be joined */
    const char *serial_path; /* the serial line's output goes to this file; NULL: not said */
    const char *pid_path;    /* NULL: not said */
    i64 clock_ahead_s;       /* the guest's date is that of the host, and so much later */
    /* As in struct option_disk. */
    unsigned net_slot, console_slot, gpu_slot, keyboard_slot, tablet_slot, mouse_slot;
    u32 gpu_width, gpu_height;
    struct extra extras[EXTRA_MOST];
    unsigned extra_count;
    /* What the pointers above point into where a value was put together. */
    char made_gdb[160];
    char made_cpu[512], made_path[OPTION_PATH], extra_paths[EXTRA_MOST][OPTION_PATH];
};

/* Reads a command line. On failure returns false, and message holds one sentence that says what is
 * wrong and, where there is one, the nearest thing that would be right. Options point into argv. */
bool options_parse(struct options *options, int argc, char **argv, char *message,
                   size_t message_size);
/* Which command a word names; COMMAND_COUNT when none. */
enum command options_command(const char *word);
const char *options_command_name(enum command command);
void options_print_help(FILE *to);
/* The row of one of our own commands. False: it is none. */
bool options_print_command(FILE *to, const char *word);
/* The manual page, in man(7) macros. */
void options_print_manual(FILE *to);

/* The word among these (a list that ends with NULL) that a slip of the fingers could have turned
 * into this one; NULL when none is near. */
const char *nearest_word(const char *word, const char *const *words);

#endif
