/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The plan of what goes upstream: for each base, series of commits that one
 * MAINTAINERS entry owns, in an order in which each stands on those before it.
 */
#ifndef HEADWAY_PLAN_H
#define HEADWAY_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include <git2.h>

#include "fork.h"
#include "owner.h"
#include "strlist.h"
#include "topic.h"

/* A file that a commit touches. */
struct touched {
	char *path;
	size_t lines;		/* added and removed */
};

/* One commit of a series. */
struct piece {
	const struct cell *cell;
	struct touched *files;
	size_t n_files;
	char *added;		/* the lines that it adds, for a look at includes */
	const struct owner *owner;
	char *upstream;		/* the 40 digits of mainline's commit, or NULL */
	char *subject;
	git_oid made;		/* on the series' branch; zero until it is cut */
	git_oid parent;		/* of @made */
};

/* A series that has to be there before. */
struct need {
	size_t series;		/* its place in the plan */
	char *why;
};

struct outgoing {
	char *name;		/* "pm-devfreq", "6.1/icc" */
	const struct topic *topic;
	const struct fork *fork;
	bool stable;
	const char *part;	/* what its changes' field Part says, or NULL */
	unsigned int version;	/* of the kernel (kversion.h) */
	char *entry, *scm;	/* of MAINTAINERS; scm may be NULL */
	char *title, *cover;
	char *change_id;
	struct piece *p;
	size_t n;
	struct need *needs;
	size_t n_needs;
	char *refused;		/* why it cannot be cut out, or NULL */
	git_oid start, tip;
};

/* A change that a base carries and that is in no series, and why. */
struct left_out {
	const struct cell *cell;
	const char *base;
	char *why;
};

struct plan {
	git_repository *repo;
	const struct topics *topics;
	struct fork *forks;	/* one a base, the newest first */
	size_t n_forks;
	struct strlist bases;
	struct owners owners;
	char *scripts;		/* the newest base's (ktree.h) */
	struct outgoing *s;
	size_t n;
	struct left_out *left;
	size_t n_left;
	char *name, *email;	/* who sends; NULL: nobody yet */
};

/*
 * Work out what @topics have for upstream, on all bases of @repo, and cut it.
 * Writes objects into @repo. @name and @email become author and Signed-off-by;
 * NULL if nothing shall be sent. Returns 0, or -1 after a message; free @out with
 * plan_free() in both cases. A series that cannot be cut out is no error.
 */
int plan_make(git_repository *repo, const struct topics *topics,
	      struct resolutions *memory, const char *name, const char *email,
	      struct plan *out);
void plan_free(struct plan *p);

/* Is @s what the user named: its name, or its topic's? */
bool plan_named(const struct outgoing *s, const char *name);

/* What plan.c gives to the others, and they to it. */
/* Name the series, and give each its title, cover and change-id. */
int plan_name_all(struct plan *p);
/* Find out what needs what, and make the commits. */
int plan_cut_all(struct plan *p);
/* The files that @cell's commit touches, and the lines it adds. */
int piece_read(git_repository *repo, struct piece *p);
void piece_free(struct piece *p);
/* The message of @piece as it goes upstream in @s; the caller's to free. */
char *piece_message(const struct plan *p, const struct outgoing *s,
		    const struct piece *piece, const char *message);
/* Add a need; one for a series that is there already is left out. */
void plan_need(struct outgoing *s, size_t series, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/*
 * The series that @s stands on, and those that they stand on, each after its own:
 * @order has room for all series of the plan. Returns how many.
 */
size_t plan_below(const struct plan *p, const struct outgoing *s, size_t *order);

#endif /* HEADWAY_PLAN_H */
