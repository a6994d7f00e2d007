// SPDX-License-Identifier: GPL-2.0-only
/* headway status: the matrix of changes and bases, worked out anew each time. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fork.h"
#include "headway.h"
#include "opt.h"
#include "paths.h"
#include "report.h"
#include "store.h"
#include "xalloc.h"

static const char usage[] =
	"usage: headway [--porcelain] status [--why] [BASE...]\n"
	"       headway status --kunit BASE\n"
	"       headway status --proof BASE\n"
	"\n"
	"Shows what every change is on every base that is imported: carried, upstream\n"
	"already, not needed, or failing. It is worked out from the topics and the bases\n"
	"each time; nothing is written.\n"
	"\n"
	"  --porcelain  base, topic, change, state, commit; tab-separated, a line a cell\n"
	"  --why        the reasons too\n"
	"  --kunit      the KUnit suites that must run on BASE, one a line\n"
	"  --proof      how the absence of each change that BASE carries shows: change,\n"
	"               commit, proof; tab-separated, a line a proof, \"-\" for none\n"
	"\n"
	"Exit codes: 0 nothing fails; 1 a cell fails; 2 usage; 3 malformed input;\n"
	"4 the machine.\n";

struct status_options {
	bool why, kunit, proof;
};

static int parse(int argc, char **argv, struct status_options *o)
{
	const struct opt options[] = {
		{ .name = "why", .flag = &o->why },
		{ .name = "kunit", .flag = &o->kunit },
		{ .name = "proof", .flag = &o->proof },
		{ .name = "porcelain", .flag = &hw_porcelain },
		{ .name = NULL },
	};

	if (opt_parse(argc, argv, options, usage))
		return -1;
	if ((o->kunit || o->proof) && argc - optind != 1) {
		hw_set_exit(HW_USAGE);
		return hw_error("--%s wants one BASE",
				o->kunit ? "kunit" : "proof");
	}
	return 0;
}

static void print_suites(const struct fork *f)
{
	size_t i, j, k;

	for (i = 0; i < f->n_branches; i++)
		for (j = 0; j < f->branches[i].n_cells; j++) {
			const struct cell *c = &f->branches[i].cells[j];

			if (c->state != CELL_CARRIED)
				continue;
			for (k = 0; k < c->change->kunit.n; k++)
				puts(c->change->kunit.v[k]);
		}
}

static void print_proofs(const struct fork *f)
{
	size_t i, j, k;

	for (i = 0; i < f->n_branches; i++)
		for (j = 0; j < f->branches[i].n_cells; j++) {
			const struct cell *c = &f->branches[i].cells[j];
			const struct proofs *ps = change_proofs(c->change, f->base);

			if (c->state != CELL_CARRIED)
				continue;
			for (k = 0; k < (ps ? ps->n : 1); k++)
				printf("%s/%s\t%s\t%s\n", c->topic->name,
				       c->change->name,
				       git_oid_tostr_s(&c->commit),
				       ps ? ps->p[k].text : "-");
		}
}

/* Do the branches say what the topics say now? */
static bool up_to_date(git_repository *repo, const struct fork *f)
{
	char *ref = ref_integration(f->base);
	git_oid now;
	bool same;

	same = !git_reference_name_to_id(&now, repo, ref) &&
	       git_oid_equal(&now, &f->integration);
	free(ref);
	return same;
}

static int show(git_repository *repo, const struct topics *ts,
		struct fork *forks, size_t n, const struct status_options *o)
{
	size_t i, fails = 0;

	for (i = 0; i < n; i++)
		fails += forks[i].n_fails + !forks[i].integrated;
	if (o->kunit) {
		print_suites(&forks[0]);
	} else if (o->proof) {
		print_proofs(&forks[0]);
	} else if (hw_porcelain) {
		report_porcelain(forks, n);
	} else if (!hw_quiet) {
		report_matrix(ts, forks, n, o->why);
		for (i = 0; i < n; i++)
			if (!up_to_date(repo, &forks[i]))
				printf("%s: the branches are older than the topics: headway build %s\n",
				       forks[i].base, forks[i].base);
	}
	for (i = 0; i < n && !o->kunit && !o->proof; i++) {
		report_failures(&forks[i]);
		if (!forks[i].integrated)
			hw_error("base %s: the integration branch has merge conflicts: headway build %s tells more",
				 forks[i].base, forks[i].base);
	}
	return fails ? HW_FINDING : HW_OK;
}

int cmd_status(int argc, char **argv)
{
	struct status_options o = { 0 };
	struct resolutions memory = { 0 };
	struct fork_options fo = { .memory = &memory };
	git_repository *repo = NULL;
	struct strlist bases = { 0 };
	struct fork *forks = NULL;
	struct topics ts = { 0 };
	size_t n = 0, i;
	int r = -1;

	if (parse(argc, argv, &o))
		return -1;
	for (i = optind; i < (size_t)argc; i++)
		strlist_add(&bases, argv[i]);
	if (paths_find() || store_open(&repo, true) ||
	    topics_read(hw_paths.top, &ts) ||
	    resolutions_read(hw_paths.top, &memory) ||
	    (!bases.n && store_bases(repo, &bases)))
		goto out;
	forks = xcalloc(bases.n, sizeof(*forks));
	for (; n < bases.n; n++)
		if (fork_build(repo, &ts, bases.v[n], &fo, &forks[n]) ||
		    fork_check_memory(&forks[n], &memory)) {
			fork_free(&forks[n]);
			goto out;
		}
	r = show(repo, &ts, forks, n, &o);
out:
	for (i = 0; i < n; i++)
		fork_free(&forks[i]);
	free(forks);
	resolutions_free(&memory);
	topics_free(&ts);
	strlist_free(&bases);
	git_repository_free(repo);
	return r;
}
