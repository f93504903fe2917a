/* Keys: from their place on a keyboard, as SDL and USB number it, to the numbers of Linux's input
 * layer; and from a character to the keys that type it on an American keyboard. */
#ifndef FRONTEND_KEYS_H
#define FRONTEND_KEYS_H

#include "memory/types.h"

/* enum evdev_key of an SDL_Scancode; 0 when the guest's keyboard has no such key. */
u16 key_of_scancode(unsigned scancode);

/* The same of a mouse's button, as SDL numbers them. */
u16 key_of_button(unsigned button);

struct keystroke {
    u16 key; /* 0: it cannot be typed */
    bool with_shift;
};

struct keystroke key_of_character(char character);

#endif
