/* Setting address triggers in tests: the fields of tdata1, type 6. */
#ifndef TESTS_CPU_TRIGGERS_H
#define TESTS_CPU_TRIGGERS_H

#include "tests/cpu/rig.h"

#define TSELECT 0x7a0u
#define TDATA1  0x7a1u
#define TDATA2  0x7a2u
#define TINFO   0x7a4u

/* tdata1 below its type. */
#define ON_LOAD    1u
#define ON_STORE   2u
#define ON_EXECUTE 4u
#define IN_U       (1u << 3)
#define IN_S       (1u << 4)
#define IN_M       (1u << 6)
#define IN_ALL     (IN_U | IN_S | IN_M)
#define MATCH(n)   ((u64)(n) << 7)
#define SIZE(n)    ((u64)(n) << 16)
#define HIT0       (1u << 22)

enum { EQUAL, NAPOT, FROM, BELOW };

static inline u64 trigger_typed(const struct hart *hart, u64 type, u64 fields)
{
    return type << (hart->xlen - 4) | fields;
}

/* The way that the specification asks for: disable, address, configuration. */
static inline void trigger_set(struct hart *hart, unsigned number, u64 address, u64 fields)
{
    rig_set_csr(hart, TSELECT, number);
    rig_set_csr(hart, TDATA1, 0);
    rig_set_csr(hart, TDATA2, address);
    rig_set_csr(hart, TDATA1, trigger_typed(hart, 6, fields));
    ck_assert_uint_eq(rig_csr(hart, TDATA1), trigger_typed(hart, 6, fields));
}

static inline void trigger_clear(struct hart *hart, unsigned number)
{
    rig_set_csr(hart, TSELECT, number);
    rig_set_csr(hart, TDATA1, 0);
}

static inline bool trigger_hit(struct hart *hart, unsigned number)
{
    rig_set_csr(hart, TSELECT, number);
    return rig_csr(hart, TDATA1) & HIT0;
}

#endif
