/* The lists in QEMU's words: KEY=VALUE,KEY=VALUE (see qemu_parts.h). */
#include "frontend/qemu_parts.h"

#include <string.h>

#include "frontend/values.h"

/* Copies up to the comma that ends the value, of two commas one. */
static const char *copy_value(const char *from, char *to, size_t size)
{
    size_t length = 0;

    while (*from && (*from != ',' || from[1] == ',')) {
        from += *from == ',';
        if (length + 1 < size)
            to[length++] = *from;
        from++;
    }
    to[length] = 0;
    return from;
}

bool qemu_next_pair(const char **list, const char *implied, struct qemu_pair *pair)
{
    const char *at = *list;
    size_t length = strcspn(at, ",=");

    if (!*at)
        return false;
    if (at[length] == '=') {
        snprintf(pair->key, sizeof pair->key, "%.*s", (int)(length < 1000 ? length : 1000), at);
        at += length + 1;
    } else if (implied) {
        snprintf(pair->key, sizeof pair->key, "%s", implied);
    } else {
        snprintf(pair->key, sizeof pair->key, "%.*s", (int)(length < 1000 ? length : 1000), at);
        strcpy(pair->value, "on");
        at += length;
        *list = at + (*at == ',');
        return true;
    }
    at = copy_value(at, pair->value, sizeof pair->value);
    *list = at + (*at == ',');
    return true;
}

bool qemu_is_key(const struct qemu_pair *pair, const char *key)
{
    return !strcmp(pair->key, key);
}

bool qemu_refuse_pair(struct qemu *qemu, const struct qemu_word *word, const struct qemu_pair *pair)
{
    return QEMU_REFUSE(qemu, "-%s with %s=%.60s cannot be had here.", word->name, pair->key,
                       pair->value);
}

bool qemu_read_switch(struct qemu *qemu, const struct qemu_word *word, const struct qemu_pair *pair,
                      bool *on)
{
    static const char *const words[] = {"off", "on", "no", "yes", "false", "true"};

    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++)
        if (!strcmp(words[i], pair->value)) {
            *on = i & 1;
            return true;
        }
    return QEMU_REFUSE(qemu, "-%s: %s is on or off, not \"%.60s\".", word->name, pair->key,
                       pair->value);
}

bool qemu_read_number(struct qemu *qemu, const struct qemu_word *word, const struct qemu_pair *pair,
                      u64 *number)
{
    const char *end;

    if (read_number(pair->value, &end, number) && !*end)
        return true;
    return QEMU_REFUSE(qemu, "-%s: %s is a number, not \"%.60s\".", word->name, pair->key,
                       pair->value);
}
