// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does every commit of a series compile? The record of scripts/bisect-topic.sh is
 * kept by the trees before and after a commit: who made it and when is all one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buildlog.h"
#include "commit.h"
#include "file.h"
#include "headway.h"
#include "lock.h"
#include "run.h"
#include "xalloc.h"

static const char *const arches[] = { "um", "arm64" };

#define N_ARCHES (sizeof(arches) / sizeof(*arches))

static char *work_dir(const struct outgoing *s)
{
	return xasprintf("%s/bisect/%s", hw_paths.build, s->fork->base);
}

/* The last word of the log on a key: 'o'k, 'f'ail, 0 for nothing. */
static char look_up(const char *log, const char *key)
{
	size_t len = strlen(key);
	char result = 0;

	for (; log && *log; log += strcspn(log, "\n"), log += !!*log)
		if (!strncmp(log, key, len))
			result = log[len];
	return result;
}

static int key_of(const struct plan *p, const struct piece *piece,
		  const char *arch, char **out)
{
	char hex[GIT_OID_HEXSZ + 1];
	git_oid before, after;

	if (commit_tree_id(p->repo, &piece->parent, &before) ||
	    commit_tree_id(p->repo, &piece->made, &after))
		return -1;
	git_oid_tostr(hex, sizeof(hex), &before);
	*out = xasprintf("%s\t%s\t%s\t", hex, git_oid_tostr_s(&after), arch);
	return 0;
}

int buildlog_count(const struct plan *p, const struct outgoing *s,
		   struct build_count *out)
{
	char *dir = work_dir(s), *path = xasprintf("%s/builds.tsv", dir);
	char *log = file_read(path, NULL), *key;
	int err = 0;
	size_t i, j;

	memset(out, 0, sizeof(*out));
	for (i = 0; !err && i < s->n; i++)
		for (j = 0; !err && j < N_ARCHES; j++) {
			char c;

			err = key_of(p, &s->p[i], arches[j], &key);
			if (err)
				break;
			c = look_up(log, key);
			free(key);
			out->wanted++;
			out->passed += c == 'o';
			out->failed += c == 'f';
			if (c == 'f' && !out->first)
				out->first = xasprintf("%s, \"%s\"", arches[j],
						       s->p[i].subject);
		}
	free(log);
	free(path);
	free(dir);
	return err;
}

/* Run scripts/bisect-topic.sh in @dir, which nobody else works in. */
static int run_bisect(const struct outgoing *s, const char *dir, struct run_result *res)
{
	char *script = xasprintf("%s/scripts/bisect-topic.sh", hw_paths.top);
	char *from = xstrdup(git_oid_tostr_s(&s->start));
	char *to = xstrdup(git_oid_tostr_s(&s->tip));
	const char *argv[] = { "sh", script, "-s", from, to, hw_paths.repo,
			       s->fork->base, dir, NULL };
	struct hw_lock lock = HW_LOCK_INIT;
	int err;

	err = hw_lock_take(&lock, dir);
	if (!err)
		err = run_child(argv, NULL, res);
	hw_lock_drop(&lock);
	/* What does not compile is in the log; but it must have got so far. */
	if (!err && res->status > 1) {
		err = hw_error("%s failed (%d): %.*s", script, res->status,
			       (int)strcspn(res->err, "\n"), res->err);
		run_result_free(res);
	}
	free(script);
	free(from);
	free(to);
	return err;
}

int buildlog_build(const struct outgoing *s)
{
	char *dir = work_dir(s);
	struct run_result res;
	int err = -1;

	hw_say("%s: compiling %zu commits for um and arm64", s->name, s->n);
	if (make_dirs(dir)) {
		hw_set_exit(HW_ENV);
		hw_errno("cannot make %s", dir);
	} else if (!run_bisect(s, dir, &res)) {
		if (!hw_porcelain && !hw_quiet)
			fputs(res.out, stdout);
		run_result_free(&res);
		err = 0;
	}
	free(dir);
	return err;
}
