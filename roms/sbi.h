/* How a guest in S-mode asks the firmware below it (RISC-V SBI specification: Binary Encoding,
 * Base, System Reset). */
#ifndef ROMS_SBI_H
#define ROMS_SBI_H

#include "rom.h"

enum {
    SBI_LEGACY_PUTCHAR = 1,
    SBI_BASE = 0x10,
    SBI_DBCN = 0x4442434e,
    SBI_DBTR = 0x44425452,
    SBI_TIME = 0x54494d45,
    SBI_HSM = 0x48534d,
    SBI_SRST = 0x53525354,
};

enum { BASE_VERSION = 0, BASE_IMPLEMENTATION = 1, BASE_PROBE = 3 };
enum { DBCN_WRITE_BYTE = 2, HSM_STATUS = 2, SRST_SHUTDOWN = 0, SRST_FAILURE = 1 };

struct sbi_result {
    long error; /* 0 is success */
    long value;
};

static inline struct sbi_result sbi_call(word extension, word function, word first, word second)
{
    register word a0 __asm__("a0") = first;
    register word a1 __asm__("a1") = second;
    register word a2 __asm__("a2") = 0;
    register word a6 __asm__("a6") = function;
    register word a7 __asm__("a7") = extension;
    __asm__ volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a2), "r"(a6), "r"(a7) : "memory");
    return (struct sbi_result){.error = (long)a0, .value = (long)a1};
}

static inline int has_extension(word extension)
{
    struct sbi_result probe = sbi_call(SBI_BASE, BASE_PROBE, extension, 0);
    return probe.error == 0 && probe.value != 0;
}

static inline _Noreturn void power_off(word reason)
{
    sbi_call(SBI_SRST, 0, SRST_SHUTDOWN, reason);
    for (;;)
        wait_for_interrupt();
}

static inline void expect(int is_right, const char *complaint)
{
    if (is_right)
        return;
    print_text(complaint);
    power_off(SRST_FAILURE);
}

#endif
