// SPDX-License-Identifier: GPL-2.0-only
/* Folders of patches that are written for others. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include "headway.h"
#include "mail.h"
#include "patchset.h"
#include "xalloc.h"

int patchset_diff(git_repository *repo, const git_oid *id, git_diff **out)
{
	git_commit *c = NULL, *parent = NULL;
	git_tree *a = NULL, *b = NULL;
	git_diff_options o;
	int err = 0;

	git_diff_options_init(&o, GIT_DIFF_OPTIONS_VERSION);
	o.id_abbrev = 12;
	if (git_commit_lookup(&c, repo, id) || git_commit_parent(&parent, c, 0) ||
	    git_commit_tree(&a, parent) || git_commit_tree(&b, c) ||
	    git_diff_tree_to_tree(out, repo, a, b, &o))
		err = hw_git_error("%s", git_oid_tostr_s(id));
	git_tree_free(a);
	git_tree_free(b);
	git_commit_free(parent);
	git_commit_free(c);
	return err;
}

char *patchset_mail(git_repository *repo, const git_oid *id)
{
	git_commit *c = NULL;
	git_diff *diff = NULL;
	char *text = NULL;

	if (patchset_diff(repo, id, &diff))
		return NULL;
	if (git_commit_lookup(&c, repo, id))
		hw_git_error("%s", git_oid_tostr_s(id));
	else
		text = mail_write(c, diff);
	git_diff_free(diff);
	git_commit_free(c);
	return text;
}

char *patchset_name(int number, const struct cell *c)
{
	return xasprintf("%04d-%s-%s.patch", number, c->topic->name,
			 c->change->name);
}

int patchset_folder(const char *folder)
{
	DIR *d = opendir(folder);
	struct dirent *e;
	int n = 0;

	if (!d)
		return errno == ENOENT ? 0 : hw_errno("%s", folder);
	while ((e = readdir(d)))
		n += *e->d_name != '.';
	closedir(d);
	if (!n)
		return 0;
	hw_set_exit(HW_USAGE);
	return hw_error("%s is not empty: name a folder for the patch set alone",
			folder);
}

int patchset_branch(git_repository *repo, const char *name)
{
	char *ref = xasprintf("refs/heads/%s", name);
	int err = 0, valid = 0;
	git_oid id;

	if (git_reference_name_is_valid(&valid, ref) || !valid) {
		hw_set_exit(HW_USAGE);
		err = hw_error("\"%s\" cannot be the name of a branch", name);
	} else if (!git_reference_name_to_id(&id, repo, ref)) {
		hw_set_exit(HW_USAGE);
		err = hw_error("the repository has a branch %s already: name another with --branch",
			       name);
	}
	free(ref);
	return err;
}
