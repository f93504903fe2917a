/* The receiving half of the 16550A: FIFO, trigger levels, character timeout. */
#include "devices/uart.h"

#include <string.h>

#include "tests/devices/chip.h"

enum { DATA = 0, IER = 1, IIR = 2, FCR = 2, LCR = 3, LSR = 5 };

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

START_TEST(without_fifo_one_byte_is_held_and_the_next_overwrites_it)
{
    struct chip chip;

    chip_init(&chip, &uart_type, 1);
    ck_assert(uart_can_receive(&chip.device));
    ck_assert(uart_is_empty(&chip.device));
    type_text(&chip, "a");
    ck_assert(!uart_can_receive(&chip.device));
    ck_assert(!uart_is_empty(&chip.device));
    type_text(&chip, "b");
    ck_assert_uint_eq(in(&chip, LSR), 0x63);
    ck_assert_uint_eq(in(&chip, LSR), 0x61);
    ck_assert_uint_eq(in(&chip, DATA), 'b');
    ck_assert_uint_eq(in(&chip, LSR), 0x60);
    chip_free(&chip);
}
END_TEST

START_TEST(a_full_fifo_keeps_its_sixteen_bytes_and_reports_overrun)
{
    struct chip chip;

    chip_init(&chip, &uart_type, 1);
    out(&chip, FCR, 0x01);
    type_text(&chip, "0123456789abcde");
    ck_assert(uart_can_receive(&chip.device));
    type_text(&chip, "f");
    ck_assert(!uart_can_receive(&chip.device));
    type_text(&chip, "X");
    ck_assert_uint_eq(in(&chip, LSR), 0x63);
    for (const char *want = "0123456789abcdef"; *want; want++)
        ck_assert_uint_eq(in(&chip, DATA), (u8)*want);
    ck_assert_uint_eq(in(&chip, LSR), 0x60);
    ck_assert_uint_eq(in(&chip, DATA), 0);
    chip_free(&chip);
}
END_TEST

START_TEST(data_interrupt_waits_for_the_trigger_level)
{
    static const unsigned levels[] = {1, 4, 8, 14};
    struct chip chip;

    chip_init(&chip, &uart_type, 1);
    out(&chip, IER, 0x01);
    ck_assert_uint_eq(in(&chip, DATA), 0);
    for (unsigned code = 0; code < 4; code++) {
        out(&chip, FCR, (u8)(code << 6 | 0x03));
        for (unsigned count = 1; count <= 16; count++) {
            type_text(&chip, "x");
            ck_assert_uint_eq(chip.level[0], count >= levels[code]);
            ck_assert_uint_eq(in(&chip, IIR), count >= levels[code] ? 0xc4 : 0xc1);
        }
        for (unsigned count = 16; count-- > 0;) {
            in(&chip, DATA);
            ck_assert_uint_eq(chip.level[0], count >= levels[code]);
        }
    }
    chip_free(&chip);
}
END_TEST

/* 115200 baud, 8N1: forty bits at 2 * 16 / 3686400 s are 3472 ticks. */
START_TEST(few_bytes_in_the_fifo_interrupt_after_four_character_times)
{
    struct chip chip;

    chip_init(&chip, &uart_type, 1);
    out(&chip, LCR, 0x83);
    out(&chip, DATA, 2);
    out(&chip, IER, 0);
    out(&chip, LCR, 0x03);
    out(&chip, FCR, 0x81);
    out(&chip, IER, 0x01);
    ck_assert_uint_eq(chip_at(&chip, 1000), CLOCK_NEVER);
    type_text(&chip, "ab");
    ck_assert_uint_eq(chip_at(&chip, 1000), 1000 + 3472);
    ck_assert_uint_eq(chip_at(&chip, 4471), 1000 + 3472);
    ck_assert(!chip.level[0]);
    ck_assert_uint_eq(chip_at(&chip, 4472), CLOCK_NEVER);
    ck_assert(chip.level[0]);
    ck_assert_uint_eq(in(&chip, IIR), 0xcc);
    ck_assert_uint_eq(in(&chip, IIR), 0xcc);

    clock_set(&chip.clock, 5000);
    ck_assert_uint_eq(in(&chip, DATA), 'a');
    ck_assert(!chip.level[0]);
    ck_assert_uint_eq(chip_at(&chip, 5000), 5000 + 3472);
    clock_set(&chip.clock, 6000);
    type_text(&chip, "c");
    ck_assert_uint_eq(chip_at(&chip, 6000), 6000 + 3472);
    ck_assert_uint_eq(in(&chip, DATA), 'b');
    ck_assert_uint_eq(in(&chip, DATA), 'c');
    ck_assert_uint_eq(chip_at(&chip, 6000), CLOCK_NEVER);
    chip_free(&chip);
}
END_TEST

START_TEST(character_timeout_follows_the_divisor_and_the_frame)
{
    struct chip chip;

    chip_init(&chip, &uart_type, 1);
    out(&chip, FCR, 0x81);
    out(&chip, LCR, 0x80); /* 5N1: seven bits */
    out(&chip, DATA, 48);
    type_text(&chip, "a");
    ck_assert_uint_eq(chip_at(&chip, 0), 4 * 7 * 16 * 48 * (u64)CLOCK_HZ / 3686400);
    out(&chip, LCR, 0x0f); /* 8, parity, two stop bits: twelve */
    ck_assert_uint_eq(chip_at(&chip, 0), 4 * 12 * 16 * 48 * (u64)CLOCK_HZ / 3686400);
    chip_free(&chip);
}
END_TEST

START_TEST(setting_mtime_back_does_not_lose_the_character_timeout)
{
    struct chip chip;
    u64 due;

    chip_init(&chip, &uart_type, 1);
    out(&chip, FCR, 0x81);
    out(&chip, IER, 0x01);
    clock_set(&chip.clock, 1000000000);
    type_text(&chip, "a");
    due = chip_at(&chip, 0);
    ck_assert_uint_lt(due, 1000000);
    chip_at(&chip, due);
    ck_assert(chip.level[0]);
    chip_free(&chip);
}
END_TEST

START_TEST(fcr_clears_the_receive_fifo)
{
    struct chip chip;

    chip_init(&chip, &uart_type, 1);
    out(&chip, FCR, 0x01);
    ck_assert_uint_eq(in(&chip, IIR), 0xc1);
    type_text(&chip, "abc");
    out(&chip, FCR, 0x05); /* clears the transmit FIFO only */
    ck_assert(!uart_is_empty(&chip.device));
    out(&chip, FCR, 0x03);
    ck_assert(uart_is_empty(&chip.device));
    ck_assert_uint_eq(in(&chip, LSR), 0x60);
    type_text(&chip, "abc");
    out(&chip, FCR, 0x00); /* switching the FIFOs clears them too */
    ck_assert(uart_is_empty(&chip.device));
    ck_assert_uint_eq(in(&chip, IIR), 0x01);
    chip_free(&chip);
}
END_TEST

START_TEST(fcr_bits_do_not_count_unless_fifos_are_enabled_in_the_same_write)
{
    struct chip chip;

    chip_init(&chip, &uart_type, 1);
    type_text(&chip, "a");
    out(&chip, FCR, 0xc2);
    ck_assert(!uart_is_empty(&chip.device));
    out(&chip, IER, 0x01);
    ck_assert_uint_eq(in(&chip, IIR), 0x04);
    chip_free(&chip);
}
END_TEST

START_TEST(a_driver_listens_once_its_data_interrupt_has_been_on_for_100_us)
{
    struct chip chip;

    chip_init(&chip, &uart_type, 1);
    ck_assert(!uart_is_listening(&chip.device));
    out(&chip, IER, 0x0f); /* a driver probing */
    ck_assert_uint_eq(chip_at(&chip, 5), 1000);
    out(&chip, IER, 0x00);
    chip_at(&chip, 2000);
    ck_assert(!uart_is_listening(&chip.device));
    out(&chip, IER, 0x05);
    ck_assert_uint_eq(chip_at(&chip, 2999), 3000);
    ck_assert(!uart_is_listening(&chip.device));
    chip_at(&chip, 3000);
    ck_assert(uart_is_listening(&chip.device));
    chip_free(&chip);
}
END_TEST

START_TEST(a_guest_listens_when_it_polls_without_printing)
{
    struct chip chip;

    chip_init(&chip, &uart_type, 1);
    for (unsigned i = 0; i < 100; i++) { /* printing polls, too */
        in(&chip, LSR);
        out(&chip, DATA, 'x');
    }
    ck_assert(!uart_is_listening(&chip.device));
    for (unsigned i = 0; i < 16; i++)
        in(&chip, LSR);
    ck_assert(uart_is_listening(&chip.device));
    type_text(&chip, "a");
    in(&chip, DATA);
    ck_assert(!uart_is_listening(&chip.device));
    chip_free(&chip);
}
END_TEST

START_TEST(a_fifo_that_no_uart_has_is_not_put_back)
{
    struct chip chip;

    chip_init(&chip, &uart_type, 1);
    out(&chip, FCR, 1);
    type_text(&chip, "sixteen bytes...");
    ck_assert(uart_type.accepts(&chip.device, chip.device.state, NULL));
    memset(chip.device.state, 0xff, uart_type.state_size);
    ck_assert(!uart_type.accepts(&chip.device, chip.device.state, NULL));
    chip_free(&chip);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {without_fifo_one_byte_is_held_and_the_next_overwrites_it,
                                  a_full_fifo_keeps_its_sixteen_bytes_and_reports_overrun,
                                  data_interrupt_waits_for_the_trigger_level,
                                  few_bytes_in_the_fifo_interrupt_after_four_character_times,
                                  character_timeout_follows_the_divisor_and_the_frame,
                                  setting_mtime_back_does_not_lose_the_character_timeout,
                                  fcr_clears_the_receive_fifo,
                                  fcr_bits_do_not_count_unless_fifos_are_enabled_in_the_same_write,
                                  a_driver_listens_once_its_data_interrupt_has_been_on_for_100_us,
                                  a_guest_listens_when_it_polls_without_printing,
                                  a_fifo_that_no_uart_has_is_not_put_back};

    return chip_run("uart_receive", tests, sizeof tests / sizeof tests[0]);
}
