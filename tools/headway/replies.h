/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading mails that answer what was sent, wherever they lie. */
#ifndef HEADWAY_REPLIES_H
#define HEADWAY_REPLIES_H

#include <stdbool.h>
#include <stddef.h>

#include "outbox.h"
#include "sent.h"
#include "strlist.h"

/* One mail that may be an answer. */
struct reply {
	char *message_id;
	struct strlist answers;	/* message-ids that it answers, the nearest first */
	char *name, *email;	/* who wrote it */
	bool is_patch;		/* it has a patch of its own */
	struct strlist tags;	/* "Reviewed-by: ..." and the like, not quoted */
};

struct replies {
	struct reply *r;
	size_t n;
};

/*
 * Read all mails in @source: an mbox, a maildir, a public-inbox (its folder, v2)
 * or the http address of one, which is asked for the threads of @sent (@n_sent of
 * them). Works in a folder of its own below build/series. Returns 0, or -1 after a
 * message; free @out with replies_free() in both cases.
 */
int replies_read(const struct outbox *ob, const char *source,
		 const struct sent *sent, size_t n_sent, struct replies *out);
void replies_free(struct replies *rs);

/* Read the mail in the file @path; 0, or -1 after a message. */
int reply_read(const char *path, const char *work, struct replies *out);

#endif /* HEADWAY_REPLIES_H */
