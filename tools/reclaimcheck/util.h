/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Containers and messages that every phase of reclaimcheck uses.
 *
 * The program reads its input once, answers and exits, so nothing that lives
 * as long as the answer is freed one by one: it comes from an arena.
 */
#ifndef RC_UTIL_H
#define RC_UTIL_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define RC_NONE UINT32_MAX

/* Exit codes, documented in Documentation/reclaimcheck/. Keep the two in step. */
enum rc_exit {
	RC_OK = 0,	/* it ran, nothing of the high tier is unwaived */
	RC_FINDING = 1,	/* it ran and found something */
	RC_USAGE = 2,	/* the command line is wrong */
	RC_INPUT = 3,	/* a skeleton, waiver file or tree is malformed */
	RC_ENV = 4,	/* the machine: no such program, disk full */
};

/* "reclaimcheck: error: ..." on stderr; returns -1. */
int rc_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int rc_errno(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void rc_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Memory that never fails (the program ends instead) and comes zeroed. */
void *rc_alloc(size_t size);
void *rc_grow(void *mem, size_t *cap, size_t want, size_t size);
char *rc_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Memory of the program's lifetime. */
void *rc_arena(size_t size);
char *rc_arena_str(const char *s, size_t len);
void rc_arena_free(void);

/* A growing array: struct { type *v; uint32_t n; size_t cap; }. */
#define RC_VEC_OF(type) { type *v; uint32_t n; size_t cap; }
#define RC_DECLARE_VEC(type) struct RC_VEC_OF(type)
#define rc_push(vec, item) do {						\
	typeof(vec) _vec = (vec);					\
	if (_vec->n >= _vec->cap)					\
		_vec->v = rc_grow(_vec->v, &_vec->cap, _vec->n + 1,	\
				  sizeof(*_vec->v));			\
	_vec->v[_vec->n++] = (item);					\
} while (0)

#define rc_vec_free(vec) do {						\
	typeof(vec) _gone = (vec);					\
	free(_gone->v);							\
	memset(_gone, 0, sizeof(*_gone));				\
} while (0)

struct rc_vec_u32 {
	uint32_t *v;
	uint32_t n;
	size_t cap;
};

/* True if @set did not have @item. For sets that stay small. */
bool rc_set_add(struct rc_vec_u32 *set, uint32_t item);
bool rc_set_has(const struct rc_vec_u32 *set, uint32_t item);

/* Strings as numbers. Equal strings have equal numbers; 0 is "". */
struct rc_strings {
	const char **v;
	uint32_t n;
	size_t cap;
	uint32_t *slot;
	uint32_t mask;
};

uint32_t rc_intern(struct rc_strings *t, const char *s);
uint32_t rc_intern_n(struct rc_strings *t, const char *s, size_t len);
/* The number of @s, or RC_NONE if it was never interned. */
uint32_t rc_lookup(const struct rc_strings *t, const char *s);
const char *rc_str(const struct rc_strings *t, uint32_t id);
void rc_strings_free(struct rc_strings *t);

/* A map from 64-bit keys (never 0) to numbers. */
struct rc_map {
	uint64_t *key;
	uint32_t *val;
	uint32_t n;
	uint32_t mask;
};

uint32_t rc_map_get(const struct rc_map *m, uint64_t key);
void rc_map_put(struct rc_map *m, uint64_t key, uint32_t val);
void rc_map_free(struct rc_map *m);

uint64_t rc_hash(const void *data, size_t len);

/* Whole files. rc_write_file() replaces the file in one step. */
int rc_read_file(const char *path, char **data, size_t *len);
int rc_write_file(const char *path, const void *data, size_t len);

#endif /* RC_UTIL_H */
