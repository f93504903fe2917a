/* The memory and string routines of a small C library: a word at a time where both sides are
 * aligned, a byte at a time elsewhere. Built without the compiler's habit of recognising such
 * loops, which would make memcpy call itself. */
#include "work.h"

typedef word __attribute__((may_alias)) chunk;

enum { CHUNK = sizeof(chunk) };

static int is_aligned(const void *one, const void *other)
{
    return (((word)one | (word)other) & (CHUNK - 1)) == 0;
}

void *memcpy(void *to, const void *from, size_t size)
{
    unsigned char *target = to;
    const unsigned char *source = from;
    if (is_aligned(to, from)) {
        for (; size >= 4 * CHUNK; size -= 4 * CHUNK, target += 4 * CHUNK, source += 4 * CHUNK) {
            chunk one = ((const chunk *)source)[0], two = ((const chunk *)source)[1];
            chunk three = ((const chunk *)source)[2], four = ((const chunk *)source)[3];
            ((chunk *)target)[0] = one;
            ((chunk *)target)[1] = two;
            ((chunk *)target)[2] = three;
            ((chunk *)target)[3] = four;
        }
        for (; size >= CHUNK; size -= CHUNK, target += CHUNK, source += CHUNK)
            *(chunk *)target = *(const chunk *)source;
    }
    while (size-- > 0)
        *target++ = *source++;
    return to;
}

void *memmove(void *to, const void *from, size_t size)
{
    unsigned char *target = to;
    const unsigned char *source = from;
    if (target <= source || target >= source + size)
        return memcpy(to, from, size);
    if (is_aligned(target + size, source + size))
        for (; size >= CHUNK; size -= CHUNK)
            *(chunk *)(target + size - CHUNK) = *(const chunk *)(source + size - CHUNK);
    while (size-- > 0)
        target[size] = source[size];
    return to;
}

void *memset(void *to, int byte, size_t size)
{
    unsigned char *target = to;
    chunk pattern = (unsigned char)byte * (~(chunk)0 / 255);
    for (; size > 0 && !is_aligned(target, target); size--)
        *target++ = (unsigned char)byte;
    for (; size >= CHUNK; size -= CHUNK, target += CHUNK)
        *(chunk *)target = pattern;
    while (size-- > 0)
        *target++ = (unsigned char)byte;
    return to;
}

int memcmp(const void *one, const void *other, size_t size)
{
    const unsigned char *left = one, *right = other;
    if (is_aligned(one, other))
        for (; size >= CHUNK && *(const chunk *)left == *(const chunk *)right; size -= CHUNK)
            left += CHUNK, right += CHUNK;
    for (; size > 0; size--, left++, right++)
        if (*left != *right)
            return *left - *right;
    return 0;
}

size_t strlen(const char *text)
{
    /* A word has a zero byte if taking one from each byte borrows where no top bit was. */
    const chunk ones = ~(chunk)0 / 255, tops = ones << 7;
    const char *end = text;
    for (; ((word)end & (CHUNK - 1)) != 0; end++)
        if (!*end)
            return (size_t)(end - text);
    while (((*(const chunk *)end - ones) & ~*(const chunk *)end & tops) == 0)
        end += CHUNK;
    while (*end)
        end++;
    return (size_t)(end - text);
}

int strcmp(const char *one, const char *other)
{
    while (*one && *one == *other)
        one++, other++;
    return (unsigned char)*one - (unsigned char)*other;
}

char *strchr(const char *text, int character)
{
    for (; *text != (char)character; text++)
        if (!*text)
            return NULL;
    return (char *)text;
}

char *strcpy(char *to, const char *from)
{
    char *target = to;
    while ((*target++ = *from++) != '\0')
        ;
    return to;
}
