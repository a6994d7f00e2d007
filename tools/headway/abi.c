// SPDX-License-Identifier: GPL-2.0-only
/* headway abi: what the changes do to the interface that modules depend on. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abiblame.h"
#include "abikernel.h"
#include "abireport.h"
#include "exporting.h"
#include "file.h"
#include "headway.h"
#include "opt.h"
#include "paths.h"
#include "store.h"
#include "xalloc.h"

static const char usage[] =
	"usage: headway abi BASE [--for FORM] [--old FILE] [--new FILE] [--symbols LIST]\n"
	"\n"
	"Compares the interface of two built kernels by abidiff, the base and one with the\n"
	"changes, and says which change breaks what: exported functions and variables that\n"
	"went away or have another signature, structures of another layout. What fills a\n"
	"hole, or is known to one source file alone, breaks nothing but the checksums of\n"
	"CONFIG_MODVERSIONS. make abi BASE=... builds both kernels first.\n"
	"\n"
	"  --for FORM      the changes in the form for android or plain (the default)\n"
	"  --old FILE      vmlinux of the base, or what abidw made of it\n"
	"                  (default: build/abi/BASE/base.abi)\n"
	"  --new FILE      the one with the changes (default: build/abi/BASE/FORM.abi)\n"
	"  --symbols LIST  only these symbols are the interface, as libabigail lists them\n"
	"\n"
	"Exit codes: 0 nothing breaks; 1 something does; 2 usage; 3 a kernel that cannot be\n"
	"read, a malformed topic; 4 the machine, or abidiff is missing.\n";

struct abi_options {
	const char *form, *old, *new, *symbols;
};

static int parse(int argc, char **argv, struct abi_options *o)
{
	const struct opt options[] = {
		{ .name = "for", .value = &o->form },
		{ .name = "old", .value = &o->old },
		{ .name = "new", .value = &o->new },
		{ .name = "symbols", .value = &o->symbols },
		{ .name = NULL },
	};

	o->form = form_name(FORM_PLAIN);
	if (opt_parse(argc, argv, options, usage))
		return -1;
	return optind + 1 == argc ? 0 : opt_misuse(usage);
}

static char *kernel_file(const char *given, const char *base, const char *name)
{
	char *path = given ? xstrdup(given) :
		     xasprintf("%s/abi/%s/%s.abi", hw_paths.build, base, name);

	if (file_exists(path))
		return path;
	hw_set_exit(HW_BAD_INPUT);
	hw_error("there is no %s", path);
	hw_hint("make abi BASE=%s builds both kernels", base);
	free(path);
	return NULL;
}

static int compare(const struct abi_options *o, const char *base,
		   const char *form, char **out)
{
	char *old = kernel_file(o->old, base, "base");
	char *new = old ? kernel_file(o->new, base, form) : NULL;
	int err = new ? abi_compare(old, new, o->symbols, out) : -1;

	free(old);
	free(new);
	return err;
}

static char *join(const struct strlist *l, const char *none)
{
	char *text = xstrdup(l->n ? l->v[0] : none), *longer;
	size_t i;

	for (i = 1; i < l->n; i++) {
		longer = xasprintf("%s, %s", text, l->v[i]);
		free(text);
		text = longer;
	}
	return text;
}

static void print_item(const struct abi_item *it, const char *by)
{
	size_t i;

	if (hw_porcelain) {
		printf("%s\t%s\t%s\t%zu\n", abi_kind_name(it->kind), it->what,
		       by, it->reaches.n);
		return;
	}
	if (hw_quiet)
		return;
	printf("  %-8s %s%s%s%s\n", abi_kind_name(it->kind), it->what,
	       *it->file ? " (" : "", it->file, *it->file ? ")" : "");
	printf("           by %s\n", by);
	for (i = 0; it->kind != ABI_ADDED && i < it->details.n; i++)
		printf("           %s\n", it->details.v[i]);
	for (i = 0; i < it->reaches.n && i < 3; i++)
		printf("           reaches %s\n", it->reaches.v[i]);
	if (it->reaches.n > 3)
		printf("           and %zu more exported interfaces\n",
		       it->reaches.n - 3);
}

static int print_report(git_repository *repo, const struct abi_report *r,
			const struct fork *f, const char *base)
{
	size_t i, counts[ABI_BREAKS + 1] = { 0 };
	int err = 0;

	for (i = 0; !err && i < r->n; i++) {
		struct strlist by = { 0 };
		char *text;

		err = abi_blame(repo, f, &r->i[i], &by);
		text = join(&by, "no change that is known: is the configuration the same?");
		if (!err)
			print_item(&r->i[i], text);
		counts[r->i[i].kind]++;
		free(text);
		strlist_free(&by);
	}
	if (err)
		return err;
	hw_say("%s: %zu differences break the interface; %zu in padding and %zu in private types change checksums alone; %zu additions",
	       base, counts[ABI_BREAKS], counts[ABI_PADDING],
	       counts[ABI_PRIVATE], counts[ABI_ADDED]);
	return counts[ABI_BREAKS] ? HW_FINDING : HW_OK;
}

int cmd_abi(int argc, char **argv)
{
	struct form_context fc = { 0 };
	struct abi_options o = { 0 };
	struct abi_report report = { 0 };
	struct exporting e = { 0 };
	git_repository *repo = NULL;
	struct topics ts = { 0 };
	char *text = NULL;
	int r = -1;

	if (parse(argc, argv, &o))
		return -1;
	fc.base = argv[optind];
	if (form_parse(o.form, &fc.form) || paths_find() ||
	    compare(&o, fc.base, o.form, &text) ||
	    abi_report_parse(text, &report) || store_open(&repo, true) ||
	    topics_read(hw_paths.top, &ts))
		goto out;
	r = exporting_build(repo, &ts, &fc, false, &e);
	if (!r)
		r = print_report(repo, &report, &e.fork, fc.base);
out:
	free(text);
	abi_report_free(&report);
	exporting_free(&e);
	topics_free(&ts);
	git_repository_free(repo);
	return r;
}
