// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an event does to the locks and the depth of its function, and what a
 * function as a whole does to those of its callers.
 */
#include "flow.h"

static uint8_t shift(uint8_t set, int delta)
{
	for (; delta > 0; delta--)
		set = (uint8_t)((set << 1) | (set & 0x80));
	for (; delta < 0; delta++)
		set = (uint8_t)((set >> 1) | (set & 1));
	return set;
}

static uint64_t lock_bit(struct fl *fl, uint32_t lock)
{
	struct rc_vec_u32 *l = &fl->f->lock;

	if (lock == RC_NONE)
		return 0;
	for (uint32_t i = 0; i < l->n; i++)
		if (l->v[i] == lock)
			return 1ull << i;
	if (l->n >= 64) {
		fl->p->lost_locks++;
		return 0;
	}
	rc_push(l, lock);
	return 1ull << (l->n - 1);
}

static void acquire(struct state *s, uint64_t bit)
{
	s->may |= bit;
	s->must |= bit;
	s->dropped &= ~bit;
	s->may_drop &= ~bit;
}

static void release(struct state *s, uint64_t bit)
{
	s->may_drop |= bit & ~s->may;
	if (!(s->may & bit))
		s->dropped |= bit;
	s->may &= ~bit;
	s->must &= ~bit;
}

/* The callee whose effects on locks an event has: a direct one. */
static const struct fn *only_target(struct fl *fl, const struct call *c)
{
	const struct fn *found = NULL;

	for (uint32_t t = c->first; t < c->first + c->n; t++) {
		if (fl->p->target.v[t].kind != T_DIRECT)
			continue;
		if (found)
			return NULL;
		found = &fl->p->fn.v[fl->p->target.v[t].fn];
	}
	return found;
}

static uint32_t subst(struct fl *fl, const struct sk_event *e, uint32_t lock)
{
	uint32_t k = lock & ~LOCK_PARAM;

	if (!(lock & LOCK_PARAM))
		return lock;
	return k < e->nargs ? lock_of_value(fl->p, fl->f->unit, e->args[k], 0) : RC_NONE;
}

/* The lock that the constructor of the guard in local variable @local took. */
static void end_guard(struct fl *fl, const struct sk_event *e, struct state *s)
{
	const struct sk_val *a = e->nargs ? prog_val(fl->p, fl->f->unit, e->args[0]) : NULL;

	if (!a || a->kind != SK_ALLOCA)
		return;
	for (uint32_t i = 0; i < fl->f->sk->nevents; i++) {
		const struct sk_event *ctor = &fl->f->sk->event[i];
		const struct fn *g;

		if (ctor->kind != SK_E_CALL || ctor->into != a->a)
			continue;
		g = only_target(fl, &fl->f->call[i]);
		if (!g || strncmp(rc_str(&fl->p->str, g->name), "class_", 6))
			continue;
		for (uint32_t k = 0; k < g->out.n; k++)
			if (g->out.v[k].delta > 0)
				release(s, lock_bit(fl, subst(fl, ctor, g->out.v[k].lock)));
	}
}

/* Does the call have its effect at this outcome of its result? */
static bool holds(uint8_t when, bool branch, int nonzero)
{
	if (when == W_ALWAYS)
		return nonzero < 0;
	if (nonzero < 0)
		return !branch;
	return (when == W_NONZERO) == (nonzero == 1);
}

void flow_transfer(struct fl *fl, uint32_t i, struct state *s, int nonzero)
{
	const struct sk_event *e = &fl->f->sk->event[i];
	struct call *c = &fl->f->call[i];
	const struct fn *g;

	if (c->prim) {
		if (!holds(c->prim->when, c->branch, nonzero))
			return;
		switch (c->prim->op) {
		case P_LOCK:
		case P_TRYLOCK:
			acquire(s, lock_bit(fl, c->lock));
			break;
		case P_UNLOCK:
			release(s, lock_bit(fl, c->lock));
			break;
		case P_ATOMIC:
			s->depth = shift(s->depth, c->prim->delta);
			break;
		case P_SCOPE:
			s->scope = c->prim->delta > 0;
			break;
		case P_SIGNAL:
			s->signal = c->prim->delta > 0;
			break;
		default:
			break;
		}
		return;
	}
	g = only_target(fl, c);
	if (!g)
		return;
	if (nonzero < 0 && g->depth_out)
		s->depth = shift(s->depth, g->depth_out);
	if (nonzero < 0 && g->guard)
		end_guard(fl, e, s);
	for (uint32_t k = 0; k < g->out.n; k++) {
		const struct effect *o = &g->out.v[k];
		uint64_t bit;

		if (!holds(o->when, c->branch, nonzero))
			continue;
		bit = lock_bit(fl, subst(fl, e, o->lock));
		if (o->delta > 0)
			acquire(s, bit);
		else
			release(s, bit);
	}
}

static int depth_out(const struct fl *fl, uint8_t set)
{
	int low = 0;

	if (!set || (set & 1 << DEPTH_ZERO && !fl->f->unlocker))
		return 0;
	while (!(set >> low & 1))
		low++;
	return low - DEPTH_ZERO;
}

/* How the lock came to be held: when, and whether it is also released here. */
static uint8_t lock_when(struct fl *fl, uint32_t lock, bool *released)
{
	uint8_t when = W_ALWAYS;

	*released = false;
	for (uint32_t i = 0; i < fl->f->sk->nevents; i++) {
		const struct call *c = &fl->f->call[i];
		const struct fn *g = c->prim ? NULL : only_target(fl, c);

		if (c->prim && c->lock == lock) {
			if (c->prim->op == P_UNLOCK)
				*released = true;
			else if (c->prim->when != W_ALWAYS)
				when = c->prim->when;
		}
		for (uint32_t k = 0; g && k < g->out.n; k++) {
			if (subst(fl, &fl->f->sk->event[i], g->out.v[k].lock) != lock)
				continue;
			if (g->out.v[k].delta < 0)
				*released = true;
			else if (g->out.v[k].when != W_ALWAYS)
				when = g->out.v[k].when;
		}
	}
	return when;
}

/* By its name, the function may return with a lock held. */
static bool takes_for_caller(const struct fl *fl)
{
	static const char *const words[] = {
		"lock", "reserv", "acquire", "begin", "start", "enter", "get", "constructor",
	};
	const char *name = fn_name(fl->p, fl->n);

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strstr(name, words[i]))
			return true;
	return false;
}

bool flow_summarise(struct fl *fl)
{
	struct fn *f = fl->f;
	const struct state *end = &f->end;
	uint32_t n = 0;
	int depth = depth_out(fl, end->reached ? end->depth : 1 << DEPTH_ZERO);
	bool changed = depth != f->depth_out;

	f->depth_out = depth;
	for (uint32_t i = 0; end->reached && i < f->lock.n; i++) {
		struct effect o = { .lock = f->lock.v[i] };
		bool released;

		if (end->may >> i & 1) {
			o.delta = 1;
			o.when = lock_when(fl, o.lock, &released);
			/* Held on some paths: believed of what exists to take locks. */
			if (!(end->must >> i & 1) && !fl->p->every_lock &&
			    ((o.when == W_ALWAYS && released) || !takes_for_caller(fl)))
				continue;
			if (end->must >> i & 1 && o.when != W_NONZERO)
				o.when = released ? W_ALWAYS : o.when;
		} else if (end->dropped >> i & 1 || (f->unlocker && end->may_drop >> i & 1)) {
			o.delta = -1;
		} else {
			continue;
		}
		if (n < f->out.n && f->out.v[n].lock == o.lock && f->out.v[n].delta == o.delta &&
		    f->out.v[n].when == o.when) {
			n++;
			continue;
		}
		changed = true;
		f->out.n = n;
		rc_push(&f->out, o);
		n++;
	}
	changed |= n != f->out.n;
	f->out.n = n;
	return changed;
}
