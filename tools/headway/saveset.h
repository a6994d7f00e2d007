/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a save writes: a set of files of the checkout that is worked out first
 * and written at the end, and that can be taken back.
 */
#ifndef HEADWAY_SAVESET_H
#define HEADWAY_SAVESET_H

#include <stddef.h>

struct saved_file {
	char *path;
	char *text;		/* the new content */
	size_t len;
	char *before;		/* NULL: there was no such file */
	size_t before_len;
};

struct saveset {
	struct saved_file *f;
	size_t n;
};

/* Plan to write @path; a file that has this content already is left out. */
void saveset_add(struct saveset *s, const char *path, const char *text,
		 size_t len);
/* Write all, each by rename; on an error what was written is taken back. */
int saveset_write(struct saveset *s);
/* Write all below @dir instead of @top, which all paths begin with. */
int saveset_write_copy(const struct saveset *s, const char *top, const char *dir);
void saveset_free(struct saveset *s);

#endif /* HEADWAY_SAVESET_H */
