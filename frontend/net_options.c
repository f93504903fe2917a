/* --net and -p (see net_options.h). */
#include "frontend/net_options.h"

#include <string.h>

#include "frontend/net.h"

#define PORT_MOST 65535
#define MTU_LEAST 1280 /* what IPv6 asks of every link */

/* Steps over the word when the text begins with it. */
static bool skip(const char **text, const char *word)
{
    size_t length = strlen(word);

    if (strncmp(*text, word, length))
        return false;
    *text += length;
    return true;
}

bool value_net(void *member, const char *text, const char **expected)
{
    struct net_config *net = member;
    u64 mtu;

    *expected = "none or user, and after user ,restrict and ,mtu=N with N from 1280 to 65520";
    if (!strcmp(text, "none")) {
        net->kind = NET_NONE;
        return true;
    }
    if (!skip(&text, "user"))
        return false;
    net->kind = NET_USER;
    while (*text) {
        if (skip(&text, ",restrict")) {
            net->is_restricted = true;
            continue;
        }
        if (!skip(&text, ",mtu=") || !read_number(text, &text, &mtu) || mtu < MTU_LEAST ||
            mtu > NET_MTU_MOST)
            return false;
        net->mtu = (u16)mtu;
    }
    return true;
}

static bool read_address(const char **text, u8 address[4])
{
    u64 byte;

    for (unsigned i = 0; i < 4; i++) {
        if (!read_number(*text, text, &byte) || byte > UINT8_MAX ||
            *(*text)++ != (i < 3 ? '.' : ':'))
            return false;
        address[i] = (u8)byte;
    }
    return true;
}

static bool read_port(const char **text, u16 *port)
{
    u64 number;

    if (!read_number(*text, text, &number) || number == 0 || number > PORT_MOST)
        return false;
    *port = (u16)number;
    return true;
}

bool value_forward(void *member, const char *text, const char **expected)
{
    struct net_config *net = member;
    struct net_forward forward = {.address = {127, 0, 0, 1}};

    *expected = "PORT:GUESTPORT such as 2222:22, or ADDRESS:PORT:GUESTPORT, with /udp behind it "
                "for UDP, at most sixteen times";
    if (strchr(text, '.') && !read_address(&text, forward.address))
        return false;
    if (!read_port(&text, &forward.host_port) || !skip(&text, ":") ||
        !read_port(&text, &forward.guest_port))
        return false;
    forward.is_udp = skip(&text, "/udp");
    if (!forward.is_udp)
        skip(&text, "/tcp");
    if (*text || net->forward_count == NET_FORWARDS)
        return false;
    net->forwards[net->forward_count++] = forward;
    return true;
}
