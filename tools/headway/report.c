// SPDX-License-Identifier: GPL-2.0-only
/* Printing what became of the changes: failures, conflicts, the matrix. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "headway.h"
#include "report.h"
#include "xalloc.h"

void report_failures(const struct fork *f)
{
	size_t i, j;

	for (i = 0; i < f->n_branches; i++)
		for (j = 0; j < f->branches[i].n_cells; j++) {
			const struct cell *c = &f->branches[i].cells[j];

			if (c->state != CELL_FAILS)
				continue;
			hw_error("base %s: topic %s: change %s fails", f->base,
				 c->topic->name, c->change->name);
			fprintf(stderr, "  %s", c->why);
		}
}

static int report_conflict(git_repository *repo, const struct fork *f,
			   const struct branch *br, const struct conflict *c,
			   const char *dir)
{
	hw_error("base %s: topic %s: merge conflict in %s", f->base,
		 br->topic->name, c->path);
	if (conflict_write(repo, dir, c))
		return -1;
	if (c->merged)
		hw_hint("edit %s/%s.merged until no markers are left, then: headway build --record %s/%s",
			dir, c->path, f->base, br->topic->name);
	else
		hw_hint("one side removed or retyped the file; its sides are %s/%s.{base,ours,theirs}: change one of the topics",
			dir, c->path);
	return 0;
}

int report_conflicts(git_repository *repo, const struct fork *f)
{
	int err = 0;
	size_t i, j;

	for (i = 0; i < f->n_branches; i++) {
		const struct branch *br = &f->branches[i];
		char *dir = xasprintf("%s/conflicts/%s/%s", hw_paths.build,
				      f->base, br->topic->name);

		/* What an earlier run left is out of date. */
		if (remove_tree(dir))
			err = hw_errno("%s", dir);
		for (j = 0; !err && j < br->conflicts.n; j++)
			err = report_conflict(repo, f, br,
					      &br->conflicts.c[j], dir);
		free(dir);
	}
	return err;
}

static const char *paint(enum cell_state s)
{
	static const char *const colours[] = {
		[CELL_CARRIED] = "\033[32m",
		[CELL_UPSTREAM] = "\033[36m",
		[CELL_NOT_NEEDED] = "\033[2m",
		[CELL_FAILS] = "\033[1;31m",
	};

	return isatty(STDOUT_FILENO) ? colours[s] : "";
}

static int name_width(const struct topics *ts)
{
	size_t i, j, n, width = 6;

	for (i = 0; i < ts->n; i++)
		for (j = 0; j < ts->t[i].n_changes; j++) {
			n = strlen(ts->t[i].name) + 1 +
			    strlen(ts->t[i].changes[j].name);
			width = n > width ? n : width;
		}
	return (int)width;
}

static void print_row(const struct topic *t, size_t topic_idx, size_t change_idx,
		      const struct fork *forks, size_t n, int width)
{
	const struct change *c = &t->changes[change_idx];
	const char *plain = isatty(STDOUT_FILENO) ? "\033[0m" : "";
	char number[16] = "";
	size_t i;
	int used;

	if (c->series)
		snprintf(number, sizeof(number), "%d", c->series);
	used = printf("%3s  %s/%s", number, t->name, c->name) - 5;
	printf("%*s", width - used, "");
	for (i = 0; i < n; i++) {
		const struct cell *cell =
			&forks[i].branches[topic_idx].cells[change_idx];

		printf("  %s%-10s%s", paint(cell->state),
		       cell_state_name(cell->state), plain);
	}
	putchar('\n');
}

static void print_reasons(const struct fork *f)
{
	size_t i, j;

	for (i = 0; i < f->n_branches; i++)
		for (j = 0; j < f->branches[i].n_cells; j++) {
			const struct cell *c = &f->branches[i].cells[j];

			if (c->state == CELL_CARRIED && c->offset)
				printf("%s: %s/%s: carried, a hunk moved by %ld lines\n",
				       f->base, c->topic->name, c->change->name,
				       c->offset);
			else if (c->state == CELL_UPSTREAM ||
				 c->state == CELL_NOT_NEEDED)
				printf("%s: %s/%s: %s: %s\n", f->base,
				       c->topic->name, c->change->name,
				       cell_state_name(c->state), c->why);
		}
}

void report_matrix(const struct topics *ts, const struct fork *forks, size_t n,
		   bool why)
{
	int width = name_width(ts);
	size_t i, j;

	printf("  #  %-*s", width, "change");
	for (i = 0; i < n; i++)
		printf("  %-10s", forks[i].base);
	putchar('\n');
	for (i = 0; i < ts->n; i++)
		for (j = 0; j < ts->t[i].n_changes; j++)
			print_row(&ts->t[i], i, j, forks, n, width);
	for (i = 0; why && i < n; i++)
		print_reasons(&forks[i]);
}

void report_porcelain(const struct fork *forks, size_t n)
{
	char hex[GIT_OID_HEXSZ + 1];
	size_t i, j, k;

	for (i = 0; i < n; i++)
		for (j = 0; j < forks[i].n_branches; j++)
			for (k = 0; k < forks[i].branches[j].n_cells; k++) {
				const struct cell *c =
					&forks[i].branches[j].cells[k];

				git_oid_tostr(hex, sizeof(hex), &c->commit);
				printf("%s\t%s\t%s\t%s\t%s\n", forks[i].base,
				       c->topic->name, c->change->name,
				       cell_state_name(c->state),
				       git_oid_is_zero(&c->commit) ? "-" : hex);
			}
}
