// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which lock may be taken while which is held.
 *
 * What a function may take is a set, closed over its callees whatever the kind
 * of the call. An event that holds a lock orders it before everything that the
 * event may take. Where one of the two is the lock that a parameter points to,
 * the pair waits for the callers, who know.
 */
#include <stdlib.h>

#include "order.h"

static uint64_t *set_of(const struct order *o, uint64_t *sets, uint32_t i)
{
	return sets + (size_t)i * o->words;
}

static bool has(const uint64_t *set, uint32_t i)
{
	return set[i / 64] >> (i % 64) & 1;
}

static bool add(uint64_t *set, uint32_t i)
{
	bool new = !has(set, i);

	set[i / 64] |= 1ull << (i % 64);
	return new;
}

static bool join(const struct order *o, uint64_t *to, const uint64_t *from)
{
	bool new = false;

	for (uint32_t w = 0; w < o->words; w++) {
		new |= from[w] & ~to[w];
		to[w] |= from[w];
	}
	return new;
}

static void enqueue(struct order *o, uint32_t n)
{
	if (o->queued[n])
		return;
	o->queued[n] = true;
	rc_push(&o->work, n);
}

static void enqueue_callers(struct order *o, uint32_t n)
{
	const struct rc_vec_u32 *c = &o->p->fn.v[n].caller;

	for (uint32_t i = 0; i < c->n; i += 2)
		enqueue(o, c->v[i]);
}

/* The lock of a callee's parameter as the caller at @ev sees it. */
static uint32_t seen_by_caller(struct order *o, uint32_t n, uint32_t ev, uint32_t lock)
{
	const struct fn *f = &o->p->fn.v[n];
	const struct sk_event *e = &f->sk->event[ev];

	if (!(lock & LOCK_PARAM))
		return lock;
	lock &= ~LOCK_PARAM;
	return lock < e->nargs ? lock_of_value(o->p, f->unit, e->args[lock], 0) : RC_NONE;
}

static bool add_pair(struct order *o, uint32_t n, uint32_t a, uint32_t b)
{
	struct rc_vec_u32 *v = &o->pair.v[n];

	if (a == RC_NONE || b == RC_NONE || a == b)
		return false;
	if (!((a | b) & LOCK_PARAM)) {
		if (a < o->n && b < o->n)
			add(set_of(o, o->after, a), b);
		return false;
	}
	for (uint32_t i = 0; i < v->n; i += 2)
		if (v->v[i] == a && v->v[i + 1] == b)
			return false;
	rc_push(v, a);
	rc_push(v, b);
	return true;
}

/* What event @ev of @n itself takes: a set, and parameters as bits. */
static void taken_at(struct order *o, uint32_t n, uint32_t ev, uint64_t *set, uint64_t *params)
{
	const struct fn *f = &o->p->fn.v[n];
	const struct call *c = &f->call[ev];
	uint32_t l;

	memset(set, 0, o->words * sizeof(*set));
	*params = 0;
	if (c->prim && c->prim->op == P_LOCK && c->lock != RC_NONE) {
		if (c->lock & LOCK_PARAM)
			*params |= 1ull << (c->lock & ~LOCK_PARAM & 63);
		else if (c->lock < o->n)
			add(set, c->lock);
	}
	for (uint32_t t = c->first; t < c->first + c->n; t++) {
		const struct target *tg = &o->p->target.v[t];

		join(o, set, set_of(o, o->acquires, tg->fn));
		if (!same_arguments(tg->kind))
			continue;
		for (uint32_t k = 0; k < 64; k++) {
			if (!(o->params[tg->fn] >> k & 1))
				continue;
			l = seen_by_caller(o, n, ev, LOCK_PARAM | k);
			if (l == RC_NONE)
				continue;
			if (l & LOCK_PARAM)
				*params |= 1ull << (l & ~LOCK_PARAM & 63);
			else if (l < o->n)
				add(set, l);
		}
	}
}

static void pairs_at(struct order *o, uint32_t n, uint32_t ev, const uint64_t *set,
		     uint64_t params, bool *new)
{
	const struct fn *f = &o->p->fn.v[n];
	const struct call *c = &f->call[ev];
	uint64_t may = c->st.may;

	for (uint32_t i = 0; may && i < f->lock.n; i++, may >>= 1) {
		uint32_t held = f->lock.v[i];

		if (!(may & 1))
			continue;
		if (!(held & LOCK_PARAM)) {
			if (held < o->n)
				join(o, set_of(o, o->after, held), set);
		} else {
			for (uint32_t l = 0; l < o->n; l++)
				if (has(set, l))
					*new |= add_pair(o, n, held, l);
		}
		for (uint32_t k = 0; k < 64; k++)
			if (params >> k & 1)
				*new |= add_pair(o, n, held, LOCK_PARAM | k);
	}
	for (uint32_t t = c->first; t < c->first + c->n; t++) {
		const struct target *tg = &o->p->target.v[t];

		if (!same_arguments(tg->kind))
			continue;
		for (uint32_t i = 0; i < o->pair.v[tg->fn].n; i += 2)
			*new |= add_pair(o, n, seen_by_caller(o, n, ev, o->pair.v[tg->fn].v[i]),
					 seen_by_caller(o, n, ev, o->pair.v[tg->fn].v[i + 1]));
	}
}

static void visit(struct order *o, uint32_t n, uint64_t *set)
{
	const struct fn *f = &o->p->fn.v[n];
	bool new = false;

	for (uint32_t i = 0; i < f->sk->nevents; i++) {
		const struct call *c = &f->call[i];
		uint64_t params;

		if (!c->st.reached || (!c->n && !c->prim))
			continue;
		taken_at(o, n, i, set, &params);
		new |= join(o, set_of(o, o->acquires, n), set);
		new |= params & ~o->params[n];
		o->params[n] |= params;
		pairs_at(o, n, i, set, params, &new);
	}
	if (new)
		enqueue_callers(o, n);
}

/* Parameters of @n that are locks, its callees' included; true if one is new. */
static bool lock_params(struct prog *p, uint64_t *params, uint32_t n)
{
	const struct fn *f = &p->fn.v[n];
	uint64_t before = params[n];

	for (uint32_t i = 0; i < f->lock.n; i++)
		if (f->lock.v[i] & LOCK_PARAM)
			params[n] |= 1ull << (f->lock.v[i] & ~LOCK_PARAM & 63);
	for (uint32_t i = 0; i < f->sk->nevents; i++) {
		const struct call *c = &f->call[i];
		const struct sk_event *e = &f->sk->event[i];

		if (c->prim && c->lock != RC_NONE && c->lock & LOCK_PARAM)
			params[n] |= 1ull << (c->lock & ~LOCK_PARAM & 63);
		for (uint32_t t = c->first; t < c->first + c->n; t++) {
			uint64_t theirs = params[p->target.v[t].fn];

			for (uint32_t k = 0; k < e->nargs && k < 64; k++) {
				uint32_t l;

				if (!(theirs >> k & 1))
					continue;
				l = lock_of_value(p, f->unit, e->args[k], 0);
				if (l != RC_NONE && l & LOCK_PARAM)
					params[n] |= 1ull << (l & ~LOCK_PARAM & 63);
			}
		}
	}
	return params[n] != before;
}

/*
 * Every lock that an argument names gets its number before the sets are made,
 * since a set is as long as there are locks.
 */
static void number_locks(struct order *o)
{
	uint64_t *params = rc_alloc(o->p->fn.n * sizeof(*params) + 1);

	for (uint32_t n = 0; n < o->p->fn.n; n++)
		enqueue(o, n);
	for (uint32_t i = 0; i < o->work.n; i++) {
		o->queued[o->work.v[i]] = false;
		if (lock_params(o->p, params, o->work.v[i]))
			enqueue_callers(o, o->work.v[i]);
	}
	o->work.n = 0;
	free(params);
}

void order_build(struct order *o, struct prog *p)
{
	uint64_t *set;

	memset(o, 0, sizeof(*o));
	o->p = p;
	o->queued = rc_alloc(p->fn.n + 1);
	number_locks(o);
	o->n = p->lock.n;
	o->words = o->n / 64 + 1;
	o->acquires = rc_alloc((size_t)p->fn.n * o->words * sizeof(*set) + 1);
	o->after = rc_alloc((size_t)o->n * o->words * sizeof(*set) + 1);
	o->params = rc_alloc(p->fn.n * sizeof(*o->params) + 1);
	set = rc_alloc(o->words * sizeof(*set));
	for (uint32_t n = 0; n < p->fn.n; n++) {
		rc_push(&o->pair, ((struct rc_vec_u32){}));
		enqueue(o, n);
	}
	for (uint32_t i = 0; i < o->work.n; i++) {
		uint32_t n = o->work.v[i];

		o->queued[n] = false;
		visit(o, n, set);
	}
	free(set);
}

bool order_has(const struct order *o, uint32_t a, uint32_t b)
{
	return a < o->n && b < o->n && has(o->after + (size_t)a * o->words, b);
}

void order_free(struct order *o)
{
	for (uint32_t i = 0; i < o->pair.n; i++)
		rc_vec_free(&o->pair.v[i]);
	rc_vec_free(&o->pair);
	rc_vec_free(&o->work);
	free(o->acquires);
	free(o->after);
	free(o->params);
	free(o->queued);
}
