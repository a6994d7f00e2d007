// SPDX-License-Identifier: GPL-2.0-only
/*
 * Within a function: what is held before each event, on which paths, and how
 * much deeper in atomic context it is than where the function was entered.
 *
 * Depth is relative, and a set: rpm_resume() is entered with a spin lock held,
 * drops it, calls the driver and takes it again; the driver is called at -1.
 */
#include <stdlib.h>

#include "program.h"

struct fl {
	struct prog *p;
	struct fn *f;
	uint32_t n;
	struct state *in;	/* at the start of each block */
	RC_DECLARE_VEC(uint32_t) todo;
	bool *queued;
};

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

/*
 * What event @i does to the state; @nonzero: -1 at the call itself, else at a
 * branch on its result, and only what depends on it.
 */
static void transfer(struct fl *fl, uint32_t i, struct state *s, int nonzero)
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

static bool merge(struct state *to, const struct state *from)
{
	struct state old = *to;

	if (!to->reached) {
		*to = *from;
		to->reached = true;
		return true;
	}
	to->depth |= from->depth;
	to->may |= from->may;
	to->must &= from->must;
	to->dropped &= from->dropped;
	to->may_drop |= from->may_drop;
	to->scope &= from->scope;
	to->signal |= from->signal;
	return old.depth != to->depth || old.may != to->may || old.must != to->must ||
	       old.dropped != to->dropped || old.may_drop != to->may_drop ||
	       old.scope != to->scope ||
	       old.signal != to->signal;
}

static void queue(struct fl *fl, uint32_t b)
{
	if (!fl->queued[b]) {
		fl->queued[b] = true;
		rc_push(&fl->todo, b);
	}
}

static void run_block(struct fl *fl, uint32_t n)
{
	const struct sk_block *b = &fl->f->sk->block[n];
	struct state s = fl->in[n];

	for (uint32_t i = b->first; i < b->first + b->n; i++) {
		fl->f->call[i].st = s;
		transfer(fl, i, &s, -1);
	}
	for (uint32_t k = 0; k < b->nsucc; k++) {
		struct state out = s;

		if (b->cond != RC_NONE && b->nsucc == 2)
			transfer(fl, b->cond, &out, (k == 0) == b->nonzero);
		if (merge(&fl->in[b->succ[k]], &out))
			queue(fl, b->succ[k]);
	}
	if (b->ret)
		merge(&fl->f->end, &s);
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

/* True if the function's effect on its caller is not what it was. */
static bool summarise(struct fl *fl)
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

static bool run(struct prog *p, uint32_t n)
{
	struct fl fl = { .p = p, .f = &p->fn.v[n], .n = n };
	uint32_t nb = fl.f->sk->nblocks;
	bool changed;

	fl.in = rc_alloc(sizeof(*fl.in) * (nb + 1));
	fl.queued = rc_alloc(nb + 1);
	memset(&fl.f->end, 0, sizeof(fl.f->end));
	fl.in[0] = (struct state){ .depth = 1 << DEPTH_ZERO, .reached = true };
	if (nb)
		queue(&fl, 0);
	while (fl.todo.n) {
		uint32_t b = fl.todo.v[--fl.todo.n];

		fl.queued[b] = false;
		run_block(&fl, b);
	}
	changed = summarise(&fl);
	free(fl.in);
	free(fl.queued);
	rc_vec_free(&fl.todo);
	return changed;
}

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

/*
 * Events that only one value of a parameter leads to: what is not reached any
 * more without the branch for that value. The governors of devfreq, notifiers
 * and ioctls do different things in one function.
 */
static void tag_events(struct fn *f)
{
	struct walk w = { .sk = f->sk };

	w.seen = rc_alloc(f->sk->nblocks + 1);
	w.stack = rc_alloc(sizeof(*w.stack) * (f->sk->nblocks + 1));
	for (uint32_t b = 0; b < f->sk->nblocks && f->sk->nblocks < 2000; b++) {
		const struct sk_block *bl = &f->sk->block[b];

		if (bl->sw == RC_NONE || bl->sw >= 64)
			continue;
		for (uint32_t k = 0; k < bl->nsucc; k++) {
			if (!bl->one[k])
				continue;
			w.from = b;
			w.succ = k;
			reach(&w);
			for (uint32_t t = 0; t < f->sk->nblocks; t++) {
				const struct sk_block *to = &f->sk->block[t];

				if (w.seen[t])
					continue;
				for (uint32_t i = to->first; i < to->first + to->n; i++) {
					f->call[i].tagged = true;
					f->call[i].tag = bl->sw;
					f->call[i].value = (uint32_t)bl->value[k];
					f->tags |= 1ull << bl->sw;
				}
			}
		}
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

static void prepare(struct prog *p, uint32_t n)
{
	struct fn *f = &p->fn.v[n];
	const char *name = fn_name(p, n);
	size_t len = strlen(name);

	f->guard = len > 17 && !strncmp(name, "class_", 6) &&
		   !strcmp(name + len - 11, "_destructor");
	tag_events(f);
	/* clk_prepare_unlock() releases, though not at each nested call. */
	f->unlocker = f->guard || strstr(name, "unlock");
	for (uint32_t i = 0; i < f->sk->nblocks; i++)
		if (f->sk->block[i].cond != RC_NONE)
			f->call[f->sk->block[i].cond].branch = true;
	for (uint32_t i = 0; i < f->sk->nevents; i++) {
		const struct sk_event *e = &f->sk->event[i];
		struct call *c = &f->call[i];
		const struct sk_val *sub;
		uint64_t num = 0;

		c->lock = RC_NONE;
		if (p->every_lock)
			c->prim = as_asked(p, f, e, c->prim);
		if (!c->prim || c->prim->lock >= e->nargs)
			continue;
		switch (c->prim->op) {
		case P_LOCK:
			if (c->prim->sub && c->prim->sub - 1u < e->nargs) {
				sub = prog_val(p, f->unit, e->args[c->prim->sub - 1]);
				num = sub->kind == SK_CONST && sub->num < 8 ? sub->num : 0;
			}
			__attribute__((__fallthrough__));
		case P_TRYLOCK:
		case P_UNLOCK:
			c->lock = lock_of_value(p, f->unit, e->args[c->prim->lock], (uint32_t)num);
			sub = prog_val(p, f->unit, e->args[c->prim->lock]);
			if (p->every_lock && sub->kind == SK_ALLOCA)
				c->lock = copied_map(p, f, sub->a);
			break;
		default:
			break;
		}
	}
	/* An unlock does not name the subclass: it is the one that was taken. */
	for (uint32_t i = 0; i < f->sk->nevents; i++) {
		struct call *c = &f->call[i];
		const char *id;

		if (!c->prim || c->prim->op != P_UNLOCK || c->lock == RC_NONE ||
		    c->lock & LOCK_PARAM)
			continue;
		id = rc_str(&p->str, p->lock.v[c->lock].id);
		for (uint32_t k = 0; k < f->sk->nevents; k++) {
			uint32_t l = f->call[k].lock;
			const char *taken;

			if (!f->call[k].prim || f->call[k].prim->op != P_LOCK ||
			    l == RC_NONE || l & LOCK_PARAM)
				continue;
			taken = rc_str(&p->str, p->lock.v[l].id);
			if (l != c->lock && !strncmp(taken, id, strlen(id)) &&
			    taken[strlen(id)] == '/')
				c->lock = l;
		}
	}
}

/* Callees before callers, as far as there is such an order. */
static void order(const struct prog *p, struct rc_vec_u32 *out)
{
	struct rc_vec_u32 stack = {};
	uint32_t *at = rc_alloc(sizeof(*at) * (p->fn.n + 1));
	bool *seen = rc_alloc(p->fn.n + 1);

	for (uint32_t n = 0; n < p->fn.n; n++) {
		if (seen[n])
			continue;
		seen[n] = true;
		rc_push(&stack, n);
		while (stack.n) {
			uint32_t f = stack.v[stack.n - 1];
			const struct fn *fn = &p->fn.v[f];
			uint32_t i = at[f]++;

			if (i >= fn->sk->nevents) {
				rc_push(out, f);
				stack.n--;
				continue;
			}
			for (uint32_t t = 0; t < fn->call[i].n; t++) {
				const struct target *tg = &p->target.v[fn->call[i].first + t];

				if (tg->kind == T_DIRECT && !seen[tg->fn]) {
					seen[tg->fn] = true;
					rc_push(&stack, tg->fn);
				}
			}
		}
	}
	free(at);
	free(seen);
	rc_vec_free(&stack);
}

/*
 * What is only ever called within a noreclaim scope is within one: helpers of
 * an error capture take locks and allocate under them.
 */
static void inherit_scopes(struct prog *p)
{
	bool *within = rc_alloc(p->fn.n + 1), again = true;

	for (uint32_t n = 0; n < p->fn.n; n++)
		within[n] = p->fn.v[n].caller.n;
	while (again) {
		again = false;
		for (uint32_t n = 0; n < p->fn.n; n++) {
			const struct rc_vec_u32 *c = &p->fn.v[n].caller;

			for (uint32_t i = 0; within[n] && i < c->n; i += 2) {
				const struct fn *g = &p->fn.v[c->v[i]];

				if (within[c->v[i]] || g->call[c->v[i + 1]].st.scope)
					continue;
				within[n] = false;
				again = true;
			}
		}
	}
	for (uint32_t n = 0; n < p->fn.n; n++)
		for (uint32_t i = 0; within[n] && i < p->fn.v[n].sk->nevents; i++)
			p->fn.v[n].call[i].st.scope = true;
	free(within);
}

void flow(struct prog *p)
{
	struct rc_vec_u32 ord = {};
	bool *dirty = rc_alloc(p->fn.n + 1), again = true;

	for (uint32_t n = 0; n < p->fn.n; n++)
		prepare(p, n);
	order(p, &ord);
	memset(dirty, 1, p->fn.n);
	for (int round = 0; again && round < 8; round++) {
		again = false;
		for (uint32_t i = 0; i < ord.n; i++) {
			uint32_t n = ord.v[i];
			struct fn *f = &p->fn.v[n];

			if (!dirty[n])
				continue;
			dirty[n] = false;
			if (!run(p, n))
				continue;
			for (uint32_t c = 0; c < f->caller.n; c += 2) {
				dirty[f->caller.v[c]] = true;
				again = true;
			}
		}
	}
	inherit_scopes(p);
	free(dirty);
	rc_vec_free(&ord);
}
