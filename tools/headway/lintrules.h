/* SPDX-License-Identifier: GPL-2.0-only */
/* What the rules share. For lint*.c alone. */
#ifndef HEADWAY_LINTRULES_H
#define HEADWAY_LINTRULES_H

#include "lint.h"
#include "mail.h"

/* One patch mail, taken apart once for all rules. */
struct lint_patch {
	const struct lint_file *file;
	struct mail mail;
	struct strlist lines;	/* of the message, without the subject */
	const char *subject;	/* without its tags */
	unsigned int tags;	/* 1 << TAG_... */
	size_t n_tags;
	size_t picked;		/* line of "(cherry picked from", or lines.n */
};

enum lint_tag {
	TAG_UPSTREAM,
	TAG_BACKPORT,
	TAG_FROMGIT,
	TAG_FROMLIST,
	TAG_ANDROID,
	TAG_CHROMIUM,
	TAG_COUNT,
};

#define TAG(t)	(1u << TAG_##t)

/* Report against rule @id, which is in the table. */
void lint_say(struct lint_findings *out, const char *id, const char *file,
	      const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The index of the first line that begins with @text, or lines.n. */
size_t lint_line(const struct lint_patch *p, const char *text);
/* The trailer @name's value, or NULL. */
const char *lint_value(const struct lint_patch *p, const char *name);

/* Is @s exactly @n hex digits, up to one of @ends? */
bool lint_hex(const char *s, size_t n, const char *ends);

void lint_mail(enum form form, const struct lint_patch *p,
	       struct lint_findings *out);
void lint_tagged(enum form form, const struct lint_patch *p,
		 struct lint_findings *out);
void lint_android(const struct lint_patch *p, struct lint_findings *out);
void lint_chromeos(const struct lint_patch *p, struct lint_findings *out);
void lint_debian(const struct lint_file *f, struct lint_findings *out);
/* The whole set: series file, names, Change-Ids. */
void lint_series(enum form form, const struct lint_set *s,
		 struct lint_findings *out);

#endif /* HEADWAY_LINTRULES_H */
