/* The symbol table of an ELF file ("Symbol Table" in the ELF specification). A damaged symbol is
 * left out rather than refused: programs run, and are looked at, without names as well. */
#ifndef LOADER_ELF_SYMBOLS_H
#define LOADER_ELF_SYMBOLS_H

#include "loader/symbols.h"

#include <gelf.h>

/* Adds the names in the file's symbol table, or without one in its dynamic one, each slide bytes
 * further. most bounds the bytes of names: they may overlap in the file, and a small one could ask
 * for more memory than there is. False when there is no memory. */
bool elf_symbols_add(Elf *handle, u64 slide, u64 most, struct symbols *symbols);

#endif
