// SPDX-License-Identifier: GPL-2.0-only
/* Rules for patch mails: of any tree, and of those that tag their subjects. */
#define _GNU_SOURCE
#include <string.h>

#include "commit.h"
#include "lintrules.h"

static const char *name_of(const struct lint_patch *p)
{
	return p->file->name;
}

/* Lines that only trees downstream have. */
static const char *const downstream[] = { "BUG=", "TEST=", "Change-Id: ", "Bug: ",
					  "(cherry picked from commit ",
					  "(am from " };

static void check_plain(const struct lint_patch *p, struct lint_findings *out)
{
	size_t i, line;

	for (i = 0; i < sizeof(downstream) / sizeof(*downstream); i++) {
		line = lint_line(p, downstream[i]);
		if (line < p->lines.n)
			lint_say(out, "plain-lines", name_of(p), "\"%s\" may not go upstream",
				 p->lines.v[line]);
	}
	if (p->tags)
		lint_say(out, "plain-lines", name_of(p), "\"%s\" has a tag",
			 p->lines.v[0]);
}

/* A message of trailers alone gives no reason. */
static bool has_body(const struct lint_patch *p)
{
	struct text t;
	bool body;

	text_split(p->mail.message, &t);
	body = t.body[strspn(t.body, " \t\n")];
	if (!strncmp(t.body, "BUG=", 4) || !strncmp(t.body, "TEST=", 5))
		body = false;
	text_free(&t);
	return body;
}

void lint_mail(enum form form, const struct lint_patch *p,
	       struct lint_findings *out)
{
	if (!p->mail.diff_len)
		lint_say(out, "mail-form", name_of(p), "there is no difference in it");
	if (!has_body(p))
		lint_say(out, "mail-body", name_of(p), "nothing but a subject and trailers");
	if (form == FORM_PLAIN)
		check_plain(p, out);
}

static bool tags_fit(enum form form, const struct lint_patch *p)
{
	const unsigned int other = form == FORM_ANDROID ? TAG(CHROMIUM) :
							  TAG(ANDROID);
	const unsigned int own = form == FORM_ANDROID ? TAG(ANDROID) :
							TAG(CHROMIUM);

	if (!p->tags || p->tags & other)
		return false;
	switch (p->n_tags) {
	case 1:
		return true;
	case 2:
		return p->tags == (TAG(BACKPORT) | TAG(FROMGIT)) ||
		       p->tags == (TAG(BACKPORT) | TAG(FROMLIST)) ||
		       (form == FORM_CHROMEOS &&
			p->tags == (own | TAG(FROMLIST)));
	default:
		return false;
	}
}

/* "<40 hex>)" for Linus' tree, "<40 hex> repository branch)" for another. */
static void check_pick(const struct lint_patch *p, struct lint_findings *out)
{
	const char *line = p->lines.v[p->picked];
	const char *id = line + strlen("(cherry picked from commit ");
	size_t n = strlen(line);

	if (!lint_hex(id, 40, " )") || line[n - 1] != ')') {
		lint_say(out, "pick-commit", name_of(p), "\"%s\": expected 40 hex digits",
			 line);
	} else if (p->tags & TAG(FROMGIT)) {
		if (id[40] != ' ' || !strchr(id + 41, ' '))
			lint_say(out, "pick-git", name_of(p), "\"%s\": no repository and branch",
				 line);
		else if (strstr(id, "linux-next"))
			lint_say(out, "pick-git", name_of(p), "linux-next is no maintainer's tree");
	} else if (id[40] != ')') {
		lint_say(out, "tag-origin", name_of(p), "\"%s\" is of a maintainer's tree: FROMGIT",
			 line);
	}
}

static void check_origin(enum form form, const struct lint_patch *p,
			 struct lint_findings *out)
{
	const bool listed = p->tags & TAG(FROMLIST);
	const bool wants = p->tags & (TAG(UPSTREAM) | TAG(FROMGIT)) ||
			   p->tags == TAG(BACKPORT);

	if (p->picked < p->lines.n && !wants)
		lint_say(out, "tag-origin", name_of(p), "cherry picked, and not tagged so");
	else if (p->picked < p->lines.n)
		check_pick(p, out);
	else if (wants)
		lint_say(out, "pick-commit", name_of(p), "no \"(cherry picked from commit <40 hex>)\"");
	if (form == FORM_CHROMEOS && !listed &&
	    lint_line(p, "(am from ") < p->lines.n)
		lint_say(out, "tag-origin", name_of(p), "(am from ...), and not tagged FROMLIST");
}

/* The note stands below the line that says where the change comes from. */
static void check_note(const struct lint_patch *p, struct lint_findings *out)
{
	size_t from = p->picked, note;

	if (!(p->tags & TAG(BACKPORT)))
		return;
	if (from == p->lines.n)
		from = lint_line(p, "(am from ");
	if (from == p->lines.n)
		from = lint_line(p, "Link: ");
	for (note = from; note < p->lines.n; note++)
		if (*p->lines.v[note] == '[' && strchr(p->lines.v[note], ':'))
			return;
	lint_say(out, "backport-note", name_of(p), "no \"[name: what was changed]\"");
}

static void check_signs(const struct lint_patch *p, struct lint_findings *out)
{
	const char *last = p->lines.v[p->lines.n - 1];
	bool author = false;
	size_t i;

	if (!trailer_is(last, "Signed-off-by"))
		lint_say(out, "sign-last", name_of(p), "the last line is \"%s\"", last);
	if (!strcmp(p->mail.email, HEADWAY_EMAIL))
		lint_say(out, "sign-real", name_of(p), "From: %s", p->mail.email);
	for (i = 0; i < p->lines.n; i++) {
		if (!trailer_is(p->lines.v[i], "Signed-off-by"))
			continue;
		if (strcasestr(p->lines.v[i], p->mail.email))
			author = true;
		if (strstr(p->lines.v[i], HEADWAY_EMAIL) ||
		    !strchr(p->lines.v[i], '@'))
			lint_say(out, "sign-real", name_of(p), "\"%s\"", p->lines.v[i]);
	}
	if (!author)
		lint_say(out, "sign-author", name_of(p), "no Signed-off-by of %s <%s>",
			 p->mail.name, p->mail.email);
}

static void check_change_id(const struct lint_patch *p,
			    struct lint_findings *out)
{
	const char *id = lint_value(p, "Change-Id");
	size_t i, n = 0;

	for (i = 0; i < p->lines.n; i++)
		n += trailer_is(p->lines.v[i], "Change-Id");
	if (n != 1)
		lint_say(out, "change-id", name_of(p), "%zu of them", n);
	else if (*id != 'I' || !lint_hex(id + 1, 40, ""))
		lint_say(out, "change-id", name_of(p), "\"%s\": expected I and 40 hex digits",
			 id);
}

void lint_tagged(enum form form, const struct lint_patch *p,
		 struct lint_findings *out)
{
	if (!tags_fit(form, p))
		lint_say(out, "tag-known", name_of(p), "\"%s\"", p->lines.v[0]);
	check_origin(form, p, out);
	check_note(p, out);
	check_signs(p, out);
	check_change_id(p, out);
}
