/* An assembly source as a program (see image.h): read, assembled, and from then on like an ELF file
 * that begins where RAM does. The language: cpu/assemble.h. */
#include "cpu/assemble.h"
#include "loader/image.h"
#include "loader/refuse.h"

#include <stdlib.h>

#define SOURCE_BASE    0x80000000u
#define LARGEST_SOURCE ((u64)16 << 20)

static bool add_symbols(struct image *image, const struct assembled *program)
{
    image->symbols = symbols_create();
    if (!image->symbols)
        return false;
    for (size_t i = 0; i < program->symbol_count; i++) {
        const struct assembled_symbol *symbol = &program->symbols[i];
        u64 end =
            SOURCE_BASE + program->size; /* a label names what is there up to the next label */
        u64 extent = symbol->is_label && symbol->value < end ? end - symbol->value : 0;
        if (!symbols_add(image->symbols, symbol->name, symbol->value, extent, 0))
            return false;
    }
    symbols_sort(image->symbols);
    return true;
}

/* Takes the program's bytes over. */
static bool become(struct image *image, const struct isa *isa, struct assembled *program,
                   char *message, size_t message_size)
{
    if (program->size == 0)
        return refuse(message, message_size, "%s has no instruction and no data.",
                      image->file.path);
    if (!add_symbols(image, program))
        return refuse(message, message_size, "There is no memory left for the names in %s.",
                      image->file.path);
    image->xlen = isa->xlen;
    image->is_fixed = true;
    image->entry = program->entry;
    image->segments[0] = (struct segment){.start = SOURCE_BASE,
                                          .memory_size = program->size,
                                          .va = SOURCE_BASE,
                                          .file_size = program->size};
    image->segment_count = 1;
    image->has_htif = symbols_find_address(image->symbols, "tohost", &image->tohost);
    symbols_find_address(image->symbols, "fromhost", &image->fromhost);
    image->bytes = program->bytes;
    program->bytes = NULL;
    return true;
}

bool image_assemble(struct image *image, const struct isa *isa, char *message, size_t message_size)
{
    struct assembled program = {0};
    char *text;
    bool is_good;

    if (image->kind != IMAGE_SOURCE || !image->file.path)
        return true;
    if (image->file.size > LARGEST_SOURCE)
        return refuse(message, message_size, "%s is too large for a source: more than 16 MiB.",
                      image->file.path);
    text = malloc(image->file.size);
    if (!text)
        return refuse(message, message_size, "There is no memory left to read %s.",
                      image->file.path);
    is_good = file_read(&image->file, 0, text, image->file.size, message, message_size) &&
              assemble(isa, text, image->file.size, image->file.path, SOURCE_BASE, &program,
                       message, message_size) &&
              become(image, isa, &program, message, message_size);
    assembled_free(&program);
    free(text);
    return is_good;
}
