/* The fields of a control register, with their values and meanings (cpu/csr_fields.def). */
#include "cpu/csr_fields.h"
#include "frontend/view_explain.h"

#include <inttypes.h>
#include <string.h>

/* What a field means that is a number of others: which trap. */
static const char *more_words(const struct csr_field *field, unsigned xlen, u64 value,
                              char text[64])
{
    u64 code = csr_field_value(field, value);

    if (strcmp(field->name, "Exception Code"))
        return "";
    snprintf(text, 64, ": %s",
             value >> (xlen - 1) & 1 ? view_interrupt(code) : view_exception(code));
    return text;
}

void view_fields(struct view *view, unsigned number, u64 value)
{
    unsigned count, xlen = view_hart(view)->xlen;
    const struct csr_field *fields = csr_fields(&count);

    /* From the upper end down. */
    for (unsigned bit = xlen; bit-- > 0;) {
        for (unsigned i = 0; i < count; i++) {
            const struct csr_field *field = &fields[i];
            char bits[16], more[64];
            if (field->high != bit || !csr_field_is_of(field, number, xlen))
                continue;
            if (field->high == field->low)
                snprintf(bits, sizeof bits, "%u", field->high);
            else
                snprintf(bits, sizeof bits, "%u..%u", field->high, field->low);
            fprintf(view->out, "  %-7s %-15s %#10" PRIx64 "  %s%s\n", bits, field->name,
                    csr_field_value(field, value), field->meaning,
                    more_words(field, xlen, value, more));
        }
    }
}

void view_fields_json(struct json *json, unsigned number, unsigned xlen, u64 value)
{
    unsigned count;
    const struct csr_field *fields = csr_fields(&count);

    bool any = false;

    for (unsigned i = 0; i < count; i++) {
        if (!csr_field_is_of(&fields[i], number, xlen))
            continue;
        if (!any)
            json_object(json, "fields");
        any = true;
        json_hex(json, fields[i].name, csr_field_value(&fields[i], value));
    }
    if (any)
        json_end_object(json);
}
