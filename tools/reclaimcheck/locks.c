// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which lock. A class is a global variable, or a field of a struct, with the
 * subclass that the caller names; two locks of one class are one lock here, as
 * they are for lockdep.
 */
#include <stdlib.h>

#include "program.h"

/* Each head is a class of its own to lockdep; the code that takes it knows none of them. */
static bool of_head(const char *id)
{
	return !strncmp(id, "blocking_notifier_head@", 23) ||
	       !strncmp(id, "srcu_notifier_head@", 19);
}

uint32_t lock_number(struct prog *p, const char *id)
{
	uint32_t s = rc_intern(&p->str, id);
	uint32_t n = rc_map_get(&p->lock_of, (uint64_t)s + 1);

	if (n == RC_NONE) {
		n = p->lock.n;
		rc_push(&p->lock, ((struct lock){ .id = s, .merged = of_head(id) }));
		rc_map_put(&p->lock_of, (uint64_t)s + 1, n);
	}
	return n;
}

static uint32_t named(struct prog *p, const char *fmt, const char *a, const char *b, uint32_t sub)
{
	char *id = rc_printf(fmt, a, b);
	uint32_t n;

	if (sub) {
		char *with = rc_printf("%s/%u", id, sub);

		free(id);
		id = with;
	}
	n = lock_number(p, id);
	free(id);
	return n;
}

/* Structs that are a lock: what lies in one of them is that lock. */
static bool is_lock(const char *id)
{
	static const char *const tags[] = {
		"lockdep_map", "mutex", "percpu_rw_semaphore", "raw_spinlock", "rt_mutex",
		"rt_mutex_base", "rw_semaphore", "rwlock_t", "semaphore", "seqcount", "spinlock",
		"ww_mutex",
	};
	size_t n = strcspn(id, "@");

	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++)
		if (strlen(tags[i]) == n && !strncmp(id, tags[i], n))
			return true;
	return false;
}

#define MAX_RETURNS 4

static uint32_t of_value(struct prog *p, uint32_t unit, uint32_t val, uint32_t sub, int hops);

/* The lock that a function returns: of its own, or the one it was handed. */
static uint32_t of_result(struct prog *p, uint32_t unit, const struct sk_val *v, uint32_t sub,
			  int hops)
{
	uint32_t n = prog_fn(p, v->a), l;

	if (hops >= MAX_RETURNS || n == RC_NONE || p->fn.v[n].sk->ret == RC_NONE)
		return RC_NONE;
	l = of_value(p, p->fn.v[n].unit, p->fn.v[n].sk->ret, sub, hops + 1);
	if (l == RC_NONE || !(l & LOCK_PARAM))
		return l;
	return l == LOCK_PARAM ? of_value(p, unit, v->b, sub, hops + 1) : RC_NONE;
}

static uint32_t of_value(struct prog *p, uint32_t unit, uint32_t val, uint32_t sub, int hops)
{
	const struct sk_val *v = prog_val(p, unit, val);
	const struct sk_val *a;

	if (p->every_lock) {
		sub = 0;
		while (v->kind == SK_FIELD && is_lock(rc_str(&p->str, v->b)))
			v = prog_val(p, unit, v->a);
	}

	switch (v->kind) {
	case SK_GLOBAL:
		return named(p, "%s%s", rc_str(&p->str, v->a), "", sub);
	case SK_FIELD:
		return named(p, "%s:%s", rc_str(&p->str, v->b), rc_str(&p->str, v->c), sub);
	case SK_PARAM:
		return v->a < 64 ? LOCK_PARAM | v->a : RC_NONE;
	case SK_LOAD:
		a = prog_val(p, unit, v->a);
		if (a->kind == SK_FIELD)
			return named(p, "*%s:%s", rc_str(&p->str, a->b),
				     rc_str(&p->str, a->c), sub);
		if (a->kind == SK_GLOBAL)
			return named(p, "*%s%s", rc_str(&p->str, a->a), "", sub);
		return RC_NONE;
	case SK_SET:
		for (uint32_t i = 0; i < v->b; i++) {
			uint32_t l = of_value(p, unit, p->unit.v[unit].sk->set[v->a + i], sub,
					      hops);

			if (l != RC_NONE)
				return l;
		}
		return RC_NONE;
	case SK_CALL:
		return of_result(p, unit, v, sub, hops);
	default:
		return RC_NONE;
	}
}

uint32_t lock_of_value(struct prog *p, uint32_t unit, uint32_t val, uint32_t sub)
{
	return of_value(p, unit, val, sub, 0);
}

/* "struct devfreq.lock", "dev_pm_qos_mtx": as a report says it. */
const char *lock_name(const struct prog *p, uint32_t lock, char *buf, size_t size)
{
	const char *id = rc_str(&p->str, p->lock.v[lock].id);
	const char *at = strchr(id, '@'), *field = at ? strchr(at, ':') : NULL;

	/* tag@file:field, or symbol@file, or symbol */
	if (at && field)
		snprintf(buf, size, "%.*s.%s", (int)(at - id), id, field + 1);
	else if (at)
		snprintf(buf, size, "%.*s", (int)(at - id), id);
	else
		snprintf(buf, size, "%s", id);
	return buf;
}
