/* The two tables (see keys.h). Characters that an American keyboard does not have cannot be pasted:
 * which keys would type them depends on the guest's own settings. */
#include "frontend/keys.h"

#include "devices/evdev.h"

#include <SDL_scancode.h>
#include <string.h>

/* SDL's scancode, by its name without SDL_SCANCODE_, and Linux's number. */
#define KEY(name, number) [SDL_SCANCODE_##name] = number

static const u8 keys[SDL_NUM_SCANCODES] = {
    KEY(ESCAPE, 1),
    KEY(1, 2),
    KEY(2, 3),
    KEY(3, 4),
    KEY(4, 5),
    KEY(5, 6),
    KEY(6, 7),
    KEY(7, 8),
    KEY(8, 9),
    KEY(9, 10),
    KEY(0, 11),
    KEY(MINUS, 12),
    KEY(EQUALS, 13),
    KEY(BACKSPACE, 14),
    KEY(TAB, 15),
    KEY(Q, 16),
    KEY(W, 17),
    KEY(E, 18),
    KEY(R, 19),
    KEY(T, 20),
    KEY(Y, 21),
    KEY(U, 22),
    KEY(I, 23),
    KEY(O, 24),
    KEY(P, 25),
    KEY(LEFTBRACKET, 26),
    KEY(RIGHTBRACKET, 27),
    KEY(RETURN, KEY_ENTER),
    KEY(LCTRL, KEY_LEFTCTRL),
    KEY(A, 30),
    KEY(S, 31),
    KEY(D, 32),
    KEY(F, 33),
    KEY(G, 34),
    KEY(H, 35),
    KEY(J, 36),
    KEY(K, 37),
    KEY(L, 38),
    KEY(SEMICOLON, 39),
    KEY(APOSTROPHE, 40),
    KEY(GRAVE, 41),
    KEY(LSHIFT, KEY_LEFTSHIFT),
    KEY(BACKSLASH, 43),
    KEY(NONUSHASH, 43),
    KEY(Z, 44),
    KEY(X, 45),
    KEY(C, 46),
    KEY(V, 47),
    KEY(B, 48),
    KEY(N, 49),
    KEY(M, 50),
    KEY(COMMA, 51),
    KEY(PERIOD, 52),
    KEY(SLASH, 53),
    KEY(RSHIFT, 54),
    KEY(KP_MULTIPLY, 55),
    KEY(LALT, KEY_LEFTALT),
    KEY(SPACE, 57),
    KEY(CAPSLOCK, 58),
    KEY(F1, 59),
    KEY(F2, 60),
    KEY(F3, 61),
    KEY(F4, 62),
    KEY(F5, 63),
    KEY(F6, 64),
    KEY(F7, 65),
    KEY(F8, 66),
    KEY(F9, 67),
    KEY(F10, 68),
    KEY(NUMLOCKCLEAR, 69),
    KEY(SCROLLLOCK, 70),
    KEY(KP_7, 71),
    KEY(KP_8, 72),
    KEY(KP_9, 73),
    KEY(KP_MINUS, 74),
    KEY(KP_4, 75),
    KEY(KP_5, 76),
    KEY(KP_6, 77),
    KEY(KP_PLUS, 78),
    KEY(KP_1, 79),
    KEY(KP_2, 80),
    KEY(KP_3, 81),
    KEY(KP_0, 82),
    KEY(KP_PERIOD, 83),
    KEY(LANG5, 85),
    KEY(NONUSBACKSLASH, 86),
    KEY(F11, 87),
    KEY(F12, 88),
    KEY(INTERNATIONAL1, 89),
    KEY(LANG3, 90),
    KEY(LANG4, 91),
    KEY(INTERNATIONAL4, 92),
    KEY(INTERNATIONAL2, 93),
    KEY(INTERNATIONAL5, 94),
    KEY(KP_ENTER, 96),
    KEY(RCTRL, 97),
    KEY(KP_DIVIDE, 98),
    KEY(PRINTSCREEN, 99),
    KEY(RALT, 100),
    KEY(HOME, 102),
    KEY(UP, 103),
    KEY(PAGEUP, 104),
    KEY(LEFT, 105),
    KEY(RIGHT, 106),
    KEY(END, 107),
    KEY(DOWN, 108),
    KEY(PAGEDOWN, 109),
    KEY(INSERT, 110),
    KEY(DELETE, 111),
    KEY(MUTE, 113),
    KEY(VOLUMEDOWN, 114),
    KEY(VOLUMEUP, 115),
    KEY(POWER, KEY_POWER),
    KEY(KP_EQUALS, 117),
    KEY(PAUSE, 119),
    KEY(KP_COMMA, 121),
    KEY(LANG1, 122),
    KEY(LANG2, 123),
    KEY(INTERNATIONAL3, 124),
    KEY(LGUI, 125),
    KEY(RGUI, 126),
    KEY(APPLICATION, 127),
    KEY(F13, 183),
    KEY(F14, 184),
    KEY(F15, 185),
    KEY(F16, 186),
    KEY(F17, 187),
    KEY(F18, 188),
    KEY(F19, 189),
    KEY(F20, 190),
    KEY(F21, 191),
    KEY(F22, 192),
    KEY(F23, 193),
    KEY(F24, 194),
};

#undef KEY

u16 key_of_scancode(unsigned scancode)
{
    return scancode < SDL_NUM_SCANCODES ? keys[scancode] : 0;
}

u16 key_of_button(unsigned button)
{
    static const u16 buttons[] = {0, BTN_LEFT, BTN_MIDDLE, BTN_RIGHT, BTN_SIDE, BTN_EXTRA};

    return button < sizeof buttons / sizeof buttons[0] ? buttons[button] : 0;
}

/* Rows of the keyboard: its keys from a number on, and what each types without and with shift. */
struct row {
    u16 first;
    const char *plain, *shifted;
};

static const struct row rows[] = {
    {2, "1234567890-=", "!@#$%^&*()_+"},
    {15, "\t", "\t"},
    {16, "qwertyuiop[]", "QWERTYUIOP{}"},
    {KEY_ENTER, "\n", "\n"},
    {30, "asdfghjkl;'`", "ASDFGHJKL:\"~"},
    {43, "\\zxcvbnm,./", "|ZXCVBNM<>?"},
    {57, " ", " "},
};

struct keystroke key_of_character(char character)
{
    for (unsigned i = 0; character && i < sizeof rows / sizeof rows[0]; i++) {
        const char *plain = strchr(rows[i].plain, character);
        const char *shifted = strchr(rows[i].shifted, character);
        if (plain)
            return (struct keystroke){(u16)(rows[i].first + (plain - rows[i].plain)), false};
        if (shifted)
            return (struct keystroke){(u16)(rows[i].first + (shifted - rows[i].shifted)), true};
    }
    return (struct keystroke){0};
}
