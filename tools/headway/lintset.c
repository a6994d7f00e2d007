// SPDX-License-Identifier: GPL-2.0-only
/* The files that are checked, and what is found in them. */
#define _GNU_SOURCE
#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "file.h"
#include "headway.h"
#include "lintrules.h"
#include "xalloc.h"

void lint_set_add(struct lint_set *s, const char *name, char *text, size_t len)
{
	struct lint_file *f = xpush(s->f, s->n);

	f->name = xstrdup(name);
	f->text = text;
	f->len = len;
}

bool lint_is_patch(const struct lint_file *f)
{
	size_t n = strlen(f->name);

	return n > 6 && !strcmp(f->name + n - 6, ".patch");
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct lint_file *)a)->name,
		      ((const struct lint_file *)b)->name);
}

void lint_set_sort(struct lint_set *s)
{
	if (s->n)
		qsort(s->f, s->n, sizeof(*s->f), by_name);
}

void lint_set_free(struct lint_set *s)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		free(s->f[i].name);
		free(s->f[i].text);
	}
	free(s->f);
	memset(s, 0, sizeof(*s));
}

static int read_folder(const char *dir, const char *below, struct lint_set *out)
{
	char *path = xasprintf("%s%s%s", dir, *below ? "/" : "", below);
	DIR *d = opendir(path);
	struct dirent *e;
	struct stat st;
	int err = 0;
	size_t len;

	if (!d)
		err = hw_errno("%s", path);
	while (!err && (e = readdir(d))) {
		char *name = xasprintf("%s%s%s", below, *below ? "/" : "",
				       e->d_name);
		char *full = xasprintf("%s/%s", dir, name), *text;

		if (*e->d_name == '.') {
			;
		} else if (stat(full, &st)) {
			err = hw_errno("%s", full);
		} else if (S_ISDIR(st.st_mode)) {
			err = read_folder(dir, name, out);
		} else {
			text = file_read(full, &len);
			if (text)
				lint_set_add(out, name, text, len);
			else
				err = hw_errno("%s", full);
		}
		free(full);
		free(name);
	}
	if (d)
		closedir(d);
	free(path);
	return err;
}

int lint_set_read(const char *dir, struct lint_set *out)
{
	int err = read_folder(dir, "", out);

	if (err)
		hw_set_exit(HW_BAD_INPUT);
	if (!err && !out->n) {
		hw_set_exit(HW_BAD_INPUT);
		err = hw_error("%s is empty: there is nothing to check", dir);
	}
	lint_set_sort(out);
	return err;
}

void lint_say(struct lint_findings *out, const char *id, const char *file,
	      const char *fmt, ...)
{
	const struct lint_rule *r = lint_rules;
	struct lint_finding *f;
	va_list ap;

	while (r->id && strcmp(r->id, id))
		r++;
	if (!r->id)
		abort();
	f = xpush(out->f, out->n);
	f->rule = r->id;
	f->file = xstrdup(file);
	va_start(ap, fmt);
	if (vasprintf(&f->what, fmt, ap) < 0)
		abort();
	va_end(ap);
}

void lint_findings_free(struct lint_findings *fs)
{
	size_t i;

	for (i = 0; i < fs->n; i++) {
		free(fs->f[i].file);
		free(fs->f[i].what);
	}
	free(fs->f);
	memset(fs, 0, sizeof(*fs));
}

void lint_print(const struct lint_findings *fs)
{
	size_t i;

	for (i = 0; i < fs->n; i++) {
		const struct lint_finding *f = &fs->f[i];

		if (hw_porcelain)
			printf("%s\t%s\t%s\n", f->file, f->rule, f->what);
		else
			printf("%s: %s: %s\n", f->file, f->rule, f->what);
	}
}
