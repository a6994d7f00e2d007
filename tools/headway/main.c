// SPDX-License-Identifier: GPL-2.0-only
/* headway: keeps the fork. The commands are one file each. */
#define _GNU_SOURCE
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <git2.h>

#include "headway.h"
#include "paths.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary;
} commands[] = {
	{ "import", cmd_import, "bring a kernel base into the fork's repository" },
	{ "build", cmd_build, "make the topic branches and the integration branch" },
	{ "status", cmd_status, "show what became of every change on every base" },
	{ "checkout", cmd_checkout, "make a work tree of a branch, or bring one up to date" },
	{ "save", cmd_save, "turn commits on a topic branch back into patch files" },
	{ "apply", cmd_apply, "carry the topics onto a tree that is not ours" },
	{ "verify", cmd_verify, "build everything again elsewhere and compare every id" },
	{ "series", cmd_series, "plan what goes upstream, cut it into series, check them" },
	{ "send", cmd_send, "write the mails of a series, or send them" },
	{ "trailers", cmd_trailers, "take reviewers' tags into the topics" },
	{ "export", cmd_export, "write the changes in the form a tree downstream asks for" },
	{ "lint", cmd_lint, "hold patches against the rules of a tree downstream" },
	{ "abi", cmd_abi, "say which change breaks the interface for modules" },
};

static void usage(FILE *f)
{
	size_t i;

	fputs("usage: headway [-q | --quiet] [--porcelain] [--help] COMMAND [ARGUMENTS]\n\n", f);
	for (i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		fprintf(f, "  %-10s %s\n", commands[i].name,
			commands[i].summary);
	fputs("\nheadway COMMAND --help tells more; headway(1) has the exit codes.\n", f);
}

static int run(int argc, char **argv)
{
	size_t i;
	int r;

	for (i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		if (strcmp(argv[0], commands[i].name))
			continue;
		optind = 0;
		r = commands[i].run(argc, argv);
		return r < 0 ? (int)hw_exit_code() : r;
	}
	hw_error("no command \"%s\"", argv[0]);
	usage(stderr);
	return HW_USAGE;
}

/* Output that was lost is a failure, whatever the command made of it. */
static int finish(int r)
{
	if (!fflush(stdout) && !ferror(stdout))
		return r;
	hw_errno("standard output");
	return HW_ENV;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "porcelain", no_argument, NULL, 'P' },
		{ NULL, 0, NULL, 0 },
	};
	int c, r;

	while ((c = getopt_long(argc, argv, "+hq", options, NULL)) != -1) {
		switch (c) {
		case 'h':
			usage(stdout);
			return finish(HW_OK);
		case 'q':
			hw_quiet = true;
			break;
		case 'P':
			hw_porcelain = true;
			break;
		default:
			usage(stderr);
			return HW_USAGE;
		}
	}
	if (optind == argc) {
		usage(stderr);
		return HW_USAGE;
	}
	if (git_libgit2_init() < 0) {
		hw_git_error("libgit2");
		return HW_ENV;
	}
	/* Every id that goes into a tree here was just written or read. */
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_OBJECT_CREATION, 0);
	r = run(argc - optind, argv + optind);
	paths_free();
	git_libgit2_shutdown();
	return finish(r);
}
