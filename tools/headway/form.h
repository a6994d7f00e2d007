/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The forms in which trees downstream take a patch. One file a tree knows its
 * rules (form-android.c, ...); Documentation/headway/downstream.rst says where
 * they come from.
 */
#ifndef HEADWAY_FORM_H
#define HEADWAY_FORM_H

#include <stdbool.h>

#include <git2.h>

#include "fork.h"
#include "trailer.h"
#include "who.h"

enum form {
	FORM_PLAIN,	/* git format-patch, as the topics have it */
	FORM_ANDROID,
	FORM_CHROMEOS,
	FORM_DEBIAN,
	FORM_COUNT,
};

/* The form called @name; 0, or -1 after a message that names them all. */
int form_parse(const char *name, enum form *out);
const char *form_name(enum form form);

/* What all patches of one export share. */
struct form_context {
	enum form form;
	const char *base;
	struct who who;		/* empty for FORM_PLAIN */
	const char *bug;	/* number of the tree's own tracker, or NULL */
	char *tested;		/* what the lab said; FORM_CHROMEOS */
};

/*
 * Can the changes of @f be written in this form? Says what is missing for each,
 * and how to give it. 0 or -1.
 */
int form_check(const struct form_context *fc, const struct fork *f);

/* The commit message of @cell, from @message, in this form; caller's to free. */
char *form_message(const struct form_context *fc, const struct cell *cell,
		   const char *message);

/* What @cell's own form of the patch changes of its origin, or NULL. */
const char *form_adapted(const struct form_context *fc, const struct cell *cell);

/*
 * "I" and 40 hex digits: a function of the topic's change-id and the change's
 * name, so that a new version of a change is one in Gerrit's eyes, too.
 */
char *form_change_id(const struct cell *cell);

/* The trees' own: add their lines to @t. For form_message() alone. */
void form_android(const struct form_context *fc, const struct cell *cell,
		  struct text *t);
void form_chromeos(const struct form_context *fc, const struct cell *cell,
		   struct text *t);

/* Put the tag before the subject, and say below where the change comes from. */
void form_tag(const struct form_context *fc, const struct cell *cell,
	      const char *own, struct text *t);

/* Signed-off-by of who exports, at the end. */
void form_sign(const struct form_context *fc, struct text *t);

/*
 * The patch of @commit (of @cell) with DEP-3 headers, for debian/patches; the
 * caller's to free, NULL after a message.
 */
char *form_debian(const struct form_context *fc, git_repository *repo,
		  const struct cell *cell, const git_oid *commit);

#endif /* HEADWAY_FORM_H */
