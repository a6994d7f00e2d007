// SPDX-License-Identifier: GPL-2.0-only
/* Containers and messages that every phase of reclaimcheck uses. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util.h"

static void vmsg(const char *kind, const char *fmt, va_list ap, int err)
{
	fprintf(stderr, "reclaimcheck: %s: ", kind);
	vfprintf(stderr, fmt, ap);
	if (err)
		fprintf(stderr, ": %s", strerror(err));
	fputc('\n', stderr);
}

int rc_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vmsg("error", fmt, ap, 0);
	va_end(ap);
	return -1;
}

int rc_errno(const char *fmt, ...)
{
	int err = errno;
	va_list ap;

	va_start(ap, fmt);
	vmsg("error", fmt, ap, err);
	va_end(ap);
	return -1;
}

void rc_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vmsg("warning", fmt, ap, 0);
	va_end(ap);
}

static void *need(void *mem)
{
	if (!mem) {
		rc_error("out of memory");
		exit(RC_ENV);
	}
	return mem;
}

void *rc_alloc(size_t size)
{
	return need(calloc(1, size ? size : 1));
}

void *rc_grow(void *mem, size_t *cap, size_t want, size_t size)
{
	size_t n = *cap ? *cap * 2 : 8;

	if (n < want)
		n = want;
	mem = need(realloc(mem, n * size));
	memset((char *)mem + *cap * size, 0, (n - *cap) * size);
	*cap = n;
	return mem;
}

char *rc_printf(const char *fmt, ...)
{
	char *s = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&s, fmt, ap) < 0)
		s = NULL;
	va_end(ap);
	return need(s);
}

#define CHUNK (1u << 20)

struct chunk {
	struct chunk *next;
	size_t used, size;
	char mem[] __attribute__((aligned(16)));
};

static struct chunk *arena;

void *rc_arena(size_t size)
{
	void *mem;

	size = (size + 15) & ~(size_t)15;
	if (!arena || arena->size - arena->used < size) {
		size_t room = size > CHUNK ? size : CHUNK;
		struct chunk *c = rc_alloc(sizeof(*c) + room);

		c->size = room;
		c->next = arena;
		arena = c;
	}
	mem = arena->mem + arena->used;
	arena->used += size;
	return mem;
}

char *rc_arena_str(const char *s, size_t len)
{
	char *mem = rc_arena(len + 1);

	memcpy(mem, s, len);
	return mem;
}

void rc_arena_free(void)
{
	while (arena) {
		struct chunk *c = arena;

		arena = c->next;
		free(c);
	}
}

bool rc_set_has(const struct rc_vec_u32 *set, uint32_t item)
{
	for (uint32_t i = 0; i < set->n; i++)
		if (set->v[i] == item)
			return true;
	return false;
}

bool rc_set_add(struct rc_vec_u32 *set, uint32_t item)
{
	if (rc_set_has(set, item))
		return false;
	rc_push(set, item);
	return true;
}

/* FNV-1a: short keys, no seed, the same on every machine. */
uint64_t rc_hash(const void *data, size_t len)
{
	const unsigned char *p = data;
	uint64_t h = 0xcbf29ce484222325ull;

	while (len--)
		h = (h ^ *p++) * 0x100000001b3ull;
	return h;
}

static void strings_rehash(struct rc_strings *t)
{
	uint32_t size = t->mask ? (t->mask + 1) * 2 : 1024;

	free(t->slot);
	t->slot = rc_alloc(size * sizeof(*t->slot));
	t->mask = size - 1;
	for (uint32_t i = 0; i < t->n; i++) {
		uint32_t h = (uint32_t)rc_hash(t->v[i], strlen(t->v[i]));

		while (t->slot[h & t->mask])
			h++;
		t->slot[h & t->mask] = i + 1;
	}
}

static uint32_t strings_find(const struct rc_strings *t, const char *s,
			     size_t len, uint32_t *slot)
{
	uint32_t h = (uint32_t)rc_hash(s, len);

	for (;; h++) {
		uint32_t i = t->slot[h & t->mask];

		*slot = h & t->mask;
		if (!i)
			return RC_NONE;
		if (!strncmp(t->v[i - 1], s, len) && !t->v[i - 1][len])
			return i - 1;
	}
}

uint32_t rc_intern_n(struct rc_strings *t, const char *s, size_t len)
{
	uint32_t id, slot;

	if (!t->slot) {
		strings_rehash(t);
		rc_intern_n(t, "", 0);
	}
	id = strings_find(t, s, len, &slot);
	if (id != RC_NONE)
		return id;
	rc_push(t, rc_arena_str(s, len));
	t->slot[slot] = t->n;
	if (t->n * 2 > t->mask)
		strings_rehash(t);
	return t->n - 1;
}

uint32_t rc_intern(struct rc_strings *t, const char *s)
{
	return rc_intern_n(t, s, strlen(s));
}

uint32_t rc_lookup(const struct rc_strings *t, const char *s)
{
	uint32_t slot;

	return t->slot ? strings_find(t, s, strlen(s), &slot) : RC_NONE;
}

const char *rc_str(const struct rc_strings *t, uint32_t id)
{
	return id < t->n ? t->v[id] : "";
}

void rc_strings_free(struct rc_strings *t)
{
	free(t->v);
	free(t->slot);
	memset(t, 0, sizeof(*t));
}

static uint32_t map_slot(const struct rc_map *m, uint64_t key)
{
	uint32_t h = (uint32_t)((key * 0x9e3779b97f4a7c15ull) >> 32);

	while (m->key[h & m->mask] && m->key[h & m->mask] != key)
		h++;
	return h & m->mask;
}

uint32_t rc_map_get(const struct rc_map *m, uint64_t key)
{
	uint32_t slot;

	if (!m->key)
		return RC_NONE;
	slot = map_slot(m, key);
	return m->key[slot] ? m->val[slot] : RC_NONE;
}

void rc_map_put(struct rc_map *m, uint64_t key, uint32_t val)
{
	uint32_t slot;

	if (!m->key || m->n * 2 > m->mask) {
		struct rc_map old = *m;
		uint32_t size = old.key ? (old.mask + 1) * 2 : 64;

		m->key = rc_alloc(size * sizeof(*m->key));
		m->val = rc_alloc(size * sizeof(*m->val));
		m->mask = size - 1;
		for (uint32_t i = 0; old.key && i <= old.mask; i++) {
			if (!old.key[i])
				continue;
			slot = map_slot(m, old.key[i]);
			m->key[slot] = old.key[i];
			m->val[slot] = old.val[i];
		}
		free(old.key);
		free(old.val);
	}
	slot = map_slot(m, key);
	if (!m->key[slot])
		m->n++;
	m->key[slot] = key;
	m->val[slot] = val;
}

void rc_map_free(struct rc_map *m)
{
	free(m->key);
	free(m->val);
	memset(m, 0, sizeof(*m));
}

int rc_read_file(const char *path, char **data, size_t *len)
{
	FILE *f = fopen(path, "rb");
	struct stat st;
	size_t got;

	if (!f)
		return rc_errno("%s", path);
	if (fstat(fileno(f), &st) || !S_ISREG(st.st_mode)) {
		fclose(f);
		return rc_error("%s: not a regular file", path);
	}
	*data = rc_alloc((size_t)st.st_size + 1);
	got = fread(*data, 1, (size_t)st.st_size, f);
	if (ferror(f)) {
		rc_errno("%s", path);
		free(*data);
		fclose(f);
		return -1;
	}
	fclose(f);
	*len = got;
	return 0;
}

int rc_write_file(const char *path, const void *data, size_t len)
{
	char *tmp = rc_printf("%s.%d.tmp", path, getpid());
	FILE *f = fopen(tmp, "wb");
	int ret = -1;

	if (!f) {
		rc_errno("%s", tmp);
		goto out;
	}
	ret = fwrite(data, 1, len, f) == len ? 0 : -1;
	if (fclose(f))
		ret = -1;
	if (!ret)
		ret = rename(tmp, path);
	if (ret) {
		rc_errno("%s", path);
		unlink(tmp);
	}
out:
	free(tmp);
	return ret;
}
