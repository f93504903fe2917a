/* ELF programs (see elf.h). Every number in the file is hostile until it is checked here. */
#include "loader/elf.h"

#include "loader/elf_symbols.h"
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

static bool read_symbols(const struct file *file, Elf *handle, struct elf *elf, char *message,
                         size_t size)
{
    elf->symbols = symbols_create();
    if (!elf->symbols || !elf_symbols_add(handle, 0, file->size, elf->symbols))
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
