/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The topics folder as data. This is the one module that knows the format of
 * topics/order and topics/<topic>/topic; Documentation/headway/topics.rst
 * describes it.
 */
#ifndef HEADWAY_TOPIC_H
#define HEADWAY_TOPIC_H

#include <stdbool.h>
#include <stddef.h>

#include "check.h"
#include "proof.h"
#include "origin.h"
#include "stable.h"
#include "strlist.h"

enum cell_state {
	CELL_CARRIED,
	CELL_UPSTREAM,
	CELL_NOT_NEEDED,
	CELL_FAILS,
};

/* "carried", "upstream", "not-needed", "fails" */
const char *cell_state_name(enum cell_state s);

/* What the topic file says of one change on one base. */
struct claim {
	char *base;
	enum cell_state state;
	char *why;		/* commit or reason; "" for carried */
	struct checks checks;
	char *adapted;		/* what its own form changes of the origin; or NULL */
};

/* How the absence of one change shows. */
struct proof_field {
	char *base;		/* NULL: on every base that has none of its own */
	struct proofs proofs;
	int line;
};

struct change {
	char *name;
	int series;		/* number in the list of changes, 0 if none */
	char *patch;		/* file name, NULL if no base carries it */
	struct strlist files;	/* kernel files of ours that come with it */
	struct strlist kunit;	/* KUnit suites that come with it */
	struct strlist users;	/* changes that do not compile without it */
	char *part;		/* of the topic's series for mainline, or NULL */
	struct origin origin;
	struct stable_words stable;
	struct claim *claims;
	size_t n_claims;
	struct proof_field *proofs;
	size_t n_proofs;
	int line;		/* in the topic file */
};

struct topic {
	char *name;
	char *dir;		/* <top>/topics/<name> */
	char *title;
	char *change_id;
	char *cover;
	struct strlist depends;
	struct change *changes;
	size_t n_changes;
};

struct topics {
	char *top;		/* the checkout that holds topics/ */
	struct topic *t;	/* in the order of topics/order */
	size_t n;
};

/*
 * Read all topics below @top. @out is the caller's to free with topics_free(),
 * also after an error. Returns 0, or -1 after a message naming file and line.
 */
int topics_read(const char *top, struct topics *out);
void topics_free(struct topics *ts);

struct topic *topics_find(const struct topics *ts, const char *name);
struct change *topic_find(const struct topic *t, const char *name);

/* What @c claims for @base; NULL means carried, without checks. */
const struct claim *change_claim(const struct change *c, const char *base);

/* How the absence of @c shows on @base; NULL if the topic does not say. */
const struct proofs *change_proofs(const struct change *c, const char *base);

/*
 * The patch file of @c for @base: the base's own form if there is one, else the
 * common one. The caller's to free; NULL if there is neither. @own, if not
 * NULL, tells which.
 */
char *change_patch_path(const struct topic *t, const struct change *c,
			const char *base, bool *own);

/* The same for one of our kernel files: the base's own form, else <top>/@file. */
char *change_file_path(const struct topics *ts, const struct topic *t,
		       const char *base, const char *file);

#endif /* HEADWAY_TOPIC_H */
