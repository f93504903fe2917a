/* A program to load (see image.h). */
#include "loader/image.h"

#include "loader/refuse.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The header of a Linux Image, all little-endian:
 *
 *     0  code0, code1    u32, u32   jumps over the header
 *     8  text_offset     u64        from the start of RAM
 *    16  image_size      u64        with the kernel's zeroed memory; 0 in very old kernels
 *    24  flags           u64        bit 0: the kernel is big-endian
 *    32  version         u32
 *    36  reserved        u32, u64
 *    48  magic           "RISCV\0\0\0"
 *    56  magic2          "RSC\x05"
 *    60  reserved        u32                                                                  */
#define HEADER_SIZE      64
#define TEXT_OFFSET      8
#define IMAGE_SIZE       16
#define FLAGS            24
#define FLAG_BIG_ENDIAN  1
#define MAGIC            48
#define MAGIC2           56
#define RV32_TEXT_OFFSET 0x400000 /* the one trace of the register width: RV64 has 0x200000 */

static u64 load_u64(const u8 *from)
{
    u64 value = 0;

    for (unsigned i = 0; i < 8; i++)
        value |= (u64)from[i] << 8 * i;
    return value;
}

static bool starts_with(const u8 *head, const char *magic, size_t size)
{
    return memcmp(head, magic, size) == 0;
}

static bool open_elf(struct image *image, char *message, size_t message_size)
{
    struct elf elf;

    if (!elf_read(&image->file, &elf, message, message_size))
        return false;
    image->kind = elf.xlen == 64 ? IMAGE_ELF64 : IMAGE_ELF32;
    image->xlen = elf.xlen;
    image->is_fixed = true;
    memcpy(image->segments, elf.segments, sizeof elf.segments);
    image->segment_count = elf.segment_count;
    image->entry = elf.entry;
    image->symbols = elf.symbols;
    image->has_htif = elf.has_htif;
    image->tohost = elf.tohost;
    image->fromhost = elf.fromhost;
    return true;
}

static bool open_linux(struct image *image, const u8 *head, char *message, size_t message_size)
{
    u64 text_offset = load_u64(head + TEXT_OFFSET), image_size = load_u64(head + IMAGE_SIZE);

    if (load_u64(head + FLAGS) & FLAG_BIG_ENDIAN)
        return refuse(message, message_size,
                      "%s is a big-endian kernel; only little-endian ones run here.",
                      image->file.path);
    if (image_size < image->file.size)
        image_size = image->file.size;
    /* Larger than any address: refused here, so that sums with a RAM address cannot wrap round. */
    if (text_offset > INT64_MAX / 2 || image_size > INT64_MAX / 2)
        return refuse(message, message_size, "%s is damaged: its header asks for impossible sizes.",
                      image->file.path);
    image->kind = text_offset == RV32_TEXT_OFFSET ? IMAGE_LINUX32 : IMAGE_LINUX64;
    image->xlen = text_offset == RV32_TEXT_OFFSET ? 32 : 64;
    image->entry = text_offset;
    image->segments[image->segment_count++] = (struct segment){
        .start = text_offset, .memory_size = image_size, .file_size = image->file.size};
    return true;
}

/* Nothing in its bytes says that a text is a program. */
static bool is_source(const char *path)
{
    size_t length = strlen(path);

    return length > 2 && path[length - 2] == '.' &&
           (path[length - 1] == 's' || path[length - 1] == 'S');
}

static bool open_raw(struct image *image)
{
    image->kind = IMAGE_RAW;
    image->segments[image->segment_count++] =
        (struct segment){.memory_size = image->file.size, .file_size = image->file.size};
    return true;
}

static bool open_by_kind(struct image *image, char *message, size_t message_size)
{
    u8 head[HEADER_SIZE] = {0};
    u64 size = image->file.size < HEADER_SIZE ? image->file.size : HEADER_SIZE;

    if (!file_read(&image->file, 0, head, size, message, message_size))
        return false;
    if (starts_with(head,
                    "\x7f"
                    "ELF",
                    4))
        return open_elf(image, message, message_size);
    /* No RISC-V program starts with these bytes: the length they encode does not exist yet. */
    if (starts_with(head, "\x1f\x8b", 2))
        return refuse(message, message_size, "%s is compressed; unpack it with gunzip first.",
                      image->file.path);
    if (size == HEADER_SIZE && starts_with(head + MAGIC, "RISCV\0\0", 8) &&
        starts_with(head + MAGIC2, "RSC\x05", 4))
        return open_linux(image, head, message, message_size);
    if (is_source(image->file.path)) {
        image->kind = IMAGE_SOURCE; /* and nothing more: image_assemble() */
        return true;
    }
    return open_raw(image);
}

bool image_open(struct image *image, const char *path, char *message, size_t message_size)
{
    *image = (struct image){0};
    if (!file_open(&image->file, path, message, message_size))
        return false;
    if (open_by_kind(image, message, message_size))
        return true;
    image_close(image);
    return false;
}

void image_close(struct image *image)
{
    symbols_destroy(image->symbols);
    free(image->bytes);
    file_close(&image->file);
    *image = (struct image){0};
}

const char *image_describe(enum image_kind kind)
{
    switch (kind) {
    case IMAGE_ELF32:
        return "an ELF program for RV32";
    case IMAGE_ELF64:
        return "an ELF program for RV64";
    case IMAGE_LINUX32:
        return "a Linux kernel Image for RV32";
    case IMAGE_LINUX64:
        return "a Linux kernel Image for RV64";
    case IMAGE_SOURCE:
        return "an assembly source";
    case IMAGE_RAW:
        return "a raw binary";
    }
    return "";
}

/* Linkers that were given no script (-Ttext=0x80000000) put the ELF header into the page in front
 * of the first section. Where that page lies before RAM nobody misses it. */
static struct segment without_file_header(struct segment segment, const struct ram *ram)
{
    u64 excess = ram->base - segment.start;

    if (segment.offset == 0 && segment.start < ram->base && excess <= PAGE_SIZE &&
        excess < segment.file_size) {
        segment.start += excess;
        segment.va += excess;
        segment.offset += excess;
        segment.file_size -= excess;
        segment.memory_size -= excess;
    }
    return segment;
}

static bool read_segment(const struct image *image, const struct segment *segment, void *to,
                         char *message, size_t message_size)
{
    if (!image->bytes)
        return file_read(&image->file, segment->offset, to, segment->file_size, message,
                         message_size);
    memcpy(to, image->bytes + segment->offset, segment->file_size);
    return true;
}

bool image_place(const struct image *image, struct layout *layout, struct ram *ram, paddr flat_base,
                 paddr *entry, paddr *end, char *message, size_t message_size)
{
    paddr base = image->is_fixed ? 0 : flat_base;

    *entry = base + image->entry;
    *end = 0;
    for (unsigned i = 0; i < image->segment_count; i++) {
        struct segment segment = image->segments[i];
        segment.start += base;
        if (image->is_fixed)
            segment = without_file_header(segment, ram);
        struct span span = {segment.start, segment.memory_size, image->file.path};
        if (!layout_take(layout, span, message, message_size) ||
            !read_segment(image, &segment, ram_writable(ram, segment.start, segment.file_size),
                          message, message_size))
            return false;
        if (span.start + span.size > *end)
            *end = span.start + span.size;
    }
    if (!ram_holds(ram, *entry, 2)) /* it was in the page that nobody misses */
        return refuse(message, message_size,
                      "%s is damaged: its entry 0x%" PRIx64 " is outside RAM.", image->file.path,
                      *entry);
    return true;
}
