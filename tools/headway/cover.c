// SPDX-License-Identifier: GPL-2.0-only
/* The cover letter of a series. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commit.h"
#include "cover.h"
#include "headway.h"
#include "imported.h"
#include "run.h"
#include "xalloc.h"

/* Columns of running text in a mail. */
#define WIDTH 75

/* @text filled to WIDTH, every line but the first indented by @indent. */
static void fill(FILE *f, const char *text, int indent)
{
	int column = 0;

	while (*text) {
		int n = (int)strcspn(text, " \n");

		if (column && column + 1 + n > WIDTH) {
			fprintf(f, "\n%*s", indent, "");
			column = indent;
		} else if (column) {
			fputc(' ', f);
			column++;
		}
		fprintf(f, "%.*s", n, text);
		column += n;
		text += n;
		text += strspn(text, " \n");
	}
	fputc('\n', f);
}

static void write_item(FILE *f, const char *what, const char *text)
{
	char *line = xasprintf("- %s: %s", what, text);

	fill(f, line, 2);
	free(line);
}

static void write_forced(FILE *f, const struct gates *gs)
{
	char *all = NULL;
	size_t i;

	for (i = 0; i < gs->n; i++) {
		char *more;

		if (!gs->g[i].forced)
			continue;
		more = xasprintf("%s%s%s", all ? all : "", all ? ", " : "",
				 gs->g[i].name);
		free(all);
		all = more;
	}
	if (all)
		write_item(f, "Sent although these checks do not pass", all);
	free(all);
}

/* What was proven, and what was not: nothing is left unsaid. */
static void write_evidence(FILE *f, const struct outgoing *s,
			   const struct gates *gs)
{
	char *head = xasprintf("What was tested, on %s with all of the fork's topics (integration %.12s):",
			       s->fork->base, git_oid_tostr_s(&s->fork->integration));
	size_t i;

	fill(f, head, 0);
	free(head);
	fputc('\n', f);
	for (i = 0; i < gs->n; i++) {
		const struct gate *g = &gs->g[i];

		if (!strcmp(g->name, "build"))
			write_item(f, "Compiling", g->why);
		else if (!strcmp(g->name, "checkpatch") && g->state != GATE_PASS)
			write_item(f, "checkpatch", g->why);
		else if (!strcmp(g->name, "upstream-id") && g->state != GATE_PASS)
			write_item(f, "Commits of mainline", g->why);
		else if (!strcmp(g->name, "stable-rules") && g->state != GATE_PASS)
			write_item(f, "The rules of stable", g->why);
	}
	for (i = 0; i < N_EVIDENCE; i++) {
		const struct evidence *ev = &gs->evidence[i];

		write_item(f, ev->what, ev->text);
	}
	write_forced(f, gs);
}

static int write_needs(FILE *f, const struct plan *p, const struct outgoing *s)
{
	size_t i;
	int err = 0;

	if (s->n_needs)
		fputs("\nIt stands on these series:\n\n", f);
	for (i = 0; !err && i < s->n_needs; i++) {
		const struct outgoing *o = &p->s[s->needs[i].series];
		struct sent last;
		char *line;

		err = sent_last(p->repo, o->change_id, &last);
		line = last.revision ?
			xasprintf("\"%s\" (v%d, <%s)", o->title, last.revision,
				  last.message_id + (*last.message_id == '<')) :
			xasprintf("\"%s\" (change-id %s, not sent yet)", o->title,
				  o->change_id);
		fputs("- ", f);
		fill(f, line, 2);
		free(line);
		sent_free(&last);
	}
	return err;
}

/* What base-commit: names, which is no commit of mainline's. */
static int write_base(FILE *f, const struct plan *p, const struct outgoing *s)
{
	struct imported imp;
	char *line, *release;
	git_oid tree;

	if (commit_tree_id(p->repo, &s->fork->base_commit, &tree))
		return -1;
	if (imported_read(p->repo, s->fork->base, &imp))
		return -1;
	/* A Makefile that names no version is not a kernel's; the base has a name. */
	release = s->version ? xasprintf("%u.%u.%u", s->version >> 16,
					 s->version >> 8 & 0xff, s->version & 0xff) :
			       xstrdup(s->fork->base);
	line = xasprintf("The base is Linux %s%s%s%s%s; base-commit names its import, of the tree %s.",
			 release, imp.package ? ", package " : "",
			 imp.package ? imp.package : "", imp.version ? " " : "",
			 imp.version ? imp.version : "", git_oid_tostr_s(&tree));
	fputc('\n', f);
	fill(f, line, 0);
	free(line);
	free(release);
	imported_free(&imp);
	return 0;
}

static char *link_mask(void)
{
	const char *argv[] = { "git", "config", "--get", "b4.linkmask", NULL };
	struct run_options ro = { .dir = hw_paths.repo };
	struct run_result res;
	char *mask = NULL;

	if (!run_child(argv, &ro, &res)) {
		if (!res.status && strstr(res.out, "%s"))
			mask = xstrndup(res.out, strcspn(res.out, "\n"));
		run_result_free(&res);
	}
	return mask ? mask : xstrdup("https://lore.kernel.org/r/%s");
}

/* "<id@host>" put into the user's, or b4's own, mask. */
static void write_link(FILE *f, int revision, const char *message_id)
{
	char *mask = link_mask(), *at = strstr(mask, "%s");
	const char *id = message_id + (*message_id == '<');

	fprintf(f, "- Link to v%d: %.*s%.*s%s\n", revision, (int)(at - mask), mask,
		(int)strcspn(id, ">"), id, at + 2);
	free(mask);
}

/* "2:  0123abc ! 3:  4567def PM: QoS: Do this": the head of a pair. */
static void write_pair(FILE *f, const char *line, size_t n)
{
	char *copy = xstrndup(line, n), mark = 0;
	char a[12], b[12], x[64], y[64];
	int at = 0;

	if (sscanf(copy, " %11[0-9-]: %63s %c %11[0-9-]: %63s %n", a, x, &mark, b,
		   y, &at) < 5 || !at || !strchr("=!<>", mark))
		goto out;
	if (mark == '!')
		fprintf(f, "- Patch %s, \"%s\": changed\n", b, copy + at);
	else if (mark == '>')
		fprintf(f, "- Patch %s, \"%s\": new\n", b, copy + at);
	else if (mark == '<')
		fprintf(f, "- Dropped \"%s\"\n", copy + at);
	else if (strcmp(a, b))
		fprintf(f, "- Patch %s, \"%s\": was patch %s\n", b, copy + at, a);
out:
	free(copy);
}

int cover_changes(const struct outgoing *s, const struct sent *last,
		  char **summary, char **full)
{
	char *old, *new, *text = NULL;
	const char *p;
	size_t len;
	FILE *f;
	int err;

	old = xasprintf("%s..", git_oid_tostr_s(&last->start));
	new = xasprintf("%s..", git_oid_tostr_s(&s->start));
	{
		char *o = xasprintf("%s%s", old, git_oid_tostr_s(&last->tip));
		char *n = xasprintf("%s%s", new, git_oid_tostr_s(&s->tip));
		const char *argv[] = { "git", "range-diff", "--no-color",
				       "--no-notes", o, n, NULL };

		err = run_capture(argv, hw_paths.repo, &text);
		free(o);
		free(n);
	}
	free(old);
	free(new);
	if (err)
		return err;
	f = open_memstream(summary, &len);
	if (!f)
		return hw_errno("open_memstream");
	for (p = text; *p; p += strcspn(p, "\n"), p += !!*p)
		if (*p == '-' || isdigit((unsigned char)*p) ||
		    (*p == ' ' && isdigit((unsigned char)p[strspn(p, " ")])))
			if (p[0] != ' ' || p[1] != ' ' || p[2] != ' ' || p[3] != ' ')
				write_pair(f, p, strcspn(p, "\n"));
	fclose(f);
	if (full)
		*full = text;
	else
		free(text);
	return 0;
}

static int write_changelog(FILE *f, const struct outgoing *s,
			   const struct sent *last)
{
	char *summary = NULL, *full = NULL;

	if (!last->revision)
		return 0;
	if (cover_changes(s, last, &summary, &full))
		return -1;
	fprintf(f, "\n---\nChanges in v%d:\n%s", last->revision + 1,
		*summary ? summary : "- No patch is different from what was sent\n");
	write_link(f, last->revision, last->message_id);
	fprintf(f, "\nRange-diff against v%d:\n\n%s", last->revision, full);
	free(summary);
	free(full);
	return 0;
}

static void write_people(FILE *f, const char *name, const struct strlist *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		fprintf(f, "%s: %s\n", name, l->v[i]);
}

char *cover_text(const struct plan *p, const struct outgoing *s,
		 const struct gates *gs, const struct recipients *r,
		 const struct sent *last)
{
	char *out = NULL;
	size_t len;
	FILE *f = open_memstream(&out, &len);
	int err;

	if (!f) {
		hw_errno("open_memstream");
		return NULL;
	}
	fprintf(f, "%s\n\n%s\n\n", s->title, s->cover);
	write_evidence(f, s, gs);
	err = write_needs(f, p, s);
	if (!err)
		err = write_base(f, p, s);
	fputc('\n', f);
	write_people(f, "To", &r->to);
	write_people(f, "Cc", &r->cc);
	if (!err)
		err = write_changelog(f, s, last);
	fclose(f);
	if (err) {
		free(out);
		return NULL;
	}
	return out;
}

static int write_prerequisite(FILE *f, const struct plan *p, const git_oid *id)
{
	git_oid pid;

	if (commit_patch_id(p->repo, id, &pid))
		return -1;
	fprintf(f, "prerequisite-patch-id: %s\n", git_oid_tostr_s(&pid));
	return 0;
}

/* The commits between the base and the series, oldest first. */
static int write_prerequisites(FILE *f, const struct plan *p,
			       const struct outgoing *s)
{
	git_revwalk *walk = NULL;
	git_oid id;
	int err;

	err = git_revwalk_new(&walk, p->repo);
	if (!err)
		err = git_revwalk_sorting(walk, GIT_SORT_TOPOLOGICAL | GIT_SORT_REVERSE);
	if (!err)
		err = git_revwalk_push(walk, &s->start);
	if (!err)
		err = git_revwalk_hide(walk, &s->fork->base_commit);
	if (err)
		err = hw_git_error("%s", s->name);
	while (!err && !git_revwalk_next(&id, walk))
		err = write_prerequisite(f, p, &id);
	git_revwalk_free(walk);
	return err;
}

char *cover_template(const struct plan *p, const struct outgoing *s)
{
	char *out = NULL;
	size_t len;
	FILE *f = open_memstream(&out, &len);
	int err;

	if (!f) {
		hw_errno("open_memstream");
		return NULL;
	}
	/* b4 itself would name the commit before the right one. */
	fprintf(f, "${cover}\n\n---\n${shortlog}\n\n${diffstat}\n---\nbase-commit: %s\n",
		git_oid_tostr_s(&s->fork->base_commit));
	fputs("change-id: ${change_id}\n", f);
	err = write_prerequisites(f, p, s);
	fputs("\nBest regards,\n-- \n${signature}\n", f);
	fclose(f);
	if (err) {
		free(out);
		return NULL;
	}
	return out;
}
