// SPDX-License-Identifier: GPL-2.0-only
/*
 * What lockdep calls the program's locks: the text that their initialiser hands
 * to lockdep_init_map_type(), followed through the functions in between, or that
 * stands in the dep_map of a static one.
 */
#include <stdlib.h>

#include "order.h"

#define MAX_HOPS 6

struct namer {
	struct prog *p;
	struct lock_names *out;
	struct rc_map seen;
};

static void add_name(struct namer *nm, uint32_t name, uint32_t lock)
{
	uint64_t key = (uint64_t)name << 32 | (lock + 1);

	if (lock == RC_NONE || lock & LOCK_PARAM || rc_map_get(&nm->seen, key) != RC_NONE)
		return;
	rc_map_put(&nm->seen, key, 1);
	rc_push(&nm->out->v, ((struct lock_alias){ name, lock }));
}

/* The text behind the quote that marks a literal. */
static uint32_t literal(struct prog *p, uint32_t id)
{
	const char *s = rc_str(&p->str, id);

	return *s == '"' ? rc_intern(&p->str, s + 1) : RC_NONE;
}

static bool same_place(const struct sk_val *a, const struct sk_val *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind == SK_GLOBAL)
		return a->a == b->a;
	return a->kind == SK_FIELD && a->b == b->b && a->c == b->c;
}

/* Texts that static initialisers put at a place like @at. */
static void initial(struct prog *p, const struct sk_val *at, struct rc_vec_u32 *texts)
{
	for (uint32_t u = 0; u < p->unit.n; u++) {
		const struct skel *sk = p->unit.v[u].sk;

		for (uint32_t i = 0; i < sk->ninit; i++) {
			const struct sk_val *v = &sk->val[sk->init[i].val];

			if (same_place(&sk->val[sk->init[i].addr], at) && v->kind == SK_GLOBAL &&
			    literal(p, v->a) != RC_NONE)
				rc_set_add(texts, literal(p, v->a));
		}
	}
}

/* Texts that a value may be; the parameter that it is, or RC_NONE. */
static uint32_t texts_of(struct prog *p, uint32_t unit, uint32_t val, struct rc_vec_u32 *texts)
{
	const struct sk_val *v = prog_val(p, unit, val);
	uint32_t param = RC_NONE;

	switch (v->kind) {
	case SK_GLOBAL:
		if (literal(p, v->a) != RC_NONE)
			rc_set_add(texts, literal(p, v->a));
		break;
	case SK_PARAM:
		return v->a;
	case SK_LOAD:
		initial(p, prog_val(p, unit, v->a), texts);
		break;
	case SK_SET:
		for (uint32_t i = 0; i < v->b; i++) {
			uint32_t k = texts_of(p, unit, p->unit.v[unit].sk->set[v->a + i], texts);

			param = k == RC_NONE ? param : k;
		}
		break;
	default:
		break;
	}
	return param;
}

/*
 * The lock @lock and the text @text of an initialiser's arguments in @n. What is
 * a parameter of @n its callers know: @text is a value of @n, or a string (@known).
 */
static void follow(struct namer *nm, uint32_t n, uint32_t lock, uint32_t text, bool known,
		   int hops)
{
	struct prog *p = nm->p;
	const struct fn *f = &p->fn.v[n];
	struct rc_vec_u32 texts = {};
	uint32_t param = RC_NONE;

	if (known)
		rc_push(&texts, text);
	else
		param = texts_of(p, f->unit, text, &texts);
	for (uint32_t i = 0; i < texts.n; i++)
		add_name(nm, texts.v[i], lock);
	/* Put together at run time, as a workqueue's is. */
	if (!texts.n && param == RC_NONE)
		add_name(nm, 0, lock);
	for (uint32_t c = 0; hops < MAX_HOPS && c < f->caller.n; c += 2) {
		uint32_t g = f->caller.v[c], up = lock, k = lock & ~LOCK_PARAM;
		const struct sk_event *e = &p->fn.v[g].sk->event[f->caller.v[c + 1]];

		if (param == RC_NONE && !(lock & LOCK_PARAM))
			break;
		if (lock & LOCK_PARAM)
			up = k < e->nargs ? lock_of_value(p, p->fn.v[g].unit, e->args[k], 0) :
					    RC_NONE;
		if (up == RC_NONE)
			continue;
		if (param != RC_NONE && param < e->nargs)
			follow(nm, g, up, e->args[param], false, hops + 1);
		for (uint32_t i = 0; i < texts.n && lock & LOCK_PARAM; i++)
			follow(nm, g, up, texts.v[i], true, hops + 1);
	}
	rc_vec_free(&texts);
}

static void from_calls(struct namer *nm)
{
	struct prog *p = nm->p;
	uint32_t init = rc_lookup(&p->str, "lockdep_init_map_type");

	for (uint32_t n = 0; n < p->fn.n && init != RC_NONE; n++) {
		const struct fn *f = &p->fn.v[n];

		for (uint32_t i = 0; i < f->sk->nevents; i++) {
			const struct sk_event *e = &f->sk->event[i];
			const struct sk_val *callee = prog_val(p, f->unit, e->callee);
			uint32_t lock;

			if (e->kind != SK_E_CALL || e->nargs < 2 || callee->kind != SK_FUNC ||
			    callee->a != init)
				continue;
			lock = lock_of_value(p, f->unit, e->args[0], 0);
			if (lock != RC_NONE)
				follow(nm, n, lock, e->args[1], false, 0);
		}
	}
}

/* Locks that are set up by the compiler: dep_map.name of a variable. */
static void from_initialisers(struct namer *nm)
{
	struct prog *p = nm->p;

	for (uint32_t u = 0; u < p->unit.n; u++) {
		const struct skel *sk = p->unit.v[u].sk;

		for (uint32_t i = 0; i < sk->ninit; i++) {
			const struct sk_val *at = &sk->val[sk->init[i].addr];
			const struct sk_val *v = &sk->val[sk->init[i].val];

			if (at->kind != SK_FIELD || v->kind != SK_GLOBAL ||
			    strncmp(rc_str(&p->str, at->b), "lockdep_map@", 12) ||
			    strcmp(rc_str(&p->str, at->c), "name") ||
			    literal(p, v->a) == RC_NONE)
				continue;
			add_name(nm, literal(p, v->a), lock_of_value(p, u, at->a, 0));
		}
	}
}

void lock_names(struct prog *p, struct lock_names *out)
{
	struct namer nm = { .p = p, .out = out };

	from_calls(&nm);
	from_initialisers(&nm);
	rc_map_free(&nm.seen);
}
