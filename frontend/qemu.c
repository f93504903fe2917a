/* The reading of QEMU's command lines (see qemu.h): which program is meant, the words one by one,
 * and what QEMU assumes of what was not said. */
#include "frontend/qemu_parts.h"

#include <stdlib.h>
#include <string.h>

#include "loader/file.h"

#define DEFAULT_RAM_SIZE ((u64)128 << 20)

static const struct {
    const char *name;
    unsigned xlen;
} programs[] = {{"qemu-system-riscv64", 64}, {"qemu-system-riscv32", 32}, {"qemu", 0}};

/* Its row; -1 when the word is none. `qemu` counts only as a command. */
static int find_program(const char *word)
{
    for (int i = 0; i < (int)(sizeof programs / sizeof programs[0]); i++)
        if (!strcmp(programs[i].name, word))
            return i;
    return -1;
}

int qemu_is_meant(int argc, char **argv)
{
    int called = argc > 0 ? find_program(file_name(argv[0])) : -1;

    if (called >= 0 && programs[called].xlen)
        return 1;
    return argc > 1 && find_program(argv[1]) >= 0 ? 2 : 0;
}

static const struct qemu_word *find_word(const char *name)
{
    for (unsigned i = 0; i < qemu_word_count; i++)
        if (!strcmp(qemu_words[i].name, name))
            return &qemu_words[i];
    return NULL;
}

static bool refuse_unknown(struct qemu *qemu, const char *said, const char *name)
{
    const char **names = calloc(qemu_word_count + 1, sizeof *names);
    const char *near = NULL;

    for (unsigned i = 0; names && i < qemu_word_count; i++)
        names[i] = qemu_words[i].name;
    if (names)
        near = nearest_word(name, names);
    free(names);
    if (near)
        return QEMU_REFUSE(qemu, "Of QEMU's words vitrine does not know %.40s; did you mean -%s?",
                           said, near);
    return QEMU_REFUSE(qemu, "Of QEMU's words vitrine does not know %.40s.", said);
}

/* Reads the word at argv[*at] and what belongs to it. QEMU takes one dash or two. */
static bool read_word(struct qemu *qemu, int argc, char **argv, int *at)
{
    const char *said = argv[(*at)++];
    const char *name = said + (said[0] == '-') + (said[0] == '-' && said[1] == '-');
    const struct qemu_word *word = find_word(name);
    const char *text = NULL;

    if (said[0] != '-')
        return strlen(said) < OPTION_PATH ? qemu_read_image(qemu, NULL, said)
                                          : QEMU_REFUSE(qemu, "The name of a disk is too long.");
    if (!word)
        return refuse_unknown(qemu, said, name);
    if (word->value) {
        if (*at >= argc)
            return QEMU_REFUSE(qemu, "-%s needs a value: %s.", word->name, word->value);
        text = argv[(*at)++];
        if (strlen(text) >= OPTION_PATH)
            return QEMU_REFUSE(qemu, "What follows -%s is too long.", word->name);
    }
    return word->read(qemu, word, text);
}

/* What QEMU does where nothing was said. */
static bool assume_the_rest(struct qemu *qemu)
{
    struct options *options = qemu->options;
    bool has_extra = options->extra_count > 0;

    if (!options->ram_size)
        options->ram_size = DEFAULT_RAM_SIZE;
    if (!options->firmware)
        options->firmware = "default";
    if (!options->cpu && qemu->xlen)
        options->cpu = qemu->xlen == 32 ? "max32" : "max";
    if (options->starts_stopped && !options->gdb)
        return QEMU_REFUSE(qemu, "With -S there must be -s or -gdb: nothing else could set the "
                                 "machine going.");
    if (!strcmp(options->firmware, "none") && !options->kernel && !has_extra && !options->dump_dtb)
        return QEMU_REFUSE(qemu, "With -bios none there must be a -kernel or a -device loader.");
    return true;
}

static bool read_all(struct qemu *qemu, int argc, char **argv, int at)
{
    while (at < argc)
        if (!read_word(qemu, argc, argv, &at))
            return false;
    return qemu_plug_devices(qemu) &&
           (qemu->options->help || qemu->options->version || assume_the_rest(qemu));
}

bool qemu_parse(struct options *options, int argc, char **argv, char *message, size_t message_size)
{
    char *no_words[] = {argv[0], NULL};
    struct qemu *qemu = calloc(1, sizeof *qemu);
    int first = qemu_is_meant(argc, argv);

    if (!qemu)
        return refuse(message, message_size, "There is no memory left to read the command line.");
    if (!options_parse(options, 1, no_words, message, message_size)) {
        free(qemu);
        return false;
    }
    options->as_qemu = options->legacy_virtio = options->quiet = options->exit_guest_code = true;
    options->entropy_slot = 0;
    options->net.kind = NET_NONE;
    qemu->options = options;
    qemu->xlen = programs[find_program(file_name(argv[first - 1]))].xlen;
    bool is_read = read_all(qemu, argc, argv, first);
    if (!is_read)
        refuse(message, message_size, "%s", qemu->message);
    free(qemu);
    return is_read;
}

/* The version whose command lines and board these are. */
void qemu_print_version(FILE *to)
{
    fprintf(to, "QEMU emulator version 10.0.0 (its words, as vitrine %s takes them)\n",
            VITRINE_VERSION);
}

void qemu_print_help(FILE *to)
{
    fprintf(to, "vitrine understands these words of QEMU's, with one dash or two:\n\n");
    for (unsigned i = 0; i < qemu_word_count; i++) {
        const struct qemu_word *word = &qemu_words[i];
        char text[64];
        if (!word->meaning || word->meaning[0] == ' ')
            continue;
        snprintf(text, sizeof text, "-%s %s", word->name, word->value ? word->value : "");
        fprintf(to, "%-27s %s\n", text, word->meaning);
    }
}
