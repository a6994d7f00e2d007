// SPDX-License-Identifier: GPL-2.0-only
/*
 * How likely it is that a call leads to where it may lead, for the device of a root:
 * what stands behind the score of a finding.
 */
#include <stdlib.h>

#include "search.h"

/* A driver that submits jobs itself, and not those of the root. */
static bool other_gpu(const struct search *s, const char *root, const char *to)
{
	if (same_driver(root, to))
		return false;
	for (uint32_t i = 0; i < s->fs->root.n; i++) {
		const struct root *r = &s->fs->root.v[i];

		if (!strcmp(r->why, "run_job") && same_driver(fn_file(s->p, r->fn), to))
			return true;
	}
	return false;
}

static double pointer(const struct search *s, uint32_t caller, const struct target *t)
{
	const char *root = fn_file(s->p, s->fs->root.v[s->root].fn);
	const char *to = fn_file(s->p, t->fn);

	/* Even if it alone has such a callback: nothing hands it the object of another. */
	if (other_gpu(s, root, to))
		return 0.1 / t->fan;
	if (t->fan <= 1)
		return 1.0;
	if (same_driver(root, to))
		return 1.0;
	/* A core's dispatch among its own: regmap's buses, not the machine's. */
	if (!strcmp(fn_file(s->p, caller), to))
		return 1.0 / t->fan;
	if (supplies(root, to))
		return t->fan > 8 ? 0.6 : 0.8;
	/* Qualcomm's clocks do not feed another vendor's GPU. */
	return (qualcomm(to) ? 0.1 : 1.0) / t->fan;
}

#define MAX_HOPS 8

/* Does the driver of @root call @fn, but for calls through pointers? */
static bool called_by_driver(const struct search *s, const char *root, uint32_t fn)
{
	const struct prog *p = s->p;
	struct rc_vec_u32 met = {};
	uint32_t at = 0, end;
	bool found = false;

	rc_push(&met, fn);
	for (int hops = 0; hops < MAX_HOPS && !found; hops++) {
		for (end = met.n; at < end && !found; at++) {
			const struct rc_vec_u32 *c = &p->fn.v[met.v[at]].caller;

			for (uint32_t i = 0; i + 1 < c->n && !found; i += 2) {
				const struct fn *g = &p->fn.v[c->v[i]];
				uint32_t callee = g->sk->event[c->v[i + 1]].callee;

				if (prog_val(p, g->unit, callee)->kind != SK_FUNC)
					continue;
				found = same_driver(root, fn_file(p, c->v[i]));
				rc_set_add(&met, c->v[i]);
			}
		}
	}
	rc_vec_free(&met);
	return found;
}

static bool lies_in_variable(const struct prog *p, uint32_t unit, uint32_t val)
{
	const struct sk_val *v = prog_val(p, unit, val);

	while (v->kind == SK_FIELD)
		v = prog_val(p, unit, v->a);
	return v->kind == SK_GLOBAL;
}

/*
 * A head that is a variable calls whoever registers. One that each object has calls
 * those that registered with this object: what the root's driver had registered, as by
 * devfreq_add_device(), but hardly what another driver asked of a device of its own.
 */
static double notifier(const struct search *s, uint32_t caller, uint32_t ev,
		       const struct target *t)
{
	const char *root = fn_file(s->p, s->fs->root.v[s->root].fn);
	const char *to = fn_file(s->p, t->fn);
	const struct fn *f = &s->p->fn.v[caller];
	const struct sk_event *e = &f->sk->event[ev];

	if (same_driver(root, to) || !e->nargs || lies_in_variable(s->p, f->unit, e->args[0]))
		return 1.0;
	if (supplies(root, to))
		return 0.8;
	for (uint32_t i = 0; i < s->p->listener.n; i++) {
		const struct listener *l = &s->p->listener.v[i];

		if (l->fn == t->fn && called_by_driver(s, root, l->by))
			return 1.0;
	}
	return 0.3;
}

/*
 * run_job runs in the one work of its scheduler, and the other, the timeout, waits for it:
 * a job that waited for either would wait for itself. Those of another scheduler are left.
 */
bool own_work(const struct prog *p, const struct target *t)
{
	const char *name = fn_name(p, t->fn);

	return t->kind == T_WORK && (!strcmp(name, "drm_sched_run_job_work") ||
				     !strcmp(name, "drm_sched_job_timedout"));
}

double likely_target(const struct search *s, uint32_t caller, uint32_t ev, const struct target *t)
{
	if (t->kind == T_POINTER)
		return pointer(s, caller, t);
	if (t->kind == T_NOTIFIER)
		return notifier(s, caller, ev, t);
	if (t->deferred)
		return 0.3;
	if (own_work(s->p, t) && strcmp(s->fs->root.v[s->root].why, "runtime_resume"))
		return 0.1;
	return 1.0;
}

/*
 * A way to reclaim or a fence wait that leads neither through code for the chips of another
 * vendor than the root's, nor through what another GPU's driver has stored.
 */
struct way {
	struct prog *p;
	const struct search *s;
	const char *root;		/* a file of its driver */
	const struct rc_map *callers;	/* file -> who calls into it: see callers_of() */
	struct rc_vec_u32 lock;	/* that were asked for */
	struct rc_vec_u32 todo;	/* functions */
	bool *met;
	uint8_t belief;
};

enum { CALLED_BY_QUALCOMM = 1, CALLED_BY_OTHERS };

/* Whose files call the functions of each file, but for calls through pointers. */
static void callers_of(const struct prog *p, struct rc_map *out)
{
	for (uint32_t n = 0; n < p->fn.n; n++) {
		const struct fn *f = &p->fn.v[n];

		for (uint32_t i = 0; i + 1 < f->caller.n; i += 2) {
			const struct fn *g = &p->fn.v[f->caller.v[i]];
			uint32_t callee = g->sk->event[f->caller.v[i + 1]].callee;
			uint64_t key = (uint64_t)f->file + 1;

			if (g->file == f->file ||
			    prog_val(p, g->unit, callee)->kind != SK_FUNC)
				continue;
			if (!qualcomm(fn_file(p, f->caller.v[i])))
				rc_map_put(out, key, CALLED_BY_OTHERS);
			else if (rc_map_get(out, key) != CALLED_BY_OTHERS)
				rc_map_put(out, key, CALLED_BY_QUALCOMM);
		}
	}
}

/* Qualcomm's, or of a file that nobody else has a use for, as icc-clk.c. */
static bool theirs(const struct way *w, uint32_t fn)
{
	if (qualcomm(w->root))
		return false;
	return qualcomm(fn_file(w->p, fn)) ||
	       rc_map_get(w->callers, (uint64_t)w->p->fn.v[fn].file + 1) == CALLED_BY_QUALCOMM;
}

static bool has_fact(const struct fn *f, uint8_t belief)
{
	if (f->fcase.n)
		return true;
	for (uint8_t k = 0; k < FACT_KINDS; k++)
		for (uint8_t d = 0; d < FACT_DEPTHS; d++)
			if (f->bad[k][d].set && f->bad[k][d].belief <= belief)
				return true;
	return false;
}

static bool way_of_lock(struct way *w, uint32_t lock);

/* Flags that let reclaim, or that a caller may have let. */
static bool lets_reclaim(const struct way *w, const struct fn *f, const struct sk_event *e,
			 uint32_t arg)
{
	struct gfp g;

	if (arg >= e->nargs)
		return false;
	g = gfp_eval(w->p, f->unit, e->args[arg]);
	return g.reclaim || g.cond || g.params || (g.unsure && w->belief == UNSURE);
}

/* Is a target on the way? If so, it is looked into later, unless its flags say it all. */
static bool way_of_target(struct way *w, const struct fn *f, const struct sk_event *e,
			  const struct target *t, bool scope)
{
	const struct fn *g = &w->p->fn.v[t->fn];

	if (t->cut || theirs(w, t->fn) || (t->kind == T_RELEASE && w->belief < ON_RELEASE) ||
	    (t->kind == T_POINTER && other_gpu(w->s, w->root, fn_file(w->p, t->fn))))
		return false;
	for (uint32_t i = 0; i < g->gfp.n && !scope; i++)
		if (lets_reclaim(w, f, e, g->gfp.v[i].param))
			return true;
	if (!w->met[t->fn] && has_fact(g, w->belief)) {
		w->met[t->fn] = true;
		rc_push(&w->todo, t->fn);
	}
	return false;
}

/* Does this event do it? If what it calls may, that is looked into later. */
static bool way_of_event(struct way *w, uint32_t fn, uint32_t ev)
{
	const struct fn *f = &w->p->fn.v[fn];
	const struct call *c = &f->call[ev];

	if (!c->st.reached || c->cut)
		return false;
	if (c->prim) {
		switch (c->prim->op) {
		case P_RECLAIM:
			return !c->st.scope && lets_reclaim(w, f, &f->sk->event[ev], 0);
		case P_ALLOC:
			return !c->st.scope;
		case P_WAIT:
			return true;
		case P_LOCK:
			return c->lock != RC_NONE && !(c->lock & LOCK_PARAM) &&
			       way_of_lock(w, c->lock);
		case P_FLUSH:
		case P_NCALL:
		case P_RPM:
			break;
		default:
			return false;
		}
	}
	for (uint32_t i = c->first; i < c->first + c->n; i++)
		if (way_of_target(w, f, &f->sk->event[ev], &w->p->target.v[i], c->st.scope))
			return true;
	return false;
}

static bool way_of_taint(struct way *w, const struct taint *t)
{
	if (t->belief > w->belief || theirs(w, t->fn))
		return false;
	return t->kind == FACT_LOCK && t->target == RC_NONE ? way_of_lock(w, t->lock) :
							      way_of_event(w, t->fn, t->event);
}

static bool way_of_lock(struct way *w, uint32_t lock)
{
	const struct lock *l = &w->p->lock.v[lock];

	if (!rc_set_add(&w->lock, lock))
		return false;
	for (uint32_t i = 0; i < l->taint.n; i++)
		if (way_of_taint(w, &l->taint.v[i]))
			return true;
	return false;
}

static void way_begin(struct way *w, struct search *s, uint8_t belief)
{
	if (!s->fs->callers.n)
		callers_of(s->p, &s->fs->callers);
	*w = (struct way){ .p = s->p, .s = s, .belief = belief, .callers = &s->fs->callers,
			   .root = fn_file(s->p, s->fs->root.v[s->root].fn) };
	w->met = rc_alloc(s->p->fn.n + 1);
}

static bool way_on(struct way *w, bool found)
{
	while (!found && w->todo.n) {
		uint32_t n = w->todo.v[--w->todo.n];

		for (uint32_t i = 0; i < w->p->fn.v[n].sk->nevents && !found; i++)
			found = way_of_event(w, n, i);
	}
	return found;
}

static void way_end(struct way *w)
{
	rc_vec_free(&w->lock);
	rc_vec_free(&w->todo);
	free(w->met);
}

/* What was found out is kept, by what it was found out of; RC_NONE: it was not yet. */
static uint32_t kept(struct search *s, uint64_t a, uint64_t b, uint64_t *key)
{
	uint64_t k[3] = { s->root, a, b };

	*key = rc_hash(k, sizeof(k)) | 1;
	return rc_map_get(&s->fs->elsewhere, *key);
}

static double likelihood(uint32_t found)
{
	return found & 1 ? 1.0 : 0.1;
}

/* Holders that may block the root: those of the least belief, the best reason first. */
static void candidates(struct search *s, uint32_t lock, struct rc_vec_u32 *out)
{
	const struct lock *l = &s->p->lock.v[lock];
	uint8_t belief = BELIEFS;

	for (uint32_t i = 0; i < l->taint.n; i++) {
		if (l->taint.v[i].belief > belief || absent(s, lock, &l->taint.v[i]))
			continue;
		if (l->taint.v[i].belief < belief)
			out->n = 0;
		belief = l->taint.v[i].belief;
		rc_push(out, i);
	}
	/* Few, and nearly in order. */
	for (uint32_t i = 1; i < out->n; i++) {
		for (uint32_t k = i; k && l->taint.v[out->v[k]].kind <
					  l->taint.v[out->v[k - 1]].kind; k--) {
			uint32_t t = out->v[k];

			out->v[k] = out->v[k - 1];
			out->v[k - 1] = t;
		}
	}
}

/*
 * Who holds the lock over reclaim must be there while the root runs, and run on a
 * machine that has the root's device: all of Qualcomm's drivers are compiled, and say
 * nothing of a Mali.
 */
double likely_lock(struct search *s, uint32_t lock, uint32_t *holder)
{
	struct rc_vec_u32 able = {};
	bool found = false;
	struct way w;
	uint64_t key;
	uint32_t got = kept(s, 1ull << 32 | s->resume, lock, &key);

	if (got != RC_NONE) {
		*holder = got >> 1;
		return likelihood(got);
	}
	candidates(s, lock, &able);
	*holder = able.n ? able.v[0] : taint_best(s->p, lock) - s->p->lock.v[lock].taint.v;
	if (able.n) {
		way_begin(&w, s, s->p->lock.v[lock].taint.v[able.v[0]].belief);
		rc_set_add(&w.lock, lock);
		/* What was met for one and leads nowhere leads nowhere for the next. */
		for (uint32_t i = 0; i < able.n && !found; i++) {
			const struct taint *t = &s->p->lock.v[lock].taint.v[able.v[i]];

			found = way_on(&w, way_of_taint(&w, t));
			if (found)
				*holder = able.v[i];
		}
		way_end(&w);
	}
	rc_vec_free(&able);
	rc_map_put(&s->fs->elsewhere, key, *holder << 1 | found);
	return likelihood(found);
}

double likely_event(struct search *s, uint32_t fn, uint32_t ev, uint8_t belief)
{
	struct way w;
	uint64_t key;
	bool found;
	uint32_t got = kept(s, fn, (uint64_t)ev << 8 | belief, &key);

	if (got != RC_NONE)
		return likelihood(got);
	way_begin(&w, s, belief);
	found = way_on(&w, way_of_event(&w, fn, ev));
	way_end(&w);
	rc_map_put(&s->fs->elsewhere, key, found);
	return likelihood(found);
}
