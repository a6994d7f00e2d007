// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where fence signalling paths begin: the run_job callbacks, the runtime resume
 * of their devices and of what supplies these, annotated sections; and locks
 * that a function forgets to release.
 */
#include <stdlib.h>

#include "find.h"

static bool has_root(const struct findings *fs, uint32_t fn)
{
	for (uint32_t i = 0; i < fs->root.n; i++)
		if (fs->root.v[i].fn == fn)
			return true;
	return false;
}

static void add_roots(struct findings *fs, const struct rc_vec_u32 *fns, const char *why)
{
	for (uint32_t i = 0; i < fns->n; i++)
		if (!has_root(fs, fns->v[i]))
			rc_push(&fs->root, ((struct root){ .fn = fns->v[i], .why = why }));
}

static int by_name(const void *a, const void *b, void *arg)
{
	const struct prog *p = arg;
	const struct root *x = a, *y = b;
	int c = strcmp(x->why, y->why);

	if (!c)
		c = strcmp(rc_str(&p->str, p->fn.v[x->fn].id), rc_str(&p->str, p->fn.v[y->fn].id));
	return c;
}

static void add_sections(struct prog *p, struct findings *fs)
{
	for (uint32_t n = 0; n < p->fn.n; n++) {
		const struct fn *f = &p->fn.v[n];

		for (uint32_t i = 0; i < f->sk->nevents; i++) {
			struct root r = { .fn = n, .section = true,
					  .why = "signalling section" };

			if (!f->call[i].prim || f->call[i].prim->op != P_SIGNAL ||
			    f->call[i].prim->delta < 0 || has_root(fs, n))
				continue;
			rc_push(&fs->root, r);
		}
	}
}

/* Resumes of drivers of whose jobs none asks for one, and of what supplies only these. */
static void find_idle(struct prog *p, struct findings *fs)
{
	struct rc_vec_u32 waking = {};

	for (uint32_t i = 0; i < fs->root.n; i++)
		if (strcmp(fs->root.v[i].why, "runtime_resume") &&
		    wakes_device(p, fs->root.v[i].fn))
			rc_push(&waking, fs->root.v[i].fn);
	for (uint32_t i = 0; i < fs->root.n; i++) {
		struct root *r = &fs->root.v[i];

		uint32_t n = 0;

		r->waker = RC_NONE;
		for (uint32_t k = 0; k < waking.n && !strcmp(r->why, "runtime_resume"); k++) {
			if (!supplies(fn_file(p, waking.v[k]), fn_file(p, r->fn)))
				continue;
			r->waker = n++ ? RC_NONE : waking.v[k];
		}
		r->idle = !n && !strcmp(r->why, "runtime_resume");
	}
	rc_vec_free(&waking);
}

void find_roots(struct prog *p, struct findings *fs)
{
	struct rc_vec_u32 jobs = {}, resume = {}, wanted = {};

	resolve_field(p, "drm_sched_backend_ops", "run_job", &jobs);
	add_roots(fs, &jobs, "run_job");
	resolve_field(p, "dev_pm_ops", "runtime_resume", &resume);
	for (uint32_t i = 0; i < resume.n; i++)
		for (uint32_t k = 0; k < jobs.n; k++)
			if (supplies(fn_file(p, jobs.v[k]), fn_file(p, resume.v[i]))) {
				rc_push(&wanted, resume.v[i]);
				break;
			}
	add_roots(fs, &wanted, "runtime_resume");
	add_sections(p, fs);
	if (fs->root.n)
		qsort_r(fs->root.v, fs->root.n, sizeof(*fs->root.v), by_name, p);
	find_idle(p, fs);
	rc_vec_free(&jobs);
	rc_vec_free(&resume);
	rc_vec_free(&wanted);
}

/* Some function releases the lock after the function at hand has returned. */
static bool released_elsewhere(struct prog *p, uint32_t n, uint32_t lock)
{
	const struct fn *f = &p->fn.v[n];

	for (uint32_t c = 0; c + 1 < f->caller.n; c += 2) {
		const struct fn *g = &p->fn.v[f->caller.v[c]];

		for (uint32_t i = 0; i < g->sk->nevents; i++) {
			const struct call *k = &g->call[i];

			if (k->prim && k->prim->op == P_UNLOCK && k->lock == lock)
				return true;
			for (uint32_t t = k->first; !k->prim && t < k->first + k->n; t++) {
				const struct fn *h = &p->fn.v[p->target.v[t].fn];

				for (uint32_t o = 0; o < h->out.n; o++)
					if (h->out.v[o].lock == lock && h->out.v[o].delta < 0)
						return true;
			}
		}
	}
	return false;
}

/* An unlock does not say which subclass it releases. */
static bool same_class(const struct prog *p, uint32_t a, uint32_t b)
{
	const char *x, *y, *slash;

	if (a == b || a & LOCK_PARAM || b & LOCK_PARAM)
		return a == b;
	x = rc_str(&p->str, p->lock.v[a].id);
	y = rc_str(&p->str, p->lock.v[b].id);
	slash = strrchr(y, '/');
	return slash && slash > strrchr(y, ':') && strlen(x) == (size_t)(slash - y) &&
	       !strncmp(x, y, strlen(x));
}

static bool is_unlocked_here(const struct fn *f, uint32_t lock)
{
	for (uint32_t i = 0; i < f->sk->nevents; i++)
		if (f->call[i].prim && f->call[i].prim->op == P_UNLOCK && f->call[i].lock == lock)
			return true;
	return false;
}

/* Somebody somewhere releases it at all, without having taken it: a pair. */
static bool has_unlocker(struct prog *p, uint32_t lock)
{
	for (uint32_t n = 0; n < p->fn.n; n++) {
		const struct fn *f = &p->fn.v[n];

		for (uint32_t i = 0; i < f->lock.n; i++)
			if (same_class(p, f->lock.v[i], lock) && f->end.may_drop >> i & 1)
				return true;
	}
	return false;
}

static uint32_t taking_event(const struct fn *f, uint32_t lock)
{
	for (uint32_t i = 0; i < f->sk->nevents; i++)
		if (f->call[i].prim && f->call[i].prim->op == P_LOCK && f->call[i].lock == lock)
			return i;
	return RC_NONE;
}

/* The lock itself is what the caller gets: to release it. */
static bool hands_over(struct prog *p, const struct fn *f, uint32_t lock)
{
	return f->sk->ret != RC_NONE && lock_of_value(p, f->unit, f->sk->ret, 0) == lock;
}

/*
 * A lock taken here, released neither here nor by any caller, nor by a function
 * that is the other half of a pair.
 */
void find_leaks(struct prog *p, struct findings *fs)
{
	for (uint32_t n = 0; n < p->fn.n; n++) {
		const struct fn *f = &p->fn.v[n];

		for (uint32_t o = 0; o < f->lock.n; o++) {
			uint32_t lock = f->lock.v[o], ev;
			struct finding x = { .kind = FIND_LEAK, .lock = lock, .score = 1.0,
					     .root = RC_NONE, .group = RC_NONE };
			char name[256];
			char *s;

			if (!(f->end.may >> o & 1) || lock & LOCK_PARAM)
				continue;
			ev = taking_event(f, lock);
			if (ev == RC_NONE || is_unlocked_here(f, lock) || hands_over(p, f, lock) ||
			    released_elsewhere(p, n, lock) || has_unlocker(p, lock))
				continue;
			rc_push(&x.path, ((struct step){ n, ev, RC_NONE }));
			x.key_root = fn_name(p, n);
			s = rc_printf("%s -> %s", fn_name(p, n),
				      lock_name(p, lock, name, sizeof(name)));
			x.key_edge = rc_arena_str(s, strlen(s));
			rc_push(&x.edge_key, ((struct edge_key){ .text = x.key_edge }));
			free(s);
			s = rc_printf("%s | %s | leak", x.key_root, x.key_edge);
			x.key = rc_arena_str(s, strlen(s));
			free(s);
			rc_push(&fs->v, x);
		}
	}
}
