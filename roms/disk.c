/* The driver of disk.h. Look at how differently the two versions are told where the queue is: the
 * old one gets a page number, from which all three parts follow; the new one three addresses. */
#include "disk.h"

enum {
    MAGIC = 0x000,
    VERSION = 0x004,
    DEVICE_ID = 0x008,
    FEATURES = 0x020,
    FEATURES_SEL = 0x024,
    PAGE_SIZE_ = 0x028, /* version 1 */
    QUEUE_SEL = 0x030,
    QUEUE_MOST = 0x034,
    QUEUE_SIZE = 0x038,
    QUEUE_ALIGN = 0x03c, /* version 1 */
    QUEUE_PAGE = 0x040,  /* version 1 */
    QUEUE_READY = 0x044, /* version 2, and the addresses */
    NOTIFY = 0x050,
    INTERRUPT = 0x060,
    ACKNOWLEDGE = 0x064,
    STATUS = 0x070,
    TABLE_LOW = 0x080,
    AVAILABLE_LOW = 0x090,
    USED_LOW = 0x0a0,
    CAPACITY = 0x100,
};

enum { SEEN = 1, DRIVER = 2, DRIVER_OK = 4, FEATURES_OK = 8 };
enum { NEXT = 1, DEVICE_WRITES = 2 };
enum { ENTRIES = 8, PAGE = 4096 };

struct descriptor {
    uint64_t address;
    uint32_t size;
    uint16_t flags, next;
};

/* As version 1 wants it: what the device writes begins on a page of its own. */
static volatile struct {
    struct descriptor table[ENTRIES];
    struct {
        uint16_t flags, index, heads[ENTRIES], event;
    } available;
    _Alignas(PAGE) struct {
        uint16_t flags, index;
        struct {
            uint32_t head, length;
        } entries[ENTRIES];
    } used;
} queue __attribute__((aligned(PAGE)));

static volatile struct {
    uint32_t kind, reserved;
    uint64_t sector;
} header;
static volatile uint8_t status;
static uint16_t asked;

static volatile uint32_t *slot(word offset)
{
    return mmio32(DISK_SLOT + offset);
}

static void start_queue_1(void)
{
    *slot(PAGE_SIZE_) = PAGE;
    *slot(QUEUE_SIZE) = ENTRIES;
    *slot(QUEUE_ALIGN) = PAGE;
    *slot(QUEUE_PAGE) = (uint32_t)((word)&queue / PAGE);
}

static void tell_address(word low, volatile void *what)
{
    *slot(low) = (uint32_t)(word)what;
    *slot(low + 4) = (uint32_t)((uint64_t)(word)what >> 32);
}

static void start_queue_2(void)
{
    *slot(QUEUE_SIZE) = ENTRIES;
    tell_address(TABLE_LOW, queue.table);
    tell_address(AVAILABLE_LOW, &queue.available);
    tell_address(USED_LOW, &queue.used);
    *slot(QUEUE_READY) = 1;
}

int disk_start(void)
{
    uint32_t version = *slot(VERSION);

    if (*slot(MAGIC) != 0x74726976 || *slot(DEVICE_ID) != 2)
        return 0;
    *slot(STATUS) = 0;
    *slot(STATUS) = SEEN;
    *slot(STATUS) = SEEN | DRIVER;
    *slot(FEATURES_SEL) = 0;
    *slot(FEATURES) = 0;
    if (version == 2) {
        *slot(FEATURES_SEL) = 1;
        *slot(FEATURES) = 1; /* VERSION_1 */
        *slot(STATUS) = SEEN | DRIVER | FEATURES_OK;
    }
    *slot(QUEUE_SEL) = 0;
    if (*slot(QUEUE_MOST) < ENTRIES)
        return 0;
    if (version == 2)
        start_queue_2();
    else
        start_queue_1();
    *slot(STATUS) = SEEN | DRIVER | DRIVER_OK | (version == 2 ? FEATURES_OK : 0);
    return (int)version;
}

word disk_size(void)
{
    return *slot(CAPACITY);
}

void disk_request(int direction, word sector, volatile void *buffer)
{
    uint16_t writes = direction == DISK_READ ? DEVICE_WRITES : 0;

    header.kind = (uint32_t)direction;
    header.sector = sector;
    status = 0xff;
    queue.table[0] = (struct descriptor){(word)&header, sizeof header, NEXT, 1};
    queue.table[1] = (struct descriptor){(word)buffer, SECTOR, (uint16_t)(NEXT | writes), 2};
    queue.table[2] = (struct descriptor){(word)&status, 1, DEVICE_WRITES, 0};
    queue.available.heads[asked % ENTRIES] = 0;
    __sync_synchronize();
    queue.available.index = ++asked;
    __sync_synchronize();
    *slot(NOTIFY) = 0;
}

int disk_has_answered(void)
{
    return queue.used.index == asked;
}

int disk_status(void)
{
    return status;
}

void disk_acknowledge(void)
{
    *slot(ACKNOWLEDGE) = *slot(INTERRUPT);
}

static volatile char first[SECTOR], second[SECTOR];

static void print_line(volatile char *line)
{
    for (int i = 0; i < SECTOR && line[i] && line[i] != '\n'; i++)
        console_put(line[i]);
    console_put('\n');
}

int disk_tour(void (*wait)(void))
{
    disk_request(DISK_READ, 0, first);
    wait();
    if (disk_status())
        return 1;
    print_text("sector 0: ");
    print_line(first);
    for (int i = 0; i < SECTOR; i++)
        if (first[i] >= 'a' && first[i] <= 'z')
            first[i] = (char)(first[i] - 'a' + 'A');
    disk_request(DISK_WRITE, 1, first);
    wait();
    if (disk_status())
        return 2;
    disk_request(DISK_READ, 1, second);
    wait();
    print_text("sector 1: ");
    print_line(second);
    disk_request(DISK_READ, disk_size(), second); /* the first that is not there */
    wait();
    print_text("behind the end: status ");
    print_decimal((word)disk_status());
    print_text("\n");
    return 0;
}
