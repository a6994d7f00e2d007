// SPDX-License-Identifier: GPL-2.0-only
/* "reclaimcheck why NAME": one fact explained. */
#include <stdlib.h>

#include "print.h"

static void print_chain(FILE *out, struct prog *p, const struct chain *c)
{
	for (uint32_t i = 0; i < c->step.n; i++) {
		const char *file;
		uint32_t line;
		char text[1024];

		step_place(p, &c->step.v[i], &file, &line);
		step_text(p, &c->step.v[i], text, sizeof(text));
		fprintf(out, "%s:%u:   %s\n", file, line, text);
	}
}

static const char *const fact_text[] = {
	[FACT_ALLOC] = "enters direct reclaim", [FACT_WAIT] = "waits for a fence",
	[FACT_LOCK] = "blocks on a lock that is held over reclaim",
};

static const char *belief_text(uint8_t belief)
{
	return belief == UNSURE ? " (unsure)" :
	       belief == ON_RELEASE ? " (if a last reference is dropped)" : "";
}

/* Locks that the function holds over reclaim. */
static bool why_holds(FILE *out, struct prog *p, uint32_t n)
{
	char name[256], text[1024];
	const char *file;
	uint32_t line;
	bool any = false;

	for (uint32_t l = 0; l < p->lock.n; l++)
		for (uint32_t i = 0; i < p->lock.v[l].taint.n; i++) {
			const struct taint *t = &p->lock.v[l].taint.v[i];
			struct step s = { t->fn, t->event, t->target };

			if (t->fn != n)
				continue;
			step_place(p, &s, &file, &line);
			step_text(p, &s, text, sizeof(text));
			fprintf(out, "%s:%u: holding %s, %s%s\n", file, line,
				lock_name(p, l, name, sizeof(name)), text,
				belief_text(t->belief));
			any = true;
		}
	return any;
}

static void why_fn(FILE *out, struct prog *p, uint32_t n)
{
	const struct fn *f = &p->fn.v[n];
	bool any = false;

	for (uint8_t k = 0; k < FACT_KINDS; k++)
		for (uint8_t d = 0; d < FACT_DEPTHS; d++) {
			struct chain c = { .lock = RC_NONE };
			char lock[256];

			if (!f->bad[k][d].set)
				continue;
			any = true;
			fprintf(out, "%s:%u: %s() %s%s%s\n", fn_file(p, n), f->sk->line,
				fn_name(p, n), fact_text[k],
				d ? ", having dropped a spin lock of its caller" : "",
				belief_text(f->bad[k][d].belief));
			chain_of_fact(p, n, k, d, &c);
			print_chain(out, p, &c);
			if (c.lock != RC_NONE)
				fprintf(out, "  ask next: why %s\n",
					lock_name(p, c.lock, lock, sizeof(lock)));
			rc_vec_free(&c.step);
		}
	for (uint32_t i = 0; i < f->fcase.n; i++) {
		const struct fcase *k = &f->fcase.v[i];

		any = true;
		fprintf(out, "%s:%u: %s() %s if argument %u is %u%s\n", fn_file(p, n),
			f->sk->event[k->why.event].line, fn_name(p, n), fact_text[k->kind],
			k->param + 1, k->value, belief_text(k->why.belief));
	}
	for (uint32_t i = 0; i < f->gfp.n; i++) {
		struct chain c = { .lock = RC_NONE };
		bool before = false;

		for (uint32_t k = 0; k < i; k++)
			before |= f->gfp.v[k].param == f->gfp.v[i].param;
		if (before)
			continue;
		any = true;
		fprintf(out, "%s:%u: %s() enters direct reclaim if the GFP flags in argument %u say so\n",
			fn_file(p, n), f->sk->line, fn_name(p, n), f->gfp.v[i].param + 1);
		chain_of_gfp(p, n, f->gfp.v[i].param, &c);
		print_chain(out, p, &c);
		rc_vec_free(&c.step);
	}
	any |= why_holds(out, p, n);
	if (!any)
		fprintf(out, "%s:%u: %s(): nothing, as far as compiled code shows\n", fn_file(p, n),
			f->sk->line, fn_name(p, n));
}

static void print_taints(FILE *out, struct prog *p, uint32_t lock)
{
	const struct lock *l = &p->lock.v[lock];
	char name[256], other[256];

	lock_name(p, lock, name, sizeof(name));
	if (!l->taint.n) {
		fprintf(out, "%s: not held over reclaim, as far as compiled code shows (%u places take it)\n",
			name, l->taker.n / 2);
		return;
	}
	fprintf(out, "%s: held over reclaim in %u places%s\n", name, l->taint.n,
		l->taint.n >= MAX_TAINTS ? " or more" : "");
	for (uint32_t i = 0; i < l->taint.n; i++) {
		const struct taint *t = &l->taint.v[i];
		struct step s = { t->fn, t->event, t->target };
		struct chain c = { .lock = RC_NONE };
		const char *file;
		uint32_t line;
		char text[1024];

		step_place(p, &s, &file, &line);
		step_text(p, &s, text, sizeof(text));
		fprintf(out, "%s:%u: holding %s, %s%s\n", file, line, name, text,
			belief_text(t->belief));
		if (t->target != RC_NONE)
			chain_of_fact(p, p->target.v[t->target].fn, t->kind, t->depth, &c);
		print_chain(out, p, &c);
		if (t->kind == FACT_LOCK && t->lock != RC_NONE)
			fprintf(out, "  ask next: why %s\n",
				lock_name(p, t->lock, other, sizeof(other)));
		rc_vec_free(&c.step);
	}
}

void print_why(FILE *out, struct prog *p, const char *what, int *found)
{
	char name[256];

	*found = 0;
	for (uint32_t n = 0; n < p->fn.n; n++)
		if (!strcmp(fn_name(p, n), what)) {
			why_fn(out, p, n);
			++*found;
		}
	for (uint32_t l = 0; l < p->lock.n; l++)
		if (!strcmp(lock_name(p, l, name, sizeof(name)), what)) {
			print_taints(out, p, l);
			++*found;
		}
}
