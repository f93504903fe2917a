/* The table of QEMU's words (qemu_parts.h), and the readers of the simple ones. A word is one row.
 *
 * Of the words that are not here, those that course material uses are named with what is missing;
 * the rest of QEMU's hundred are simply not known. */
#include "frontend/qemu_parts.h"

#include <stddef.h>
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

static bool refuse_value(struct qemu *qemu, const struct qemu_word *word, const char *text,
                         const char *taken)
{
    return QEMU_REFUSE(qemu, "-%s %.60s cannot be had here; it takes %s.", word->name, text, taken);
}

/* Where keys are commands to us, so they are with all of these: one has to get out somehow. */
static bool read_serial(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    bool is_stdio = !strcmp(text, "mon:stdio") || !strcmp(text, "stdio");
    bool is_nothing = !strcmp(text, "null") || !strcmp(text, "none");

    if (qemu->has_serial && is_nothing)
        return true;
    if (qemu->has_serial)
        return QEMU_REFUSE(qemu, "The board has one serial line, and -serial was said before.");
    qemu->has_serial = is_stdio || is_nothing;
    qemu->options->no_console = is_nothing;
    return qemu->has_serial || refuse_value(qemu, word, text, "mon:stdio, stdio, null or none");
}

static bool read_none(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    return !strcmp(text, "none") || !strcmp(text, "null") || refuse_value(qemu, word, text, "none");
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
    {"device", "NAME,...", qemu_read_device, 0,
     "virtio-blk-device,drive=I  virtio-net-device,netdev=I  virtio-rng-device (each with "
     "bus=virtio-mmio-bus.N)  loader,file=F[,addr=A]  loader,addr=A,data=D,data-len=L"},
    {"global", "NAME.PROPERTY=VALUE", qemu_read_global, 0,
     "virtio-mmio.force-legacy=false for the modern virtio (legacy, as QEMU has it)"},
    {"serial", "mon:stdio|stdio|none", read_serial, 0, "where the serial line goes (stdio)"},
    {"nographic", NULL, pass_over, 0, "the serial line on stdio, with Ctrl-A keys, as always here"},
    {"display", "none", read_none, 0, "no window"},
    {"monitor", "none", read_none, 0, "no monitor"},
    {"no-reboot", NULL, read_flag, MEMBER(no_reboot), "a reset by the guest ends the run"},
    {"d", "ITEMS", qemu_read_log, 0, "accepted: what it would log is not logged here"},
    {"D", "FILE", pass_over, 0, "accepted, and not written to"},
    {"rtc", "base=utc", qemu_read_clock, 0, "the real-time clock, as it is"},
    {"accel", "tcg", qemu_read_accelerator, 0, "accepted"},
    {"nodefaults", NULL, read_no_defaults, 0, "no serial line unless -serial says so"},
    {"no-user-config", NULL, pass_over, 0, "accepted"},
    {"name", "TEXT", pass_over, 0, "accepted"},
    {"uuid", "TEXT", pass_over, 0, "accepted"},
    {"vga", "none", read_none, 0, "accepted"},
    {"parallel", "none", read_none, 0, "accepted"},
    {"net", "none", read_none, 0, "no network"},
    {"nic", "none", read_none, 0, "no network"},
    {"h", NULL, read_flag, MEMBER(help), "this help"},
    {"help", NULL, read_flag, MEMBER(help), "the same"},
    {"version", NULL, read_flag, MEMBER(version), "the version of vitrine"},
    /* Refused by name; the meaning ends the sentence, and begins with a space. */
    {"s", NULL, refuse_word, 0, " there is no gdb stub here yet"},
    {"S", NULL, refuse_word, 0,
     " nothing could set the machine going, for there is no gdb stub yet"},
    {"gdb", "DEV", refuse_word, 0, " there is no gdb stub here yet"},
    {"no-shutdown", NULL, refuse_word, 0, " there is no monitor to look at a machine switched off"},
    {"qmp", "DEV", refuse_word, 0, " there is no monitor here"},
    {"mon", "DEV", refuse_word, 0, " there is no monitor here"},
    {"chardev", "DEV", refuse_word, 0, " the serial line is described with -serial"},
    {"blockdev", "DEV", refuse_word, 0, " disks are described with -drive"},
    {"hda", "FILE", refuse_word, 0,
     " the board has no IDE; use -drive and -device virtio-blk-device"},
    {"cdrom", "FILE", refuse_word, 0,
     " the board has no IDE; use -drive and -device virtio-blk-device"},
    {"pflash", "FILE", refuse_word, 0, " the board has no flash memory"},
    {"icount", "N", refuse_word, 0, " vitrine run has --clock virtual for this"},
    {"semihosting", NULL, refuse_word, 0, " there is no semihosting"},
    {"semihosting-config", "TEXT", refuse_word, 0, " there is no semihosting"},
    {"enable-kvm", NULL, refuse_word, 0, " everything is interpreted here"},
    {"daemonize", NULL, refuse_word, 0, " leave that to your shell"},
    {"plugin", "FILE", refuse_word, 0, " there are no plugins"},
    {"trace", "TEXT", refuse_word, 0, " there are no trace points"},
    {"loadvm", "NAME", refuse_word, 0, " there are no snapshots yet"},
    {"incoming", "DEV", refuse_word, 0, " nothing can be migrated"},
    {"usb", NULL, refuse_word, 0, " the board has no USB"},
};

const unsigned qemu_word_count = sizeof qemu_words / sizeof qemu_words[0];
