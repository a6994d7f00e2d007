// SPDX-License-Identifier: GPL-2.0-only
/*
 * lockdep as the oracle: every dependency that a running kernel wrote down must
 * be in the order that was computed from the same kernel's code.
 */
#include <stdlib.h>

#include "order.h"

struct except {
	uint32_t from, to;	/* strings; 0 is "*" */
	uint32_t line;
	bool used;
};

struct oracle {
	struct prog *p;
	struct order order;
	struct lock_names names;
	RC_DECLARE_VEC(struct except) except;
	struct rc_map said;		/* names that were said to be unknown */
	uint32_t total, there, excepted, missing, unnamed;
	FILE *out;
	bool all;
};

/* Cuts "#2" and "/1" off: another key of the same text, and a subclass. */
static void base_name(char *s)
{
	size_t n = strlen(s);

	while (n && s[n - 1] >= '0' && s[n - 1] <= '9')
		n--;
	if (n && s[n] && (s[n - 1] == '#' || s[n - 1] == '/')) {
		s[n - 1] = 0;
		base_name(s);
	}
}

/* The last identifier of "&(x)->y.lock", cut behind what is no identifier. */
static void last_field(const char *name, char *buf, size_t size)
{
	const char *from = name, *s;
	size_t n;

	for (s = name; *s; s++)
		if (*s == '.' || *s == '>' || *s == '&' || *s == '(')
			from = s + 1;
	n = strcspn(from, ")[ ");
	snprintf(buf, size, "%.*s", (int)n, from);
}

/*
 * Locks that a name may mean: those that the program gives it; else a variable
 * of that name; else, of one in parentheses such as a workqueue's, those whose
 * names are put together at run time; else any field of its last part.
 */
static void candidates(struct oracle *o, const char *name, struct rc_vec_u32 *out)
{
	uint32_t id = rc_lookup(&o->p->str, name);
	char field[256], plain_id[512];

	for (uint32_t i = 0; id != RC_NONE && i < o->names.v.n; i++)
		if (o->names.v.v[i].name == id)
			rc_set_add(out, o->names.v.v[i].lock);
	if (out->n)
		return;
	for (uint32_t l = 0; l < o->p->lock.n; l++)
		if (!strcmp(plain(o->p, o->p->lock.v[l].id, plain_id, sizeof(plain_id)), name))
			rc_set_add(out, l);
	if (out->n)
		return;
	for (uint32_t i = 0; *name == '(' && i < o->names.v.n; i++)
		if (!o->names.v.v[i].name)
			rc_set_add(out, o->names.v.v[i].lock);
	if (out->n)
		return;
	last_field(name, field, sizeof(field));
	for (uint32_t l = 0; l < o->p->lock.n && *field; l++) {
		const char *colon = strrchr(rc_str(&o->p->str, o->p->lock.v[l].id), ':');

		if (colon && !strcmp(colon + 1, field))
			rc_set_add(out, l);
	}
}

static bool excepted(struct oracle *o, const char *from, const char *to)
{
	for (uint32_t i = 0; i < o->except.n; i++) {
		struct except *e = &o->except.v[i];

		if ((e->from && strcmp(rc_str(&o->p->str, e->from), from)) ||
		    (e->to && strcmp(rc_str(&o->p->str, e->to), to)))
			continue;
		e->used = true;
		return true;
	}
	return false;
}

static void say_unnamed(struct oracle *o, const char *name)
{
	uint64_t key = (uint64_t)rc_intern(&o->p->str, name) + 1;

	if (rc_map_get(&o->said, key) != RC_NONE)
		return;
	rc_map_put(&o->said, key, 1);
	fprintf(o->out, "no lock of the program is called %s\n", name);
}

static void print_locks(struct oracle *o, const struct rc_vec_u32 *l)
{
	char name[256];

	for (uint32_t i = 0; i < l->n && i < 6; i++)
		fprintf(o->out, "%s%s", i ? " or " : "",
			lock_name(o->p, l->v[i], name, sizeof(name)));
}

static void dependency(struct oracle *o, char *from, char *to)
{
	struct rc_vec_u32 a = {}, b = {};
	bool there = false;

	base_name(from);
	base_name(to);
	o->total++;
	candidates(o, from, &a);
	candidates(o, to, &b);
	for (uint32_t i = 0; i < a.n && !there; i++)
		for (uint32_t k = 0; k < b.n && !there; k++)
			/* Two keys or subclasses of one of our classes. */
			there = a.v[i] == b.v[k] || order_has(&o->order, a.v[i], b.v[k]);
	if (there) {
		o->there++;
	} else if (excepted(o, from, to)) {
		o->excepted++;
	} else if (!a.n || !b.n) {
		o->unnamed++;
		say_unnamed(o, a.n ? to : from);
		fprintf(o->out, "missing: %s -> %s\n", from, to);
	} else {
		o->missing++;
		fprintf(o->out, "missing: %s -> %s (", from, to);
		print_locks(o, &a);
		fprintf(o->out, " -> ");
		print_locks(o, &b);
		fprintf(o->out, ")\n");
	}
	if (there && o->all) {
		fprintf(o->out, "there: %s -> %s (", from, to);
		print_locks(o, &a);
		fprintf(o->out, " -> ");
		print_locks(o, &b);
		fprintf(o->out, ")\n");
	}
	rc_vec_free(&a);
	rc_vec_free(&b);
}

/*
 * A class is a line "KEY FD: n BD: n USAGE: NAME", each lock that was taken right
 * behind it one " -> [KEY] NAME".
 */
static int read_lockdep(struct oracle *o, const char *path)
{
	char from[512] = "", to[512], *data, *line, *save = NULL;
	size_t len;

	if (rc_read_file(path, &data, &len))
		return -1;
	for (line = strtok_r(data, "\r\n", &save); line; line = strtok_r(NULL, "\r\n", &save)) {
		const char *at;

		if (!strncmp(line, " -> [", 5)) {
			at = strstr(line, "] ");
			if (!at || !*from)
				break;
			snprintf(to, sizeof(to), "%s", at + 2);
			dependency(o, from, to);
			continue;
		}
		at = strstr(line, " FD:") ? strstr(line, " BD:") : NULL;
		at = at ? strstr(at + 4, ": ") : NULL;
		if (at)
			snprintf(from, sizeof(from), "%s", at + 2);
	}
	free(data);
	return o->total ? 0 : rc_error("%s: no dependency in it: is it a copy of /proc/lockdep of a kernel with PROVE_LOCKING?",
				       path);
}

static uint32_t pattern(struct oracle *o, char *s)
{
	while (*s == ' ')
		s++;
	for (size_t n = strlen(s); n && s[n - 1] == ' '; n--)
		s[n - 1] = 0;
	return strcmp(s, "*") ? rc_intern(&o->p->str, s) : 0;
}

static int read_except(struct oracle *o, const char *path)
{
	char *data, *line, *next;
	uint32_t n = 0;
	int ret = 0;
	size_t len;

	if (rc_read_file(path, &data, &len))
		return -1;
	for (line = data; line; line = next) {
		struct except e = {};
		char *bar, *arrow;

		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		n++;
		if (!line[strspn(line, " \t")] || *line == '#')
			continue;
		bar = strstr(line, " | ");
		arrow = strstr(line, " -> ");
		if (!bar || !arrow || arrow > bar || !bar[3]) {
			ret = rc_error("%s:%u: an exception is FROM -> TO | REASON", path, n);
			continue;
		}
		*bar = 0;
		*arrow = 0;
		e.from = pattern(o, line);
		e.to = pattern(o, arrow + 4);
		e.line = n;
		rc_push(&o->except, e);
	}
	free(data);
	return ret;
}

int oracle_compare(FILE *out, struct prog *p, const char *path, const char *except, bool all)
{
	struct oracle o = { .p = p, .out = out, .all = all };
	int ret = RC_INPUT;

	lock_names(p, &o.names);
	order_build(&o.order, p);
	if ((except && read_except(&o, except)) || read_lockdep(&o, path))
		goto out;
	ret = o.missing || o.unnamed ? RC_FINDING : RC_OK;
	for (uint32_t i = 0; i < o.except.n; i++)
		if (!o.except.v[i].used) {
			rc_error("%s:%u: no dependency of the run needs this", except,
				 o.except.v[i].line);
			ret = RC_INPUT;
		}
	fprintf(out, "%u dependencies, %u in the static order, %u excepted, %u missing, %u of locks with no name here\n",
		o.total, o.there, o.excepted, o.missing, o.unnamed);
	if (p->lost_locks)
		fprintf(out, "%u times a function had more than 64 locks\n", p->lost_locks);
out:
	order_free(&o.order);
	rc_vec_free(&o.names.v);
	rc_vec_free(&o.except);
	rc_map_free(&o.said);
	return ret;
}
