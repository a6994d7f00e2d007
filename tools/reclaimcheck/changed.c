// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which objects of a built tree are older than what they were made from, by the lists of
 * prerequisites that Kbuild's fixdep has left. Kbuild itself goes through every directory
 * to find that out, which takes ten times as long as to compile the one that changed.
 */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tree.h"

/* Of more, the whole build finds its way as fast. */
#define MANY 64

struct look {
	const char *top;
	struct rc_strings path;
	RC_DECLARE_VEC(int64_t) time;	/* of each path, in ns; 0: there is none */
};

static int64_t stamp(const char *top, const char *path)
{
	char *full = *path == '/' ? rc_printf("%s", path) : rc_printf("%s/%s", top, path);
	struct stat st;
	int gone = stat(full, &st);

	free(full);
	return gone ? 0 : (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
}

static int64_t time_of(struct look *l, const char *path, size_t len)
{
	uint32_t id = rc_intern_n(&l->path, path, len);

	while (l->time.n <= id)
		rc_push(&l->time, -1);
	if (l->time.v[id] < 0)
		l->time.v[id] = stamp(l->top, rc_str(&l->path, id));
	return l->time.v[id];
}

/* "FILE" or "$(wildcard FILE)" of a list: is it newer than @than, or gone? */
static bool newer(struct look *l, const char *word, size_t len, int64_t than)
{
	static const char may_be[] = "$(wildcard";
	int64_t t;

	if (len >= sizeof(may_be) - 1 && !strncmp(word, may_be, sizeof(may_be) - 1))
		return false;
	if (word[len - 1] == ')')
		return time_of(l, word, len - 1) > than;
	t = time_of(l, word, len);
	return !t || t > than;
}

/* drivers/x/.y.o.cmd of drivers/x/y.o */
static char *command_file(const char *top, const char *object)
{
	const char *slash = strrchr(object, '/');
	int dir = slash ? (int)(slash + 1 - object) : 0;

	return rc_printf("%s/%.*s.%s.cmd", top, dir, object, object + dir);
}

/* 1: something is newer than the object, 0: nothing is, -1: there is no list. */
static int is_old(struct look *l, const char *object)
{
	char *path = command_file(l->top, object), *data = NULL, *at, *end;
	int64_t made = stamp(l->top, object);
	size_t len;
	int ret = -1;

	if (access(path, R_OK) || rc_read_file(path, &data, &len))
		goto out;
	at = strstr(data, "\nsource_");
	at = at ? strstr(at, " := ") : NULL;
	/* Made of other objects: code that is copied, and no skeleton. */
	ret = at ? newer(l, at + 4, strcspn(at + 4, "\n"), made) : 0;
	at = at ? strstr(at, "\ndeps_") : NULL;
	at = at ? strstr(at, " := ") : NULL;
	end = at ? strstr(at, "\n\n") : NULL;
	for (at = at ? at + 4 : NULL; !ret && end && at < end;) {
		size_t n = strcspn(at, " \\\n");

		if (n && newer(l, at, n, made))
			ret = 1;
		at += n + 1;
	}
out:
	free(data);
	free(path);
	return ret;
}

/* Whether a Makefile of the object's directory, or of one above, is newer than @than. */
static bool rules_changed(struct look *l, const char *object, int64_t than)
{
	static const char *const names[] = { "Makefile", "Kbuild" };

	for (size_t n = strlen(object); n;) {
		while (n && object[n - 1] != '/')
			n--;
		for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
			char *path = rc_printf("%.*s%s", (int)n, object, names[i]);
			bool is = time_of(l, path, strlen(path)) > than;

			free(path);
			if (is)
				return true;
		}
		if (n)
			n--;
	}
	return false;
}

/* The configuration, or a Kconfig file that it was made by. */
static bool config_changed(struct look *l, int64_t than)
{
	char *path = rc_printf("%s/include/config/auto.conf.cmd", l->top), *data = NULL, *save;
	bool is = stamp(l->top, ".config") > than;
	size_t len;

	if (!is && !access(path, R_OK) && !rc_read_file(path, &data, &len))
		for (char *w = strtok_r(data, " \t\\\n", &save); w && !is;
		     w = strtok_r(NULL, " \t\\\n", &save))
			is = strstr(w, "Kconfig") && stamp(l->top, w) > than;
	free(data);
	free(path);
	return is;
}

int tree_changed(const char *top, struct objects *changed)
{
	struct objects all = {};
	struct look l = { .top = top };
	int64_t built = stamp(top, TREE_MANIFEST);
	size_t skip = strlen(top) + 1;
	int ret = 0;

	if (tree_objects(top, false, &all)) {
		objects_free(&all);
		return -1;
	}
	if (config_changed(&l, built))
		ret = 1;
	for (uint32_t i = 0; i < all.path.n && !ret; i++) {
		const char *object = all.path.v[i] + skip;
		int old = is_old(&l, object);

		if (old < 0 || rules_changed(&l, object, built))
			ret = 1;
		else if (old)
			rc_push(&changed->path, rc_printf("%s", object));
		if (changed->path.n > MANY)
			ret = 1;
	}
	objects_free(&all);
	rc_strings_free(&l.path);
	rc_vec_free(&l.time);
	return ret;
}

bool tree_object_is_old(const char *top, const char *object)
{
	struct look l = { .top = top };
	bool is = is_old(&l, object);

	rc_strings_free(&l.path);
	rc_vec_free(&l.time);
	return is;
}
