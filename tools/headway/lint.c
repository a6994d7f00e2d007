// SPDX-License-Identifier: GPL-2.0-only
/* headway lint: hold patches against the rules of a tree downstream. */
#define _GNU_SOURCE
#include <stdio.h>

#include "headway.h"
#include "lint.h"
#include "opt.h"

static const char usage[] =
	"usage: headway lint --for FORM DIR\n"
	"       headway lint --rules\n"
	"\n"
	"Holds the patches in DIR (files *.patch, and the series file where the form has\n"
	"one) against the rules of a tree downstream: android, chromeos, debian or plain.\n"
	"Each finding is a line: file, rule, what is wrong.\n"
	"\n"
	"  --for FORM   whose rules\n"
	"  --porcelain  findings and rules separated by tabs\n"
	"  --rules      list the rules: id, forms, what is asked\n"
	"\n"
	"Exit codes: 0 nothing found; 1 a rule is broken; 2 usage; 3 DIR cannot be read.\n";

struct lint_options {
	const char *form;
	bool rules;
};

static int parse(int argc, char **argv, struct lint_options *o)
{
	const struct opt options[] = {
		{ .name = "for", .value = &o->form },
		{ .name = "rules", .flag = &o->rules },
		{ .name = "porcelain", .flag = &hw_porcelain },
		{ .name = NULL },
	};

	if (opt_parse(argc, argv, options, usage))
		return -1;
	if ((o->rules && !o->form && optind == argc) ||
	    (o->form && !o->rules && optind + 1 == argc))
		return 0;
	return opt_misuse(usage);
}

static void print_rules(void)
{
	const struct lint_rule *r;
	const char *sep;
	int i;

	for (r = lint_rules; r->id; r++) {
		printf("%s\t", r->id);
		sep = "";
		for (i = 0; i < FORM_COUNT; i++)
			if (r->forms & 1u << i) {
				printf("%s%s", sep, form_name(i));
				sep = ",";
			}
		printf("\t%s\n", r->text);
	}
}

int cmd_lint(int argc, char **argv)
{
	struct lint_findings found = { 0 };
	struct lint_options o = { 0 };
	struct lint_set set = { 0 };
	enum form form;
	int r = -1;

	if (parse(argc, argv, &o))
		return -1;
	if (o.rules) {
		print_rules();
		return HW_OK;
	}
	if (!form_parse(o.form, &form) && !lint_set_read(argv[optind], &set)) {
		lint_run(form, &set, &found);
		lint_print(&found);
		if (!found.n)
			hw_say("%s: %zu files, nothing found", argv[optind],
			       set.n);
		r = found.n ? HW_FINDING : HW_OK;
	}
	lint_findings_free(&found);
	lint_set_free(&set);
	return r;
}
