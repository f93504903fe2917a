/* Images of guest memory that hold the driver and samples (see driver.h), as ELF files. */
#include "tests/random/driver.h"

#include <stdlib.h>
#include <string.h>

/* ELF headers, of either class. Fields of the file header that are words of XLEN bits are put by
 * size. */
struct elf_writer {
    u8 *to;
    u64 size;
};

static void put(struct elf_writer *elf, u64 value, unsigned size)
{
    memcpy(elf->to + elf->size, &value, size);
    elf->size += size;
}

static u64 write_elf(u8 *to, unsigned xlen, u64 segment)
{
    struct elf_writer elf = {to, 0};
    unsigned word = xlen / 8, file_header = xlen == 32 ? 52 : 64, entry = xlen == 32 ? 32 : 56;

    put(&elf, 0x464c457f, 4);
    put(&elf, (xlen == 32 ? 1u : 2u) | 1 << 8 | 1 << 16, 4);
    put(&elf, 0, 8);
    put(&elf, 2 | 243 << 16, 4); /* an executable, for RISC-V */
    put(&elf, 1, 4);
    put(&elf, AT_BASE, word);
    put(&elf, file_header, word);
    put(&elf, 0, word);
    put(&elf, 0, 4);
    put(&elf, file_header | entry << 16, 4);
    put(&elf, 1, 8); /* one segment, no sections */
    put(&elf, 1, 4); /* PT_LOAD */
    if (xlen == 64)
        put(&elf, 7, 4);
    put(&elf, 4096, word);
    put(&elf, AT_BASE, word);
    put(&elf, AT_BASE, word);
    put(&elf, segment, word);
    put(&elf, segment, word);
    if (xlen == 32)
        put(&elf, 7, 4);
    put(&elf, 4096, word);
    return 4096;
}

static u64 record_size(const struct sample *sample)
{
    return (8 * R_BODY + sample->size + 7) & ~(u64)7;
}

static void write_record(u8 *to, const struct sample *sample)
{
    const u64 head[] = {[R_SIZE] = record_size(sample), [R_LOOPS] = sample->loops,
                        [R_START] = sample->start,      [R_BODY_SIZE] = sample->size,
                        [R_DATA] = sample->data * 8,    [R_TABLES] = sample->tables != 0,
                        [R_FCSR] = sample->fcsr,        [R_SECURITY] = sample->security};

    memcpy(to, head, sizeof head);
    memcpy(to + 8 * R_X, sample->x, sizeof sample->x);
    memcpy(to + 8 * R_F, sample->f, sizeof sample->f);
    memcpy(to + 8 * R_WHERES, sample->wheres, sizeof sample->wheres);
    memcpy(to + 8 * R_BODY, sample->body, sample->size);
}

/* The same in every image. */
static void write_pattern(u8 *to)
{
    struct random random = {4711};

    for (u64 at = 0; at < AT_DATA_SIZE; at += 8) {
        u64 value = sample_value(&random);
        memcpy(to + at, &value, 8);
    }
}

bool image_build(struct image *image, const struct driver *driver, const struct sample *samples,
                 unsigned count)
{
    u64 size = AT_RECORDS - AT_BASE + 8;
    u8 *segment;

    for (unsigned i = 0; i < count; i++)
        size += record_size(&samples[i]);
    *image = (struct image){.bytes = calloc(1, 4096 + size), .count = count};
    if (!image->bytes)
        return false;
    image->header = write_elf(image->bytes, driver->isa.xlen, size);
    image->size = image->header + size;
    image->records = AT_RECORDS - AT_BASE;
    segment = image->bytes + image->header;
    memcpy(segment, driver->code, driver->size);
    write_pattern(segment + (AT_PATTERN - AT_BASE));
    if (count && samples[0].tables)
        sample_tables(&driver->isa, samples[0].tables, segment + (AT_PRISTINE - AT_BASE));
    segment += image->records;
    for (unsigned i = 0; i < count; i++) {
        write_record(segment, &samples[i]);
        segment += record_size(&samples[i]);
    }
    return true;
}

void image_ask(struct image *image, unsigned which, enum ask ask)
{
    u8 *record = image->bytes + image->header + image->records;
    u64 skip = ask == ASK_NOTHING, dump = ask == ASK_STATE, size;

    while (which-- > 0) {
        memcpy(&size, record, 8);
        record += size;
    }
    memcpy(record + 8 * R_SKIP, &skip, 8);
    memcpy(record + 8 * R_DUMP, &dump, 8);
}

void image_release(struct image *image)
{
    free(image->bytes);
    image->bytes = NULL;
}
