/* A view: a question about the machine, answered on paper or for programs. The machine stands
 * between two slices while a view looks at it, and a view changes nothing: no device is read, no A
 * or D bit set.
 *
 * Each is a function view_NAME(view, ...) that prints to view->out, text for people or, when
 * view->json, one JSON value and a line's end. Who shows views: the monitor, the one-shot commands,
 * the notice of a silent hang. */
#ifndef FRONTEND_VIEW_H
#define FRONTEND_VIEW_H

#include <stdio.h>

#include "devices/machine.h"
#include "devices/debug.h"
#include "frontend/json.h"
#include "loader/guest_linux.h"

struct view {
    struct machine *machine;
    unsigned hart;                   /* whose registers and translation */
    const struct symbols *symbols;   /* NULL: none */
    const struct guest_linux *guest; /* NULL: it is no Linux that is known */
    FILE *out;
    bool json;
    bool refused; /* there is no answer; why[] says so in one sentence */
    char why[256];
};

/* There is no answer: notes the sentence, which whoever asked prints as an error. */
void view_refuse(struct view *view, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The hart that the view is about. */
struct hart *view_hart(const struct view *view);
/* Hexadecimal digits of an address of that hart: 8 or 16. */
int view_digits(const struct view *view);
/* "schedule+0x1c", or the number; text must have VIEW_PLACE bytes. Returns text. */
#define VIEW_PLACE 160
const char *view_place(const struct view *view, vaddr at, char text[VIEW_PLACE]);
/* The same where there is a name; empty where there is none. */
const char *view_name(const struct view *view, vaddr at, char text[VIEW_PLACE]);
const char *view_csr_name(u64 number);
/* "load page fault", "machine timer interrupt": by the number in mcause (why_words.c). */
const char *view_exception(u64 number);
const char *view_interrupt(u64 number);
/* "U", "S", "M": the manual's letters for enum privilege. */
const char *view_privilege(u64 privilege);

/* view_registers.c: integer registers; floating point; control registers, all of them (NULL) or
 * one. */
void view_regs(struct view *view);
/* Any registers, by these names and the numbers that debuggers give them. */
void view_registers(struct view *view, char *const *names, const unsigned *numbers, unsigned count);
void view_floats(struct view *view);
void view_csr(struct view *view, const char *name);
/* view_memory.c: count numbers of 1, 2, 4 or 8 bytes; count instructions; the places of these
 * bytes. */
#define VIEW_MEMORY_MOST 65536 /* bytes shown at once */
#define VIEW_FIND_MOST   ((u64)1 << 30)
void view_memory(struct view *view, enum debug_space space, u64 at, u64 count, unsigned width);
/* Numbers as wide as addresses, with the names of what they point at. */
void view_pointers(struct view *view, enum debug_space space, u64 at, u64 count);
void view_disas(struct view *view, vaddr at, u64 count);
void view_find(struct view *view, u64 at, u64 size, const void *what, size_t what_size);
/* view_board.c: what there is; where it is; the registers of a device, "uart" or "virtio 3", or of
 * the first of its name that is no empty slot. */
#define VIEW_PLUGGED UINT32_MAX
void view_machine(struct view *view);
void view_map(struct view *view);
void view_device(struct view *view, const char *name, unsigned index);
/* Does this word, "uart" or "virtio-net" or "virtio", mean the device? */
bool view_is_device(const struct device *device, const char *name);
/* view_callers.c: where the hart is, and the functions that called it. */
void view_callers(struct view *view);
/* view_stop.c: why it stands still, after this stop. The view is then of the hart that it is about.
 */
void view_stop(struct view *view, enum stop stop);

#endif
