/* Fuzzer: everything that `vitrine run` loads, at once: firmware, kernel (a Linux Image, a raw
 * binary or an ELF), initrd, command line, and a machine of any size.
 *
 *     flags     1 firmware, 2 kernel, 4 initrd, 8 command line, 16 RV32      1 byte
 *     RAM, and the sizes of the first three files, in pages and in bytes     2 bytes each
 *     the files one after the other; what is left over is the command line            */
#include "loader/loader.h"

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/mutate.h"

enum { FIRMWARE = 1, KERNEL = 2, INITRD = 4, APPEND = 8, RV32 = 16 };
enum { FILES = 3, MOST_PAGES = 2048 };

struct case_files {
    u64 flags, ram_pages;
    struct fuzz_file files[FILES];
    char append[256];
};

static void check_loaded(const struct loaded *loaded, const struct ram *ram)
{
    fuzz_check(ram_holds(ram, loaded->tree, loaded->tree_size), "the tree lies outside RAM");
    fuzz_check(loaded->tree % 8 == 0, "the tree is misaligned");
    fuzz_check(!loaded->initrd_size || ram_holds(ram, loaded->initrd, loaded->initrd_size),
               "the initrd lies outside RAM");
    fuzz_check(loaded->initrd + loaded->initrd_size <= loaded->tree ||
                   loaded->tree + loaded->tree_size <= loaded->initrd,
               "the tree and the initrd overlap");
    fuzz_check(!loaded->has_htif || ram_holds(ram, loaded->tohost, 8), "tohost is not in RAM");
}

/* As far as the loader looks at a machine: no harts, no devices. */
static void place(const struct image_set *set, const struct case_files *files)
{
    struct machine *machine = calloc(1, sizeof *machine);
    struct loaded loaded;
    char message[300] = "";

    fuzz_check(machine && (machine->rom = calloc(1, board_virt.rom_size)), "no memory");
    machine->config = (struct machine_config){
        .board = &board_virt,
        .isa = {files->flags & RV32 ? 32 : 64, (u64)1 << EXT_I},
        .ram_size = files->ram_pages * PAGE_SIZE,
        .harts = 1,
    };
    fuzz_check(ram_init(&machine->ram, board_virt.ram_base, machine->config.ram_size), "no memory");
    for (int again = 0; again < 2; again++) { /* a reset loads once more */
        ram_clear(&machine->ram);
        if (loader_place(set, machine, &loaded, message, sizeof message))
            check_loaded(&loaded, &machine->ram);
        else
            fuzz_check_sentence(message);
    }
    ram_free(&machine->ram);
    free(machine->rom);
    free(machine);
}

static void take_files(struct case_files *files, struct fuzz *fuzz)
{
    u64 sizes[FILES];

    files->flags = fuzz_take(fuzz, 1);
    files->ram_pages = 1 + fuzz_take(fuzz, 2) % MOST_PAGES;
    for (int i = 0; i < FILES; i++)
        sizes[i] = fuzz_take(fuzz, 2);
    for (int i = 0; i < FILES; i++)
        files->files[i] = fuzz_file_create(fuzz_split(fuzz, sizes[i]));
    if (fuzz->left)
        memcpy(files->append, fuzz->at,
               fuzz->left < sizeof files->append ? fuzz->left : sizeof files->append - 1);
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    struct fuzz fuzz = {bytes, size};
    struct case_files files = {0};
    char message[300] = "";

    take_files(&files, &fuzz);
    struct load_plan plan = {
        .firmware = files.flags & FIRMWARE ? files.files[0].path : NULL,
        .kernel = files.flags & KERNEL ? files.files[1].path : NULL,
        .initrd = files.flags & INITRD ? files.files[2].path : NULL,
        .append = files.flags & APPEND ? files.append : NULL,
    };
    struct image_set *set = loader_open(&plan, message, sizeof message);
    if (set)
        place(set, &files);
    else
        fuzz_check_sentence(message);
    loader_close(set);
    for (int i = 0; i < FILES; i++)
        fuzz_file_remove(&files.files[i]);
    return 0;
}

size_t LLVMFuzzerCustomMutator(u8 *bytes, size_t size, size_t most, unsigned seed)
{
    return mutate_file(bytes, size, most, seed, MUTATE_LITTLE_ENDIAN);
}
