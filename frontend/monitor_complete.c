/* Completion of the monitor's lines: the first word from the table of commands, the others from
 * what the command's row says they are. */
#include "frontend/monitor.h"

#include "cpu/csr.h"
#include "frontend/monitor_words.h"
#include "frontend/registers.h"
#include "frontend/snapshots.h"

#include <string.h>

static bool offer(const char *name, const char *begun, char *word, size_t size)
{
    if (!name || strncmp(name, begun, strlen(begun)))
        return false;
    snprintf(word, size, "%s", name);
    return true;
}

static bool offer_command(struct monitor_completion *completion, const char *begun, char *word,
                          size_t size)
{
    while (completion->place < monitor_row_count)
        if (offer(monitor_rows[completion->place++].name, begun, word, size))
            return true;
    return false;
}

static bool offer_csr(struct monitor_completion *completion, const char *begun, char *word,
                      size_t size)
{
    unsigned count;
    const struct csr_info *rows = csr_rows(&count);
    const struct monitor_talk *talk = completion->talk;

    while (completion->place < count) {
        const char *name = rows[completion->place++].name;
        unsigned ignored;
        if (offer(name, begun, word, size) &&
            register_find(talk->monitor->machine, talk->hart, name, &ignored))
            return true;
    }
    return false;
}

static bool offer_device(struct monitor_completion *completion, const char *begun, char *word,
                         size_t size)
{
    static const char *const others[] = {"machine", "map", "virtio"};
    const struct machine *machine = completion->talk->monitor->machine;
    size_t count = sizeof(others) / sizeof(others[0]);

    while (completion->place < count + machine->device_count) {
        size_t i = completion->place++;
        const char *name = i < count ? others[i] : machine->devices[i - count].type->name;
        if (!strcmp(name, "virtio-mmio")) /* all of them are "virtio" */
            continue;
        if (offer(name, begun, word, size))
            return true;
    }
    return false;
}

static bool offer_symbol(struct monitor_completion *completion, const char *begun, char *word,
                         size_t size)
{
    struct symbols *symbols = monitor_symbols(completion->talk->monitor);

    return symbols && *begun &&
           offer(symbols_next(symbols, begun, &completion->place), begun, word, size);
}

static bool offer_snapshot_word(struct monitor_completion *completion, const char *begun,
                                char *word, size_t size)
{
    static const char *const words[] = {"save", "restore", "list", "info", "check", "delete"};

    while (completion->place < sizeof(words) / sizeof(words[0]))
        if (offer(words[completion->place++], begun, word, size))
            return true;
    return false;
}

static bool offer_snapshot(struct monitor_completion *completion, const char *begun, char *word,
                           size_t size)
{
    char name[256];

    while (snapshots_next_name(&completion->place, name, sizeof(name)))
        if (offer(name, begun, word, size))
            return true;
    return false;
}

bool monitor_complete(struct monitor_completion *completion, char *word, size_t size)
{
    const char *line = completion->line + strspn(completion->line, " \t");
    size_t name_length = strcspn(line, " \t");
    const char *begun = strrchr(line, ' ');
    char name[64], ours[MONITOR_LINE];
    const struct monitor_row *row;

    if (!line[name_length])
        return offer_command(completion, line, word, size);
    snprintf(name, sizeof(name), "%.*s", (int)name_length, line);
    monitor_translate(name, ours, sizeof(ours));
    ours[strcspn(ours, " ")] = 0;
    row = monitor_find(ours);
    if (!row || !begun)
        return false;
    bool is_first = line + name_length + strspn(line + name_length, " \t") == begun + 1;
    if (!is_first && row->first == WORD_SNAPSHOT)
        return offer_snapshot(completion, begun + 1, word, size);
    switch (is_first ? (enum monitor_word)(row->first & ~WORD_MOVES) : WORD_PLACE) {
    case WORD_COMMAND:
        return offer_command(completion, begun + 1, word, size);
    case WORD_PLACE:
        return offer_symbol(completion, begun + 1, word, size);
    case WORD_CSR:
        return offer_csr(completion, begun + 1, word, size);
    case WORD_DEVICE:
        return offer_device(completion, begun + 1, word, size);
    case WORD_SNAPSHOT:
        return offer_snapshot_word(completion, begun + 1, word, size);
    case WORD_ANY:
    case WORD_FILE:
        break;
    }
    return false;
}
