/* Words about page walks, for the views that draw them and for `why`. */
#ifndef FRONTEND_WALK_WORDS_H
#define FRONTEND_WALK_WORDS_H

#include "memory/paging.h"

/* Why a walk ended so, about its last PTE: "V is 0: it maps nothing". */
const char *walk_end_words(enum walk_end end);
/* The bit that would have allowed the access, "U"; NULL when it is more than a bit. */
const char *walk_end_bit(enum walk_end end);
/* The low bits as the manual draws them, "DAGUXWRV" with - for zeroes. Returns text. */
#define PTE_BITS 9
const char *pte_bits_words(u64 pte, char text[PTE_BITS]);
/* "4 KiB", "2 MiB": of a page or a range of so many bytes; text has SIZE_WORDS bytes. */
#define SIZE_WORDS 24
const char *size_words(u64 bytes, char text[SIZE_WORDS]);
/* "load", "store", "fetch". */
const char *access_words(enum access why);

#endif
