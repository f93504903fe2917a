/* Words about page walks (see walk_words.h): "Virtual Address Translation Process" and "Page Table
 * Entry" of the privileged manual, in short. */
#include "frontend/walk_words.h"

#include <inttypes.h>
#include <stdio.h>

static const struct {
    const char *bit, *words;
} ends[] = {
    [WALK_OK] = {NULL, "the access is allowed"},
    [WALK_NOT_CANONICAL] = {NULL, "the upper bits of the address are not copies of its sign bit, "
                                  "so no table is looked at"},
    [WALK_INVALID] = {"V", "V is 0: the entry maps nothing"},
    [WALK_RESERVED] = {NULL, "the entry has a combination of bits that is reserved"},
    [WALK_NO_LEAF] = {NULL, "the last level has a pointer (R, W and X are 0) where only a page can "
                            "be"},
    [WALK_MISALIGNED] = {NULL, "a superpage must begin at a multiple of its size, and this one's "
                               "address has lower bits"},
    [WALK_NOT_USER] = {"U", "U is 0: the page is not for U-mode"},
    [WALK_IS_USER] = {"SUM", "U is 1: S-mode may touch pages of U-mode only while sstatus.SUM is "
                             "1, and may never execute them"},
    [WALK_NOT_READABLE] = {"R", "R is 0: the page cannot be read"},
    [WALK_NOT_WRITABLE] = {"W", "W is 0: the page cannot be written"},
    [WALK_NOT_EXECUTABLE] = {"X", "X is 0: the page cannot be executed"},
    [WALK_NOT_ACCESSED] = {"A",
                           "A is 0, and without menvcfg.ADUE (Svadu) the hardware does not set "
                           "it"},
    [WALK_NOT_DIRTY] = {"D", "D is 0, and without menvcfg.ADUE (Svadu) the hardware does not set "
                             "it"},
    [WALK_PTE_UNREADABLE] = {NULL, "the entry cannot be read: it lies outside RAM, or PMP forbids "
                                   "S-mode to read it"},
};

const char *walk_end_words(enum walk_end end)
{
    return ends[end].words;
}

const char *walk_end_bit(enum walk_end end)
{
    return ends[end].bit;
}

const char *pte_bits_words(u64 pte, char text[PTE_BITS])
{
    static const char letters[] = "DAGUXWRV";

    for (unsigned i = 0; i < PTE_BITS - 1; i++)
        text[i] = pte >> (7 - i) & 1 ? letters[i] : '-';
    text[PTE_BITS - 1] = 0;
    return text;
}

const char *size_words(u64 bytes, char text[SIZE_WORDS])
{
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    unsigned unit = 0;

    while (bytes && !(bytes & 1023) && unit + 1 < sizeof units / sizeof *units) {
        bytes >>= 10;
        unit++;
    }
    snprintf(text, SIZE_WORDS, "%" PRIu64 " %s", bytes, units[unit]);
    return text;
}

const char *access_words(enum access why)
{
    return why == ACCESS_FETCH ? "fetch" : why == ACCESS_LOAD ? "load" : "store";
}
