/* Fuzzer: an ELF file, from opening it to copying it into RAM and asking for its symbols. */
#include "loader/image.h"

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/mutate.h"

#define RAM_BASE ((paddr)0x80000000)
#define RAM_SIZE ((u64)1 << 20)

static void place(const struct image *image)
{
    struct layout *layout = calloc(1, sizeof *layout);
    struct ram ram;
    paddr entry, end;
    char message[300] = "";

    fuzz_check(layout && ram_init(&ram, RAM_BASE, RAM_SIZE), "no memory");
    layout->ram = &ram;
    if (!image_place(image, layout, &ram, RAM_BASE, &entry, &end, message, sizeof message))
        fuzz_check_sentence(message);
    else
        fuzz_check(ram_holds(&ram, entry, 2) && ram_holds(&ram, end - 1, 1), "it lies outside RAM");
    ram_free(&ram);
    free(layout);
}

static void ask(const struct image *image)
{
    char text[64];

    if (!image->symbols)
        return;
    symbols_describe(image->symbols, image->entry, text, sizeof text);
    symbols_describe(image->symbols, UINT64_MAX, text, sizeof text);
    fuzz_check(strlen(text) < sizeof text, "a symbol's description does not end");
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    struct fuzz_file file = fuzz_file_create((struct fuzz){bytes, size});
    char message[300] = "";
    struct image image;

    if (image_open(&image, file.path, message, sizeof message)) {
        place(&image);
        ask(&image);
        image_close(&image);
    } else {
        fuzz_check_sentence(message);
    }
    fuzz_file_remove(&file);
    return 0;
}

size_t LLVMFuzzerCustomMutator(u8 *bytes, size_t size, size_t most, unsigned seed)
{
    return mutate_file(bytes, size, most, seed, MUTATE_LITTLE_ENDIAN);
}
