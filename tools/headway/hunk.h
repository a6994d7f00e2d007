/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hunks and the text that they apply to. No git in here: lines in, lines out.
 */
#ifndef HEADWAY_HUNK_H
#define HEADWAY_HUNK_H

#include <stdbool.h>
#include <stddef.h>

/* One line with its '\n' (the last of a file may have none); borrowed. */
struct line {
	const char *p;
	size_t n;
};

struct hunk {
	char *header;		/* "@@ -1,7 +1,8 @@ context" */
	size_t old_start;	/* counted from 1; 0 for an empty side */
	size_t new_start;
	struct line *pre, *post;
	size_t n_pre, n_post;
	size_t trail;		/* context lines after the last change */
	char *ops;		/* ' ', '-', '+' for each line, in their order */
	size_t n_ops;
};

/* A text cut into lines. */
struct image {
	struct line *l;
	bool *patched;		/* written by an earlier hunk of this patch */
	size_t n;
};

void image_init(struct image *im, const char *text, size_t len);
void image_free(struct image *im);
/* The whole text, the caller's to free. */
char *image_text(const struct image *im, size_t *len);

/*
 * Apply @h (the other way round with @reverse) with all of its context, at the
 * place nearest to the one that it names, as git apply does. Returns true and
 * the distance from that place in lines as @offset, or false with @im as it was.
 */
bool hunk_apply(struct image *im, const struct hunk *h, bool reverse,
		long *offset);

/*
 * Say where @h nearly fits: the lines that it expects at the place where most
 * of them are found, beside what is there. The caller's to free.
 */
char *hunk_explain(const struct image *im, const struct hunk *h, bool reverse);

#endif /* HEADWAY_HUNK_H */
