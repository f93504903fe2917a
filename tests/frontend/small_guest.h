/* A machine that counts in t0, with names for its three instructions, for tests of the monitor. */
#ifndef TESTS_FRONTEND_SMALL_GUEST_H
#define TESTS_FRONTEND_SMALL_GUEST_H

#include "frontend/monitor.h"
#include "frontend/past.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define SMALL_BASE 0x80000000u

struct small_guest {
    struct console console;
    struct outside outside;
    struct debugger debugger;
    struct debugger_client client;
    bool remembers; /* said before it is created: it can go back */
    struct options options;
    struct snapshots snapshots;
    struct past past;
    struct door *door;
    struct host host;
    struct machine *machine;
    struct names names;
    struct monitor monitor;
    struct monitor_talk talk;
    char why[256];
};

/* As the run does it (frontend/monitor_run.c): on to where it was to go, and then no further. */
static inline void small_guest_stopped(void *context, struct machine *machine, enum stop stop)
{
    struct small_guest *guest = context;

    (void)machine;
    if (monitor_has_arrived(&guest->monitor, stop))
        guest->console.wants_quit = true;
    else
        debugger_resume(&guest->debugger, (struct debugger_order){.move = DEBUGGER_GO});
}

static inline enum debugger_claim small_guest_claims(void *context)
{
    return monitor_claims(&((struct small_guest *)context)->monitor);
}

static inline unsigned small_guest_prepare(void *context, struct pollfd *fds, unsigned room,
                                           u64 *ns)
{
    (void)context;
    (void)fds;
    (void)room;
    (void)ns;
    return 0;
}

static inline void small_guest_attend(void *context, const struct pollfd *fds, unsigned count)
{
    struct small_guest *guest = context;

    if (guest->monitor.work.talk)
        monitor_attend_work(&guest->monitor);
    (void)fds;
    (void)count;
}

/* Runs until it stands still, or has done so many steps in all. */
static inline void small_guest_run(struct small_guest *guest, u64 max_steps)
{
    guest->console.wants_quit = false;
    debugger_run(&guest->debugger, guest->machine, max_steps);
    guest->console.wants_quit = false;
}

/* As the run does it (frontend/run.c). */
static inline void small_guest_remember(struct small_guest *guest)
{
    guest->snapshots.options = &guest->options;
    guest->debugger.runner = (struct debugger_runner){&guest->snapshots, snapshots_run};
    door_attach(guest->door, guest->machine);
    past_begin(&guest->past, &guest->debugger, guest->machine, guest->door, &guest->snapshots);
    ck_assert_msg(guest->debugger.past, "%s", guest->past.message);
}

static inline void small_guest_create(struct small_guest *guest, const char *isa, unsigned harts)
{
    static const u32 code[] = {0x00128293, 0x0005a303, 0xff9ff06f}; /* addi, lw, j -8 */
    struct machine_config config = {
        .board = &board_virt, .ram_size = 1 << 20, .harts = harts, .clock = CLOCK_VIRTUAL};
    char message[256];

    console_init(&guest->console, -1, -1, CONSOLE_NO_ESCAPE);
    guest->outside = (struct outside){.console = &guest->console};
    debugger_init(&guest->debugger, &guest->outside);
    guest->debugger.is_stopped = true;
    guest->client = (struct debugger_client){
        .context = guest,
        .attendant = {.context = guest,
                      .prepare = small_guest_prepare,
                      .attend = small_guest_attend,
                      .is_timeless = true},
        .stopped = small_guest_stopped,
        .claims = small_guest_claims,
    };
    debugger_attach(&guest->debugger, &guest->client);
    guest->host = outside_host(&guest->outside, CLOCK_VIRTUAL);
    guest->host.console = (struct host_console){0}; /* what it prints goes nowhere */
    guest->door = guest->remembers ? door_create(&guest->host) : NULL;
    ck_assert_msg(isa_parse(isa, &config.isa, message, sizeof(message)), "%s", message);
    guest->machine = machine_create(&config, &guest->host, message, sizeof(message));
    ck_assert_msg(guest->machine, "%s", message);
    machine_reset(guest->machine);
    memcpy(ram_writable(&guest->machine->ram, SMALL_BASE, sizeof(code)), code, sizeof(code));
    for (unsigned i = 0; i < harts; i++) {
        guest->machine->harts[i]->pc = SMALL_BASE;
        guest->machine->harts[i]->x[11] = SMALL_BASE;
        guest->machine->harts[i]->x[2] = SMALL_BASE + 0x1000;
    }
    names_init(&guest->names, guest->machine, NULL);
    monitor_init(&guest->monitor, guest->machine, &guest->names);
    guest->monitor.debugger = &guest->debugger;
    struct symbols *symbols = monitor_symbols(&guest->monitor);
    symbols_add(symbols, "count", SMALL_BASE, 8, 0);
    symbols_add(symbols, "again", SMALL_BASE + 8, 4, 0);
    symbols_sort(symbols);
    guest->talk = (struct monitor_talk){.monitor = &guest->monitor};
    if (guest->door)
        small_guest_remember(guest);
}

static inline void small_guest_destroy(struct small_guest *guest)
{
    names_free(&guest->names);
    past_end(&guest->past);
    machine_destroy(guest->machine);
    door_destroy(guest->door);
    *guest = (struct small_guest){0};
}

/* What a command prints, which the caller frees; NULL when it is refused. */
static inline char *small_guest_say(struct small_guest *guest, const char *line, bool json)
{
    char *text = NULL, copy[MONITOR_LINE];
    size_t size;
    FILE *out = open_memstream(&text, &size);

    snprintf(copy, sizeof(copy), "%s", line);
    *guest->why = 0;
    bool is_obeyed = monitor_obey(&guest->talk, copy, out, json, guest->why, sizeof(guest->why));
    fclose(out);
    if (is_obeyed)
        return text;
    free(text);
    return NULL;
}

#endif
