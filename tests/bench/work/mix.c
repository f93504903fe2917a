/* An integer mix in the manner of CoreMark: linked lists (search, reverse, merge sort), small
 * matrices, a state machine over text, and a CRC over what they found. Short loops with loads,
 * branches that are hard to foresee, and multiplications. */
#include "work.h"

enum { NODES = 200, SIDE = 20 };

struct node {
    struct node *next;
    int16_t key, value;
};

static struct node nodes[NODES];
static int16_t left[SIDE][SIDE], right[SIDE][SIDE];
static int32_t product[SIDE][SIDE];

static uint16_t crc16(uint16_t crc, uint32_t value, int bits)
{
    for (int i = 0; i < bits; i++) {
        uint16_t carry = (crc ^ (value >> i)) & 1;
        crc = (uint16_t)(crc >> 1 ^ (carry ? 0xa001 : 0));
    }
    return crc;
}

static struct node *list_make(uint32_t seed)
{
    for (int i = 0; i < NODES; i++) {
        nodes[i].next = i + 1 < NODES ? &nodes[i + 1] : NULL;
        nodes[i].key = (int16_t)(random_next(&seed) % 1000);
        nodes[i].value = (int16_t)i;
    }
    return nodes;
}

static struct node *list_reverse(struct node *list)
{
    struct node *reversed = NULL;
    while (list) {
        struct node *next = list->next;
        list->next = reversed;
        reversed = list;
        list = next;
    }
    return reversed;
}

static const struct node *list_find(const struct node *list, int16_t key)
{
    while (list && list->key != key)
        list = list->next;
    return list;
}

static int by_key(const struct node *one, const struct node *other)
{
    return one->key - other->key;
}

static int by_value(const struct node *one, const struct node *other)
{
    return one->value - other->value;
}

typedef int order_rule(const struct node *, const struct node *);

static struct node *list_merge(struct node *one, struct node *other, order_rule *order)
{
    struct node head, *tail = &head;
    while (one && other) {
        struct node **least = order(one, other) <= 0 ? &one : &other;
        tail->next = *least;
        tail = *least;
        *least = tail->next;
    }
    tail->next = one ? one : other;
    return head.next;
}

/* Slot i holds a sorted list of 2^i nodes, or none: counting in binary, with merging for a carry.
 */
static struct node *list_sort(struct node *list, order_rule *order)
{
    struct node *slots[10] = {NULL};
    while (list) {
        struct node *carry = list;
        list = list->next;
        carry->next = NULL;
        int i = 0;
        for (; slots[i]; i++) {
            carry = list_merge(slots[i], carry, order);
            slots[i] = NULL;
        }
        slots[i] = carry;
    }
    for (int i = 0; i < 10; i++)
        list = list_merge(slots[i], list, order);
    return list;
}

static uint16_t list_work(uint16_t crc)
{
    struct node *list = list_make(4711);
    uint32_t seed = 99;
    for (int i = 0; i < 30; i++) {
        const struct node *found = list_find(list, (int16_t)(random_next(&seed) % 1000));
        crc = crc16(crc, found ? (uint16_t)found->value : 0xffffu, 16);
        if (i % 4 == 0)
            list = list_reverse(list);
    }
    list = list_sort(list, by_key);
    for (const struct node *node = list; node; node = node->next)
        crc = crc16(crc, (uint16_t)node->key, 8);
    list = list_sort(list, by_value);
    for (const struct node *node = list; node->next; node = node->next)
        expect("a node's neighbour", (uint64_t)node->next->value, (uint64_t)node->value + 1);
    return crc;
}

static uint16_t matrix_work(uint16_t crc)
{
    uint32_t seed = 31415;
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++) {
            left[i][j] = (int16_t)random_next(&seed);
            right[i][j] = (int16_t)random_next(&seed);
        }
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++) {
            uint32_t sum = 0;
            for (int k = 0; k < SIDE; k++)
                sum += (uint32_t)(left[i][k] * right[k][j]);
            product[i][j] = (int32_t)sum;
        }
    uint32_t bits = 0;
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++) {
            uint32_t entry = (uint32_t)product[i][j];
            bits += (entry >> 2 & 15) * (entry >> 5 & 127);
            left[i][j] = (int16_t)(left[i][j] + right[j][i]);
            bits += (uint16_t)left[i][j];
        }
    return crc16(crc, bits, 32);
}

enum state {
    START,
    SIGNED,
    INTEGER,
    FRACTION,
    EXPONENT,
    EXPONENT_DIGITS,
    NAME_PART,
    WRONG,
    STATES
};

static enum state state_next(enum state state, char character)
{
    int is_digit = character >= '0' && character <= '9';
    switch (state) {
    case START:
        if (character == '+' || character == '-')
            return SIGNED;
        return is_digit ? INTEGER : character >= 'a' && character <= 'z' ? NAME_PART : WRONG;
    case SIGNED:
        return is_digit ? INTEGER : character == '.' ? FRACTION : WRONG;
    case INTEGER:
        return is_digit           ? INTEGER
               : character == '.' ? FRACTION
               : character == 'e' ? EXPONENT
                                  : WRONG;
    case FRACTION:
        return is_digit ? FRACTION : character == 'e' ? EXPONENT : WRONG;
    case EXPONENT:
        return is_digit || character == '-' ? EXPONENT_DIGITS : WRONG;
    case EXPONENT_DIGITS:
        return is_digit ? EXPONENT_DIGITS : WRONG;
    case NAME_PART:
        return is_digit || (character >= 'a' && character <= 'z') ? NAME_PART : WRONG;
    case WRONG:
    case STATES:
        break;
    }
    return WRONG;
}

static uint16_t state_work(uint16_t crc)
{
    static const char text[] =
        "12,-7,+3.25,4.5e-3,abc,x9,1e5,--2,7.7.7,99999,e,5e,+.5,word,0.0001,-1e-1,"
        "31415926535,2.718281828e0,mix,5,,6,a-b,1234e-5678,%";
    unsigned ended[STATES] = {0};
    for (int times = 0; times < 6; times++) {
        enum state state = START;
        for (const char *at = text; *at; at++) {
            if (*at == ',') {
                ended[state]++;
                state = START;
            } else {
                state = state_next(state, *at);
            }
        }
    }
    for (int i = 0; i < STATES; i++)
        crc = crc16(crc, ended[i], 8);
    return crc;
}

void work_round(void)
{
    uint16_t crc = 0xffff;
    for (int i = 0; i < 50; i++)
        crc = state_work(matrix_work(list_work(crc)));
    expect("the CRC", crc, 0x8deb);
}
