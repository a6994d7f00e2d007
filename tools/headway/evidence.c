// SPDX-License-Identifier: GPL-2.0-only
/* What was proven, from the last reports below build/. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commit.h"
#include "evidence.h"
#include "file.h"
#include "headway.h"
#include "reports.h"
#include "xalloc.h"

static void say(struct evidence *ev, enum gate_state state, char *text)
{
	ev->state = state;
	ev->text = text;
}

/* There is no report, or it is of another tree; @command makes one. */
static void say_none(struct evidence *ev, bool old, char *command)
{
	say(ev, GATE_FAIL, xstrdup(old ? "the last report is of another tree" :
					 "there is no report"));
	ev->hint = command;
}

/* "17 of 19 checks passed, 2 failed, 1 splat": a verdict of klog2tap. */
static bool verdict_good(const char *verdict)
{
	return strstr(verdict, "checks passed") && !strstr(verdict, "failed") &&
	       strstr(verdict, "no splat");
}

static void read_main_job(const char *base, const git_oid *tree,
			  struct evidence *ev)
{
	char *verdict;
	enum report_state found = report_main_job(base, tree, &verdict);

	if (found != REPORT_THIS)
		say_none(ev, found == REPORT_OTHER, xasprintf("make BASE=%s", base));
	else
		say(ev, verdict_good(verdict) ? GATE_PASS : GATE_FAIL, verdict);
}

static char *add_line(char *text, char *line)
{
	char *out = text ? xasprintf("%s; %s", text, line) : xstrdup(line);

	free(text);
	free(line);
	return out;
}

static void read_lab(const char *base, const git_oid *tree, struct evidence *ev)
{
	struct strlist variants = { 0 }, verdicts = { 0 };
	enum report_state found = report_lab(base, tree, &variants, &verdicts);
	char *all = NULL;
	bool good = true;
	size_t i;

	for (i = 0; i < variants.n; i++) {
		good &= verdict_good(verdicts.v[i]);
		all = add_line(all, xasprintf("%s: %s", variants.v[i], verdicts.v[i]));
	}
	if (found != REPORT_THIS)
		say_none(ev, found == REPORT_OTHER, xasprintf("make lab BASE=%s", base));
	else
		say(ev, good ? GATE_PASS : GATE_FAIL, all);
	strlist_free(&variants);
	strlist_free(&verdicts);
}

/*
 * "24 findings of the high tier (2 waived, 22 elsewhere), ...": good if that is all of
 * them. Elsewhere no line of the witness is in a file that the tree changes.
 */
static bool checker_good(const char *summary)
{
	unsigned int high, waived, elsewhere;

	return sscanf(summary, "%u findings of the high tier (%u waived, %u elsewhere)",
		      &high, &waived, &elsewhere) == 3 &&
	       high == waived + elsewhere;
}

static void read_checker(const char *base, const git_oid *tree,
			 struct evidence *ev)
{
	char *summary, *only;
	enum report_state found = report_checker(base, tree, &summary, &only);

	if (found != REPORT_THIS)
		say_none(ev, found == REPORT_OTHER, xasprintf("make reclaimcheck BASE=%s", base));
	else if (!summary)
		say(ev, GATE_FAIL, xstrdup("the last report has no summary: it is not whole"));
	else if (only)
		say(ev, GATE_FAIL, xasprintf("of %s only: %s", only, summary));
	else
		say(ev, checker_good(summary) ? GATE_PASS : GATE_FAIL, xstrdup(summary));
	if (found == REPORT_THIS && (only || !summary))
		ev->hint = xasprintf("make reclaimcheck BASE=%s", base);
	free(summary);
	free(only);
}

/* The @n-th field of a line of fields that tabs separate; NULL: not so many. */
static char *field(const char *line, int n)
{
	size_t len = strcspn(line, "\n");
	const char *end = line + len;

	while (n--) {
		line = memchr(line, '\t', end - line);
		if (!line)
			return NULL;
		line++;
	}
	len = end - line;
	return xstrndup(line, strcspn(line, "\t\n") < len ? strcspn(line, "\t\n") : len);
}

/* Was the plan that the proofs were made from about this commit of the change? */
static bool proven_commit(const char *plan, const char *subject, const git_oid *id)
{
	bool same = false;

	for (; plan && *plan; plan += strcspn(plan, "\n"), plan += !!*plan) {
		char *name = field(plan, 0), *commit = field(plan, 1);

		if (name && commit && !strcmp(name, subject))
			same |= !strcmp(commit, git_oid_tostr_s(id));
		free(name);
		free(commit);
	}
	return same;
}

/* The state of @subject in proof.tsv; NULL if it is not there. Worst one first. */
static char *proof_state(const char *tsv, const char *base, const char *subject)
{
	char *worst = NULL;

	for (; tsv && *tsv; tsv += strcspn(tsv, "\n"), tsv += !!*tsv) {
		char *b = field(tsv, 0), *s = field(tsv, 1), *state = field(tsv, 3);
		bool hit = b && s && state && !strcmp(b, base) && !strcmp(s, subject);

		if (hit && (!worst || !strcmp(worst, "shown") ||
			    (strcmp(state, "shown") && strcmp(state, "none") &&
			     strcmp(state, "support")))) {
			free(worst);
			worst = state;
			state = NULL;
		}
		free(b);
		free(s);
		free(state);
	}
	return worst;
}

static void read_proof(const struct outgoing *s, struct evidence *ev)
{
	char *path = xasprintf("prove/%s/plan", s->fork->base);
	char *tsv = report_text("report/proof.tsv"), *plan = report_text(path);
	char *text = NULL;
	bool good = true;
	size_t i, known = 0;

	for (i = 0; i < s->n; i++) {
		const struct cell *c = s->p[i].cell;
		char *subject = xasprintf("%s/%s", c->topic->name, c->change->name);
		char *state = proof_state(tsv, s->fork->base, subject);

		if (state && proven_commit(plan, subject, &c->commit)) {
			known++;
			good &= !strcmp(state, "shown") || !strcmp(state, "none") ||
				!strcmp(state, "support");
			text = add_line(text, xasprintf("%s: %s", c->change->name, state));
		}
		free(state);
		free(subject);
	}
	if (!tsv)
		say(ev, GATE_SKIP, xstrdup("there is no report"));
	else if (known < s->n)
		say(ev, GATE_SKIP, xasprintf("the last report has %zu of the %zu commits as they are now",
					     known, s->n));
	else
		say(ev, good ? GATE_PASS : GATE_FAIL, xstrdup(text));
	free(text);
	free(path);
	free(tsv);
	free(plan);
}

int evidence_read(const struct plan *p, const struct outgoing *s,
		  struct evidence out[N_EVIDENCE])
{
	static const struct evidence start[N_EVIDENCE] = {
		{ .name = "main-job", .what = "KUnit and lockdep under User Mode Linux" },
		{ .name = "lab", .what = "The real drm/msm on a virtual Adreno" },
		{ .name = "checker", .what = "reclaimcheck, from the bitcode of an arm64 kernel" },
		{ .name = "proof", .what = "Without each change in turn" },
	};
	const char *base = s->fork->base;
	git_oid tree;

	memcpy(out, start, sizeof(start));
	if (commit_tree_id(p->repo, &s->fork->integration, &tree))
		return -1;
	read_main_job(base, &tree, &out[0]);
	read_lab(base, &tree, &out[1]);
	read_checker(base, &tree, &out[2]);
	read_proof(s, &out[3]);
	return 0;
}

void evidence_free(struct evidence ev[N_EVIDENCE])
{
	int i;

	for (i = 0; i < N_EVIDENCE; i++) {
		free(ev[i].text);
		free(ev[i].hint);
	}
	memset(ev, 0, N_EVIDENCE * sizeof(*ev));
}
