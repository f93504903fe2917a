/* THE COMMANDS OF THE MONITOR: one row each, at the end. Above it what they do: read their words,
 * and show a view or change something. */
#include "frontend/monitor.h"

#include "frontend/monitor_parts.h"
#include "frontend/registers.h"

#include <inttypes.h>
#include <string.h>

#define HELP_INDENT 12
#define HELP_WIDTH  79

/* The meaning in lines below each other, so that it reads well on 80 columns. */
static void help_line(FILE *out, const char *name, const char *meaning)
{
    int column = fprintf(out, "%-*s", HELP_INDENT, name);

    for (const char *at = meaning; *at;) {
        int word = (int)strcspn(at, " ");
        if (column > HELP_INDENT && column + 1 + word > HELP_WIDTH)
            column = fprintf(out, "\n%*s", HELP_INDENT, "") - 1;
        column += fprintf(out, "%s%.*s", column > HELP_INDENT ? " " : "", word, at);
        at += word + (at[word] == ' ');
    }
    fputc('\n', out);
}

static void help_all(FILE *out)
{
    for (unsigned i = 0; i < monitor_row_count; i++)
        help_line(out, monitor_rows[i].name, monitor_rows[i].meaning);
    fputs("\nhelp NAME says how one is used. Addresses and numbers: 0x80000000, 4096, sp+8,\n"
          "schedule+0x1c, $stvec. Beginnings are enough (disa), and words of gdb and of\n"
          "QEMU are understood: b, c, si, n, bt, p, x/10i $pc, i r, info registers.\n",
          out);
}

static void help_one(FILE *out, const struct monitor_row *row)
{
    fprintf(out, "%s%s%s\n", row->name, *row->arguments ? " " : "", row->arguments);
    help_line(out, "", row->meaning);
    fprintf(out, "%*sFor example: %s\n", HELP_INDENT, "", row->example);
}

static void help_json(struct json *json, const struct monitor_row *row)
{
    json_object(json, NULL);
    json_text(json, "name", row->name);
    json_text(json, "arguments", row->arguments);
    json_text(json, "meaning", row->meaning);
    json_text(json, "example", row->example);
    json_end_object(json);
}

static void obey_help(struct monitor_call *call)
{
    const struct monitor_row *row = call->count ? monitor_find(call->words[0]) : NULL;
    struct json json = {.out = call->view.out};

    if (call->count && !row) {
        view_refuse(&call->view, "There is no command \"%.60s\"; help lists them.", call->words[0]);
    } else if (call->view.json) {
        json_array(&json, NULL);
        for (unsigned i = 0; i < monitor_row_count; i++)
            if (!row || row == &monitor_rows[i])
                help_json(&json, &monitor_rows[i]);
        json_end_array(&json);
        fputc('\n', call->view.out);
    } else if (row) {
        help_one(call->view.out, row);
    } else {
        help_all(call->view.out);
    }
}

/* Those that are named. */
static void show_registers(struct monitor_call *call)
{
    struct view *view = &call->view;
    unsigned numbers[MONITOR_WORDS];

    for (unsigned i = 0; i < call->count; i++) {
        if (!register_find(view->machine, view->hart, call->words[i], &numbers[i])) {
            view_refuse(view, "This hart has no register \"%.60s\".", call->words[i]);
            return;
        }
    }
    view_registers(view, call->words, numbers, call->count);
}

static void obey_regs(struct monitor_call *call)
{
    if (call->count == 1 && !strcmp(call->words[0], "f"))
        view_floats(&call->view);
    else if (call->count)
        show_registers(call);
    else
        view_regs(&call->view);
}

static void obey_backtrace(struct monitor_call *call)
{
    view_callers(&call->view);
}

static void obey_csr(struct monitor_call *call)
{
    view_csr(&call->view, call->count ? call->words[0] : NULL);
}

/* The width of a number in memory. */
static bool read_width(struct monitor_call *call, unsigned word, unsigned missing, unsigned *width)
{
    static const char letters[] = "bhwd";
    const char *found;

    *width = missing;
    if (word >= call->count)
        return true;
    found = strchr(letters, call->words[word][0]);
    if (!found || call->words[word][1]) {
        view_refuse(&call->view, "A width is b, h, w or d: 1, 2, 4 or 8 bytes; or a: addresses.");
        return false;
    }
    *width = 1u << (found - letters);
    return true;
}

static void show_memory(struct monitor_call *call, enum debug_space space)
{
    u64 at, count;
    bool are_pointers = call->count > 2 && !strcmp(call->words[2], "a");
    unsigned width = 8;

    if (!monitor_number(call, 0, &at) || !monitor_optional(call, 1, 16, &count) ||
        (!are_pointers && !read_width(call, 2, 4, &width)))
        return;
    if (!count || count > VIEW_MEMORY_MOST / width)
        view_refuse(&call->view, "It shows 1 to %u numbers of that width at once.",
                    VIEW_MEMORY_MOST / width);
    else if (are_pointers)
        view_pointers(&call->view, space, at, count);
    else
        view_memory(&call->view, space, at, count, width);
}

static void obey_x(struct monitor_call *call)
{
    show_memory(call, DEBUG_VIRTUAL);
}

static void obey_phys(struct monitor_call *call)
{
    show_memory(call, DEBUG_PHYSICAL);
}

static void obey_disas(struct monitor_call *call)
{
    u64 at, count;

    if (!monitor_optional(call, 0, view_hart(&call->view)->pc, &at) ||
        !monitor_optional(call, 1, 10, &count))
        return;
    if (!count || count > 10000)
        view_refuse(&call->view, "It shows 1 to 10000 instructions at once.");
    else
        view_disas(&call->view, at, count);
}

/* A word with a width, "0x13 w", or text in quotes. */
static void obey_find(struct monitor_call *call)
{
    u64 at, size, value;
    unsigned width;

    if (!monitor_number(call, 0, &at) || !monitor_number(call, 1, &size))
        return;
    if (call->count == 4) {
        if (monitor_number(call, 2, &value) && read_width(call, 3, 4, &width))
            view_find(&call->view, at, size, &value, width);
        return;
    }
    view_find(&call->view, at, size, call->words[2], strlen(call->words[2]));
}

static void set_memory(struct monitor_call *call, u64 value)
{
    struct monitor *monitor = call->talk->monitor;
    unsigned width;
    u64 at;

    if (!monitor_number(call, 0, &at) || !read_width(call, 2, 4, &width))
        return;
    if (debug_write(monitor->machine, call->view.hart, DEBUG_VIRTUAL, at, &value, width) != width)
        view_refuse(&call->view, "There is no RAM at 0x%" PRIx64 " now.", at);
}

static void obey_set(struct monitor_call *call)
{
    struct view *view = &call->view;
    unsigned number;
    u64 value;

    if (!monitor_number(call, 1, &value) || !monitor_may_change(call))
        return;
    if (!register_find(view->machine, view->hart, call->words[0], &number))
        set_memory(call, value);
    else if (call->count > 2)
        view_refuse(view, "A register has its own width.");
    else if (!debug_set_register(view->machine, view->hart, number, value))
        view_refuse(view, "%s cannot have that value.", call->words[0]);
    monitor_changed(call);
}

static void obey_info(struct monitor_call *call)
{
    const char *what = call->count ? call->words[0] : "machine";
    u64 index;

    if (!monitor_optional(call, 1, VIEW_PLUGGED, &index))
        return;
    if (!strcmp(what, "machine"))
        view_machine(&call->view);
    else if (!strcmp(what, "map"))
        view_map(&call->view);
    else
        view_device(&call->view, what, index <= VIEW_PLUGGED ? (unsigned)index : MACHINE_DEVICES);
}

/* Which one, another from now on, or another for one command. */
static void obey_hart(struct monitor_call *call)
{
    struct monitor_talk *talk = call->talk;
    unsigned before = talk->hart;
    u64 number;

    if (!monitor_optional(call, 0, before, &number))
        return;
    if (number >= call->view.machine->config.harts) {
        view_refuse(&call->view, "The harts are 0 to %u.", call->view.machine->config.harts - 1);
        return;
    }
    call->view.hart = talk->hart = (unsigned)number;
    if (call->count > 1) {
        const char *name = call->words[1];
        call->count -= 2;
        memmove(call->words, call->words + 2, call->count * sizeof(call->words[0]));
        monitor_obey_words(call, name);
        talk->hart = talk->waits || talk->hart != number ? talk->hart : before;
        return;
    }
    talk->monitor->hart = talk->hart;
    if (call->view.json)
        fprintf(call->view.out, "{\"hart\": %u}\n", talk->hart);
    else
        fprintf(call->view.out, "hart %u\n", talk->hart);
}

static void obey_quit(struct monitor_call *call)
{
    struct debugger *debugger = call->talk->monitor->debugger;

    if (debugger)
        debugger->outside->console->wants_quit = true;
    call->talk->wants_leave = true;
}

static void obey_exit(struct monitor_call *call)
{
    call->talk->wants_leave = true;
}

const struct monitor_row monitor_rows[] = {
    /* name, arguments, meaning, example, words from, to, the first is, function */
    {"help", "[COMMAND]", "say what commands there are, or what one does", "help x", 0, 1,
     WORD_COMMAND, obey_help},
    {"regs", "[f | NAME...]", "the integer registers, those for floating point, or those named",
     "regs", 0, MONITOR_WORDS, WORD_CSR, obey_regs},
    {"csr", "[NAME]", "the control and status registers, or one of them", "csr mstatus", 0, 1,
     WORD_CSR, obey_csr},
    {"x", "ADDRESS [COUNT [b|h|w|d|a]]",
     "numbers in memory at a virtual address; a, addresses with names", "x pc 8 w", 1, 3,
     WORD_PLACE, obey_x},
    {"phys", "ADDRESS [COUNT [b|h|w|d|a]]", "numbers in memory at a physical address",
     "phys 0x80000000 4 d", 1, 3, WORD_ANY, obey_phys},
    {"disas", "[ADDRESS [COUNT]]", "instructions at an address, or where the hart is", "disas pc 5",
     0, 2, WORD_PLACE, obey_disas},
    {"backtrace", "", "where the hart is, and the functions that called it, by frame pointers",
     "backtrace", 0, 0, WORD_ANY, obey_backtrace},
    {"print", "EXPRESSION", "a number: a register, a symbol, or a sum of such", "print sp + 8", 1,
     MONITOR_WORDS, WORD_PLACE, monitor_print},
    {"find", "ADDRESS SIZE TEXT|NUMBER b|h|w|d", "where in memory this text or number is",
     "find 0x80000000 65536 0x13 w", 3, 4, WORD_PLACE, obey_find},
    {"set", "REGISTER|ADDRESS NUMBER [b|h|w|d]", "change a register, or a number in memory",
     "set t0 1", 2, 3, WORD_PLACE, obey_set},
    {"load", "FILE ADDRESS", "copy a file into memory, at a physical address",
     "load /dev/null 0x80000000", 2, 2, WORD_FILE, monitor_load},
    {"dump", "FILE ADDRESS SIZE", "copy memory at a physical address into a file",
     "dump /dev/null 0x80000000 4096", 3, 3, WORD_FILE, monitor_dump},
    {"info", "[machine|map|DEVICE [INDEX]]", "what the machine is, or the registers of a device",
     "info uart", 0, 2, WORD_DEVICE, obey_info},
    {"symbols", "ADDRESS|NAME | add FILE [OFFSET]",
     "what is at an address, names that begin so, or more names from an ELF file", "symbols pc", 1,
     3, WORD_PLACE, monitor_names},
    {"why", "", "what last went wrong in the guest, in plain sentences", "why", 0, 0, WORD_ANY,
     monitor_why},
    {"dmesg", "[COUNT]", "the last messages of Linux's log, also of one that cannot print them",
     "dmesg 5", 0, 1, WORD_ANY, monitor_dmesg},
    {"walk", "ADDRESS [r|w|x]", "the page walk of an address, level by level", "walk pc x", 1, 2,
     WORD_PLACE, monitor_walk},
    {"maps", "", "the whole address space, folded into ranges with equal rights", "maps", 0, 0,
     WORD_ANY, monitor_maps},
    {"tlb", "", "the translations that the hart remembers, and which are stale", "tlb", 0, 0,
     WORD_ANY, monitor_tlb},
    {"pmp", "", "physical memory protection, entry by entry", "pmp", 0, 0, WORD_ANY, monitor_pmp},
    {"explain", "WORD|ADDRESS|NAME",
     "what an instruction word, an address, a register or a name is", "explain mstatus", 1, 1,
     WORD_CSR, monitor_explain},
    {"hart", "[NUMBER [COMMAND]]",
     "which hart commands are about, or choose another, or ask about another", "hart 0 regs", 0,
     MONITOR_WORDS, WORD_ANY, obey_hart},
    {"stop", "", "make the machine stand still, and say where", "stop", 0, 0, WORD_ANY | WORD_MOVES,
     monitor_stop},
    {"continue", "", "let the machine go on, and go back to it", "continue", 0, 0,
     WORD_ANY | WORD_MOVES, monitor_continue},
    {"step", "[COUNT]", "one instruction or trap of this hart, or so many", "step 3", 0, 1,
     WORD_ANY | WORD_MOVES, monitor_step},
    {"next", "", "one instruction, and what it calls as well", "next", 0, 0, WORD_ANY | WORD_MOVES,
     monitor_next},
    {"until", "ADDRESS | syscall NAME | ...",
     "go on until this hart reaches that place, or does what break knows", "until pc+4", 1, 2,
     WORD_PLACE | WORD_MOVES, monitor_until},
    {"finish", "", "go on until this function has returned", "finish", 0, 0, WORD_ANY | WORD_MOVES,
     monitor_finish},
    {"back", "[COUNT]", "so many steps back in time, of the whole machine (debug, --history)",
     "back 3", 0, 1, WORD_ANY | WORD_MOVES, monitor_back},
    {"reverse", "", "back in time to the last break or watch (debug, --history)", "reverse", 0, 0,
     WORD_ANY | WORD_MOVES, monitor_reverse},
    {"break",
     "[ADDRESS | syscall NAME | exception|interrupt N | mode M | csr NAME | device NAME[.REGISTER]]\
"
     "      [if LEFT ==|!=|<|>|<=|>=|& RIGHT] [skip COUNT]",
     "stop before an instruction, or after what is named; alone, list where",
     "break pc+8 if a0 == 3", 0, 8, WORD_PLACE, monitor_break},
    {"watch", "ADDRESS [SIZE [r|w|rw]] [if LEFT == RIGHT] [skip COUNT]",
     "stop after writes there, or reads, or both", "watch sp 8", 1, 9, WORD_PLACE, monitor_watch},
    {"delete", "NUMBER|all", "do not stop there any more", "delete all", 1, 1, WORD_ANY,
     monitor_delete},
    {"trace", "FILTER,... [LINES [STEPS]] [FILE]",
     "what happens next: insn, mem, csr (of this hart), trap (exception, interrupt), mmio, sbi, "
     "syscall (of all, faster), all; and only pc=, at=, hart=, mode=, asid=, device=, csr=, "
     "syscall=; a FILE.trace is small, and vitrine trace show reads it",
     "trace insn,mem,csr,trap,mode=M 10 20", 1, 4, WORD_ANY | WORD_MOVES, monitor_trace},
    {"timeline", "[STEPS]", "run on, and draw when traps and interrupts were taken",
     "timeline 100000", 0, 1, WORD_ANY | WORD_MOVES, monitor_timeline},
    {"history", "[STEPS]",
     "the same of the past: its last traps and interrupts; the machine stays where it is",
     "history 100000", 0, 1, WORD_ANY, monitor_history},
    {"profile", "[STEPS [FILE.svg]]",
     "run on, and say in which functions; with a file, draw a flame graph",
     "profile 100000 /dev/null", 0, 2, WORD_ANY | WORD_MOVES, monitor_profile},
    {"stats", "[STEPS]", "run on, and say what kinds of instructions those were", "stats 1000", 0,
     1, WORD_ANY | WORD_MOVES, monitor_stats},
    {"snapshot", "save|restore|info|check|delete NAME | list",
     "keep the whole machine under a name, or put it back; what is kept", "snapshot list", 1, 2,
     WORD_SNAPSHOT, monitor_snapshot},
    {"exit", "", "back to the guest; the machine goes on as it is", "exit", 0, 0,
     WORD_ANY | WORD_MOVES, obey_exit},
    {"quit", "", "end the machine; the guest is not asked", "quit", 0, 0, WORD_ANY, obey_quit},
};

const unsigned monitor_row_count = sizeof(monitor_rows) / sizeof(monitor_rows[0]);
