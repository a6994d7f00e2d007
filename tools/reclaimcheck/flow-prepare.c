// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the events of a function are, before any state is known: which lock each
 * one means, which value of a parameter leads to it.
 */
#include <stdlib.h>

#include "flow.h"

struct walk {
	const struct sk_fn *sk;
	bool *seen;
	uint32_t *stack, from, succ;	/* the edge that is not taken */
};

static void reach(struct walk *w)
{
	uint32_t n = 0;

	memset(w->seen, 0, w->sk->nblocks);
	w->seen[0] = true;
	w->stack[n++] = 0;
	while (n) {
		uint32_t b = w->stack[--n];
		const struct sk_block *bl = &w->sk->block[b];

		for (uint32_t k = 0; k < bl->nsucc; k++) {
			if ((b == w->from && k == w->succ) || w->seen[bl->succ[k]])
				continue;
			w->seen[bl->succ[k]] = true;
			w->stack[n++] = bl->succ[k];
		}
	}
}

/* Tags what is not reached any more without the branch from block @b to its @k-th successor. */
static void tag_behind(struct fn *f, struct walk *w, uint32_t b, uint32_t k, uint32_t param,
		       uint32_t value)
{
	w->from = b;
	w->succ = k;
	reach(w);
	for (uint32_t t = 0; t < f->sk->nblocks; t++) {
		const struct sk_block *to = &f->sk->block[t];

		if (w->seen[t])
			continue;
		for (uint32_t i = to->first; i < to->first + to->n; i++) {
			f->call[i].tagged = true;
			f->call[i].tag = param;
			f->call[i].value = value;
			f->tags |= 1ull << param;
		}
	}
}

/* Is parameter @n a bool, by the function's type? */
static bool is_bool(const char *sig, uint32_t n)
{
	const char *s = strchr(sig, '(');

	while (s && n--)
		s = strchr(s + 1, ',');
	if (!s)
		return false;
	s += 1 + strspn(s + 1, " ");
	return !strncmp(s, "i1", 2) && (s[2] == ',' || s[2] == ')');
}

/*
 * Events that only one value of a parameter leads to. The governors of devfreq, notifiers
 * and ioctls do different things in one function, and a bool asks for one or the other.
 */
static void tag_events(const struct prog *p, struct fn *f)
{
	const char *sig = rc_str(&p->str, f->sk->sig);
	struct walk w = { .sk = f->sk };

	w.seen = rc_alloc(f->sk->nblocks + 1);
	w.stack = rc_alloc(sizeof(*w.stack) * (f->sk->nblocks + 1));
	for (uint32_t b = 0; b < f->sk->nblocks && f->sk->nblocks < 2000; b++) {
		const struct sk_block *bl = &f->sk->block[b];

		for (uint32_t k = 0; bl->sw < 64 && k < bl->nsucc; k++)
			if (bl->one[k])
				tag_behind(f, &w, b, k, bl->sw, (uint32_t)bl->value[k]);
		if (bl->sw != RC_NONE || bl->cond_param >= 64 || bl->cond_mask != UINT64_MAX ||
		    bl->nsucc != 2 || !is_bool(sig, bl->cond_param))
			continue;
		tag_behind(f, &w, b, 0, bl->cond_param, bl->nonzero);
		tag_behind(f, &w, b, 1, bl->cond_param, !bl->nonzero);
	}
	free(w.seen);
	free(w.stack);
}

/*
 * lock_acquire(map, subclass, trylock, read, check, ...): a try is no dependency,
 * and without "check" lockdep keeps none at all.
 */
static const struct prim *as_asked(struct prog *p, const struct fn *f, const struct sk_event *e,
				   const struct prim *prim)
{
	static const struct prim try = { .name = "lock_acquire", .op = P_TRYLOCK };
	const struct sk_val *v;

	if (!prim || strcmp(prim->name, "lock_acquire") || e->nargs < 5)
		return prim;
	v = prog_val(p, f->unit, e->args[4]);
	if (v->kind == SK_CONST && !v->num)
		return NULL;
	v = prog_val(p, f->unit, e->args[2]);
	return v->kind == SK_CONST && v->num ? &try : prim;
}

/* A lockdep map that lies in local variable @local is a copy of what is left here. */
static uint32_t copied_map(struct prog *p, const struct fn *f, uint32_t local)
{
	for (uint32_t i = 0; i < f->sk->nevents; i++) {
		const struct sk_event *e = &f->sk->event[i];
		const struct sk_val *callee = prog_val(p, f->unit, e->callee), *to;

		if (e->kind != SK_E_CALL || callee->kind != SK_FUNC || e->nargs < 2 ||
		    strncmp(rc_str(&p->str, callee->a), "lockdep_copy_map", 16))
			continue;
		to = prog_val(p, f->unit, e->args[0]);
		if (to->kind == SK_ALLOCA && to->a == local)
			return lock_of_value(p, f->unit, e->args[1], 0);
	}
	return RC_NONE;
}

/* The lock that a primitive is about: of the class, and with P_LOCK the subclass. */
static uint32_t lock_of_event(struct prog *p, const struct fn *f, const struct sk_event *e,
			      const struct prim *prim)
{
	const struct sk_val *sub = NULL, *at = prog_val(p, f->unit, e->args[prim->lock]);
	uint32_t num = 0;

	if (p->every_lock && at->kind == SK_ALLOCA)
		return copied_map(p, f, at->a);
	if (prim->op == P_LOCK && prim->sub && prim->sub - 1u < e->nargs)
		sub = prog_val(p, f->unit, e->args[prim->sub - 1]);
	if (sub && sub->kind == SK_CONST && sub->num < 8)
		num = (uint32_t)sub->num;
	return lock_of_value(p, f->unit, e->args[prim->lock], num);
}

static void find_locks(struct prog *p, struct fn *f)
{
	for (uint32_t i = 0; i < f->sk->nevents; i++) {
		const struct sk_event *e = &f->sk->event[i];
		struct call *c = &f->call[i];

		c->lock = RC_NONE;
		if (p->every_lock)
			c->prim = as_asked(p, f, e, c->prim);
		if (!c->prim || c->prim->lock >= e->nargs)
			continue;
		if (c->prim->op == P_LOCK || c->prim->op == P_TRYLOCK || c->prim->op == P_UNLOCK)
			c->lock = lock_of_event(p, f, e, c->prim);
	}
}

/* The class of a primitive's lock, if it is one and not a parameter's. */
static const char *class_at(const struct prog *p, const struct call *c, uint8_t op)
{
	if (!c->prim || c->prim->op != op || c->lock == RC_NONE || c->lock & LOCK_PARAM)
		return NULL;
	return rc_str(&p->str, p->lock.v[c->lock].id);
}

/* An unlock does not name the subclass: it is the one that was taken. */
static void find_subclasses(struct prog *p, struct fn *f)
{
	for (uint32_t i = 0; i < f->sk->nevents; i++) {
		struct call *c = &f->call[i];
		const char *id = class_at(p, c, P_UNLOCK), *taken;
		size_t len = id ? strlen(id) : 0;

		for (uint32_t k = 0; id && k < f->sk->nevents; k++) {
			taken = class_at(p, &f->call[k], P_LOCK);
			if (taken && !strncmp(taken, id, len) && taken[len] == '/')
				c->lock = f->call[k].lock;
		}
	}
}

void flow_prepare(struct prog *p, uint32_t n)
{
	struct fn *f = &p->fn.v[n];
	const char *name = fn_name(p, n);
	size_t len = strlen(name);

	f->guard = len > 17 && !strncmp(name, "class_", 6) &&
		   !strcmp(name + len - 11, "_destructor");
	tag_events(p, f);
	/* clk_prepare_unlock() releases, though not at each nested call. */
	f->unlocker = f->guard || strstr(name, "unlock");
	for (uint32_t i = 0; i < f->sk->nblocks; i++)
		if (f->sk->block[i].cond != RC_NONE)
			f->call[f->sk->block[i].cond].branch = true;
	find_locks(p, f);
	find_subclasses(p, f);
}
