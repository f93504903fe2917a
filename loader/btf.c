/* A kernel's types (see btf.h). A type is three words, then what its kind needs; types have numbers
 * by their order, from 1 on. Every number in it is the guest's. */
#include "loader/btf.h"

#include <string.h>

#define MAGIC       0xeb9f
#define HEADER_SIZE 24
#define DEPTH_MOST  8        /* unnamed structures within each other */
#define PATIENCE    20000000 /* types looked at: a block made to waste time is given up */

enum kind { KIND_STRUCT = 4, KIND_UNION = 5 };

struct type {
    const u8 *bytes;
    u32 name, size;
    unsigned kind, count; /* of members */
    bool has_bitfields;
};

static u32 word(const u8 *bytes)
{
    u32 value;

    memcpy(&value, bytes, sizeof(value));
    return value;
}

/* Bytes behind the three words, by the kind and the count in them; UINT32_MAX: no such kind. */
static u32 extra_size(unsigned kind, unsigned count)
{
    static const struct {
        u8 fixed, each;
    } sizes[] = {
        [1] = {4, 0},  [3] = {12, 0}, [4] = {0, 12},  [5] = {0, 12}, [6] = {0, 8},
        [13] = {0, 8}, [14] = {4, 0}, [15] = {0, 12}, [17] = {4, 0}, [19] = {0, 12},
    };

    return kind < sizeof(sizes) / sizeof(sizes[0]) ? sizes[kind].fixed + sizes[kind].each * count
                                                   : UINT32_MAX;
}

/* The type at *at, which moves behind it. */
static bool next_type(const struct btf *btf, size_t *at, struct type *type)
{
    if (btf->types_size - *at < 12)
        return false;
    const u8 *bytes = btf->types + *at;
    u32 info = word(bytes + 4);
    *type = (struct type){.bytes = bytes + 12,
                          .name = word(bytes),
                          .size = word(bytes + 8),
                          .kind = info >> 24 & 31,
                          .count = info & 0xffff,
                          .has_bitfields = info >> 31};
    u32 more = extra_size(type->kind, type->count);
    if (more > btf->types_size - *at - 12)
        return false;
    *at += 12 + more;
    return true;
}

struct search {
    const struct btf *btf;
    const char *name; /* of the member */
    u64 patience;
};

static bool is_name(const struct btf *btf, u32 at, const char *name)
{
    return at < btf->names_size && !strcmp(btf->names + at, name);
}

static bool find_number(struct search *search, u32 number, struct type *type)
{
    size_t at = 0;

    if (number > search->patience)
        return false;
    search->patience -= number;
    for (u32 i = 0; i < number; i++)
        if (!next_type(search->btf, &at, type))
            return false;
    return number > 0;
}

static bool find_member(struct search *search, const struct type *type, unsigned depth, u32 *value)
{
    for (unsigned i = 0; i < type->count && search->patience; i++, search->patience--) {
        const u8 *member = type->bytes + (size_t)12 * i;
        struct type inner;
        u32 bits = word(member + 8) & (type->has_bitfields ? 0xffffff : UINT32_MAX);
        if (is_name(search->btf, word(member), search->name)) {
            *value = bits / 8;
            return true;
        }
        if (!is_name(search->btf, word(member), "") || depth == DEPTH_MOST ||
            !find_number(search, word(member + 4), &inner) ||
            (inner.kind != KIND_STRUCT && inner.kind != KIND_UNION))
            continue;
        if (find_member(search, &inner, depth + 1, value)) {
            *value += bits / 8;
            return true;
        }
    }
    return false;
}

bool btf_open(struct btf *btf, const u8 *bytes, size_t size)
{
    if (size < HEADER_SIZE || (word(bytes) & 0xffff) != MAGIC)
        return false;
    u64 header = word(bytes + 4), types = header + word(bytes + 8),
        names = header + word(bytes + 16);
    u64 types_size = word(bytes + 12), names_size = word(bytes + 20);
    if (types > size || types_size > size - types || names > size || names_size > size - names ||
        !names_size || bytes[names + names_size - 1])
        return false;
    *btf = (struct btf){bytes + types, types_size, (const char *)bytes + names, names_size};
    return true;
}

bool btf_find(const struct btf *btf, const char *structure, const char *member, u32 *value)
{
    struct search search = {btf, member, PATIENCE};
    struct type type;
    size_t at = 0;

    while (next_type(btf, &at, &type)) {
        if (type.kind != KIND_STRUCT || !is_name(btf, type.name, structure))
            continue;
        *value = type.size;
        return !member || find_member(&search, &type, 0, value);
    }
    return false;
}
