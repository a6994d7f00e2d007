/* SPDX-License-Identifier: GPL-2.0-only */
/* The options of a command, as a table. */
#ifndef HEADWAY_OPT_H
#define HEADWAY_OPT_H

#include <getopt.h>	/* optind */
#include <stdbool.h>

#include "strlist.h"

/* An option "--name", or "-l" with its letter, and the one place it goes to. */
struct opt {
	const char *name;	/* NULL ends the table */
	char letter;		/* 0: it has none */
	bool *flag;		/* is set to true; the option has no argument */
	const char **value;	/* points into argv; the last one wins */
	struct strlist *list;	/* gets a copy of each */
};

/*
 * Read argv[1] and what follows by @opts, with "--help" and "-h" known besides.
 * 0: the arguments that are no options begin at argv[optind]. -1: the command is
 * over, with the exit code set: @usage was printed, on standard output if it was
 * asked for, else after what is wrong.
 */
int opt_parse(int argc, char **argv, const struct opt *opts, const char *usage);

/* The arguments do not fit @usage, which says how they would. Returns -1. */
int opt_misuse(const char *usage);

#endif /* HEADWAY_OPT_H */
