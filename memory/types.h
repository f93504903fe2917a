/* The words that every other file is written in.
 *
 * Guest addresses are two types on purpose: a vaddr is what a program says, a paddr is where it is.
 * Only a page walk (memory/paging.h) turns one into the other. */
#ifndef MEMORY_TYPES_H
#define MEMORY_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t i8;
typedef int16_t i16;
typedef int32_t i32;
typedef int64_t i64;
__extension__ typedef unsigned __int128 u128;
__extension__ typedef __int128 i128;

typedef u64 vaddr;
typedef u64 paddr;

/* Why memory is touched. The order is the order of the trap causes: fetch 1/12, load 5/13, store
 * 7/15. */
enum access { ACCESS_FETCH, ACCESS_LOAD, ACCESS_STORE };

#define PAGE_BITS 12
#define PAGE_SIZE ((u64)1 << PAGE_BITS)
#define PAGE_MASK (PAGE_SIZE - 1)

#define likely(condition)   __builtin_expect(!!(condition), 1)
#define unlikely(condition) __builtin_expect(!!(condition), 0)

#endif
