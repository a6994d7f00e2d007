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

#include "find.h"

#define HIGH_SCORE 0.35

struct visit {
	uint32_t fn;
	uint8_t depth;		/* atomic depth at the entry */
	bool scope;
	bool release;
	uint32_t parent, event, target;
	double cost, score;
	bool done;
};

struct search {
	struct prog *p;
	struct findings *fs;
	uint32_t root;
	RC_DECLARE_VEC(struct visit) v;
	struct rc_map at;
	struct rc_vec_u32 heap;
};

static double cost_of(const struct search *s, uint32_t i)
{
	return s->v.v[s->heap.v[i]].cost;
}

static bool before(const struct search *s, uint32_t a, uint32_t b)
{
	if (cost_of(s, a) != cost_of(s, b))
		return cost_of(s, a) < cost_of(s, b);
	return s->heap.v[a] < s->heap.v[b];
}

static void swap(struct search *s, uint32_t a, uint32_t b)
{
	uint32_t t = s->heap.v[a];

	s->heap.v[a] = s->heap.v[b];
	s->heap.v[b] = t;
}

static void heap_push(struct search *s, uint32_t visit)
{
	uint32_t i = s->heap.n;

	rc_push(&s->heap, visit);
	while (i && before(s, i, (i - 1) / 2)) {
		swap(s, i, (i - 1) / 2);
		i = (i - 1) / 2;
	}
}

static uint32_t heap_pop(struct search *s)
{
	uint32_t top = s->heap.v[0], i = 0;

	s->heap.v[0] = s->heap.v[--s->heap.n];
	for (;;) {
		uint32_t l = 2 * i + 1, best = i;

		if (l < s->heap.n && before(s, l, best))
			best = l;
		if (l + 1 < s->heap.n && before(s, l + 1, best))
			best = l + 1;
		if (best == i)
			return top;
		swap(s, i, best);
		i = best;
	}
}

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

static double factor(const struct search *s, uint32_t caller, const struct target *t)
{
	const char *root = fn_file(s->p, s->fs->root.v[s->root].fn);
	const char *to = fn_file(s->p, t->fn);

	if (t->kind != T_POINTER || t->fan <= 1)
		return 1.0;
	if (same_driver(root, to))
		return 1.0;
	/* A core's dispatch among its own: regmap's buses, not the machine's. */
	if (!strcmp(fn_file(s->p, caller), to))
		return 1.0 / t->fan;
	if (supplies(root, to))
		return t->fan > 8 ? 0.6 : 0.8;
	/* Qualcomm's clocks do not feed another vendor's GPU. */
	return (strstr(to, "qcom") ? 0.1 : 1.0) / t->fan;
}

/*
 * What argument @param of event @ev is, if the path to the visit says so: a
 * constant, or one that a caller further up hands on.
 */
static bool argument(const struct search *s, uint32_t vi, uint32_t ev, uint8_t kind,
		     uint32_t param, uint32_t *num)
{
	for (;;) {
		const struct visit *v = &s->v.v[vi];
		const struct fn *f = &s->p->fn.v[v->fn];
		const struct sk_event *e = &f->sk->event[ev];
		const struct sk_val *a;

		if (!same_arguments(kind) || param >= e->nargs)
			return false;
		a = prog_val(s->p, f->unit, e->args[param]);
		*num = (uint32_t)a->num;
		if (a->kind == SK_CONST)
			return true;
		if (a->kind != SK_PARAM || v->parent == RC_NONE)
			return false;
		param = a->a;
		ev = v->event;
		kind = s->p->target.v[v->target].kind;
		vi = v->parent;
	}
}

/* A parameter of the visited function itself. */
static bool parameter(const struct search *s, uint32_t vi, uint32_t param, uint32_t *num)
{
	const struct visit *v = &s->v.v[vi];

	return v->parent != RC_NONE &&
	       argument(s, v->parent, v->event, s->p->target.v[v->target].kind, param, num);
}

/* Visits of a function with other values are other visits. */
static uint64_t values(const struct search *s, const struct visit *v)
{
	uint64_t tags = s->p->fn.v[v->fn].tags, h = 0;
	uint32_t num;

	if (v->parent == RC_NONE)
		return 0;
	for (uint32_t k = 0; k < 64; k++)
		if (tags >> k & 1 && argument(s, v->parent, v->event,
					      s->p->target.v[v->target].kind, k, &num))
			h = h * 31 + num * 64 + k + 1;
	return h & 0xffff;
}

static void visit(struct search *s, struct visit v)
{
	uint64_t key = (values(s, &v) << 48) +
		       ((uint64_t)v.fn << 6 | v.depth << 2 | v.scope << 1 | v.release) + 1;
	uint32_t known = rc_map_get(&s->at, key);

	if (known != RC_NONE) {
		struct visit *old = &s->v.v[known];

		if (old->done || old->cost <= v.cost)
			return;
		old->done = true;	/* its place in the heap is void */
	}
	rc_map_put(&s->at, key, s->v.n);
	rc_push(&s->v, v);
	heap_push(s, s->v.n - 1);
}

static const char *kept(char *s)
{
	const char *ret = rc_arena_str(s, strlen(s));

	free(s);
	return ret;
}

static void add_edge(struct finding *f, const char *text)
{
	for (uint32_t i = 0; i < f->edge_key.n; i++)
		if (!strcmp(f->edge_key.v[i].text, text))
			return;
	rc_push(&f->edge_key, ((struct edge_key){ .text = text }));
}

/* "CALLER -> LOCK@HOLDER:CALLEE": what the holder does that taints the lock. */
static const char *lock_edge(const struct prog *p, uint32_t fn, uint32_t lock,
			     const struct taint *t)
{
	char name[256], callee[256];

	return kept(rc_printf("%s -> %s@%s:%s", fn_name(p, fn),
			      lock_name(p, lock, name, sizeof(name)), fn_name(p, t->fn),
			      callee_name(p, t->fn, t->event, callee, sizeof(callee))));
}

/* Names of the edge: one, or for a lock one for each site that taints it. */
static void describe(const struct prog *p, struct finding *f, uint32_t fn, uint32_t ev)
{
	const struct taint *best;
	const struct lock *l;
	char name[256];

	if (f->kind != FIND_LOCK) {
		callee_name(p, fn, ev, name, sizeof(name));
		f->key_edge = kept(rc_printf("%s -> %s", fn_name(p, fn), name));
		add_edge(f, f->key_edge);
		return;
	}
	l = &p->lock.v[f->lock];
	best = taint_best(p, f->lock);
	f->key_edge = lock_edge(p, fn, f->lock, best);
	add_edge(f, f->key_edge);
	/* Who allocates or waits; who only blocks on another such lock follows. */
	for (uint32_t i = 0; i < l->taint.n; i++)
		if (l->taint.v[i].belief <= best->belief && l->taint.v[i].kind != FACT_LOCK)
			add_edge(f, lock_edge(p, fn, f->lock, &l->taint.v[i]));
}

static const char *keyed(const char *a, const char *b, uint8_t kind)
{
	static const char *const kinds[] = { "reclaim", "wait", "lock", "leak" };
	char *s = rc_printf("%s | %s | %s", a, b, kinds[kind]), *ret;

	ret = rc_arena_str(s, strlen(s));
	free(s);
	return ret;
}

/* Functions that only do what they are asked for. */
static bool lifts(const struct prog *p, uint32_t fn, uint32_t lock)
{
	const struct fn *f = &p->fn.v[fn];

	if (f->sk->flags & SK_F_INLINE)
		return true;
	for (uint32_t i = 0; lock != RC_NONE && i < f->out.n; i++)
		if (f->out.v[i].lock == lock && f->out.v[i].delta > 0)
			return true;
	return false;
}

/* kobject_put() and its like: what is freed, if it is the last reference. */
static bool drops_ref(const struct prog *p, uint32_t fn, uint32_t ev)
{
	char name[256];

	return strstr(callee_name(p, fn, ev, name, sizeof(name)), "_put");
}

static void report(struct search *s, uint32_t vi, uint8_t kind, uint32_t ev, uint32_t lock,
		   bool fs, uint8_t belief)
{
	const struct visit *v;
	struct finding f = { .kind = kind, .root = s->root, .lock = lock, .fs = fs,
			     .group = RC_NONE };
	struct rc_vec_u32 trail = {};
	uint32_t rf = s->fs->root.v[s->root].fn;

	/* What a header's inline function or a lock's wrapper does, its caller does. */
	while (s->v.v[vi].parent != RC_NONE && lifts(s->p, s->v.v[vi].fn, lock)) {
		ev = s->v.v[vi].event;
		vi = s->v.v[vi].parent;
	}
	v = &s->v.v[vi];
	f.score = v->score;
	f.unsure = belief == UNSURE;
	for (uint32_t i = vi; i != RC_NONE; i = s->v.v[i].parent)
		rc_push(&trail, i);
	for (uint32_t i = trail.n; i-- > 1;) {
		const struct visit *to = &s->v.v[trail.v[i - 1]];

		rc_push(&f.path, ((struct step){ s->v.v[trail.v[i]].fn, to->event, to->target }));
	}
	rc_push(&f.path, ((struct step){ v->fn, ev, RC_NONE }));
	rc_vec_free(&trail);
	if (f.unsure)
		f.score *= 0.1;
	f.tier = f.score < HIGH_SCORE ? TIER_LOW :
		 v->release || belief == ON_RELEASE || drops_ref(s->p, v->fn, ev) ? TIER_RELEASE :
		 TIER_HIGH;
	f.key_root = fn_name(s->p, rf);
	describe(s->p, &f, v->fn, ev);
	f.key = keyed(f.key_root, f.key_edge, kind);
	rc_push(&s->fs->v, f);
}

static void lock_sink(struct search *s, uint32_t vi, uint32_t ev, uint32_t lock)
{
	if (lock == RC_NONE || lock & LOCK_PARAM || !s->p->lock.v[lock].taint.n)
		return;
	report(s, vi, FIND_LOCK, ev, lock, false, taint_best(s->p, lock)->belief);
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
		if (g.reclaim || g.unsure)
			report(s, vi, FIND_RECLAIM, ev, RC_NONE, g.fs, g.reclaim ? SURE : UNSURE);
		return true;
	case P_ALLOC:
		if (!scope)
			report(s, vi, FIND_RECLAIM, ev, RC_NONE, true, SURE);
		return true;
	case P_WAIT:
		report(s, vi, FIND_WAIT, ev, RC_NONE, false, SURE);
		return true;
	case P_LOCK:
		lock_sink(s, vi, ev, c->lock);
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
		if (!flags.reclaim && !flags.unsure)
			continue;
		report(s, vi, FIND_RECLAIM, ev, RC_NONE, flags.fs, flags.reclaim ? SURE : UNSURE);
		sink = true;
		break;
	}
	for (uint32_t i = 0; i < g->param_block.n && t->kind == T_DIRECT; i++) {
		uint32_t k = g->param_block.v[i].lock & ~LOCK_PARAM;

		if (k < e->nargs)
			lock_sink(s, vi, ev, lock_of_value(s->p, f->unit, e->args[k], 0));
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
			report(s, vi, k == FACT_WAIT ? FIND_WAIT : FIND_RECLAIM, ev, RC_NONE,
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
		    !(argument(s, vi, ev, t->kind, c->param, &num) && num != c->value))
			return true;
	}
	for (uint8_t k = 0; k < FACT_KINDS; k++)
		for (uint8_t d = 0; d < FACT_DEPTHS; d++)
			if (g->bad[k][d].set && depth - d <= 0 && !(k == FACT_ALLOC && scope))
				return true;
	return false;
}

static void descend(struct search *s, uint32_t vi, uint32_t ev, uint32_t ti, int depth, bool scope)
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
	f = factor(s, v.fn, t);
	to.fn = t->fn;
	to.depth = (uint8_t)(depth < 0 ? 0 : depth > 7 ? 7 : depth);
	to.scope = scope;
	to.release = v.release || t->kind == T_RELEASE;
	to.score = v.score * f;
	to.cost = v.cost + 1.0 - 8.0 * log2(f) + (t->kind == T_RELEASE ? 64 : 0);
	if (to.score < 0.001)
		return;
	visit(s, to);
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

		if (!c->st.reached || f->sk->event[i].kind != SK_E_CALL || c->cut)
			continue;
		if (section && !c->st.signal)
			continue;
		if (c->tagged && parameter(s, vi, c->tag, &num) && num != c->value)
			continue;
		depth += min_depth(c->st.depth);
		if (c->prim && (depth > 0 || at_primitive(s, vi, i, scope)))
			continue;
		if (!c->prim && !c->n &&
		    prog_val(s->p, f->unit, f->sk->event[i].callee)->kind == SK_LOAD)
			s->fs->unknown++;
		for (uint32_t t = c->first; t < c->first + c->n; t++)
			descend(s, vi, i, t, depth, scope);
	}
}

static void search(struct prog *p, struct findings *fs, uint32_t root)
{
	struct visit first = { .fn = fs->root.v[root].fn, .parent = RC_NONE,
			       .event = RC_NONE, .target = RC_NONE, .score = 1.0 };
	struct search s = { .p = p, .fs = fs, .root = root };

	visit(&s, first);
	while (s.heap.n) {
		uint32_t vi = heap_pop(&s);

		if (s.v.v[vi].done)
			continue;
		s.v.v[vi].done = true;
		expand(&s, vi);
	}
	rc_vec_free(&s.v);
	rc_vec_free(&s.heap);
	rc_map_free(&s.at);
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
}
