/* Reading the options that are about the network. Both write a struct net_config. */
#ifndef FRONTEND_NET_OPTIONS_H
#define FRONTEND_NET_OPTIONS_H

#include "frontend/values.h"

value_reader value_net;     /* none, user[,restrict][,mtu=N] */
value_reader value_forward; /* [ADDRESS:]PORT:GUESTPORT[/tcp|/udp], one more each time */

#endif
