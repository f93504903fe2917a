/* What numbers mean in a trace: causes of traps, and calls of the firmware (RISC-V Supervisor
 * Binary Interface: Binary Encoding). */
#include "frontend/trace.h"

#include <inttypes.h>
#include <string.h>

static const struct {
    u32 extension;
    const char *name;
    u32 function;
    const char *what, *arguments;
} sbi[] = {
#define SBI(extension, name, function, what, arguments)                                            \
    {extension, name, function, what, arguments},
#include "frontend/sbi_calls.def"
#undef SBI
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define A6           6
#define A7           7
#define LEGACY       0x10u /* extensions below have no functions */

static void append_arguments(const struct trace_event *call, const char *kinds, char *text,
                             size_t size)
{
    size_t used = strlen(text);

    for (unsigned i = 0; kinds[i] && used < size; i++) {
        used += (size_t)snprintf(text + used, size - used,
                                 kinds[i] == 'd' ? "%s%" PRId64 : "%s0x%" PRIx64, i ? ", " : "",
                                 call->arguments[i]);
    }
    if (used < size)
        snprintf(text + used, size - used, ")");
}

void trace_describe_sbi(const struct trace_event *call, char *text, size_t size)
{
    u64 extension = call->arguments[A7], function = call->arguments[A6];
    const char *name = NULL;

    for (size_t i = 0; i < COUNT(sbi); i++) {
        if (sbi[i].extension != extension)
            continue;
        name = sbi[i].name;
        if (sbi[i].function != function && extension >= LEGACY)
            continue;
        snprintf(text, size, "%s.%s(", name, sbi[i].what);
        append_arguments(call, sbi[i].arguments, text, size);
        return;
    }
    if (name)
        snprintf(text, size, "%s.%" PRIu64 "(", name, function);
    else
        snprintf(text, size, "extension 0x%" PRIx64 ".%" PRIu64 "(", extension, function);
    append_arguments(call, "xxx", text, size);
}

void trace_describe_sbi_result(u64 error, u64 value, unsigned xlen, char *text, size_t size)
{
    static const char *const errors[] = {
        "success",
        "failed",
        "not supported",
        "invalid parameter",
        "denied",
        "invalid address",
        "already available",
        "already started",
        "already stopped",
        "no shared memory",
        "invalid state",
        "bad range",
        "timeout",
        "input or output failed",
        "denied: locked",
    };
    i64 number = xlen == 32 ? (i32)error : (i64)error;

    if (number <= 0 && number > -(i64)COUNT(errors))
        snprintf(text, size, "%s, 0x%" PRIx64, errors[-number], value);
    else
        snprintf(text, size, "%" PRId64 ", 0x%" PRIx64, number, value);
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
