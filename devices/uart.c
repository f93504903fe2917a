/* A 16550A serial port, after the PC16550D data sheet: 16-byte receive FIFO with trigger levels and
 * character timeout, interrupt priorities, loopback, modem status.
 *
 * A transmitted byte leaves at once, so the transmitter is always empty and the THRE interrupt
 * follows every write. Left out: parity, framing and break (the line is perfect), DMA mode, and the
 * PC's habit of gating the interrupt with MCR.OUT2 (on this board the line goes straight to the
 * PLIC). Offsets 8 and up, where the region is larger than the chip, read 0. */
#include "devices/uart.h"

#include <assert.h>

#define UART_CLOCK_HZ 3686400u /* what the device tree says; a bit lasts 16 * divisor of these */
#define FIFO_SIZE     16

/* Offsets. 0 and 1 are the divisor while LCR.DLAB is set. */
enum { DATA = 0, IER = 1, IIR_FCR = 2, LCR = 3, MCR = 4, LSR = 5, MSR = 6, SCR = 7 };

/* When the guest counts as listening: its data interrupt is on for 100 us (drivers switch it on for
 * a moment while they probe), or it polls LSR this often without printing. */
#define LISTENING_TICKS 1000u
#define LISTENING_POLLS 16u

enum { IER_DATA = 1, IER_THRE = 2, IER_LINE = 4, IER_MODEM = 8, IER_ALL = 15 };
enum {
    CAUSE_MODEM = 0x0,
    CAUSE_NONE = 0x1,
    CAUSE_THRE = 0x2,
    CAUSE_DATA = 0x4,
    CAUSE_LINE = 0x6,
    CAUSE_TIMEOUT = 0xc,
    IIR_FIFOS = 0xc0,
};
enum { FCR_ENABLE = 0x01, FCR_CLEAR_RECEIVE = 0x02, FCR_TRIGGER = 0xc0 };
enum { LCR_WORD = 0x03, LCR_STOP = 0x04, LCR_PARITY = 0x08, LCR_DLAB = 0x80 };
enum { MCR_DTR = 1, MCR_RTS = 2, MCR_OUT1 = 4, MCR_OUT2 = 8, MCR_LOOP = 16, MCR_ALL = 31 };
enum { LSR_DR = 0x01, LSR_OE = 0x02, LSR_THRE = 0x20, LSR_TEMT = 0x40 };
/* The low half of MSR says what changed since it was last read: bit n for bit n + 4. */
enum { MSR_CTS = 0x10, MSR_DSR = 0x20, MSR_RI = 0x40, MSR_DCD = 0x80, MSR_LINES = 0xf0 };

static const u8 trigger_levels[] = {1, 4, 8, 14};

struct uart_state {
    u64 active_at;       /* tick of the last byte received or read, where the timeout begins */
    u64 listening_since; /* tick at which the data interrupt was last enabled */
    u16 divisor;
    u8 ier, fcr, lcr, mcr, msr, scr;
    u8 overrun;    /* LSR.OE */
    u8 drained;    /* a THRE interrupt is due */
    u8 timed_out;  /* a character timeout interrupt is due */
    u8 idle_polls; /* reads of LSR in a row that found nothing, and nothing was written */
    u8 head, count;
    u8 fifo[FIFO_SIZE];
};

static bool has_fifo(const struct uart_state *uart)
{
    return uart->fcr & FCR_ENABLE;
}

static unsigned capacity(const struct uart_state *uart)
{
    return has_fifo(uart) ? FIFO_SIZE : 1;
}

static unsigned trigger(const struct uart_state *uart)
{
    return has_fifo(uart) ? trigger_levels[uart->fcr >> 6] : 1;
}

/* The time of four characters, in clock ticks. A divisor of 0 counts as 1. */
static u64 timeout_ticks(const struct uart_state *uart)
{
    u64 bits = 1 + 5 + (uart->lcr & LCR_WORD) + (uart->lcr & LCR_PARITY ? 1 : 0) +
               (uart->lcr & LCR_STOP ? 2 : 1);
    u64 divisor = uart->divisor ? uart->divisor : 1;

    return 4 * bits * 16 * divisor * CLOCK_HZ / UART_CLOCK_HZ;
}

/* The most urgent interrupt that is enabled, as IIR shows it. */
static u8 cause(const struct uart_state *uart)
{
    if ((uart->ier & IER_LINE) && uart->overrun)
        return CAUSE_LINE;
    if ((uart->ier & IER_DATA) && uart->count >= trigger(uart))
        return CAUSE_DATA;
    if ((uart->ier & IER_DATA) && uart->timed_out)
        return CAUSE_TIMEOUT;
    if ((uart->ier & IER_THRE) && uart->drained)
        return CAUSE_THRE;
    if ((uart->ier & IER_MODEM) && (uart->msr & (u8)~MSR_LINES))
        return CAUSE_MODEM;
    return CAUSE_NONE;
}

static void update_line(const struct device *device)
{
    wire_set(&device->out[0], cause(device->state) != CAUSE_NONE);
}

/* A byte reaches the receiver, from outside or through loopback. */
static void accept(struct device *device, u8 byte)
{
    struct uart_state *uart = device->state;

    if (uart->count == capacity(uart)) {
        uart->overrun = 1;
        /* A full FIFO keeps what it has; the single register is overwritten. */
        if (!has_fifo(uart))
            uart->fifo[uart->head] = byte;
    } else {
        uart->fifo[(uart->head + uart->count) % FIFO_SIZE] = byte;
        uart->count++;
    }
    uart->timed_out = 0;
    uart->active_at = clock_ticks(device->clock);
}

static u8 take(struct device *device)
{
    struct uart_state *uart = device->state;
    u8 byte;

    if (uart->count == 0)
        return 0;
    byte = uart->fifo[uart->head];
    uart->head = (uart->head + 1) % FIFO_SIZE;
    uart->count--;
    uart->idle_polls = 0;
    uart->timed_out = 0;
    uart->active_at = clock_ticks(device->clock);
    return byte;
}

static void transmit(struct device *device, u8 byte)
{
    struct uart_state *uart = device->state;
    const struct host_console *console = &device->host->console;

    uart->idle_polls = 0;
    if (uart->mcr & MCR_LOOP)
        accept(device, byte);
    else if (console->write)
        console->write(console->context, byte);
    uart->drained = 1;
}

static void set_ier(struct device *device, u8 value)
{
    struct uart_state *uart = device->state;

    if ((value & IER_DATA) && !(uart->ier & IER_DATA))
        uart->listening_since = clock_ticks(device->clock);
    /* Enabling the interrupt while the transmitter is empty raises it: drivers start with that. */
    if ((value & IER_THRE) && !(uart->ier & IER_THRE))
        uart->drained = 1;
    uart->ier = value & IER_ALL;
}

static void set_fcr(struct uart_state *uart, u8 value)
{
    bool switched = (value ^ uart->fcr) & FCR_ENABLE;

    /* The other bits count only in a write that has the FIFOs enabled. */
    if (switched || ((value & FCR_ENABLE) && (value & FCR_CLEAR_RECEIVE))) {
        uart->head = 0;
        uart->count = 0;
        uart->timed_out = 0;
    }
    uart->fcr = value & FCR_ENABLE ? value & (FCR_ENABLE | FCR_TRIGGER) : 0;
}

/* The modem's four lines. Outside of loopback a modem is always there, and nobody rings. */
static u8 modem_lines(const struct uart_state *uart)
{
    if (!(uart->mcr & MCR_LOOP))
        return MSR_DCD | MSR_DSR | MSR_CTS;
    return (uart->mcr & MCR_RTS ? MSR_CTS : 0) | (uart->mcr & MCR_DTR ? MSR_DSR : 0) |
           (uart->mcr & MCR_OUT1 ? MSR_RI : 0) | (uart->mcr & MCR_OUT2 ? MSR_DCD : 0);
}

static void set_mcr(struct uart_state *uart, u8 value)
{
    u8 before = uart->msr & MSR_LINES, lines, changed;

    uart->mcr = value & MCR_ALL;
    lines = modem_lines(uart);
    changed = before ^ lines;
    /* Of the ring indicator only the trailing edge is noted. */
    if (lines & MSR_RI)
        changed &= (u8)~MSR_RI;
    uart->msr = lines | (uart->msr & (u8)~MSR_LINES) | (changed >> 4);
}

static u8 take_iir(struct uart_state *uart)
{
    u8 now = cause(uart);

    if (now == CAUSE_THRE)
        uart->drained = 0;
    return now | (has_fifo(uart) ? IIR_FIFOS : 0);
}

static u8 take_lsr(struct uart_state *uart)
{
    u8 value = LSR_THRE | LSR_TEMT | (uart->count ? LSR_DR : 0) | (uart->overrun ? LSR_OE : 0);

    uart->overrun = 0;
    if (uart->count == 0 && uart->idle_polls < LISTENING_POLLS)
        uart->idle_polls++;
    return value;
}

static u8 take_msr(struct uart_state *uart)
{
    u8 value = uart->msr;

    uart->msr &= MSR_LINES;
    return value;
}

static u8 read_register(struct device *device, u64 offset)
{
    struct uart_state *uart = device->state;

    switch (offset) {
    case DATA:
        return uart->lcr & LCR_DLAB ? uart->divisor & 0xff : take(device);
    case IER:
        return uart->lcr & LCR_DLAB ? uart->divisor >> 8 : uart->ier;
    case IIR_FCR:
        return take_iir(uart);
    case LCR:
        return uart->lcr;
    case MCR:
        return uart->mcr;
    case LSR:
        return take_lsr(uart);
    case MSR:
        return take_msr(uart);
    case SCR:
        return uart->scr;
    }
    return 0;
}

static u64 read(struct device *device, u64 offset, unsigned size)
{
    u8 value = read_register(device, offset);

    (void)size;
    update_line(device);
    return value;
}

static void write_divisor(struct uart_state *uart, u64 offset, u8 value)
{
    if (offset == DATA)
        uart->divisor = (uart->divisor & 0xff00) | value;
    else
        uart->divisor = (u16)((uart->divisor & 0x00ff) | value << 8);
}

static void write(struct device *device, u64 offset, unsigned size, u64 value)
{
    struct uart_state *uart = device->state;
    u8 byte = (u8)value;

    (void)size;
    if (offset <= IER && (uart->lcr & LCR_DLAB)) {
        write_divisor(uart, offset, byte);
        return;
    }
    switch (offset) {
    case DATA:
        transmit(device, byte);
        break;
    case IER:
        set_ier(device, byte);
        break;
    case IIR_FCR:
        set_fcr(uart, byte);
        break;
    case LCR:
        uart->lcr = byte;
        break;
    case MCR:
        set_mcr(uart, byte);
        break;
    case SCR:
        uart->scr = byte;
        break;
    }
    update_line(device);
}

/* The character timeout: bytes wait in the FIFO, fewer than the trigger level perhaps, and for four
 * character times none has come or gone. */
static u64 tick(struct device *device, u64 now)
{
    struct uart_state *uart = device->state;
    u64 wait = timeout_ticks(uart), listening_at = uart->listening_since + LISTENING_TICKS;

    /* Somebody may have input to offer once we listen, and everybody may be asleep then. */
    if (uart->count == 0 && (uart->ier & IER_DATA) && now < listening_at)
        return listening_at;
    if (!has_fifo(uart) || uart->count == 0 || uart->timed_out)
        return CLOCK_NEVER;
    /* The guest has set mtime back: start over, rather than wait for the old time to return. */
    if (now < uart->active_at)
        uart->active_at = now;
    if (now - uart->active_at < wait)
        return wait <= CLOCK_NEVER - uart->active_at ? uart->active_at + wait : CLOCK_NEVER;
    uart->timed_out = 1;
    update_line(device);
    return CLOCK_NEVER;
}

static void reset(struct device *device)
{
    struct uart_state *uart = device->state;

    assert(device->out_count >= 1);
    uart->divisor = 12;
    uart->msr = modem_lines(uart);
    update_line(device);
}

bool uart_can_receive(const struct device *device)
{
    const struct uart_state *uart = device->state;

    return uart->count < capacity(uart) && !(uart->mcr & MCR_LOOP);
}

bool uart_is_empty(const struct device *device)
{
    const struct uart_state *uart = device->state;

    return uart->count == 0;
}

bool uart_is_listening(const struct device *device)
{
    const struct uart_state *uart = device->state;
    u64 now = clock_ticks(device->clock);

    if (uart->idle_polls == LISTENING_POLLS)
        return true;
    return (uart->ier & IER_DATA) && now >= uart->listening_since &&
           now - uart->listening_since >= LISTENING_TICKS;
}

void uart_receive(struct device *device, u8 byte)
{
    const struct uart_state *uart = device->state;

    if (uart->mcr & MCR_LOOP)
        return;
    accept(device, byte);
    update_line(device);
}

static const struct reg_info regs[] = {
    {"RBR", DATA, 1, REG_R, "receive buffer: the oldest byte that arrived"},
    {"THR", DATA, 1, REG_W, "transmit holding: a byte to send; it leaves at once"},
    {"DLL", DATA, 1, REG_RW, "divisor, low byte (while LCR.DLAB is set)"},
    {"IER", IER, 1, REG_RW, "interrupt enable: 0 data, 1 THR empty, 2 line status, 3 modem"},
    {"DLM", IER, 1, REG_RW, "divisor, high byte (while LCR.DLAB is set)"},
    {"IIR", IIR_FCR, 1, REG_R,
     "interrupt cause: 1 none, 6 line, 4 data, 12 timeout, 2 THR empty, 0 modem; 7:6 FIFOs on"},
    {"FCR", IIR_FCR, 1, REG_W,
     "FIFO control: 0 enable, 1 clear receive, 2 clear transmit, 7:6 trigger at 1, 4, 8, 14"},
    {"LCR", LCR, 1, REG_RW, "line control: 1:0 word length, 2 stop, 3 parity, 6 break, 7 DLAB"},
    {"MCR", MCR, 1, REG_RW, "modem control: 0 DTR, 1 RTS, 2 OUT1, 3 OUT2 (no effect), 4 loopback"},
    {"LSR", LSR, 1, REG_R, "line status: 0 data ready, 1 overrun, 5 THR empty, 6 all sent"},
    {"MSR", MSR, 1, REG_R, "modem status: 3:0 changed, 4 CTS, 5 DSR, 6 RI, 7 DCD"},
    {"SCR", SCR, 1, REG_RW, "scratch: keeps a byte, means nothing"},
    {NULL, 0, 0, 0, NULL},
};

static bool accepts(const struct device *device, const void *state, const void *bulk)
{
    const struct uart_state *uart = state;

    (void)device, (void)bulk;
    return uart->head < FIFO_SIZE && uart->count <= FIFO_SIZE;
}
const struct device_type uart_type = {
    .name = "uart",
    .compatible = "ns16550a",
    .regs = regs,
    .state_size = sizeof(struct uart_state),
    .widths = 1,
    .reset = reset,
    .read = read,
    .write = write,
    .tick = tick,
    .accepts = accepts,
};
