/* SPDX-License-Identifier: GPL-2.0-only */
/* Commit messages: subject, body, and the trailers at its end. */
#ifndef HEADWAY_TRAILER_H
#define HEADWAY_TRAILER_H

#include <stdbool.h>
#include <stddef.h>

#include "strlist.h"

struct text {
	char *subject;		/* in one line */
	char *body;		/* without the trailers; "" or ends with '\n' */
	struct strlist trailers; /* "Fixes: ...", "(cherry picked from ...)" */
};

/*
 * Take @message apart. The last paragraph is trailers if each of its lines is one
 * that the kernel knows, or a bracket as in "(cherry picked from". The subject
 * never is.
 */
void text_split(const char *message, struct text *out);
/* Put it together again; the caller's to free. */
char *text_join(const struct text *t);
void text_free(struct text *t);

/* Does @line begin with @name and a colon, whatever the case? */
bool trailer_is(const char *line, const char *name);
/* The value of the first trailer @name, or NULL; borrowed. */
const char *text_trailer(const struct text *t, const char *name);
/* Are two trailers the same but for capitals and blanks? */
bool trailer_same(const char *a, const char *b);
/* Add a trailer unless the same is there. */
void text_add(struct text *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Add @line to the trailers of @message. Frees it; the result is the caller's. */
char *message_add_trailer(char *message, const char *line);
/* Put the paragraph @text before the body of @message; frees as above. */
char *message_prepend(char *message, const char *text);

#endif /* HEADWAY_TRAILER_H */
