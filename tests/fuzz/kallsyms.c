/* Fuzzer: a kernel Image with tables of its own symbols: the input says what they are like, and
 * then changes them. */
#include "loader/kallsyms.h"

#include "tests/fuzz/fuzz.h"
#include "tests/loader/kallsyms_image.h"

static void change(struct kallsyms_image *image, struct fuzz *fuzz)
{
    while (fuzz->left) {
        size_t at = fuzz_take(fuzz, 2) % image->size;
        image->bytes[at] ^= (u8)fuzz_take(fuzz, 1);
    }
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    struct fuzz fuzz = {bytes, size};
    u8 form = (u8)fuzz_take(&fuzz, 1);
    struct kallsyms_image image = {
        .count = fuzz_take(&fuzz, 1) * 3 + 1,
        .alignment = form & 1 ? 8 : 4,
        .pointer = form & 2 ? 4 : 8,
        .is_relative_to_itself = form & 4,
        .base = fuzz_take(&fuzz, 4),
    };
    struct symbols *symbols = symbols_create();

    kallsyms_image_make(&image);
    change(&image, &fuzz);
    u8 *copy = malloc(image.size); /* ends where the image ends */
    memcpy(copy, image.bytes, image.size);
    size_t count = kallsyms_read(copy, image.size, KALLSYMS_BASE, 8 * image.pointer, symbols);
    fuzz_check(count >= symbols_count(symbols), "more names than symbols");
    symbols_sort(symbols);
    char text[64];
    symbols_describe(symbols, KALLSYMS_BASE, text, sizeof text);
    free(copy);
    symbols_destroy(symbols);
    return 0;
}
