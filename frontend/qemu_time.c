/* QEMU's words about time: the date that the guest is told, and instructions that are time. */
#include "frontend/qemu_parts.h"

#include <string.h>
#include <time.h>

#include "frontend/values.h"

/* How far a date is ahead of today's; dates are those of the real-time clock, which knows no zones.
 */
static bool read_date(const char *text, i64 *ahead_s)
{
    struct tm date = {.tm_isdst = 0};
    int day_end = 0, end = 0;
    int found = sscanf(text, "%4d-%2d-%2d%nT%2d:%2d:%2d%n", &date.tm_year, &date.tm_mon,
                       &date.tm_mday, &day_end, &date.tm_hour, &date.tm_min, &date.tm_sec, &end);

    if (!(found == 3 && !text[day_end]) && !(found == 6 && !text[end]))
        return false;
    date.tm_year -= 1900;
    date.tm_mon--;
    *ahead_s = (i64)timegm(&date) - (i64)time(NULL);
    return true;
}

static bool read_base(struct qemu *qemu, const char *text)
{
    i64 *ahead_s = &qemu->options->clock_ahead_s;
    struct tm here;
    time_t now = time(NULL);

    *ahead_s = 0;
    if (!strcmp(text, "utc") || read_date(text, ahead_s))
        return true;
    if (!strcmp(text, "localtime") && localtime_r(&now, &here)) {
        *ahead_s = here.tm_gmtoff;
        return true;
    }
    return QEMU_REFUSE(qemu,
                       "-rtc base is utc, localtime or a date like 2006-06-17T16:01:21, not "
                       "\"%.60s\".",
                       text);
}

/* clock=vm comes with -icount, under which the real-time clock counts instructions, too. */
bool qemu_read_clock(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    struct qemu_pair pair;

    while (qemu_next_pair(&text, NULL, &pair)) {
        bool is_clock =
            qemu_is_key(&pair, "clock") &&
            (!strcmp(pair.value, "host") || !strcmp(pair.value, "rt") || !strcmp(pair.value, "vm"));
        if (qemu_is_key(&pair, "base")) {
            if (!read_base(qemu, pair.value))
                return false;
        } else if (!is_clock && !(qemu_is_key(&pair, "driftfix") && !strcmp(pair.value, "none"))) {
            return qemu_refuse_pair(qemu, word, &pair);
        }
    }
    return true;
}

/* 2^shift ns an instruction, and a tick is 100 ns: as near as whole instructions come to it. */
static bool read_shift(struct qemu *qemu, const char *text)
{
    static const u64 steps_per_tick[] = {100, 50, 25, 12, 6, 3, 2, 1};
    const char *end;
    u64 shift;

    if (!strcmp(text, "auto"))
        return true;
    if (!read_number(text, &end, &shift) || *end || shift > 7)
        return QEMU_REFUSE(qemu, "-icount: shift is 0 to 7 or auto here, not \"%.60s\".", text);
    qemu->options->steps_per_tick = steps_per_tick[shift];
    return true;
}

bool qemu_read_counting(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    struct qemu_pair pair;
    bool ignored;

    qemu->options->clock = CLOCK_VIRTUAL;
    for (const char *implied = "shift"; qemu_next_pair(&text, implied, &pair); implied = NULL) {
        bool is_good = qemu_is_key(&pair, "shift") ? read_shift(qemu, pair.value)
                       : qemu_is_key(&pair, "align") || qemu_is_key(&pair, "sleep")
                           ? qemu_read_switch(qemu, word, &pair, &ignored)
                           : qemu_refuse_pair(qemu, word, &pair);
        if (!is_good)
            return false;
    }
    return true;
}
