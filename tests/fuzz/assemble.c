/* Fuzzer: source texts for the assembler. The first byte chooses the processor and where the
 * program is to lie, the rest is the text. */
#include "cpu/assemble.h"

#include "tests/fuzz/fuzz.h"

static void check_symbols(const struct assembled *program)
{
    for (size_t i = 0; i < program->symbol_count; i++)
        fuzz_check(program->symbols[i].name && program->symbols[i].name[0],
                   "a symbol without a name");
}

static void check_program(const struct assembled *program, vaddr base)
{
    fuzz_check(program->size <= ASSEMBLE_LARGEST, "the program is larger than any may be");
    fuzz_check(program->size == 0 || program->bytes, "bytes that are nowhere");
    for (u64 at = 0; at < program->size; at += PAGE_SIZE) /* all of it can be read */
        fuzz_check(*(volatile u8 *)&program->bytes[at] <= 255, "never");
    fuzz_check(program->size == 0 || program->entry - base <= program->size ||
                   program->symbol_count != 0,
               "it begins outside of itself");
    check_symbols(program);
}

static void check_refusal(const struct assembled *program, const char *message)
{
    fuzz_check_sentence(message);
    fuzz_check(!strncmp(message, "fuzz.s", 6), "a refusal does not name the source");
    fuzz_check(!program->bytes && !program->symbols && !program->size && !program->symbol_count,
               "something is left of a program that was refused");
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    static const vaddr bases[] = {0x80000000, 0, 0x7ffffff0, 0xfffffffffffffff0};
    struct fuzz fuzz = {bytes, size};
    u8 choice = (u8)fuzz_take(&fuzz, 1);
    struct isa isa = {.xlen = choice & 1 ? 32 : 64};
    char *source = malloc(fuzz.left ? fuzz.left : 1); /* no zero behind it, as in a file */
    vaddr base = bases[choice >> 2 & 3];
    struct assembled program;
    char message[300] = "";

    fuzz_check(source != NULL, "no memory");
    memcpy(source, fuzz.at, fuzz.left);
    isa.extensions = choice & 2 ? (u64)1 << EXT_I : isa_all(isa.xlen);
    if (isa.xlen == 32)
        base &= 0xffffffff;
    if (assemble(&isa, source, fuzz.left, "fuzz.s", base, &program, message, sizeof message))
        check_program(&program, base);
    else
        check_refusal(&program, message);
    assembled_free(&program);
    free(source);
    return 0;
}
