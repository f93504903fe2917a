/* Instruction words for the comparison of disassemblers, written to stdout as they lie in memory:
 *
 *   isa_words COUNT SEED [FIRST]
 *
 * First every 16-bit encoding, then COUNT 32-bit words, from the FIRST-th on of a sequence that is
 * the same for the same SEED. Of eight words, five are some row of the table, two are such a row
 * with one fixed bit flipped, one is random. Rows come in turn, and with each turn the next
 * combination of the free bits that are in no register field; the flipped bit is the next one, too.
 * So the sequence visits every row with every combination (at most 2^15) within 2^15 * 8/5 *
 * ROW_COUNT words. Left out are words that announce an instruction longer than 32 bits, since other
 * disassemblers then take more than four bytes and lose step with us (tests/cpu/test_decode.c has
 * them). */
#include "cpu/isa.h"
#include "tests/agree/random.h"

#include <stdio.h>
#include <stdlib.h>

#define MINOR 0xfff07000u /* bits 31..20 and 14..12: all that is in neither rd nor rs1 */

static void write_word(u32 word, unsigned length)
{
    for (unsigned i = 0; i < length; i++)
        putchar((int)(word >> 8 * i & 0xff));
}

static bool is_32_bits_long(u32 word)
{
    return (word & 3) == 3 && (word & 0x1f) != 0x1f;
}

/* The bits of value, from the lowest on, put where mask has ones. */
static u32 spread(u32 mask, u64 value)
{
    u32 word = 0;

    for (; mask; mask &= mask - 1, value >>= 1)
        word |= value & 1 ? mask & -mask : 0;
    return word;
}

/* The turn-th bit that mask has set, counted round and round. */
static u32 pick_bit(u32 mask, u64 turn)
{
    unsigned skip = (unsigned)(turn % (unsigned)__builtin_popcount(mask));

    while (skip--)
        mask &= mask - 1;
    return mask & -mask;
}

/* Random registers, and often those that are special. */
static u32 draw_registers(struct random *random)
{
    static const u8 special[] = {0, 1, 2, 31};
    u32 word = 0;

    for (unsigned at = 7; at <= 20; at += at == 7 ? 8 : 5)
        word |=
            (random_one_in(random, 4) ? special[random_below(random, 4)] : random_below(random, 32))
            << at;
    return word;
}

static u32 row_word(u64 index, struct random *random)
{
    unsigned count, place = index % 8;
    const struct row_info *row = &isa_rows(&count)[index / 8 % ROW_COUNT];
    u64 turn = index / 8 / ROW_COUNT;
    u32 mask, match, minor, word;

    row_bits(row, &mask, &match);
    minor = ~mask & MINOR;
    word = draw_registers(random);
    if (place >= 5) {
        word |= (u32)random_next(random) & MINOR;
        return ((word & ~mask) | match) ^ pick_bit(mask, 2 * turn + place - 5);
    }
    /* An odd factor visits every combination, too, and soon has been everywhere. */
    word = (word & ~minor) | spread(minor, (5 * turn + place) * 0x9e3779b1);
    return (word & ~mask) | match;
}

static u32 wide_word(u64 index, u64 seed)
{
    struct random random = {seed ^ index * 0x9e3779b97f4a7c15};
    u32 word = index % 8 < 7 ? row_word(index, &random) : (u32)random_next(&random);

    while (!is_32_bits_long(word))
        word = (u32)random_next(&random);
    return word;
}

int main(int argc, char **argv)
{
    u64 count, seed, first;

    if (argc < 3) {
        fprintf(stderr, "usage: isa_words COUNT SEED [FIRST]\n");
        return 2;
    }
    count = strtoull(argv[1], NULL, 0);
    seed = strtoull(argv[2], NULL, 0);
    first = argc > 3 ? strtoull(argv[3], NULL, 0) : 0;
    for (u32 word = 0; word < 0x10000; word++)
        if (!is_wide((u16)word))
            write_word(word, 2);
    for (u64 i = first; i < first + count; i++)
        write_word(wide_word(i, seed), 4);
    return fflush(stdout) || ferror(stdout) ? 1 : 0;
}
