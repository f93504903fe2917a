/* The guest's network: libslirp, a TCP/IP stack in this process that speaks to the guest in
 * Ethernet frames and to the world through ordinary sockets. No privileges are needed.
 *
 *     10.0.2.15 the guest, by DHCP    10.0.2.2 the host    10.0.2.3 its name server
 *     fec0::/64 by advertisement      fec0::2              fec0::3
 */
#ifndef FRONTEND_NET_H
#define FRONTEND_NET_H

#include "devices/host.h"
#include "frontend/outside.h"

#define NET_FORWARDS 16
#define NET_MTU_MOST 65520 /* also what the guest is told unless the command line says less */

enum net_kind {
    NET_UNSAID, /* a network where people expect one */
    NET_NONE,
    NET_USER,
    NET_UNPLUGGED, /* a card without a cable */
};

/* A port of the host that leads to a port of the guest. */
struct net_forward {
    bool is_udp;
    u8 address[4]; /* of the host, on which it listens */
    u16 host_port, guest_port;
};

struct net_config {
    enum net_kind kind;
    bool is_restricted; /* the guest reaches nothing but by forwards */
    u16 mtu;            /* 0: not said */
    u8 mac[6];          /* of the guest; all 0: not said */
    struct net_forward forwards[NET_FORWARDS];
    unsigned forward_count;
};

struct net;

/* Starts a network and listens on the forwarded ports. On failure returns NULL, and message holds
 * one sentence. */
struct net *net_open(const struct net_config *config, char *message, size_t message_size);
void net_close(struct net *net);
/* What is plugged in where there is a card and no network. */
extern const struct host_net net_unplugged;
/* What is plugged into the machine; valid until net_close(). */
const struct host_net *net_host(const struct net *net);
/* Its work on the host's side, to be done while the machine runs. */
struct attendant net_attendant(struct net *net);

#endif
