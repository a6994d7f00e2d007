// SPDX-License-Identifier: GPL-2.0-only
/* What must hold before a series is sent. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buildlog.h"
#include "file.h"
#include "gate.h"
#include "headway.h"
#include "run.h"
#include "xalloc.h"

/* Gates that a person may overrule; the cover letter says so then. */
static const char *const forcible[] = { "upstream-id", "stable-rules", "checkpatch",
					"build", "main-job", "lab", "checker", "proof" };

bool gate_can_be_forced(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(forcible) / sizeof(*forcible); i++)
		if (!strcmp(forcible[i], name))
			return true;
	return false;
}

/* Add a gate; @why is taken over. */
static struct gate *add(struct gates *gs, const struct strlist *force,
			const char *name, enum gate_state state, char *why)
{
	struct gate *g = xpush(gs->g, gs->n);

	g->name = name;
	g->state = state;
	g->why = why;
	g->forced = state == GATE_FAIL && strlist_has(force, name);
	return g;
}

static void gate_identity(const struct plan *p, const struct strlist *force,
			  struct gates *gs)
{
	if (p->name)
		add(gs, force, "identity", GATE_PASS,
		    xasprintf("%s <%s>", p->name, p->email));
	else
		add(gs, force, "identity", GATE_FAIL,
		    xstrdup("git has no user.name and user.email"))->hint =
			xstrdup("git config --global user.name NAME, and user.email ADDRESS");
}

static void gate_cover(const struct outgoing *s, const struct strlist *force,
		       struct gates *gs)
{
	const char *bad = NULL;
	size_t i;

	/* b4 drops lines that begin with '#', and a cover ends at "---". */
	if (!*s->title || !*s->cover)
		bad = "it is empty";
	else if (strstr(s->cover, "EDITME") || strstr(s->title, "EDITME"))
		bad = "it has EDITME in it";
	else if (*s->cover == '#' || strstr(s->cover, "\n#"))
		bad = "a line of it begins with #, which b4 drops";
	else if (!strncmp(s->cover, "---\n", 4) || strstr(s->cover, "\n---\n"))
		bad = "it has a line ---, at which it would end";

	for (i = 0; !bad && i < s->n; i++)
		if (strstr(s->p[i].subject, "EDITME") ||
		    !strncmp(s->p[i].subject, "fixup!", 6) ||
		    !strncmp(s->p[i].subject, "squash!", 7))
			bad = "a commit's subject is not finished";
	add(gs, force, "cover", bad ? GATE_FAIL : GATE_PASS,
	    bad ? xasprintf("%s: %s", bad, s->topic->dir) :
		  xasprintf("%zu characters", strlen(s->cover)));
}

static void gate_recipients(const struct recipients *r,
			    const struct strlist *force, struct gates *gs)
{
	if (!r->to.n)
		add(gs, force, "recipients", GATE_FAIL,
		    xstrdup("nobody: the newest base's MAINTAINERS names no maintainer"));
	else
		add(gs, force, "recipients", GATE_PASS,
		    xasprintf("%zu in To:, %zu in Cc:", r->to.n, r->cc.n));
}

/* The rules of the stable kernels, for a series for them. */
static int gate_stable(const struct plan *p, const struct outgoing *s,
		       const struct strlist *mails, const struct strlist *force,
		       struct gates *gs)
{
	char *why;
	int err;

	if (!s->stable)
		return 0;
	why = gate_upstream_id(p, s);
	add(gs, force, "upstream-id", why ? GATE_FAIL : GATE_PASS,
	    why ? why : xstrdup("it is known of every change what mainline did"));
	err = gate_stable_rules(s, mails, &why);
	if (!err)
		add(gs, force, "stable-rules", why ? GATE_FAIL : GATE_PASS,
		    why ? why : xstrdup("each change is a fix, and small enough"));
	return err;
}

/* The types that scripts/checkpatch.ignore leaves out for a series: "A,B"; or NULL. */
static char *ignored_types(void)
{
	char *path = xasprintf("%s/scripts/checkpatch.ignore", hw_paths.top);
	char *text = file_read(path, NULL), *line, *save = NULL, *out = NULL;

	for (line = text ? strtok_r(text, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save)) {
		const char *type = NULL;
		char *more;

		if (!strncmp(line, "patch ", 6))
			type = line + 6;
		else if (!strncmp(line, "series ", 7))
			type = line + 7;
		else if (!strncmp(line, "all ", 4))
			type = line + 4;
		if (!type)
			continue;
		more = out ? xasprintf("%s,%s", out, type) : xstrdup(type);
		free(out);
		out = more;
	}
	free(text);
	free(path);
	return out;
}

/* 0 if checkpatch is content, 1 with its first complaint as @why, -1 on an error. */
static int checkpatch(const struct plan *p, const char *mail, const char *types,
		      char **why)
{
	const char *argv[] = { "perl", "scripts/checkpatch.pl", "--strict",
			       "--no-tree", "--no-summary", "--terse",
			       "--show-types", "-q", NULL, NULL, NULL, NULL, NULL };
	struct run_options ro = { .dir = p->scripts, .input = mail, .timeout = 300 };
	struct run_result res;
	const char **next = &argv[8];
	int r;

	if (types) {
		*next++ = "--ignore";
		*next++ = types;
	}
	/* Without a sender there is nobody to sign off yet. */
	if (!p->name)
		*next++ = "--no-signoff";
	*next++ = "-";
	if (run_child(argv, &ro, &res))
		return -1;
	r = res.status != 0;
	if (r)
		*why = xasprintf("%s: %.*s", strrchr(mail, '/') + 1,
				 (int)strcspn(res.out, "\n"),
				 *res.out ? res.out : res.err);
	run_result_free(&res);
	return r;
}

static int gate_checkpatch(const struct plan *p, const struct strlist *mails,
			   const struct strlist *force, struct gates *gs)
{
	char *types = ignored_types(), *why = NULL;
	size_t i, bad = 0;
	int r = 0;

	for (i = 0; r >= 0 && i < mails->n; i++) {
		char *one = NULL;

		r = checkpatch(p, mails->v[i], types, &one);
		bad += r > 0;
		if (why)
			free(one);
		else
			why = one;
	}
	if (r >= 0 && bad)
		add(gs, force, "checkpatch", GATE_FAIL,
		    xasprintf("%zu of %zu patches: %s", bad, mails->n, why));
	else if (r >= 0)
		add(gs, force, "checkpatch", GATE_PASS,
		    xasprintf("--strict: %zu patches", mails->n));
	free(why);
	free(types);
	return r < 0 ? -1 : 0;
}

static int gate_build(const struct plan *p, const struct outgoing *s,
		      const struct strlist *force, struct gates *gs)
{
	struct build_count n;
	int err = buildlog_count(p, s, &n);

	if (err)
		return err;
	if (n.failed)
		add(gs, force, "build", GATE_FAIL,
		    xasprintf("%zu of %zu do not compile: %s", n.failed, n.wanted,
			      n.first));
	else if (n.passed < n.wanted)
		add(gs, force, "build", GATE_FAIL,
		    xasprintf("%zu of %zu were not compiled",
			      n.wanted - n.passed, n.wanted))->hint =
			xasprintf("headway series --build %s", s->name);
	else
		add(gs, force, "build", GATE_PASS,
		    xasprintf("every commit by itself, for um and arm64"));
	free(n.first);
	return 0;
}

int gates_run(const struct plan *p, const struct outgoing *s,
	      const struct recipients *r, const struct strlist *mails,
	      const struct strlist *force, struct gates *out)
{
	int i, err;

	memset(out, 0, sizeof(*out));
	if (s->refused) {
		add(out, force, "cut", GATE_FAIL, xstrdup(s->refused));
		return 0;
	}
	add(out, force, "cut", GATE_PASS,
	    xasprintf("%zu commits on %.12s", s->n, git_oid_tostr_s(&s->start)));
	gate_identity(p, force, out);
	gate_cover(s, force, out);
	gate_recipients(r, force, out);
	err = gate_stable(p, s, mails, force, out);
	if (!err)
		err = gate_checkpatch(p, mails, force, out);
	if (!err)
		err = gate_build(p, s, force, out);
	if (!err)
		err = evidence_read(p, s, out->evidence);
	for (i = 0; !err && i < N_EVIDENCE; i++) {
		const struct evidence *ev = &out->evidence[i];

		add(out, force, ev->name, ev->state, xstrdup(ev->text))->hint =
			ev->hint ? xstrdup(ev->hint) : NULL;
	}
	return err;
}

void gates_free(struct gates *gs)
{
	size_t i;

	for (i = 0; i < gs->n; i++) {
		free(gs->g[i].why);
		free(gs->g[i].hint);
	}
	free(gs->g);
	evidence_free(gs->evidence);
	memset(gs, 0, sizeof(*gs));
}

size_t gates_failed(const struct gates *gs)
{
	size_t i, n = 0;

	for (i = 0; i < gs->n; i++)
		n += gs->g[i].state == GATE_FAIL && !gs->g[i].forced;
	return n;
}

void gates_print(const struct outgoing *s, const struct gates *gs)
{
	static const char *const words[] = { "pass", "FAIL", "skip" };
	size_t i;

	for (i = 0; i < gs->n; i++) {
		const struct gate *g = &gs->g[i];
		const char *word = g->forced ? "forced" : words[g->state];

		if (hw_porcelain)
			printf("gate\t%s\t%s\t%s\t%s\n", s->name, g->name, word, g->why);
		else if (!hw_quiet)
			printf("  %-7s %-12s %s%s%s\n", word, g->name, g->why,
			       g->hint ? ": " : "", g->hint ? g->hint : "");
	}
}
