/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What was sent: each revision of a series is a commit that holds the mails, with
 * the series' tip as its parent, at refs/headway/sent/<change-id>/v<N>.
 */
#ifndef HEADWAY_SENT_H
#define HEADWAY_SENT_H

#include "plan.h"

struct sent_patch {
	char *message_id;
	char *change;		/* "topic/change" */
};

struct sent {
	int revision;		/* 0: nothing was sent yet */
	char *name;		/* of the series, as it was then */
	char *change_id;
	char *base;
	git_oid record;		/* the commit that holds the mails */
	git_oid start, tip;
	char *message_id;	/* of the cover letter, or of the only patch */
	struct sent_patch *p;
	size_t n;
};

/* The last revision of @change_id that was sent; 0, or -1 after a message. */
int sent_last(git_repository *repo, const char *change_id, struct sent *out);
/* One revision of it: of revision 0 if it was not sent. */
int sent_read(git_repository *repo, const char *change_id, int revision,
	      struct sent *out);
void sent_free(struct sent *s);

/* The commit of the @k-th patch: what was sent ends at the tip. 0, or -1 after a message. */
int sent_commit(git_repository *repo, const struct sent *s, size_t k, git_oid *out);

/* The change-ids of which something was sent. 0, or -1 after a message. */
int sent_all(git_repository *repo, struct strlist *out);

/*
 * Record the mails in the folder @dir as revision @revision of @s. The caller
 * holds the repository's lock. 0, or -1 after a message.
 */
int sent_record(const struct plan *p, const struct outgoing *s, int revision,
		const char *dir);

/* Append the mails of @s to @out in the form of an mbox; 0, or -1. */
int sent_mbox(git_repository *repo, const struct sent *s, char **out, size_t *len);

/* The mails (files *.eml) in @dir, full paths, sorted by name. 0, or -1. */
int mails_in(const char *dir, struct strlist *out);

/*
 * A header of the mail @text, folded lines joined; the caller's to free, NULL if
 * there is none.
 */
char *mail_header(const char *text, const char *name);

#endif /* HEADWAY_SENT_H */
