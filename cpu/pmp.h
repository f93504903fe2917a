/* Physical memory protection ("Physical Memory Protection" in the privileged manual): 16 entries,
 * granule 4 bytes. */
#ifndef CPU_PMP_H
#define CPU_PMP_H

#include "cpu/hart.h"

#define PMP_R 1u
#define PMP_W 2u
#define PMP_X 4u
#define PMP_A 0x18u /* 0 OFF, 1 TOR, 2 NA4, 3 NAPOT */
#define PMP_L 0x80u

/* May this access of size bytes be made with this privilege? The lowest-numbered entry that matches
 * any byte decides. */
bool pmp_allows(const struct hart *hart, paddr at, u64 size, enum access why,
                enum privilege privilege);
/* The entry that decides about an access: the lowest-numbered one that matches any byte of it;
 * PMP_ENTRIES when none does. */
unsigned pmp_find(const struct hart *hart, paddr at, u64 size);
/* Do all bytes of this page fall under the same entry, so that one answer may be cached for it? */
bool pmp_is_uniform(const struct hart *hart, paddr page);
/* WARL writes; locks are honoured; translations that carried the old answer are dropped. */
void pmp_write_config(struct hart *hart, unsigned entry, u8 value);
void pmp_write_address(struct hart *hart, unsigned entry, u64 value);
/* The entries are others now: works out what they cover, and drops what was translated before. */
void pmp_changed(struct hart *hart);
/* mseccfg: MML and MMWP can only be set; RLB cannot be set any more while an entry is locked. */
void pmp_write_security(struct hart *hart, u64 value);

#endif
