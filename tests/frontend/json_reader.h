/* A reader of JSON for tests: is a text one value, and what does a member of it say? */
#ifndef TESTS_FRONTEND_JSON_READER_H
#define TESTS_FRONTEND_JSON_READER_H

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static inline const char *json_skip(const char *at)
{
    while (*at && isspace((unsigned char)*at))
        at++;
    return at;
}

static inline const char *json_text_end(const char *at)
{
    if (*at++ != '"')
        return NULL;
    for (; *at && *at != '"'; at++) {
        if ((unsigned char)*at < ' ')
            return NULL;
        if (*at == '\\' && !*++at)
            return NULL;
    }
    return *at ? at + 1 : NULL;
}

static inline const char *json_value_end(const char *at);

/* Members or elements, up to the bracket that closes. */
static inline const char *json_list_end(const char *at, bool is_object)
{
    char close = is_object ? '}' : ']';

    at = json_skip(at + 1);
    if (*at == close)
        return at + 1;
    while (at) {
        if (is_object) {
            at = json_text_end(at);
            if (!at || *(at = json_skip(at)) != ':')
                return NULL;
            at = json_skip(at + 1);
        }
        at = json_value_end(at);
        if (!at)
            return NULL;
        at = json_skip(at);
        if (*at == close)
            return at + 1;
        if (*at++ != ',')
            return NULL;
        at = json_skip(at);
    }
    return NULL;
}

/* What follows the value that begins here; NULL when none does. */
static inline const char *json_value_end(const char *at)
{
    if (*at == '{' || *at == '[')
        return json_list_end(at, *at == '{');
    if (*at == '"')
        return json_text_end(at);
    size_t length = strspn(at, "-+.0123456789eEtruefalsn");
    return length ? at + length : NULL;
}

static inline bool json_is_value(const char *text)
{
    const char *end = json_value_end(json_skip(text));

    return end && !*json_skip(end);
}

/* The text of the first member of this name at any depth, without its quotes; "" when there is
 * none. */
static inline const char *json_member(const char *text, const char *name, char *value, size_t size)
{
    char quoted[100];
    const char *found, *end;

    *value = 0;
    snprintf(quoted, sizeof(quoted), "\"%s\": ", name);
    found = strstr(text, quoted);
    if (!found)
        return value;
    found += strlen(quoted);
    end = json_value_end(found);
    if (end && *found == '"')
        snprintf(value, size, "%.*s", (int)(end - found - 2), found + 1);
    else if (end)
        snprintf(value, size, "%.*s", (int)(end - found), found);
    return value;
}

#endif
