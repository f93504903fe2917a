/* What numbers mean in a trace: causes of traps, calls of the firmware (RISC-V Supervisor Binary
 * Interface), system calls of Linux on RISC-V. */
#include "frontend/trace.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#define A0         10
#define TEXT_SHOWN 64 /* bytes of a program's string */

static const struct {
    u32 extension;
    const char *name;
    const char *functions[12];
} sbi[] = {
    {0x00, "legacy set_timer", {0}},
    {0x01, "legacy console_putchar", {0}},
    {0x02, "legacy console_getchar", {0}},
    {0x08, "legacy shutdown", {0}},
    {0x10,
     "base",
     {"get_spec_version", "get_impl_id", "get_impl_version", "probe_extension", "get_mvendorid",
      "get_marchid", "get_mimpid"}},
    {0x54494d45, "time", {"set_timer"}},
    {0x735049, "ipi", {"send_ipi"}},
    {0x52464e43,
     "rfence",
     {"remote_fence_i", "remote_sfence_vma", "remote_sfence_vma_asid", "remote_hfence_gvma_vmid",
      "remote_hfence_gvma", "remote_hfence_vvma_asid", "remote_hfence_vvma"}},
    {0x48534d, "hsm", {"hart_start", "hart_stop", "hart_get_status", "hart_suspend"}},
    {0x53525354, "srst", {"system_reset"}},
    {0x504d55,
     "pmu",
     {"num_counters", "counter_get_info", "counter_config_matching", "counter_start",
      "counter_stop", "counter_fw_read", "counter_fw_read_hi", "snapshot_set_shmem"}},
    {0x4442434e, "dbcn", {"console_write", "console_read", "console_write_byte"}},
    {0x53555350, "susp", {"system_suspend"}},
    {0x46574654, "fwft", {"set", "get"}},
};

static const struct {
    unsigned number;
    const char *name, *arguments;
} syscalls[] = {
#define SYSCALL(number, name, arguments) {number, #name, arguments},
#include "frontend/linux_syscalls.def"
#undef SYSCALL
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Appends to the text, as far as there is room. */
static void append(char *text, size_t size, const char *format, ...)
{
    size_t used = strlen(text);
    va_list values;

    va_start(values, format);
    vsnprintf(text + used, size - used, format, values);
    va_end(values);
}

void trace_describe_sbi(const struct hart *hart, char *text, size_t size)
{
    u64 extension = hart->x[17], function = hart->x[16];
    const char *name = NULL, *what = NULL;

    for (size_t i = 0; i < COUNT(sbi); i++) {
        if (sbi[i].extension != extension)
            continue;
        name = sbi[i].name;
        what = function < COUNT(sbi[i].functions) ? sbi[i].functions[function] : NULL;
    }
    *text = 0;
    if (name)
        append(text, size, "%s", name);
    else
        append(text, size, "extension 0x%" PRIx64, extension);
    if (what)
        append(text, size, ".%s", what);
    else if (extension >= 0x10)
        append(text, size, ".%" PRIu64, function);
    append(text, size, "(0x%" PRIx64 ", 0x%" PRIx64 ", 0x%" PRIx64 ")", hart->x[A0],
           hart->x[A0 + 1], hart->x[A0 + 2]);
}

/* A string of the program's, as far as it is there. The hart is in S-mode by now, and the page the
 * program's: a debugger may look. */
static void append_text(struct view *view, u64 at, char *text, size_t size)
{
    u8 bytes[TEXT_SHOWN];
    size_t got = debug_read(view->machine, view->hart, DEBUG_VIRTUAL, at, bytes, sizeof(bytes));

    if (!got) {
        append(text, size, "0x%" PRIx64, at);
        return;
    }
    append(text, size, "\"");
    for (size_t i = 0; i < got && bytes[i]; i++)
        append(text, size, isprint(bytes[i]) ? "%c" : "\\x%02x", bytes[i]);
    append(text, size, memchr(bytes, 0, got) ? "\"" : "\"...");
}

static void append_argument(struct view *view, char kind, u64 value, char *text, size_t size)
{
    switch (kind) {
    case 's':
        append_text(view, value, text, size);
        break;
    case 'd':
    case 'f':
        append(text, size, "%d", (i32)value);
        break;
    default:
        append(text, size, "0x%" PRIx64, value);
    }
}

void trace_describe_syscall(struct view *view, char *text, size_t size)
{
    const struct hart *hart = view_hart(view);
    const char *name = NULL, *arguments = "xxxxxx";

    for (size_t i = 0; i < COUNT(syscalls); i++) {
        if (syscalls[i].number == hart->x[17]) {
            name = syscalls[i].name;
            arguments = syscalls[i].arguments;
        }
    }
    *text = 0;
    if (name)
        append(text, size, "%s(", name);
    else
        append(text, size, "system call %" PRIu64 "(", hart->x[17]);
    for (unsigned i = 0; arguments[i]; i++) {
        append(text, size, i ? ", " : "");
        append_argument(view, arguments[i], hart->x[A0 + i], text, size);
    }
    append(text, size, ")");
}

const char *trace_cause(bool is_interrupt, u64 number)
{
    static const char *const exceptions[16] = {
        "misaligned fetch", "fetch access fault", "illegal instruction", "breakpoint",
        "misaligned load",  "load access fault",  "misaligned store",    "store access fault",
        "ecall from U",     "ecall from S",       "reserved exception",  "ecall from M",
        "fetch page fault", "load page fault",    "reserved exception",  "store page fault",
    };
    static const char *const interrupts[16] = {
        [1] = "software interrupt (S)",      [3] = "software interrupt (M)",
        [5] = "timer interrupt (S)",         [7] = "timer interrupt (M)",
        [9] = "external interrupt (S)",      [11] = "external interrupt (M)",
        [13] = "counter overflow interrupt",
    };
    const char *name = NULL;

    if (number < 16)
        name = is_interrupt ? interrupts[number] : exceptions[number];
    return name ? name : is_interrupt ? "interrupt" : "exception";
}
