/* QEMU's words about folders that the guest can mount: -fsdev with -device virtio-9p-device, and
 * -virtfs, which is both. Files belong to whoever runs vitrine, as with security_model=none; what
 * else QEMU has there is not here. */
#include "frontend/qemu_parts.h"

#include <string.h>

static bool read_model(struct qemu *qemu, const struct qemu_word *word, const char *model)
{
    static const char *const models[] = {"none",        "passthrough", "mapped-xattr",
                                         "mapped-file", "mapped",      NULL};

    for (unsigned i = 0; models[i]; i++)
        if (!strcmp(models[i], model))
            return true;
    return QEMU_REFUSE(qemu, "-%s: there is no security_model=%.40s.", word->name, model);
}

static bool read_pair(struct qemu *qemu, const struct qemu_word *word, struct qemu_folder *folder,
                      const struct qemu_pair *pair)
{
    if (qemu_is_key(pair, "type") || qemu_is_key(pair, "fsdriver"))
        return !strcmp(pair->value, "local") ||
               QEMU_REFUSE(qemu, "-%s is local here, not %.40s.", word->name, pair->value);
    if (qemu_is_key(pair, "id"))
        return qemu_read_id(qemu, word, pair->value, folder->id);
    if (qemu_is_key(pair, "mount_tag"))
        return qemu_read_id(qemu, word, pair->value, folder->tag);
    if (qemu_is_key(pair, "security_model"))
        return read_model(qemu, word, pair->value);
    if (qemu_is_key(pair, "readonly"))
        return qemu_read_switch(qemu, word, pair, &folder->read_only);
    if (qemu_is_key(pair, "multidevs") || qemu_is_key(pair, "writeout"))
        return true; /* more than one file system below, and the host's cache */
    if (!qemu_is_key(pair, "path"))
        return qemu_refuse_pair(qemu, word, pair);
    strcpy(folder->path, pair->value);
    return true;
}

static bool add_folder(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    struct qemu_folder *folder = &qemu->folders[qemu->folder_count];
    struct qemu_pair pair;

    if (qemu->folder_count == SHARES_MOST)
        return QEMU_REFUSE(qemu, "There can be %d folders here.", SHARES_MOST);
    for (const char *implied = "type"; qemu_next_pair(&text, implied, &pair); implied = NULL)
        if (!read_pair(qemu, word, folder, &pair))
            return false;
    qemu->folder_count++;
    return folder->path[0] || QEMU_REFUSE(qemu, "-%s needs path=FOLDER.", word->name);
}

bool qemu_read_folder(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    if (!add_folder(qemu, word, text))
        return false;
    struct qemu_folder *folder = &qemu->folders[qemu->folder_count - 1];
    folder->tag[0] = 0;
    return folder->id[0] || QEMU_REFUSE(qemu, "-%s needs an id.", word->name);
}

bool qemu_read_shared_folder(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    return add_folder(qemu, word, text) &&
           (qemu->folders[qemu->folder_count - 1].tag[0] ||
            QEMU_REFUSE(qemu, "-%s needs a mount_tag.", word->name));
}

static bool share(struct qemu *qemu, const struct qemu_folder *folder, const char *tag,
                  unsigned slot)
{
    struct shares_config *shares = &qemu->options->shares;

    if (shares->count == SHARES_MOST)
        return QEMU_REFUSE(qemu, "There can be %d folders here.", SHARES_MOST);
    if (!*tag || strlen(tag) >= SHARES_TAG)
        return QEMU_REFUSE(qemu, "A folder needs a mount_tag of 1 to %d characters.",
                           SHARES_TAG - 1);
    for (unsigned i = 0; i < shares->count; i++)
        if (!strcmp(shares->folders[i].tag, tag))
            return QEMU_REFUSE(qemu, "There are two folders with the mount_tag \"%s\".", tag);
    strcpy(shares->folders[shares->count].path, folder->path);
    strcpy(shares->folders[shares->count].tag, tag);
    shares->folders[shares->count].read_only = folder->read_only;
    shares->folders[shares->count++].slot = slot;
    return true;
}

bool qemu_plug_folder(struct qemu *qemu, const char *list)
{
    char id[QEMU_ID] = "", tag[QEMU_ID] = "";
    const struct qemu_key keys[] = {{"fsdev", id, NULL}, {"mount_tag", tag, NULL}, {0}};
    unsigned slot;

    if (!qemu_read_keys(qemu, list, keys, &slot))
        return false;
    for (unsigned i = 0; i < qemu->folder_count; i++)
        if (!strcmp(qemu->folders[i].id, id))
            return share(qemu, &qemu->folders[i], tag, slot);
    return QEMU_REFUSE(qemu, "-device virtio-9p-device: there is no -fsdev with the id \"%s\".",
                       id);
}

/* -virtfs, last: those that named a slot have it now. */
bool qemu_finish_folders(struct qemu *qemu)
{
    static const struct qemu_key no_keys[] = {{0}};
    unsigned slot;

    for (unsigned i = 0; i < qemu->folder_count; i++) {
        const struct qemu_folder *folder = &qemu->folders[i];
        if (folder->tag[0] &&
            !(qemu_read_keys(qemu, "", no_keys, &slot) && share(qemu, folder, folder->tag, slot)))
            return false;
    }
    return true;
}
