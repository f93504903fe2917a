/* The views of memory: x and phys (as numbers), disas (as instructions), find. */
#include "frontend/view.h"
#include "frontend/view_paging.h"

#include "cpu/disasm.h"
#include "devices/debug.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#define LINE_BYTES 16
#define FIND_PIECE 65536
#define FIND_MOST  100 /* places shown */

static void refuse_address(struct view *view, enum debug_space space, u64 at)
{
    paddr pa;
    bool leads = debug_find(view->machine, view->hart, space, at, &pa);
    const char *device = leads ? view_physical(view, pa) : NULL;

    if (device)
        view_refuse(view,
                    "A device is at 0x%" PRIx64 ", which looking must not read; info %s shows it.",
                    at, device);
    else if (space == DEBUG_PHYSICAL)
        view_refuse(view, "There is no memory at the physical address 0x%" PRIx64 ".", at);
    else
        view_refuse(view, "Nothing is mapped at 0x%" PRIx64 " now; walk shows why.", at);
}

static void print_line(struct view *view, u64 at, const u8 *bytes, size_t size, unsigned width)
{
    fprintf(view->out, "%0*" PRIx64 " ", (int)view_hart(view)->xlen / 4, at);
    for (size_t i = 0; i < LINE_BYTES; i += width) {
        u64 value = 0;
        if (i + width > size) {
            fprintf(view->out, " %*s", (int)(2 * width), "");
            continue;
        }
        memcpy(&value, bytes + i, width);
        fprintf(view->out, " %0*" PRIx64, (int)(2 * width), value);
    }
    fputs("  ", view->out);
    for (size_t i = 0; i < size; i++)
        fputc(isprint(bytes[i]) ? bytes[i] : '.', view->out);
    fputc('\n', view->out);
}

static void print_json(struct view *view, u64 at, const u8 *bytes, size_t size, unsigned width)
{
    struct json json = {.out = view->out};

    json_object(&json, NULL);
    json_hex(&json, "address", at);
    json_number(&json, "width", width);
    json_array(&json, "values");
    for (size_t i = 0; i + width <= size; i += width) {
        u64 value = 0;
        memcpy(&value, bytes + i, width);
        json_hex(&json, NULL, value);
    }
    json_end_array(&json);
    json_end_object(&json);
    fputc('\n', view->out);
}

void view_memory(struct view *view, enum debug_space space, u64 at, u64 count, unsigned width)
{
    u8 bytes[VIEW_MEMORY_MOST];
    size_t size = count > sizeof(bytes) / width ? sizeof(bytes) : (size_t)count * width;
    size_t got = debug_read(view->machine, view->hart, space, at, bytes, size) / width * width;

    if (!got) {
        refuse_address(view, space, at);
        return;
    }
    if (view->json) {
        print_json(view, at, bytes, got, width);
        return;
    }
    for (size_t i = 0; i < got; i += LINE_BYTES)
        print_line(view, at + i, bytes + i, got - i < LINE_BYTES ? got - i : LINE_BYTES, width);
    if (got < size)
        fprintf(view->out, "0x%" PRIx64 ": no memory from here\n", at + got);
}

void view_pointers(struct view *view, enum debug_space space, u64 at, u64 count)
{
    unsigned width = view_hart(view)->xlen / 8;
    struct json json = {.out = view->out};
    char text[VIEW_PLACE];
    u64 value = 0;

    if (debug_read(view->machine, view->hart, space, at, &value, width) != width) {
        refuse_address(view, space, at);
        return;
    }
    if (view->json)
        json_array(&json, NULL);
    for (u64 i = 0; i < count; i++, at += width) {
        if (debug_read(view->machine, view->hart, space, at, &value, width) != width)
            break;
        view_place(view, value, text);
        if (view->json) {
            json_object(&json, NULL);
            json_hex(&json, "address", at);
            json_hex(&json, "value", value);
            json_text(&json, "place", text);
            json_end_object(&json);
        } else
            fprintf(view->out, "%0*" PRIx64 "  %0*" PRIx64 "  %s\n", (int)(2 * width), at,
                    (int)(2 * width), value, text);
    }
    if (view->json) {
        json_end_array(&json);
        fputc('\n', view->out);
    }
}

/* What the hart would fetch there; 0 bytes: nothing. */
static size_t fetch(struct view *view, vaddr at, u32 *bits)
{
    *bits = 0;
    size_t got = debug_read(view->machine, view->hart, DEBUG_VIRTUAL, at, bits, 4);
    if (got < 2 || (got < 4 && is_wide((u16)*bits)))
        return 0;
    return is_wide((u16)*bits) ? 4 : 2;
}

/* A name stands on a line of its own where it begins, and so does a source line that is not *last.
 */
static void print_label(struct view *view, vaddr at, bool is_first, unsigned *last)
{
    const char *file;
    char text[VIEW_PLACE];
    unsigned line = 0;
    u64 offset;
    vaddr place = view_hart(view)->xlen == 32 ? (u32)at : at;
    bool has_line = view->symbols && symbols_find_line(view->symbols, place, &file, &line);
    bool has_name =
        view->symbols && symbols_find_name(view->symbols, place, &offset) && (!offset || is_first);

    if (has_name)
        fprintf(view->out, "%s:", view_place(view, at, text));
    if (has_line && (has_name || line != *last))
        fprintf(view->out, "%s(%s:%u)", has_name ? "  " : "   ", file, line);
    if (has_name || (has_line && line != *last))
        fputc('\n', view->out);
    *last = line;
}

static void print_instruction(struct view *view, vaddr at, const struct insn *insn, size_t length)
{
    struct hart *hart = view_hart(view);
    char text[DISASM_SIZE], target[VIEW_PLACE], number[24];
    char *last;

    disasm(hart->decoder, insn, at, DISASM_ABI, text, sizeof(text));
    fprintf(view->out, "%s%0*" PRIx64 "  %0*x%*s  %s", at == hart->pc ? "=> " : "   ",
            (int)hart->xlen / 4, hart->xlen == 32 ? (u32)at : at, (int)(2 * length), insn->bits,
            length == 2 ? 4 : 0, "", text);
    /* The last operand of a branch is its target's address. */
    last = strrchr(text, ' ');
    if (last && !strncmp(last + 1, "0x", 2)) {
        u64 value;
        if (sscanf(last + 3, "%" SCNx64, &value) == 1 && view->symbols) {
            snprintf(number, sizeof(number), "0x%" PRIx64, value);
            if (strcmp(view_place(view, value, target), number))
                fprintf(view->out, "  <%s>", target);
        }
    }
    fputc('\n', view->out);
}

static void json_instruction(struct view *view, struct json *json, vaddr at,
                             const struct insn *insn)
{
    char text[DISASM_SIZE], place[VIEW_PLACE];

    disasm(view_hart(view)->decoder, insn, at, DISASM_ABI, text, sizeof(text));
    json_object(json, NULL);
    json_hex(json, "address", at);
    json_text(json, "place", view_place(view, at, place));
    json_hex(json, "bits", insn->bits);
    json_text(json, "text", text);
    json_end_object(json);
}

void view_disas(struct view *view, vaddr at, u64 count)
{
    struct json json = {.out = view->out};
    size_t length = 0;
    unsigned line = 0;
    u32 bits;

    at &= ~(u64)1;
    if (!fetch(view, at, &bits)) {
        refuse_address(view, DEBUG_VIRTUAL, at);
        return;
    }
    if (view->json)
        json_array(&json, NULL);
    for (u64 i = 0; i < count && (length = fetch(view, at, &bits)); i++, at += length) {
        struct insn insn = decode(view_hart(view)->decoder, bits);
        if (view->json) {
            json_instruction(view, &json, at, &insn);
            continue;
        }
        print_label(view, at, i == 0, &line);
        print_instruction(view, at, &insn, length);
    }
    if (view->json) {
        json_end_array(&json);
        fputc('\n', view->out);
    }
}

struct search {
    struct view *view;
    struct json json;
    enum debug_space space;
    const u8 *what;
    size_t size;
    unsigned found;
};

static void report(struct search *search, u64 at)
{
    char text[VIEW_PLACE];

    if (search->found++ >= FIND_MOST)
        return;
    if (search->view->json)
        json_hex(&search->json, NULL, at);
    else
        fprintf(search->view->out, "0x%" PRIx64 "  %s\n", at, view_place(search->view, at, text));
}

/* Looks through what could be read from here; returns how far to go on. */
static u64 search_piece(struct search *search, u64 at, u64 size)
{
    u8 bytes[FIND_PIECE];
    const struct view *view = search->view;
    size_t wanted = size < sizeof(bytes) ? (size_t)size : sizeof(bytes);
    size_t got = debug_read(view->machine, view->hart, search->space, at, bytes, wanted);
    const u8 *from = bytes, *end = bytes + got;

    while ((size_t)(end - from) >= search->size &&
           (from = memchr(from, search->what[0], (size_t)(end - from) - search->size + 1))) {
        if (!memcmp(from, search->what, search->size))
            report(search, at + (u64)(from - bytes));
        from++;
    }
    if (got < wanted) /* what is not there is passed over */
        return ((at + got) | PAGE_MASK) + 1 - at;
    return got == size ? got : got - search->size + 1;
}

void view_find(struct view *view, u64 at, u64 size, const void *what, size_t what_size)
{
    struct search search = {view, {.out = view->out}, DEBUG_VIRTUAL, what, what_size, 0};

    if (!what_size || what_size > PAGE_SIZE || size > VIEW_FIND_MOST) {
        view_refuse(view, "find looks through at most 1 GiB, for 1 to 4096 bytes.");
        return;
    }
    if (view->json)
        json_array(&search.json, NULL);
    while (size) {
        u64 done = search_piece(&search, at, size);
        at += done;
        size -= done < size ? done : size;
    }
    if (view->json) {
        json_end_array(&search.json);
        fputc('\n', view->out);
    } else if (search.found > FIND_MOST) {
        fprintf(view->out, "and %u more\n", search.found - FIND_MOST);
    } else if (!search.found) {
        fputs("not found\n", view->out);
    }
}
