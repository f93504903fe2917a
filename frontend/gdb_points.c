/* What gdb inserts: breakpoints and watchpoints (packets Z and z), any number of them. All are the
 * machine's; nothing is written into the guest's memory. */
#include "frontend/gdb_parts.h"

#include <stdlib.h>

/* Z's first digit. */
static const enum debug_kind kinds[] = {DEBUG_BREAK, DEBUG_BREAK, DEBUG_WATCH_WRITE,
                                        DEBUG_WATCH_READ, DEBUG_WATCH_ACCESS};

/* TYPE,ADDRESS,SIZE; conditions and commands, which we do not offer, would follow. For breakpoints
 * the size is the kind of instruction. */
static bool take_point(const char *text, struct gdb_point *point)
{
    u64 type;

    if (!gdb_take_number(&text, &type) || type >= sizeof kinds / sizeof kinds[0] ||
        !gdb_take(&text, ',') || !gdb_take_number(&text, &point->at) || !gdb_take(&text, ',') ||
        !gdb_take_number(&text, &point->size) || *text)
        return false;
    point->kind = kinds[type];
    point->is_hardware = type == 1;
    if (point->kind == DEBUG_BREAK)
        point->size = 1;
    return point->size > 0;
}

static struct gdb_point *find(struct gdb *gdb, const struct gdb_point *wanted)
{
    for (size_t i = 0; i < gdb->point_count; i++) {
        struct gdb_point *point = &gdb->points[i];
        if (point->kind == wanted->kind && point->is_hardware == wanted->is_hardware &&
            point->at == wanted->at && point->size == wanted->size)
            return point;
    }
    return NULL;
}

static bool add(struct gdb *gdb, const struct gdb_point *point)
{
    if (gdb->point_count == gdb->point_room) {
        size_t room = 2 * gdb->point_room + 16;
        struct gdb_point *more = realloc(gdb->points, room * sizeof *more);
        if (!more)
            return false;
        gdb->points = more;
        gdb->point_room = room;
    }
    if (!debug_insert(gdb_machine(gdb), point->kind, point->at, point->size))
        return false;
    gdb->points[gdb->point_count++] = *point;
    return true;
}

/* The same again is no second one. */
void gdb_insert(struct gdb *gdb, const char *text, size_t size)
{
    struct gdb_point point;
    (void)size;

    if (!take_point(text, &point))
        gdb_refuse(gdb);
    else if (find(gdb, &point) || add(gdb, &point))
        gdb_answer(&gdb->out, "OK");
    else
        gdb_fail(gdb);
}

void gdb_remove(struct gdb *gdb, const char *text, size_t size)
{
    struct gdb_point point, *found;
    (void)size;

    if (!take_point(text, &point)) {
        gdb_refuse(gdb);
        return;
    }
    found = find(gdb, &point);
    if (found) {
        debug_remove(gdb_machine(gdb), point.kind, point.at, point.size);
        *found = gdb->points[--gdb->point_count];
    }
    gdb_answer(&gdb->out, "OK");
}

void gdb_remove_all(struct gdb *gdb)
{
    while (gdb->point_count > 0) {
        const struct gdb_point *point = &gdb->points[--gdb->point_count];
        debug_remove(gdb_machine(gdb), point->kind, point->at, point->size);
    }
}

bool gdb_has_point(struct gdb *gdb, const struct debug_stop *stop)
{
    for (size_t i = 0; i < gdb->point_count; i++) {
        const struct gdb_point *point = &gdb->points[i];
        if (point->kind == stop->kind && stop->at - point->at < point->size)
            return true;
    }
    return false;
}

static void put_break_reason(struct gdb *gdb, u64 at)
{
    const struct gdb_point soft = {DEBUG_BREAK, false, at, 1}, hard = {DEBUG_BREAK, true, at, 1};

    if (gdb->knows_swbreak && find(gdb, &soft))
        gdb_put(&gdb->out, "swbreak:;");
    else if (gdb->knows_hwbreak && find(gdb, &hard))
        gdb_put(&gdb->out, "hwbreak:;");
}

void gdb_put_reason(struct gdb *gdb, const struct debug_stop *stop)
{
    static const char *const names[DEBUG_KINDS] = {[DEBUG_WATCH_READ] = "rwatch",
                                                   [DEBUG_WATCH_WRITE] = "watch",
                                                   [DEBUG_WATCH_ACCESS] = "awatch"};

    if (stop->kind == DEBUG_BREAK)
        put_break_reason(gdb, stop->at);
    else if (names[stop->kind])
        gdb_put(&gdb->out, "%s:%llx;", names[stop->kind], (unsigned long long)stop->at);
}
