// SPDX-License-Identifier: GPL-2.0-only
/* The interfaces of two kernels, taken by abidw and compared by abidiff. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "abikernel.h"
#include "file.h"
#include "headway.h"
#include "run.h"
#include "topiccopy.h"
#include "xalloc.h"

/*
 * abidiff alone takes a kernel for any library, and compares what it does not
 * export, too; so abidw goes first. A kernel without debug information would be
 * the same as any other.
 */
static int take_interface(const char *file, const char *symbols, const char *out)
{
	const char *argv[] = { "abidw", "--no-corpus-path", "--no-comp-dir-path",
			       "--out-file", out, file,
			       symbols ? "--kmi-whitelist" : NULL, symbols, NULL };
	struct run_result res;
	char *text;
	int err;

	if (run_child(argv, NULL, &res))
		return -1;
	text = file_read(out, NULL);
	hw_set_exit(HW_BAD_INPUT);
	if (res.status)
		err = hw_error("abidw cannot read %s: %s", file, res.err);
	else if (!text || !strstr(text, "<abi-instr"))
		err = hw_error("%s has no debug information: it cannot be compared",
			       file);
	else
		err = 0;
	free(text);
	run_result_free(&res);
	return err;
}

/* The file that abidiff is given for @file: itself, or made from it in @dir. */
static char *interface_of(const char *file, const char *symbols, const char *dir,
			  const char *name)
{
	char *text = file_read(file, NULL), *out = NULL;

	if (!text) {
		hw_errno("%s", file);
		hw_set_exit(HW_BAD_INPUT);
	} else if (strncmp(text, "<abi-corpus", 11)) {
		out = xasprintf("%s/%s.abi", dir, name);
		if (take_interface(file, symbols, out)) {
			free(out);
			out = NULL;
		}
	} else if (symbols) {
		hw_set_exit(HW_USAGE);
		hw_error("--symbols wants a kernel: %s is what abidw made of one",
			 file);
	} else {
		out = xstrdup(file);
	}
	free(text);
	return out;
}

/* abidiff's exit code: 1 an error, 2 usage; 4 and 8 are differences. */
static int run_abidiff(const char *old, const char *new, char **out)
{
	const char *const argv[] = { "abidiff", "--leaf-changes-only",
				     "--impacted-interfaces",
				     "--no-default-suppression", old, new, NULL };
	struct run_result res;
	int err = 0;

	if (run_child(argv, NULL, &res))
		return -1;
	if (res.status & 3 || res.status > 15) {
		hw_set_exit(HW_BAD_INPUT);
		err = hw_error("abidiff cannot compare %s and %s: %s", old, new,
			       res.err);
	} else {
		*out = xstrdup(res.out);
	}
	run_result_free(&res);
	return err;
}

/*
 * libabigail 2.2 knows sections [..._whitelist]; Android's lists have them as
 * [abi_symbol_list], as libabigail's later versions do.
 */
static char *copy_symbols(const char *file, const char *dir)
{
	char *text = file_read(file, NULL), *out, *hit;
	int err;

	if (!text) {
		hw_errno("%s", file);
		hw_set_exit(HW_BAD_INPUT);
		return NULL;
	}
	while ((hit = strstr(text, "symbol_list]")))
		memcpy(hit, "whitelist]  ", strlen("symbol_list]"));
	out = xasprintf("%s/symbols", dir);
	err = strchr(text, '[') ? file_replace(out, text, strlen(text)) : 1;
	free(text);
	if (!err)
		return out;
	if (err > 0) {
		hw_set_exit(HW_BAD_INPUT);
		hw_error("%s is no list of symbols: expected a line [abi_symbol_list] and a name a line",
			 file);
	}
	free(out);
	return NULL;
}

int abi_compare(const char *old, const char *new, const char *symbols,
		char **out)
{
	char *dir = temporary_dir();
	char *list = dir && symbols ? copy_symbols(symbols, dir) : NULL;
	bool ready = dir && (list || !symbols);
	char *a = ready ? interface_of(old, list, dir, "old") : NULL;
	char *b = a ? interface_of(new, list, dir, "new") : NULL;
	int err = b ? run_abidiff(a, b, out) : -1;

	if (dir)
		remove_tree(dir);
	free(a);
	free(b);
	free(list);
	free(dir);
	return err;
}
