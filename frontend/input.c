/* Queues of events (see input.h). A packet is one or two events and the SYN_REPORT that ends it. */
#include "frontend/input.h"

#include "devices/evdev.h"
#include "frontend/keys.h"

#include <string.h>

void input_init(struct input *input)
{
    memset(input, 0, sizeof *input);
}

static bool has_room(const struct input_queue *queue, u32 count)
{
    return INPUT_EVENTS - queue->count >= count;
}

static void put(struct input_queue *queue, u16 type, u16 code, u32 value)
{
    queue->events[(queue->first + queue->count) % INPUT_EVENTS] =
        (struct host_event){type, code, value};
    queue->count++;
}

static bool get(struct input_queue *queue, struct host_event *event)
{
    if (queue->count == 0)
        return false;
    *event = queue->events[queue->first];
    queue->first = (queue->first + 1) % INPUT_EVENTS;
    queue->count--;
    return true;
}

static void change(struct input *input, u16 code, bool is_down)
{
    struct input_queue *queue = code >= BTN_LEFT ? &input->pointer : &input->keyboard;

    if (code == 0 || code >= INPUT_CODES || input->held[code] == is_down || !has_room(queue, 2))
        return;
    input->held[code] = is_down;
    put(queue, EV_KEY, code, is_down);
    put(queue, EV_SYN, SYN_REPORT, 0);
}

void input_press(struct input *input, u16 code)
{
    change(input, code, true);
}

void input_release(struct input *input, u16 code)
{
    change(input, code, false);
}

void input_release_all(struct input *input)
{
    for (u16 code = 0; code < INPUT_CODES; code++)
        change(input, code, false);
}

void input_be_mouse(struct input *input, u32 width, u32 height)
{
    input->pointer_kind = INPUT_MOUSE;
    input->width = width;
    input->height = height;
}

/* How far it moved, in pixels. What there is no room for is told with the next. */
static void move_mouse(struct input *input, u32 column, u32 row)
{
    u32 right = column - input->column, down = row - input->row;

    if (input->is_placed && ((!right && !down) || !has_room(&input->pointer, 3)))
        return;
    if (input->is_placed) {
        put(&input->pointer, EV_REL, REL_X, right);
        put(&input->pointer, EV_REL, REL_Y, down);
        put(&input->pointer, EV_SYN, SYN_REPORT, 0);
    }
    input->column = column;
    input->row = row;
    input->is_placed = true;
}

void input_move(struct input *input, u32 x, u32 y)
{
    if (input->pointer_kind == INPUT_MOUSE) {
        move_mouse(input, (u32)((u64)x * input->width / TABLET_MOST),
                   (u32)((u64)y * input->height / TABLET_MOST));
        return;
    }
    if (!has_room(&input->pointer, 3))
        return;
    put(&input->pointer, EV_ABS, ABS_X, x);
    put(&input->pointer, EV_ABS, ABS_Y, y);
    put(&input->pointer, EV_SYN, SYN_REPORT, 0);
}

void input_turn_wheel(struct input *input, u16 axis, i32 amount)
{
    if (amount == 0 || !has_room(&input->pointer, 2))
        return;
    put(&input->pointer, EV_REL, axis, (u32)amount);
    put(&input->pointer, EV_SYN, SYN_REPORT, 0);
}

void input_paste(struct input *input, const char *text)
{
    size_t size = strlen(text), room;

    memmove(input->paste, input->paste + input->paste_at, input->paste_size - input->paste_at);
    input->paste_size -= input->paste_at;
    input->paste_at = 0;
    room = INPUT_PASTE - input->paste_size;
    memcpy(input->paste + input->paste_size, text, size < room ? size : room);
    input->paste_size += (u32)(size < room ? size : room);
}

/* The next character of what was pasted, from the first key down to the last key up. */
static void type_next(struct input *input)
{
    struct keystroke stroke = key_of_character(input->paste[input->paste_at++]);

    if (!stroke.key)
        return;
    if (stroke.with_shift)
        input_press(input, KEY_LEFTSHIFT);
    input_press(input, stroke.key);
    input_release(input, stroke.key);
    if (stroke.with_shift)
        input_release(input, KEY_LEFTSHIFT);
}

static bool next_key(void *context, struct host_event *event)
{
    struct input *input = context;

    while (input->keyboard.count == 0 && input->paste_at < input->paste_size)
        type_next(input);
    return get(&input->keyboard, event);
}

static bool next_motion(void *context, struct host_event *event)
{
    return get(&((struct input *)context)->pointer, event);
}

struct host_input input_keyboard(struct input *input)
{
    return (struct host_input){input, next_key};
}

struct host_input input_pointing(struct input *input)
{
    return (struct host_input){input, next_motion};
}
