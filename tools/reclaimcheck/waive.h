/* SPDX-License-Identifier: GPL-2.0-only */
/* Waivers: findings that a maintainer has looked at and accepted. */
#ifndef RC_WAIVE_H
#define RC_WAIVE_H

#include "find.h"

struct waiver {
	const char *root, *edge, *reason, *until, *file;
	uint32_t line;
	bool assume, used;
};

struct waivers {
	RC_DECLARE_VEC(struct waiver) v;
};

/*
 * A line each: ROOT | CALLER -> CALLEE, or CALLER -> LOCK@HOLDER:CALLEE | REASON | EXPIRY.
 * ROOT may be "*". The edge is a finding's own, or that of its group. EXPIRY is
 * YYYY-MM-DD, the last day on which it holds.
 */
int waivers_read(struct waivers *w, const char *path);
/*
 * ROOT "assume": the call neither reclaims nor blocks, whoever makes it. It is cut
 * before the program is solved, so everything that follows from it goes too.
 */
void waivers_assume(struct waivers *w, struct prog *p);
/* -1 and messages if one is not used or has expired. */
int waivers_apply(struct waivers *w, const struct prog *p, struct findings *fs);
void waivers_free(struct waivers *w);

#endif /* RC_WAIVE_H */
