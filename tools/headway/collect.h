/* SPDX-License-Identifier: GPL-2.0-only */
/* Which tags of which answers belong to which patch of which topic. */
#ifndef HEADWAY_COLLECT_H
#define HEADWAY_COLLECT_H

#include "fork.h"
#include "replies.h"
#include "sent.h"
#include "topic.h"

/* One tag for one patch file. */
struct gift {
	char *path;		/* of the patch file; NULL: the change is gone */
	const char *change;	/* "topic/change"; borrowed */
	const char *tag;	/* borrowed from the replies */
	const struct reply *reply;
	const struct sent *sent;
	char *refused;		/* why it is not taken, or NULL */
};

struct gifts {
	struct gift *g;
	size_t n;
};

struct collector {
	git_repository *repo;
	const struct topics *topics;
	struct resolutions *memory;
	const struct sent *sent;
	size_t n_sent;
	struct fork *forks;	/* made as they are needed */
	size_t n_forks;
	bool sloppy;		/* take tags that another person than named sent */
};

/* Sort the tags of @rs. 0, or -1 after a message; free both with collect_free(). */
int collect(struct collector *c, const struct replies *rs, struct gifts *out);
void collect_free(struct collector *c, struct gifts *gs);

/* The text of a patch file with @tag at the end of its message; frees @text. */
char *patch_add_tag(char *text, const char *tag);

#endif /* HEADWAY_COLLECT_H */
