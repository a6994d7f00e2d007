// SPDX-License-Identifier: GPL-2.0-only
/* The table of rules, and running them. */
#include <stdlib.h>
#include <string.h>

#include "headway.h"
#include "lintrules.h"
#include "xalloc.h"

#define PLAIN		(1u << FORM_PLAIN)
#define ANDROID		(1u << FORM_ANDROID)
#define CHROMEOS	(1u << FORM_CHROMEOS)
#define DEBIAN		(1u << FORM_DEBIAN)
#define TAGGED		(ANDROID | CHROMEOS)
#define MAIL		(PLAIN | TAGGED)

const struct lint_rule lint_rules[] = {
	{ "mail-form", MAIL, "a mail as git format-patch makes it" },
	{ "mail-body", MAIL, "the message says why, not only what" },
	{ "series-file", PLAIN | DEBIAN, "the series file names each patch once, and no other" },
	{ "series-number", MAIL, "patches are numbered through from 0001" },
	{ "plain-lines", PLAIN, "no line or tag of a tree downstream" },
	{ "tag-known", TAGGED, "the subject begins with a tag of that tree" },
	{ "tag-origin", TAGGED, "a tag and the lines about the origin say the same" },
	{ "pick-commit", TAGGED, "what is in git has (cherry picked from commit <40 hex>)" },
	{ "pick-git", TAGGED, "FROMGIT names repository and branch, never linux-next" },
	{ "backport-note", TAGGED, "BACKPORT says after that line what was changed" },
	{ "sign-last", TAGGED, "the submitter's Signed-off-by is the last line" },
	{ "sign-author", TAGGED, "the author has signed off" },
	{ "sign-real", TAGGED, "author and sign-offs are addresses of people" },
	{ "change-id", TAGGED, "exactly one Change-Id: I<40 hex>" },
	{ "change-id-once", TAGGED, "no two patches have the same Change-Id" },
	{ "android-why", ANDROID, "ANDROID: has Bug: for a feature, Fixes: for a fix" },
	{ "android-list", ANDROID, "FROMLIST: has Bug:, and Link: to the posting" },
	{ "android-foreign", ANDROID, "no BUG= or TEST= line" },
	{ "chromeos-bug", CHROMEOS, "a BUG= line" },
	{ "chromeos-test", CHROMEOS, "a TEST= line that says something" },
	{ "chromeos-list", CHROMEOS, "FROMLIST: has (am from <link>)" },
	{ "chromeos-refused", CHROMEOS, "CHROMIUM: FROMLIST: says why to diverge" },
	{ "chromeos-order", CHROMEOS, "BUG= and TEST= stand before Change-Id and the sign-off" },
	{ "dep3-description", DEBIAN, "Description or Subject, not empty" },
	{ "dep3-author", DEBIAN, "Author or From, unless Origin says it" },
	{ "dep3-origin", DEBIAN, "Origin: upstream, backport, vendor or other, and where from" },
	{ "dep3-forwarded", DEBIAN, "Forwarded: no, not-needed, yes or a link" },
	{ "dep3-date", DEBIAN, "Last-Update: YYYY-MM-DD, a day that exists" },
	{ "dep3-bug", DEBIAN, "Bug-Debian: a link to bugs.debian.org" },
	{ "dep3-patch", DEBIAN, "a difference for patch -p1 follows" },
	{ 0 }
};

static const char *const tags[TAG_COUNT] = {
	[TAG_UPSTREAM] = "UPSTREAM: ",
	[TAG_BACKPORT] = "BACKPORT: ",
	[TAG_FROMGIT] = "FROMGIT: ",
	[TAG_FROMLIST] = "FROMLIST: ",
	[TAG_ANDROID] = "ANDROID: ",
	[TAG_CHROMIUM] = "CHROMIUM: ",
};

size_t lint_line(const struct lint_patch *p, const char *text)
{
	size_t i;

	for (i = 0; i < p->lines.n; i++)
		if (!strncmp(p->lines.v[i], text, strlen(text)))
			break;
	return i;
}

const char *lint_value(const struct lint_patch *p, const char *name)
{
	size_t i;

	for (i = 0; i < p->lines.n; i++)
		if (trailer_is(p->lines.v[i], name)) {
			const char *v = p->lines.v[i] + strlen(name) + 1;

			return v + strspn(v, " ");
		}
	return NULL;
}

bool lint_hex(const char *s, size_t n, const char *ends)
{
	return strspn(s, "0123456789abcdef") == n && strchr(ends, s[n]);
}

static void take_subject(struct lint_patch *p, const char *subject)
{
	size_t i, n;

	for (i = 0; i < TAG_COUNT; i++) {
		n = strlen(tags[i]);
		if (strncmp(subject, tags[i], n))
			continue;
		p->tags |= 1u << i;
		p->n_tags++;
		subject += n;
		i = -1;
	}
	p->subject = subject;
}

/* 0, or 1 if this is no patch mail. */
static int take_patch(const struct lint_file *f, struct lint_patch *p)
{
	const char *line;
	size_t n;

	memset(p, 0, sizeof(*p));
	p->file = f;
	if (mail_parse(f->name, f->text, f->len, &p->mail))
		return 1;
	line = p->mail.message;
	for (; *line; line += n + (line[n] == '\n')) {
		char *one;

		n = strcspn(line, "\n");
		one = xstrndup(line, n);
		strlist_add(&p->lines, one);
		free(one);
	}
	take_subject(p, p->lines.v[0]);
	p->picked = lint_line(p, "(cherry picked from commit ");
	return 0;
}

static void free_patch(struct lint_patch *p)
{
	mail_free(&p->mail);
	strlist_free(&p->lines);
}

static void run_patch(enum form form, const struct lint_file *f,
		      struct lint_findings *out)
{
	struct lint_patch p;

	if (form == FORM_DEBIAN) {
		lint_debian(f, out);
		return;
	}
	if (take_patch(f, &p)) {
		lint_say(out, "mail-form", f->name, "not a patch mail, see the error above");
	} else {
		lint_mail(form, &p, out);
		if (form != FORM_PLAIN)
			lint_tagged(form, &p, out);
		if (form == FORM_ANDROID)
			lint_android(&p, out);
		if (form == FORM_CHROMEOS)
			lint_chromeos(&p, out);
	}
	free_patch(&p);
}

void lint_run(enum form form, const struct lint_set *s,
	      struct lint_findings *out)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (lint_is_patch(&s->f[i]))
			run_patch(form, &s->f[i], out);
	lint_series(form, s, out);
}
