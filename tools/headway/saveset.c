// SPDX-License-Identifier: GPL-2.0-only
/* What a save writes: worked out first, written at the end. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "saveset.h"
#include "xalloc.h"

void saveset_add(struct saveset *s, const char *path, const char *text,
		 size_t len)
{
	size_t before_len = 0;
	char *before = file_read(path, &before_len);
	struct saved_file *f;

	if (before && before_len == len && !memcmp(before, text, len)) {
		free(before);
		return;
	}
	f = xpush(s->f, s->n);
	f->path = xstrdup(path);
	f->text = xcalloc(1, len + 1);
	memcpy(f->text, text, len);
	f->len = len;
	f->before = before;
	f->before_len = before_len;
}

static void undo_first(const struct saveset *s, size_t n)
{
	while (n--) {
		const struct saved_file *f = &s->f[n];

		if (f->before)
			file_replace(f->path, f->before, f->before_len);
		else
			unlink(f->path);
	}
}

int saveset_write(struct saveset *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (file_replace(s->f[i].path, s->f[i].text, s->f[i].len)) {
			undo_first(s, i);
			return -1;
		}
	return 0;
}

int saveset_write_copy(const struct saveset *s, const char *top, const char *dir)
{
	size_t i, n = strlen(top);
	int err = 0;

	for (i = 0; !err && i < s->n; i++) {
		char *path = xasprintf("%s%s", dir, s->f[i].path + n);

		err = file_replace(path, s->f[i].text, s->f[i].len);
		free(path);
	}
	return err;
}

void saveset_free(struct saveset *s)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		free(s->f[i].path);
		free(s->f[i].text);
		free(s->f[i].before);
	}
	free(s->f);
	memset(s, 0, sizeof(*s));
}
