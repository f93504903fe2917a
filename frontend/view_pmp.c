/* The view `pmp`: physical memory protection, entry by entry ("Physical Memory Protection"). The
 * lowest-numbered entry that matches any byte of an access decides. */
#include "frontend/view_paging.h"

#include "cpu/pmp.h"
#include "frontend/walk_words.h"

#include <inttypes.h>

static const char *match_words(u8 config)
{
    static const char *const words[] = {"OFF", "TOR", "NA4", "NAPOT"};

    return words[(config & PMP_A) >> 3];
}

static void print_entry(const struct view *view, const struct hart *hart, unsigned i)
{
    u64 low = hart->pmp[i].low, high = hart->pmp[i].high;
    u8 config = (u8)hart->pmpcfg[i];
    char size[SIZE_WORDS];

    fprintf(view->out, "%2u  %c%c%c%c  %-5s  ", i, config & PMP_L ? 'L' : '-',
            config & PMP_R ? 'R' : '-', config & PMP_W ? 'W' : '-', config & PMP_X ? 'X' : '-',
            match_words(config));
    if (low > high)
        fputs("matches nothing\n", view->out);
    else
        fprintf(view->out, "0x%012" PRIx64 " to 0x%012" PRIx64 "  %s\n", low, high,
                high - low == UINT64_MAX ? "everything" : size_words(high - low + 1, size));
}

static void print_json(const struct view *view, const struct hart *hart)
{
    struct json json = {.out = view->out};

    json_array(&json, NULL);
    for (unsigned i = 0; i < PMP_ENTRIES; i++) {
        json_object(&json, NULL);
        json_number(&json, "entry", i);
        json_text(&json, "match", match_words((u8)hart->pmpcfg[i]));
        json_truth(&json, "locked", hart->pmpcfg[i] & PMP_L);
        json_truth(&json, "read", hart->pmpcfg[i] & PMP_R);
        json_truth(&json, "write", hart->pmpcfg[i] & PMP_W);
        json_truth(&json, "execute", hart->pmpcfg[i] & PMP_X);
        if (hart->pmpcfg[i] & PMP_A && hart->pmp[i].low <= hart->pmp[i].high) {
            json_hex(&json, "first", hart->pmp[i].low);
            json_hex(&json, "last", hart->pmp[i].high);
        }
        json_end_object(&json);
    }
    json_end_array(&json);
    fputc('\n', view->out);
}

void view_pmp(struct view *view)
{
    const struct hart *hart = view_hart(view);
    unsigned off = 0;

    if (view->json) {
        print_json(view, hart);
        return;
    }
    for (unsigned i = 0; i < PMP_ENTRIES; i++) {
        if (hart->pmpcfg[i] & PMP_A)
            print_entry(view, hart, i);
        else
            off++;
    }
    fprintf(view->out, "%u entries are off.\n", off);
    fprintf(view->out, "Where none matches, M-mode may do %s, S- and U-mode nothing.\n",
            hart->mseccfg & MSECCFG_MMWP  ? "nothing (mseccfg.MMWP)"
            : hart->mseccfg & MSECCFG_MML ? "everything but execute (mseccfg.MML)"
                                          : "everything");
    if (hart->mseccfg & MSECCFG_MML)
        fputs("mseccfg.MML is 1: an entry with L is M-mode's alone, one without L is not for "
              "M-mode.\n",
              view->out);
    else
        fputs("An entry without L does not bind M-mode.\n", view->out);
}
