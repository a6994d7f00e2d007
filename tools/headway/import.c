// SPDX-License-Identifier: GPL-2.0-only
/* headway import: bring a kernel base into the fork's repository. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <git2.h>

#include "apt.h"
#include "base.h"
#include "depot.h"
#include "hash.h"
#include "headway.h"
#include "imported.h"
#include "opt.h"
#include "paths.h"
#include "tarball.h"
#include "unpack.h"
#include "xalloc.h"

static const char usage[] =
	"usage: headway import [BASE] [--update]\n"
	"       headway import BASE --tarball FILE --sha256 HEX\n"
	"       headway import --repo DIR --rev REV [--name BASE]\n"
	"\n"
	"Brings a kernel base into the fork's repository as BASE/base. Without options, from\n"
	"where the file bases/BASE says; BASE is the default base if it is not given. A base\n"
	"that is there already stays as it is.\n"
	"\n"
	"  --update         fetch a newer version of the package if there is one\n"
	"  --tarball FILE   take this source tarball (.tar, .tar.xz, .tar.gz, ...)\n"
	"  --sha256 HEX     the tarball's checksum, which must be right\n"
	"  --repo DIR       use a clone that is there already: its objects are borrowed,\n"
	"                   nothing is copied and the clone is not written to\n"
	"  --rev REV        the revision of that clone\n"
	"  --name BASE      the base's name; the default is REV\n"
	"  -h, --help       show this\n"
	"\n"
	"Exit codes: 0 the base is there; 2 usage; 3 malformed input (tarball, checksum,\n"
	"clone, bases/BASE); 4 the machine (disk full, no network); 5 the repository is in use.\n";

struct import_options {
	const char *name;
	const char *tarball;
	const char *repo;
	const char *rev;
	char *sha256;
	bool update;
};

/* One run of the command. */
struct import {
	struct import_options o;
	struct base base;	/* of bases/<name>, if that is used */
	git_repository *repo;
	struct imported old;
	bool present;		/* old is filled in */
	struct hw_lock lock;
};

static int misused(const char *why)
{
	hw_set_exit(HW_USAGE);
	hw_error("%s", why);
	hw_hint("headway import --help");
	return -1;
}

/* A checksum in lower case; NULL: it is none. */
static char *parse_sha256(const char *hex)
{
	char *sum;

	if (strlen(hex) != SHA256_HEX ||
	    strspn(hex, "0123456789abcdefABCDEF") != SHA256_HEX)
		return NULL;
	sum = xstrdup(hex);
	for (char *p = sum; *p; p++)
		*p = tolower((unsigned char)*p);
	return sum;
}

static int check_options(struct import_options *o)
{
	if (o->update + !!o->tarball + !!o->repo > 1)
		return misused("--update, --tarball and --repo exclude each other");
	if (!o->tarball != !o->sha256)
		return misused("--tarball and --sha256 go together");
	if (!o->repo != !o->rev)
		return misused("--repo and --rev go together");
	if (o->tarball && !o->name)
		return misused("--tarball wants the base's name");
	if (o->repo && !o->name)
		o->name = o->rev;
	if (o->name && !base_name_ok(o->name)) {
		hw_set_exit(HW_USAGE);
		hw_error("'%s' cannot be the name of a base", o->name);
		hw_hint("letters, digits and . _ + - make a name; --name gives one");
		return -1;
	}
	return 0;
}

static int take_name(struct import_options *o, const char *name)
{
	if (o->name && strcmp(o->name, name))
		return misused("more than one base is named");
	o->name = name;
	return 0;
}

static int parse(int argc, char **argv, struct import_options *o)
{
	const char *name = NULL, *sha256 = NULL;
	const struct opt options[] = {
		{ .name = "update", .flag = &o->update },
		{ .name = "tarball", .value = &o->tarball },
		{ .name = "sha256", .value = &sha256 },
		{ .name = "repo", .value = &o->repo },
		{ .name = "rev", .value = &o->rev },
		{ .name = "name", .value = &name },
		{ .name = NULL },
	};

	if (opt_parse(argc, argv, options, usage))
		return -1;
	if (sha256) {
		o->sha256 = parse_sha256(sha256);
		if (!o->sha256)
			return misused("--sha256 wants 64 hexadecimal digits");
	}
	if (name && take_name(o, name))
		return -1;
	while (optind < argc)
		if (take_name(o, argv[optind++]))
			return -1;
	return check_options(o);
}

/* The result: a line for people, or tab-separated for scripts. */
static void report(const struct import *im, const struct imported *now,
		   const char *state, const struct unpack *u)
{
	char commit[GIT_OID_HEXSZ + 1], tree[GIT_OID_HEXSZ + 1];

	git_oid_tostr(commit, sizeof(commit), &now->commit);
	git_oid_tostr(tree, sizeof(tree), &now->tree);
	if (hw_porcelain)
		printf("%s\t%s\t%s\t%s\t%s\t%s\t%s\n", im->o.name, state, commit,
		       tree, now->package ? now->package : "-",
		       now->version ? now->version : "-",
		       now->sha256 ? now->sha256 : "-");
	hw_say("%s: %s: %s%s%s, tree %.12s", im->o.name, state,
	       now->package ? now->package : now->sha256 ? "a tarball" : "a revision",
	       now->version ? " " : "", now->version ? now->version : "", tree);
	if (u)
		hw_say("%s: %zu new objects, %.1f MB, in %s", im->o.name,
		       u->n_objects, u->n_bytes / 1e6, hw_paths.repo);
}

/* Looks up what is there; the base that is meant is known by now. */
static int look_up(struct import *im)
{
	int ret;

	imported_free(&im->old);
	im->present = false;
	if (!im->repo)
		return 0;
	ret = imported_read(im->repo, im->o.name, &im->old);
	im->present = !ret;
	return ret < 0 ? -1 : 0;
}

/* Is what is asked for there already? */
static bool is_done(const struct import *im)
{
	if (!im->present || im->o.update)
		return false;
	if (im->o.tarball)
		return im->old.sha256 && !strcmp(im->old.sha256, im->o.sha256);
	return !im->o.repo;
}

static int move_base(struct import *im, const struct imported *now,
		     const struct unpack *u)
{
	const char *state = "imported";

	if (im->present && git_oid_equal(&im->old.commit, &now->commit))
		state = "present";
	else if (im->present)
		state = "updated";
	if (depot_set_base(im->repo, im->o.name, &now->commit))
		return -1;
	report(im, now, state, u);
	if (!strcmp(state, "updated"))
		hw_say("%s: headway build %s makes its branches anew", im->o.name,
		       im->o.name);
	return 0;
}

static int import_tarball(struct import *im)
{
	struct unpack u = { .base = im->o.name, .want_sha256 = im->o.sha256 };
	struct imported now = { .package = NULL };
	struct tarball *tb = NULL;
	int ret;

	ret = tarball_open(&tb, im->o.tarball);
	if (!ret)
		ret = unpack_tarball(im->repo, tb, &u, &now);
	if (!ret)
		ret = move_base(im, &now, &u);
	tarball_close(tb);
	imported_free(&now);
	return ret;
}

static int import_package(struct import *im)
{
	const char *have = im->present ? im->old.version : NULL;
	struct unpack u = { .base = im->o.name };
	struct imported now = { .package = NULL };
	struct apt_package package;
	struct tarball *tb = NULL;
	int ret;

	ret = apt_fetch(&im->base, im->o.update, have, &package);
	if (ret == 1) {
		report(im, &im->old, "present", NULL);
		ret = 0;
		goto out;
	}
	if (ret)
		goto out;
	ret = tarball_open_deb(&tb, package.file, im->base.package);
	if (ret)
		goto out;
	now.package = xstrdup(im->base.package);
	now.version = xstrdup(package.version);
	ret = unpack_tarball(im->repo, tb, &u, &now);
	if (!ret)
		ret = move_base(im, &now, &u);
out:
	tarball_close(tb);
	imported_free(&now);
	apt_package_free(&package);
	return ret;
}

static int find_promisor(const git_config_entry *entry, void *arg)
{
	const char *dot = strrchr(entry->name, '.');

	if (!strncmp(entry->name, "remote.", strlen("remote.")) &&
	    !strcmp(dot, ".promisor"))
		*(bool *)arg = true;
	return 0;
}

/* A clone that fetches what it lacks when git asks for it: we cannot do that. */
static bool is_partial(git_repository *other)
{
	git_config *config = NULL;
	bool partial = false;

	/* Not by a regular expression: libgit2 leaks memory for each match. */
	if (!git_repository_config_snapshot(&config, other))
		git_config_foreach(config, find_promisor, &partial);
	git_config_free(config);
	return partial;
}

static int open_clone(const char *dir, git_repository **out)
{
	if (git_repository_open_ext(out, dir, GIT_REPOSITORY_OPEN_NO_SEARCH, NULL)) {
		hw_git_error("cannot open the clone %s", dir);
		hw_set_exit(HW_BAD_INPUT);
		return -1;
	}
	if (is_partial(*out)) {
		hw_set_exit(HW_BAD_INPUT);
		hw_error("%s is a partial clone: objects are missing in it", dir);
		hw_hint("a whole clone, or one made with --depth, can be used");
		return -1;
	}
	return 0;
}

static int import_clone(struct import *im, const char *dir, const char *rev)
{
	struct imported now = { .package = NULL };
	git_repository *other = NULL;
	git_object *object = NULL, *commit = NULL;
	int ret;

	ret = open_clone(dir, &other);
	if (ret)
		goto out;
	if (git_revparse_single(&object, other, rev) ||
	    git_object_peel(&commit, object, GIT_OBJECT_COMMIT)) {
		hw_set_exit(HW_BAD_INPUT);
		ret = hw_git_error("%s has no revision %s", dir, rev);
		goto out;
	}
	git_oid_cpy(&now.commit, git_object_id(commit));
	git_oid_cpy(&now.tree, git_commit_tree_id((git_commit *)commit));
	ret = depot_borrow(im->repo, other);
	if (!ret)
		ret = move_base(im, &now, NULL);
out:
	git_object_free(commit);
	git_object_free(object);
	git_repository_free(other);
	imported_free(&now);
	return ret;
}

/* The part that writes. */
static int do_import(struct import *im)
{
	git_repository_free(im->repo);
	im->repo = NULL;
	if (depot_open(&im->repo, &im->lock) || look_up(im))
		return -1;
	/* Another process may have done it while we waited for nothing. */
	if (is_done(im)) {
		report(im, &im->old, "present", NULL);
		return 0;
	}
	if (im->o.tarball)
		return import_tarball(im);
	if (im->o.repo)
		return import_clone(im, im->o.repo, im->o.rev);
	if (im->base.repository)
		return import_clone(im, im->base.repository, im->base.revision);
	return import_package(im);
}

static int choose_default(struct import *im)
{
	struct bases all;
	int ret;

	ret = bases_read(&all);
	/* Stays valid: im->base is freed last. */
	if (!ret) {
		ret = base_read(bases_default(&all)->name, &im->base);
		im->o.name = im->base.name;
	}
	bases_free(&all);
	return ret;
}

static int run(struct import *im)
{
	int ret;

	if (paths_find())
		return -1;
	if (!im->o.name && choose_default(im))
		return -1;
	ret = depot_peek(&im->repo);
	if (!ret)
		ret = look_up(im);
	if (ret)
		return ret;
	if (is_done(im)) {
		report(im, &im->old, "present", NULL);
		return 0;
	}
	if (!im->o.tarball && !im->o.repo && !im->base.name &&
	    base_read(im->o.name, &im->base))
		return -1;
	if (hash_init())
		return -1;
	git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
	return do_import(im);
}

int cmd_import(int argc, char **argv)
{
	struct import im = { .lock = HW_LOCK_INIT };
	int ret;

	ret = parse(argc, argv, &im.o);
	if (!ret)
		ret = run(&im);
	hw_lock_drop(&im.lock);
	imported_free(&im.old);
	git_repository_free(im.repo);
	base_free(&im.base);
	free(im.o.sha256);
	return ret;
}
