/* Instruction words for the comparison of disassemblers, written to stdout as they lie in memory:
 *
 *   isa_words COUNT SEED
 *
 * First every 16-bit encoding, then COUNT 32-bit words: of eight, five are some row of the table
 * with random operands, two are such a row with one fixed bit flipped, one is random. Left out are
 * words that announce an instruction longer than 32 bits, since other disassemblers then take more
 * than four bytes and lose step with us (tests/cpu/test_decode.c has them). */
#include "cpu/isa.h"
#include "tests/agree/random.h"

#include <stdio.h>
#include <stdlib.h>

static void write_word(u32 word, unsigned length)
{
    for (unsigned i = 0; i < length; i++)
        putchar((int)(word >> 8 * i & 0xff));
}

static bool is_32_bits_long(u32 word)
{
    return (word & 3) == 3 && (word & 0x1f) != 0x1f;
}

/* One of the bits that mask has set. */
static u32 pick_bit(u32 mask, struct random *random)
{
    u32 skip = random_below(random, (u32)__builtin_popcount(mask));

    while (skip--)
        mask &= mask - 1;
    return mask & -mask;
}

static u32 wide_word(u64 index, struct random *random)
{
    unsigned count;
    const struct row_info *row = &isa_rows(&count)[index / 8 % ROW_COUNT];
    u32 mask, match, word;

    row_bits(row, &mask, &match);
    do {
        word = (u32)random_next(random);
        if (index % 8 < 7)
            word = (word & ~mask) | match;
        if (index % 8 == 5 || index % 8 == 6)
            word ^= pick_bit(mask, random);
    } while (!is_32_bits_long(word));
    return word;
}

int main(int argc, char **argv)
{
    struct random random;
    u64 count;

    if (argc != 3) {
        fprintf(stderr, "usage: isa_words COUNT SEED\n");
        return 2;
    }
    count = strtoull(argv[1], NULL, 0);
    random.state = strtoull(argv[2], NULL, 0);
    for (u32 word = 0; word < 0x10000; word++)
        if (!is_wide((u16)word))
            write_word(word, 2);
    for (u64 i = 0; i < count; i++)
        write_word(wide_word(i, &random), 4);
    return fflush(stdout) || ferror(stdout) ? 1 : 0;
}
