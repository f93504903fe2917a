/* The types of a Linux kernel as it keeps them for itself (Linux, Documentation/bpf/btf.rst): as
 * far as is needed to ask where in a structure a member lies. Left out: everything about other
 * types. */
#ifndef LOADER_BTF_H
#define LOADER_BTF_H

#include "memory/types.h"

struct btf {
    const u8 *types;
    size_t types_size;
    const char *names; /* ends with a NUL */
    size_t names_size;
};

/* Looks at the header of this block, which must outlive the result. False: it is none. */
bool btf_open(struct btf *btf, const u8 *bytes, size_t size);
/* Where the member begins, in bytes from the beginning of the structure; also of members in unnamed
 * structures within it. Without a member: the size of the structure. Linear in all types. False:
 * there is no such thing. */
bool btf_find(const struct btf *btf, const char *structure, const char *member, u32 *value);

#endif
