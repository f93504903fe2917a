/* `explain`: what a word, an address or a name is. */
#ifndef FRONTEND_VIEW_EXPLAIN_H
#define FRONTEND_VIEW_EXPLAIN_H

#include "frontend/view.h"

/* A number is explained as an instruction and as an address, as far as it can be either; a name as
 * a control register, an instruction, an extension, or a symbol. Refuses what is none of them. */
void view_explain(struct view *view, const char *what);
/* view_fields.c: the fields of a control register and what they hold; nothing for one that has
 * none.
 */
void view_fields(struct view *view, unsigned number, u64 value);
void view_fields_json(struct json *json, unsigned number, unsigned xlen, u64 value);

#endif
