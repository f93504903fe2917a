/* The command line: the table of options, and its reader by getopt_long(3).
 *
 * The printing of the same tables is in manual.c; the kinds of values are read in values.c. */
#include "frontend/options.h"

#include <getopt.h>
#include <stddef.h>
#include <string.h>

#include "frontend/console.h"
#include "frontend/net_options.h"
#include "frontend/options_table.h"

/* Long-only options get numbers that no character has. */
#define LONG_ONLY 0x100

/* FILE[,ro][,overlay=FILE], read from its end, since names may have commas in them. */
static bool read_disk(void *member, const char *text, const char **expected)
{
    struct options *options = member;
    *expected = "FILE, FILE,ro or FILE,overlay=FILE, at most eight times";
    if (options->disk_count == OPTION_DISKS || strlen(text) >= OPTION_PATH)
        return false;
    struct option_disk *disk = &options->disks[options->disk_count];
    char *comma;
    *disk = (struct option_disk){.read_only = false};
    strcpy(disk->path, text);
    while ((comma = strrchr(disk->path, ',')) != NULL) {
        const char *word = comma + 1;
        if (!strcmp(word, "ro") && !disk->read_only)
            disk->read_only = true;
        else if (!strncmp(word, "overlay=", 8) && word[8] && !*disk->overlay)
            strcpy(disk->overlay, word + 8);
        else
            break;
        *comma = 0;
    }
    options->disk_count += *disk->path != 0;
    return *disk->path;
}

static bool read_console(void *member, const char *text, const char **expected)
{
    enum console_kind *console = member;
    *expected = "serial or virtio";
    *console = strcmp(text, "virtio") ? CONSOLE_SERIAL : CONSOLE_VIRTIO;
    return *console == CONSOLE_VIRTIO || !strcmp(text, "serial");
}

/* An @ that no time follows belongs to the name. */
static bool read_shot(struct option_shot *shots, unsigned *count, const char *text)
{
    const char *at = strrchr(text, '@'), *ignored;
    size_t length = strlen(text);
    u64 ns = UINT64_MAX;
    if (at && at > text && value_seconds(&ns, at + 1, &ignored))
        length = (size_t)(at - text);
    if (*count == OPTION_SHOTS || !length || length >= OPTION_PATH)
        return false;
    struct option_shot *shot = &shots[(*count)++];
    memcpy(shot->path, text, length);
    shot->at = ns == UINT64_MAX ? UINT64_MAX : ns / CLOCK_NS;
    return true;
}

static bool read_screenshot(void *member, const char *text, const char **expected)
{
    struct options *options = member;
    *expected = "FILE.png or FILE.png@SECONDS, at most eight times";
    return read_shot(options->shots, &options->shot_count, text);
}

static bool read_snapshot(void *member, const char *text, const char **expected)
{
    struct options *options = member;
    *expected = "FILE or FILE@SECONDS, at most eight times";
    return read_shot(options->snapshots, &options->snapshot_count, text);
}

static bool read_clock(void *member, const char *text, const char **expected)
{
    struct options *options = member;
    const char *end;
    *expected = "live, virtual, or virtual:N with N steps per tick";
    options->is_clock_said = true;
    options->clock = strcmp(text, "live") ? CLOCK_VIRTUAL : CLOCK_LIVE;
    options->steps_per_tick = 0;
    if (!strcmp(text, "live") || !strcmp(text, "virtual"))
        return true;
    return !strncmp(text, "virtual:", 8) && read_number(text + 8, &end, &options->steps_per_tick) &&
           !*end && options->steps_per_tick > 0;
}

#define MEMBER(name) offsetof(struct options, name)

const struct option_row option_rows[] = {
    /* short, long, value, member, reader, meaning */
    {'m', "memory", "SIZE", MEMBER(ram_size), value_size,
     "guest memory, in bytes or with K, M or G (512M)"},
    {'c', "harts", "N", MEMBER(harts), value_harts, "number of harts, 1 to 64 (1)"},
    {0, "cpu", "NAME", MEMBER(cpu), value_text,
     "rv64gc, rv32gc, rva20s64, rva22s64, max (all that exists), max32, or an ISA string such as "
     "rv64imac_zba (max)"},
    {'k', "kernel", "FILE", MEMBER(kernel), value_text, "the kernel: an Image or an ELF file"},
    {'i', "initrd", "FILE", MEMBER(initrd), value_text, "the initial RAM disk for the kernel"},
    {'a', "append", "TEXT", MEMBER(append), value_text,
     "the kernel's command line; for a named guest, words to add to it"},
    {0, "firmware", "FILE|default|none", MEMBER(firmware), value_text,
     "the M-mode firmware, default for OpenSBI, or none to start the kernel in M-mode (OpenSBI if "
     "the kernel needs it)"},
    {0, "dtb", "FILE", MEMBER(dtb), value_text, "a device tree to use instead of the board's"},
    {0, "dump-dtb", "FILE", MEMBER(dump_dtb), value_text,
     "write the device tree to a file and do not boot"},
    {'d', "disk", "FILE[,ro][,overlay=FILE]", 0, read_disk,
     "a raw disk image, read-only with ,ro; with an overlay, what is written goes there and the "
     "image "
     "stays as it is; up to eight, in the order given"},
    {0, "discard", NULL, MEMBER(discard), value_flag,
     "what is written to disks goes to temporary files, and is gone after the run"},
    {0, "net", "user|none", MEMBER(net), value_net,
     "the guest's network, behind this process; user,restrict lets the guest reach nothing but by "
     "-p; user,mtu=N limits its packets (user for a Linux kernel under the live clock, else none)"},
    {'p', "port", "PORT:GUESTPORT", MEMBER(net), value_forward,
     "a port of this host that leads to one of the guest, TCP or with /udp behind it; open to this "
     "host alone unless ADDRESS: stands in front, 0.0.0.0 for everybody; up to sixteen times"},
    {'s', "share", "DIR[:TAG][,ro]", MEMBER(shares), value_share,
     "a folder for the guest, read-only with ,ro; up to four. In it: mount -t 9p -o "
     "trans=virtio,version=9p2000.L TAG /mnt (TAG is share, share2, ...)"},
    {0, "console", "serial|virtio", MEMBER(console), read_console,
     "which line of the guest the keyboard is on: the serial one (ttyS0), or a virtio console "
     "(hvc0), "
     "which is told the terminal's size; what both print is shown (serial)"},
    {0, "display", "none|sdl", MEMBER(display), value_display,
     "a window with the guest's screen, keyboard and pointer (none)"},
    {0, "scale", "smooth|integer", MEMBER(scale), value_scale,
     "how a picture fills a window of another size (smooth)"},
    {0, "screenshot", "FILE[@TIME]", 0, read_screenshot,
     "write a PNG of the screen when the run ends, or at a time of the guest (2s); up to eight"},
    {0, "snapshot", "NAME|FILE[@TIME]", 0, read_snapshot,
     "save the whole machine when the run is ended from outside, or at a time of the guest (30s); "
     "up to eight. A word without a slash or a dot is a name, for ~/.local/share/vitrine/snapshots "
     "(or $XDG_DATA_HOME/vitrine/snapshots)"},
    {0, "restore", "NAME|FILE", MEMBER(restore), value_text,
     "go on from a snapshot, on a machine that is described as it was then"},
    {0, "record", "FILE", MEMBER(record), value_text,
     "write down all that comes into the machine, so that the run can be played again"},
    {0, "replay", "FILE", MEMBER(replay), value_text,
     "play what was recorded: the same run to the last bit, without its disks, network or files"},
    {0, "history", "SIZE", MEMBER(history), value_size,
     "remember the past in so much host memory, for the monitor's back and reverse; the run takes "
     "a "
     "few percent longer (with debug or --gdb always: a quarter of the host's memory, 2G at most)"},
    {0, "size", "SIZE", MEMBER(wishes.size), value_size,
     "for a guest that is installed: the size of its disk, which can grow later (8G)"},
    {0, "packages", "LIST", MEMBER(wishes.packages), value_text,
     "for a guest that is installed: Debian packages to install from the start, with spaces "
     "between"},
    {0, "hostname", "NAME", MEMBER(wishes.hostname), value_text,
     "for a guest that is installed: what it is called (vitrine)"},
    {0, "user", "NAME", MEMBER(wishes.user), value_text,
     "for a guest that is installed: who can log in (you)"},
    {0, "engine", "fast|plain", MEMBER(engine), value_engine,
     "which interpreter runs the guest (fast)"},
    {0, "gdb", "[HOST:]PORT|unix:PATH", MEMBER(gdb), value_text,
     "where gdb can connect, on this host alone unless HOST is said (debug: 1234, or another "
     "port)"},
    {0, "vscode", NULL, MEMBER(vscode), value_flag,
     "with debug: write .vscode/launch.json for Visual Studio Code, and do not boot"},
    {0, "clock", "live|virtual[:N]", 0, read_clock,
     "guest time follows the host's clock, or counts instructions, N to a tick of 100 ns, so that "
     "every run is the same (live; N is 100)"},
    {0, "seed", "N", MEMBER(seed), value_number,
     "where the guest's random numbers start under the virtual clock (0)"},
    {0, "max-insns", "N", MEMBER(max_insns), value_number,
     "stop after N instructions and traps, with exit code 124"},
    {0, "timeout", "TIME", MEMBER(timeout_ns), value_seconds,
     "stop after 30s, 500ms or 2m of host time, with exit code 124"},
    {0, "exit-guest-code", NULL, MEMBER(exit_guest_code), value_flag,
     "when the guest reports failure, exit with its own code instead of 3"},
    {0, "why", NULL, MEMBER(why), value_flag,
     "when the run ends, say in plain sentences what last went wrong in the guest"},
    {0, "escape", "LETTER|none", MEMBER(escape), value_escape,
     "the key that, with Ctrl, commands vitrine itself (a)"},
    {0, "name", "NAME", MEMBER(name), value_text,
     "what this machine is called for vitrine list and monitor, or which running one is asked "
     "(after "
     "what it boots)"},
    {0, "json", NULL, MEMBER(json), value_flag,
     "answers of list, monitor and its commands as JSON"},
    {'q', "quiet", NULL, MEMBER(quiet), value_flag, "no words of our own before the guest's"},
    {'h', "help", NULL, MEMBER(help), value_flag, "print this help"},
    {0, "man", NULL, MEMBER(man), value_flag, "with help: print the manual page"},
    {0, "version", NULL, MEMBER(version), value_flag, "print the version"},
};

const unsigned option_row_count = sizeof(option_rows) / sizeof(option_rows[0]);

#define ROWS (sizeof(option_rows) / sizeof(option_rows[0]))

struct getopt_tables {
    struct option longs[ROWS + 1];
    char shorts[2 + 2 * ROWS + 1];
};

static void build_tables(struct getopt_tables *tables)
{
    *tables = (struct getopt_tables){0};
    char *shorts = tables->shorts;
    *shorts++ = ':'; /* a missing value is reported as such */
    for (unsigned i = 0; i < ROWS; i++) {
        const struct option_row *row = &option_rows[i];
        tables->longs[i] = (struct option){
            .name = row->name,
            .has_arg = row->value ? required_argument : no_argument,
            .val = LONG_ONLY + (int)i,
        };
        if (!row->letter)
            continue;
        *shorts++ = row->letter;
        if (row->value)
            *shorts++ = ':';
    }
}

static const struct option_row *find_row(int found)
{
    if (found >= LONG_ONLY)
        return &option_rows[found - LONG_ONLY];
    for (unsigned i = 0; i < ROWS; i++)
        if (option_rows[i].letter == found)
            return &option_rows[i];
    return NULL;
}

static void complain_unknown(const char *said, char *message, size_t message_size)
{
    if (strncmp(said, "--", 2)) {
        snprintf(message, message_size, "There is no option -%c; vitrine help lists them.", optopt);
        return;
    }
    const char *names[ROWS + 1] = {0};
    for (unsigned i = 0; i < ROWS; i++)
        names[i] = option_rows[i].name;
    char word[64];
    snprintf(word, sizeof(word), "%.*s", (int)strcspn(said + 2, "="), said + 2);
    const char *near = nearest_word(word, names);
    if (near)
        snprintf(message, message_size, "There is no option --%s; did you mean --%s?", word, near);
    else
        snprintf(message, message_size, "There is no option --%s; vitrine help lists them.", word);
}

static bool apply(struct options *options, int found, const char *said, char *message,
                  size_t message_size)
{
    const struct option_row *row = find_row(found == '?' || found == ':' ? optopt : found);
    if (found == '?' || !row) {
        complain_unknown(said, message, message_size);
        return false;
    }
    if (found == ':') {
        snprintf(message, message_size, "--%s needs a value: %s.", row->name, row->value);
        return false;
    }
    const char *expected = "";
    if (row->read((char *)options + row->member, optarg, &expected))
        return true;
    snprintf(message, message_size, "--%s cannot be \"%s\": it takes %s.", row->name, optarg,
             expected);
    return false;
}

bool options_parse(struct options *options, int argc, char **argv, char *message,
                   size_t message_size)
{
    struct getopt_tables tables;
    build_tables(&tables);
    *options = (struct options){
        .harts = 1,
        .max_insns = UINT64_MAX,
        .timeout_ns = UINT64_MAX,
        .clock = CLOCK_LIVE,
        .escape = 'A' & 0x1f,
        .entropy_slot = HOST_PLUG_ENTROPY + 1,
    };
    int found;
    opterr = 0;
    optind = 0; /* start afresh: getopt remembers where it was */
    while ((found = getopt_long(argc, argv, tables.shorts, tables.longs, NULL)) != -1)
        if (!apply(options, found, argv[optind - 1], message, message_size))
            return false;
    for (int i = optind; i < argc; i++) {
        if (options->word_count == OPTION_WORDS) {
            snprintf(message, message_size, "\"%s\" is one word too many; vitrine help shows how.",
                     argv[i]);
            return false;
        }
        options->words[options->word_count++] = argv[i];
    }
    return true;
}
