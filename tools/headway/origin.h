/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a change comes from: what the trees downstream ask first. */
#ifndef HEADWAY_ORIGIN_H
#define HEADWAY_ORIGIN_H

enum origin_kind {
	ORIGIN_OWN,		/* never posted: what a change is if nothing is said */
	ORIGIN_UPSTREAM,	/* in Linus' tree */
	ORIGIN_GIT,		/* in a maintainer's tree */
	ORIGIN_LIST,		/* posted on a public list */
	ORIGIN_REFUSED,		/* posted, and refused */
};

struct origin {
	enum origin_kind kind;
	char *commit;		/* upstream, git: 40 hex digits */
	char *repository;	/* git */
	char *branch;		/* git */
	char *link;		/* list, refused: the posting */
	char *reason;		/* refused: why it is wanted all the same */
};

/*
 * Parse the value of an "Origin" field, which stands on line @line of @file.
 * Returns 0, or -1 after a message; origin_free() in both cases.
 */
int origin_parse(const char *file, int line, const char *value,
		 struct origin *out);
void origin_free(struct origin *o);

#endif /* HEADWAY_ORIGIN_H */
