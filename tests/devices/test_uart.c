/* The 16550A as a driver sees it, register by register. */
#include "devices/uart.h"

#include "tests/devices/chip.h"

#include <string.h>

enum { DATA = 0, IER = 1, IIR = 2, FCR = 2, LCR = 3, MCR = 4, LSR = 5, MSR = 6, SCR = 7 };

struct screen {
    char text[64];
    unsigned count;
};

static void print(void *context, u8 byte)
{
    struct screen *screen = context;

    if (screen->count < sizeof screen->text)
        screen->text[screen->count++] = (char)byte;
}

static u8 in(struct chip *chip, u64 offset)
{
    return (u8)chip_read(chip, offset, 1);
}

static void out(struct chip *chip, u64 offset, u8 value)
{
    chip_write(chip, offset, 1, value);
}

static void type_text(struct chip *chip, const char *text)
{
    for (; *text; text++)
        uart_receive(&chip->device, (u8)*text);
}

START_TEST(written_bytes_reach_the_console)
{
    struct screen screen = {.count = 0};
    struct chip chip;

    chip_init(&chip, &uart_type, 1);
    chip.host.console.context = &screen;
    chip.host.console.write = print;
    out(&chip, DATA, 'h');
    out(&chip, DATA, 'i');
    ck_assert_uint_eq(screen.count, 2);
    ck_assert_int_eq(memcmp(screen.text, "hi", 2), 0);
    ck_assert_uint_eq(in(&chip, LSR), 0x60);
    chip_free(&chip);
}
END_TEST

START_TEST(registers_hold_their_values_after_reset)
{
    struct chip chip;

    chip_init(&chip, &uart_type, 1);
    ck_assert_uint_eq(in(&chip, IER), 0);
    ck_assert_uint_eq(in(&chip, IIR), 0x01);
    ck_assert_uint_eq(in(&chip, LCR), 0);
    ck_assert_uint_eq(in(&chip, MCR), 0);
    ck_assert_uint_eq(in(&chip, LSR), 0x60);
    ck_assert_uint_eq(in(&chip, MSR), 0xb0);
    ck_assert_uint_eq(in(&chip, SCR), 0);
    ck_assert_uint_eq(in(&chip, 8), 0);
    ck_assert_uint_eq(in(&chip, 0xff), 0);
    chip_free(&chip);
}
END_TEST

START_TEST(reserved_bits_of_ier_and_mcr_read_zero)
{
    struct chip chip;

    chip_init(&chip, &uart_type, 1);
    out(&chip, IER, 0xff);
    out(&chip, MCR, 0xff);
    out(&chip, SCR, 0xa5);
    ck_assert_uint_eq(in(&chip, IER), 0x0f);
    ck_assert_uint_eq(in(&chip, MCR), 0x1f);
    ck_assert_uint_eq(in(&chip, SCR), 0xa5);
    chip_free(&chip);
}
END_TEST

START_TEST(dlab_shows_the_divisor_instead_of_data_and_ier)
{
    struct screen screen = {.count = 0};
    struct chip chip;

    chip_init(&chip, &uart_type, 1);
    chip.host.console.context = &screen;
    chip.host.console.write = print;
    out(&chip, IER, 0x01);
    uart_receive(&chip.device, 'x');
    out(&chip, LCR, 0x83);
    out(&chip, DATA, 0x34);
    out(&chip, IER, 0x12);
    ck_assert_uint_eq(in(&chip, DATA), 0x34);
    ck_assert_uint_eq(in(&chip, IER), 0x12);
    out(&chip, LCR, 0x03);
    ck_assert_uint_eq(in(&chip, IER), 0x01);
    ck_assert_uint_eq(in(&chip, DATA), 'x');
    ck_assert_uint_eq(screen.count, 0);
    chip_free(&chip);
}
END_TEST

START_TEST(line_status_interrupt_goes_away_when_lsr_is_read)
{
    struct chip chip;

    chip_init(&chip, &uart_type, 1);
    out(&chip, IER, 0x04);
    type_text(&chip, "ab");
    ck_assert(chip.level[0]);
    ck_assert_uint_eq(in(&chip, IIR), 0x06);
    in(&chip, LSR);
    ck_assert(!chip.level[0]);
    ck_assert_uint_eq(in(&chip, IIR), 0x01);
    chip_free(&chip);
}
END_TEST

START_TEST(enabling_etbei_raises_thre_and_reading_iir_clears_it)
{
    struct chip chip;

    chip_init(&chip, &uart_type, 1);
    out(&chip, IER, 0x02);
    ck_assert(chip.level[0]);
    ck_assert_uint_eq(in(&chip, IIR), 0x02);
    ck_assert(!chip.level[0]);
    ck_assert_uint_eq(in(&chip, IIR), 0x01);
    out(&chip, IER, 0x02);
    ck_assert(!chip.level[0]);
    out(&chip, IER, 0x00);
    out(&chip, IER, 0x02);
    ck_assert(chip.level[0]);
    chip_free(&chip);
}
END_TEST

START_TEST(every_sent_byte_raises_thre_again)
{
    struct chip chip;

    chip_init(&chip, &uart_type, 1);
    out(&chip, IER, 0x02);
    in(&chip, IIR);
    out(&chip, DATA, 'x');
    ck_assert(chip.level[0]);
    in(&chip, LSR);
    ck_assert(chip.level[0]);
    ck_assert_uint_eq(in(&chip, IIR), 0x02);
    ck_assert(!chip.level[0]);
    chip_free(&chip);
}
END_TEST

START_TEST(iir_shows_causes_in_order_of_priority)
{
    struct chip chip;

    chip_init(&chip, &uart_type, 1);
    out(&chip, MCR, 0x10); /* CTS, DSR and DCD fall: a modem status change */
    out(&chip, MCR, 0x00);
    out(&chip, IER, 0x0f);
    type_text(&chip, "ab"); /* overrun */
    ck_assert_uint_eq(in(&chip, IIR), 0x06);
    in(&chip, LSR);
    ck_assert_uint_eq(in(&chip, IIR), 0x04);
    in(&chip, DATA);
    ck_assert_uint_eq(in(&chip, IIR), 0x02);
    ck_assert_uint_eq(in(&chip, IIR), 0x00);
    ck_assert(chip.level[0]);
    in(&chip, MSR);
    ck_assert_uint_eq(in(&chip, IIR), 0x01);
    ck_assert(!chip.level[0]);
    chip_free(&chip);
}
END_TEST

START_TEST(reading_iir_keeps_thre_while_something_more_urgent_shows)
{
    struct chip chip;

    chip_init(&chip, &uart_type, 1);
    out(&chip, IER, 0x03);
    type_text(&chip, "a");
    ck_assert_uint_eq(in(&chip, IIR), 0x04);
    in(&chip, DATA);
    ck_assert_uint_eq(in(&chip, IIR), 0x02);
    chip_free(&chip);
}
END_TEST

START_TEST(loopback_returns_sent_bytes_and_cuts_off_the_outside)
{
    struct screen screen = {.count = 0};
    struct chip chip;

    chip_init(&chip, &uart_type, 1);
    chip.host.console.context = &screen;
    chip.host.console.write = print;
    out(&chip, FCR, 0x01);
    out(&chip, MCR, 0x10);
    out(&chip, DATA, 'q');
    ck_assert(!uart_can_receive(&chip.device));
    uart_receive(&chip.device, 'z');
    ck_assert_uint_eq(in(&chip, LSR), 0x61);
    ck_assert_uint_eq(in(&chip, DATA), 'q');
    ck_assert_uint_eq(in(&chip, LSR), 0x60);
    ck_assert_uint_eq(screen.count, 0);
    chip_free(&chip);
}
END_TEST

START_TEST(loopback_connects_modem_control_to_modem_status)
{
    struct chip chip;

    chip_init(&chip, &uart_type, 1);
    out(&chip, MCR, 0x1a); /* RTS and OUT2: what Linux looks for */
    ck_assert_uint_eq(in(&chip, MSR), 0x92);
    ck_assert_uint_eq(in(&chip, MSR), 0x90);
    out(&chip, MCR, 0x15); /* DTR and OUT1 */
    ck_assert_uint_eq(in(&chip, MSR), 0x6b);
    out(&chip, MCR, 0x11); /* OUT1 falls: the trailing edge of RI */
    ck_assert_uint_eq(in(&chip, MSR), 0x24);
    out(&chip, MCR, 0x00);
    ck_assert_uint_eq(in(&chip, MSR), 0xb9);
    chip_free(&chip);
}
END_TEST

START_TEST(out2_does_not_gate_the_interrupt)
{
    struct chip chip;

    chip_init(&chip, &uart_type, 1);
    out(&chip, IER, 0x01);
    type_text(&chip, "a");
    ck_assert(chip.level[0]);
    out(&chip, MCR, 0x08);
    ck_assert(chip.level[0]);
    chip_free(&chip);
}
END_TEST

START_TEST(reset_lowers_the_line_and_forgets_what_was_typed)
{
    struct chip chip;

    chip_init(&chip, &uart_type, 1);
    out(&chip, IER, 0x01);
    type_text(&chip, "a");
    ck_assert(chip.level[0]);
    chip_reset(&chip);
    ck_assert(!chip.level[0]);
    ck_assert(uart_is_empty(&chip.device));
    chip_free(&chip);
}
END_TEST

static void type_something(struct chip *chip)
{
    bool room = uart_can_receive(&chip->device);

    uart_receive(&chip->device, (u8)chip_random(chip));
    if (room)
        ck_assert(!uart_is_empty(&chip->device));
}

START_TEST(random_accesses_do_no_harm)
{
    struct chip chip;

    chip_init(&chip, &uart_type, 1);
    chip_touch_registers(&chip, 0x100);
    chip_reset(&chip);
    chip_storm(&chip, 0x100, type_something);
    chip_free(&chip);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {written_bytes_reach_the_console,
                                  registers_hold_their_values_after_reset,
                                  reserved_bits_of_ier_and_mcr_read_zero,
                                  dlab_shows_the_divisor_instead_of_data_and_ier,
                                  line_status_interrupt_goes_away_when_lsr_is_read,
                                  enabling_etbei_raises_thre_and_reading_iir_clears_it,
                                  every_sent_byte_raises_thre_again,
                                  iir_shows_causes_in_order_of_priority,
                                  reading_iir_keeps_thre_while_something_more_urgent_shows,
                                  loopback_returns_sent_bytes_and_cuts_off_the_outside,
                                  loopback_connects_modem_control_to_modem_status,
                                  out2_does_not_gate_the_interrupt,
                                  reset_lowers_the_line_and_forgets_what_was_typed,
                                  random_accesses_do_no_harm};

    return chip_run("uart", tests, sizeof tests / sizeof tests[0]);
}
