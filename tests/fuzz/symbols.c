/* Fuzzer: an ELF file with a symbol table and DWARF, as `symbols add` gets it: names, and the lines
 * of every place that has one. libelf and libdw are not instrumented. */
#include "loader/symbols.h"

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/mutate.h"

#define ASKED 64 /* names whose lines are looked for */

static void ask(const struct symbols *symbols, vaddr at)
{
    const char *file = NULL;
    char text[64];
    unsigned line = 0;

    symbols_describe(symbols, at, text, sizeof text);
    fuzz_check(strlen(text) < sizeof text, "a symbol's description does not end");
    if (symbols_find_line(symbols, at, &file, &line))
        fuzz_check(file && strlen(file) < UINT32_MAX && line, "a line without a file or number");
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    struct fuzz_file file = fuzz_file_create((struct fuzz){bytes, size});
    struct symbols *symbols = symbols_create();
    char message[300] = "";
    size_t place = 0;
    const char *name;
    vaddr at;

    fuzz_check(symbols, "no memory");
    if (!symbols_add_file(symbols, file.path, 0x1000, message, sizeof message))
        fuzz_check_sentence(message);
    symbols_sort(symbols);
    for (unsigned i = 0; i < ASKED && (name = symbols_next(symbols, "", &place)); i++)
        if (symbols_find_address(symbols, name, &at))
            ask(symbols, at + i % 4);
    ask(symbols, 0);
    ask(symbols, UINT64_MAX);
    symbols_destroy(symbols);
    fuzz_file_remove(&file);
    return 0;
}

size_t LLVMFuzzerCustomMutator(u8 *bytes, size_t size, size_t most, unsigned seed)
{
    return mutate_file(bytes, size, most, seed, MUTATE_LITTLE_ENDIAN);
}
