// SPDX-License-Identifier: GPL-2.0-only
/* Where a search ends: findings, with the path to them and their names. */
#include <stdlib.h>

#include "search.h"

#define HIGH_SCORE 0.35

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
static void describe(struct search *s, struct finding *f, uint32_t fn, uint32_t ev)
{
	const struct prog *p = s->p;
	const struct taint *best;
	bool met;
	const struct lock *l;
	char name[256];

	if (f->kind != FIND_LOCK) {
		callee_name(p, fn, ev, name, sizeof(name));
		f->key_edge = kept(rc_printf("%s -> %s", fn_name(p, fn), name));
		add_edge(f, f->key_edge);
		return;
	}
	l = &p->lock.v[f->lock];
	best = &l->taint.v[f->taint];
	met = !absent(s, f->lock, best);
	f->key_edge = lock_edge(p, fn, f->lock, best);
	add_edge(f, f->key_edge);
	/* Who allocates or waits; who only blocks on another such lock follows. */
	for (uint32_t i = 0; i < l->taint.n; i++)
		if (l->taint.v[i].belief <= best->belief && l->taint.v[i].kind != FACT_LOCK &&
		    !(met && absent(s, f->lock, &l->taint.v[i])))
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

/* A job that resumes its device waits in the resume's place for what that waits for. */
static uint32_t resume_on_way(const struct search *s, uint32_t vi)
{
	for (; s->v.v[vi].parent != RC_NONE; vi = s->v.v[vi].parent) {
		const struct target *t = &s->p->target.v[s->v.v[vi].target];

		for (uint32_t r = 0; t->kind == T_RPM && r < s->fs->root.n; r++)
			if (s->fs->root.v[r].fn == t->fn &&
			    !strcmp(s->fs->root.v[r].why, "runtime_resume"))
				return r;
	}
	return s->root;
}

void sink_report(struct search *s, uint32_t vi, uint8_t kind, uint32_t ev, uint32_t lock,
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
	if (kind == FIND_LOCK) {
		s->resume = resume_on_way(s, vi);
		f.score = v->score * likely_lock(s, lock, &f.taint);
		belief = s->p->lock.v[lock].taint.v[f.taint].belief;
	} else {
		f.score = v->score * likely_event(s, v->fn, ev, belief);
	}
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
		 s->fs->root.v[s->root].idle ? TIER_RESUME : TIER_HIGH;
	f.key_root = fn_name(s->p, rf);
	describe(s, &f, v->fn, ev);
	f.key = keyed(f.key_root, f.key_edge, kind);
	rc_push(&s->fs->v, f);
}

void sink_lock(struct search *s, uint32_t vi, uint32_t ev, uint32_t lock)
{
	if (lock == RC_NONE || lock & LOCK_PARAM || !s->p->lock.v[lock].taint.n)
		return;
	sink_report(s, vi, FIND_LOCK, ev, lock, false, SURE);
}

