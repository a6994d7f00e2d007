// SPDX-License-Identifier: GPL-2.0-only
/* What became of the changes on a tree that is not ours, in words. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "applyreport.h"
#include "headway.h"
#include "xalloc.h"

enum outcome {
	APPLIED,
	ADAPTED,
	THERE,
	NOT_NEEDED,
	CONFLICT,
	N_OUTCOMES,
};

static const char *const words[N_OUTCOMES] = {
	[APPLIED] = "applied",
	[ADAPTED] = "adapted",
	[THERE] = "there already",
	[NOT_NEEDED] = "not needed",
	[CONFLICT] = "CONFLICT",
};

static enum outcome outcome_of(const struct cell *c)
{
	switch (c->state) {
	case CELL_CARRIED:
		return c->notes.n ? ADAPTED : APPLIED;
	case CELL_UPSTREAM:
		return THERE;
	case CELL_NOT_NEEDED:
		return NOT_NEEDED;
	default:
		return CONFLICT;
	}
}

static const char *form_of(const struct cell *c)
{
	return c->form ? c->form + strlen(hw_paths.top) + 1 : "";
}

/* A note may have several lines, as hunk_explain() writes them. */
static void print_notes(FILE *f, const struct cell *c)
{
	size_t i;

	for (i = 0; i < c->notes.n; i++)
		fprintf(f, "      %s%s", c->notes.v[i],
			strchr(c->notes.v[i], '\n') ? "" : "\n");
}

static void print_cell(FILE *f, const struct cell *c)
{
	fprintf(f, "  %-13s  %s/%s", words[outcome_of(c)], c->topic->name,
		c->change->name);
	if (c->state == CELL_CARRIED && c->offset)
		fprintf(f, ", offset %ld", c->offset);
	if (c->state == CELL_CARRIED)
		fprintf(f, "  (%s)", form_of(c));
	else if (c->state != CELL_FAILS)
		fprintf(f, ": %s", c->why);
	fputc('\n', f);
	if (c->state == CELL_FAILS)
		fprintf(f, "  %s", c->why);
	print_notes(f, c);
}

static void print_row(FILE *f, const char *name, const size_t *counts)
{
	size_t i;

	fprintf(f, "  %-13s", name);
	for (i = 0; i < N_OUTCOMES; i++)
		fprintf(f, "  %*zu", (int)strlen(words[i]), counts[i]);
	fputc('\n', f);
}

static void print_table(FILE *f, const struct fork *fork)
{
	size_t all[N_OUTCOMES] = { 0 }, i, j;

	fprintf(f, "\n  %-13s", "topic");
	for (i = 0; i < N_OUTCOMES; i++)
		fprintf(f, "  %s", words[i]);
	fputc('\n', f);
	for (i = 0; i < fork->n_branches; i++) {
		const struct branch *br = &fork->branches[i];
		size_t counts[N_OUTCOMES] = { 0 };

		for (j = 0; j < br->n_cells; j++) {
			counts[outcome_of(&br->cells[j])]++;
			all[outcome_of(&br->cells[j])]++;
		}
		print_row(f, br->topic->name, counts);
	}
	print_row(f, "all", all);
}

static void print_all(FILE *f, const struct fork *fork)
{
	size_t i, j;

	for (i = 0; i < fork->n_branches; i++)
		for (j = 0; j < fork->branches[i].n_cells; j++)
			print_cell(f, &fork->branches[i].cells[j]);
	print_table(f, fork);
}

void apply_print(const struct fork *f)
{
	size_t i, j;

	if (!hw_porcelain && !hw_quiet)
		print_all(stdout, f);
	for (i = 0; hw_porcelain && i < f->n_branches; i++)
		for (j = 0; j < f->branches[i].n_cells; j++) {
			const struct cell *c = &f->branches[i].cells[j];

			printf("%s\t%s\t%s\t%ld\t%s\n", c->topic->name,
			       c->change->name, words[outcome_of(c)],
			       c->offset, form_of(c));
		}
}

char *apply_account(const struct fork *f)
{
	char *out = NULL;
	size_t len;
	FILE *m = open_memstream(&out, &len);

	if (!m)
		abort();
	print_all(m, f);
	fclose(m);
	return out;
}
