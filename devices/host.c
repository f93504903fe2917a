/* Finding a place for what is plugged in (see host.h). */
#include "devices/host.h"

bool host_plug(struct host *host, enum host_plug_kind kind, const void *backend)
{
    for (unsigned i = 0; i < HOST_PLUGS; i++) {
        if (host->plugs[i].kind != PLUG_NOTHING)
            continue;
        host->plugs[i] = (struct host_plug){kind, backend};
        return true;
    }
    host->refused++;
    return false;
}

bool host_plug_at(struct host *host, unsigned slot, enum host_plug_kind kind, const void *backend)
{
    if (slot == 0)
        return host_plug(host, kind, backend);
    host->plugs[slot - 1] = (struct host_plug){kind, backend};
    return true;
}
