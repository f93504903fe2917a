/* A workload whose result is wrong: the test that a wrong result fails a run. */
#include "work.h"

void work_round(void)
{
    expect("one", 1, 2);
}
