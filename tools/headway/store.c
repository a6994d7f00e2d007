// SPDX-License-Identifier: GPL-2.0-only
/* Opening the fork's repository, and the names of its refs. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>

#include "headway.h"
#include "store.h"
#include "xalloc.h"

/*
 * Writing an object that is there already makes its file look new, lest git
 * prune it. What we only look at shall not change, not even so.
 */
static int stop_freshening(git_odb *odb)
{
	git_odb_backend *backend;
	size_t i;
	int err = 0;

	for (i = 0; !err && i < git_odb_num_backends(odb); i++) {
		err = git_odb_get_backend(&backend, odb, i);
		if (!err)
			backend->freshen = NULL;
	}
	return err;
}

int store_scratch(git_repository *repo)
{
	git_odb_backend *mem = NULL;
	git_odb *odb = NULL;
	int err;

	err = git_repository_odb(&odb, repo);
	if (!err)
		err = stop_freshening(odb);
	if (!err)
		err = git_mempack_new(&mem);
	if (!err)
		err = git_odb_add_backend(odb, mem, 1000);
	git_odb_free(odb);
	return err ? hw_git_error("%s", git_repository_path(repo)) : 0;
}

int store_open(git_repository **out, bool scratch)
{
	*out = NULL;
	if (git_repository_open_bare(out, hw_paths.repo)) {
		hw_git_error("%s", hw_paths.repo);
		hw_set_exit(HW_BAD_INPUT);
		hw_hint("headway import makes it");
		return -1;
	}
	return scratch ? store_scratch(*out) : 0;
}

static int by_version(const void *a, const void *b)
{
	return strverscmp(*(char *const *)a, *(char *const *)b);
}

int store_bases(git_repository *repo, struct strlist *out)
{
	git_reference_iterator *it = NULL;
	const char *name;
	int err;

	err = git_reference_iterator_glob_new(&it, repo, "refs/heads/*/base");
	while (!err && !(err = git_reference_next_name(&name, it))) {
		const char *base = name + strlen("refs/heads/");
		char *copy = xstrndup(base, strlen(base) - strlen("/base"));

		if (!strchr(copy, '/'))
			strlist_add(out, copy);
		free(copy);
	}
	git_reference_iterator_free(it);
	if (err != GIT_ITEROVER)
		return hw_git_error("%s", git_repository_path(repo));
	if (!out->n) {
		hw_error("%s has no base yet", git_repository_path(repo));
		hw_hint("headway import brings one");
		hw_set_exit(HW_BAD_INPUT);
		return -1;
	}
	qsort(out->v, out->n, sizeof(*out->v), by_version);
	return 0;
}

char *ref_base(const char *base)
{
	return xasprintf("refs/heads/%s/base", base);
}

char *ref_topic(const char *base, const char *topic)
{
	return xasprintf("refs/heads/%s/topic/%s", base, topic);
}

char *ref_topic_built(const char *base, const char *topic)
{
	return xasprintf("refs/headway/built/%s/topic/%s", base, topic);
}

char *ref_integration(const char *base)
{
	return xasprintf("refs/heads/%s/integration", base);
}

char *ref_without(const char *base, const char *change)
{
	return xasprintf("refs/heads/%s/without/%s", base, change);
}
