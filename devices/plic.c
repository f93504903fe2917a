/* The platform-level interrupt controller: RISC-V PLIC specification 1.0.0, with the memory map and
 * the figures of QEMU's virt board (95 sources, priorities 0 to 7, two contexts for each hart).
 *
 * A source's gateway forwards a high level once: it then waits in `pending` until a context claims
 * it, and the level is looked at again when that context completes it. Every gateway is
 * level-triggered. A change is followed only to the contexts that it can touch. */
#include "devices/plic.h"

#include <assert.h>

#define WORDS    (PLIC_SOURCES / 32)
#define CONTEXTS 128
#define HIGHEST  7 /* priority: three bits */

/* Memory map. */
#define PRIORITY       0x0u
#define PENDING        0x1000u
#define ENABLE         0x2000u
#define ENABLE_STRIDE  0x80u
#define CONTEXT        0x200000u
#define CONTEXT_STRIDE 0x1000u
#define CLAIM          4u /* within a context; the threshold is at 0 */

struct plic_state {
    u32 line[WORDS];       /* the level at each source */
    u32 pending[WORDS];    /* forwarded by its gateway, not claimed yet */
    u32 in_service[WORDS]; /* claimed, not completed yet: the gateway is closed */
    u32 enable[CONTEXTS][WORDS];
    u8 priority[PLIC_SOURCES];
    u8 threshold[CONTEXTS];
    u8 raised[CONTEXTS]; /* the level we last gave to out[context] */
};

static bool has(const u32 *set, unsigned source)
{
    return set[source / 32] >> source % 32 & 1;
}

static void add(u32 *set, unsigned source)
{
    set[source / 32] |= (u32)1 << source % 32;
}

static void remove(u32 *set, unsigned source)
{
    set[source / 32] &= ~((u32)1 << source % 32);
}

static unsigned context_count(const struct device *device)
{
    return 2 * device->harts;
}

/* The source that this context would claim: the highest priority, then the lowest number. 0 when
 * there is none; a source of priority 0 never interrupts. */
static unsigned best_source(const struct plic_state *plic, unsigned context)
{
    unsigned best = 0, best_priority = 0;

    for (unsigned word = 0; word < WORDS; word++) {
        u32 candidates = plic->pending[word] & plic->enable[context][word];
        for (; candidates; candidates &= candidates - 1) {
            unsigned source = word * 32 + (unsigned)__builtin_ctz(candidates);
            if (plic->priority[source] > best_priority) {
                best = source;
                best_priority = plic->priority[source];
            }
        }
    }
    return best;
}

static void refresh_context(struct device *device, unsigned context)
{
    struct plic_state *plic = device->state;
    unsigned best = best_source(plic, context);
    bool level = best && plic->priority[best] > plic->threshold[context];

    if (level == plic->raised[context])
        return;
    plic->raised[context] = level;
    wire_set(&device->out[context], level);
}

/* What is known of this source has changed. */
static void refresh_source(struct device *device, unsigned source)
{
    const struct plic_state *plic = device->state;

    for (unsigned context = 0; context < context_count(device); context++) {
        if (has(plic->enable[context], source))
            refresh_context(device, context);
    }
}

/* The gateway: forwards a high level unless one is already on its way. */
static void sample(struct device *device, unsigned source)
{
    struct plic_state *plic = device->state;

    if (!has(plic->line, source) || has(plic->in_service, source) || has(plic->pending, source))
        return;
    add(plic->pending, source);
    refresh_source(device, source);
}

void plic_set(void *plic_device, int source, bool level)
{
    struct device *device = plic_device;
    struct plic_state *plic = device->state;

    assert(source > 0 && source < PLIC_SOURCES);
    if (level) {
        add(plic->line, (unsigned)source);
        sample(device, (unsigned)source);
    } else {
        remove(plic->line, (unsigned)source);
    }
}

/* "The claim operation is not affected by the threshold": it only holds back the wire. */
static u32 claim(struct device *device, unsigned context)
{
    struct plic_state *plic = device->state;
    unsigned source = best_source(plic, context);

    if (source) {
        remove(plic->pending, source);
        add(plic->in_service, source);
        refresh_source(device, source);
    }
    return source;
}

static void complete(struct device *device, unsigned context, u32 source)
{
    struct plic_state *plic = device->state;

    if (source >= PLIC_SOURCES || !has(plic->enable[context], source))
        return;
    remove(plic->in_service, source);
    sample(device, source);
}

static void set_priority(struct device *device, unsigned source, u32 value)
{
    struct plic_state *plic = device->state;

    if (source == 0)
        return;
    plic->priority[source] = value & HIGHEST;
    if (has(plic->pending, source))
        refresh_source(device, source);
}

static u64 read_enable(const struct device *device, u64 offset)
{
    const struct plic_state *plic = device->state;
    u64 context = offset / ENABLE_STRIDE, word = offset % ENABLE_STRIDE / 4;

    return context < context_count(device) && word < WORDS ? plic->enable[context][word] : 0;
}

static void write_enable(struct device *device, u64 offset, u32 value)
{
    struct plic_state *plic = device->state;
    unsigned context = (unsigned)(offset / ENABLE_STRIDE);
    u64 word = offset % ENABLE_STRIDE / 4;

    if (context >= context_count(device) || word >= WORDS)
        return;
    plic->enable[context][word] = word == 0 ? value & ~(u32)1 : value; /* there is no source 0 */
    refresh_context(device, context);
}

static u64 read_context(struct device *device, u64 offset)
{
    const struct plic_state *plic = device->state;
    unsigned context = (unsigned)(offset / CONTEXT_STRIDE);

    if (context >= context_count(device))
        return 0;
    if (offset % CONTEXT_STRIDE == CLAIM)
        return claim(device, context);
    return offset % CONTEXT_STRIDE == 0 ? plic->threshold[context] : 0;
}

static void write_context(struct device *device, u64 offset, u32 value)
{
    struct plic_state *plic = device->state;
    unsigned context = (unsigned)(offset / CONTEXT_STRIDE);

    if (context >= context_count(device))
        return;
    if (offset % CONTEXT_STRIDE == CLAIM) {
        complete(device, context, value);
    } else if (offset % CONTEXT_STRIDE == 0) {
        plic->threshold[context] = value & HIGHEST;
        refresh_context(device, context);
    }
}

static u64 read(struct device *device, u64 offset, unsigned size)
{
    const struct plic_state *plic = device->state;

    if (offset % size)
        return 0;
    if (offset >= CONTEXT)
        return read_context(device, offset - CONTEXT);
    if (offset >= ENABLE)
        return read_enable(device, offset - ENABLE);
    if (offset >= PENDING)
        return offset - PENDING < WORDS * 4 ? plic->pending[(offset - PENDING) / 4] : 0;
    return offset < PLIC_SOURCES * 4 ? plic->priority[offset / 4] : 0;
}

static void write(struct device *device, u64 offset, unsigned size, u64 value)
{
    if (offset % size)
        return;
    if (offset >= CONTEXT)
        write_context(device, offset - CONTEXT, (u32)value);
    else if (offset >= ENABLE)
        write_enable(device, offset - ENABLE, (u32)value);
    else if (offset < PLIC_SOURCES * 4)
        set_priority(device, (unsigned)(offset / 4), (u32)value);
}

bool plic_is_claimed(const struct device *plic, unsigned source)
{
    const struct plic_state *state = plic->state;

    return source < PLIC_SOURCES && has(state->in_service, source);
}

unsigned plic_waiting(const struct device *plic, unsigned context)
{
    return best_source(plic->state, context);
}

bool plic_can_interrupt(const struct device *plic, unsigned context)
{
    const struct plic_state *state = plic->state;

    for (unsigned source = 1; source < PLIC_SOURCES; source++)
        if (has(state->enable[context], source) && !has(state->in_service, source) &&
            state->priority[source] > state->threshold[context])
            return true;
    return false;
}

static void reset(struct device *device)
{
    assert(context_count(device) <= CONTEXTS && context_count(device) <= device->out_count);
    for (unsigned context = 0; context < context_count(device); context++)
        wire_set(&device->out[context], false);
}

static const struct reg_info regs[] = {
    {"priority[1]", PRIORITY + 4, 4, REG_RW,
     "of source 1, 0 (never) to 7; one every 4 bytes for sources up to 95"},
    {"pending[31:0]", PENDING, 4, REG_R, "sources that wait to be claimed, one bit each"},
    {"pending[63:32]", PENDING + 4, 4, REG_R, "sources 32 to 63"},
    {"pending[95:64]", PENDING + 8, 4, REG_R, "sources 64 to 95"},
    {"enable[M0][31:0]", ENABLE, 4, REG_RW,
     "sources that may interrupt hart 0 in M-mode; 0x80 bytes for each context M0 S0 M1 S1 ..."},
    {"enable[M0][63:32]", ENABLE + 4, 4, REG_RW, "sources 32 to 63"},
    {"enable[M0][95:64]", ENABLE + 8, 4, REG_RW, "sources 64 to 95"},
    {"enable[S0][31:0]", ENABLE + ENABLE_STRIDE, 4, REG_RW, "hart 0 in S-mode"},
    {"threshold[M0]", CONTEXT, 4, REG_RW,
     "only higher priorities interrupt this context; 0x1000 bytes for each context"},
    {"claim[M0]", CONTEXT + CLAIM, 4, REG_RW,
     "read: claim the most urgent source, 0 if none; write: that source is completed"},
    {"threshold[S0]", CONTEXT + CONTEXT_STRIDE, 4, REG_RW, "hart 0 in S-mode"},
    {"claim[S0]", CONTEXT + CONTEXT_STRIDE + CLAIM, 4, REG_RW, "hart 0 in S-mode"},
    {NULL, 0, 0, 0, NULL},
};

const struct device_type plic_type = {
    .name = "plic",
    .compatible = "sifive,plic-1.0.0",
    .regs = regs,
    .state_size = sizeof(struct plic_state),
    .widths = 4,
    .reset = reset,
    .read = read,
    .write = write,
};
