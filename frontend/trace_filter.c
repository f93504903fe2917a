/* What to trace, in words (see trace.h): kinds of events, and what narrows them down. */
#include "frontend/trace.h"

#include <stdlib.h>
#include <string.h>

#include "cpu/csr.h"
#include "loader/refuse.h"

#define CALLS (TRACE_BIT(TRACE_SBI) | TRACE_BIT(TRACE_SYSCALL) | TRACE_BIT(TRACE_RETURN))
#define ALL   (TRACE_BIT(TRACE_KINDS) - 1)

static const struct {
    const char *word;
    unsigned kinds;
} kinds[] = {
    {"insn", TRACE_BIT(TRACE_INSN)},
    {"mem", TRACE_BIT(TRACE_MEMORY)},
    {"csr", TRACE_BIT(TRACE_CSR)},
    {"trap", TRACE_BIT(TRACE_EXCEPTION) | TRACE_BIT(TRACE_INTERRUPT)},
    {"exception", TRACE_BIT(TRACE_EXCEPTION)},
    {"interrupt", TRACE_BIT(TRACE_INTERRUPT)},
    {"mmio", TRACE_BIT(TRACE_DEVICE)},
    {"sbi", TRACE_BIT(TRACE_SBI)},
    {"syscall", TRACE_BIT(TRACE_SYSCALL)},
    {"all", ALL},
};

/* A word on its way: "pc=schedule" is {"pc", "schedule"}. */
struct reading {
    struct trace_filter *filter;
    const struct symbols *symbols;
    char value[128];
};

static bool read_number(const char *text, u64 *number)
{
    char *end;

    if (*text < '0' || *text > '9')
        return false;
    *number = strtoull(text, &end, 0);
    return !*end;
}

/* A number; or a name, whose place has more bytes than one, and perhaps an offset into it. */
static bool read_place(const struct reading *reading, const char *text, u64 *low, u64 *high)
{
    const char *plus = strchr(text, '+');
    char name[128];
    u64 offset = 0;

    *high = 0;
    if (read_number(text, low)) {
        *high = *low;
        return true;
    }
    snprintf(name, sizeof(name), "%.*s", plus ? (int)(plus - text) : 127, text);
    if (!reading->symbols || !symbols_find_address(reading->symbols, name, low) ||
        (plus && !read_number(plus + 1, &offset)))
        return false;
    *high = *low += offset;
    u64 start, extent;
    if (!plus && symbols_find_place(reading->symbols, *low, &start, &extent))
        *high = start + (extent - 1);
    return true;
}

/* PLACE or FIRST..LAST. */
static bool read_range(struct reading *reading, u64 *low, u64 *high)
{
    char *dots = strstr(reading->value, "..");
    u64 ignored;

    if (!dots)
        return read_place(reading, reading->value, low, high);
    *dots = 0;
    return read_place(reading, reading->value, low, &ignored) &&
           read_place(reading, dots + 2, &ignored, high) && *low <= *high;
}

static bool read_pc(struct reading *reading)
{
    return read_range(reading, &reading->filter->pc_low, &reading->filter->pc_high);
}

static bool read_at(struct reading *reading)
{
    reading->filter->has_at = true;
    return read_range(reading, &reading->filter->at_low, &reading->filter->at_high);
}

static bool read_hart(struct reading *reading)
{
    u64 number;

    if (!read_number(reading->value, &number) || number >= MACHINE_HARTS)
        return false;
    reading->filter->harts |= (u64)1 << number;
    return true;
}

static bool read_mode(struct reading *reading)
{
    for (unsigned mode = PRIV_U; mode <= PRIV_M; mode++)
        if (!strcmp(reading->value, view_privilege(mode))) { /* 2 has the name of U, found first */
            reading->filter->modes |= 1u << mode;
            return true;
        }
    return false;
}

static bool read_asid(struct reading *reading)
{
    reading->filter->has_asid = true;
    return read_number(reading->value, &reading->filter->asid);
}

static bool read_device(struct reading *reading)
{
    struct trace_filter *filter = reading->filter;

    snprintf(filter->device, sizeof(filter->device), "%.23s", reading->value);
    filter->kinds |= TRACE_BIT(TRACE_DEVICE);
    return *filter->device && strlen(reading->value) < sizeof(filter->device);
}

static bool read_csr(struct reading *reading)
{
    unsigned count;
    const struct csr_info *rows = csr_rows(&count);

    reading->filter->kinds |= TRACE_BIT(TRACE_CSR);
    reading->filter->has_csr = true;
    for (unsigned i = 0; i < count; i++)
        if (!strcmp(rows[i].name, reading->value)) {
            reading->filter->csr = rows[i].number;
            return true;
        }
    return false;
}

static bool read_syscall(struct reading *reading)
{
    reading->filter->kinds |= TRACE_BIT(TRACE_SYSCALL);
    reading->filter->syscall = trace_find_syscall(reading->value);
    return reading->filter->syscall;
}

static const struct {
    const char *word;
    bool (*read)(struct reading *reading);
    const char *sentence; /* what its value is */
} narrower[] = {
    {"pc", read_pc, "pc= takes a function, an address, or FIRST..LAST"},
    {"at", read_at, "at= takes an address, a name, or FIRST..LAST"},
    {"hart", read_hart, "hart= takes the number of a hart"},
    {"mode", read_mode, "mode= takes U, S or M"},
    {"asid", read_asid, "asid= takes the number of an address space (csr satp shows it)"},
    {"device", read_device, "device= takes the name of a device, as info map has it"},
    {"csr", read_csr, "csr= takes the name of a control register"},
    {"syscall", read_syscall, "syscall= takes the name of a system call of Linux"},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool is_word(const char *word, const char *text, size_t length)
{
    return strlen(word) == length && !strncmp(word, text, length);
}

static bool read_word(struct reading *reading, const char *text, size_t length, char *why,
                      size_t why_size)
{
    size_t name = strcspn(text, "=,");

    for (size_t i = 0; i < COUNT(kinds); i++)
        if (is_word(kinds[i].word, text, length)) {
            reading->filter->kinds |= kinds[i].kinds;
            return true;
        }
    for (size_t i = 0; text[name] == '=' && i < COUNT(narrower); i++) {
        if (!is_word(narrower[i].word, text, name))
            continue;
        snprintf(reading->value, sizeof(reading->value), "%.*s", (int)(length - name - 1),
                 text + name + 1);
        return narrower[i].read(reading) || refuse(why, why_size, "%s, and not \"%.60s\".",
                                                   narrower[i].sentence, reading->value);
    }
    return refuse(why, why_size,
                  "trace knows insn, mem, csr, trap, exception, interrupt, mmio, sbi, syscall and "
                  "all, and pc=, at=, hart=, mode=, asid=, device=, csr= and syscall=, with commas "
                  "between, and not \"%.*s\".",
                  length < 40 ? (int)length : 40, text);
}

bool trace_filter_read(struct trace_filter *filter, const char *text, const struct symbols *symbols,
                       char *why, size_t why_size)
{
    struct reading reading = {.filter = filter, .symbols = symbols};

    *filter = (struct trace_filter){.pc_high = UINT64_MAX, .at_high = UINT64_MAX};
    for (size_t length;; text += length + 1) {
        length = strcspn(text, ",");
        if (!read_word(&reading, text, length, why, why_size))
            return false;
        if (!text[length])
            break;
    }
    if (!filter->kinds)
        filter->kinds = ALL;
    if (filter->kinds & CALLS)
        filter->kinds |= TRACE_BIT(TRACE_RETURN);
    return true;
}

static bool is_device(const char *name, const char *wanted)
{
    size_t length = strlen(wanted);

    return !strncmp(name, wanted, length) && (!name[length] || strchr(".+[", name[length]));
}

/* Only what has an address of its own can be of one. */
static bool takes_address(const struct trace_filter *filter, const struct trace_event *event)
{
    u64 at = event->kind == TRACE_EXCEPTION ? event->value : event->at;
    u64 last = at + (event->size ? event->size - 1u : 0);

    return (event->kind == TRACE_MEMORY || event->kind == TRACE_DEVICE ||
            event->kind == TRACE_EXCEPTION) &&
           at <= filter->at_high && last >= filter->at_low;
}

static u64 asid_of(u64 satp, unsigned xlen)
{
    return xlen == 32 ? satp >> 22 & 0x1ff : satp >> 44 & 0xffff;
}

bool trace_filter_takes(const struct trace_filter *filter, const struct trace_event *event,
                        unsigned xlen)
{
    vaddr pc = xlen == 32 ? (u32)event->pc : event->pc;

    if (!(filter->kinds & TRACE_BIT(event->kind)) ||
        (filter->harts && !(filter->harts >> event->hart & 1)) ||
        (filter->modes && !(filter->modes >> event->mode & 1)) || pc < filter->pc_low ||
        pc > filter->pc_high || (filter->has_at && !takes_address(filter, event)) ||
        (filter->has_asid && asid_of(event->satp, xlen) != filter->asid))
        return false;
    if (event->kind == TRACE_DEVICE && *filter->device)
        return is_device(event->device, filter->device);
    if (event->kind == TRACE_CSR && filter->has_csr)
        return event->at == filter->csr;
    if (event->kind == TRACE_SYSCALL && filter->syscall)
        return event->arguments[7] == filter->syscall - 1;
    return true;
}
