// SPDX-License-Identifier: GPL-2.0-only
/* The skeletons of a tree. */
#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "tree.h"

static struct objects *collecting;

static bool is_object(const char *path)
{
	size_t n = strlen(path);

	return n > 2 && !strcmp(path + n - 2, ".o");
}

static int collect(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)ftw;
	if (type == FTW_F && is_object(path))
		rc_push(&collecting->path, rc_printf("%s", path));
	return 0;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_unique(struct objects *o)
{
	uint32_t n = 0;

	if (o->path.n)
		qsort(o->path.v, o->path.n, sizeof(*o->path.v), by_path);
	for (uint32_t i = 0; i < o->path.n; i++) {
		if (n && !strcmp(o->path.v[n - 1], o->path.v[i]))
			free(o->path.v[i]);
		else
			o->path.v[n++] = o->path.v[i];
	}
	o->path.n = n;
}

static int read_manifest(const char *top, struct objects *o)
{
	char *name = rc_printf("%s/%s", top, TREE_MANIFEST), *data = NULL, *line, *save = NULL;
	size_t len;
	int ret = -1;

	if (rc_read_file(name, &data, &len)) {
		rc_error("%s: not built by \"reclaimcheck build\" yet", top);
		goto out;
	}
	line = strtok_r(data, "\n", &save);
	if (!line || strncmp(line, "complete ", 9)) {
		rc_error("%s: the build did not finish; run \"reclaimcheck build\" again, or use --partial",
			 top);
		goto out;
	}
	while ((line = strtok_r(NULL, "\n", &save)))
		rc_push(&o->path, rc_printf("%s/%s", top, line));
	ret = 0;
out:
	free(data);
	free(name);
	return ret;
}

int tree_objects(const char *path, bool partial, struct objects *o)
{
	struct stat st;
	int ret;

	if (stat(path, &st))
		return rc_errno("%s", path);
	if (S_ISREG(st.st_mode)) {
		rc_push(&o->path, rc_printf("%s", path));
		return 0;
	}
	if (partial) {
		collecting = o;
		ret = nftw(path, collect, 64, FTW_PHYS) ? rc_errno("%s", path) : 0;
	} else {
		ret = read_manifest(path, o);
	}
	sort_unique(o);
	return ret;
}

/* Objects of assembler files are in every tree: they are passed over. */
int tree_load(struct prog *p, struct objects *o)
{
	for (uint32_t i = 0; i < o->path.n; i++) {
		char *data;
		size_t len;

		if (rc_read_file(o->path.v[i], &data, &len))
			return -1;
		rc_push(&o->data, data);
		rc_push(&o->len, len);
		if (len > 4 && !memcmp(data, "\177ELF", 4) && !skel_is(data, len))
			continue;
		if (prog_add(p, o->path.v[i], data, len))
			return -1;
	}
	if (!p->unit.n)
		return rc_error("no skeletons here: was the tree built with reclaimcheck-cc?");
	return 0;
}

void objects_free(struct objects *o)
{
	for (uint32_t i = 0; i < o->path.n; i++)
		free(o->path.v[i]);
	for (uint32_t i = 0; i < o->data.n; i++)
		free(o->data.v[i]);
	rc_vec_free(&o->path);
	rc_vec_free(&o->data);
	rc_vec_free(&o->len);
}
