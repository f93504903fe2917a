/* The same workload as a program of the host: an emulator's floating point and arithmetic, judged
 * by another compiler and another processor. It has the heap, the console and the end of the run;
 * the workloads that need RISC-V's own registers are not for it. */
#include <stdio.h>
#include <stdlib.h>
#include "work.h"

static _Alignas(4096) unsigned char bytes[HEAP_BYTES];

unsigned char *heap(void)
{
    return bytes;
}

void print_text(const char *text)
{
    fputs(text, stdout);
}

_Noreturn void test_pass(void)
{
    exit(0);
}

_Noreturn void test_fail(unsigned code)
{
    exit((int)code);
}
