/* SPDX-License-Identifier: GPL-2.0-only */
/* The cover letter of a series, as b4 takes it from a branch's description. */
#ifndef HEADWAY_COVER_H
#define HEADWAY_COVER_H

#include "gate.h"
#include "plan.h"
#include "planprint.h"
#include "sent.h"

/*
 * Subject, body, what was proven, what changed since @last (of revision 0: nothing
 * was sent), To: and Cc:. The caller's to free; NULL after a message.
 */
char *cover_text(const struct plan *p, const struct outgoing *s,
		 const struct gates *gs, const struct recipients *r,
		 const struct sent *last);

/*
 * b4's template for what stands around it: statistics, the right base-commit,
 * change-id, the patches that must be there before. As above.
 */
char *cover_template(const struct plan *p, const struct outgoing *s);

/*
 * What changed since @last, for people: one line a patch, then git range-diff.
 * Only @summary if @full is NULL. 0, or -1 after a message.
 */
int cover_changes(const struct outgoing *s, const struct sent *last,
		  char **summary, char **full);

#endif /* HEADWAY_COVER_H */
