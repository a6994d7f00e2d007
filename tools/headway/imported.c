// SPDX-License-Identifier: GPL-2.0-only
/*
 * The record of an import.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "headway.h"
#include "imported.h"
#include "xalloc.h"

#define IDENTITY	"Headway <headway@localhost>"
#define T_PACKAGE	"Package: "
#define T_VERSION	"Package-Version: "
#define T_SHA256	"Tarball-SHA256: "
#define T_TREE		"Tree: "

/* The value of the line that begins with @name in the message; NULL: none. */
static char *trailer(const char *message, const char *name)
{
	const char *line = message;

	while (line && *line) {
		if (!strncmp(line, name, strlen(name))) {
			line += strlen(name);
			return xstrndup(line, strcspn(line, "\n"));
		}
		line = strchr(line, '\n');
		line += !!line;
	}
	return NULL;
}

int imported_read(git_repository *repo, const char *base, struct imported *out)
{
	char *ref = xasprintf("refs/heads/%s/base", base);
	git_commit *commit = NULL;
	const char *message;
	int ret;

	memset(out, 0, sizeof(*out));
	ret = git_reference_name_to_id(&out->commit, repo, ref);
	if (ret == GIT_ENOTFOUND) {
		free(ref);
		return 1;
	}
	if (!ret)
		ret = git_commit_lookup(&commit, repo, &out->commit);
	if (ret) {
		hw_set_exit(HW_BAD_INPUT);
		hw_git_error("cannot read %s", ref);
		hw_hint("headway import %s --update", base);
	} else {
		message = git_commit_message(commit);
		git_oid_cpy(&out->tree, git_commit_tree_id(commit));
		out->package = trailer(message, T_PACKAGE);
		out->version = trailer(message, T_VERSION);
		out->sha256 = trailer(message, T_SHA256);
	}
	git_commit_free(commit);
	free(ref);
	return ret ? -1 : 0;
}

void imported_free(struct imported *im)
{
	free(im->package);
	free(im->version);
	free(im->sha256);
	memset(im, 0, sizeof(*im));
}

char *imported_commit(const char *base, const struct imported *im, int64_t date)
{
	char tree[GIT_OID_HEXSZ + 1];
	char *subject, *package, *text;

	git_oid_tostr(tree, sizeof(tree), &im->tree);
	if (im->package) {
		subject = xasprintf("Import %s %s as base %s", im->package,
				    im->version, base);
		package = xasprintf(T_PACKAGE "%s\n" T_VERSION "%s\n",
				    im->package, im->version);
	} else {
		subject = xasprintf("Import a source tarball as base %s", base);
		package = xstrdup("");
	}
	text = xasprintf("tree %s\n"
			 "author " IDENTITY " %" PRId64 " +0000\n"
			 "committer " IDENTITY " %" PRId64 " +0000\n"
			 "\n"
			 "%s\n"
			 "\n"
			 "The tree is that of the tarball below, unpacked without its top folder.\n"
			 "\n"
			 "%s" T_SHA256 "%s\n" T_TREE "%s\n",
			 tree, date, date, subject, package, im->sha256, tree);
	free(subject);
	free(package);
	return text;
}
