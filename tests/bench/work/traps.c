/* Environment calls answered by the shortest handler: from M-mode to M-mode, and from U-mode to
 * M-mode, back by mret each. Under Sv39 traps_sv39.c takes this file's place. */
#include "work.h"

enum { CALLS = 1000 };

/* traps_entry.S: make so many calls, and say how many the handler has counted. */
word calls_from_machine(word calls);
word calls_from_user(word calls);
void trap_entry(void);

void work_prepare(void)
{
    CSR_WRITE(mtvec, (word)trap_entry);
}

void work_round(void)
{
    expect("the calls from M-mode", calls_from_machine(CALLS), CALLS);
    expect("the calls from U-mode", calls_from_user(CALLS), CALLS);
}
