/* Shared by the files of the gdb stub (gdb*.c): a session, and who answers which packets. */
#ifndef FRONTEND_GDB_PARTS_H
#define FRONTEND_GDB_PARTS_H

#include "frontend/gdb.h"
#include "frontend/gdb_packet.h"
#include "frontend/listen.h"

#define GDB_IN 4096

/* What gdb has inserted. */
struct gdb_point {
    enum debug_kind kind;
    bool is_hardware; /* it asked for that; here all are alike */
    u64 at, size;
};

struct gdb {
    struct debugger *debugger;
    struct debugger_client client;
    struct gdb_monitor monitor;
    struct listener listener;
    int fd; /* -1: nobody is connected */
    struct gdb_reader reader;
    struct gdb_out out;
    u8 in[GDB_IN];
    size_t in_size, in_taken;

    bool has_packet;   /* the reader's, waiting for the machine to stand still */
    bool needs_no_ack; /* QStartNoAckMode */
    bool awaits_stop;  /* the next stop is the answer to what set the machine going */
    bool knows_swbreak, knows_hwbreak;
    bool is_physical; /* memory by physical address: QEMU's PhyMemMode */
    bool owes_step;   /* gdb has not yet made the step that it makes after a watchpoint */
    bool is_leaving;  /* the session ends when the answer is out */
    u64 break_ns;     /* when Ctrl-C came and no stop has answered it yet; 0: none */
    unsigned hart;    /* that registers and memory are of; threads are harts + 1 */
    enum stop stop;   /* the last one */
    struct gdb_point *points;
    size_t point_count, point_room;
};

static inline struct machine *gdb_machine(const struct gdb *gdb)
{
    return gdb->debugger->machine;
}

/* gdb_command.c: answers one packet, while the machine stands still. */
void gdb_handle(struct gdb *gdb, const char *packet, size_t size);
void gdb_refuse(struct gdb *gdb); /* E22: it makes no sense */
void gdb_fail(struct gdb *gdb);   /* E0e: it cannot be had */

/* Each gets what follows the packet's name; text ends with NUL. */
typedef void gdb_handler(struct gdb *gdb, const char *text, size_t size);

/* gdb_memory.c */
gdb_handler gdb_read_registers, gdb_write_registers, gdb_read_register, gdb_write_register,
    gdb_read_memory, gdb_read_memory_binary, gdb_write_memory, gdb_write_memory_binary;

/* gdb_points.c */
gdb_handler gdb_insert, gdb_remove;
void gdb_remove_all(struct gdb *gdb);
/* What gdb calls such a stop in its answer: "hwbreak:;" or the like. */
void gdb_put_reason(struct gdb *gdb, const struct debug_stop *stop);
/* Is what stopped the machine inserted by gdb, still? */
bool gdb_has_point(struct gdb *gdb, const struct debug_stop *stop);

/* gdb_run.c */
gdb_handler gdb_continue, gdb_continue_signal, gdb_step, gdb_step_signal, gdb_vcont, gdb_reset,
    gdb_tell_stop, gdb_go_back, gdb_step_back;
/* The run has ended for good. */
void gdb_tell_end(struct gdb *gdb, enum stop stop);

/* gdb_target.c */
gdb_handler gdb_read_features, gdb_read_memory_map, gdb_read_threads;

#endif
