// SPDX-License-Identifier: GPL-2.0-only
/* What was proven, from the last reports below build/. */
#define _GNU_SOURCE
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commit.h"
#include "evidence.h"
#include "file.h"
#include "headway.h"
#include "run.h"
#include "xalloc.h"

/* What tree-state.sh prints of the changes in a work tree that has none. */
#define NO_CHANGES \
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  -"

static char *read_build(const char *path)
{
	char *full = xasprintf("%s/%s", hw_paths.build, path);
	char *text = file_read(full, NULL);

	free(full);
	return text;
}

static bool newer(const char *path, const char *than)
{
	char *a = xasprintf("%s/%s", hw_paths.build, path);
	char *b = xasprintf("%s/%s", hw_paths.build, than);
	struct stat sa, sb;
	bool yes;

	yes = !stat(a, &sa) && !stat(b, &sb) &&
	      (sa.st_mtim.tv_sec > sb.st_mtim.tv_sec ||
	       (sa.st_mtim.tv_sec == sb.st_mtim.tv_sec &&
		sa.st_mtim.tv_nsec >= sb.st_mtim.tv_nsec));
	free(a);
	free(b);
	return yes;
}

/* Was the kernel with the state file @state built from the tree @id, unchanged? */
static bool built_from(const char *state, const git_oid *id)
{
	char *text = read_build(state);
	char *want = xasprintf("%s\n" NO_CHANGES "\n", git_oid_tostr_s(id));
	bool same = text && !strncmp(text, want, strlen(want));

	free(want);
	free(text);
	return same;
}

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
	char *path = xasprintf("report/%s/verdict", base);
	char *state = xasprintf("kernel/%s/state", base);
	char *verdict = read_build(path);

	if (verdict)
		verdict[strcspn(verdict, "\n")] = '\0';
	if (!verdict || !*verdict)
		say_none(ev, false, xasprintf("make BASE=%s", base));
	else if (!built_from(state, tree) || !newer(path, state))
		say_none(ev, true, xasprintf("make BASE=%s", base));
	else
		say(ev, verdict_good(verdict) ? GATE_PASS : GATE_FAIL,
		    xstrdup(verdict));
	free(verdict);
	free(state);
	free(path);
}

static void list_variants(const char *base, struct strlist *out)
{
	char *dir = xasprintf("%s/report/lab-%s", hw_paths.build, base);
	DIR *d = opendir(dir);
	struct dirent *e;

	while (d && (e = readdir(d)))
		if (*e->d_name != '.')
			strlist_add(out, e->d_name);
	if (d)
		closedir(d);
	strlist_sort(out);
	free(dir);
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
	char *state = xasprintf("lab/%s/state", base), *all = NULL;
	struct strlist variants = { 0 };
	bool good = true;
	size_t i;

	list_variants(base, &variants);
	for (i = 0; i < variants.n; i++) {
		char *path = xasprintf("report/lab-%s/%s/verdict", base,
				       variants.v[i]);
		char *verdict = read_build(path);

		if (verdict && newer(path, state)) {
			verdict[strcspn(verdict, "\n")] = '\0';
			good &= verdict_good(verdict);
			all = add_line(all, xasprintf("%s: %s", variants.v[i], verdict));
		}
		free(verdict);
		free(path);
	}
	if (!variants.n)
		say_none(ev, false, xasprintf("make lab BASE=%s", base));
	else if (!all || !built_from(state, tree))
		say_none(ev, true, xasprintf("make lab BASE=%s", base));
	else
		say(ev, good ? GATE_PASS : GATE_FAIL, xstrdup(all));
	free(all);
	free(state);
	strlist_free(&variants);
}

/* Is the work tree that reclaimcheck read at @tree, without changes? */
static bool checked_tree(const char *base, const git_oid *tree)
{
	char *dir = xasprintf("%s/reclaimcheck-trees/%s", hw_paths.build, base);
	const char *head[] = { "git", "rev-parse", "HEAD^{tree}", NULL };
	struct run_options ro = { .dir = dir };
	struct run_result res;
	bool same = false;

	if (file_exists(dir) && !run_child(head, &ro, &res)) {
		same = !res.status && !strncmp(res.out, git_oid_tostr_s(tree),
					       GIT_OID_HEXSZ);
		run_result_free(&res);
	}
	free(dir);
	return same;
}

static void read_checker(const char *base, const git_oid *tree,
			 struct evidence *ev)
{
	static const char mark[] = " findings of the high tier";
	char *path = xasprintf("report/%s/reclaimcheck/integration.txt", base);
	char *text = read_build(path);
	char *line = text ? strstr(text, mark) : NULL;

	while (line && line > text && line[-1] != '\n')
		line--;
	if (!text)
		say_none(ev, false, xasprintf("scripts/reclaimcheck.sh %s", base));
	else if (!line)
		say(ev, GATE_FAIL, xasprintf("%s has no summary: the report is not whole", path));
	else if (!checked_tree(base, tree))
		say_none(ev, true, xasprintf("scripts/reclaimcheck.sh %s", base));
	else
		say(ev, !strncmp(line, "0 ", 2) ? GATE_PASS : GATE_FAIL,
		    xstrndup(line, strcspn(line, "\n")));
	free(text);
	free(path);
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
	char *tsv = read_build("report/proof.tsv"), *plan = read_build(path);
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
