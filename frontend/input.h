/* What a person does with keyboard and pointer, until the guest takes it: two queues of events in
 * front of the machine's keyboard and pointer. What does not fit is dropped by the packet, never in
 * part. Text can be pasted: it is typed as fast as the guest takes it. */
#ifndef FRONTEND_INPUT_H
#define FRONTEND_INPUT_H

#include "devices/host.h"
#include "memory/types.h"

#define INPUT_EVENTS 512u
#define INPUT_PASTE  65536u /* bytes */
#define INPUT_CODES  0x120u /* keys and buttons are numbered below this */

struct input_queue {
    struct host_event events[INPUT_EVENTS]; /* a ring */
    u32 first, count;
};

/* What the person's pointer is to the guest. */
enum input_pointer { INPUT_TABLET, INPUT_MOUSE };

struct input {
    struct input_queue keyboard, pointer;
    enum input_pointer pointer_kind;
    u32 width, height;      /* pixels of the picture over which a mouse moves */
    u32 column, row;        /* where the guest believes the mouse to be */
    bool is_placed;         /* it has been anywhere yet */
    bool held[INPUT_CODES]; /* the guest believes that this key is down */
    u32 paste_at, paste_size;
    char paste[INPUT_PASTE];
};

void input_init(struct input *input);
/* A key or a button, by its number in devices/evdev.h. What is down already, or up, stays so. */
void input_press(struct input *input, u16 code);
void input_release(struct input *input, u16 code);
/* Everything that is down comes up: the person has gone to another window. */
void input_release_all(struct input *input);
/* The guest has a mouse instead of a tablet, over a picture of this size. */
void input_be_mouse(struct input *input, u32 width, u32 height);
/* The pointer is here: 0 to TABLET_MOST in each direction. */
void input_move(struct input *input, u32 x, u32 y);
/* axis: REL_WHEEL or REL_HWHEEL; amount: notches, up and right are positive. */
void input_turn_wheel(struct input *input, u16 axis, i32 amount);
/* Types a text, after what is being typed. Characters that cannot be typed are left out. */
void input_paste(struct input *input, const char *text);
/* What the machine sees of it. */
struct host_input input_keyboard(struct input *input);
struct host_input input_pointing(struct input *input);

#endif
