/* The translation cache's slow half: flushing (see tlb.h). */
#include "cpu/tlb.h"

#include <string.h>

void tlb_flush(struct tlb *tlb)
{
    if (!tlb->used)
        return;
    memset(tlb->read, 0xff, sizeof tlb->read);
    memset(tlb->write, 0xff, sizeof tlb->write);
    memset(tlb->fetch, 0xff, sizeof tlb->fetch);
    memset(tlb->code, 0xff, sizeof tlb->code);
    memset(tlb->pieces, 0xff, sizeof tlb->pieces);
    tlb->superpages = 0;
    tlb->used = false;
}

/* The bit of the GiB that this address lies in. */
static u64 superpage_bit(vaddr va)
{
    return (u64)1 << ((va >> 30) * 0x9e3779b97f4a7c15 >> 58);
}

void tlb_note_superpage(struct tlb *tlb, vaddr va, unsigned page_bits)
{
    tlb->superpages |= page_bits <= 30 ? superpage_bit(va) : UINT64_MAX;
}

void tlb_flush_page(struct tlb *tlb, vaddr va)
{
    unsigned at = tlb_index(va);

    if (tlb->superpages & superpage_bit(va)) {
        tlb_flush(tlb);
        return;
    }
    tlb->read[at].tag = tlb->write[at].tag = TLB_EMPTY;
    tlb->fetch[at].tag = tlb->code[at].tag = TLB_EMPTY;
}

void tlb_drop_writes(struct tlb *tlb, const u8 *host_page)
{
    if (!tlb->used)
        return;
    for (unsigned i = 0; i < TLB_ENTRIES; i++)
        if (tlb->write[i].tag != TLB_EMPTY &&
            tlb->write[i].tag + tlb->write[i].to_host == (u64)(uintptr_t)host_page)
            tlb->write[i].tag = TLB_EMPTY;
}

void tlb_drop_ops(struct tlb *tlb)
{
    if (tlb->used)
        memset(tlb->code, 0xff, sizeof tlb->code);
}
