/* Writes JSON (RFC 8259) as it goes: no tree is built. Numbers of 64 bits are written as strings of
 * hexadecimal digits, "0x...", for most readers of JSON keep numbers as floating point. */
#ifndef FRONTEND_JSON_H
#define FRONTEND_JSON_H

#include <stdio.h>

#include "memory/types.h"

struct json {
    FILE *out;
    bool follows; /* a comma comes before the next value */
};

/* name is the member's within an object, and NULL within an array and at the top. */
void json_object(struct json *json, const char *name);
void json_array(struct json *json, const char *name);
void json_end_object(struct json *json);
void json_end_array(struct json *json);
/* Bytes that are no UTF-8 text are written as the characters of Latin-1. */
void json_text(struct json *json, const char *name, const char *text);
void json_hex(struct json *json, const char *name, u64 value);
/* For counts: below 2^53 every reader gets them exactly. */
void json_number(struct json *json, const char *name, u64 value);
void json_truth(struct json *json, const char *name, bool value);
void json_null(struct json *json, const char *name);

#endif
