/* AES-128 (FIPS 197) in software, with the usual tables of words: loads at addresses that data
 * decides, and exclusive ors. The tables are computed; the standard's example is checked, and that
 * decryption by the plain inverse steps gives back what a chain of encryptions began with. */
#include "work.h"

enum { ROUNDS_OF_AES = 10, KEY_WORDS = 4 * (ROUNDS_OF_AES + 1) };

static unsigned char box[256], inverse_box[256];
static uint32_t table[4][256];
static uint32_t keys[KEY_WORDS];

static unsigned char twice(unsigned char value)
{
    return (unsigned char)(value << 1 ^ (value & 0x80 ? 0x1b : 0));
}

static unsigned char multiply(unsigned char one, unsigned char other)
{
    unsigned char product = 0;
    for (; other; other >>= 1, one = twice(one))
        if (other & 1)
            product ^= one;
    return product;
}

static uint32_t word_of(unsigned char a, unsigned char b, unsigned char c, unsigned char d)
{
    return (uint32_t)a << 24 | (uint32_t)b << 16 | (uint32_t)c << 8 | d;
}

static unsigned char byte_of(uint32_t value, int place)
{
    return (unsigned char)(value >> (24 - 8 * place));
}

/* 3 generates all values but 0; walking it and its inverse together yields the inverses. */
static void tables_make(void)
{
    unsigned char value = 1, inverse = 1;
    do {
        value ^= twice(value);
        inverse = multiply(inverse, 0xf6);
        unsigned char turned = inverse, sum = inverse;
        for (int i = 0; i < 4; i++) {
            turned = (unsigned char)(turned << 1 | turned >> 7);
            sum ^= turned;
        }
        box[value] = sum ^ 0x63;
    } while (value != 1);
    box[0] = 0x63;
    for (int i = 0; i < 256; i++) {
        unsigned char s = box[i];
        inverse_box[s] = (unsigned char)i;
        uint32_t column = word_of(twice(s), s, s, twice(s) ^ s);
        for (int row = 0; row < 4; row++, column = column >> 8 | column << 24)
            table[row][i] = column;
    }
}

static uint32_t box_word(uint32_t value)
{
    return word_of(box[byte_of(value, 0)], box[byte_of(value, 1)], box[byte_of(value, 2)],
                   box[byte_of(value, 3)]);
}

static void keys_make(const uint32_t *key)
{
    unsigned char constant = 1;
    for (int i = 0; i < KEY_WORDS; i++) {
        uint32_t value = i < 4 ? key[i] : keys[i - 1];
        if (i >= 4 && i % 4 == 0) {
            value = box_word(value << 8 | value >> 24) ^ (uint32_t)constant << 24;
            constant = twice(constant);
        }
        keys[i] = i < 4 ? value : value ^ keys[i - 4];
    }
}

static void encrypt(uint32_t *state)
{
    uint32_t now[4], next[4];
    for (int i = 0; i < 4; i++)
        now[i] = state[i] ^ keys[i];
    for (int turn = 1; turn < ROUNDS_OF_AES; turn++) {
        for (int i = 0; i < 4; i++)
            next[i] = table[0][now[i] >> 24] ^ table[1][now[(i + 1) % 4] >> 16 & 255] ^
                      table[2][now[(i + 2) % 4] >> 8 & 255] ^ table[3][now[(i + 3) % 4] & 255] ^
                      keys[4 * turn + i];
        memcpy(now, next, sizeof now);
    }
    for (int i = 0; i < 4; i++)
        state[i] = word_of(box[byte_of(now[i], 0)], box[byte_of(now[(i + 1) % 4], 1)],
                           box[byte_of(now[(i + 2) % 4], 2)], box[byte_of(now[(i + 3) % 4], 3)]) ^
                   keys[4 * ROUNDS_OF_AES + i];
}

static uint32_t unmix(uint32_t column)
{
    static const unsigned char factors[4] = {14, 11, 13, 9};
    unsigned char mixed[4];
    for (int row = 0; row < 4; row++) {
        mixed[row] = 0;
        for (int i = 0; i < 4; i++)
            mixed[row] ^= multiply(byte_of(column, (row + i) % 4), factors[i]);
    }
    return word_of(mixed[0], mixed[1], mixed[2], mixed[3]);
}

static void decrypt(uint32_t *state)
{
    uint32_t next[4];
    for (int turn = ROUNDS_OF_AES; turn > 0; turn--) {
        for (int i = 0; i < 4; i++) {
            state[i] ^= keys[4 * turn + i];
            if (turn < ROUNDS_OF_AES)
                state[i] = unmix(state[i]);
        }
        for (int i = 0; i < 4; i++)
            next[i] = word_of(inverse_box[byte_of(state[i], 0)],
                              inverse_box[byte_of(state[(i + 3) % 4], 1)],
                              inverse_box[byte_of(state[(i + 2) % 4], 2)],
                              inverse_box[byte_of(state[(i + 1) % 4], 3)]);
        memcpy(state, next, sizeof next);
    }
    for (int i = 0; i < 4; i++)
        state[i] ^= keys[i];
}

static void expect_state(const char *what, const uint32_t *state, const uint32_t *wanted)
{
    for (int i = 0; i < 4; i++)
        expect(what, state[i], wanted[i]);
}

static const uint32_t plain[4] = {0x00112233, 0x44556677, 0x8899aabb, 0xccddeeff};

void work_prepare(void)
{
    static const uint32_t key[4] = {0x00010203, 0x04050607, 0x08090a0b, 0x0c0d0e0f};
    static const uint32_t secret[4] = {0x69c4e0d8, 0x6a7b0430, 0xd8cdb780, 0x70b4c55a};
    uint32_t state[4];
    tables_make();
    keys_make(key);
    memcpy(state, plain, sizeof state);
    encrypt(state);
    expect_state("a word of the standard's example", state, secret);
    decrypt(state);
    expect_state("a word of the example decrypted", state, plain);
}

void work_round(void)
{
    uint32_t state[4];
    memcpy(state, plain, sizeof state);
    for (int i = 0; i < 2000; i++)
        encrypt(state);
    for (int i = 0; i < 20; i++)
        decrypt(state);
    for (int i = 0; i < 20; i++)
        encrypt(state);
    expect("the chain's first word", state[0], 0x3602f2f5);
}
