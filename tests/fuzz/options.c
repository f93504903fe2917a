/* Fuzzer: the command line, its words separated by NUL; and the values that are read only later,
 * the processor's name and a command's. The same words are then read as QEMU's. */
#include "frontend/options.h"

#include "frontend/console.h"
#include "frontend/qemu.h"

#include "tests/fuzz/fuzz.h"

#define MOST_WORDS 32

/* What options_parse() promises of numbers. */
static void check_values(const struct options *options)
{
    fuzz_check(options->harts >= 1 && options->harts <= MACHINE_HARTS, "harts out of range");
    fuzz_check(options->disk_count <= OPTION_DISKS, "too many disks");
    fuzz_check(options->word_count <= OPTION_WORDS, "too many words");
    fuzz_check(options->extra_count <= EXTRA_MOST, "too many extras");
    fuzz_check(options->entropy_slot <= HOST_PLUGS, "no such slot");
    for (unsigned i = 0; i < options->disk_count && i < OPTION_DISKS; i++)
        fuzz_check(options->disks[i].slot <= HOST_PLUGS, "no such slot");
    fuzz_check(options->escape == CONSOLE_NO_ESCAPE ||
                   (options->escape >= 1 && options->escape <= 26),
               "the escape is no control character");
    for (unsigned i = 0; i < options->disk_count; i++)
        fuzz_check(memchr(options->disks[i].path, 0, OPTION_PATH) && options->disks[i].path[0],
                   "a disk has no name");
}

/* What QEMU's words plug in. */
static void check_plugs(const struct options *options)
{
    const unsigned slots[] = {options->net_slot,      options->console_slot, options->gpu_slot,
                              options->keyboard_slot, options->tablet_slot,  options->mouse_slot};

    for (unsigned i = 0; i < sizeof slots / sizeof *slots; i++) {
        fuzz_check(slots[i] <= HOST_PLUGS, "no such slot");
        for (unsigned n = 0; n < i; n++)
            fuzz_check(!slots[i] || slots[i] != slots[n], "a slot is taken twice");
    }
    fuzz_check(!options->gpu_slot || (options->gpu_width && options->gpu_height), "no screen");
    fuzz_check(options->shares.count <= SHARES_MOST, "too many folders");
    for (unsigned i = 0; i < options->shares.count && i < SHARES_MOST; i++) {
        fuzz_check(options->shares.folders[i].slot <= HOST_PLUGS, "no such slot");
        fuzz_check(options->shares.folders[i].tag[0] && options->shares.folders[i].path[0],
                   "a folder has no name");
    }
    fuzz_check(options->net.forward_count <= NET_FORWARDS, "too many forwards");
}

static void use_values(const struct options *options)
{
    static const char *const words[] = {"linux", "xv6", "help", NULL};
    char message[200] = "", text[512];
    struct isa isa;

    if (options->cpu && isa_parse(options->cpu, &isa, message, sizeof message)) {
        fuzz_check(isa.xlen == 32 || isa.xlen == 64, "a processor of no width");
        isa_string(&isa, text, sizeof text);
        fuzz_check(isa_parse(text, &isa, message, sizeof message), "our own ISA string is refused");
    } else if (options->cpu) {
        fuzz_check(message[0] && memchr(message, 0, sizeof message), "a refusal without words");
    }
    for (unsigned i = 0; i < options->word_count; i++) {
        options_command(options->words[i]);
        nearest_word(options->words[i], words);
    }
}

typedef bool reader(struct options *options, int argc, char **argv, char *message, size_t size);

static void read_as(reader *parse, int argc, char **argv)
{
    char message[256] = "";
    struct options *options = malloc(sizeof *options);

    fuzz_check(options != NULL, "no memory");
    if (parse(options, argc, argv, message, sizeof message)) {
        check_values(options);
        check_plugs(options);
        use_values(options);
    } else {
        fuzz_check(message[0] && memchr(message, 0, sizeof message), "a refusal without words");
    }
    free(options);
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    char ours[] = "vitrine", qemus[] = "qemu-system-riscv32";
    char *line = calloc(1, size + 1), *argv[MOST_WORDS + 2] = {ours};
    int argc = 1;

    fuzz_check(line != NULL, "no memory");
    if (size)
        memcpy(line, bytes, size);
    for (char *at = line; at < line + size && argc <= MOST_WORDS; at += strlen(at) + 1)
        argv[argc++] = at;
    /* getopt_long(3) moves the words about: QEMU's come first. */
    argv[0] = qemus;
    read_as(qemu_parse, argc, argv);
    argv[0] = ours;
    read_as(options_parse, argc, argv);
    free(line);
    return 0;
}
