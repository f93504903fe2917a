/* See keyboard.h. Which line a key goes to follows from what the guest does, and so repeats itself
 * under the virtual clock. */
#include "frontend/keyboard.h"

#include <stddef.h>

static int read_at_terminal(void *context)
{
    struct keyboard *keyboard = context;
    keyboard->is_moved = true;
    return keyboard->person.line.read(keyboard->person.line.context);
}

static int read_at_serial(void *context)
{
    struct keyboard *keyboard = context;
    return keyboard->is_moved ? -1 : keyboard->person.line.read(keyboard->person.line.context);
}

static void print(void *context, u8 byte)
{
    const struct host_console *line = &((struct keyboard *)context)->person.line;
    line->write(line->context, byte);
}

static void measure(void *context, u16 *columns, u16 *rows)
{
    const struct host_terminal *person = &((struct keyboard *)context)->person;
    person->measure(person->line.context, columns, rows);
}

bool keyboard_plug(struct keyboard *keyboard, struct host *host, unsigned slot,
                   struct host_terminal person)
{
    *keyboard = (struct keyboard){.person = person};
    keyboard->terminal = (struct host_terminal){
        .line = {.context = keyboard,
                 .read = person.line.read ? read_at_terminal : NULL,
                 .write = person.line.write ? print : NULL,
                 .one_at_a_time = person.line.one_at_a_time},
        .measure = person.measure ? measure : NULL,
    };
    host->console = keyboard->terminal.line;
    host->console.read = person.line.read && !person.line.one_at_a_time ? read_at_serial : NULL;
    return host_plug_at(host, slot, PLUG_CONSOLE, &keyboard->terminal);
}

void keyboard_reset(struct keyboard *keyboard)
{
    keyboard->is_moved = false;
}
