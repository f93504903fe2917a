/* SDL 2, loaded when a window is opened and not before: with all that it brings along, it would
 * make every start of the program 20 ms longer. Its functions are called through struct sdl. */
#ifndef FRONTEND_SDL_H
#define FRONTEND_SDL_H

#include "memory/types.h"

#include <SDL.h>

/* Every function of SDL that we use, without SDL_ before its name. */
#define SDL_FUNCTIONS(FUNCTION)                                                                    \
    FUNCTION(CreateRenderer)                                                                       \
    FUNCTION(CreateTexture)                                                                        \
    FUNCTION(CreateWindow)                                                                         \
    FUNCTION(DestroyTexture)                                                                       \
    FUNCTION(GetClipboardText)                                                                     \
    FUNCTION(GetCurrentVideoDriver)                                                                \
    FUNCTION(GetError)                                                                             \
    FUNCTION(GetRendererOutputSize)                                                                \
    FUNCTION(GetWindowFlags)                                                                       \
    FUNCTION(GetWindowSize)                                                                        \
    FUNCTION(Init)                                                                                 \
    FUNCTION(PollEvent)                                                                            \
    FUNCTION(Quit)                                                                                 \
    FUNCTION(RenderClear)                                                                          \
    FUNCTION(RenderCopy)                                                                           \
    FUNCTION(RenderCopyF)                                                                          \
    FUNCTION(RenderPresent)                                                                        \
    FUNCTION(SetError)                                                                             \
    FUNCTION(SetHint)                                                                              \
    FUNCTION(SetRenderDrawColor)                                                                   \
    FUNCTION(SetTextureBlendMode)                                                                  \
    FUNCTION(SetTextureScaleMode)                                                                  \
    FUNCTION(SetWindowFullscreen)                                                                  \
    FUNCTION(SetWindowGrab)                                                                        \
    FUNCTION(SetWindowKeyboardGrab)                                                                \
    FUNCTION(SetWindowTitle)                                                                       \
    FUNCTION(ShowCursor)                                                                           \
    FUNCTION(StopTextInput)                                                                        \
    FUNCTION(UpdateTexture)                                                                        \
    FUNCTION(free)

struct sdl {
    void *library;
#define MEMBER(name) __typeof__(SDL_##name) *name;
    SDL_FUNCTIONS(MEMBER)
#undef MEMBER
};

/* False and one sentence when this host has no SDL 2, or too old a one. */
bool sdl_load(struct sdl *sdl, char *message, size_t message_size);
/* After Init: is there anybody to see what is drawn? */
bool sdl_is_seen(const struct sdl *sdl);

#endif
