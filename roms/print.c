/* Text and numbers, one character at a time. */
#include "rom.h"

void print_text(const char *text)
{
    while (*text)
        console_put(*text++);
}

void print_hex(word value)
{
    print_text("0x");
    for (int shift = __riscv_xlen - 4; shift >= 0; shift -= 4)
        console_put("0123456789abcdef"[value >> shift & 15]);
}

void print_decimal(word value)
{
    if (value >= 10)
        print_decimal(value / 10);
    console_put((char)('0' + value % 10));
}
