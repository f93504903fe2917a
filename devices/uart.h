/* A 16550A serial port, the guest's console (see uart.c). Its out[0] is its interrupt line. */
#ifndef DEVICES_UART_H
#define DEVICES_UART_H

#include "devices/device.h"

extern const struct device_type uart_type;

/* Is there room for one more typed byte? Not while the guest runs the port in loopback, where the
 * outside is cut off. */
bool uart_can_receive(const struct device *uart);
/* Has the guest read all that was typed? */
bool uart_is_empty(const struct device *uart);
/* Does the guest seem to wait for input? A byte that comes while a driver is still setting the port
 * up is lost, as on a real one; whoever can choose when to send asks here first. */
bool uart_is_listening(const struct device *uart);
/* One byte arrives on the line, now. Without room for it, it is lost and LSR.OE is set. The caller
 * asks tick() afterwards, for a new deadline. */
void uart_receive(struct device *uart, u8 byte);

#endif
