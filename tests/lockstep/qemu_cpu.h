/* Our processor in QEMU's words, so that both have exactly the same extensions. */
#ifndef TESTS_LOCKSTEP_QEMU_CPU_H
#define TESTS_LOCKSTEP_QEMU_CPU_H

#include "cpu/isa.h"

/* Room for every description. */
#define QEMU_CPU_SIZE 1024

/* Writes what -cpu takes: a bare base, every extension of isa on. Extensions that QEMU has but
 * knows no switch for are left out. */
void qemu_cpu_describe(const struct isa *isa, char *text, size_t size);

#endif
