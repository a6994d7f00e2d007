/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checks: sentences about a base's source that hold or do not, by which a topic
 * proves that a change is upstream or not needed there.
 */
#ifndef HEADWAY_CHECK_H
#define HEADWAY_CHECK_H

#include <stddef.h>

#include <git2.h>

enum check_kind {
	CHECK_HAS,
	CHECK_LACKS,
	CHECK_ABSENT,
};

struct check {
	char *path;
	char *function;		/* NULL: the whole file */
	enum check_kind kind;
	char *regex;		/* NULL for CHECK_ABSENT */
	char *text;		/* as written */
};

struct checks {
	struct check *c;
	size_t n;
};

/*
 * Add the checks in @text, one a line; @file and @line are for messages.
 * Returns 0, or -1 after a message.
 */
int checks_parse(const char *file, int line, const char *text,
		 struct checks *out);
void checks_free(struct checks *cs);

/*
 * Evaluate @cs against @tree. Returns 0 if all hold, 1 with @why (the caller's
 * to free) naming the first that does not, -1 after a message.
 */
int checks_hold(git_repository *repo, git_tree *tree, const struct checks *cs,
		char **why);

#endif /* HEADWAY_CHECK_H */
