/* QEMU's words about the machine itself: board, processor, memory, harts, and what it logs. */
#include "frontend/qemu_parts.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "frontend/values.h"

/* What the board does anyway: key, value, as they may stand after -machine virt. */
static const char *const machine_as_is[][2] = {
    {"type", "virt"},    {"accel", "tcg"},   {"aclint", "off"},    {"aia", "none"},
    {"acpi", "on"},      {"acpi", "off"},    {"acpi", "auto"},     {"usb", "off"},
    {"graphics", "off"}, {"graphics", "on"}, {"iommu-sys", "off"}, {"iommu-sys", "auto"},
};

bool qemu_read_machine(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    struct qemu_pair pair;
    const char *implied = "type";

    for (; qemu_next_pair(&text, implied, &pair); implied = NULL) {
        bool is_known = false;
        for (unsigned i = 0; i < sizeof machine_as_is / sizeof machine_as_is[0]; i++)
            is_known |=
                qemu_is_key(&pair, machine_as_is[i][0]) && !strcmp(pair.value, machine_as_is[i][1]);
        if (qemu_is_key(&pair, "type") && !is_known)
            return QEMU_REFUSE(qemu, "There is no board \"%.60s\" here, only virt.", pair.value);
        if (qemu_is_key(&pair, "dumpdtb")) {
            strcpy(qemu->options->made_path, pair.value);
            qemu->options->dump_dtb = qemu->options->made_path;
        } else if (!is_known) {
            return qemu_refuse_pair(qemu, word, &pair);
        }
    }
    return true;
}

/* In MiB where no unit is named. */
static bool read_size(const char *text, u64 *size)
{
    static const char units[] = "bkmgt";
    const char *end, *unit = units + 2;

    if (!read_number(text, &end, size) || !*size)
        return false;
    if (*end && (!(unit = strchr(units, tolower((unsigned char)*end))) || end[1]))
        return false;
    unsigned shift = 10 * (unsigned)(unit - units);
    if (*size > UINT64_MAX >> shift)
        return false;
    *size <<= shift;
    return true;
}

bool qemu_read_memory(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    struct qemu_pair pair;
    const char *implied = "size";

    for (; qemu_next_pair(&text, implied, &pair); implied = NULL) {
        if (!qemu_is_key(&pair, "size"))
            return qemu_refuse_pair(qemu, word, &pair);
        if (!read_size(pair.value, &qemu->options->ram_size))
            return QEMU_REFUSE(qemu,
                               "-m takes a number of MiB, or one with K, M or G, not \"%.60s\".",
                               pair.value);
    }
    return true;
}

bool qemu_read_harts(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    struct qemu_pair pair;
    const char *implied = "cpus";
    u64 said = 0, product = 1, number;
    bool is_said = false;

    for (; qemu_next_pair(&text, implied, &pair); implied = NULL) {
        bool is_factor = qemu_is_key(&pair, "sockets") || qemu_is_key(&pair, "cores") ||
                         qemu_is_key(&pair, "threads") || qemu_is_key(&pair, "clusters");
        if (!is_factor && !qemu_is_key(&pair, "cpus") && !qemu_is_key(&pair, "maxcpus"))
            return qemu_refuse_pair(qemu, word, &pair);
        if (!qemu_read_number(qemu, word, &pair, &number))
            return false;
        is_said |= qemu_is_key(&pair, "cpus");
        if (qemu_is_key(&pair, "cpus"))
            said = number;
        else if (is_factor && number && product <= MACHINE_HARTS)
            product *= number <= MACHINE_HARTS ? number : MACHINE_HARTS + 1;
    }
    qemu->options->harts = is_said ? said : product;
    if (qemu->options->harts >= 1 && qemu->options->harts <= MACHINE_HARTS)
        return true;
    return QEMU_REFUSE(qemu, "-smp can be 1 to %u here.", MACHINE_HARTS);
}

/* QEMU's processors by our names; what is not here is called the same, or is not there. */
static const char *processor(const struct qemu *qemu, const char *name)
{
    if (!strcmp(name, "max") || !strcmp(name, "any"))
        return qemu->xlen == 32 ? "max32" : "max";
    if (!strcmp(name, "rv64"))
        return "max";
    if (!strcmp(name, "rv32"))
        return "max32";
    if (!strcmp(name, "sifive-u54"))
        return "rv64gc";
    return name;
}

static int find_extension(const char *name)
{
    for (int i = 0; i < EXT_COUNT; i++)
        if (!strcasecmp(extension_name((enum extension)i), name))
            return i;
    return -1;
}

/* What is no extension of ours, in QEMU's list of them: always there, or never. */
static bool is_always_there(const char *name)
{
    static const char *const names[] = {"i",    "g",    "s",    "u",    "mmu", "pmp",
                                        "sv32", "sv39", "sv48", "sv57", NULL};

    for (unsigned i = 0; names[i]; i++)
        if (!strcasecmp(names[i], name))
            return true;
    return false;
}

static bool switch_extension(struct qemu *qemu, const struct qemu_word *word, struct isa *isa,
                             const struct qemu_pair *pair)
{
    int found = find_extension(pair->key);
    bool on;

    if (!qemu_read_switch(qemu, word, pair, &on))
        return false;
    if (found < 0 && on != is_always_there(pair->key))
        return QEMU_REFUSE(qemu, "The processor here %s %s.", on ? "has no" : "always has",
                           pair->key);
    if (found < 0)
        return true;
    isa->extensions &= ~((u64)1 << found);
    isa->extensions |= (u64)on << found;
    return true;
}

/* Of the privileged architecture. */
static bool is_our_version(const struct qemu_pair *pair)
{
    return qemu_is_key(pair, "priv_spec") &&
           (!strcmp(pair->value, "v1.12.0") || !strcmp(pair->value, "v1.13.0"));
}

/* The name alone, or all that it has, one by one, with what was switched. */
bool qemu_read_cpu(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    struct options *options = qemu->options;
    struct qemu_pair pair;
    struct isa isa, made;

    if (!qemu_next_pair(&text, "name", &pair))
        return QEMU_REFUSE(qemu, "-cpu needs a value: %s.", word->value);
    if (!isa_parse(processor(qemu, pair.value), &isa, qemu->message, sizeof qemu->message))
        return false;
    while (qemu_next_pair(&text, NULL, &pair))
        if (!is_our_version(&pair) && !switch_extension(qemu, word, &isa, &pair))
            return false;
    isa_string(&isa, options->made_cpu, sizeof options->made_cpu);
    options->cpu = options->made_cpu;
    if (!isa_parse(options->cpu, &made, qemu->message, sizeof qemu->message))
        return false;
    if (made.extensions == isa.extensions)
        return true;
    int first = __builtin_ctzll(made.extensions ^ isa.extensions);
    return QEMU_REFUSE(qemu, "-cpu: %s cannot be switched off while another extension needs it.",
                       extension_name((enum extension)first));
}

/* Both spellings: NAME.PROPERTY=VALUE and driver=NAME,property=PROPERTY,value=VALUE. */
bool qemu_read_global(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    static const char *const keys[] = {"driver", "virtio-mmio", "property", "force-legacy"};
    const char *all = text;
    struct qemu_pair pair;
    bool is_known = true, is_said = false;

    while (qemu_next_pair(&text, NULL, &pair)) {
        bool is_value =
            qemu_is_key(&pair, "virtio-mmio.force-legacy") || qemu_is_key(&pair, "value");
        bool is_name = (qemu_is_key(&pair, keys[0]) && !strcmp(pair.value, keys[1])) ||
                       (qemu_is_key(&pair, keys[2]) && !strcmp(pair.value, keys[3]));
        is_known &= is_value || is_name;
        if (!is_known)
            break;
        if (is_value && !qemu_read_switch(qemu, word, &pair, &qemu->options->legacy_virtio))
            return false;
        is_said |= is_value;
    }
    if (is_known && is_said)
        return true;
    return QEMU_REFUSE(qemu, "-global %.80s cannot be had here; virtio-mmio.force-legacy can.",
                       all);
}

/* What a guest does wrong is never logged here; that is not worth a word. */
bool qemu_read_log(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    struct qemu_pair pair;

    (void)word;
    while (qemu_next_pair(&text, NULL, &pair))
        qemu->options->wants_log |=
            !qemu_is_key(&pair, "unimp") && !qemu_is_key(&pair, "guest_errors");
    return true;
}

bool qemu_read_accelerator(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    struct qemu_pair pair;

    (void)word;
    if (qemu_next_pair(&text, "accel", &pair) && !strcmp(pair.value, "tcg"))
        return true;
    return QEMU_REFUSE(qemu, "Everything is interpreted here; of -accel, tcg is accepted.");
}
