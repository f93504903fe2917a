# WFI, and nothing is enabled in mie.
# says: No interrupt is enabled: the hart waits in WFI
# unasked: waits for an interrupt that cannot come
        .text
        .globl _start
_start: csrsi   mstatus, 8              # but mie is 0
1:      wfi
        j       1b
