/* Loading (see loader.h): who goes where. */
#include "loader/loader.h"

#include "devices/framebuffer.h"
#include "loader/devicetree.h"
#include "loader/file.h"
#include "loader/firmware.h"
#include "loader/layout.h"
#include "loader/refuse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MIB ((u64)1 << 20)

#define NEXT_OFFSET_RV64 (2 * MIB) /* of a raw kernel behind a firmware: as fw_jump expects it */
#define NEXT_OFFSET_RV32 (4 * MIB)
#define TREE_ALIGNMENT   (2 * MIB)
#define LOW_RAM_END      (3072 * MIB) /* an address: what every kernel can reach early */
#define TREE_GROWTH      (64 * 1024)  /* OpenSBI and U-Boot add nodes in place */
#define INITRD_OFFSET    (512 * MIB)  /* from RAM's start, at most: within reach of RV32 kernels */

struct image_set {
    struct image kernel, firmware; /* not open when the plan has none */
    struct file initrd;
    struct extra_file extras[EXTRA_MOST];
    unsigned extra_count;
    bool starts_low;
    char *append;
    void *tree; /* from --dtb, or NULL */
    size_t tree_size;
};

bool loader_inspect(const char *path, enum image_kind *kind, unsigned *xlen, char *text,
                    size_t text_size)
{
    struct image image;

    if (!image_open(&image, path, text, text_size))
        return false;
    *kind = image.kind;
    *xlen = image.xlen;
    snprintf(text, text_size, "%s is %s.", file_name(path), image_describe(image.kind));
    image_close(&image);
    return true;
}

static bool open_tree(struct image_set *set, const char *path, char *message, size_t size)
{
    struct file file;

    if (!file_open(&file, path, message, size))
        return false;
    set->tree = devicetree_read(&file, &set->tree_size, message, size);
    file_close(&file);
    return set->tree != NULL;
}

static bool open_extras(struct image_set *set, const struct load_plan *plan, char *message,
                        size_t size)
{
    for (; set->extra_count < plan->extra_count; set->extra_count++)
        if (!extra_open(&set->extras[set->extra_count], &plan->extras[set->extra_count], message,
                        size))
            return false;
    return true;
}

static bool open_all(struct image_set *set, const struct load_plan *plan, char *message,
                     size_t size)
{
    if (!plan->kernel && !plan->firmware && !plan->extra_count)
        return refuse(message, size, "There is nothing to run: name a kernel or a firmware.");
    if (plan->firmware && (!image_open(&set->firmware, plan->firmware, message, size) ||
                           !image_assemble(&set->firmware, &plan->isa, message, size)))
        return false;
    if (plan->kernel && (!image_open(&set->kernel, plan->kernel, message, size) ||
                         !image_assemble(&set->kernel, &plan->isa, message, size)))
        return false;
    if (plan->initrd && !file_open(&set->initrd, plan->initrd, message, size))
        return false;
    if (!open_extras(set, plan, message, size))
        return false;
    set->starts_low = plan->starts_low;
    if (plan->dtb && !open_tree(set, plan->dtb, message, size))
        return false;
    if (plan->append && !(set->append = strdup(plan->append)))
        return refuse(message, size, "There is no memory left for the command line.");
    return true;
}

struct image_set *loader_open(const struct load_plan *plan, char *message, size_t message_size)
{
    struct image_set *set = calloc(1, sizeof *set);

    if (!set) {
        refuse(message, message_size, "There is no memory left to load anything.");
        return NULL;
    }
    if (!open_all(set, plan, message, message_size)) {
        loader_close(set);
        return NULL;
    }
    return set;
}

void loader_close(struct image_set *set)
{
    if (!set)
        return;
    image_close(&set->kernel);
    image_close(&set->firmware);
    file_close(&set->initrd);
    for (unsigned i = 0; i < EXTRA_MOST; i++)
        extra_close(&set->extras[i]);
    free(set->append);
    free(set->tree);
    free(set);
}

/* The program that the user came for. */
static const struct image *main_image(const struct image_set *set)
{
    return set->kernel.file.path ? &set->kernel : &set->firmware;
}

const struct symbols *loader_symbols(const struct image_set *set)
{
    const struct symbols *symbols = main_image(set)->symbols;

    return symbols && symbols_count(symbols) > 0 ? symbols : NULL;
}

struct symbols *loader_collect_symbols(const struct image_set *set)
{
    struct symbols *symbols = symbols_create();

    if (!symbols || (set->firmware.file.path && !image_add_names(&set->firmware, symbols)) ||
        (set->kernel.file.path && !image_add_names(&set->kernel, symbols))) {
        symbols_destroy(symbols);
        return NULL;
    }
    symbols_sort(symbols);
    return symbols;
}

/* One call of loader_place() under way. */
struct placing {
    const struct image_set *set;
    struct machine *machine;
    struct layout layout;
    struct loaded *loaded;
    paddr kernel_end; /* just past the kernel in memory, its zeroed part included */
    char *message;
    size_t message_size;
};

/* A program that is there suits the processor and is still what was checked. Only an ELF knows its
 * width for certain. */
static bool check_image(const struct image *image, const struct placing *placing)
{
    unsigned xlen = placing->machine->config.isa.xlen;

    if (!image->file.path)
        return true;
    if (image->is_fixed && image->xlen != xlen)
        return refuse(placing->message, placing->message_size,
                      "%s is %s, but the processor is RV%u; use --cpu rv%ugc.", image->file.path,
                      image_describe(image->kind), xlen, image->xlen);
    return file_is_unchanged(&image->file, placing->message, placing->message_size);
}

/* Where the kernel begins in memory. */
static paddr lowest_byte(const struct image *image, paddr entry)
{
    paddr lowest = UINT64_MAX;

    if (!image->is_fixed)
        return entry;
    for (unsigned i = 0; i < image->segment_count; i++)
        if (image->segments[i].memory_size && image->segments[i].start < lowest)
            lowest = image->segments[i].start;
    return lowest;
}

/* QEMU leaves it to the programs to begin where its boot ROM jumps to. */
static void start_low(struct placing *placing)
{
    const struct image_set *set = placing->set;
    struct loaded *loaded = placing->loaded;

    loaded->next = set->kernel.file.path ? lowest_byte(&set->kernel, loaded->next) : 0;
    if (!set->firmware.file.path)
        loaded->entry = placing->machine->ram.base;
}

static bool place_extras(struct placing *placing)
{
    for (unsigned i = 0; i < placing->set->extra_count; i++)
        if (!extra_place(&placing->set->extras[i], &placing->layout, &placing->machine->ram,
                         placing->message, placing->message_size))
            return false;
    if (placing->set->starts_low)
        start_low(placing);
    return true;
}

/* Firmware at the start of RAM; the kernel behind it, or, alone, at the start. */
static bool place_programs(struct placing *placing)
{
    const struct image *kernel = &placing->set->kernel, *firmware = &placing->set->firmware;
    struct ram *ram = &placing->machine->ram;
    struct loaded *loaded = placing->loaded;
    unsigned xlen = placing->machine->config.isa.xlen;
    u64 next_offset = xlen == 64 ? NEXT_OFFSET_RV64 : NEXT_OFFSET_RV32;
    paddr flat_base = ram->base, firmware_end;

    loaded->next = placing->kernel_end = ram->base + next_offset;
    if (firmware->file.path) {
        if (!image_place(firmware, &placing->layout, ram, ram->base, &loaded->entry, &firmware_end,
                         placing->message, placing->message_size))
            return false;
        if (kernel->kind == IMAGE_RAW) /* a Linux Image adds its own text_offset */
            flat_base += next_offset;
    }
    if (!kernel->file.path)
        return true;
    if (!image_place(kernel, &placing->layout, ram, flat_base, &loaded->next, &placing->kernel_end,
                     placing->message, placing->message_size))
        return false;
    if (!firmware->file.path)
        loaded->entry = loaded->next;
    return true;
}

/* Near the top of low RAM, 2 MiB-aligned; when there is no such place, wherever there is room.
 * Never among the firmware's working memory, which reaches beyond its file. */
static bool place_tree(struct placing *placing, size_t tree_size)
{
    const struct layout *layout = &placing->layout;
    bool has_firmware = placing->set->firmware.file.path != NULL;
    paddr lowest = has_firmware ? placing->kernel_end : layout->ram->base;
    u64 room = tree_size + devicetree_room(placing->set->append) + TREE_GROWTH;
    paddr *at = &placing->loaded->tree;

    if (!layout_find(layout, room, TREE_ALIGNMENT, lowest, LOW_RAM_END, at) &&
        !layout_find(layout, room, PAGE_SIZE, lowest, LOW_RAM_END, at) &&
        !layout_find(layout, room, PAGE_SIZE, lowest, UINT64_MAX, at))
        return refuse(placing->message, placing->message_size,
                      "There is no memory left for the device tree; use a larger -m.");
    return layout_take(&placing->layout, (struct span){*at, room, "the device tree"},
                       placing->message, placing->message_size);
}

/* In the middle of RAM, far from what kernels and boot loaders do at either end; when it does not
 * fit there, as high as it fits. */
static bool find_initrd(const struct placing *placing, u64 size, paddr *at)
{
    const struct layout *layout = &placing->layout;
    u64 half = layout->ram->size / 2;
    paddr middle = (layout->ram->base + (half < INITRD_OFFSET ? half : INITRD_OFFSET)) & ~PAGE_MASK;
    paddr lowest = placing->kernel_end;

    if (middle >= lowest && layout_is_free(layout, middle, size)) {
        *at = middle;
        return true;
    }
    return layout_find(layout, size, PAGE_SIZE, lowest, LOW_RAM_END, at) ||
           layout_find(layout, size, PAGE_SIZE, lowest, UINT64_MAX, at);
}

static bool place_initrd(struct placing *placing)
{
    const struct file *initrd = &placing->set->initrd;
    paddr *at = &placing->loaded->initrd;
    char *message = placing->message;
    size_t size = placing->message_size;

    if (!initrd->path)
        return true;
    if (!file_is_unchanged(initrd, message, size))
        return false;
    if (!find_initrd(placing, initrd->size, at))
        return refuse(message, size,
                      "%s does not fit in the memory that the kernel leaves; use a larger -m.",
                      initrd->path);
    placing->loaded->initrd_size = initrd->size;
    return layout_take(&placing->layout, (struct span){*at, initrd->size, initrd->path}, message,
                       size) &&
           file_read(initrd, 0, ram_writable(&placing->machine->ram, *at, initrd->size),
                     initrd->size, message, size);
}

/* After the initrd, whose place it tells. */
static bool write_tree(struct placing *placing, const void *tree, size_t tree_size)
{
    struct loaded *loaded = placing->loaded;
    struct tree_choice choice = {placing->set->append, loaded->initrd, loaded->initrd_size};
    size_t size;
    void *chosen =
        devicetree_choose(tree, tree_size, &choice, &size, placing->message, placing->message_size);

    if (!chosen)
        return false;
    memcpy(ram_writable(&placing->machine->ram, loaded->tree, size), chosen, size);
    loaded->tree_size = size;
    free(chosen);
    return true;
}

static void tell_htif(const struct image *image, const struct ram *ram, struct loaded *loaded)
{
    loaded->has_htif = image->has_htif && ram_holds(ram, image->tohost, 8);
    if (!loaded->has_htif)
        return;
    loaded->tohost = image->tohost;
    if (ram_holds(ram, image->fromhost, 8))
        loaded->fromhost = image->fromhost;
}

/* Where the framebuffer shows from power-on nothing else may lie. */
static bool place_screen(struct placing *placing)
{
    const struct device *device = machine_device(placing->machine, framebuffer_type.name, 0);
    const struct framebuffer_view *view = device ? framebuffer_view(device) : NULL;

    if (!view || !view->is_on)
        return true;
    return layout_take(
        &placing->layout,
        (struct span){view->address, (u64)view->stride * view->height, "the framebuffer"},
        placing->message, placing->message_size);
}

static bool place_all(struct placing *placing, const void *tree, size_t tree_size)
{
    const struct image_set *set = placing->set;
    struct loaded *loaded = placing->loaded;

    if (!place_screen(placing) || !check_image(&set->firmware, placing) ||
        !check_image(&set->kernel, placing) || !place_programs(placing) || !place_extras(placing) ||
        !place_tree(placing, tree_size) || !place_initrd(placing) ||
        !write_tree(placing, tree, tree_size))
        return false;
    tell_htif(main_image(set), &placing->machine->ram, loaded);
    firmware_write_rom(
        placing->machine,
        &(struct handover){.entry = loaded->entry, .tree = loaded->tree, .next = loaded->next});
    return true;
}

bool loader_place(const struct image_set *set, struct machine *machine, struct loaded *loaded,
                  char *message, size_t message_size)
{
    struct placing placing = {.set = set,
                              .machine = machine,
                              .layout = {.ram = &machine->ram},
                              .loaded = loaded,
                              .message = message,
                              .message_size = message_size};
    size_t tree_size = set->tree_size;
    void *built = NULL;

    *loaded = (struct loaded){0};
    if (!set->tree) {
        built = devicetree_build(machine, &tree_size, message, message_size);
        if (!built)
            return false;
    }
    bool is_placed = place_all(&placing, built ? built : set->tree, tree_size);
    free(built);
    return is_placed;
}
