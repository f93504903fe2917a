/* Finding a running Linux kernel (see guest_kernel.h): from the trap handler down to the header, in
 * steps as large as what a kernel is aligned to. Boot loaders and KASLR may put it anywhere in
 * physical and virtual memory; the page tables know where it is. */
#include "loader/guest_kernel.h"

#include <string.h>

#include "devices/debug.h"
#include "loader/kallsyms.h"

#define ALIGNMENT ((u64)2 << 20) /* in virtual memory */
#define REACH     64             /* how many of them lie between header and handler at most */

/* Of an Image's header, what is looked at. */
#define HEADER_SIZE       64
#define HEADER_IMAGE_SIZE 16
#define HEADER_MAGIC      48
static const char magic[] = "RISCV\0\0\0RSC\5";

static bool read_header(struct machine *machine, unsigned hart, vaddr at, u64 *size)
{
    u8 header[HEADER_SIZE];

    if (debug_read(machine, hart, DEBUG_SUPERVISOR, at, header, sizeof(header)) != sizeof(header) ||
        memcmp(header + HEADER_MAGIC, magic, sizeof(magic) - 1))
        return false;
    memcpy(size, header + HEADER_IMAGE_SIZE, sizeof(*size));
    return true;
}

static bool is_translating(const struct hart *hart)
{
    return hart->satp >> (hart->xlen == 32 ? 31 : 60);
}

static bool find_below(struct machine *machine, unsigned hart, vaddr handler,
                       struct guest_kernel *kernel)
{
    vaddr base = handler & ~(ALIGNMENT - 1);

    for (unsigned i = 0; i < REACH && base <= handler; i++, base -= ALIGNMENT) {
        struct guest_kernel found = {.base = base, .hart = hart};
        if (!read_header(machine, hart, base, &found.size))
            continue;
        if (handler - base >= found.size ||
            !debug_find(machine, hart, DEBUG_SUPERVISOR, base, &found.at) ||
            !ram_holds(&machine->ram, found.at, found.size))
            return false;
        *kernel = found;
        return true;
    }
    return false;
}

bool guest_kernel_find(struct machine *machine, struct guest_kernel *kernel)
{
    for (unsigned i = 0; i < machine->config.harts; i++) {
        const struct hart *hart = machine->harts[i];
        if (is_translating(hart) && find_below(machine, i, hart->stvec & ~(vaddr)3, kernel))
            return true;
    }
    return false;
}

size_t guest_kernel_add_names(const struct machine *machine, const struct guest_kernel *kernel,
                              struct symbols *symbols)
{
    return kallsyms_read(ram_host(&machine->ram, kernel->at), kernel->size, kernel->base,
                         machine->config.isa.xlen, symbols);
}

const u8 *guest_kernel_bytes(const struct machine *machine, const struct guest_kernel *kernel,
                             vaddr at, u64 *left)
{
    if (at - kernel->base >= kernel->size)
        return NULL;
    *left = kernel->size - (at - kernel->base);
    return ram_host(&machine->ram, kernel->at + (at - kernel->base));
}
