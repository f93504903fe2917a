/* See fragments.h.
 *
 *     an Ethernet frame  destination:6  source:6  type:2  then, for IPv4,
 *     a header           length/4:4 version:4  service:8  total:16  id:16  flags, offset/8:16
 *                        time:8  protocol:8  sum:16  source:32  destination:32  options         */
#include "frontend/fragments.h"

#include <string.h>

#define ETHERNET      14u
#define HEADER        20u /* without options */
#define MORE          0x2000u
#define OFFSET        0x1fffu
#define DATAGRAM_MOST 65535u

/* One fragment, checked. */
struct piece {
    const u8 *header, *data;
    u32 header_size, size, offset; /* bytes */
    bool is_last;
};

static u32 get16(const u8 *at)
{
    return (u32)at[0] << 8 | at[1];
}

static void put16(u8 *at, u32 value)
{
    at[0] = (u8)(value >> 8);
    at[1] = (u8)value;
}

/* The ones' complement sum that is 0xffff over a good header. */
static u32 sum_up(const u8 *at, u32 size)
{
    u32 sum = 0;

    for (u32 i = 0; i < size; i += 2)
        sum += get16(at + i);
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return sum;
}

static bool is_fragment(const u8 *frame, size_t size)
{
    return size >= ETHERNET + HEADER && get16(frame + 12) == 0x0800 &&
           get16(frame + ETHERNET + 6) & (MORE | OFFSET);
}

/* False for what no sender would send. */
static bool read_piece(const u8 *frame, size_t size, struct piece *piece)
{
    const u8 *header = frame + ETHERNET;
    u32 total = get16(header + 2), place = get16(header + 6);

    piece->header = header;
    piece->header_size = 4 * (header[0] & 15u);
    piece->is_last = !(place & MORE);
    piece->offset = 8 * (place & OFFSET);
    if (header[0] >> 4 != 4 || piece->header_size < HEADER || total <= piece->header_size ||
        total > size - ETHERNET)
        return false;
    piece->data = header + piece->header_size;
    piece->size = total - piece->header_size;
    return (piece->is_last || piece->size % 8 == 0) && sum_up(header, piece->header_size) == 0xffff;
}

/* Does it go on just where the datagram has come to? */
static bool goes_on(const struct fragments *fragments, const struct piece *piece)
{
    const u8 *first = fragments->frame + ETHERNET, *header = piece->header;

    if (fragments->size == 0 || memcmp(first + 4, header + 4, 2) || first[9] != header[9] ||
        memcmp(first + 12, header + 12, 8))
        return false;
    return fragments->size - ETHERNET - 4 * (first[0] & 15u) == piece->offset &&
           fragments->size - ETHERNET + piece->size <= DATAGRAM_MOST;
}

/* The first fragment's header becomes that of the whole. */
static void finish(struct fragments *fragments)
{
    u8 *header = fragments->frame + ETHERNET;

    put16(header + 2, (u32)fragments->size - ETHERNET);
    put16(header + 6, 0);
    put16(header + 10, 0);
    put16(header + 10, ~sum_up(header, 4 * (header[0] & 15u)) & 0xffff);
}

const u8 *fragments_join(struct fragments *fragments, const u8 *frame, size_t *size)
{
    struct piece piece;

    if (!is_fragment(frame, *size))
        return frame;
    if (!read_piece(frame, *size, &piece))
        return NULL;
    if (piece.offset == 0) {
        fragments->size = ETHERNET + piece.header_size + piece.size;
        memcpy(fragments->frame, frame, fragments->size);
        return NULL;
    }
    if (!goes_on(fragments, &piece))
        return NULL;
    memcpy(fragments->frame + fragments->size, piece.data, piece.size);
    fragments->size += piece.size;
    if (!piece.is_last)
        return NULL;
    finish(fragments);
    *size = fragments->size;
    fragments->size = 0;
    return fragments->frame;
}
