// SPDX-License-Identifier: GPL-2.0-only
/* Waivers. They name symbols, never lines, and one that nothing uses is an error. */
#include <stdlib.h>
#include <time.h>

#include "waive.h"

static char *trim(char *s)
{
	char *end;

	while (*s == ' ' || *s == '\t')
		s++;
	end = s + strlen(s);
	while (end > s && strchr(" \t\r\n", end[-1]))
		*--end = 0;
	return s;
}

static bool is_date(const char *s)
{
	static const char form[] = "dddd-dd-dd";

	for (size_t i = 0; i < sizeof(form); i++)
		if (form[i] == 'd' ? (s[i] < '0' || s[i] > '9') : s[i] != form[i])
			return false;
	return true;
}

static int parse(struct waivers *w, const char *path, uint32_t line, char *s)
{
	char *part[4], *bar;
	struct waiver v = { .file = path, .line = line };

	for (int i = 0; i < 4; i++) {
		bar = strchr(s, '|');
		if (i == 3 ? !!bar : !bar)
			return rc_error("%s:%u: a waiver is ROOT | EDGE | REASON | EXPIRY",
					path, line);
		if (bar)
			*bar = 0;
		part[i] = trim(s);
		if (!*part[i])
			return rc_error("%s:%u: field %d is empty", path, line, i + 1);
		s = bar ? bar + 1 : s;
	}
	if (!strstr(part[1], " -> "))
		return rc_error("%s:%u: \"%s\" is no edge CALLER -> CALLEE", path, line, part[1]);
	if (!is_date(part[3]))
		return rc_error("%s:%u: \"%s\" is no date YYYY-MM-DD", path, line, part[3]);
	v.root = rc_arena_str(part[0], strlen(part[0]));
	v.assume = !strcmp(v.root, "assume");
	v.edge = rc_arena_str(part[1], strlen(part[1]));
	v.reason = rc_arena_str(part[2], strlen(part[2]));
	v.until = rc_arena_str(part[3], strlen(part[3]));
	rc_push(&w->v, v);
	return 0;
}

int waivers_read(struct waivers *w, const char *path)
{
	char *data, *line, *next;
	size_t len;
	uint32_t n = 0;
	int ret = 0;

	if (rc_read_file(path, &data, &len))
		return -1;
	for (line = data; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		n++;
		line = trim(line);
		if (*line && *line != '#' && parse(w, path, n, line))
			ret = -1;
	}
	free(data);
	return ret;
}

/* Is "CALLER -> CALLEE" the event @ev of function @n? All of it, or one target. */
static void assume_at(struct prog *p, uint32_t n, uint32_t ev, const char *callee)
{
	struct call *c = &p->fn.v[n].call[ev];
	char name[256];

	if (p->fn.v[n].sk->event[ev].kind != SK_E_CALL)
		return;
	c->cut |= !strcmp(callee_name(p, n, ev, name, sizeof(name)), callee);
	for (uint32_t t = c->first; t < c->first + c->n; t++)
		p->target.v[t].cut |= c->cut || !strcmp(fn_name(p, p->target.v[t].fn), callee);
}

static bool is_caller(const struct waiver *v, const char *name)
{
	size_t n = strlen(name);

	return !strncmp(v->edge, name, n) && !strncmp(v->edge + n, " -> ", 4);
}

void waivers_assume(struct waivers *w, struct prog *p)
{
	for (uint32_t i = 0; i < w->v.n; i++) {
		struct waiver *v = &w->v.v[i];

		for (uint32_t n = 0; v->assume && n < p->fn.n; n++) {
			if (!is_caller(v, fn_name(p, n)))
				continue;
			for (uint32_t e = 0; e < p->fn.v[n].sk->nevents; e++)
				assume_at(p, n, e, strstr(v->edge, " -> ") + 4);
		}
	}
}

/* Would the call of a target say anything, if it were not cut? */
static bool says_something(const struct prog *p, const struct target *t)
{
	const struct fn *g = &p->fn.v[t->fn];

	for (uint8_t k = 0; k < FACT_KINDS; k++)
		for (uint8_t d = 0; d < FACT_DEPTHS; d++)
			if (g->bad[k][d].set)
				return true;
	return g->gfp.n || g->fcase.n || g->param_block.n;
}

static bool assumption_used(const struct waiver *v, const struct prog *p)
{
	for (uint32_t n = 0; n < p->fn.n; n++) {
		const struct fn *f = &p->fn.v[n];

		for (uint32_t e = 0; is_caller(v, fn_name(p, n)) && e < f->sk->nevents; e++) {
			const struct call *c = &f->call[e];

			if (c->cut && c->prim && c->prim->op != P_SAFE)
				return true;
			for (uint32_t t = c->first; t < c->first + c->n; t++)
				if (p->target.v[t].cut && says_something(p, &p->target.v[t]))
					return true;
		}
	}
	return false;
}

/* Today, or the day of SOURCE_DATE_EPOCH for those who want one answer for ever. */
static void today(char *buf, size_t size)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	time_t now = epoch ? (time_t)strtoll(epoch, NULL, 10) : time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(buf, size, "%Y-%m-%d", &tm);
}

/* Waives what it names of @f; true if that is anything. */
static bool waive(const struct waiver *w, struct finding *f)
{
	bool whole = f->edge && !strcmp(w->edge, f->edge), any = false;

	if (strcmp(w->root, "*") && strcmp(w->root, f->key_root))
		return false;
	for (uint32_t i = 0; i < f->edge_key.n; i++) {
		if (!whole && strcmp(w->edge, f->edge_key.v[i].text))
			continue;
		f->edge_key.v[i].waived = true;
		f->waiver = w->reason;
		any = true;
	}
	return any;
}

static bool all_waived(const struct finding *f)
{
	for (uint32_t i = 0; i < f->edge_key.n; i++)
		if (!f->edge_key.v[i].waived)
			return false;
	return true;
}

int waivers_apply(struct waivers *w, const struct prog *p, struct findings *fs)
{
	char day[16];
	int ret = 0;

	today(day, sizeof(day));
	for (uint32_t i = 0; i < w->v.n; i++) {
		struct waiver *v = &w->v.v[i];

		if (strcmp(v->until, day) < 0) {
			ret = rc_error("%s:%u: expired on %s", v->file, v->line, v->until);
			continue;
		}
		v->used = v->assume && assumption_used(v, p);
		for (uint32_t k = 0; !v->assume && k < fs->v.n; k++)
			v->used |= waive(v, &fs->v.v[k]);
		if (!v->used)
			ret = rc_error("%s:%u: nothing is found that this waives: \"%s | %s\"",
				       v->file, v->line, v->root, v->edge);
	}
	for (uint32_t i = 0; i < fs->v.n; i++)
		fs->v.v[i].waived = all_waived(&fs->v.v[i]);
	return ret;
}

void waivers_free(struct waivers *w)
{
	rc_vec_free(&w->v);
}
