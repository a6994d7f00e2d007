/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fields Stable and Stable-<base> of a change: is it for the stable kernels, by
 * the rules of Documentation/process/stable-kernel-rules.rst?
 */
#ifndef HEADWAY_STABLE_H
#define HEADWAY_STABLE_H

#include <stddef.h>

#include "paragraph.h"

enum stable_kind {
	STABLE_UNSAID,		/* the topic has no word about it */
	STABLE_YES,		/* it fixes what bothers people */
	STABLE_EQUIVALENT,	/* so it does, and mainline has done it in another way */
	STABLE_NO,
};

struct stable_word {
	char *base;		/* NULL: for every base that has none of its own */
	enum stable_kind kind;
	char *why;		/* "" with STABLE_YES */
};

struct stable_words {
	struct stable_word *w;
	size_t n;
};

/* Add what the field @f of @file says to @s. 0, or -1 after a message. */
int stable_parse(const char *file, const struct field *f, struct stable_words *s);
void stable_free(struct stable_words *s);

/* What is said for @base, whose own word wins over the common one. Never NULL. */
const struct stable_word *stable_on(const struct stable_words *s, const char *base);

#endif /* HEADWAY_STABLE_H */
