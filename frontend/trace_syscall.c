/* System calls of Linux on RISC-V as people write them (see trace.h): names, arguments by what they
 * mean, results. Left out: what lies behind the addresses of structures. */
#include "frontend/trace.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

static const struct {
    unsigned number;
    const char *name, *arguments;
} syscalls[] = {
#define SYSCALL(number, name, arguments) {number, #name, arguments},
#include "frontend/linux_syscalls.def"
#undef SYSCALL
};

static const struct {
    unsigned number;
    const char *name;
} errors[] = {
#define ERRNO(number, name) {number, #name},
#include "frontend/linux_errors.def"
#undef ERRNO
};

/* A bit, or a number among bits, and its name. */
struct flag {
    u32 mask, value;
    const char *name;
};

static const struct flag open_flags[] = {{3, 0, "O_RDONLY"},
                                         {3, 1, "O_WRONLY"},
                                         {3, 2, "O_RDWR"},
                                         {0100, 0100, "O_CREAT"},
                                         {0200, 0200, "O_EXCL"},
                                         {0400, 0400, "O_NOCTTY"},
                                         {01000, 01000, "O_TRUNC"},
                                         {02000, 02000, "O_APPEND"},
                                         {04000, 04000, "O_NONBLOCK"},
                                         {040000, 040000, "O_DIRECT"},
                                         {0100000, 0100000, "O_LARGEFILE"},
                                         {0200000, 0200000, "O_DIRECTORY"},
                                         {0400000, 0400000, "O_NOFOLLOW"},
                                         {02000000, 02000000, "O_CLOEXEC"},
                                         {010000000, 010000000, "O_PATH"},
                                         {0, 0, NULL}};
static const struct flag protections[] = {{7, 0, "PROT_NONE"},
                                          {1, 1, "PROT_READ"},
                                          {2, 2, "PROT_WRITE"},
                                          {4, 4, "PROT_EXEC"},
                                          {0, 0, NULL}};
static const struct flag mappings[] = {{15, 1, "MAP_SHARED"},
                                       {15, 2, "MAP_PRIVATE"},
                                       {0x10, 0x10, "MAP_FIXED"},
                                       {0x20, 0x20, "MAP_ANONYMOUS"},
                                       {0x800, 0x800, "MAP_DENYWRITE"},
                                       {0x4000, 0x4000, "MAP_NORESERVE"},
                                       {0x8000, 0x8000, "MAP_POPULATE"},
                                       {0x20000, 0x20000, "MAP_STACK"},
                                       {0x100000, 0x100000, "MAP_FIXED_NOREPLACE"},
                                       {0, 0, NULL}};
static const struct flag clones[] = {{0x100, 0x100, "CLONE_VM"},
                                     {0x200, 0x200, "CLONE_FS"},
                                     {0x400, 0x400, "CLONE_FILES"},
                                     {0x800, 0x800, "CLONE_SIGHAND"},
                                     {0x4000, 0x4000, "CLONE_VFORK"},
                                     {0x8000, 0x8000, "CLONE_PARENT"},
                                     {0x10000, 0x10000, "CLONE_THREAD"},
                                     {0x20000, 0x20000, "CLONE_NEWNS"},
                                     {0x40000, 0x40000, "CLONE_SYSVSEM"},
                                     {0x80000, 0x80000, "CLONE_SETTLS"},
                                     {0x100000, 0x100000, "CLONE_PARENT_SETTID"},
                                     {0x200000, 0x200000, "CLONE_CHILD_CLEARTID"},
                                     {0x1000000, 0x1000000, "CLONE_CHILD_SETTID"},
                                     {0x2000000, 0x2000000, "CLONE_NEWCGROUP"},
                                     {0x4000000, 0x4000000, "CLONE_NEWUTS"},
                                     {0x8000000, 0x8000000, "CLONE_NEWIPC"},
                                     {0x10000000, 0x10000000, "CLONE_NEWUSER"},
                                     {0x20000000, 0x20000000, "CLONE_NEWPID"},
                                     {0x40000000, 0x40000000, "CLONE_NEWNET"},
                                     {0xff, 17, "SIGCHLD"},
                                     {0, 0, NULL}};
static const struct flag futexes[] = {{15, 0, "FUTEX_WAIT"},
                                      {15, 1, "FUTEX_WAKE"},
                                      {15, 3, "FUTEX_REQUEUE"},
                                      {15, 4, "FUTEX_CMP_REQUEUE"},
                                      {15, 5, "FUTEX_WAKE_OP"},
                                      {15, 6, "FUTEX_LOCK_PI"},
                                      {15, 7, "FUTEX_UNLOCK_PI"},
                                      {15, 9, "FUTEX_WAIT_BITSET"},
                                      {15, 10, "FUTEX_WAKE_BITSET"},
                                      {0x80, 0x80, "FUTEX_PRIVATE_FLAG"},
                                      {0x100, 0x100, "FUTEX_CLOCK_REALTIME"},
                                      {0, 0, NULL}};
static const struct flag requests[] = {{UINT32_MAX, 0x5401, "TCGETS"},
                                       {UINT32_MAX, 0x5402, "TCSETS"},
                                       {UINT32_MAX, 0x5403, "TCSETSW"},
                                       {UINT32_MAX, 0x5404, "TCSETSF"},
                                       {UINT32_MAX, 0x540b, "TCFLSH"},
                                       {UINT32_MAX, 0x540e, "TIOCSCTTY"},
                                       {UINT32_MAX, 0x540f, "TIOCGPGRP"},
                                       {UINT32_MAX, 0x5410, "TIOCSPGRP"},
                                       {UINT32_MAX, 0x5413, "TIOCGWINSZ"},
                                       {UINT32_MAX, 0x5414, "TIOCSWINSZ"},
                                       {UINT32_MAX, 0x541b, "FIONREAD"},
                                       {UINT32_MAX, 0x5421, "FIONBIO"},
                                       {0, 0, NULL}};
static const char *const signals[] = {
    "0",         "SIGHUP",  "SIGINT",    "SIGQUIT", "SIGILL",   "SIGTRAP", "SIGABRT", "SIGBUS",
    "SIGFPE",    "SIGKILL", "SIGUSR1",   "SIGSEGV", "SIGUSR2",  "SIGPIPE", "SIGALRM", "SIGTERM",
    "SIGSTKFLT", "SIGCHLD", "SIGCONT",   "SIGSTOP", "SIGTSTP",  "SIGTTIN", "SIGTTOU", "SIGURG",
    "SIGXCPU",   "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO",   "SIGPWR",  "SIGSYS"};
static const char *const clocks[] = {"CLOCK_REALTIME",           "CLOCK_MONOTONIC",
                                     "CLOCK_PROCESS_CPUTIME_ID", "CLOCK_THREAD_CPUTIME_ID",
                                     "CLOCK_MONOTONIC_RAW",      "CLOCK_REALTIME_COARSE",
                                     "CLOCK_MONOTONIC_COARSE",   "CLOCK_BOOTTIME"};
static const char *const origins[] = {"SEEK_SET", "SEEK_CUR", "SEEK_END", "SEEK_DATA", "SEEK_HOLE"};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define NUMBER       7 /* a7 */
#define AT_FDCWD     (-100)
#define ADDRESS      ((i64)1 << 27) /* numbers from here on are rather addresses */
#define ERROR_MOST   4095

/* Appends to the text, as far as there is room. */
static __attribute__((format(printf, 3, 4))) void append(char *text, size_t size,
                                                         const char *format, ...)
{
    size_t used = strlen(text);
    va_list values;

    va_start(values, format);
    vsnprintf(text + used, size - used, format, values);
    va_end(values);
}

static void append_flags(const struct flag *flags, u64 value, char *text, size_t size)
{
    u64 left = value;
    bool any = false;

    for (; flags->name; flags++) {
        if ((value & flags->mask) != flags->value)
            continue;
        append(text, size, "%s%s", any ? "|" : "", flags->name);
        left &= ~(u64)flags->mask;
        any = true;
    }
    if (left || !any)
        append(text, size, "%s0x%" PRIx64, any ? "|" : "", left);
}

static void append_name(const char *const *names, size_t count, u64 value, char *text, size_t size)
{
    if (value < count)
        append(text, size, "%s", names[value]);
    else
        append(text, size, "%" PRId64, (i64)value);
}

/* As in a program's source. */
static void append_byte(u8 byte, char *text, size_t size)
{
    if (byte == '\n')
        append(text, size, "\\n");
    else if (byte == '"' || byte == '\\')
        append(text, size, "\\%c", byte);
    else
        append(text, size, byte >= ' ' && byte < 0x7f ? "%c" : "\\x%02x", byte);
}

static void append_text(const struct trace_event *call, unsigned argument, char *text, size_t size)
{
    for (unsigned i = 0; i < call->text_count; i++) {
        const struct trace_text *found = &call->texts[i];
        if (found->argument != argument)
            continue;
        append(text, size, "\"");
        for (unsigned j = 0; j < found->size; j++)
            append_byte(found->bytes[j], text, size);
        append(text, size, found->goes_on ? "\"..." : "\"");
        return;
    }
    append(text, size, "0x%" PRIx64, call->arguments[argument]);
}

static void append_folder(u64 value, char *text, size_t size)
{
    if ((i32)value == AT_FDCWD)
        append(text, size, "AT_FDCWD");
    else
        append(text, size, "%d", (i32)value);
}

static void append_argument(const struct trace_event *call, unsigned argument, char kind,
                            char *text, size_t size)
{
    u64 value = call->arguments[argument];

    switch (kind) {
    case 's':
    case 'b':
        append_text(call, argument, text, size);
        return;
    case 'a':
        append_folder(value, text, size);
        return;
    case 'd':
    case 'f':
        append(text, size, "%d", (i32)value);
        return;
    case 'u':
        append(text, size, "%" PRIu64, value);
        return;
    case 'm':
        append(text, size, "%04" PRIo64, value);
        return;
    case 'o':
        append_flags(open_flags, value, text, size);
        return;
    case 'r':
        append_flags(protections, value, text, size);
        return;
    case 'M':
        append_flags(mappings, value, text, size);
        return;
    case 'i':
        append_flags(requests, value, text, size);
        return;
    case 'c':
        append_flags(clones, value, text, size);
        return;
    case 'w':
        append_flags(futexes, value, text, size);
        return;
    case 'g':
        append_name(signals, COUNT(signals), value, text, size);
        return;
    case 'k':
        append_name(clocks, COUNT(clocks), value, text, size);
        return;
    case 'h':
        append_name(origins, COUNT(origins), value, text, size);
        return;
    default:
        append(text, size, value ? "0x%" PRIx64 : "0", value);
    }
}

/* The row of a call; COUNT(syscalls) when it has none. */
static size_t find_row(u64 number)
{
    size_t i = 0;

    while (i < COUNT(syscalls) && syscalls[i].number != number)
        i++;
    return i;
}

void trace_describe_syscall(const struct trace_event *call, char *text, size_t size)
{
    size_t row = find_row(call->arguments[NUMBER]);
    const char *kinds = "xxxxxx";

    *text = 0;
    if (row < COUNT(syscalls)) {
        append(text, size, "%s(", syscalls[row].name);
        kinds = syscalls[row].arguments;
    } else {
        append(text, size, "system call %" PRIu64 "(", call->arguments[NUMBER]);
    }
    for (unsigned i = 0; kinds[i]; i++) {
        append(text, size, i ? ", " : "");
        append_argument(call, i, kinds[i], text, size);
    }
    append(text, size, ")");
}

/* Addresses in hexadecimal, all else in decimal. */
void trace_describe_result(u64 result, unsigned xlen, char *text, size_t size)
{
    i64 number = xlen == 32 ? (i32)result : (i64)result;

    *text = 0;
    for (size_t i = 0; i < COUNT(errors); i++)
        if (number == -(i64)errors[i].number) {
            append(text, size, "%" PRId64 " %s", number, errors[i].name);
            return;
        }
    if (number >= ADDRESS || number < -ERROR_MOST)
        append(text, size, "0x%" PRIx64, result);
    else
        append(text, size, "%" PRId64, number);
}

const char *trace_syscall_name(u64 number)
{
    size_t row = find_row(number);

    return row < COUNT(syscalls) ? syscalls[row].name : NULL;
}

unsigned trace_find_syscall(const char *name)
{
    for (size_t i = 0; i < COUNT(syscalls); i++)
        if (!strcmp(syscalls[i].name, name))
            return syscalls[i].number + 1;
    return 0;
}

/* The hart is in S-mode by now, and the page the program's: a debugger may look. */
static void read_text(const struct view *view, struct trace_event *call, unsigned argument,
                      char kind)
{
    struct trace_text *text = &call->texts[call->text_count];
    u64 most = kind == 'b' ? call->arguments[argument + 1] : TRACE_BYTES;
    size_t wanted = most < TRACE_BYTES ? (size_t)most : TRACE_BYTES;
    size_t got = debug_read(view->machine, view->hart, DEBUG_VIRTUAL, call->arguments[argument],
                            text->bytes, wanted);
    const u8 *end = kind == 's' ? memchr(text->bytes, 0, got) : NULL;

    if (!got)
        return;
    text->argument = (u8)argument;
    text->size = (u8)(end ? (size_t)(end - text->bytes) : got);
    text->goes_on = kind == 's' ? !end : got < most;
    call->text_count++;
}

void trace_read_texts(const struct view *view, struct trace_event *call)
{
    size_t row = find_row(call->arguments[NUMBER]);
    const char *kinds = row < COUNT(syscalls) ? syscalls[row].arguments : "";

    for (unsigned i = 0; kinds[i] && call->text_count < TRACE_TEXTS; i++)
        if (kinds[i] == 's' || kinds[i] == 'b')
            read_text(view, call, i, kinds[i]);
}
