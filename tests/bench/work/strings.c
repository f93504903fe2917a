/* Memory and string routines (routines.c) at all alignments, and text worked on with them: copies
 * and fills from a few bytes to some kilobytes, lengths, comparisons, searches, words counted in a
 * hash table, numbers written out and read back. */
#include "work.h"

enum { BLOCK = 4096, SLOTS = 64 };

static unsigned char from[BLOCK + 16], to[BLOCK + 16];
static char text[2048];

struct slot {
    char word[12];
    unsigned times;
};

static struct slot slots[SLOTS];

static uint32_t copies(void)
{
    uint32_t seed = 8, sum = 0;
    for (int i = 0; i < BLOCK + 16; i++)
        from[i] = (unsigned char)random_next(&seed);
    for (unsigned size = 7; size < BLOCK; size = size * 3 / 2)
        for (unsigned shift = 0; shift < 16; shift += 4) {
            memset(to, (int)size, sizeof to);
            memcpy(to + shift, from + shift, size);
            sum = fold(sum, (uint32_t)(memcmp(to + shift, from + shift, size) == 0));
            memmove(to + 8, to + shift, size);
            memcpy(to, from + shift / 4, size); /* sides that are aligned differently */
            sum = fold(sum, to[size / 2] + 256u * to[size] + 65536u * to[size + 8]);
        }
    return sum;
}

static char *number_write(char *at, uint32_t number)
{
    char digits[10];
    int count = 0;
    do
        digits[count++] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    while (count > 0)
        *at++ = digits[--count];
    return at;
}

static uint32_t number_read(const char *at)
{
    uint32_t number = 0;
    while (*at >= '0' && *at <= '9')
        number = 10 * number + (uint32_t)(*at++ - '0');
    return number;
}

static void text_write(void)
{
    static const char *const words[] = {"glass", "lamp", "window", "wire",
                                        "wheel", "slot", "door",   "walk"};
    uint32_t seed = 17;
    char *at = text;
    while (at < text + sizeof text - 24) {
        strcpy(at, words[random_next(&seed) % 8]);
        at += strlen(at);
        at = number_write(at, random_next(&seed) % 5);
        *at++ = ' ';
    }
    *at = '\0';
}

static struct slot *slot_of(const char *word)
{
    uint32_t place = 0;
    for (const char *at = word; *at; at++)
        place = 31 * place + (unsigned char)*at;
    for (place %= SLOTS; slots[place].times > 0; place = (place + 1) % SLOTS)
        if (strcmp(slots[place].word, word) == 0)
            break;
    return &slots[place];
}

static uint32_t words_count(void)
{
    char word[12];
    uint32_t sum = 0;
    memset(slots, 0, sizeof slots);
    for (const char *at = text, *end; (end = strchr(at, ' ')) != NULL; at = end + 1) {
        memcpy(word, at, (size_t)(end - at));
        word[end - at] = '\0';
        struct slot *slot = slot_of(word);
        if (slot->times++ == 0)
            strcpy(slot->word, word);
        sum += number_read(word + strlen(word) - 1);
    }
    for (int i = 0; i < SLOTS; i++)
        sum = fold(sum, slots[i].times);
    return sum;
}

/* How often a word begins somewhere in the text. */
static uint32_t find_all(const char *word)
{
    uint32_t found = 0;
    size_t size = strlen(word);
    for (const char *at = text; (at = strchr(at, word[0])) != NULL; at++)
        found += memcmp(at, word, size) == 0;
    return found;
}

static void numbers_there_and_back(void)
{
    char digits[12];
    uint32_t seed = 3;
    for (int i = 0; i < 200; i++) {
        uint32_t number = random_next(&seed);
        *number_write(digits, number) = '\0';
        expect("a number read back", number_read(digits), number);
    }
}

void work_round(void)
{
    for (int i = 0; i < 10; i++) {
        expect("the copies' sum", copies(), 0x36daa943);
        text_write();
        expect("the words' sum", words_count(), 0xe93d0163);
        expect("the windows and wheels", find_all("window") * 1000 + find_all("wheel"), 38050);
        numbers_there_and_back();
    }
}
