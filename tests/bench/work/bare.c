/* A workload in M-mode without translation: nothing to set up. The other choice is sv39.c. */
#include "space.h"
#include "work.h"

int main(void);

void begin(void)
{
    main();
}

unsigned char *heap(void)
{
    return (unsigned char *)HEAP;
}

word space_new(unsigned number)
{
    (void)number;
    return 0;
}
