/* A kernel's own symbol tables (see kallsyms.h). In this order, each aligned:
 *
 *     count         u32            how many symbols there are
 *     names         bytes          for each, by address: its length (7 bits, or 14 in two bytes),
 * then so many tokens. Expanded, the first character is nm's letter for its kind markers       u32
 * each       where in names every 256th begins token table   256 strings    what each byte in names
 * stands for token index   256 u16        where in the token table each begins offsets       i32
 * each       from the base that follows, or (since 2026) from its own place base          a pointer
 * absent in the second form
 *
 * Every number in it is hostile: each table is found, measured and compared with the others before
 * it is used. */
#include "loader/kallsyms.h"

#include <string.h>

#define TOKENS      256
#define TOKEN_MOST  64       /* bytes of one token, and the NUL: Linux has at most 32 or so */
#define NAME_MOST   512      /* bytes of one symbol, as in Linux */
#define SYMBOL_MOST 4000000  /* symbols: Debian's kernel has 170,000 */
#define PADDING     8        /* bytes in front of a table, less one */
#define PATIENCE    50000000 /* strings and names looked at: a file made to waste time is given up */

struct tables {
    const u8 *bytes;
    size_t size;
    size_t tokens[TOKENS]; /* offsets in bytes of strings that end */
    size_t count;
    size_t names, markers, offsets; /* offsets in bytes; what they lead to is inside */
    bool is_relative_to_itself;
    u64 patience;
    vaddr base; /* of what offsets count from, unless they are relative to themselves */
};

static u64 take(const u8 *at, unsigned size)
{
    u64 value = 0;

    memcpy(&value, at, size);
    return value;
}

static size_t align(size_t at, size_t to)
{
    return (at + to - 1) / to * to;
}

/* Where the string behind this one begins; 0 when it is longer than any token. */
static size_t skip_string(struct tables *tables, size_t at)
{
    size_t left = tables->size - at;

    if (tables->patience == 0)
        return 0;
    tables->patience--;
    const u8 *end = memchr(tables->bytes + at, 0, left < TOKEN_MOST ? left : TOKEN_MOST);

    return end ? (size_t)(end - tables->bytes) + 1 : 0;
}

/* The index of the tokens is where it must be, and says the same as the strings. */
static bool check_index(const struct tables *tables, size_t at)
{
    if (at > tables->size || tables->size - at < 2 * TOKENS)
        return false;
    for (unsigned i = 0; i < TOKENS; i++)
        if (take(tables->bytes + at + 2 * i, 2) != tables->tokens[i] - tables->tokens[0])
            return false;
    return true;
}

/* Given the place of the token '0', finds the others: 207 behind it, and the index behind those,
 * which then says where the first one is. */
static bool find_tokens(struct tables *tables, size_t zero)
{
    size_t at = zero, index;

    for (unsigned i = '0'; i < TOKENS; i++) {
        tables->tokens[i] = at;
        at = skip_string(tables, at);
        if (!at)
            return false;
    }
    for (unsigned alignment = 4; alignment <= 8; alignment += 4) {
        index = align(at, alignment);
        if (index > tables->size || tables->size - index < 2 * TOKENS)
            return false;
        size_t before = take(tables->bytes + index + 2 * '0', 2);
        if (before > zero)
            continue;
        size_t start = zero - before;
        for (unsigned i = 0; start && i < '0'; i++) {
            tables->tokens[i] = start;
            start = skip_string(tables, start);
        }
        if (start == zero && check_index(tables, index)) {
            tables->offsets = index + 2 * TOKENS;
            return true;
        }
    }
    return false;
}

/* Digits are used in names, so each stands for itself. */
static bool find_token_table(struct tables *tables)
{
    static const u8 digits[] = "0\0001\0002\0003\0004\0005\0006\0007\0008\0009";
    const u8 *from = tables->bytes, *end = tables->bytes + tables->size;

    while ((from = memchr(from, '0', (size_t)(end - from)))) {
        if ((size_t)(end - from) < sizeof digits)
            return false;
        if (!memcmp(from, digits, sizeof digits) &&
            find_tokens(tables, (size_t)(from - tables->bytes)))
            return true;
        from++;
    }
    return false;
}

/* The markers end where the tokens begin, or so many bytes of padding before. They grow, and the
 * first is 0. Returns how many there are. */
static size_t find_markers(struct tables *tables, size_t padding)
{
    size_t end = tables->tokens[0] & ~(size_t)3, at;
    u64 above = UINT64_MAX;

    if (end < padding)
        return 0;
    end -= padding;
    for (at = end; at >= 4; at -= 4) {
        u64 marker = take(tables->bytes + at - 4, 4);
        if (marker >= above)
            return 0;
        above = marker;
        if (marker == 0) {
            tables->markers = at - 4;
            return (end - at) / 4 + 1;
        }
    }
    return 0;
}

/* The length in front of a name, and where the name begins. False when it leads out of the names.
 */
static bool read_length(const struct tables *tables, size_t *at, size_t *length)
{
    const u8 *bytes = tables->bytes;

    if (*at >= tables->markers)
        return false;
    *length = bytes[(*at)++];
    if (*length & 0x80) {
        if (*at >= tables->markers)
            return false;
        *length = (*length & 0x7f) | (size_t)(bytes[(*at)++] & 0x7f) << 7;
    }
    return *length > 0 && *length <= tables->markers - *at;
}

/* Do so many names start here, and fill the space up to the markers, as the markers say? */
static bool check_names(struct tables *tables, size_t names, size_t count)
{
    size_t at = names, length;

    for (size_t i = 0; i < count; i++) {
        if (i % 256 == 0 && take(tables->bytes + tables->markers + i / 256 * 4, 4) != at - names)
            return false;
        if (!read_length(tables, &at, &length) || tables->patience == 0)
            return false;
        tables->patience--;
        at += length;
    }
    return tables->markers - at < PADDING;
}

/* The names start so that the last marker, and up to 256 names behind it, fit before the markers;
 * in front of them is a count that so many markers belong to. */
static bool find_names(struct tables *tables, size_t markers)
{
    u64 last = take(tables->bytes + tables->markers + 4 * (markers - 1), 4);

    if (last >= tables->markers)
        return false;
    size_t most = (tables->markers - last) & ~(size_t)3;
    size_t least = most > 256 * NAME_MOST ? most - 256 * NAME_MOST : PADDING;
    for (size_t names = most; names >= least && names >= PADDING; names -= 4) {
        for (unsigned gap = 4; gap <= 8; gap += 4) {
            u64 count = take(tables->bytes + names - gap, 4);
            if ((count + 255) / 256 != markers || !check_names(tables, names, count))
                continue;
            tables->names = names;
            tables->count = count;
            return true;
        }
    }
    return false;
}

static bool find_all_names(struct tables *tables)
{
    for (size_t padding = 0; padding < PADDING; padding += 4) {
        size_t markers = find_markers(tables, padding);
        if (markers && find_names(tables, markers))
            return true;
    }
    return false;
}

/* The two forms of the offsets: either way the addresses grow. */
static bool grows(const struct tables *tables)
{
    i64 before = INT64_MIN;

    for (size_t i = 0; i < tables->count; i++) {
        u32 offset = (u32)take(tables->bytes + tables->offsets + 4 * i, 4);
        i64 value = tables->is_relative_to_itself ? (i32)offset + 4 * (i64)i : offset;
        if (value < before)
            return false;
        before = value;
    }
    return true;
}

static bool find_offsets(struct tables *tables, vaddr base, unsigned xlen)
{
    unsigned pointer = xlen / 8;
    size_t end = tables->offsets + 4 * tables->count;

    if (tables->count > SYMBOL_MOST || tables->offsets > tables->size ||
        (tables->size - tables->offsets) / 4 < tables->count)
        return false;
    tables->is_relative_to_itself = (i32)take(tables->bytes + tables->offsets, 4) < 0;
    tables->base = base;
    if (tables->is_relative_to_itself)
        return grows(tables);
    end = align(end, pointer);
    if (end > tables->size || tables->size - end < pointer)
        return false;
    /* Zero until the kernel has relocated itself. */
    u64 own = take(tables->bytes + end, pointer);
    if (own)
        tables->base = own;
    return grows(tables);
}

static vaddr address_of(const struct tables *tables, size_t index, unsigned xlen)
{
    size_t place = tables->offsets + 4 * index;
    u32 offset = (u32)take(tables->bytes + place, 4);
    vaddr at = tables->base + offset;

    if (tables->is_relative_to_itself)
        at = tables->base + place + (u64)(i64)(i32)offset;
    return xlen == 32 ? (u32)at : at;
}

/* The name that starts here, expanded, with its kind in front. Returns where the next one starts.
 */
static size_t expand(const struct tables *tables, size_t at, char name[NAME_MOST])
{
    size_t length, used = 0;

    if (!read_length(tables, &at, &length))
        return tables->markers;
    for (size_t i = 0; i < length; i++) {
        const char *token = (const char *)tables->bytes + tables->tokens[tables->bytes[at + i]];
        size_t more = strlen(token);
        if (more >= NAME_MOST - used)
            break;
        memcpy(name + used, token, more);
        used += more;
    }
    name[used] = 0;
    return at + length;
}

/* A symbol reaches up to the next address that is another one; the last, to the end of its page.
 * Those without a name are left out, and, where memory is short, the last ones. */
static void add_all(const struct tables *tables, unsigned xlen, struct symbols *symbols)
{
    size_t place = tables->names, next = 0;

    for (size_t i = 0; i < tables->count; i++) {
        vaddr at = address_of(tables, i, xlen);
        char name[NAME_MOST];
        place = expand(tables, place, name);
        while (next < tables->count && (next <= i || address_of(tables, next, xlen) == at))
            next++;
        u64 extent = next < tables->count ? address_of(tables, next, xlen) - at
                                          : PAGE_SIZE - (at & PAGE_MASK);
        if (name[0] && name[1] && !symbols_add(symbols, name + 1, at, extent, 0))
            return;
    }
}

size_t kallsyms_read(const u8 *bytes, size_t size, vaddr base, unsigned xlen,
                     struct symbols *symbols)
{
    struct tables tables = {.bytes = bytes, .size = size, .patience = PATIENCE};

    if (!find_token_table(&tables))
        return 0;
    if (!find_all_names(&tables) || !find_offsets(&tables, base, xlen))
        return 0;
    add_all(&tables, xlen, symbols);
    return tables.count;
}
