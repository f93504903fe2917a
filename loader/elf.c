/* ELF programs (see elf.h). Every number in the file is hostile until it is checked here. */
#include "loader/elf.h"

#include "loader/refuse.h"

#include <gelf.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool check_header(const char *path, const GElf_Ehdr *header, char *message, size_t size)
{
    if (header->e_machine != EM_RISCV)
        return refuse(message, size, "%s is an ELF file for another processor (machine %u).", path,
                      header->e_machine);
    if (header->e_ident[EI_DATA] != ELFDATA2LSB)
        return refuse(message, size, "%s is big-endian; only little-endian programs run here.",
                      path);
    if (header->e_type == ET_DYN)
        return refuse(message, size,
                      "%s is position-independent or a shared library; link it with -static and "
                      "-no-pie, or load its raw binary.",
                      path);
    if (header->e_type != ET_EXEC)
        return refuse(message, size, "%s is an ELF file, but not an executable one (type %u).",
                      path, header->e_type);
    return true;
}

/* xlen bounds the addresses: a 32-bit file's must not wrap round at 2^32 either. */
static bool add_segment(const struct file *file, struct elf *elf, const GElf_Phdr *from,
                        char *message, size_t size)
{
    u64 last_address = elf->xlen == 32 ? UINT32_MAX : UINT64_MAX;
    unsigned index = elf->segment_count;

    if (from->p_filesz > from->p_memsz)
        return refuse(message, size,
                      "%s is damaged: segment %u is larger in the file than in memory.", file->path,
                      index);
    if (from->p_memsz == 0)
        return true;
    if (from->p_offset > file->size || from->p_filesz > file->size - from->p_offset)
        return refuse(message, size, "%s is cut short: segment %u lies beyond its end.", file->path,
                      index);
    if (from->p_memsz - 1 > last_address - from->p_paddr ||
        from->p_memsz - 1 > last_address - from->p_vaddr)
        return refuse(message, size, "%s is damaged: segment %u wraps round the address space.",
                      file->path, index);
    if (index == SEGMENTS)
        return refuse(message, size, "%s has more than %u segments to load.", file->path, SEGMENTS);
    elf->segments[elf->segment_count++] = (struct segment){
        .start = from->p_paddr,
        .memory_size = from->p_memsz,
        .va = from->p_vaddr,
        .offset = from->p_offset,
        .file_size = from->p_filesz,
    };
    return true;
}

static bool read_segments(const struct file *file, Elf *handle, struct elf *elf, char *message,
                          size_t size)
{
    size_t count;

    if (elf_getphdrnum(handle, &count) < 0)
        return refuse(message, size, "%s is damaged: %s.", file->path, elf_errmsg(-1));
    for (size_t i = 0; i < count; i++) {
        GElf_Phdr segment;
        if (!gelf_getphdr(handle, (int)i, &segment))
            return refuse(message, size, "%s is damaged: %s.", file->path, elf_errmsg(-1));
        if (segment.p_type == PT_INTERP)
            return refuse(message, size, "%s is dynamically linked; link it with -static.",
                          file->path);
        if (segment.p_type == PT_LOAD && !add_segment(file, elf, &segment, message, size))
            return false;
    }
    if (elf->segment_count == 0)
        return refuse(message, size, "%s is an ELF file with nothing to load.", file->path);
    return true;
}

/* Where the size bytes at this virtual address are in memory. False when no segment holds them. */
static bool find_physical(const struct elf *elf, vaddr at, u64 size, paddr *physical)
{
    for (unsigned i = 0; i < elf->segment_count; i++) {
        const struct segment *segment = &elf->segments[i];
        u64 offset = at - segment->va;
        if (at >= segment->va && size <= segment->memory_size &&
            offset <= segment->memory_size - size) {
            *physical = segment->start + offset;
            return true;
        }
    }
    return false;
}

/* How many bytes a symbol names. Assembly labels have no size: they reach to their section's end,
 * or to the next symbol. */
static u64 extent_of(Elf *handle, const GElf_Sym *symbol)
{
    GElf_Shdr section;
    Elf_Scn *holder;

    if (symbol->st_shndx >= SHN_LORESERVE)
        return 0;
    if (symbol->st_size > 0)
        return symbol->st_size;
    holder = elf_getscn(handle, symbol->st_shndx);
    if (!holder || !gelf_getshdr(holder, &section) || symbol->st_value < section.sh_addr ||
        symbol->st_value - section.sh_addr >= section.sh_size)
        return 0;
    return section.sh_size - (symbol->st_value - section.sh_addr);
}

/* False for what the tools leave in the table for themselves: "$x" marks code, ".L" local labels.
 */
static bool is_for_people(const GElf_Sym *symbol, const char *name)
{
    unsigned type = GELF_ST_TYPE(symbol->st_info);

    return symbol->st_shndx != SHN_UNDEF &&
           (type == STT_FUNC || type == STT_OBJECT || type == STT_NOTYPE) && name && name[0] &&
           name[0] != '$' && strncmp(name, ".L", 2) != 0;
}

static unsigned rank_of(const GElf_Sym *symbol)
{
    unsigned type = GELF_ST_TYPE(symbol->st_info);
    unsigned rank = type == STT_FUNC ? 4 : type == STT_OBJECT ? 2 : 0;

    return rank + (GELF_ST_BIND(symbol->st_info) != STB_LOCAL);
}

/* A damaged symbol is left out rather than refused: the program runs without names as well. So are
 * all when most bytes of names are used up: names may overlap in the file, and a small one could
 * ask for more memory than there is. */
static bool read_table(Elf *handle, Elf_Scn *section, u64 most, struct symbols *symbols)
{
    Elf_Data *data = elf_getdata(section, NULL);
    GElf_Shdr header;
    u64 entry_size = gelf_fsize(handle, ELF_T_SYM, 1, EV_CURRENT);

    if (!gelf_getshdr(section, &header) || !data || !data->d_buf || entry_size == 0)
        return true;
    for (u64 i = 0; i < data->d_size / entry_size && i <= INT32_MAX; i++) {
        GElf_Sym symbol;
        if (!gelf_getsym(data, (int)i, &symbol))
            return true;
        const char *name = elf_strptr(handle, header.sh_link, symbol.st_name);
        if (!is_for_people(&symbol, name))
            continue;
        u64 length = strlen(name);
        if (length >= most)
            return true;
        most -= length + 1;
        if (!symbols_add(symbols, name, symbol.st_value, extent_of(handle, &symbol),
                         rank_of(&symbol)))
            return false;
    }
    return true;
}

/* There is one table in a file ("Sections": at most one section of this type), or none. */
static Elf_Scn *find_table(Elf *handle)
{
    GElf_Shdr header;
    Elf_Scn *section = NULL;

    while ((section = elf_nextscn(handle, section)))
        if (gelf_getshdr(section, &header) && header.sh_type == SHT_SYMTAB)
            return section;
    return NULL;
}

static bool read_symbols(const struct file *file, Elf *handle, struct elf *elf, char *message,
                         size_t size)
{
    Elf_Scn *table = find_table(handle);

    elf->symbols = symbols_create();
    if (!elf->symbols || (table && !read_table(handle, table, file->size, elf->symbols)))
        return refuse(message, size, "There is no memory left for the symbols of %s.", file->path);
    symbols_sort(elf->symbols);
    return true;
}

/* tohost and fromhost are 8 bytes each (Host-Target Interface). */
static void find_htif(struct elf *elf)
{
    vaddr at;

    elf->has_htif = symbols_find_address(elf->symbols, "tohost", &at) &&
                    find_physical(elf, at, 8, &elf->tohost);
    if (!elf->has_htif)
        elf->tohost = 0;
    if (!elf->has_htif || !symbols_find_address(elf->symbols, "fromhost", &at) ||
        !find_physical(elf, at, 8, &elf->fromhost))
        elf->fromhost = 0;
}

static bool read_all(const struct file *file, Elf *handle, struct elf *elf, char *message,
                     size_t size)
{
    GElf_Ehdr header;

    if (elf_kind(handle) != ELF_K_ELF || !gelf_getehdr(handle, &header))
        return refuse(message, size, "%s is damaged: it starts like an ELF file but is none.",
                      file->path);
    elf->xlen = gelf_getclass(handle) == ELFCLASS64 ? 64 : 32;
    if (!check_header(file->path, &header, message, size) ||
        !read_segments(file, handle, elf, message, size))
        return false;
    if (!find_physical(elf, header.e_entry, 2, &elf->entry))
        return refuse(message, size,
                      "%s is damaged: its entry 0x%" PRIx64 " is in none of its segments.",
                      file->path, header.e_entry);
    if (!read_symbols(file, handle, elf, message, size))
        return false;
    find_htif(elf);
    return true;
}

bool elf_read(const struct file *file, struct elf *elf, char *message, size_t message_size)
{
    *elf = (struct elf){0};
    if (elf_version(EV_CURRENT) == EV_NONE)
        return refuse(message, message_size, "The libelf on this system is too old.");
    Elf *handle = elf_begin(file->fd, ELF_C_READ, NULL);
    if (!handle)
        return refuse(message, message_size, "%s cannot be read: %s.", file->path, elf_errmsg(-1));
    bool is_good = read_all(file, handle, elf, message, message_size);
    elf_end(handle);
    if (!is_good) {
        symbols_destroy(elf->symbols);
        elf->symbols = NULL;
    }
    return is_good;
}
