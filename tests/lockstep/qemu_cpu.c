/* Our processor in QEMU's words (see qemu_cpu.h). */
#include "tests/lockstep/qemu_cpu.h"

#include <stdio.h>

/* QEMU has these always, and no property of that name; Sdtrig is called debug. */
static bool is_always_there(enum extension extension)
{
    return extension == EXT_I || extension == EXT_SSSTATEEN || extension == EXT_SSCOUNTERENW ||
           extension == EXT_SSU64XL || extension == EXT_SDTRIG;
}

void qemu_cpu_describe(const struct isa *isa, char *text, size_t size)
{
    size_t used = (size_t)snprintf(text, size,
                                   "rv%ui,s=on,u=on,mmu=on,pmp=on,%s=on,debug=%s,"
                                   "mvendorid=0,marchid=0,mimpid=0",
                                   isa->xlen, isa->xlen == 32 ? "sv32" : "sv57",
                                   isa_has(isa, EXT_SDTRIG) ? "on" : "off"); /* its name there */

    for (unsigned i = 0; i < EXT_COUNT && used < size; i++)
        if (isa_has(isa, (enum extension)i) && !is_always_there((enum extension)i))
            used += (size_t)snprintf(text + used, size - used, ",%s=on",
                                     extension_name((enum extension)i));
    if (isa_has(isa, EXT_ZIHPM) && used < size)
        snprintf(text + used, size - used, ",pmu-mask=0xfffffff8");
}
