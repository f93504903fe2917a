/* Numbers of Linux's input layer that we use: types of events, axes, and those keys and buttons
 * that somebody here names. A key's number is that of include/uapi/linux/input-event-codes.h; the
 * whole keyboard is a table in frontend/keys.c. */
#ifndef DEVICES_EVDEV_H
#define DEVICES_EVDEV_H

enum evdev_type { EV_SYN = 0, EV_KEY = 1, EV_REL = 2, EV_ABS = 3, EV_LED = 0x11, EV_REP = 0x14 };

enum evdev_code {
    SYN_REPORT = 0,
    REL_X = 0,
    REL_Y = 1,
    REL_HWHEEL = 6,
    REL_WHEEL = 8,
    ABS_X = 0,
    ABS_Y = 1,
    LED_NUML = 0,
    LED_CAPSL = 1,
    LED_SCROLLL = 2,
    REP_DELAY = 0,
    REP_PERIOD = 1,
    BUS_VIRTUAL = 6,
};

enum evdev_key {
    KEY_ENTER = 28,
    KEY_LEFTCTRL = 29,
    KEY_LEFTSHIFT = 42,
    KEY_LEFTALT = 56,
    KEY_POWER = 116,
    KEY_LAST = 0xf7, /* the last that the keyboard says it has */
    BTN_LEFT = 0x110,
    BTN_RIGHT = 0x111,
    BTN_MIDDLE = 0x112,
    BTN_SIDE = 0x113,
    BTN_EXTRA = 0x114,
};

/* A tablet's axes go from 0 to this. */
#define TABLET_MOST 32767u

#endif
