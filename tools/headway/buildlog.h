/* SPDX-License-Identifier: GPL-2.0-only */
/* Does every commit of a series compile? What scripts/bisect-topic.sh found. */
#ifndef HEADWAY_BUILDLOG_H
#define HEADWAY_BUILDLOG_H

#include "plan.h"

struct build_count {
	size_t wanted;		/* commits times architectures */
	size_t passed, failed;
	char *first;		/* the first that failed, in words; or NULL */
};

/* Look up what is known of the commits of @s. 0, or -1 after a message. */
int buildlog_count(const struct plan *p, const struct outgoing *s,
		   struct build_count *out);

/*
 * Compile the commits of @s that nothing is known of. What came out is looked up
 * with buildlog_count() afterwards. 0, or -1 after a message.
 */
int buildlog_build(const struct outgoing *s);

#endif /* HEADWAY_BUILDLOG_H */
