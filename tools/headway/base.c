// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files bases/<name>.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base.h"
#include "headway.h"
#include "paragraph.h"
#include "xalloc.h"

bool base_name_ok(const char *name)
{
	const char *good =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-";
	size_t len = strlen(name);

	/* Also keeps to what git allows as a component of a ref. */
	return len && len < 64 && strspn(name, good) == len && *name != '.' &&
	       *name != '-' && !strstr(name, "..") && name[len - 1] != '.' &&
	       (len < 5 || strcmp(name + len - 5, ".lock"));
}

/* A word that becomes an argument of a program: no blanks, no leading dash. */
static bool word_ok(const char *s)
{
	return *s && *s != '-' && !s[strcspn(s, " \t\n")];
}

static int wrong(const char *path, int line, const char *what, const char *field)
{
	hw_set_exit(HW_BAD_INPUT);
	return hw_error("%s:%d: %s: %s", path, line, field, what);
}

static int take_field(const char *path, const struct field *f, struct base *out)
{
	const struct {
		const char *name;
		char **to;
	} words[] = {
		{ "Package", &out->package },
		{ "Suite", &out->suite },
		{ "Repository", &out->repository },
		{ "Revision", &out->revision },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(f->name, words[i].name))
			continue;
		/* A path may have blanks in it. */
		if (words[i].to == &out->repository ? !*f->value : !word_ok(f->value))
			return wrong(path, f->line, "not a valid value", f->name);
		*words[i].to = xstrdup(f->value);
		return 0;
	}
	if (strcmp(f->name, "Default"))
		return wrong(path, f->line, "there is no such field", f->name);
	if (strcmp(f->value, "yes"))
		return wrong(path, f->line, "can only be 'yes'", f->name);
	out->is_default = true;
	return 0;
}

static int take_paragraph(const char *path, const struct paragraph *p,
			  struct base *out)
{
	for (size_t i = 0; i < p->n_fields; i++)
		if (take_field(path, &p->fields[i], out))
			return -1;
	if (!out->package == !out->repository)
		return wrong(path, p->line, "give one of the two, and only one",
			     "Package, Repository");
	if (!out->repository != !out->revision)
		return wrong(path, p->line, "goes with Repository", "Revision");
	if (out->suite && !out->package)
		return wrong(path, p->line, "goes with Package", "Suite");
	return 0;
}

/* Name the bases that there are, by their files. */
static int no_such_base(const char *name)
{
	char *dir = xasprintf("%s/bases", hw_paths.top);
	char *names = xstrdup("");
	struct dirent **list;
	int n = scandir(dir, &list, NULL, versionsort);

	for (int i = 0; i < n; i++) {
		if (base_name_ok(list[i]->d_name)) {
			char *more = xasprintf("%s %s", names, list[i]->d_name);

			free(names);
			names = more;
		}
		free(list[i]);
	}
	if (n >= 0)
		free(list);
	hw_set_exit(HW_BAD_INPUT);
	hw_error("there is no base %s: %s has%s", name, dir,
		 *names ? names : " none");
	hw_hint("man headway-import tells what such a file says (Documentation/headway/headway-import.rst)");
	free(names);
	free(dir);
	return -1;
}

int base_read(const char *name, struct base *out)
{
	struct paragraphs ps = { 0 };
	char *path = NULL;
	int ret = -1;

	memset(out, 0, sizeof(*out));
	if (!base_name_ok(name)) {
		hw_set_exit(HW_USAGE);
		return hw_error("'%s' cannot be the name of a base", name);
	}
	out->name = xstrdup(name);
	path = xasprintf("%s/bases/%s", hw_paths.top, name);
	if (access(path, F_OK)) {
		free(path);
		return no_such_base(name);
	}
	if (paragraphs_read(path, &ps)) {
		hw_set_exit(HW_BAD_INPUT);
		goto out;
	}
	if (ps.n != 1) {
		hw_set_exit(HW_BAD_INPUT);
		hw_error("%s: must be one paragraph, has %zu", path, ps.n);
		goto out;
	}
	ret = take_paragraph(path, &ps.p[0], out);
out:
	paragraphs_free(&ps);
	free(path);
	return ret;
}

void base_free(struct base *b)
{
	free(b->name);
	free(b->package);
	free(b->suite);
	free(b->repository);
	free(b->revision);
	memset(b, 0, sizeof(*b));
}

static int compare_versions(const void *a, const void *b)
{
	const struct base *x = a, *y = b;

	return strverscmp(x->name, y->name);
}

static int read_dir(const char *dir, struct bases *out)
{
	struct dirent *e;
	int ret = 0;
	DIR *d;

	d = opendir(dir);
	if (!d) {
		hw_errno("cannot read %s", dir);
		hw_set_exit(HW_BAD_INPUT);
		return -1;
	}
	while (!ret && (e = readdir(d)))
		/* Editors leave "6.1~" and ".6.1.swp" behind. */
		if (base_name_ok(e->d_name))
			ret = base_read(e->d_name, xpush(out->b, out->n));
	closedir(d);
	return ret;
}

int bases_read(struct bases *out)
{
	char *dir = xasprintf("%s/bases", hw_paths.top);
	size_t defaults = 0;
	int ret;

	memset(out, 0, sizeof(*out));
	ret = read_dir(dir, out);
	for (size_t i = 0; !ret && i < out->n; i++)
		defaults += out->b[i].is_default;
	if (!ret && defaults != 1) {
		hw_set_exit(HW_BAD_INPUT);
		ret = hw_error("%s: exactly one base must say 'Default: yes', %zu do",
			       dir, defaults);
	}
	if (out->n)
		qsort(out->b, out->n, sizeof(*out->b), compare_versions);
	free(dir);
	return ret;
}

const struct base *bases_default(const struct bases *bs)
{
	for (size_t i = 0; i < bs->n; i++)
		if (bs->b[i].is_default)
			return &bs->b[i];
	return NULL;
}

void bases_free(struct bases *bs)
{
	for (size_t i = 0; i < bs->n; i++)
		base_free(&bs->b[i]);
	free(bs->b);
	memset(bs, 0, sizeof(*bs));
}
