// SPDX-License-Identifier: GPL-2.0-only
/* Printing the plan of what goes upstream. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "headway.h"
#include "planprint.h"
#include "xalloc.h"

static void print_fields(const struct plan *p, const struct outgoing *s,
			 const struct recipients *r, int revision)
{
	size_t i;

	printf("series\t%s\t%s\t%s\tv%d\t%s\t%s\t%s\n", s->name, s->fork->base,
	       s->topic->name, revision, s->change_id, s->entry, s->title);
	if (s->refused)
		printf("refused\t%s\t%s\n", s->name, s->refused);
	for (i = 0; i < s->n; i++)
		printf("commit\t%s\t%s\t%s/%s\t%s\n", s->name,
		       s->refused ? "-" : git_oid_tostr_s(&s->p[i].made),
		       s->topic->name, s->p[i].cell->change->name,
		       s->p[i].subject);
	for (i = 0; i < s->n_needs; i++)
		printf("needs\t%s\t%s\t%s\n", s->name,
		       p->s[s->needs[i].series].name, s->needs[i].why);
	for (i = 0; i < r->to.n; i++)
		printf("to\t%s\t%s\n", s->name, r->to.v[i]);
	for (i = 0; i < r->cc.n; i++)
		printf("cc\t%s\t%s\n", s->name, r->cc.v[i]);
}

static void print_people(const char *head, const struct strlist *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		printf("  %-8s%s\n", i ? "" : head, l->v[i]);
}

void plan_print(const struct plan *p, const struct outgoing *s,
		const struct recipients *r, int revision)
{
	size_t i;

	if (hw_porcelain) {
		print_fields(p, s, r, revision);
		return;
	}
	if (hw_quiet)
		return;
	printf("%s v%d: %s\n", s->name, revision, s->title);
	printf("  for     %s%s%s\n", s->stable ? "stable " : "",
	       s->stable ? s->fork->base : "mainline",
	       s->stable ? ".y" : "");
	printf("  owner   %s\n", s->entry);
	if (s->refused)
		printf("  REFUSED %s\n", s->refused);
	for (i = 0; i < s->n_needs; i++)
		printf("  %-8s%s (%s)\n", i ? "" : "needs",
		       p->s[s->needs[i].series].name, s->needs[i].why);
	for (i = 0; i < s->n; i++)
		printf("  %2zu/%-5zu%.12s %s%s%s\n", i + 1, s->n,
		       s->refused ? "------------" :
				    git_oid_tostr_s(&s->p[i].made),
		       s->p[i].subject, s->p[i].upstream ? "  = mainline " : "",
		       s->p[i].upstream ? s->p[i].upstream : "");
	print_people("To", &r->to);
	print_people("Cc", &r->cc);
	putchar('\n');
}

/* People want to know why, and then which: one line a reason. */
static void print_reason(const struct plan *p, size_t first)
{
	const struct left_out *l = &p->left[first];
	int column;
	size_t i;

	column = printf("  %s, %s:", l->base, l->why);
	for (i = first; i < p->n_left; i++) {
		const struct left_out *o = &p->left[i];
		int n = (int)(strlen(o->cell->topic->name) +
			      strlen(o->cell->change->name)) + 2;

		if (strcmp(o->base, l->base) || strcmp(o->why, l->why))
			continue;
		if (column + n > 79)
			column = printf("\n   ") - 1;
		column += printf(" %s/%s", o->cell->topic->name,
				 o->cell->change->name);
	}
	putchar('\n');
}

void plan_print_left(const struct plan *p)
{
	size_t i, j;

	for (i = 0; i < p->n_left; i++) {
		const struct left_out *l = &p->left[i];

		if (hw_porcelain) {
			printf("left\t%s\t%s/%s\t%s\n", l->base,
			       l->cell->topic->name, l->cell->change->name,
			       l->why);
			continue;
		}
		for (j = 0; j < i; j++)
			if (!strcmp(l->base, p->left[j].base) &&
			    !strcmp(l->why, p->left[j].why))
				break;
		if (!hw_quiet && !i)
			puts("In no series:");
		if (!hw_quiet && j == i)
			print_reason(p, i);
	}
}
