/* Loading SDL 2 (see sdl.h) by dlopen(3). It stays loaded: what it has loaded itself may not like
 * to be unloaded. */
#include "frontend/sdl.h"

#include "loader/refuse.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#define LIBRARY "libSDL2-2.0.so.0"

/* POSIX promises that a function's address fits into an object pointer, ISO C does not. */
static bool find(void *library, const char *name, void *function, size_t size)
{
    void *address = dlsym(library, name);

    memcpy(function, &address, size);
    return address != NULL;
}

bool sdl_load(struct sdl *sdl, char *message, size_t message_size)
{
    bool is_whole = true;

    sdl->library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!sdl->library)
        return refuse(message, message_size,
                      "%s is not on this host; install libsdl2-2.0-0, or use --display none.",
                      LIBRARY);
#define FIND(name) is_whole &= find(sdl->library, "SDL_" #name, &sdl->name, sizeof sdl->name);
    SDL_FUNCTIONS(FIND)
#undef FIND
    return is_whole || refuse(message, message_size, "%s is too old; use --display none.", LIBRARY);
}

/* Where there is no display, SDL draws for nobody, unless the environment names a driver. */
bool sdl_is_seen(const struct sdl *sdl)
{
    const char *driver = sdl->GetCurrentVideoDriver();
    const char *named = getenv("SDL_VIDEODRIVER");

    if ((named && *named) || (driver && strcmp(driver, "offscreen") != 0))
        return true;
    sdl->SetError("there is no display");
    return false;
}
