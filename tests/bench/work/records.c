/* Strings and records in the manner of Dhrystone: structures copied whole, strings compared and
 * copied, an enumeration switched over, procedures with pointers to pointers, and hardly a loop.
 * Many calls and returns, many loads and stores through the stack. */
#include "work.h"

enum kind { BOOK, LETTER, MAP, PICTURE };

struct record {
    struct record *next;
    enum kind kind;
    int shelf, pages;
    char title[32];
};

enum { RECORDS = 16 };

static struct record shelf[RECORDS];
static struct record *newest;
static int table[40][40];
static int lent, moved;

static const char *const titles[4] = {
    "A HISTORY OF MACHINES, VOLUME 1",
    "A HISTORY OF MACHINES, VOLUME 2",
    "A HISTORY OF MEASURES, PART ONE",
    "LETTERS FROM A GLASS WORKSHOP",
};

__attribute__((noinline)) static int is_before(const char *one, const char *other)
{
    int order = strcmp(one, other);
    if (order > 0)
        lent++;
    return order < 0;
}

__attribute__((noinline)) static enum kind kind_after(enum kind kind)
{
    switch (kind) {
    case BOOK:
        return lent % 3 == 0 ? LETTER : MAP;
    case LETTER:
        return MAP;
    case MAP:
        return moved & 1 ? PICTURE : BOOK;
    case PICTURE:
        return BOOK;
    }
    return BOOK;
}

__attribute__((noinline)) static void number_pages(int *pages, int shelf_number, int step)
{
    int local = shelf_number + 10;
    do {
        local -= 3;
        *pages = local + step;
    } while (local > 8);
}

__attribute__((noinline)) static void table_note(int row, int value)
{
    table[row][row + 5] = value;
    for (int column = row; column <= row + 1; column++)
        table[row][column] = row;
    table[row][row - 1]++;
    table[row + 10][row] = table[row][row + 5];
    moved += 5;
}

__attribute__((noinline)) static void record_link(struct record **to, struct record *record)
{
    if (newest)
        *to = newest;
    number_pages(&record->pages, record->shelf, 12);
    newest = record;
}

__attribute__((noinline)) static void record_copy(struct record *from)
{
    struct record *next = from->next;
    struct record *behind = next->next;
    *next = *from;
    next->next = behind;
    next->shelf = (from->shelf + 1) & 63;
    next->pages = from->pages / (next->shelf + 1) * 7 % 1001;
    next->kind = kind_after(from->kind);
    record_link(&from->next, from);
    from->next = next;
}

static void shelf_fill(void)
{
    memset(shelf, 0, sizeof shelf);
    memset(table, 0, sizeof table);
    newest = NULL;
    lent = moved = 0;
    for (int i = 0; i < RECORDS; i++) {
        shelf[i].next = &shelf[(i + 1) % RECORDS];
        shelf[i].shelf = i;
        shelf[i].kind = (enum kind)(i % 4);
        strcpy(shelf[i].title, titles[i % 4]);
    }
}

void work_round(void)
{
    char text[32];
    uint32_t sum = 1;
    shelf_fill();
    for (int i = 0; i < 5000; i++) {
        struct record *record = &shelf[i % RECORDS];
        strcpy(text, titles[i % 4]);
        if (is_before(record->title, text))
            strcpy(record->title, text);
        record_copy(record);
        table_note(i % 20 + 1, i);
        if (i % 5 == 0)
            strcpy(record->next->title, titles[(i / 5) % 4]);
        sum = fold(sum, (uint32_t)(record->pages + record->shelf + (int)record->kind));
    }
    for (int i = 0; i < RECORDS; i++)
        sum = fold(sum, (uint32_t)shelf[i].title[strlen(shelf[i].title) - 1]);
    sum = fold(sum, (uint32_t)(lent + moved + table[15][10]));
    expect("the sum", sum, 0xe934aa50);
}
