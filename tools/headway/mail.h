/* SPDX-License-Identifier: GPL-2.0-only */
/* Patch mails, as git format-patch writes them: reading and writing. */
#ifndef HEADWAY_MAIL_H
#define HEADWAY_MAIL_H

#include <stddef.h>

#include <git2.h>

struct mail {
	char *name;		/* author */
	char *email;
	git_time when;		/* of the Date: header */
	char *message;		/* subject, blank line, body; ends with '\n' */
	const char *diff;	/* within the text that was parsed */
	size_t diff_len;	/* 0: the mail has no diff */
};

/*
 * Parse @text (kept by the caller while @out lives) of @len bytes; @path is for
 * messages. Returns 0, or -1 after a message; free @out in both cases.
 */
int mail_parse(const char *path, const char *text, size_t len,
	       struct mail *out);
void mail_free(struct mail *m);

/*
 * Write @commit as a patch mail, with the difference @diff (which may leave
 * out files of ours). The caller's to free; NULL after a message.
 */
char *mail_write(git_commit *commit, git_diff *diff);

/*
 * The subject of a commit's message: its first paragraph in one line. The
 * caller's to free.
 */
char *message_subject(const char *message);

/* "Some subject: of a commit" -> "some-subject-of-a-commit"; caller's to free. */
char *mail_slug(const char *subject);

#endif /* HEADWAY_MAIL_H */
