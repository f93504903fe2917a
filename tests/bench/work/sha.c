/* SHA-256 (FIPS 180-4) in software: rotations, exclusive ors and additions in long straight runs.
 * The standard's example "abc" is checked, and in each round 64000 times the letter "a", whose
 * digest any other program for it says. */
#include "work.h"

struct digest {
    uint32_t h[8];
};

static const uint32_t keys[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t value, int bits)
{
    return value >> bits | value << (32 - bits);
}

static void schedule(uint32_t *w, const unsigned char *block)
{
    for (int i = 0; i < 16; i++, block += 4)
        w[i] = (uint32_t)block[0] << 24 | (uint32_t)block[1] << 16 | (uint32_t)block[2] << 8 |
               block[3];
    for (int i = 16; i < 64; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) +
               (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
    }
}

static void take_block(struct digest *digest, const unsigned char *block)
{
    uint32_t w[64], *h = digest->h;
    schedule(w, block);
    uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], last = h[7];
    for (int i = 0; i < 64; i++) {
        uint32_t one = last + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
                       ((e & f) ^ (~e & g)) + keys[i] + w[i];
        uint32_t two =
            (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
        last = g, g = f, f = e, e = d + one, d = c, c = b, b = a, a = one + two;
    }
    h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e, h[5] += f, h[6] += g, h[7] += last;
}

static struct digest begin_digest(void)
{
    return (struct digest){{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c,
                            0x1f83d9ab, 0x5be0cd19}};
}

/* The rest of a message (less than 56 bytes), the padding and the message's length. */
static void finish(struct digest *digest, const char *rest, unsigned size, uint32_t total)
{
    unsigned char block[64] = {0};
    memcpy(block, rest, size);
    block[size] = 0x80;
    for (int i = 0; i < 4; i++)
        block[60 + i] = (unsigned char)(total * 8 >> (24 - 8 * i));
    take_block(digest, block);
}

static unsigned char letters[64];

static void take_letters(struct digest *digest, unsigned blocks)
{
    while (blocks-- > 0)
        take_block(digest, letters);
}

void work_prepare(void)
{
    struct digest digest = begin_digest();
    finish(&digest, "abc", 3, 3);
    expect("abc's first word", digest.h[0], 0xba7816bf);
    expect("abc's last word", digest.h[7], 0xf20015ad);
    memset(letters, 'a', sizeof letters);
}

void work_round(void)
{
    struct digest digest = begin_digest();
    take_letters(&digest, 1000);
    finish(&digest, "", 0, 64000);
    expect("the first word of 64000 letters", digest.h[0], 0xb79a5f9d);
}
