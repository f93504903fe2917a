/* Address triggers (see trigger.h): "Trigger Module Registers" for what can be written, "Memory
 * Access Triggers" for what matches, "Native Triggers" for when none may fire.
 *
 * Every byte of a load or store is compared; of an instruction only its address. All triggers fire
 * before the instruction does anything. */
#include "cpu/trigger.h"

#include "cpu/debug.h"
#include "cpu/mmu.h"
#include "cpu/trap.h"

#include <string.h>

/* tdata1 as type 6:  type | 0 | hit0 | select | size  | action | chain | match | m | - | s | u | x
 * | w | r top       22      21     18..16   15..12    11     10..7   6   5   4   3   2   1   0
 */
#define TYPE_6        ((u64)6)
#define TYPE_DISABLED ((u64)15)
#define HIT0          ((u64)1 << 22)
#define SELECT        ((u64)1 << 21)
#define SIZE          ((u64)7 << 16)
#define CHAIN         ((u64)1 << 11)
#define MATCH         ((u64)15 << 7)
#define MODES         ((u64)1 << 6 | 3 << 3) /* m, s, u: bit 3 + enum privilege */
#define ACCESSES      ((u64)7)
#define KEPT          (HIT0 | SIZE | MATCH | MODES | ACCESSES)

enum match { MATCH_EQUAL, MATCH_NAPOT, MATCH_GREATER_OR_EQUAL, MATCH_LESS };

/* By the size field: bytes of the access; 48 bits are the length of no instruction here. */
static const u8 sizes[8] = {[1] = 1, [2] = 2, [3] = 4, [5] = 8, [6] = 16};

static u64 ones(const struct hart *hart)
{
    return hart->xlen == 32 ? UINT32_MAX : UINT64_MAX;
}

static u64 type_of(const struct hart *hart, u64 config)
{
    return config >> (hart->xlen - 4) & 15;
}

static u64 match_of(u64 config)
{
    return (config & MATCH) >> 7;
}

/* The largest range is half of all addresses, so a bit below the top one is zero. */
static bool is_napot(const struct hart *hart, u64 address)
{
    return (address | (u64)1 << (hart->xlen - 1)) != ones(hart);
}

/* What we cannot do disables the trigger: firmware (OpenSBI) does not read back what it wrote, and
 * a trigger that fires where nobody asked is worse than one that does not. */
static bool is_supported(const struct hart *hart, u64 config, u64 address)
{
    unsigned size = (config & SIZE) >> 16;

    return type_of(hart, config) == TYPE_6 && !(config & (SELECT | CHAIN)) &&
           match_of(config) <= MATCH_LESS && (size == 0 || sizes[size]) &&
           (match_of(config) != MATCH_NAPOT || is_napot(hart, address));
}

/* What the trigger watches, as a range; nothing: no accesses. */
static struct watch watch_of(const struct hart *hart, u64 config, u64 address)
{
    struct watch watch = {.low = address,
                          .high = address,
                          .accesses = config & ACCESSES,
                          .size = sizes[(config & SIZE) >> 16]};
    bool nothing = type_of(hart, config) != TYPE_6 || !(config & MODES) || !(config & ACCESSES);

    switch ((enum match)match_of(config)) {
    case MATCH_EQUAL:
        break;
    case MATCH_NAPOT:
        watch.high = address | (address + 1);
        watch.low = address & (address + 1);
        break;
    case MATCH_GREATER_OR_EQUAL:
        watch.high = ones(hart);
        break;
    case MATCH_LESS:
        watch.low = 0;
        watch.high = address - 1;
        nothing = address == 0;
        break;
    }
    return nothing ? (struct watch){.accesses = 0} : watch;
}

void trigger_sum(struct hart *hart)
{
    hart->watched = (u8)debug_watched(hart);
    for (unsigned n = 0; n < TRIGGERS; n++)
        hart->watched |= hart->watch[n].accesses;
}

void trigger_restored(struct hart *hart)
{
    for (unsigned i = 0; i < TRIGGERS; i++)
        hart->watch[i] = watch_of(hart, hart->tdata1[i], hart->tdata2[i]);
    trigger_sum(hart);
}

/* The selected trigger has changed. The hit bit is no reason to forget translations. */
static void arm(struct hart *hart)
{
    u64 i = hart->tselect;
    struct watch old = hart->watch[i];
    struct watch new = watch_of(hart, hart->tdata1[i], hart->tdata2[i]);

    hart->watch[i] = new;
    trigger_sum(hart);
    if (old.low != new.low || old.high != new.high || old.accesses != new.accesses)
        mmu_flush(hart);
}

void trigger_reset(struct hart *hart)
{
    memset(hart->watch, 0, sizeof hart->watch);
    trigger_sum(hart);
    for (unsigned i = 0; i < TRIGGERS; i++)
        hart->tdata1[i] = TYPE_DISABLED << (hart->xlen - 4);
}

void trigger_write_config(struct hart *hart, u64 value)
{
    u64 type = TYPE_6 << (hart->xlen - 4);

    hart->tdata1[hart->tselect] = is_supported(hart, value, hart->tdata2[hart->tselect])
                                      ? type | (value & KEPT)
                                      : TYPE_DISABLED << (hart->xlen - 4);
    arm(hart);
}

void trigger_write_address(struct hart *hart, u64 value)
{
    u64 config = hart->tdata1[hart->tselect];

    if (match_of(config) == MATCH_NAPOT && !is_napot(hart, value))
        value &= ~((u64)1 << (hart->xlen - 2));
    hart->tdata2[hart->tselect] = value;
    arm(hart);
}

bool trigger_covers(const struct hart *hart, vaddr va, enum access why)
{
    /* An AMO loads, too, and goes through the tables for stores. */
    static const u8 accesses[] = {[ACCESS_FETCH] = TRIGGER_EXECUTE,
                                  [ACCESS_LOAD] = TRIGGER_LOAD,
                                  [ACCESS_STORE] = TRIGGER_LOAD | TRIGGER_STORE};

    for (unsigned i = 0; i < TRIGGERS; i++) {
        const struct watch *watch = &hart->watch[i];
        if (watch->accesses & accesses[why] && watch->low <= (va | PAGE_MASK) &&
            watch->high >= (va & ~PAGE_MASK))
            return true;
    }
    return hart->debug && debug_covers(hart, va, accesses[why]);
}

/* The first of the two ways out of a breakpoint inside its own handler: while a mode that would
 * handle it has interrupts off, none fires there. */
static bool may_fire(const struct hart *hart)
{
    if (hart->privilege == PRIV_M)
        return hart->mstatus & MSTATUS_MIE;
    if (hart->privilege == PRIV_S && hart->medeleg >> CAUSE_BREAKPOINT & 1)
        return hart->mstatus & MSTATUS_SIE;
    return true;
}

bool trigger_ask(struct hart *hart, vaddr va, unsigned size, unsigned accesses)
{
    u64 reach = accesses == TRIGGER_EXECUTE ? 1 : size;
    bool fires = false;

    if (hart->debug)
        debug_accessed(hart, va, size, accesses);
    if (!may_fire(hart))
        return true;
    for (unsigned i = 0; i < TRIGGERS; i++) {
        const struct watch *watch = &hart->watch[i];
        bool begins_inside = va >= watch->low && va <= watch->high;
        if (!(watch->accesses & accesses) || !(hart->tdata1[i] >> (3 + hart->privilege) & 1) ||
            (watch->size && watch->size != size) ||
            (!begins_inside && ((watch->low - va) & ones(hart)) >= reach))
            continue;
        hart->tdata1[i] |= HIT0;
        if (!fires) /* of several, the first one's address is told */
            trap_raise(hart, CAUSE_BREAKPOINT, begins_inside ? va : watch->low);
        fires = true;
    }
    return !fires;
}
