// SPDX-License-Identifier: GPL-2.0-only
/* The options of a command, as a table. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "headway.h"
#include "opt.h"
#include "xalloc.h"

/* What getopt_long() returns for --help; an option's own is its index from here. */
#define OPT_HELP 256
#define OPT_FIRST (OPT_HELP + 1)

int opt_misuse(const char *usage)
{
	hw_set_exit(HW_USAGE);
	fputs(usage, stderr);
	return -1;
}

static bool wants_argument(const struct opt *opt)
{
	return !opt->flag;
}

static size_t count(const struct opt *opts)
{
	size_t n = 0;

	while (opts[n].name)
		n++;
	return n;
}

/* The table as getopt_long() wants it: long names, and letters in @letters. */
static struct option *make_options(const struct opt *opts, char *letters)
{
	size_t n = count(opts), i;
	struct option *out = xcalloc(n + 2, sizeof(*out));

	for (i = 0; i < n; i++) {
		out[i].name = opts[i].name;
		out[i].has_arg = wants_argument(&opts[i]);
		out[i].val = OPT_FIRST + i;
		if (!opts[i].letter)
			continue;
		*letters++ = opts[i].letter;
		if (wants_argument(&opts[i]))
			*letters++ = ':';
	}
	out[n].name = "help";
	out[n].val = OPT_HELP;
	*letters = 'h';
	return out;
}

/* The option that getopt_long() means by @c; NULL if there is none. */
static const struct opt *find(const struct opt *opts, int c)
{
	const struct opt *opt;

	for (opt = opts; opt->name; opt++)
		if (c == OPT_FIRST + (int)(opt - opts) ||
		    (opt->letter && c == opt->letter))
			return opt;
	return NULL;
}

static void take(const struct opt *opt, const char *arg)
{
	if (opt->flag)
		*opt->flag = true;
	else if (opt->value)
		*opt->value = arg;
	else
		strlist_add(opt->list, arg);
}

int opt_parse(int argc, char **argv, const struct opt *opts, const char *usage)
{
	/* Two for an option with a letter, and "h". */
	char *letters = xcalloc(2 * count(opts) + 2, 1);
	struct option *options = make_options(opts, letters);
	int c, err = 0;

	while (!err && (c = getopt_long(argc, argv, letters, options, NULL)) != -1) {
		const struct opt *opt = find(opts, c);

		if (opt) {
			take(opt, optarg);
		} else if (c == 'h' || c == OPT_HELP) {
			fputs(usage, stdout);
			hw_set_exit(HW_OK);
			err = -1;
		} else {
			err = opt_misuse(usage);
		}
	}
	free(options);
	free(letters);
	return err;
}
