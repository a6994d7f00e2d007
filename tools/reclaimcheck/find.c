// SPDX-License-Identifier: GPL-2.0-only
/*
 * What each root reaches. A shortest path search from the root over calls whose
 * callee has a fact; the length of a path is its steps and the improbability of
 * the calls through pointers on it, so that the witness of a finding is the
 * path that a reader believes most.
 *
 * An allocation is reported where the flags are decided or where the code
 * enters the kernel's core: what happens inside is the allocator's business.
 */
#include <math.h>
#include <stdlib.h>

#include "search.h"

/* Code that every driver shares: findings end where it begins. */
static bool core(const char *file)
{
	static const char *const dirs[] = {
		"mm/", "fs/", "lib/", "block/", "net/", "init/", "security/",
		"drivers/base/firmware_loader/", "drivers/base/devcoredump.c",
		"drivers/base/devres.c", "drivers/of/", "kernel/dma/",
		"kernel/kthread.c", "drivers/pci/", "drivers/iommu/dma-iommu.c",
	};

	for (size_t i = 0; i < sizeof(dirs) / sizeof(*dirs); i++)
		if (!strncmp(file, dirs[i], strlen(dirs[i])))
			return true;
	return false;
}

/* Flags that depend on an argument: on what the path says it is. */
static bool may_reclaim(const struct search *s, uint32_t vi, const struct gfp *g)
{
	uint32_t num;

	if (g->reclaim || g->unsure)
		return true;
	return g->cond && !(search_parameter(s, vi, g->if_param, &num) && num != g->if_value);
}

static bool at_primitive(struct search *s, uint32_t vi, uint32_t ev, bool scope)
{
	const struct fn *f = &s->p->fn.v[s->v.v[vi].fn];
	const struct call *c = &f->call[ev];
	const struct sk_event *e = &f->sk->event[ev];
	struct gfp g;

	switch (c->prim->op) {
	case P_RECLAIM:
		if (scope || !e->nargs)
			return true;
		g = gfp_eval(s->p, f->unit, e->args[0]);
		if (may_reclaim(s, vi, &g))
			sink_report(s, vi, FIND_RECLAIM, ev, RC_NONE, g.fs,
				    g.unsure && !g.reclaim ? UNSURE : SURE);
		return true;
	case P_ALLOC:
		if (!scope)
			sink_report(s, vi, FIND_RECLAIM, ev, RC_NONE, true, SURE);
		return true;
	case P_WAIT:
		sink_report(s, vi, FIND_WAIT, ev, RC_NONE, false, SURE);
		return true;
	case P_LOCK:
		sink_lock(s, vi, ev, c->lock);
		return true;
	case P_FLUSH:
	case P_NCALL:
	case P_RPM:
		return false;
	default:
		return true;
	}
}

/* The call itself decides the flags, or hands over a lock. True if it is a sink. */
static bool at_boundary(struct search *s, uint32_t vi, uint32_t ev, const struct target *t,
			int depth, bool scope)
{
	const struct fn *f = &s->p->fn.v[s->v.v[vi].fn];
	const struct fn *g = &s->p->fn.v[t->fn];
	const struct sk_event *e = &f->sk->event[ev];
	bool sink = false;

	for (uint32_t i = 0; i < g->gfp.n && !scope && t->kind != T_CALLBACK; i++) {
		const struct gfp_param *q = &g->gfp.v[i];
		struct gfp flags;

		if (q->param >= e->nargs || depth - q->depth > 0)
			continue;
		flags = gfp_eval(s->p, f->unit, e->args[q->param]);
		if (!may_reclaim(s, vi, &flags))
			continue;
		sink_report(s, vi, FIND_RECLAIM, ev, RC_NONE, flags.fs,
			    flags.unsure && !flags.reclaim ? UNSURE : SURE);
		sink = true;
		break;
	}
	for (uint32_t i = 0; i < g->param_block.n && t->kind == T_DIRECT; i++) {
		uint32_t k = g->param_block.v[i].lock & ~LOCK_PARAM;

		if (k < e->nargs)
			sink_lock(s, vi, ev, lock_of_value(s->p, f->unit, e->args[k], 0));
	}
	return sink;
}

static bool core_sink(struct search *s, uint32_t vi, uint32_t ev, const struct target *t,
		      int depth, bool scope)
{
	const struct fn *g = &s->p->fn.v[t->fn];
	bool any = false;

	if (!core(fn_file(s->p, t->fn)) || core(fn_file(s->p, s->v.v[vi].fn)))
		return false;
	for (uint8_t k = 0; k < FACT_KINDS && !any; k++) {
		for (uint8_t d = 0; d < FACT_DEPTHS && !any; d++) {
			const struct reason *r = &g->bad[k][d];

			if (!r->set || depth - d > 0 || (k == FACT_ALLOC && scope))
				continue;
			sink_report(s, vi, k == FACT_WAIT ? FIND_WAIT : FIND_RECLAIM, ev, RC_NONE,
				    r->fs, r->belief);
			any = true;
		}
	}
	return true;
}

static bool worth(const struct search *s, uint32_t vi, uint32_t ev, const struct target *t,
		  int depth, bool scope)
{
	const struct fn *g = &s->p->fn.v[t->fn];
	uint32_t num;

	for (uint32_t i = 0; i < g->fcase.n; i++) {
		const struct fcase *c = &g->fcase.v[i];

		if (depth - c->depth <= 0 && !(c->kind == FACT_ALLOC && scope) &&
		    !(search_argument(s, vi, ev, t->kind, c->param, &num) && num != c->value))
			return true;
	}
	for (uint8_t k = 0; k < FACT_KINDS; k++)
		for (uint8_t d = 0; d < FACT_DEPTHS; d++)
			if (g->bad[k][d].set && depth - d <= 0 && !(k == FACT_ALLOC && scope))
				return true;
	return false;
}

/* @guess: only for a value of an argument that nothing says it has. */
static void descend(struct search *s, uint32_t vi, uint32_t ev, uint32_t ti, int depth, bool scope,
		    bool guess)
{
	struct visit v = s->v.v[vi], to = { .parent = vi, .event = ev, .target = ti };
	const struct target *t = &s->p->target.v[ti];
	const struct fn *g = &s->p->fn.v[t->fn];
	double f;

	if (t->cut || (g->prim && t->kind == T_DIRECT && g->prim->op != P_RPM))
		return;
	if (at_boundary(s, vi, ev, t, depth, scope))
		return;
	if (!worth(s, vi, ev, t, depth, scope) || core_sink(s, vi, ev, t, depth, scope))
		return;
	f = likely_target(s, v.fn, ev, t);
	to.fn = t->fn;
	to.depth = (uint8_t)(depth < 0 ? 0 : depth > 7 ? 7 : depth);
	to.scope = scope;
	to.release = v.release || t->kind == T_RELEASE;
	to.score = v.score * f;
	to.cost = v.cost + 1.0 - 8.0 * log2(f) + (t->kind == T_RELEASE ? 64 : 0) +
		  (guess ? 8 : 0);
	if (to.score < 0.001)
		return;
	search_add(s, to);
}

static void expand(struct search *s, uint32_t vi)
{
	const struct fn *f = &s->p->fn.v[s->v.v[vi].fn];
	uint32_t num;
	bool section = s->fs->root.v[s->root].section && s->v.v[vi].parent == RC_NONE;

	for (uint32_t i = 0; i < f->sk->nevents; i++) {
		const struct call *c = &f->call[i];
		int depth = s->v.v[vi].depth;
		bool scope = s->v.v[vi].scope || c->st.scope;
		bool known;

		if (!c->st.reached || f->sk->event[i].kind != SK_E_CALL || c->cut)
			continue;
		if (section && !c->st.signal)
			continue;
		known = c->tagged && search_parameter(s, vi, c->tag, &num);
		if (known && num != c->value)
			continue;
		depth += min_depth(c->st.depth);
		if (c->prim && (depth > 0 || at_primitive(s, vi, i, scope)))
			continue;
		if (!c->prim && !c->n &&
		    prog_val(s->p, f->unit, f->sk->event[i].callee)->kind == SK_LOAD)
			s->fs->unknown++;
		for (uint32_t t = c->first; t < c->first + c->n; t++)
			descend(s, vi, i, t, depth, scope, c->tagged && !known);
	}
}

static void search(struct prog *p, struct findings *fs, uint32_t root)
{
	struct visit first = { .fn = fs->root.v[root].fn, .parent = RC_NONE,
			       .event = RC_NONE, .target = RC_NONE, .score = 1.0 };
	struct search s = { .p = p, .fs = fs, .root = root };
	uint32_t vi;

	search_add(&s, first);
	while ((vi = search_next(&s)) != RC_NONE)
		expand(&s, vi);
	search_free(&s);
}

/* One site reached from several roots of a driver is one finding. */
static void merge_roots(struct prog *p, struct findings *fs)
{
	struct rc_map seen = {};
	uint32_t n = 0;

	for (uint32_t i = 0; i < fs->v.n; i++) {
		struct finding *f = &fs->v.v[i], *old;
		struct step *last = &f->path.v[f->path.n - 1];
		const char *dir = fn_file(p, fs->root.v[f->root].fn);
		const char *slash = strrchr(dir, '/');
		uint64_t key[4] = { (uint64_t)last->fn << 32 | last->event, f->kind, f->lock,
				    rc_hash(dir, slash ? (size_t)(slash - dir) : 0) };
		uint64_t h = rc_hash(key, sizeof(key)) | 1;
		uint32_t at = rc_map_get(&seen, h);

		if (at == RC_NONE) {
			rc_map_put(&seen, h, n);
			fs->v.v[n++] = *f;
			continue;
		}
		old = &fs->v.v[at];
		if (f->tier < old->tier || (f->tier == old->tier && f->score > old->score)) {
			struct finding t = *old;

			*old = *f;
			*f = t;
			old->also = t.also;
		}
		old->also++;
		rc_vec_free(&f->path);
		rc_vec_free(&f->edge_key);
	}
	fs->v.n = n;
	rc_map_free(&seen);
}

void find_all(struct prog *p, struct findings *fs)
{
	for (uint32_t r = 0; r < fs->root.n; r++)
		search(p, fs, r);
	merge_roots(p, fs);
}

void findings_free(struct findings *fs)
{
	for (uint32_t i = 0; i < fs->v.n; i++) {
		rc_vec_free(&fs->v.v[i].path);
		rc_vec_free(&fs->v.v[i].edge_key);
	}
	rc_vec_free(&fs->v);
	rc_vec_free(&fs->root);
	rc_map_free(&fs->elsewhere);
	rc_map_free(&fs->callers);
	absent_free(fs->company);
}
