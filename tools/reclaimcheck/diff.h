/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RC_DIFF_H
#define RC_DIFF_H

#include "find.h"

struct key_line {
	const char *tier, *kind, *root, *edge;
};

struct keys {
	struct key_line *v;
	uint32_t n;
	size_t cap;
};

/* From a report that "report --porcelain" wrote, or from findings. */
int keys_read(struct keys *k, const char *path);
void keys_take(struct keys *k, const struct findings *fs);
/* Prints what was added and removed; returns how many high ones were added. */
uint32_t keys_diff(FILE *out, struct keys *old, struct keys *new);

#endif /* RC_DIFF_H */
