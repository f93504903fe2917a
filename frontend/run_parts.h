/* Shared by the files of one run (run*.c): what it is made of. */
#ifndef FRONTEND_RUN_PARTS_H
#define FRONTEND_RUN_PARTS_H

#include "frontend/console.h"
#include "frontend/debugger.h"
#include "frontend/gdb.h"
#include "frontend/keyboard.h"
#include "frontend/monitor_run.h"
#include "frontend/names.h"
#include "frontend/net.h"
#include "frontend/options.h"
#include "frontend/outside.h"
#include "frontend/past.h"
#include "frontend/plan.h"
#include "frontend/screen.h"
#include "frontend/script.h"
#include "frontend/shares.h"
#include "frontend/snapshots.h"
#include "loader/record.h"

/* One run of `vitrine run`. */
struct run {
    const struct options *options;
    struct plan plan;
    struct host host;
    struct outside outside;
    struct debugger debugger;
    struct gdb *gdb;                           /* NULL: none can connect */
    struct host_disk *disks[1 + OPTION_DISKS]; /* the guest's own, and those named */
    unsigned disk_count;
    struct net *net; /* NULL: none */
    struct shares shares;
    struct keyboard keyboard; /* of --console virtio */
    struct console console;   /* without descriptors when a script is the person */
    struct screen *screen;    /* NULL: the guest has none */
    struct script *script;    /* NULL: a person */
    struct image_set *images;
    struct machine *machine;
    struct snapshots snapshots;
    struct names names;
    struct monitor_run *monitor; /* NULL: none */
    struct door *door;           /* of --record, or to go back; NULL: none */
    struct past past;
    struct record *record;
    u64 steps_before_reset; /* steps done in the lives that ended with a reset */
    char message[1024];
};

/* Prints the run's message, and returns the code. */
int run_fail(struct run *run, int code);

/* run_plug.c: what the host gives to the machine. The network comes before the host is put
 * together, which must know of all attendants; everything else goes into the host then. Those that
 * return false have left a message.*/
enum exit_code run_open_net(struct run *run);
/* run_debug.c: likewise, where gdb connects; and the line to paste. */
bool run_open_gdb(struct run *run);
void run_print_gdb(const struct run *run);
bool run_plug_all(struct run *run);
void run_close_plugs(struct run *run);

/* run_end.c: the words before a run, and its exit code. */
void run_print_banner(const struct run *run);
int run_end(struct run *run, enum stop stop);

/* run_why.c: hears when the guest hangs, and says why; says why the run ended as it did. */
void run_listen(struct run *run);
void run_print_why(struct run *run);

#endif
