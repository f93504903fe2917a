/* Fuzzer: a device tree given with --dtb, and this boot's choices written into it. */
#include "loader/devicetree.h"

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/mutate.h"

#include <libfdt.h>

static void choose(const void *tree, size_t tree_size)
{
    const struct tree_choice choice = {"console=ttyS0", 0x88000000, 4096};
    char message[300] = "";
    size_t size = 0;
    void *chosen = devicetree_choose(tree, tree_size, &choice, &size, message, sizeof message);

    if (!chosen) {
        fuzz_check_sentence(message);
        return;
    }
    fuzz_check(size <= tree_size + devicetree_room(choice.append), "it takes too much room");
    fuzz_check(fdt_check_full(chosen, size) == 0, "the tree with our choice is broken");
    int node = fdt_path_offset(chosen, "/chosen"), length = 0;
    const char *append = node < 0 ? NULL : fdt_getprop(chosen, node, "bootargs", &length);
    fuzz_check(append && !strcmp(append, choice.append), "the command line is not in the tree");
    free(chosen);
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    struct fuzz_file memory = fuzz_file_create((struct fuzz){bytes, size});
    char message[300] = "";
    struct file file;
    size_t tree_size = 0;

    if (file_open(&file, memory.path, message, sizeof message)) {
        void *tree = devicetree_read(&file, &tree_size, message, sizeof message);
        if (tree)
            choose(tree, tree_size);
        else
            fuzz_check_sentence(message);
        free(tree);
        file_close(&file);
    }
    fuzz_file_remove(&memory);
    return 0;
}

size_t LLVMFuzzerCustomMutator(u8 *bytes, size_t size, size_t most, unsigned seed)
{
    return mutate_file(bytes, size, most, seed, MUTATE_BIG_ENDIAN);
}
