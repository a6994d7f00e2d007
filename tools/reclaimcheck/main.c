// SPDX-License-Identifier: GPL-2.0-only
/* reclaimcheck: lockdep at compile time. The command line. */
#include <getopt.h>
#include <stdlib.h>

#include "print.h"
#include "tree.h"

static const char usage[] =
"usage: reclaimcheck report [OPTION...] KDIR|FILE...\n"
"\n"
"report: what the fence signalling paths reach that they must not\n"
"  --all        the low tier and every witness too\n"
"  --partial    what a build has left, though it did not finish\n"
"  --porcelain  a line a finding, for scripts\n"
"\n"
"Exit codes: 0 nothing of the high tier, 1 findings, 2 usage, 3 input, 4 machine.\n";

struct opts {
	struct print_opts print;
	bool partial, porcelain;
};

struct session {
	struct prog p;
	struct objects o;
	struct findings fs;
};

static int load(struct session *s, char **path, int n, bool partial)
{
	for (int i = 0; i < n; i++)
		if (tree_objects(path[i], partial, &s->o))
			return -1;
	if (tree_load(&s->p, &s->o))
		return -1;
	prog_link(&s->p);
	resolve(&s->p);
	flow(&s->p);
	solve(&s->p);
	return 0;
}

static void find(struct session *s)
{
	find_roots(&s->p, &s->fs);
	find_all(&s->p, &s->fs);
	find_leaks(&s->p, &s->fs);
	findings_group(&s->p, &s->fs);
}

static void end(struct session *s)
{
	findings_free(&s->fs);
	prog_free(&s->p);
	objects_free(&s->o);
	rc_arena_free();
}

static int cmd_report(int argc, char **argv)
{
	static const struct option options[] = {
		{ "all", no_argument, NULL, 'a' },
		{ "partial", no_argument, NULL, 'p' },
		{ "porcelain", no_argument, NULL, 'P' },
		{}
	};
	struct session s = {};
	struct opts o = {};
	int c, ret = RC_INPUT;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'a')
			o.print.all = true;
		else if (c == 'p')
			o.partial = true;
		else if (c == 'P')
			o.porcelain = true;
		else
			return RC_USAGE;
	}
	if (optind == argc) {
		fputs(usage, stderr);
		return RC_USAGE;
	}
	if (load(&s, argv + optind, argc - optind, o.partial))
		goto out;
	find(&s);
	if (o.porcelain)
		print_porcelain(stdout, &s.p, &s.fs);
	else
		print_text(stdout, &s.p, &s.fs, &o.print);
	ret = RC_OK;
	for (uint32_t i = 0; i < s.fs.v.n; i++)
		if (s.fs.v.v[i].tier == TIER_HIGH && !s.fs.v.v[i].waived)
			ret = RC_FINDING;
out:
	end(&s);
	return ret;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fputs(usage, stderr);
		return RC_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		fputs(usage, stdout);
		return RC_OK;
	}
	if (!strcmp(argv[1], "report"))
		return cmd_report(argc - 1, argv + 1);
	rc_error("no command \"%s\"; try --help", argv[1]);
	return RC_USAGE;
}
