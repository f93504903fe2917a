/* Guests that hang silently (see hang.h): the same trap again and again with nothing between, traps
 * from which nobody returns, and WFI with nothing that could wake it. */
#include "devices/hang.h"

#include "devices/plic.h"

static void tell(struct machine *machine, const struct hart *hart, enum hang what)
{
    if (machine->hang_told)
        return;
    machine->hang_told = true;
    if (machine->listener.hung)
        machine->listener.hung(machine->listener.context, hart->id, what);
}

/* A trap that comes after a return is a new beginning. */
static bool has_begun_anew(const struct hart *hart, u64 own_step)
{
    for (unsigned i = 0; i < WITNESS_NESTED; i++)
        if (hart->witness.traps[i].count && hart->witness.traps[i].own_step > own_step)
            return true;
    return !hart->edge.nested;
}

void hang_after_slice(struct machine *machine, struct hart *hart, u64 own_step, u64 traps)
{
    if (hart->witness.stuck || (traps >= HANG_TRAPS && !has_begun_anew(hart, own_step)))
        tell(machine, hart, HANG_TRAPPED);
}

bool hang_can_end(struct machine *machine, const struct hart *hart, u64 next)
{
    const u64 timers = IRQ_BIT(IRQ_MTI) | IRQ_BIT(IRQ_STI) | IRQ_BIT(IRQ_LCOFI);
    const struct device *plic = machine_device(machine, plic_type.name, 0);

    if (hart->mie & timers && next != CLOCK_NEVER)
        return true;
    return plic && ((hart->mie & IRQ_BIT(IRQ_MEI) && plic_can_interrupt(plic, 2 * hart->id)) ||
                    (hart->mie & IRQ_BIT(IRQ_SEI) && plic_can_interrupt(plic, 2 * hart->id + 1)));
}

void hang_while_waiting(struct machine *machine, u64 next)
{
    if (machine->hang_told)
        return;
    for (unsigned i = 0; i < machine->config.harts; i++)
        if (hang_can_end(machine, machine->harts[i], next))
            return;
    tell(machine, machine->harts[machine->running], HANG_WAITING);
}
