// SPDX-License-Identifier: GPL-2.0-only
/* Locks of another type around the same code. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "locktype.h"
#include "xalloc.h"

/* Beginnings of words, and whole words where @whole says so. */
static const struct {
	const char *usual, *other;
	bool whole;
} families[] = {
	{ "mutex_", "rt_mutex_", false },
	{ "DEFINE_MUTEX", "DEFINE_RT_MUTEX", true },
	{ "mutex", "rt_mutex", true },
	{ "spin_", "raw_spin_", false },
	{ "DEFINE_SPINLOCK", "DEFINE_RAW_SPINLOCK", true },
	{ "spinlock_t", "raw_spinlock_t", true },
};

#define N_FAMILIES (sizeof(families) / sizeof(*families))

/* Beginnings of words about locks of kinds that no family here has. */
static const char *const foreign[] = {
	"down_", "up_", "downgrade_write", "init_rwsem", "DECLARE_RWSEM", "rw_semaphore",
	"percpu_down_", "percpu_up_", "percpu_rw_semaphore", "sema_init", "semaphore",
	"read_lock", "read_unlock", "read_trylock", "write_lock", "write_unlock",
	"write_trylock", "rwlock_init", "DEFINE_RWLOCK", "rwlock_t",
	"write_seqlock", "write_sequnlock", "seqlock_init", "DEFINE_SEQLOCK", "seqlock_t",
	"ww_mutex", "local_lock", "local_unlock",
};

/* Many locks have these names: that one of them is of another kind says nothing. */
static const char *const common_names[] = { "lock", "mutex", "spinlock", "sem", "rwsem" };

enum use {
	USE_USUAL,
	USE_OTHER,
	USE_ELSE,		/* of another kind of lock altogether */
	N_USES,
};

static bool in_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static bool begins(const char *word, size_t n, const char *with, bool whole)
{
	size_t len = strlen(with);

	return n >= len && !strncmp(word, with, len) && (!whole || n == len);
}

/* The family of the word at @p, of @n bytes, or -1; which side it is on. */
static int family_of(const char *p, size_t n, bool *other)
{
	size_t i;

	for (i = 0; i < N_FAMILIES; i++) {
		*other = begins(p, n, families[i].other, families[i].whole);
		if (*other || begins(p, n, families[i].usual, families[i].whole))
			return (int)i;
	}
	return -1;
}

static bool is_foreign(const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < sizeof(foreign) / sizeof(*foreign); i++)
		if (begins(p, n, foreign[i], false))
			return true;
	return false;
}

static size_t word_length(const char *p, const char *end)
{
	size_t n = 0;

	while (p + n < end && in_word(p[n]))
		n++;
	return n;
}

/* Write the word at @p as the other side has it, or the usual one. */
static void write_word(FILE *f, const char *p, size_t n, int family, bool was,
		       bool other)
{
	const char *from = was ? families[family].other : families[family].usual;
	const char *to = other ? families[family].other : families[family].usual;
	size_t skip = strlen(from);

	fprintf(f, "%s%.*s", to, (int)(n - skip), p + skip);
}

/* The line with every lock of the usual type; the caller's to free. */
static char *usual_form(const struct line *l)
{
	const char *p = l->p, *end = l->p + l->n;
	char *out = NULL;
	size_t len, n;
	FILE *f = open_memstream(&out, &len);

	if (!f)
		abort();
	while (p < end) {
		bool other = false;
		int family = -1;

		n = word_length(p, end);
		if (n)
			family = family_of(p, n, &other);
		else
			n = 1;
		if (family >= 0)
			write_word(f, p, n, family, other, false);
		else
			fwrite(p, 1, n, f);
		p += n;
	}
	fclose(f);
	return out;
}

bool locktype_same(const struct line *a, const struct line *b)
{
	char *x = usual_form(a), *y = usual_form(b);
	bool same = !strcmp(x, y);

	free(x);
	free(y);
	return same;
}

/*
 * The name of the lock that the word ending at @p is about: the last identifier
 * of its first argument, or of the declaration that follows. Empty: none.
 */
static struct line lock_name(const char *p, const char *end)
{
	struct line name = { NULL, 0 };
	const char *stop = p;

	while (stop < end && !strchr("),;=\n", *stop))
		stop++;
	while (p < stop) {
		size_t n = word_length(p, stop);

		if (n && !isdigit((unsigned char)*p)) {
			name.p = p;
			name.n = n;
		}
		p += n ? n : 1;
	}
	return name;
}

static bool same_name(const struct line *a, const struct line *b)
{
	return a->n == b->n && !memcmp(a->p, b->p, a->n);
}

/* mutex_lock() and DEFINE_MUTEX() speak of the same kind of lock. */
static bool same_kind(int a, int b)
{
	return (a < 3) == (b < 3);
}

/* Count the uses of the lock @name in @l. */
static void count_uses(const struct line *l, const struct line *name, int family,
		       size_t uses[N_USES])
{
	const char *p = l->p, *end = l->p + l->n;

	while (p < end) {
		size_t n = word_length(p, end);
		bool other = false;
		int found = n ? family_of(p, n, &other) : -1;

		if (found >= 0 || (n && is_foreign(p, n))) {
			struct line used = lock_name(p + n, end);

			if (used.n && same_name(&used, name))
				uses[found < 0 || !same_kind(found, family) ?
					     USE_ELSE : other ? USE_OTHER : USE_USUAL]++;
		}
		p += n ? n : 1;
	}
}

static bool is_common(const struct line *name)
{
	size_t i;

	for (i = 0; i < sizeof(common_names) / sizeof(*common_names); i++)
		if (strlen(common_names[i]) == name->n &&
		    !memcmp(common_names[i], name->p, name->n))
			return true;
	return false;
}

/* Does @h itself turn the lock into one of another kind? */
static bool converts(const struct hunk *h, const struct line *name, int family)
{
	size_t uses[N_USES] = { 0 }, i, pre = 0;

	for (i = 0; i < h->n_ops; i++) {
		if (h->ops[i] == '-')
			count_uses(&h->pre[pre], name, family, uses);
		pre += h->ops[i] != '+';
	}
	return uses[USE_ELSE];
}

/* The side on which @im has the lock; -1: it does not have it, or nobody can say. */
static int side_in(const struct image *im, const struct hunk *h, const struct line *name,
		   int family, char **doubt)
{
	size_t uses[N_USES] = { 0 }, i;
	const char *what = NULL;

	for (i = 0; i < im->n; i++)
		if (!im->patched[i])
			count_uses(&im->l[i], name, family, uses);
	if (uses[USE_USUAL] && uses[USE_OTHER])
		what = "a lock of two types here";
	else if (!uses[USE_USUAL] && !uses[USE_OTHER] && uses[USE_ELSE] &&
		 !is_common(name) && !converts(h, name, family))
		what = "a lock of another kind here";
	if (what && !*doubt)
		*doubt = xasprintf("%.*s is %s", (int)name->n, name->p, what);
	if (!uses[USE_USUAL] == !uses[USE_OTHER])
		return -1;
	return uses[USE_OTHER] > 0;
}

char *locktype_rewrite(const struct image *im, const struct hunk *h,
		       const struct line *l, char **doubt)
{
	const char *p = l->p, *end = l->p + l->n;
	bool changed = false;
	char *out = NULL;
	size_t len, n;
	FILE *f = open_memstream(&out, &len);

	if (!f)
		abort();
	while (p < end) {
		bool other = false;
		int family = -1, side = -1;

		n = word_length(p, end);
		if (n)
			family = family_of(p, n, &other);
		else
			n = 1;
		if (family >= 0) {
			struct line name = lock_name(p + n, end);

			if (name.n)
				side = side_in(im, h, &name, family, doubt);
		}
		if (side >= 0 && side != other) {
			write_word(f, p, n, family, other, side);
			changed = true;
		} else {
			fwrite(p, 1, n, f);
		}
		p += n;
	}
	fclose(f);
	if (changed)
		return out;
	free(out);
	return NULL;
}
