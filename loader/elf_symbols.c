/* Names in ELF files (see elf_symbols.h). Every number in the file is hostile until it is checked
 * here. */
#include "loader/elf_symbols.h"

#include <string.h>

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

static bool read_table(Elf *handle, Elf_Scn *section, u64 slide, u64 most, struct symbols *symbols)
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
        if (!symbols_add(symbols, name, symbol.st_value + slide, extent_of(handle, &symbol),
                         rank_of(&symbol)))
            return false;
    }
    return true;
}

/* There is at most one table of each type in a file ("Sections"). */
static Elf_Scn *find_table(Elf *handle, unsigned type)
{
    GElf_Shdr header;
    Elf_Scn *section = NULL;

    while ((section = elf_nextscn(handle, section)))
        if (gelf_getshdr(section, &header) && header.sh_type == type)
            return section;
    return NULL;
}

bool elf_symbols_add(Elf *handle, u64 slide, u64 most, struct symbols *symbols)
{
    Elf_Scn *table = find_table(handle, SHT_SYMTAB);

    if (!table)
        table = find_table(handle, SHT_DYNSYM);
    return !table || read_table(handle, table, slide, most, symbols);
}
