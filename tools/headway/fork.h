/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fork of one base: its topic branches and its integration branch, made
 * from the base and the topics alone. Objects are written, no ref is moved.
 */
#ifndef HEADWAY_FORK_H
#define HEADWAY_FORK_H

#include <stdbool.h>
#include <stddef.h>

#include <git2.h>

#include "conflict.h"
#include "merge.h"
#include "patch.h"
#include "topic.h"

/* One change on one base. */
struct cell {
	const struct topic *topic;
	const struct change *change;
	enum cell_state state;
	git_oid commit;		/* carried: its commit; else zero */
	bool dropped;		/* left out with another that it stands on */
	bool own;		/* carried by a form of the base's own */
	bool varied;		/* carried by the form of the variant */
	long offset;		/* carried: farthest that a hunk was moved */
	char *form;		/* carried: the patch file that was applied */
	char *why;		/* upstream, not-needed, fails: in words */
	struct strlist notes;	/* carried: what was passed over to make it fit */
};

/* One topic on one base. */
struct branch {
	const struct topic *topic;
	bool ok;
	git_oid start;		/* the commit that the branch grows from */
	git_oid tip;
	struct cell *cells;	/* one a change of the topic */
	size_t n_cells;
	struct conflicts conflicts; /* met while it was merged */
};

struct fork {
	const char *base;
	git_oid base_commit;
	struct branch *branches; /* one a topic, in their order */
	size_t n_branches;
	git_oid integration;
	bool integrated;	/* every topic that builds is in it */
	size_t n_fails;		/* cells that fail */
};

struct fork_options {
	const char *without;	/* "topic/change" to leave out, or NULL */
	bool drop;		/* ... and what does not apply then, or compile */
	struct resolutions *memory;
	/*
	 * For trees that are not ours: start from this commit (of any tree)
	 * instead of the base's; one topic after the other in one line; a
	 * change that fails is left out, the rest goes on; the forms of other
	 * bases are tried after the base's own.
	 */
	const git_oid *onto;
	bool linear;
	const struct strlist *forms;
	/*
	 * Take a patch or a file of ours in the form topics/TOPIC/BASE-VARIANT/
	 * where there is one; NULL: there are none of them.
	 */
	const char *variant;
	struct adapt *adapt;	/* how far patches may be made to fit, or NULL */
};

/*
 * Build the fork of @base. @out is the caller's to free with fork_free(), also
 * after an error; it borrows @ts and @base. Returns 0 when it ran (look at
 * n_fails and integrated), -1 after a message.
 */
int fork_build(git_repository *repo, const struct topics *ts, const char *base,
	       const struct fork_options *opts, struct fork *out);
void fork_free(struct fork *f);

/*
 * -1 after a message for each resolution that the merges of @f did not meet. One
 * in which something fails does not tell: not all of its merges were tried.
 */
int fork_check_memory(const struct fork *f, const struct resolutions *memory);

/* The base's commit; 0, or -1 after a message that says how to import it. */
int fork_base_commit(git_repository *repo, const char *base, git_oid *out);

/* What became of @c on top of @tree, as text for people; caller's to free. */
char *reject_text(const struct reject *why);

#endif /* HEADWAY_FORK_H */
