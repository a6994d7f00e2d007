// SPDX-License-Identifier: GPL-2.0-only
/* The language in which a topic says how the absence of a change shows. */
#include <ctype.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "proof.h"
#include "xalloc.h"

#define LOWER	"abcdefghijklmnopqrstuvwxyz"
#define UPPER	"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS	"0123456789"

const char *proof_kind_name(enum proof_kind k)
{
	static const char *const names[] = {
		[PROOF_FAILS] = "fails",	[PROOF_HANGS] = "hangs",
		[PROOF_SPLATS] = "splats",	[PROOF_REPORTED] = "reported",
		[PROOF_BLIND] = "blind",	[PROOF_SUPPORT] = "support",
		[PROOF_NONE] = "none",
	};

	return names[k];
}

/* @s has characters of @set alone, and one at least. */
static bool made_of(const char *s, const char *set)
{
	return *s && !s[strspn(s, set)];
}

static bool is_variant(const char *s)
{
	return *s == 'a' && made_of(s + 1, DIGITS);
}

static bool is_suite(const char *s)
{
	const char *dot = strchr(s, '.');

	return made_of(s, LOWER UPPER DIGITS "_-.") && *s != '.' &&
	       (!dot || (dot[1] && !strchr(dot + 1, '.')));
}

static bool is_stages(const char *s)
{
	return made_of(s, LOWER DIGITS "-,") && *s != ',' &&
	       s[strlen(s) - 1] != ',' && !strstr(s, ",,");
}

static bool is_change(const char *s)
{
	const char *slash = strchr(s, '/');

	return made_of(s, LOWER DIGITS "-/") && slash && slash != s &&
	       slash[1] && !strchr(slash + 1, '/');
}

/*
 * A finding of the checker, as its report names it: a tier, if it is not the high one,
 * a kind and an edge, in which "*" stands for anything.
 */
static char *parse_reported(const char *line, const struct strlist *w, struct proof *p)
{
	static const char *const kinds[] = { "reclaim", "wait", "lock", "leak" };
	const char *rest = strstr(line, w->v[0]) + strlen(w->v[0]);
	/* The word of the kind, which that of a tier may precede. */
	size_t k = w->n > 1 && !strcmp(w->v[1], "release") ? 2 : 1, i;

	p->kind = PROOF_REPORTED;
	for (i = 0; w->n > k && i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(w->v[k], kinds[i]))
			break;
	if (w->n <= k || i == sizeof(kinds) / sizeof(*kinds))
		return xasprintf("\"%s\": expected \"reclaim\", \"wait\", \"lock\" or \"leak\"",
				 w->n > k ? w->v[k] : w->v[k - 1]);
	if (w->n < k + 3 || !strstr(rest, "-> "))
		return xasprintf("\"%s\" wants \"CALLER -> CALLEE\" or \"CALLER -> LOCK\" after it",
				 w->v[k]);
	p->where = xstrdup(w->v[0]);
	p->what = xstrdup("report");
	p->arg = xstrdup(rest + strspn(rest, " "));
	return NULL;
}

/* A proof that is not about one place: its first word is its kind. */
static bool parse_other(const char *line, const struct strlist *w,
			struct proof *p, char **why)
{
	const char *rest;

	if (!strcmp(w->v[0], "none")) {
		p->kind = PROOF_NONE;
		rest = strstr(line, "none") + strlen("none");
		p->arg = xstrdup(rest + strspn(rest, " "));
		if (!*p->arg)
			*why = xstrdup("\"none\" wants the reason after it");
	} else if (!strcmp(w->v[0], "support")) {
		p->kind = PROOF_SUPPORT;
		if (w->n != 2 || !is_change(w->v[1]))
			*why = xstrdup("\"support\" wants one TOPIC/CHANGE after it");
		else
			p->arg = xstrdup(w->v[1]);
	} else if (!strcmp(w->v[0], "blind")) {
		p->kind = PROOF_BLIND;
		if (w->n != 2 || !made_of(w->v[1], LOWER DIGITS "-"))
			*why = xstrdup("\"blind\" wants the name of one mutant after it");
		else
			p->arg = xstrdup(w->v[1]);
	} else if (!strcmp(w->v[0], "reclaimcheck")) {
		*why = parse_reported(line, w, p);
	} else {
		return false;
	}
	return true;
}

static char *parse_place(const char *where, const char *what, struct proof *p)
{
	bool kunit = !strcmp(where, "kunit");

	if (!kunit && !is_variant(where) && p->kasan)
		return xasprintf("\"%s\" after \"kasan\" is neither \"kunit\" nor a variant of the lab such as \"a506\"",
				 where);
	if (!kunit && !is_variant(where))
		return xasprintf("\"%s\" is neither \"kunit\" nor \"reclaimcheck\" nor a variant of the lab such as \"a506\"",
				 where);
	if (kunit && !is_suite(what))
		return xasprintf("\"%s\" is not SUITE or SUITE.CASE", what);
	if (!kunit && !is_stages(what))
		return xasprintf("\"%s\" is not STAGE or STAGE,STAGE", what);
	p->where = xstrdup(where);
	p->what = xstrdup(what);
	return NULL;
}

static char *parse_splat(const struct strlist *w, struct proof *p)
{
	char message[128];
	regex_t re;
	size_t i;
	int err;

	if (w->n < 4)
		return xstrdup("\"splats\" wants the lock's class, or words of the title, after it");
	err = regcomp(&re, w->v[3], REG_EXTENDED | REG_NOSUB);
	if (err) {
		regerror(err, &re, message, sizeof(message));
		return xasprintf("\"%s\": %s", w->v[3], message);
	}
	regfree(&re);
	p->kind = PROOF_SPLATS;
	p->arg = xstrdup(w->v[3]);
	for (i = 4; i < w->n; i++) {
		if (!made_of(w->v[i], LOWER UPPER DIGITS "_."))
			return xasprintf("\"%s\" is not the name of a function",
					 w->v[i]);
		strlist_add(&p->functions, w->v[i]);
	}
	return NULL;
}

static char *parse_run(const struct strlist *w, struct proof *p)
{
	char *why;

	if (w->n < 3)
		return xstrdup("expected \"kunit SUITE.CASE fails\", \"a506 STAGE hangs\", \"... splats CLASS FUNCTION...\", \"kasan\" before one of these, \"support TOPIC/CHANGE\" or \"none REASON\"");
	why = parse_place(w->v[0], w->v[1], p);
	if (why)
		return why;
	if (!strcmp(w->v[2], "splats"))
		return parse_splat(w, p);
	if (!strcmp(w->v[2], "fails"))
		p->kind = PROOF_FAILS;
	else if (!strcmp(w->v[2], "hangs"))
		p->kind = PROOF_HANGS;
	else
		return xasprintf("\"%s\": expected \"fails\", \"hangs\" or \"splats\"",
				 w->v[2]);
	if (w->n > 3)
		return xasprintf("\"%s\" after \"%s\"", w->v[3], w->v[2]);
	/* A suite that fails says nothing about which of its cases. */
	if (p->kind == PROOF_FAILS && !strcmp(p->where, "kunit") &&
	    !strchr(p->what, '.'))
		return xasprintf("\"%s fails\": name the case, SUITE.CASE",
				 p->what);
	return NULL;
}

static char *parse_one(const char *line, struct proofs *out)
{
	struct proof *p = xpush(out->p, out->n);
	struct strlist w = { 0 };
	char *why = NULL;

	p->text = xstrdup(line);
	strlist_add_words(&w, line);
	p->kasan = !strcmp(w.v[0], "kasan");
	if (p->kasan)
		why = parse_run(&(struct strlist){ .v = w.v + 1, .n = w.n - 1 }, p);
	else if (!parse_other(line, &w, p, &why))
		why = parse_run(&w, p);
	strlist_free(&w);
	return why;
}

char *proofs_parse(const char *text, struct proofs *out)
{
	char *copy = xstrdup(text), *line, *save = NULL, *why = NULL;
	size_t i;

	for (line = strtok_r(copy, "\n", &save); !why && line;
	     line = strtok_r(NULL, "\n", &save)) {
		size_t len;

		line += strspn(line, " \t");
		for (len = strlen(line); len && isspace((unsigned char)line[len - 1]);)
			line[--len] = '\0';
		if (len)
			why = parse_one(line, out);
	}
	free(copy);
	if (!why && !out->n)
		why = xstrdup("a proof without text");
	for (i = 0; !why && out->n > 1 && i < out->n; i++)
		if (!out->p[i].where)
			why = xasprintf("\"%s\" stands alone",
					proof_kind_name(out->p[i].kind));
	return why;
}

void proofs_free(struct proofs *ps)
{
	size_t i;

	for (i = 0; i < ps->n; i++) {
		free(ps->p[i].where);
		free(ps->p[i].what);
		free(ps->p[i].arg);
		free(ps->p[i].text);
		strlist_free(&ps->p[i].functions);
	}
	free(ps->p);
	memset(ps, 0, sizeof(*ps));
}
