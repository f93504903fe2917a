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
