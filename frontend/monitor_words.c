/* A table of other debuggers' words, and gdb's x/FORMAT (see monitor_words.h).
 *
 * Left out: gdb's expressions in C, and formats of numbers: ours are hexadecimal. */
#include "frontend/monitor_words.h"

#include "frontend/monitor.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One word, or two with a blank between; what follows stays. */
static const struct {
    const char *theirs, *ours;
} words[] = {
    {"?", "help"},
    {"add-symbol-file", "symbols add"},
    {"b", "break"},
    {"br", "break"},
    {"brk", "break"},
    {"bt", "backtrace"},
    {"c", "continue"},
    {"cont", "continue"},
    {"cpu", "hart"},
    {"d", "delete"},
    {"dis", "disas"},
    {"disassemble", "disas"},
    {"f", "backtrace"},
    {"fin", "finish"},
    {"frame", "backtrace"},
    {"gva2gpa", "walk"},
    {"h", "help"},
    {"halt", "stop"},
    {"hbreak", "break"},
    {"i", "info"},
    {"interrupt", "stop"},
    {"loadvm", "snapshot restore"},
    {"n", "next"},
    {"nexti", "next"},
    {"ni", "next"},
    {"p", "print"},
    {"pause", "stop"},
    {"rc", "reverse"},
    {"reverse-continue", "reverse"},
    {"reverse-step", "back"},
    {"reverse-stepi", "back"},
    {"rs", "back"},
    {"rsi", "back"},
    {"s", "step"},
    {"savevm", "snapshot save"},
    {"si", "step"},
    {"stepi", "step"},
    {"symbol-file", "symbols add"},
    {"u", "until"},
    {"where", "backtrace"},
    {"xp", "phys"},
    {"info address", "symbols"},
    {"info all-registers", "csr"},
    {"info b", "break"},
    {"info break", "break"},
    {"info breakpoints", "break"},
    {"info cpus", "info machine"},
    {"info csr", "csr"},
    {"info float", "regs f"},
    {"info frame", "backtrace"},
    {"info harts", "info machine"},
    {"info mem", "maps"},
    {"info mtree", "info map"},
    {"info pmp", "pmp"},
    {"info r", "regs"},
    {"info reg", "regs"},
    {"info registers", "regs"},
    {"info stack", "backtrace"},
    {"info status", "info machine"},
    {"info symbol", "symbols"},
    {"info threads", "info machine"},
    {"info tlb", "tlb"},
    {"info watchpoints", "break"},
};

/* What we have nothing for, or what means something else here: what to say instead. */
static const struct {
    const char *theirs, *sentence;
} strangers[] = {
    {"display", "Nothing is shown again and again here; x and regs show it once."},
    {"file", "symbols add FILE reads the names of an ELF file."},
    {"k", "quit ends the machine; exit goes back to the guest."},
    {"kill", "quit ends the machine; exit goes back to the guest."},
    {"l", "disas shows instructions, and regs the line of the source where that is known."},
    {"list", "disas shows instructions, and regs the line of the source where that is known."},
    {"q", "exit goes back to the guest; quit, in full, ends the machine."},
    {"r", "continue lets the machine go on; vitrine run starts one."},
    {"run", "continue lets the machine go on; vitrine run starts one."},
    {"system_powerdown", "The guest can switch itself off; quit ends it without asking."},
    {"system_reset",
     "A machine is reset by its guest, or through gdb; vitrine run starts it anew."},
    {"tbreak", "until ADDRESS goes there once; break stops there each time."},
    {"target", "This is the monitor; gdb connects to the port of vitrine debug, or of --gdb."},
    {"thread", "hart NUMBER chooses one; harts count from 0, as mhartid does."},
    {"undisplay", "Nothing is shown again and again here; x and regs show it once."},
};

/* Where the rest begins when the line begins with these words; NULL: it does not. */
static const char *after(const char *line, const char *theirs)
{
    while (*theirs && *line) {
        if (*theirs == ' ' && (*line == ' ' || *line == '\t')) {
            line += strspn(line, " \t");
            theirs++;
        } else if (*theirs++ != *line++) {
            return NULL;
        }
    }
    return *theirs || (*line && !isspace((unsigned char)*line)) ? NULL : line;
}

/* x/10i and xp/4xg: the count stands before the letters, behind the address with us. */
static bool translate_format(const char *line, char *ours, size_t size)
{
    bool is_physical = line[1] == 'p', is_code = false;
    const char *at = strchr(line, '/') + 1;
    char *letters;
    unsigned long count = strtoul(at, &letters, 10);
    char width = 'w';

    if (letters == at)
        count = 1;
    for (at = letters; *at && !isspace((unsigned char)*at); at++) {
        if (*at == 's') {
            snprintf(ours, size, "Text is not shown as such; x ADDRESS 64 b shows it beside.");
            return false;
        }
        is_code |= *at == 'i';
        if (strchr("bhwa", *at))
            width = *at;
        else if (*at == 'g')
            width = 'd';
    }
    at += strspn(at, " \t");
    int length = (int)strcspn(at, "\r\n");
    const char *address = length ? at : "pc";
    length = length ? length : 2;
    if (is_code && is_physical)
        snprintf(ours, size, "disas shows virtual addresses; phys shows numbers.");
    else if (is_code)
        snprintf(ours, size, "disas \"%.*s\" %lu", length, address, count);
    else
        snprintf(ours, size, "%s \"%.*s\" %lu %c", is_physical ? "phys" : "x", length, address,
                 count, width);
    return !is_code || !is_physical;
}

/* "p/x" is "p", "i r" is "info r", and "b *0x80000000" is "b 0x80000000". */
static void normalise(const char *line, char *whole, size_t size)
{
    const char *info = after(line, "i"), *rest = info ? info : line + strcspn(line, "/ \t");
    const char *star;

    if (*rest == '/' && (!strncmp(line, "p/", 2) || !strncmp(line, "print/", 6)))
        rest += strcspn(rest, " \t\r\n");
    star = rest + strspn(rest, " \t");
    snprintf(whole, size, "%.*s%s%s", info ? 4 : (int)strcspn(line, "/ \t"), info ? "info" : line,
             *star == '*' ? " " : "", *star == '*' ? star + 1 : rest);
}

bool monitor_translate(const char *line, char *ours, size_t size)
{
    char whole[MONITOR_LINE];
    const char *rest;

    line += strspn(line, " \t");
    if (!strncmp(line, "x/", 2) || !strncmp(line, "xp/", 3))
        return translate_format(line, ours, size);
    for (size_t i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++)
        if (after(line, strangers[i].theirs)) {
            snprintf(ours, size, "%s", strangers[i].sentence);
            return false;
        }
    normalise(line, whole, sizeof(whole));
    snprintf(ours, size, "%s", whole);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (!(rest = after(whole, words[i].theirs)))
            continue;
        snprintf(ours, size, "%s%s", words[i].ours, rest);
        break;
    }
    return true;
}
