// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fields that a unit knows by their place alone: "TAG@" and an offset. clang writes
 * no debug information for the struct of a variable that is only declared, though the
 * code may take the address of a field of what it points to. The unit that defines the
 * variable has the name.
 */
#include <stdlib.h>

#include "program.h"

struct namesake {
	uint32_t tag, field;	/* RC_NONE: there are two of them */
};

struct places {
	struct rc_map at;	/* hash of tag and offset -> number in v */
	RC_DECLARE_VEC(struct namesake) v;
};

/* "TAG@" of "TAG@file" is what both have. */
static uint64_t key(const struct prog *p, const struct sk_val *v)
{
	const char *id = rc_str(&p->str, v->b);
	uint64_t part[2] = { rc_hash(id, strcspn(id, "@")), v->num };

	return rc_hash(part, sizeof(part)) | 1;
}

static bool nameless(const struct prog *p, const struct sk_val *v)
{
	return v->kind == SK_FIELD && v->num && !*rc_str(&p->str, v->c);
}

static void wanted(struct prog *p, struct places *pl)
{
	for (uint32_t u = 0; u < p->unit.n; u++) {
		const struct skel *sk = p->unit.v[u].sk;

		for (uint32_t i = 0; i < sk->nval; i++) {
			uint64_t k;

			if (!nameless(p, &sk->val[i]))
				continue;
			k = key(p, &sk->val[i]);
			if (rc_map_get(&pl->at, k) != RC_NONE)
				continue;
			rc_map_put(&pl->at, k, pl->v.n);
			rc_push(&pl->v, ((struct namesake){ RC_NONE, 0 }));
		}
	}
}

/* Two structs of one tag with other fields there: neither. */
static void offer(struct namesake *n, const struct sk_val *v)
{
	if (n->tag == RC_NONE && !n->field)
		*n = (struct namesake){ v->b, v->c };
	else if (n->tag != v->b || n->field != v->c)
		*n = (struct namesake){ RC_NONE, RC_NONE };
}

static void offers(struct prog *p, struct places *pl)
{
	for (uint32_t u = 0; u < p->unit.n; u++) {
		const struct skel *sk = p->unit.v[u].sk;

		for (uint32_t i = 0; i < sk->nval; i++) {
			const struct sk_val *v = &sk->val[i];
			uint32_t at;

			if (v->kind != SK_FIELD || !v->num || nameless(p, v))
				continue;
			at = rc_map_get(&pl->at, key(p, v));
			if (at != RC_NONE)
				offer(&pl->v.v[at], v);
		}
	}
}

void fields_name(struct prog *p)
{
	struct places pl = {};

	wanted(p, &pl);
	if (pl.v.n)
		offers(p, &pl);
	for (uint32_t u = 0; pl.v.n && u < p->unit.n; u++) {
		struct skel *sk = p->unit.v[u].sk;

		for (uint32_t i = 0; i < sk->nval; i++) {
			struct sk_val *v = &sk->val[i];
			const struct namesake *n;

			if (!nameless(p, v))
				continue;
			n = &pl.v.v[rc_map_get(&pl.at, key(p, v))];
			if (n->tag == RC_NONE) {
				v->kind = SK_UNKNOWN;
				continue;
			}
			v->b = n->tag;
			v->c = n->field;
		}
	}
	rc_map_free(&pl.at);
	rc_vec_free(&pl.v);
}
