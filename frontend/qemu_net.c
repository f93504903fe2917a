/* QEMU's words about the network: -netdev, -nic, -net, and the card. There is one of each. */
#include "frontend/qemu_parts.h"

#include <string.h>

#include "frontend/net_options.h"

/* tcp:[ADDRESS]:PORT-[ADDRESS]:PORT becomes [ADDRESS:]PORT:PORT[/udp], which is how vitrine says
 * it.
 */
static bool read_forward(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    struct net_config *net = &qemu->options->net;
    char ours[64];
    const char *at = text, *end, *expected;
    bool is_udp = !strncmp(at, "udp:", 4);
    u64 host, guest;

    at += is_udp || !strncmp(at, "tcp:", 4) ? 4 : at[0] == ':' ? 0 : strlen(at);
    size_t address = strcspn(at, ":");
    const char *port = at + address;
    const char *dash = strchr(at, '-');
    const char *last = dash ? strchr(dash, ':') : NULL;
    bool is_good = *port == ':' && last && read_number(port + 1, &end, &host) && end == dash &&
                   read_number(last + 1, &end, &guest) && !*end && host && host <= UINT16_MAX &&
                   guest && guest <= UINT16_MAX && address < 16;

    if (!is_good)
        return QEMU_REFUSE(qemu, "-%s: hostfwd is tcp::PORT-:GUESTPORT, not \"%.60s\".", word->name,
                           text);
    if (net->forward_count == NET_FORWARDS)
        return QEMU_REFUSE(qemu, "-%s: there can be %d hostfwd.", word->name, NET_FORWARDS);
    snprintf(ours, sizeof ours, "%.*s%s%u:%u%s", (int)address, at, address ? ":" : "",
             (unsigned)host, (unsigned)guest, is_udp ? "/udp" : "");
    return value_forward(net, ours, &expected) ||
           QEMU_REFUSE(qemu, "-%s: the address of hostfwd is four numbers, not \"%.60s\".",
                       word->name, text);
}

/* What may stand behind user. */
static bool read_pair(struct qemu *qemu, const struct qemu_word *word, const struct qemu_pair *pair)
{
    if (qemu_is_key(pair, "id") || qemu_is_key(pair, "name"))
        return qemu_read_id(qemu, word, pair->value, qemu->netdev.id);
    if (qemu_is_key(pair, "hostfwd"))
        return read_forward(qemu, word, pair->value);
    if (qemu_is_key(pair, "restrict"))
        return qemu_read_switch(qemu, word, pair, &qemu->options->net.is_restricted);
    return qemu_refuse_pair(qemu, word, pair);
}

bool qemu_read_netdev(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    struct qemu_pair pair;

    if (qemu->netdev.is_there)
        return QEMU_REFUSE(qemu, "There can be one -netdev here.");
    for (const char *implied = "type"; qemu_next_pair(&text, implied, &pair); implied = NULL) {
        if (!qemu_is_key(&pair, "type")) {
            if (!read_pair(qemu, word, &pair))
                return false;
        } else if (strcmp(pair.value, "user")) {
            return QEMU_REFUSE(qemu, "-netdev is user here, not %.40s.", pair.value);
        }
    }
    qemu->netdev.is_there = true;
    return qemu->netdev.id[0] || QEMU_REFUSE(qemu, "-netdev needs an id.");
}

/* Six bytes in hexadecimal; of a group of stations, or of nobody, is not one's own. */
static bool read_mac(struct qemu *qemu, const char *text)
{
    u8 *mac = qemu->options->net.mac;
    unsigned bytes[6];
    int end = 0;
    bool is_any = false;

    bool is_good = sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%n", &bytes[0], &bytes[1], &bytes[2],
                          &bytes[3], &bytes[4], &bytes[5], &end) == 6 &&
                   !text[end] && !(bytes[0] & 1);
    for (unsigned i = 0; is_good && i < 6; i++)
        is_any |= (mac[i] = (u8)bytes[i]) != 0;
    return is_any || QEMU_REFUSE(qemu,
                                 "The address of a network card is like 52:54:00:12:34:56, "
                                 "not \"%.60s\".",
                                 text);
}

/* A card and what is behind it, both at once. */
bool qemu_read_nic(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    struct qemu_pair pair;

    for (const char *implied = "type"; qemu_next_pair(&text, implied, &pair); implied = NULL) {
        bool is_model = qemu_is_key(&pair, "model") && !strncmp(pair.value, "virtio", 6);
        if (is_model)
            continue;
        if (qemu_is_key(&pair, "mac") || qemu_is_key(&pair, "macaddr")) {
            if (!read_mac(qemu, pair.value))
                return false;
        } else if (!qemu_is_key(&pair, "type")) {
            if (!read_pair(qemu, word, &pair))
                return false;
        } else if (!strcmp(pair.value, "user")) {
            qemu->has_nic = true;
        } else if (strcmp(pair.value, "none") && strcmp(pair.value, "nic")) {
            return QEMU_REFUSE(qemu, "-%s is user or none here, not %.40s.", word->name,
                               pair.value);
        }
    }
    return true;
}

bool qemu_plug_net(struct qemu *qemu, const char *list)
{
    struct options *options = qemu->options;
    char id[QEMU_ID] = "", mac[QEMU_ID] = "";
    const struct qemu_key keys[] = {{"netdev", id, NULL}, {"mac", mac, NULL}, {0}};
    unsigned slot;

    if (!qemu_read_keys(qemu, list, keys, &slot) || (mac[0] && !read_mac(qemu, mac)))
        return false;
    if (options->net_slot)
        return QEMU_REFUSE(qemu, "There can be one network card here.");
    if (id[0] && (!qemu->netdev.is_there || strcmp(qemu->netdev.id, id)))
        return QEMU_REFUSE(qemu,
                           "-device virtio-net-device: no -netdev with the id \"%s\" is free.", id);
    options->net_slot = slot;
    options->net.kind = id[0] ? NET_USER : NET_UNPLUGGED;
    return true;
}

bool qemu_finish_net(struct qemu *qemu)
{
    struct net_config *net = &qemu->options->net;

    if (qemu->has_nic && qemu->netdev.is_there)
        return QEMU_REFUSE(qemu, "There can be one network here, of -netdev or of -nic.");
    if (qemu->has_nic && net->kind == NET_NONE && !qemu_plug_net(qemu, ""))
        return false;
    if (qemu->has_nic)
        net->kind = NET_USER;
    if (net->kind != NET_USER)
        net->forward_count = 0; /* nobody is behind that -netdev */
    return true;
}
