/* What the loader's tests share: a file with given bytes, a machine made by hand, a small ELF. */
#ifndef TESTS_LOADER_FIXTURE_H
#define TESTS_LOADER_FIXTURE_H

#include "devices/machine.h"
#include "memory/types.h"

#include <check.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MIB      ((u64)1 << 20)
#define RAM_BASE 0x80000000u

struct test_file {
    char path[64];
    int fd;
};

static inline struct test_file test_file_create(const char *name)
{
    struct test_file file;

    snprintf(file.path, sizeof file.path, "/tmp/vitrine-%s-XXXXXX", name);
    file.fd = mkstemp(file.path);
    ck_assert_int_ge(file.fd, 0);
    return file;
}

/* Replaces the content. */
static inline void test_file_write(const struct test_file *file, const void *bytes, size_t size)
{
    ck_assert_int_eq(ftruncate(file->fd, 0), 0);
    ck_assert_int_eq(pwrite(file->fd, bytes, size, 0), (ssize_t)size);
}

static inline void test_file_remove(const struct test_file *file)
{
    close(file->fd);
    unlink(file->path);
}

/* A message is one sentence on one line. */
static inline void check_sentence(const char *message)
{
    size_t length = strlen(message);

    ck_assert_uint_gt(length, 10);
    ck_assert_msg(message[length - 1] == '.', "no sentence: %s", message);
    ck_assert_ptr_null(strchr(message, '\n'));
}

static const struct device_type test_types[] = {
    {.name = "syscon", .compatible = "sifive,test1"},
    {.name = "uart", .compatible = "ns16550a"},
    {.name = "aclint", .compatible = "sifive,clint0"},
    {.name = "plic", .compatible = "sifive,plic-1.0.0"},
    {.name = "virtio-mmio", .compatible = "virtio,mmio"},
    {.name = "novelty", .compatible = "house,novelty"},
};

static const struct slot test_slots[] = {
    {&test_types[0], 0x100000, 0x1000, 0, false},    {&test_types[2], 0x2000000, 0x10000, 0, false},
    {&test_types[3], 0xc000000, 0x600000, 0, false}, {&test_types[1], 0x10000000, 0x100, 10, false},
    {&test_types[4], 0x10001000, 0x1000, 1, false},  {&test_types[4], 0x10002000, 0x1000, 2, false},
    {&test_types[5], 0x10003000, 0x1000, 3, false},  {&test_types[4], 0x10004000, 0x1000, 4, true},
};

static const struct board test_board = {
    .name = "test",
    .slots = test_slots,
    .slot_count = sizeof test_slots / sizeof test_slots[0],
    .rom_base = 0x1000,
    .rom_size = 0x1000,
    .ram_base = RAM_BASE,
};

static inline void test_machine_create(struct machine *machine, unsigned xlen, u64 ram_size)
{
    *machine = (struct machine){
        .config = {.board = &test_board,
                   .isa = {xlen, (1u << EXT_I) | (1u << EXT_M) | (1u << EXT_ZICBOM)},
                   .ram_size = ram_size,
                   .harts = 2,
                   .seed = 42},
    };
    ck_assert(ram_init(&machine->ram, RAM_BASE, ram_size));
    machine->rom = calloc(1, test_board.rom_size);
    ck_assert_ptr_nonnull(machine->rom);
}

static inline void test_machine_destroy(struct machine *machine)
{
    ram_free(&machine->ram);
    free(machine->rom);
}

/* The ELF: 16 bytes of code at RAM_BASE with 0x100 in memory, then 16 bytes of data whose virtual
 * address differs; symbols start, helper (in start's section), tohost, fromhost and a value. */
#define ELF_DATA_PA 0x80002000u
#define ELF_DATA_VA 0xc0002000u
#define ELF_TEXT    0x200 /* in the file */
#define ELF_DATA    0x210
#define ELF_SYMTAB  0x220
#define ELF_STRTAB  0x2d0
#define ELF_NAMES   "\0start\0helper\0tohost\0fromhost\0value\0$x"
#define ELF_HEADERS 0x300
#define ELF_LARGEST 0x500

static inline void test_elf_section(Elf *elf, GElf_Shdr header, void *bytes, Elf_Type type)
{
    Elf_Scn *section = elf_newscn(elf);
    Elf_Data *data = elf_newdata(section);

    *data = (Elf_Data){.d_buf = bytes,
                       .d_size = header.sh_size,
                       .d_type = type,
                       .d_align = 1,
                       .d_version = EV_CURRENT};
    ck_assert(gelf_update_shdr(section, &header));
}

static inline void test_elf_symbol(Elf_Data *table, int i, u32 name, u8 type, u16 section,
                                   u64 value, u64 size)
{
    GElf_Sym symbol = {.st_name = name,
                       .st_info = GELF_ST_INFO(STB_GLOBAL, type),
                       .st_shndx = section,
                       .st_value = value,
                       .st_size = size};

    ck_assert(gelf_update_sym(table, i, &symbol));
}

/* What libelf reads when it writes the file. */
struct test_elf_bytes {
    u8 code[16], data[16], symbols[7 * 24];
    char names[sizeof ELF_NAMES];
};

static inline void test_elf_sections(Elf *elf, unsigned xlen, struct test_elf_bytes *bytes)
{
    size_t symbol_size = xlen == 64 ? 24 : 16;

    *bytes = (struct test_elf_bytes){.names = ELF_NAMES};
    memset(bytes->code, 0x13, sizeof bytes->code);
    memset(bytes->data, 0xda, sizeof bytes->data);
    test_elf_section(elf,
                     (GElf_Shdr){.sh_type = SHT_PROGBITS,
                                 .sh_addr = RAM_BASE,
                                 .sh_offset = ELF_TEXT,
                                 .sh_size = 16,
                                 .sh_addralign = 1},
                     bytes->code, ELF_T_BYTE);
    test_elf_section(elf,
                     (GElf_Shdr){.sh_type = SHT_PROGBITS,
                                 .sh_addr = ELF_DATA_VA,
                                 .sh_offset = ELF_DATA,
                                 .sh_size = 16,
                                 .sh_addralign = 1},
                     bytes->data, ELF_T_BYTE);
    test_elf_section(elf,
                     (GElf_Shdr){.sh_type = SHT_SYMTAB,
                                 .sh_offset = ELF_SYMTAB,
                                 .sh_size = 7 * symbol_size,
                                 .sh_link = 4,
                                 .sh_entsize = symbol_size,
                                 .sh_addralign = 1},
                     bytes->symbols, ELF_T_SYM);
    test_elf_section(elf,
                     (GElf_Shdr){.sh_type = SHT_STRTAB,
                                 .sh_offset = ELF_STRTAB,
                                 .sh_size = sizeof bytes->names,
                                 .sh_addralign = 1},
                     bytes->names, ELF_T_BYTE);

    Elf_Data *table = elf_getdata(elf_getscn(elf, 3), NULL);
    test_elf_symbol(table, 0, 0, 0, 0, 0, 0);
    test_elf_symbol(table, 1, 1, STT_FUNC, 1, RAM_BASE, 8);
    test_elf_symbol(table, 2, 7, STT_NOTYPE, 1, RAM_BASE + 8, 0);
    test_elf_symbol(table, 3, 14, STT_OBJECT, 2, ELF_DATA_VA, 8);
    test_elf_symbol(table, 4, 21, STT_OBJECT, 2, ELF_DATA_VA + 8, 8);
    test_elf_symbol(table, 5, 30, STT_NOTYPE, SHN_ABS, RAM_BASE + 12, 0);
    test_elf_symbol(table, 6, 36, STT_NOTYPE, 1, RAM_BASE + 8, 0);
}

/* Writes it into the file, and into copy when that is not NULL; returns its size. */
static inline size_t test_elf_write(const struct test_file *file, unsigned xlen, u8 *copy)
{
    struct test_elf_bytes bytes;
    bool is_64 = xlen == 64;

    ck_assert_int_eq(ftruncate(file->fd, 0), 0);
    ck_assert(elf_version(EV_CURRENT) != EV_NONE);
    Elf *elf = elf_begin(file->fd, ELF_C_WRITE, NULL);
    ck_assert(elf && gelf_newehdr(elf, is_64 ? ELFCLASS64 : ELFCLASS32) && gelf_newphdr(elf, 2));
    elf_flagelf(elf, ELF_C_SET, ELF_F_LAYOUT);
    GElf_Ehdr header;
    ck_assert(gelf_getehdr(elf, &header));
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_type = ET_EXEC;
    header.e_machine = EM_RISCV;
    header.e_version = EV_CURRENT;
    header.e_entry = RAM_BASE + 4;
    header.e_phoff = is_64 ? 64 : 52;
    header.e_shoff = ELF_HEADERS;
    GElf_Phdr text = {.p_type = PT_LOAD,
                      .p_offset = ELF_TEXT,
                      .p_vaddr = RAM_BASE,
                      .p_paddr = RAM_BASE,
                      .p_filesz = 16,
                      .p_memsz = 0x100};
    GElf_Phdr data = {.p_type = PT_LOAD,
                      .p_offset = ELF_DATA,
                      .p_vaddr = ELF_DATA_VA,
                      .p_paddr = ELF_DATA_PA,
                      .p_filesz = 16,
                      .p_memsz = 16};
    ck_assert(gelf_update_ehdr(elf, &header) && gelf_update_phdr(elf, 0, &text) &&
              gelf_update_phdr(elf, 1, &data));
    test_elf_sections(elf, xlen, &bytes);
    ck_assert_int_gt(elf_update(elf, ELF_C_WRITE), 0);
    elf_end(elf);

    off_t size = lseek(file->fd, 0, SEEK_END);
    ck_assert_int_le(size, ELF_LARGEST);
    if (copy)
        ck_assert_int_eq(pread(file->fd, copy, (size_t)size, 0), size);
    return (size_t)size;
}

/* A test program's main(). */
static inline int test_run(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    int failed;

    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
