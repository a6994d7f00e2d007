// SPDX-License-Identifier: GPL-2.0-only
/* headway verify: build everything again elsewhere and compare every id. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "headway.h"
#include "opt.h"
#include "paths.h"
#include "run.h"
#include "store.h"
#include "topiccopy.h"
#include "xalloc.h"

static const char usage[] =
	"usage: headway verify [BASE...]\n"
	"\n"
	"Builds the branches of each BASE (all that are imported if none is named) a second\n"
	"time, from a copy of the topics in another folder, with another repository, time\n"
	"zone, locale, umask, home and user name, and compares the ids of all branches.\n"
	"\n"
	"Exit codes: 0 identical; 1 an id differs, or the branches are older than the\n"
	"topics; 2 usage; 3 malformed input; 4 the machine.\n";

struct verifier {
	git_repository *repo;
	struct strlist bases;
	char *dir;	/* of its own, removed at the end */
	char *self;	/* this program */
};

static int copy_topics(const struct verifier *v)
{
	struct topics ts;
	int err;

	err = topics_read(hw_paths.top, &ts);
	if (!err)
		err = topics_copy(&ts, v->dir);
	topics_free(&ts);
	return err;
}

/* A repository that borrows our objects and has the bases, and nothing else. */
static int make_repo(const struct verifier *v)
{
	char *path = xasprintf("%s/other.git", v->dir);
	char *objects = xasprintf("%s/objects\n", hw_paths.repo);
	char *alternates = xasprintf("%s/objects/info/alternates", path);
	git_repository *repo = NULL;
	int err;
	size_t i;

	err = git_repository_init(&repo, path, 1);
	if (err)
		hw_git_error("%s", path);
	else
		err = file_replace(alternates, objects, strlen(objects));
	git_repository_free(repo);
	repo = NULL;
	if (!err && git_repository_open_bare(&repo, path))
		err = hw_git_error("%s", path);
	for (i = 0; !err && i < v->bases.n; i++) {
		char *name = ref_base(v->bases.v[i]);
		git_reference *ref = NULL;
		git_oid id;

		if (git_reference_name_to_id(&id, v->repo, name) ||
		    git_reference_create(&ref, repo, name, &id, 1, "verify"))
			err = hw_git_error("%s", name);
		git_reference_free(ref);
		free(name);
	}
	git_repository_free(repo);
	free(alternates);
	free(objects);
	free(path);
	return err;
}

static int build_again(const struct verifier *v)
{
	char *top = xasprintf("HEADWAY_TOP=%s", v->dir);
	char *repo = xasprintf("HEADWAY_REPO=%s/other.git", v->dir);
	char *build = xasprintf("HEADWAY_BUILD=%s/build", v->dir);
	char *home = xasprintf("HOME=%s", v->dir);
	const char *env[] = { top, repo, build, home, "TZ=Pacific/Kiritimati",
			      "LC_ALL=tr_TR.UTF-8", "LANG=tr_TR.UTF-8",
			      "USER=somebody", "LOGNAME=somebody",
			      "GIT_AUTHOR_NAME=Somebody Else",
			      "GIT_AUTHOR_EMAIL=else@localhost",
			      "GIT_COMMITTER_NAME=Somebody Else",
			      "GIT_COMMITTER_EMAIL=else@localhost", NULL };
	struct run_options opts = { .dir = v->dir, .env = env };
	const char **argv = xcalloc(v->bases.n + 4, sizeof(*argv));
	struct run_result res = { 0 };
	mode_t mask = umask(077);
	size_t n = 0, i;
	int err;

	argv[n++] = v->self;
	argv[n++] = "-q";
	argv[n++] = "build";
	for (i = 0; i < v->bases.n; i++)
		argv[n++] = v->bases.v[i];
	err = run_child(argv, &opts, &res);
	umask(mask);
	/* Failing cells are compared too: the rest must still be the same. */
	if (!err && res.status > HW_FINDING) {
		hw_set_exit(HW_BAD_INPUT);
		err = hw_error("the second build failed (%d):\n%s", res.status,
			       res.err);
	}
	run_result_free(&res);
	free(argv);
	free(top);
	free(repo);
	free(build);
	free(home);
	return err;
}

static int compare_ref(git_repository *a, git_repository *b, const char *name,
		       size_t *differ)
{
	git_oid ida = { 0 }, idb = { 0 };
	bool in_a = !git_reference_name_to_id(&ida, a, name);
	bool in_b = !git_reference_name_to_id(&idb, b, name);
	char hex[GIT_OID_HEXSZ + 1];

	if (in_a && in_b && git_oid_equal(&ida, &idb)) {
		hw_say("  identical  %.12s  %s", git_oid_tostr_s(&ida),
		       name + strlen("refs/heads/"));
		return 0;
	}
	(*differ)++;
	git_oid_tostr(hex, sizeof(hex), &idb);
	return hw_error("%s differs: %s here, %s built again",
			name + strlen("refs/heads/"),
			in_a ? git_oid_tostr_s(&ida) : "nothing",
			in_b ? hex : "nothing");
}

/* Every branch of @base in either repository, other than those --without made. */
static int compare_base(git_repository *a, git_repository *b, const char *base,
			size_t *count, size_t *differ)
{
	char *glob = xasprintf("refs/heads/%s/*", base);
	char *without = ref_without(base, "");
	git_repository *repos[] = { a, b };
	struct strlist names = { 0 };
	int err = 0;
	size_t i;

	for (i = 0; !err && i < 2; i++) {
		git_reference_iterator *it = NULL;
		const char *name;

		if (git_reference_iterator_glob_new(&it, repos[i], glob))
			err = hw_git_error("%s", glob);
		while (!err && !git_reference_next_name(&name, it))
			if (strncmp(name, without, strlen(without)) &&
			    !strlist_has(&names, name))
				strlist_add(&names, name);
		git_reference_iterator_free(it);
	}
	strlist_sort(&names);
	for (i = 0; !err && i < names.n; i++)
		compare_ref(a, b, names.v[i], differ);
	*count += names.n;
	strlist_free(&names);
	free(without);
	free(glob);
	return err;
}

static int compare(const struct verifier *v)
{
	char *path = xasprintf("%s/other.git", v->dir);
	size_t count = 0, differ = 0, i;
	git_repository *other = NULL;
	int err = 0;

	if (git_repository_open_bare(&other, path))
		err = hw_git_error("%s", path);
	for (i = 0; !err && i < v->bases.n; i++)
		err = compare_base(v->repo, other, v->bases.v[i], &count,
				   &differ);
	git_repository_free(other);
	free(path);
	if (err)
		return -1;
	if (!differ) {
		hw_say("identical: %zu branches of %zu bases", count,
		       v->bases.n);
		return HW_OK;
	}
	hw_error("%zu of %zu branches differ", differ, count);
	hw_hint("if the topics were edited since the last headway build, build and verify again");
	return HW_FINDING;
}

static int verify(struct verifier *v)
{
	int r = -1;

	v->self = realpath("/proc/self/exe", NULL);
	if (!v->self)
		return hw_errno("/proc/self/exe");
	v->dir = temporary_dir();
	if (!v->dir)
		return -1;
	if (!copy_topics(v) && !make_repo(v) && !build_again(v))
		r = compare(v);
	if (remove_tree(v->dir) && r >= 0)
		r = hw_errno("%s", v->dir);
	free(v->dir);
	v->dir = NULL;
	return r;
}

int cmd_verify(int argc, char **argv)
{
	static const struct opt options[] = { { .name = NULL } };
	struct verifier v = { 0 };
	int c, r = -1;

	if (opt_parse(argc, argv, options, usage))
		return -1;
	for (c = optind; c < argc; c++)
		strlist_add(&v.bases, argv[c]);
	if (!paths_find() && !store_open(&v.repo, false) &&
	    (v.bases.n || !store_bases(v.repo, &v.bases)))
		r = verify(&v);
	strlist_free(&v.bases);
	free(v.self);
	git_repository_free(v.repo);
	return r;
}
