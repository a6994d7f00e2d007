/* SPDX-License-Identifier: GPL-2.0-only */
/* Printing the plan of what goes upstream. */
#ifndef HEADWAY_PLANPRINT_H
#define HEADWAY_PLANPRINT_H

#include "plan.h"

/* Whom a series goes to. */
struct recipients {
	struct strlist to, cc;
};

/* One series, for people, or as lines of tab-separated fields. */
void plan_print(const struct plan *p, const struct outgoing *s,
		const struct recipients *r, int revision);

/* The changes that no series has; one line for each reason. */
void plan_print_left(const struct plan *p);

#endif /* HEADWAY_PLANPRINT_H */
