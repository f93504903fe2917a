/* The views of a hart's registers: regs, csr. */
#include "frontend/view.h"
#include "frontend/view_explain.h"
#include "frontend/view_linux.h"

#include "cpu/csr.h"
#include "cpu/disasm.h"
#include "frontend/options.h"
#include "frontend/registers.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS(hart) ((int)(hart)->xlen / 4)

/* As the program sees it: RV32 keeps its registers sign-extended. */
static u64 as_seen(const struct hart *hart, u64 value)
{
    return hart->xlen == 32 ? (u32)value : value;
}

static void print_place(const struct view *view, u64 value)
{
    char text[VIEW_PLACE], number[24];
    const char *file;
    unsigned line;

    snprintf(number, sizeof(number), "0x%" PRIx64, as_seen(view_hart(view), value));
    view_place(view, value, text);
    if (strcmp(text, number))
        fprintf(view->out, "  %s", text);
    if (view->symbols && symbols_find_line(view->symbols, value, &file, &line))
        fprintf(view->out, " (%s:%u)", file, line);
}

static void show_regs_json(const struct view *view, struct json *json)
{
    struct hart *hart = view_hart(view);
    char text[VIEW_PLACE];

    json_object(json, NULL);
    json_number(json, "hart", view->hart);
    json_number(json, "xlen", hart->xlen);
    json_text(json, "privilege", view_privilege(hart->privilege));
    json_truth(json, "waiting", hart->waiting);
    json_number(json, "step", clock_steps(&view->machine->clock));
    json_hex(json, "pc", as_seen(hart, hart->pc));
    json_text(json, "place", view_place(view, hart->pc, text));
    json_object(json, "x");
    for (unsigned i = 0; i < 32; i++)
        json_hex(json, disasm_register(i, DISASM_ABI), as_seen(hart, hart->x[i]));
    json_end_object(json);
    json_object(json, "f");
    for (unsigned i = 0; i < 32; i++)
        json_hex(json, disasm_float_register(i, DISASM_ABI), hart->f[i]);
    json_end_object(json);
    json_end_object(json);
}

void view_regs(struct view *view)
{
    char task[VIEW_TASK];
    struct hart *hart = view_hart(view);
    struct json json = {.out = view->out};

    if (view->json) {
        show_regs_json(view, &json);
        fputc('\n', view->out);
        return;
    }
    view_task(view, task);
    fprintf(view->out, "hart %u, %s-mode%s%s%s, step %" PRIu64 "\n", view->hart,
            view_privilege(hart->privilege), *task ? ", " : "", task,
            hart->waiting ? ", waits (WFI)" : "", clock_steps(&view->machine->clock));
    fprintf(view->out, "pc   %0*" PRIx64, DIGITS(hart), as_seen(hart, hart->pc));
    print_place(view, hart->pc);
    fputc('\n', view->out);
    for (unsigned i = 1; i < 32; i++) {
        fprintf(view->out, "%-4s %0*" PRIx64, disasm_register(i, DISASM_ABI), DIGITS(hart),
                as_seen(hart, hart->x[i]));
        print_place(view, hart->x[i]);
        fputc('\n', view->out);
    }
}

void view_registers(struct view *view, char *const *names, const unsigned *numbers, unsigned count)
{
    struct json json = {.out = view->out};
    size_t width = 4;

    for (unsigned i = 0; i < count; i++)
        width = strlen(names[i]) > width ? strlen(names[i]) : width;
    if (view->json)
        json_object(&json, NULL);
    for (unsigned i = 0; i < count; i++) {
        u64 value;
        if (!debug_register(view->machine, view->hart, numbers[i], &value))
            continue;
        if (view->json) {
            json_hex(&json, names[i], value);
            continue;
        }
        fprintf(view->out, "%-*s %0*" PRIx64, (int)width, names[i], DIGITS(view_hart(view)), value);
        print_place(view, value);
        fputc('\n', view->out);
    }
    if (view->json) {
        json_end_object(&json);
        fputc('\n', view->out);
    }
}

void view_floats(struct view *view)
{
    struct hart *hart = view_hart(view);
    struct json json = {.out = view->out};

    if (view->json) {
        show_regs_json(view, &json);
        fputc('\n', view->out);
        return;
    }
    for (unsigned i = 0; i < 32; i++) {
        double number;
        memcpy(&number, &hart->f[i], sizeof(number));
        fprintf(view->out, "%-4s %016" PRIx64 "  %.17g\n", disasm_float_register(i, DISASM_ABI),
                hart->f[i], number);
    }
}

/* Does this control register hold the address of code, or what a trap was about? */
static bool holds_place(unsigned number)
{
    static const u16 numbers[] = {0x105, 0x140, 0x141, 0x143, 0x305, 0x340, 0x341, 0x343};

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        if (numbers[i] == number)
            return true;
    return false;
}

static void show_csr(struct view *view, struct json *json, const struct csr_info *row)
{
    struct hart *hart = view_hart(view);
    u64 value;

    if (!csr_peek(hart, row->number, &value))
        return;
    value = as_seen(hart, value);
    if (!view->json) {
        fprintf(view->out, "%-14s 0x%03x  %0*" PRIx64, row->name, row->number, DIGITS(hart), value);
        if (holds_place(row->number))
            print_place(view, value);
        fputc('\n', view->out);
        return;
    }
    json_object(json, row->name);
    json_number(json, "number", row->number);
    json_hex(json, "value", value);
    view_fields_json(json, row->number, hart->xlen, value);
    json_end_object(json);
}

/* By name, or by number: 0x300. */
static bool find_csr(const struct view *view, const char *name, unsigned *number)
{
    char *end;
    u64 value, written = strtoull(name, &end, 0);

    if (!isdigit((unsigned char)*name))
        return register_find(view->machine, view->hart, name, number) && register_is_csr(*number);
    *number = DEBUG_FIRST_CSR + (unsigned)written;
    return !*end && written < 4096 && csr_peek(view_hart(view), (unsigned)written, &value);
}

static void refuse_csr(struct view *view, const char *name)
{
    const char *names[512] = {0}, *near;
    unsigned count, used = 0;
    const struct csr_info *rows = csr_rows(&count);
    u64 value;

    for (unsigned i = 0; i < count && used < 511; i++)
        if (csr_peek(view_hart(view), rows[i].number, &value))
            names[used++] = rows[i].name;
    near = nearest_word(name, names);
    if (near)
        view_refuse(view, "This hart has no control register \"%.60s\"; did you mean \"%s\"?", name,
                    near);
    else
        view_refuse(view, "This hart has no control register \"%.60s\"; csr alone lists them.",
                    name);
}

void view_csr(struct view *view, const char *name)
{
    struct json json = {.out = view->out};
    unsigned count, number = 0, first = DEBUG_FIRST_CSR;
    u64 value;
    const struct csr_info *rows = csr_rows(&count);

    if (name && !find_csr(view, name, &number)) {
        refuse_csr(view, name);
        return;
    }
    if (view->json)
        json_object(&json, NULL);
    for (unsigned i = 0; i < count; i++)
        if (!name || first + rows[i].number == number)
            show_csr(view, &json, &rows[i]);
    if (name && !view->json && csr_peek(view_hart(view), number - first, &value))
        view_fields(view, number - first, value);
    if (view->json) {
        json_end_object(&json);
        fputc('\n', view->out);
    }
}
