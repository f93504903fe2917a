/* Views of a Linux kernel itself (loader/guest_linux.h). */
#ifndef FRONTEND_VIEW_LINUX_H
#define FRONTEND_VIEW_LINUX_H

#include "frontend/view.h"

#define VIEW_LOG_MOST 1000
/* The last messages of its log: so many, at most VIEW_LOG_MOST. */
void view_log(struct view *view, unsigned count);
/* "sh (task 63)", or nothing when it is not known. Returns text. */
#define VIEW_TASK 48
const char *view_task(const struct view *view, char text[VIEW_TASK]);

#endif
