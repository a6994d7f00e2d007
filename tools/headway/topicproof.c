// SPDX-License-Identifier: GPL-2.0-only
/* The fields of a topic file that say how the absence of a change shows. */
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "headway.h"
#include "topicproof.h"
#include "xalloc.h"

int topicproof_parse(const char *file, const struct field *f,
		     struct change *c)
{
	const char *base = f->name + strlen("Proof");
	struct proof_field *p;
	char *why;

	if (*base && !base_name_ok(base + 1))
		return hw_error("%s:%d: %s: wants the name of a base after the dash",
				file, f->line, f->name);
	p = xpush(c->proofs, c->n_proofs);
	p->base = *base ? xstrdup(base + 1) : NULL;
	p->line = f->line;
	why = proofs_parse(f->value, &p->proofs);
	if (!why)
		return 0;
	hw_error("%s:%d: %s: %s", file, f->line, f->name, why);
	free(why);
	return -1;
}

/* What @name, "TOPIC/CHANGE", names; NULL if nothing. */
static const struct change *find_change(const struct topics *ts, const char *name)
{
	const char *slash = strchr(name, '/');
	const struct topic *t;
	char *topic;

	if (!slash)
		return NULL;
	topic = xstrndup(name, slash - name);
	t = topics_find(ts, topic);
	free(topic);
	return t ? topic_find(t, slash + 1) : NULL;
}

/* What a change says that it supports, or is used by, is there, and another one. */
static int check_supported(const struct topics *ts, const struct topic *t,
			   const struct change *c)
{
	size_t i;

	for (i = 0; i < c->users.n; i++) {
		const struct change *user = find_change(ts, c->users.v[i]);

		if (!user || user == c)
			return hw_error("%s/topic:%d: \"Users: %s\": there is no such other change",
					t->dir, c->line, c->users.v[i]);
	}
	for (i = 0; i < c->n_proofs; i++) {
		const struct proof *p = &c->proofs[i].proofs.p[0];
		const struct change *of;

		if (p->kind != PROOF_SUPPORT)
			continue;
		of = find_change(ts, p->arg);
		if (!of || of == c)
			return hw_error("%s/topic:%d: \"support %s\": there is no such other change",
					t->dir, c->proofs[i].line, p->arg);
	}
	return 0;
}

int topicproof_check(const struct topics *ts)
{
	size_t i, j;
	int err = 0;

	for (i = 0; i < ts->n; i++)
		for (j = 0; !err && j < ts->t[i].n_changes; j++)
			err = check_supported(ts, &ts->t[i],
					      &ts->t[i].changes[j]);
	return err;
}

const struct proofs *change_proofs(const struct change *c, const char *base)
{
	const struct proofs *common = NULL;
	size_t i;

	for (i = 0; i < c->n_proofs; i++) {
		if (!c->proofs[i].base)
			common = &c->proofs[i].proofs;
		else if (!strcmp(c->proofs[i].base, base))
			return &c->proofs[i].proofs;
	}
	return common;
}

void topicproof_free(struct change *c)
{
	size_t i;

	for (i = 0; i < c->n_proofs; i++) {
		free(c->proofs[i].base);
		proofs_free(&c->proofs[i].proofs);
	}
	free(c->proofs);
}
