/* The door before what is plugged in (see door.h): each answer of a console, network, share, screen
 * or keyboard is noted, or comes from the tape. What goes out is let through, unless a tape is
 * played. Disks: door_disk.c. */
#include "loader/door_parts.h"

#include "loader/snapshot_stream.h"

#include <stdlib.h>
#include <string.h>

#define FRAME_LEAST 14 /* bytes: the addresses and the type */

/* Consoles and terminals. */

static const struct host_console *console_of(const struct door_slot *slot)
{
    return slot->number == TAPE_BOARD ? &slot->door->real.console
                                      : &((const struct host_terminal *)slot->real)->line;
}

static int read_byte(void *context)
{
    struct door_slot *slot = context;
    const struct host_console *real = console_of(slot);
    u8 byte;

    if (door_plays(slot->door))
        return door_came_as(slot->door, TAPE_TYPED, slot->number, &byte, 1) ? byte : -1;
    int typed = real->read ? real->read(real->context) : -1;
    byte = (u8)typed;
    if (typed >= 0)
        door_note(slot->door, TAPE_TYPED, slot->number, &byte, 1, NULL, 0);
    return typed;
}

static void write_byte(void *context, u8 byte)
{
    struct door_slot *slot = context;
    const struct host_console *real = console_of(slot);
    bool was_seen = slot->door->hides_output && door_step(slot->door) < slot->door->seen;

    if (real->write && !(door_plays(slot->door) && was_seen))
        real->write(real->context, byte);
}

static void measure(void *context, u16 *columns, u16 *rows)
{
    struct door_slot *slot = context;
    const struct host_terminal *real = slot->real;
    u16 size[2] = {slot->columns, slot->rows};

    if (door_plays(slot->door)) {
        door_came_as(slot->door, TAPE_SIZE, slot->number, size, sizeof size);
    } else {
        real->measure(real->line.context, &size[0], &size[1]);
        if (size[0] != slot->columns || size[1] != slot->rows)
            door_note(slot->door, TAPE_SIZE, slot->number, size, sizeof size, NULL, 0);
    }
    *columns = slot->columns = size[0];
    *rows = slot->rows = size[1];
}

void door_wrap_console(struct door_slot *slot, struct host_console *console)
{
    console->context = slot;
    console->read = console->read ? read_byte : NULL;
    console->write = write_byte;
}

/* The network. A frame waits until it is dropped: it is noted when it is first seen. */

static bool has_frame_room(struct door_slot *slot)
{
    if (!slot->frame)
        slot->frame = malloc(HOST_NET_FRAME_MOST);
    return slot->frame != NULL;
}

static const u8 *replay_frame(struct door_slot *slot, size_t *size)
{
    struct door *door = slot->door;
    u64 at = slot->frame_at ? slot->frame_at - 1 : 0;
    u32 there = 0;

    if (!slot->frame_at && !door_came(door, TAPE_FRAME, slot->number, &at, &there))
        return NULL;
    if (slot->frame_at) { /* again; after going back its bytes may have to be fetched */
        u64 head = at - sizeof(struct tape_event);
        struct tape_event event;
        there = tape_event(&door->tape, &head, &event) ? event.size : 0;
    }
    if (there < FRAME_LEAST || there > HOST_NET_FRAME_MOST || !has_frame_room(slot) ||
        !tape_get(&door->tape, at, slot->frame, there)) {
        door_diverge(door, "a frame is damaged");
        return NULL;
    }
    slot->frame_at = at + 1;
    *size = there;
    return slot->frame;
}

static const u8 *look(void *context, size_t *size)
{
    struct door_slot *slot = context;
    const struct host_net *real = slot->real;

    if (door_plays(slot->door))
        return replay_frame(slot, size);
    const u8 *frame = real->look(real->context, size);
    if (frame && !slot->frame_at) {
        slot->frame_at = slot->door->tape.end + sizeof(struct tape_event) + 1;
        door_note(slot->door, TAPE_FRAME, slot->number, frame, *size, NULL, 0);
    }
    return frame;
}

static void drop(void *context)
{
    struct door_slot *slot = context;
    const struct host_net *real = slot->real;

    slot->frame_at = 0;
    if (!door_plays(slot->door))
        real->drop(real->context);
}

static void send(void *context, const u8 *frame, size_t size)
{
    struct door_slot *slot = context;
    const struct host_net *real = slot->real;

    if (!door_plays(slot->door))
        real->send(real->context, frame, size);
}

static bool is_up(void *context)
{
    struct door_slot *slot = context;
    const struct host_net *real = slot->real;
    u8 now = slot->is_up;

    if (door_plays(slot->door)) {
        door_came_as(slot->door, TAPE_CABLE, slot->number, &now, 1);
    } else {
        now = real->is_up(real->context);
        if (now != slot->is_up)
            door_note(slot->door, TAPE_CABLE, slot->number, &now, 1, NULL, 0);
    }
    return slot->is_up = now;
}

static const void *wrap_net(struct door_slot *slot, const struct host_net *real)
{
    struct host_net *net = &slot->face.net;

    *net = *real;
    net->context = slot;
    net->send = send;
    net->look = look;
    net->drop = drop;
    net->is_up = real->is_up ? is_up : NULL;
    return net;
}

/* Shares. */

static u32 exchange(void *context, u32 size, u32 room)
{
    struct door_slot *slot = context;
    const struct host_share *real = slot->real;
    struct door *door = slot->door;
    u64 sum = snapshot_sum(room, real->request, size), then, at;
    u32 there;

    if (!door_plays(slot->door)) {
        u32 answer = real->exchange(real->context, size, room);
        door_note(door, TAPE_SHARE, slot->number, &sum, sizeof sum, real->answer, answer);
        return answer;
    }
    if (!door_must_have(door, TAPE_SHARE, slot->number, &at, &there))
        return 0;
    if (there < sizeof sum || there - sizeof sum > room || room > real->message_most ||
        !tape_get(&door->tape, at, &then, sizeof then) || then != sum) {
        door_diverge(door, "something else is asked of a share");
        return 0;
    }
    tape_get(&door->tape, at + sizeof then, real->answer, there - sizeof then);
    return there - (u32)sizeof then;
}

static void forget(void *context)
{
    struct door_slot *slot = context;
    const struct host_share *real = slot->real;

    if (!door_plays(slot->door))
        real->forget(real->context);
}

static size_t keep(void *context, u8 *to, size_t room)
{
    const struct host_share *real = ((struct door_slot *)context)->real;

    return real->keep(real->context, to, room);
}

static bool accepts(void *context, const u8 *from, size_t size)
{
    const struct host_share *real = ((struct door_slot *)context)->real;

    return real->accepts(real->context, from, size);
}

static void reopen(void *context, const u8 *from, size_t size)
{
    struct door_slot *slot = context;
    const struct host_share *real = slot->real;

    if (!door_plays(slot->door))
        real->reopen(real->context, from, size);
}

static const void *wrap_share(struct door_slot *slot, const struct host_share *real)
{
    struct host_share *share = &slot->face.share;

    *share = *real;
    share->context = slot;
    share->exchange = exchange;
    share->forget = forget;
    share->keep = real->keep ? keep : NULL;
    share->accepts = real->accepts ? accepts : NULL;
    share->reopen = real->reopen ? reopen : NULL;
    return share;
}

/* Keyboards and screens. */

static bool next_event(void *context, struct host_event *event)
{
    struct door_slot *slot = context;
    const struct host_input *real = slot->real;

    if (door_plays(slot->door))
        return door_came_as(slot->door, TAPE_INPUT, slot->number, event, sizeof *event);
    if (!real->next(real->context, event))
        return false;
    door_note(slot->door, TAPE_INPUT, slot->number, event, sizeof *event, NULL, 0);
    return true;
}

static bool next_size(void *context, u32 *width, u32 *height)
{
    struct door_slot *slot = context;
    const struct host_screen *real = slot->real;
    u32 size[2];

    if (door_plays(slot->door)) {
        if (!door_came_as(slot->door, TAPE_SCREEN, slot->number, size, sizeof size))
            return false;
    } else {
        if (!real->next_size(real->context, &size[0], &size[1]))
            return false;
        door_note(slot->door, TAPE_SCREEN, slot->number, size, sizeof size, NULL, 0);
    }
    *width = size[0];
    *height = size[1];
    return true;
}

static void set_size(void *context, u32 width, u32 height)
{
    const struct host_screen *real = ((struct door_slot *)context)->real;

    real->set_size(real->context, width, height);
}

static void draw(void *context, const struct host_rect *part, const u32 *pixels, u32 stride)
{
    const struct host_screen *real = ((struct door_slot *)context)->real;

    real->draw(real->context, part, pixels, stride);
}

static void set_cursor(void *context, const u32 *pixels)
{
    const struct host_screen *real = ((struct door_slot *)context)->real;

    real->set_cursor(real->context, pixels);
}

static void move_cursor(void *context, i32 x, i32 y)
{
    const struct host_screen *real = ((struct door_slot *)context)->real;

    real->move_cursor(real->context, x, y);
}

static const void *wrap_screen(struct door_slot *slot, const struct host_screen *real)
{
    struct host_screen *screen = &slot->face.screen;

    *screen = *real;
    screen->context = slot;
    screen->next_size = real->next_size ? next_size : NULL;
    screen->set_size = real->set_size ? set_size : NULL;
    screen->draw = real->draw ? draw : NULL;
    screen->set_cursor = real->set_cursor ? set_cursor : NULL;
    screen->move_cursor = real->move_cursor ? move_cursor : NULL;
    return screen;
}

static const void *wrap_input(struct door_slot *slot, const struct host_input *real)
{
    slot->face.input = (struct host_input){slot, real->next ? next_event : NULL};
    return &slot->face.input;
}

static const void *wrap_terminal(struct door_slot *slot, const struct host_terminal *real)
{
    struct host_terminal *terminal = &slot->face.terminal;

    *terminal = *real;
    door_wrap_console(slot, &terminal->line);
    terminal->measure = real->measure ? measure : NULL;
    return terminal;
}

void door_wrap_plug(struct door_slot *slot, struct host_plug *plug)
{
    slot->real = plug->backend;
    switch (plug->kind) {
    case PLUG_NOTHING:
    case PLUG_ENTROPY: /* its seed; the numbers are the host's, or the device's own */
    case PLUG_KINDS:
        break;
    case PLUG_DISK:
        plug->backend = door_wrap_disk(slot, slot->real);
        break;
    case PLUG_NET:
        plug->backend = wrap_net(slot, slot->real);
        break;
    case PLUG_SHARE:
        plug->backend = wrap_share(slot, slot->real);
        break;
    case PLUG_CONSOLE:
        plug->backend = wrap_terminal(slot, slot->real);
        break;
    case PLUG_SCREEN:
        plug->backend = wrap_screen(slot, slot->real);
        break;
    case PLUG_KEYBOARD:
    case PLUG_TABLET:
    case PLUG_MOUSE:
        plug->backend = wrap_input(slot, slot->real);
        break;
    }
}
