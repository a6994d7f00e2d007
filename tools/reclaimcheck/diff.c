// SPDX-License-Identifier: GPL-2.0-only
/* "reclaimcheck diff OLD NEW": what a change brings and what it mends. */
#include <stdlib.h>

#include "diff.h"

static int add(struct keys *k, const char *tier, const char *kind, const char *root,
	       const char *edge)
{
	struct key_line l = {
		.tier = rc_arena_str(tier, strlen(tier)), .kind = rc_arena_str(kind, strlen(kind)),
		.root = rc_arena_str(root, strlen(root)), .edge = rc_arena_str(edge, strlen(edge)),
	};

	rc_push(k, l);
	return 0;
}

int keys_read(struct keys *k, const char *path)
{
	char *data, *line, *save = NULL, *part[4];
	size_t len;
	int ret = 0, n = 0;

	if (rc_read_file(path, &data, &len))
		return -1;
	for (line = strtok_r(data, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		n++;
		if (!strncmp(line, "unknown\t", 8))
			continue;
		part[0] = line;
		for (int i = 1; i < 4 && part[i - 1]; i++) {
			part[i] = strchr(part[i - 1], '\t');
			if (part[i])
				*part[i]++ = 0;
			else
				ret = -1;
		}
		if (ret) {
			rc_error("%s:%d: not a report of \"report --porcelain\"", path, n);
			break;
		}
		part[3][strcspn(part[3], "\t")] = 0;
		add(k, part[0], part[1], part[2], part[3]);
	}
	free(data);
	return ret;
}

void keys_take(struct keys *k, const struct findings *fs)
{
	static const char *const kinds[] = { "reclaim", "wait", "lock", "leak" };
	static const char *const tiers[] = { "high", "release", "resume", "low" };

	for (uint32_t i = 0; i < fs->v.n; i++) {
		const struct finding *f = &fs->v.v[i];

		for (uint32_t e = 0; e < f->edge_key.n; e++)
			add(k, tiers[f->tier], kinds[f->kind], f->key_root, f->edge_key.v[e].text);
	}
}

/* The tier counts: what was low and is high now is new. */
static int by_key(const void *a, const void *b)
{
	const struct key_line *x = a, *y = b;
	int c = strcmp(x->tier, y->tier);

	if (!c)
		c = strcmp(x->kind, y->kind);
	return c ? c : strcmp(x->edge, y->edge);
}

static void sort(struct keys *k)
{
	if (k->n)
		qsort(k->v, k->n, sizeof(*k->v), by_key);
}

static bool skip_same(const struct keys *k, uint32_t i)
{
	return i && !by_key(&k->v[i - 1], &k->v[i]);
}

uint32_t keys_diff(FILE *out, struct keys *old, struct keys *new)
{
	uint32_t i = 0, j = 0, added = 0, removed = 0, high = 0;

	sort(old);
	sort(new);
	while (i < old->n || j < new->n) {
		int c = i >= old->n ? 1 : j >= new->n ? -1 : by_key(&old->v[i], &new->v[j]);
		const struct key_line *l = c <= 0 ? &old->v[i] : &new->v[j];

		if (c < 0 && !skip_same(old, i)) {
			fprintf(out, "- %s %s: %s (from %s)\n", l->tier, l->kind, l->edge, l->root);
			removed++;
		} else if (c > 0 && !skip_same(new, j)) {
			fprintf(out, "+ %s %s: %s (from %s)\n", l->tier, l->kind, l->edge, l->root);
			added++;
			high += !strcmp(l->tier, "high");
		}
		if (!c) {
			/* All that have this key on either side. */
			struct key_line key = *l;

			while (i < old->n && !by_key(&old->v[i], &key))
				i++;
			while (j < new->n && !by_key(&new->v[j], &key))
				j++;
			continue;
		}
		i += c < 0;
		j += c > 0;
	}
	fprintf(out, "%u added (%u of the high tier), %u removed\n", added, high, removed);
	return high;
}
