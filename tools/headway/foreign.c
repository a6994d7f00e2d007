// SPDX-License-Identifier: GPL-2.0-only
/* A kernel tree that is not ours: a git clone, or a bare folder of sources. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>

#include "commit.h"
#include "file.h"
#include "foreign.h"
#include "headway.h"
#include "mail.h"
#include "patch.h"
#include "store.h"
#include "strlist.h"
#include "xalloc.h"

static void note(struct strlist *paths, const char *path)
{
	if (path && !strlist_has(paths, path))
		strlist_add(paths, path);
}

/* What the topics name. */
struct named {
	struct strlist all;	/* paths */
	struct strlist changed;	/* those of files that a patch changes */
};

static int note_patch(const char *file, struct named *paths)
{
	struct patch p = { 0 };
	struct mail m = { 0 };
	size_t len, i;
	char *text = file_read(file, &len);
	int err;

	if (!text)
		return hw_errno("%s", file);
	err = mail_parse(file, text, len, &m);
	if (!err)
		err = patch_parse(file, m.diff, m.diff_len, &p);
	for (i = 0; !err && i < p.n_files; i++) {
		note(&paths->all, p.files[i].old_path);
		note(&paths->changed, p.files[i].old_path);
		note(&paths->all, p.files[i].new_path);
	}
	patch_free(&p);
	mail_free(&m);
	free(text);
	return err;
}

static int note_folder(const char *dir, bool deeper, struct named *paths)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	int err = 0;

	if (!d)
		return hw_errno("%s", dir);
	while (!err && (e = readdir(d))) {
		char *path = xasprintf("%s/%s", dir, e->d_name);
		size_t n = strlen(e->d_name);
		struct stat st;

		if (*e->d_name == '.' || stat(path, &st))
			;
		else if (S_ISDIR(st.st_mode) && deeper)
			err = note_folder(path, false, paths);
		else if (n > 6 && !strcmp(e->d_name + n - 6, ".patch"))
			err = note_patch(path, paths);
		free(path);
	}
	closedir(d);
	return err;
}

/* Every path that a patch, a check or a file of ours names. */
static int note_topics(const struct topics *ts, struct named *paths)
{
	size_t i, j, k, l;
	int err = 0;

	note(&paths->all, "Makefile");
	for (i = 0; !err && i < ts->n; i++) {
		err = note_folder(ts->t[i].dir, true, paths);
		for (j = 0; j < ts->t[i].n_changes; j++) {
			const struct change *c = &ts->t[i].changes[j];

			for (k = 0; k < c->files.n; k++)
				note(&paths->all, c->files.v[k]);
			for (k = 0; k < c->n_claims; k++)
				for (l = 0; l < c->claims[k].checks.n; l++)
					note(&paths->all,
					     c->claims[k].checks.c[l].path);
		}
	}
	return err;
}

static int read_into(struct foreign *f, const char *path, git_tree_update **u,
		     size_t *n)
{
	char *full = xasprintf("%s/%s", f->dir, path), *text = NULL;
	git_tree_update *up;
	struct stat st;
	int err = 0;
	size_t len;
	git_oid id;

	if (stat(full, &st) || !S_ISREG(st.st_mode))
		goto out;
	text = file_read(full, &len);
	if (!text)
		err = hw_errno("%s", full);
	else if (git_blob_create_from_buffer(&id, f->repo, text, len))
		err = hw_git_error("%s", full);
	if (err)
		goto out;
	up = xpush(*u, *n);
	up->action = GIT_TREE_UPDATE_UPSERT;
	up->id = id;
	up->filemode = st.st_mode & 0100 ? GIT_FILEMODE_BLOB_EXECUTABLE :
					   GIT_FILEMODE_BLOB;
	up->path = path;
out:
	free(text);
	free(full);
	return err;
}

static int empty_tree(git_repository *repo, git_tree **out)
{
	git_treebuilder *tb = NULL;
	git_oid id;
	int err;

	err = git_treebuilder_new(&tb, repo, NULL);
	if (!err)
		err = git_treebuilder_write(&id, tb);
	if (!err)
		err = git_tree_lookup(out, repo, &id);
	git_treebuilder_free(tb);
	return err;
}

/* A repository that lives in memory alone. */
static int memory_repo(git_repository **out)
{
	git_odb_backend *mem = NULL;
	git_odb *odb = NULL;
	int err;

	err = git_odb_new(&odb);
	if (!err)
		err = git_mempack_new(&mem);
	if (!err)
		err = git_odb_add_backend(odb, mem, 1);
	if (!err)
		err = git_repository_wrap_odb(out, odb);
	git_odb_free(odb);
	return err ? hw_git_error("cannot make a repository in memory") : 0;
}

/* The names of files that a patch changes and that are not where it says. */
static void missing_names(const struct foreign *f, const struct named *paths,
			  struct strlist *out)
{
	size_t i;

	for (i = 0; i < paths->changed.n; i++) {
		const char *path = paths->changed.v[i];
		const char *slash = strrchr(path, '/');
		char *full = xasprintf("%s/%s", f->dir, path);

		/* There are thousands of these: they follow their neighbours. */
		if (slash && strcmp(slash, "/Makefile") &&
		    strcmp(slash, "/Kconfig") && !file_exists(full))
			note(out, slash + 1);
		free(full);
	}
}

static void note_beside(struct named *paths, const char *path, const char *name)
{
	char *beside = xasprintf("%.*s%s",
				 (int)(strrchr(path, '/') + 1 - path), path, name);

	note(&paths->all, beside);
	free(beside);
}

/* They may have been moved: every file of such a name is read. */
static int find_moved(const struct foreign *f, struct named *paths)
{
	char *const roots[] = { f->dir, NULL };
	struct strlist names = { 0 };
	size_t skip = strlen(f->dir) + 1;
	FTSENT *e;
	FTS *fts;

	missing_names(f, paths, &names);
	if (!names.n)
		return 0;
	fts = fts_open(roots, FTS_PHYSICAL | FTS_NOSTAT | FTS_NOCHDIR, NULL);
	while (fts && (e = fts_read(fts))) {
		if (e->fts_info == FTS_D && *e->fts_name == '.' && e->fts_level)
			fts_set(fts, e, FTS_SKIP);
		if ((e->fts_info != FTS_F && e->fts_info != FTS_NSOK) ||
		    !strlist_has(&names, e->fts_name) || e->fts_level < 2)
			continue;
		note(&paths->all, e->fts_path + skip);
		note_beside(paths, e->fts_path + skip, "Makefile");
		note_beside(paths, e->fts_path + skip, "Kconfig");
	}
	strlist_free(&names);
	if (!fts)
		return hw_errno("%s", f->dir);
	fts_close(fts);
	return 0;
}

static int open_folder(struct foreign *f, const struct topics *ts)
{
	struct mail m = { .name = HEADWAY_NAME, .email = HEADWAY_EMAIL,
			  .message = "A tree that is not ours\n" };
	struct named paths = { 0 };
	git_tree_update *u = NULL;
	git_tree *tree = NULL;
	git_oid id;
	size_t n = 0, i;
	int err;

	if (memory_repo(&f->repo))
		return -1;
	err = note_topics(ts, &paths);
	if (!err)
		err = find_moved(f, &paths);
	for (i = 0; !err && i < paths.all.n; i++)
		err = read_into(f, paths.all.v[i], &u, &n);
	if (!err && (empty_tree(f->repo, &tree) ||
		     git_tree_create_updated(&id, f->repo, tree, n, u)))
		err = hw_git_error("%s", f->dir);
	if (!err)
		err = commit_root(f->repo, &id, &m, &f->commit);
	git_tree_free(tree);
	free(u);
	strlist_free(&paths.all);
	strlist_free(&paths.changed);
	return err;
}

static int open_git(struct foreign *f, const char *rev, bool scratch)
{
	git_object *obj = NULL, *commit = NULL;
	int err = 0;

	if (scratch)
		err = store_scratch(f->repo);
	if (err)
		return err;
	if (git_revparse_single(&obj, f->repo, rev ? rev : "HEAD") ||
	    git_object_peel(&commit, obj, GIT_OBJECT_COMMIT)) {
		err = hw_git_error("%s: %s", f->dir, rev ? rev : "HEAD");
		hw_set_exit(HW_BAD_INPUT);
	} else {
		f->commit = *git_object_id(commit);
	}
	git_object_free(commit);
	git_object_free(obj);
	return err;
}

/* "VERSION = 6" and "PATCHLEVEL = 1" of the top Makefile. */
static int read_version(struct foreign *f)
{
	int version = -1, level = -1;
	git_tree_entry *e = NULL;
	git_blob *blob = NULL;
	git_tree *tree = NULL;
	char *text, *p;

	if (commit_tree(f->repo, &f->commit, &tree))
		return -1;
	if (!git_tree_entry_bypath(&e, tree, "Makefile") &&
	    !git_blob_lookup(&blob, f->repo, git_tree_entry_id(e))) {
		text = xstrndup(git_blob_rawcontent(blob),
				git_blob_rawsize(blob));
		p = strstr(text, "\nVERSION =");
		if (p)
			sscanf(p, "\nVERSION = %d", &version);
		p = strstr(text, "\nPATCHLEVEL =");
		if (p)
			sscanf(p, "\nPATCHLEVEL = %d", &level);
		free(text);
	}
	git_blob_free(blob);
	git_tree_entry_free(e);
	git_tree_free(tree);
	if (version < 0 || level < 0) {
		hw_set_exit(HW_BAD_INPUT);
		return hw_error("%s is no kernel tree: its Makefile has no VERSION and PATCHLEVEL",
				f->dir);
	}
	snprintf(f->version, sizeof(f->version), "%d.%d", version, level);
	return 0;
}

int foreign_open(const char *dir, const char *rev, bool scratch,
		 const struct topics *ts, struct foreign *out)
{
	int err;

	memset(out, 0, sizeof(*out));
	out->dir = realpath(dir, NULL);
	if (!out->dir) {
		hw_errno("%s", dir);
		hw_set_exit(HW_BAD_INPUT);
		return -1;
	}
	out->is_git = !git_repository_open_ext(&out->repo, out->dir,
					       GIT_REPOSITORY_OPEN_NO_SEARCH,
					       NULL);
	if (!out->is_git && rev) {
		hw_set_exit(HW_USAGE);
		return hw_error("--rev: %s is no git repository", dir);
	}
	err = out->is_git ? open_git(out, rev, scratch) : open_folder(out, ts);
	return err ? err : read_version(out);
}

void foreign_close(struct foreign *f)
{
	git_repository_free(f->repo);
	free(f->dir);
	memset(f, 0, sizeof(*f));
}
