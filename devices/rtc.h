/* The time of day, with an alarm (see rtc.c). Its out[0] is its interrupt line. */
#ifndef DEVICES_RTC_H
#define DEVICES_RTC_H

#include "devices/device.h"

#define RTC_FIXED_NS 1735689600000000000u /* 2025-01-01 00:00 UTC, when the host gives no time */

extern const struct device_type rtc_type;

#endif
