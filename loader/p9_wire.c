/* See p9_wire.h. Numbers of errors: Linux, include/uapi/asm-generic/errno-base.h and errno.h. */
#include "loader/p9_wire.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

struct in {
    const u8 *at;
    u32 left;
    int error; /* the first that was met: 0, or a negative errno */
};

static const u8 *take(struct in *in, u32 size)
{
    const u8 *at = in->at;

    if (in->error)
        return NULL;
    if (size > in->left) {
        in->error = -EPROTO;
        return NULL;
    }
    in->at += size;
    in->left -= size;
    return at;
}

static u64 take_number(struct in *in, unsigned size)
{
    const u8 *at = take(in, size);
    u64 value = 0;

    for (unsigned i = 0; at && i < size; i++)
        value |= (u64)at[i] << 8 * i;
    return value;
}

static struct p9_text take_text(struct in *in)
{
    struct p9_text text = {.size = (u32)take_number(in, 2)};
    const u8 *at = take(in, text.size);

    text.at = (const char *)at;
    if (at && memchr(at, 0, text.size))
        in->error = -EINVAL;
    return text;
}

enum dots { DOTS_REFUSED, DOTS_ALLOWED };

static bool is_text(struct p9_text text, const char *word)
{
    return text.size == strlen(word) && !memcmp(text.at, word, text.size);
}

static struct p9_text take_name(struct in *in, enum dots dots)
{
    struct p9_text name = take_text(in);

    if (in->error)
        return name;
    if (name.size > P9_NAME)
        in->error = -ENAMETOOLONG;
    else if (!name.size || memchr(name.at, '/', name.size) || is_text(name, "."))
        in->error = -EINVAL;
    else if (is_text(name, "..") && dots == DOTS_REFUSED)
        in->error = -EINVAL;
    return name;
}

static void take_walk(struct in *in, struct p9_args *args)
{
    u64 count = take_number(in, 2);

    if (count > P9_TEXTS)
        in->error = -EPROTO;
    for (u64 i = 0; i < count && !in->error; i++)
        args->texts[args->text_count++] = take_name(in, DOTS_ALLOWED);
}

static void take_field(struct in *in, struct p9_args *args, char kind)
{
    switch (kind) {
    case 'n':
        args->texts[args->text_count++] = take_name(in, DOTS_REFUSED);
        break;
    case 's':
        args->texts[args->text_count++] = take_text(in);
        break;
    case 'w':
        take_walk(in, args);
        break;
    case 'd':
        args->data_size = (u32)take_number(in, 4);
        args->data = take(in, args->data_size);
        break;
    default:
        assert(kind >= '1' && kind <= '8' && args->number_count < P9_NUMBERS);
        args->numbers[args->number_count++] = take_number(in, (unsigned)(kind - '0'));
    }
}

int p9_parse(struct p9_args *args, const char *format, const u8 *bytes, u32 size)
{
    struct in in = {bytes, size, 0};

    *args = (struct p9_args){.number_count = 0};
    for (; *format && !in.error; format++)
        take_field(&in, args, *format);
    if (!in.error && in.left)
        in.error = -EPROTO;
    return in.error;
}

void p9_patch(struct p9_out *out, u32 at, unsigned bytes, u64 value)
{
    for (unsigned i = 0; i < bytes && at + i < out->size; i++)
        out->bytes[at + i] = (u8)(value >> 8 * i);
}

void p9_put(struct p9_out *out, unsigned bytes, u64 value)
{
    if (out->is_full || bytes > out->room - out->size) {
        out->is_full = true;
        return;
    }
    out->size += bytes;
    p9_patch(out, out->size - bytes, bytes, value);
}

void p9_put_text(struct p9_out *out, const char *text, size_t size)
{
    p9_put(out, 2, size);
    if (out->is_full || size > out->room - out->size) {
        out->is_full = true;
        return;
    }
    memcpy(out->bytes + out->size, text, size);
    out->size += (u32)size;
}

static const struct {
    int here;
    u32 linux_number;
} errors[] = {
    {EPERM, 1},       {ENOENT, 2},   {EINTR, 4},    {EIO, 5},           {ENXIO, 6},
    {EBADF, 9},       {EAGAIN, 11},  {ENOMEM, 12},  {EACCES, 13},       {EBUSY, 16},
    {EEXIST, 17},     {EXDEV, 18},   {ENODEV, 19},  {ENOTDIR, 20},      {EISDIR, 21},
    {EINVAL, 22},     {ENFILE, 23},  {EMFILE, 24},  {ETXTBSY, 26},      {EFBIG, 27},
    {ENOSPC, 28},     {EROFS, 30},   {EMLINK, 31},  {ENAMETOOLONG, 36}, {ENOSYS, 38},
    {ENOTEMPTY, 39},  {ELOOP, 40},   {EPROTO, 71},  {EOVERFLOW, 75},    {EMSGSIZE, 90},
    {EOPNOTSUPP, 95}, {ESTALE, 116}, {EDQUOT, 122},
};

u32 p9_linux_error(int error)
{
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (errors[i].here == error)
            return errors[i].linux_number;
    return 5;
}
