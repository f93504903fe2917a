/* A debugger's calls (see debug.h). */
#include "devices/debug.h"

#include "cpu/counters.h"
#include "cpu/csr.h"
#include "cpu/translate.h"

#include <string.h>

/* Where bytes of RAM or ROM are; NULL when something else or nothing is there. *left is how many
 * follow. */
static u8 *find_bytes(struct machine *machine, paddr at, u64 *left)
{
    const struct region *region = bus_find(&machine->bus, at);

    if (!region || !region->host)
        return NULL;
    *left = region->size - (at - region->base);
    return region->host + (at - region->base);
}

/* Page tables wherever they are, also where PMP hides them from the hart. */
static bool read_pte(void *context, paddr at, unsigned size, u64 *pte)
{
    u64 left;
    const u8 *bytes = find_bytes(context, at, &left);

    *pte = 0;
    if (!bytes || left < size)
        return false;
    memcpy(pte, bytes, size);
    return true;
}

bool debug_translate(struct machine *machine, unsigned hart, vaddr va, enum access why,
                     struct walk *walk)
{
    struct hart *at = machine->harts[hart];
    struct walker walker = translate_walker(at, why == ACCESS_FETCH ? at->fetch : at->data);

    walker.context = machine;
    walker.read_pte = read_pte;
    memset(walk, 0, sizeof *walk);
    walk->pa = va;
    walk->page_bits = PAGE_BITS;
    if (walker.mode == PAGING_BARE)
        return false;
    *walk = page_walk(&walker, va, why);
    return true;
}

bool debug_find(struct machine *machine, unsigned hart, enum debug_space space, u64 at, paddr *pa)
{
    struct hart *who = machine->harts[hart];
    const struct tlb *tables =
        space == DEBUG_SUPERVISOR ? &who->tlb[TLB_IN_SPACE(TLB_S, who->space)] : who->fetch;
    struct walker walker = translate_walker(who, tables);
    struct walk walk;

    *pa = at;
    if (space == DEBUG_PHYSICAL || walker.mode == PAGING_BARE)
        return true;
    walker.user = false;
    walker.sum = walker.mxr = walker.updates_ad = true;
    walker.context = machine;
    walker.read_pte = read_pte;
    walk = page_walk(&walker, at, ACCESS_LOAD);
    *pa = walk.pa;
    return walk.end == WALK_OK;
}

static u64 address(const struct machine *machine, u64 value)
{
    return machine->config.isa.xlen == 32 ? (u32)value : value;
}

/* The next piece of an access, within one page and one region: its bytes, or NULL. */
static u8 *next_piece(struct machine *machine, unsigned hart, enum debug_space space, u64 at,
                      size_t wanted, paddr *pa, size_t *size)
{
    u64 left, in_page = PAGE_SIZE - (at & PAGE_MASK);
    u8 *bytes;

    if (space != DEBUG_PHYSICAL)
        at = address(machine, at);
    if (!debug_find(machine, hart, space, at, pa) || !(bytes = find_bytes(machine, *pa, &left)))
        return NULL;
    *size = wanted < in_page ? wanted : in_page;
    *size = *size < left ? *size : left;
    return bytes;
}

size_t debug_read(struct machine *machine, unsigned hart, enum debug_space space, u64 at, void *to,
                  size_t size)
{
    size_t done = 0, piece;

    while (done < size) {
        paddr pa;
        const u8 *bytes = next_piece(machine, hart, space, at + done, size - done, &pa, &piece);
        if (!bytes)
            break;
        memcpy((u8 *)to + done, bytes, piece);
        done += piece;
    }
    return done;
}

size_t debug_write(struct machine *machine, unsigned hart, enum debug_space space, u64 at,
                   const void *from, size_t size)
{
    size_t done = 0, piece;

    while (done < size) {
        paddr pa;
        u8 *bytes = next_piece(machine, hart, space, at + done, size - done, &pa, &piece);
        if (!bytes)
            break;
        if (!ram_dma_write(&machine->ram, pa, (const u8 *)from + done, piece))
            memcpy(bytes, (const u8 *)from + done, piece);
        done += piece;
    }
    return done;
}

static bool has_floats(const struct machine *machine)
{
    return isa_has(&machine->config.isa, EXT_F);
}

bool debug_register(const struct machine *machine, unsigned hart, unsigned number, u64 *value)
{
    struct hart *at = machine->harts[hart];

    if (number < DEBUG_PC)
        *value = address(machine, at->x[number]);
    else if (number == DEBUG_PC)
        *value = at->pc;
    else if (number < DEBUG_FIRST_CSR)
        *value = at->f[number - DEBUG_F];
    else if (number < DEBUG_PRIVILEGE)
        return csr_peek(at, number - DEBUG_FIRST_CSR, value);
    else if (number == DEBUG_PRIVILEGE)
        *value = at->privilege;
    else
        return false;
    return number < DEBUG_F || number >= DEBUG_FIRST_CSR || has_floats(machine);
}

static bool set_privilege(struct hart *hart, u64 value)
{
    if (value != PRIV_U && value != PRIV_S && value != PRIV_M)
        return false;
    hart->privilege = value;
    hart_mode_changed(hart);
    counters_mode_changed(hart);
    return true;
}

bool debug_set_register(struct machine *machine, unsigned hart, unsigned number, u64 value)
{
    struct hart *at = machine->harts[hart];
    bool is_narrow = machine->config.isa.xlen == 32;

    if (number == DEBUG_X)
        return true; /* x0 takes anything */
    if (number < DEBUG_PC)
        at->x[number] = is_narrow ? (u64)(i64)(i32)value : value;
    else if (number == DEBUG_PC)
        at->pc = address(machine, value) & ~(at->pc_misaligned | 1);
    else if (number < DEBUG_FIRST_CSR && has_floats(machine))
        at->f[number - DEBUG_F] = value;
    else if (number >= DEBUG_FIRST_CSR && number < DEBUG_PRIVILEGE)
        return csr_poke(at, number - DEBUG_FIRST_CSR, value);
    else
        return number == DEBUG_PRIVILEGE && set_privilege(at, value);
    return true;
}

bool debug_insert(struct machine *machine, enum debug_kind kind, u64 at, u64 size)
{
    if (!machine->points)
        machine->points = debug_create(machine->harts, machine->config.harts);
    return machine->points && debug_add(machine->points, kind, at, size);
}

bool debug_remove(struct machine *machine, enum debug_kind kind, u64 at, u64 size)
{
    return machine->points && debug_drop(machine->points, kind, at, size);
}

/* One step of whoever's turn it is. */
static enum stop run_step(struct machine *machine)
{
    return machine_run(machine, clock_steps(&machine->clock) + 1);
}

enum stop debug_step_in_turn(struct machine *machine, unsigned hart)
{
    enum stop stop;

    machine->stop_before = hart + 1;
    stop = machine_run(machine, UINT64_MAX);
    machine->stop_before = 0;
    if (stop != STOP_DEBUG || machine->debug_stop.kind != DEBUG_NOTHING)
        return stop;
    debug_pass(machine->harts[hart]);
    return run_step(machine);
}

bool debug_take_turn(struct machine *machine, unsigned hart)
{
    struct hart *taker = machine->harts[hart];
    bool is_new = hart != machine->running || (taker->waiting && machine->config.harts > 1);

    if (machine->config.harts > 1)
        taker->waiting = 0;
    if (hart == machine->running)
        return is_new;
    machine->harts[machine->running]->reservation_size = 0;
    machine->running = hart;
    machine->turn_left = machine->slice_left = 0;
    return is_new;
}

enum stop debug_step(struct machine *machine, unsigned hart)
{
    debug_pass(machine->harts[hart]);
    debug_take_turn(machine, hart);
    return run_step(machine);
}
