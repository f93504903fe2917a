/* See shares.h. A tag that is not said is "share", then "share2" and so on. */
#include "frontend/shares.h"

#include <stdio.h>
#include <string.h>

#include "loader/p9.h"
#include "loader/refuse.h"

/* What comes after the last colon is a tag unless the path goes on there. */
static bool take_tag(char *path, char tag[SHARES_TAG])
{
    char *colon = strrchr(path, ':');
    if (!colon || strchr(colon, '/'))
        return true;
    *colon = 0;
    if (!colon[1] || strlen(colon + 1) >= SHARES_TAG)
        return false;
    strcpy(tag, colon + 1);
    return true;
}

bool value_share(void *member, const char *text, const char **expected)
{
    struct shares_config *config = member;
    size_t length = strlen(text);
    *expected = "a folder, then :TAG (1 to 31 bytes) and ,ro if wanted, at most four times";
    if (config->count == SHARES_MOST || length >= SHARES_PATH)
        return false;
    char *path = config->folders[config->count].path, *tag = config->folders[config->count].tag;
    strcpy(path, text);
    config->folders[config->count].read_only = length > 3 && !strcmp(text + length - 3, ",ro");
    if (config->folders[config->count].read_only)
        path[length - 3] = 0;
    strcpy(tag, "share");
    if (config->count)
        snprintf(tag, SHARES_TAG, "share%u", config->count + 1);
    if (!take_tag(path, tag) || !*path)
        return false;
    *expected = "a tag of its own for each folder";
    for (unsigned i = 0; i < config->count; i++)
        if (!strcmp(config->folders[i].tag, tag))
            return false;
    config->count++;
    return true;
}

bool shares_open(struct shares *shares, const struct shares_config *config, struct host *host,
                 char *message, size_t message_size)
{
    for (unsigned i = 0; i < config->count; i++) {
        enum share_mode mode = config->folders[i].read_only ? SHARE_READ_ONLY : SHARE_READ_WRITE;
        shares->open[i] =
            p9_open(config->folders[i].path, config->folders[i].tag, mode, message, message_size);
        if (!shares->open[i])
            return false;
        if (!host_plug_at(host, config->folders[i].slot, PLUG_SHARE, shares->open[i]))
            return refuse(message, message_size, "There is no virtio slot left for the folder %s.",
                          config->folders[i].path);
    }
    return true;
}

void shares_close(struct shares *shares)
{
    for (unsigned i = 0; i < SHARES_MOST; i++)
        p9_close(shares->open[i]);
}
