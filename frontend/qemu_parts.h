/* Shared by the files that read QEMU's words (qemu*.c). Every reader returns false with one
 * sentence in the reading's message. */
#ifndef FRONTEND_QEMU_PARTS_H
#define FRONTEND_QEMU_PARTS_H

#include "frontend/qemu.h"
#include "loader/refuse.h"

#define QEMU_KEY      32
#define QEMU_ID       64
#define QEMU_DRIVES   OPTION_DISKS
#define QEMU_DEVICES  16
#define QEMU_MESSAGE  512
#define QEMU_CHARDEVS 4
#define QEMU_SLOTS    8 /* virtio-mmio-bus.0 to .7 */

/* -drive, until a -device takes it. */
struct qemu_drive {
    char id[QEMU_ID];
    struct option_disk disk;
    bool is_taken;
    bool is_for_any; /* without if=none it is plugged in though no -device names it */
};

/* -fsdev, likewise. */
struct qemu_folder {
    char id[QEMU_ID];
    char path[SHARES_PATH];
    char tag[QEMU_ID]; /* empty: a -device says it */
    bool read_only;
};

/* -chardev: where a line of the guest's goes. */
struct qemu_chardev {
    char id[QEMU_ID];
    bool is_stdio; /* or null */
};

/* -netdev, likewise. */
struct qemu_netdev {
    char id[QEMU_ID];
    bool is_there;
};

/* One command line under way. */
struct qemu {
    struct options *options;
    unsigned xlen; /* 32 or 64; 0: as the kernel is */
    struct qemu_drive drives[QEMU_DRIVES];
    unsigned drive_count;
    struct qemu_netdev netdev;
    bool has_nic; /* -nic or -net: the device that goes with the netdev */
    struct qemu_folder folders[SHARES_MOST];
    unsigned folder_count;
    struct qemu_chardev chardevs[QEMU_CHARDEVS];
    unsigned chardev_count;
    bool has_virtconsole, has_display;
    const char *devices[QEMU_DEVICES]; /* -device: read last, for they name the others */
    unsigned device_count;
    u32 slots_taken; /* bit N: virtio-mmio-bus.N */
    bool has_serial, no_defaults;
    char message[QEMU_MESSAGE];
};

#define QEMU_REFUSE(qemu, ...) refuse((qemu)->message, sizeof(qemu)->message, __VA_ARGS__)

struct qemu_word;
struct qemu_key;
typedef bool qemu_reader(struct qemu *qemu, const struct qemu_word *word, const char *text);

/* One of QEMU's words. */
struct qemu_word {
    const char *name, *value; /* value NULL: none follows */
    qemu_reader *read;
    size_t member;       /* of struct options, for the simple ones */
    const char *meaning; /* for help; for what is refused, the sentence's end */
};

extern const struct qemu_word qemu_words[];
extern const unsigned qemu_word_count;

/* One KEY=VALUE of a list. */
struct qemu_pair {
    char key[QEMU_KEY];
    char value[OPTION_PATH]; /* "on" where there was only a key */
};

/* Takes the next pair from a list such as "virt,aclint=on"; in values ",," stands for a comma. The
 * first may leave its key out where one is implied (not NULL). False at the list's end. */
bool qemu_next_pair(const char **list, const char *implied, struct qemu_pair *pair);
/* Is it that key? */
bool qemu_is_key(const struct qemu_pair *pair, const char *key);
/* on, off, yes, no, true, false. */
bool qemu_read_switch(struct qemu *qemu, const struct qemu_word *word, const struct qemu_pair *pair,
                      bool *on);
/* A number, or a sentence. */
bool qemu_read_number(struct qemu *qemu, const struct qemu_word *word, const struct qemu_pair *pair,
                      u64 *number);
/* The sentence for a key or a value that is not taken. */
bool qemu_refuse_pair(struct qemu *qemu, const struct qemu_word *word,
                      const struct qemu_pair *pair);

/* What a device may be given beside bus=, id= and what changes nothing here. */
struct qemu_key {
    const char *name; /* the list ends with NULL */
    char *text;       /* QEMU_ID bytes; NULL: a number */
    u64 *number;
};

/* Reads what stands behind -device NAME,. Where a virtio slot is asked for (slot not NULL), takes
 * the one that was named, or as in QEMU the last that is free; it counts from 1. */
bool qemu_read_keys(struct qemu *qemu, const char *list, const struct qemu_key *keys,
                    unsigned *slot);
/* 1 to QEMU_ID - 1 characters. */
bool qemu_read_id(struct qemu *qemu, const struct qemu_word *word, const char *text, char *id);

/* A device: takes what stands behind its name. */
typedef bool qemu_plugger(struct qemu *qemu, const char *list);
/* qemu_net.c, qemu_folders.c, qemu_lines.c, qemu_screen.c */
qemu_plugger qemu_plug_net, qemu_plug_folder, qemu_plug_serial_bus, qemu_plug_console,
    qemu_plug_gpu, qemu_plug_keyboard, qemu_plug_tablet, qemu_plug_mouse;
/* When every device has been read. */
bool qemu_finish_folders(struct qemu *qemu);
bool qemu_finish_net(struct qemu *qemu);
bool qemu_finish_lines(struct qemu *qemu);
void qemu_finish_screen(struct qemu *qemu);

/* qemu_machine.c */
qemu_reader qemu_read_machine, qemu_read_memory, qemu_read_harts, qemu_read_cpu, qemu_read_global,
    qemu_read_log, qemu_read_accelerator;
/* qemu_time.c */
qemu_reader qemu_read_clock, qemu_read_counting;
/* qemu_devices.c */
qemu_reader qemu_read_drive, qemu_read_image, qemu_read_device;
/* qemu_net.c */
qemu_reader qemu_read_netdev, qemu_read_nic;
/* qemu_folders.c */
qemu_reader qemu_read_folder, qemu_read_shared_folder;
/* qemu_lines.c */
qemu_reader qemu_read_serial, qemu_read_chardev, qemu_read_monitor;
/* qemu_screen.c */
qemu_reader qemu_read_display, qemu_read_nographic;
/* When every word has been read. */
bool qemu_plug_devices(struct qemu *qemu);

#endif
