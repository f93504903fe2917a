/* From options to a plan. The rules, each told in the banner:
 *
 * - a word that names a guest, unless a file has that name with a slash, is made by its recipe;
 * - a Linux Image, and whatever -k names, starts in S-mode under OpenSBI;
 * - an ELF starts in M-mode without firmware when it begins where OpenSBI would lie, and under
 *   OpenSBI when it lies behind it;
 * - a raw binary named without -k, and an assembly source, start in M-mode;
 * - the processor is everything there is, as wide as the file asks for;
 * - a Linux Image under the live clock has a network, and whatever --net user or -p asks for one.
 */
#include "frontend/plan.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "loader/refuse.h"

#define DEFAULT_RAM_SIZE ((u64)512 << 20)
/* OpenSBI and what it keeps for itself: the payload follows at 2 MiB (RV64) or 4 MiB (RV32). */
#define FIRMWARE_SPACE ((u64)2 << 20)

enum start {
    START_M_MODE,   /* no firmware */
    START_OPENSBI,  /* fetched when it is not there */
    START_FIRMWARE, /* the one that was named */
};

static enum exit_code complain_missing(const char *what, char *message, size_t message_size)
{
    const char *names[16] = {0};
    for (unsigned i = 0; guests[i].name && i < 15; i++)
        names[i] = guests[i].name;
    const char *near = nearest_word(what, names);
    int reason = errno;
    if (near)
        refuse(message, message_size,
               "There is no file and no guest called \"%s\"; did you mean \"%s\"?", what, near);
    else
        refuse(message, message_size, "%s cannot be opened: %s.", what, strerror(reason));
    return EXIT_FILE;
}

/* The recipe's files, then whatever the user said instead; the user's words are added to the
 * guest's own, for the last one counts. */
static bool plan_guest(struct plan *plan, const struct options *options, const struct guest *guest,
                       char *message, size_t message_size)
{
    struct load_plan *load = &plan->load;
    if (!guest_make(&plan->guest, guest->name, &options->wishes, message, message_size))
        return false;
    if (!load->kernel)
        load->kernel = plan->guest.kernel;
    if (!load->initrd)
        load->initrd = plan->guest.initrd;
    if (!load->firmware)
        load->firmware = plan->guest.firmware;
    int length = snprintf(plan->append, PLAN_APPEND, "%s%s%s%s", guest->append,
                          options->console == CONSOLE_VIRTIO ? " console=hvc0" : "",
                          options->append ? " " : "", options->append ? options->append : "");
    if (length >= PLAN_APPEND)
        return refuse(message, message_size, "The words after --append are too many.");
    load->append = plan->append;
    plan->config.ram_size = guest->ram_size;
    return load->kernel ||
           refuse(message, message_size, "The recipe for %s names no kernel.", guest->name);
}

/* Where an ELF begins says for which mode it was linked. */
static bool begins_in_firmware_space(const char *path, paddr ram_base)
{
    struct image image;
    char ignored[256];
    bool begins = false;
    if (!image_open(&image, path, ignored, sizeof(ignored)))
        return false;
    for (unsigned i = 0; i < image.segment_count; i++)
        begins |= image.segments[i].start - ram_base < FIRMWARE_SPACE;
    image_close(&image);
    return begins;
}

static enum start choose_start(const struct plan *plan, const struct options *options,
                               enum image_kind kind)
{
    if (options->firmware && !strcmp(options->firmware, "none"))
        return START_M_MODE;
    if (options->firmware && !strcmp(options->firmware, "default"))
        return START_OPENSBI;
    if (plan->load.firmware)
        return START_FIRMWARE;
    switch (kind) {
    case IMAGE_ELF32:
    case IMAGE_ELF64:
        return begins_in_firmware_space(plan->load.kernel, plan->config.board->ram_base)
                   ? START_M_MODE
                   : START_OPENSBI;
    case IMAGE_LINUX32:
    case IMAGE_LINUX64:
        return START_OPENSBI;
    case IMAGE_SOURCE:
        return START_M_MODE;
    case IMAGE_RAW:
        return options->kernel ? START_OPENSBI : START_M_MODE;
    }
    return START_M_MODE;
}

static bool plan_start(struct plan *plan, enum start start, char *message, size_t message_size)
{
    unsigned xlen = plan->config.isa.xlen;
    switch (start) {
    case START_M_MODE:
        plan->load.firmware = NULL;
        return true;
    case START_FIRMWARE:
        return true;
    case START_OPENSBI:
        break;
    }
    if (!guest_make(&plan->opensbi, "opensbi", NULL, message, message_size))
        return false;
    plan->load.firmware = xlen == 32 ? plan->opensbi.firmware32 : plan->opensbi.firmware;
    return plan->load.firmware ||
           refuse(message, message_size,
                  "Debian's OpenSBI has no firmware for RV%u; use --firmware.", xlen);
}

/* Where control goes first, for the banner. */
static const char *describe_start(const struct plan *plan, const struct options *options,
                                  enum start start)
{
    if (!plan->load.kernel)
        return "in M-mode";
    switch (start) {
    case START_M_MODE:
        return "in M-mode, without firmware";
    case START_OPENSBI:
        return "under OpenSBI";
    case START_FIRMWARE:
        return options->firmware ? "under the firmware named" : "under OpenSBI";
    }
    return "";
}

static void describe(struct plan *plan, const struct options *options, const char *program,
                     enum start start)
{
    const struct machine_config *config = &plan->config;
    bool whole = config->ram_size % ((u64)1 << 30) == 0;
    snprintf(plan->sentence, sizeof(plan->sentence), "%s It starts %s, on %u hart%s with %llu %s.",
             program, describe_start(plan, options, start), config->harts,
             config->harts == 1 ? "" : "s",
             (unsigned long long)(config->ram_size >> (whole ? 30 : 20)), whole ? "GiB" : "MiB");
}

/* The processor as named; else everything there is, as wide as the program asks for. */
static bool plan_processor(struct plan *plan, const struct options *options, unsigned xlen,
                           char *message, size_t message_size)
{
    const char *name = options->cpu ? options->cpu : xlen == 32 ? "max32" : "max";
    return isa_parse(name, &plan->config.isa, message, message_size);
}

static enum exit_code check_memory(struct plan *plan, const struct options *options, char *message,
                                   size_t message_size)
{
    if (options->ram_size)
        plan->config.ram_size = options->ram_size;
    if (plan->config.ram_size % PAGE_SIZE == 0)
        return EXIT_DONE;
    refuse(message, message_size, "-m must be a multiple of 4K.");
    return EXIT_USAGE;
}

/* What the words and -k name: a guest's files, or a file. */
static enum exit_code plan_program(struct plan *plan, const struct options *options,
                                   const char *what, char *message, size_t message_size)
{
    const struct guest *guest = what ? guest_find(what) : NULL;
    if (guest_has_wishes(&options->wishes) && !(guest && guest->is_installed)) {
        refuse(message, message_size,
               "--size, --packages, --hostname and --user are for a guest that is installed, such "
               "as debian.");
        return EXIT_USAGE;
    }
    if (guest)
        return plan_guest(plan, options, guest, message, message_size) ? EXIT_DONE : EXIT_FILE;
    if (what && plan->load.kernel) {
        refuse(message, message_size, "Name the program once: \"%s\" or -k.", what);
        return EXIT_USAGE;
    }
    if (what && access(what, F_OK) != 0)
        return complain_missing(what, message, message_size);
    if (what)
        plan->load.kernel = what;
    return EXIT_DONE;
}

/* A repeatable run has none unless it is asked for: what comes from outside is never the same. A
 * guest that is installed can be logged in to by ssh. */
static enum exit_code plan_net(struct plan *plan, const struct options *options,
                               enum image_kind kind, bool is_installed, char *message,
                               size_t message_size)
{
    static const struct net_forward ssh_forward = {
        .address = {127, 0, 0, 1}, .host_port = 2222, .guest_port = 22};
    const struct net_config *net = &options->net;
    bool is_linux = kind == IMAGE_LINUX32 || kind == IMAGE_LINUX64;
    if (net->kind == NET_NONE && net->forward_count) {
        refuse(message, message_size, "-p needs a network; leave --net none out.");
        return EXIT_USAGE;
    }
    plan->has_net = net->kind == NET_USER || net->forward_count ||
                    (net->kind == NET_UNSAID && is_linux && options->clock == CLOCK_LIVE);
    plan->net = *net;
    plan->offers_ssh = plan->has_net && is_installed && !net->forward_count;
    if (plan->offers_ssh)
        plan->net.forwards[plan->net.forward_count++] = ssh_forward;
    return EXIT_DONE;
}

enum exit_code plan_make(struct plan *plan, const struct options *options, const char *what,
                         char *message, size_t message_size)
{
    bool has_firmware = options->firmware && strcmp(options->firmware, "none") &&
                        strcmp(options->firmware, "default");
    *plan = (struct plan){
        .load = {.kernel = options->kernel,
                 .initrd = options->initrd,
                 .append = options->append,
                 .dtb = options->dtb,
                 .firmware = has_firmware ? options->firmware : NULL,
                 .starts_low = options->as_qemu,
                 .extra_count = options->extra_count},
        .config = {.board = &board_virt,
                   .ram_size = DEFAULT_RAM_SIZE,
                   .harts = (unsigned)options->harts,
                   .engine = options->engine,
                   .clock = options->clock,
                   .steps_per_tick = options->steps_per_tick,
                   .seed = options->seed,
                   .legacy_virtio = options->legacy_virtio},
    };
    memcpy(plan->load.extras, options->extras, sizeof plan->load.extras);
    enum exit_code code = plan_program(plan, options, what, message, message_size);
    if (code == EXIT_DONE)
        code = check_memory(plan, options, message, message_size);
    if (code != EXIT_DONE)
        return code;

    char program[512] = "The board is empty.";
    enum image_kind kind = IMAGE_RAW;
    unsigned xlen = 0;
    const char *first = plan->load.kernel ? plan->load.kernel : plan->load.firmware;
    if (first && !loader_inspect(first, &kind, &xlen, program, sizeof(program))) {
        refuse(message, message_size, "%s", program);
        return EXIT_FILE;
    }
    if (!plan_processor(plan, options, xlen, message, message_size))
        return EXIT_USAGE;
    plan->load.isa = plan->config.isa;
    enum start start =
        first || options->firmware ? choose_start(plan, options, kind) : START_M_MODE;
    if (!plan_start(plan, start, message, message_size))
        return EXIT_FILE;
    describe(plan, options, program, start);
    const struct guest *guest = what ? guest_find(what) : NULL;
    return plan_net(plan, options, kind, guest && guest->is_installed, message, message_size);
}
