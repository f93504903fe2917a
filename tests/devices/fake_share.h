/* A share without files, for tests of the device: it answers every message with its own bytes. */
#ifndef TESTS_DEVICES_FAKE_SHARE_H
#define TESTS_DEVICES_FAKE_SHARE_H

#include "devices/host.h"

#include <string.h>

#define FAKE_MOST 4096u

struct fake_share {
    struct host_share share;
    unsigned exchanges, forgotten;
    u32 size, room; /* of the last request */
    u8 request[FAKE_MOST], answer[FAKE_MOST];
};

/* The answer: 11 bytes, or as many as the request when there is room. */
static inline u32 fake_exchange(void *context, u32 size, u32 room)
{
    struct fake_share *fake = context;

    fake->exchanges++;
    fake->size = size;
    fake->room = room;
    if (size < 7 || room < 11)
        return 0;
    memset(fake->answer, 0xee, 11);
    memcpy(fake->answer, fake->request, size < room ? size : room);
    return size < 11 ? 11 : size < room ? size : room;
}

static inline void fake_forget(void *context)
{
    ((struct fake_share *)context)->forgotten++;
}

static inline void fake_share_init(struct fake_share *fake)
{
    *fake = (struct fake_share){.share = {.context = fake,
                                          .tag = "documents",
                                          .message_most = FAKE_MOST,
                                          .exchange = fake_exchange,
                                          .forget = fake_forget}};
    fake->share.request = fake->request;
    fake->share.answer = fake->answer;
}

#endif
