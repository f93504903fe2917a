/* --help and the manual page, both printed from the tables of commands and options. */
#include <string.h>

#include "frontend/options.h"
#include "frontend/options_table.h"

struct command_row {
    const char *name, *words, *meaning;
};

static const struct command_row commands[] = {
#define COMMAND(name, text, words, meaning) [COMMAND_##name] = {text, words, meaning},
    COMMANDS(COMMAND)
#undef COMMAND
};

struct exit_row {
    int code;
    const char *meaning;
};

static const struct exit_row exits[] = {
    {EXIT_DONE, "the guest powered off, quit was typed, or the answer was printed"},
    {EXIT_OURS, "a failure of our own"},
    {EXIT_USAGE, "the command line cannot be understood, or what was asked for has no answer"},
    {EXIT_GUEST, "the guest reported failure, or can never move again"},
    {EXIT_FILE, "a file is missing, unreadable, bad or unverified"},
    {EXIT_OUT_OF_TIME, "--timeout or --max-insns ended the run"},
    {EXIT_SIGNAL, "plus the number of the signal that ended the run"},
};

struct key_row {
    const char *keys, *meaning;
};

static const struct key_row keys[] = {
    {"Ctrl-A x", "quit"},
    {"Ctrl-A c", "open the monitor, and go back to the guest"},
    {"Ctrl-A h", "say which keys there are"},
    {"Ctrl-A Ctrl-A", "send Ctrl-A to the guest"},
};

#define EACH(row, table) for (size_t row = 0; row < sizeof(table) / sizeof((table)[0]); row++)

enum command options_command(const char *word)
{
    EACH(i, commands)
    if (!strcmp(word, commands[i].name))
        return (enum command)i;
    return COMMAND_COUNT;
}

const char *options_command_name(enum command command)
{
    return commands[command].name;
}

#define HELP_INDENT 31
#define HELP_WIDTH  79

/* Breaks a sentence into lines that start below each other. */
static void print_folded(FILE *to, const char *text)
{
    size_t column = HELP_INDENT;
    while (*text) {
        size_t word = strcspn(text, " ");
        if (column > HELP_INDENT && column + word + 1 > HELP_WIDTH) {
            fprintf(to, "\n%*s", HELP_INDENT, "");
            column = HELP_INDENT;
        }
        column += (size_t)fprintf(to, "%s%.*s", column > HELP_INDENT ? " " : "", (int)word, text);
        text += word + (text[word] == ' ');
    }
    fputc('\n', to);
}

static void print_row(FILE *to, const char *name, const char *meaning)
{
    int printed = fprintf(to, "  %s", name);
    if (printed >= HELP_INDENT)
        printed = fprintf(to, "\n") - 1;
    fprintf(to, "%*s", HELP_INDENT - printed, "");
    print_folded(to, meaning);
}

bool options_print_command(FILE *to, const char *word)
{
    enum command command = options_command(word);
    char name[80];

    if (command == COMMAND_COUNT)
        return false;
    snprintf(name, sizeof(name), "vitrine %s %s", word, commands[command].words);
    print_row(to, name, commands[command].meaning);
    return true;
}

void options_print_help(FILE *to)
{
    char name[80];
    fputs("vitrine boots RISC-V systems. vitrine FILE is short for vitrine run FILE.\n\n", to);
    EACH(i, commands)
    {
        snprintf(name, sizeof(name), "vitrine %s %s", commands[i].name, commands[i].words);
        print_row(to, name, commands[i].meaning);
    }
    fputs("\nGuests, fetched and made when they are first asked for:\n", to);
    for (unsigned i = 0; guests[i].name; i++)
        print_row(to, guests[i].name, guests[i].meaning);
    fputs("\nOptions:\n", to);
    for (unsigned i = 0; i < option_row_count; i++) {
        const struct option_row *row = &option_rows[i];
        char letter[] = {'-', row->letter, ',', ' ', 0};
        snprintf(name, sizeof(name), "%s--%s%s%s", row->letter ? letter : "    ", row->name,
                 row->value ? " " : "", row->value ? row->value : "");
        print_row(to, name, row->meaning);
    }
    fputs("\nKeys, on a terminal:\n", to);
    EACH(i, keys)
    print_row(to, keys[i].keys, keys[i].meaning);
    fputs("\nExit codes:\n", to);
    EACH(i, exits)
    {
        snprintf(name, sizeof(name), "%d", exits[i].code);
        print_row(to, name, exits[i].meaning);
    }
}

/* Text for man(7): a dash that may be copied, a backslash that stays one. */
static void print_roff(FILE *to, const char *text)
{
    for (; *text; text++) {
        if (*text == '-' || *text == '\\')
            fputs(*text == '-' ? "\\-" : "\\e", to);
        else
            fputc(*text, to);
    }
}

static void print_roff_row(FILE *to, const char *meaning)
{
    fputc('\n', to);
    print_roff(to, meaning);
    fputs(".\n", to);
}

static void print_roff_options(FILE *to)
{
    fputs(".SH OPTIONS\n", to);
    for (unsigned i = 0; i < option_row_count; i++) {
        const struct option_row *row = &option_rows[i];
        fputs(".TP\n", to);
        if (row->letter)
            fprintf(to, "\\fB\\-%c\\fR, ", row->letter);
        fputs("\\fB\\-\\-", to);
        print_roff(to, row->name);
        fputs("\\fR", to);
        if (row->value)
            fprintf(to, " \\fI%s\\fR", row->value);
        print_roff_row(to, row->meaning);
    }
}

void options_print_manual(FILE *to)
{
    fputs(".TH VITRINE 1 \"\" \"vitrine " VITRINE_VERSION "\"\n.SH NAME\n"
          "vitrine \\- boot and study RISC\\-V systems\n.SH SYNOPSIS\n",
          to);
    EACH(i, commands)
    fprintf(to, ".B vitrine %s\n%s%s[\\fIoptions\\fR]\n.br\n", commands[i].name, commands[i].words,
            *commands[i].words ? " " : "");
    fputs(".B vitrine\nFILE [\\fIoptions\\fR]\n.SH COMMANDS\n", to);
    EACH(i, commands)
    {
        fprintf(to, ".TP\n\\fB%s\\fR %s", commands[i].name, commands[i].words);
        print_roff_row(to, commands[i].meaning);
    }
    fputs(".SH GUESTS\nFetched and made when they are first asked for:\n", to);
    for (unsigned i = 0; guests[i].name; i++) {
        fprintf(to, ".TP\n.B %s", guests[i].name);
        print_roff_row(to, guests[i].meaning);
    }
    print_roff_options(to);
    fputs(".SH KEYS\nOn a terminal:\n", to);
    EACH(i, keys)
    {
        fputs(".TP\n.B ", to);
        print_roff(to, keys[i].keys);
        print_roff_row(to, keys[i].meaning);
    }
    fputs(".SH EXIT STATUS\n", to);
    EACH(i, exits)
    {
        fprintf(to, ".TP\n.B %d", exits[i].code);
        print_roff_row(to, exits[i].meaning);
    }
    fputs(".SH NOTES\nStandard output carries what the guest prints; all else goes to standard "
          "error.\n",
          to);
}
