/* The table of QEMU's words (qemu_parts.h), and the readers of the simple ones. A word is one row.
 *
 * Of the words that are not here, those that course material uses are named with what is missing;
 * the rest of QEMU's hundred are simply not known. */
#include "frontend/qemu_parts.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

static bool read_text(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    const char **member = (const char **)(void *)((char *)qemu->options + word->member);

    *member = text;
    return true;
}

static bool read_flag(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    (void)text;
    *(bool *)((char *)qemu->options + word->member) = true;
    return true;
}

static bool read_no_defaults(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    (void)word;
    (void)text;
    qemu->no_defaults = true;
    return true;
}

/* What changes nothing here. */
static bool pass_over(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    (void)qemu;
    (void)word;
    (void)text;
    return true;
}

static bool refuse_word(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    (void)text;
    return QEMU_REFUSE(qemu, "-%s cannot be had:%s.", word->name, word->meaning);
}

static bool read_short_gdb(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    (void)word;
    (void)text;
    qemu->options->gdb = "1234";
    return true;
}

/* What QEMU says of the socket behind a comma is so here anyway. */
static bool read_gdb(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    char *made = qemu->options->made_gdb;
    bool is_tcp = !strncmp(text, "tcp:", 4);

    if (!strcmp(text, "none"))
        return true;
    if (!is_tcp && strncmp(text, "unix:", 5))
        return QEMU_REFUSE(qemu,
                           "-%s %.60s cannot be had here; it takes tcp:[HOST]:PORT or unix:PATH.",
                           word->name, text);
    text += is_tcp ? 4 : 0;
    text += is_tcp && *text == ':'; /* no host */
    snprintf(made, sizeof qemu->options->made_gdb, "%.*s", (int)strcspn(text, ","), text);
    qemu->options->gdb = made;
    return true;
}

static bool read_none(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    return !strcmp(text, "none") || !strcmp(text, "null") ||
           QEMU_REFUSE(qemu, "-%s %.60s cannot be had here; it takes none.", word->name, text);
}

/* Where random numbers come from: they come from the host. */
static bool read_object(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    return !strncmp(text, "rng-", 4) ||
           QEMU_REFUSE(qemu, "-%s %.60s cannot be had here; it takes rng-random and rng-builtin.",
                       word->name, text);
}

#define MEMBER(name) offsetof(struct options, name)

const struct qemu_word qemu_words[] = {
    /* name, value, reader, member, meaning */
    {"machine", "virt[,...]", qemu_read_machine, 0,
     "the board: virt; dumpdtb=FILE writes its tree"},
    {"M", "virt[,...]", qemu_read_machine, 0, "the same"},
    {"cpu", "NAME[,EXT=on|off]", qemu_read_cpu, 0,
     "rv64, rv32, max, rva22s64 or an ISA string, with extensions switched on or off"},
    {"smp", "N[,...]", qemu_read_harts, 0, "number of harts, 1 to 64 (1)"},
    {"m", "SIZE", qemu_read_memory, 0, "guest memory in MiB, or with K, M or G (128)"},
    {"bios", "none|default|FILE", read_text, MEMBER(firmware),
     "the firmware (default: Debian's OpenSBI)"},
    {"kernel", "FILE", read_text, MEMBER(kernel), "the kernel: an ELF, an Image or a raw binary"},
    {"initrd", "FILE", read_text, MEMBER(initrd), "the initial RAM disk"},
    {"append", "TEXT", read_text, MEMBER(append), "the kernel's command line"},
    {"dtb", "FILE", read_text, MEMBER(dtb), "a device tree instead of the board's"},
    {"drive", "file=F,if=none,id=I", qemu_read_drive, 0,
     "a raw disk image, with format=raw and readonly=on if you like"},
    {"snapshot", NULL, read_flag, MEMBER(discard),
     "what is written to disks is gone after the run"},
    {"netdev", "user,id=I", qemu_read_netdev, 0, "the guest's network, with hostfwd= if you like"},
    {"nic", "user|none[,...]", qemu_read_nic, 0,
     "a network with its card, with hostfwd= and mac= if you like"},
    {"net", "user|nic|none[,...]", qemu_read_nic, 0, "the same, as it was said long ago"},
    {"fsdev", "local,id=I,path=D", qemu_read_folder, 0,
     "a folder for the guest, with readonly=on if you like; any security_model is none"},
    {"virtfs", "local,path=D,...", qemu_read_shared_folder, 0,
     "the same with its device; mount_tag=T is what the guest mounts"},
    {"device", "NAME,...", qemu_read_device, 0,
     "virtio-blk-device,drive=I  virtio-net-device,netdev=I[,mac=M]  virtio-rng-device  "
     "virtio-gpu-device[,xres=W,yres=H]  virtio-keyboard-device  virtio-tablet-device  "
     "virtio-mouse-device  virtio-9p-device,fsdev=I,mount_tag=T  virtio-serial-device (each with "
     "bus=virtio-mmio-bus.N)  virtconsole,chardev=I  loader,file=F[,addr=A]  "
     "loader,addr=A,data=D,data-len=L"},
    {"global", "NAME.PROPERTY=VALUE", qemu_read_global, 0,
     "virtio-mmio.force-legacy=false for the modern virtio (legacy, as QEMU has it)"},
    {"serial", "mon:stdio|file:F|none", qemu_read_serial, 0, "where the serial line goes (stdio)"},
    {"chardev", "stdio|null,id=I", qemu_read_chardev, 0, "for -serial chardev:I and virtconsole"},
    {"mon", "chardev=I", qemu_read_monitor, 0, "accepted: the Ctrl-A keys are there anyway"},
    {"nographic", NULL, qemu_read_nographic, 0,
     "no window; the serial line is on stdio, with Ctrl-A keys, as always here"},
    {"display", "none|sdl|gtk", qemu_read_display, 0,
     "a window, if there is a virtio-gpu-device (one if it can be opened)"},
    {"monitor", "none", read_none, 0, "no monitor"},
    {"no-reboot", NULL, read_flag, MEMBER(no_reboot), "a reset by the guest ends the run"},
    {"d", "ITEMS", qemu_read_log, 0, "accepted: what it would log is not logged here"},
    {"D", "FILE", pass_over, 0, "accepted, and not written to"},
    {"rtc", "base=utc|DATE", qemu_read_clock, 0, "what the real-time clock says at the start"},
    {"icount", "shift=N|auto", qemu_read_counting, 0,
     "2^N ns pass with every instruction, and none while all harts wait"},
    {"object", "rng-random,id=I", read_object, 0, "accepted"},
    {"pidfile", "FILE", read_text, MEMBER(pid_path), "the process writes its number there"},
    {"hda", "FILE", qemu_read_image, 0, "a raw disk image in the last slot that is free"},
    {"s", NULL, read_short_gdb, 0, "gdb can connect at 127.0.0.1:1234"},
    {"gdb", "tcp:[HOST]:PORT|unix:PATH", read_gdb, 0, "where gdb can connect (host 127.0.0.1)"},
    {"S", NULL, read_flag, MEMBER(starts_stopped), "the machine stands still until gdb says go"},
    {"accel", "tcg", qemu_read_accelerator, 0, "accepted"},
    {"nodefaults", NULL, read_no_defaults, 0, "no serial line unless -serial says so"},
    {"no-user-config", NULL, pass_over, 0, "accepted"},
    {"name", "TEXT", pass_over, 0, "accepted"},
    {"uuid", "TEXT", pass_over, 0, "accepted"},
    {"vga", "KIND", pass_over, 0, "accepted: as in QEMU this board makes nothing of it"},
    {"boot", "TEXT", pass_over, 0, "the same"},
    {"parallel", "none", read_none, 0, "accepted"},
    {"h", NULL, read_flag, MEMBER(help), "this help"},
    {"help", NULL, read_flag, MEMBER(help), "the same"},
    {"version", NULL, read_flag, MEMBER(version), "the version of vitrine"},
    /* Refused by name; the meaning ends the sentence, and begins with a space. */
    {"no-shutdown", NULL, refuse_word, 0, " there is no monitor to look at a machine switched off"},
    {"qmp", "DEV", refuse_word, 0, " there is no monitor here"},
    {"blockdev", "DEV", refuse_word, 0, " disks are described with -drive"},
    {"cdrom", "FILE", refuse_word, 0,
     " the board has no IDE; use -drive and -device virtio-blk-device"},
    {"pflash", "FILE", refuse_word, 0, " the board has no flash memory"},
    {"semihosting", NULL, refuse_word, 0, " there is no semihosting"},
    {"semihosting-config", "TEXT", refuse_word, 0, " there is no semihosting"},
    {"fw_cfg", "TEXT", refuse_word, 0, " the board has no fw_cfg device"},
    {"vnc", "DISPLAY", refuse_word, 0, " nobody can look at the screen over the network"},
    {"spice", "TEXT", refuse_word, 0, " nobody can look at the screen over the network"},
    {"full-screen", NULL, refuse_word, 0, " press F11 in the window"},
    {"audiodev", "DEV", refuse_word, 0, " the board makes no sound"},
    {"audio", "DEV", refuse_word, 0, " the board makes no sound"},
    {"sd", "FILE", refuse_word, 0, " the board has no SD card; use -drive"},
    {"tpmdev", "DEV", refuse_word, 0, " the board has no TPM"},
    {"enable-kvm", NULL, refuse_word, 0, " everything is interpreted here"},
    {"daemonize", NULL, refuse_word, 0, " leave that to your shell"},
    {"plugin", "FILE", refuse_word, 0, " there are no plugins"},
    {"trace", "TEXT", refuse_word, 0, " there are no trace points"},
    {"loadvm", "NAME", refuse_word, 0, " there are no snapshots yet"},
    {"incoming", "DEV", refuse_word, 0, " nothing can be migrated"},
    {"usb", NULL, refuse_word, 0, " the board has no USB"},
};

const unsigned qemu_word_count = sizeof qemu_words / sizeof qemu_words[0];
