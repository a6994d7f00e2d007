// SPDX-License-Identifier: GPL-2.0-only
/* Files for several kernels, as one of them has them. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "headway.h"
#include "kversion.h"
#include "xalloc.h"

#define MAX_DEPTH 32

/* An #if that is open. */
struct level {
	bool ours;	/* it asks for the version alone */
	bool keep;	/* and what follows is for this one */
};

struct resolver {
	unsigned int version;
	struct level open[MAX_DEPTH];
	int depth;
	char *out, *end;
};

static bool begins(const char *line, const char *with)
{
	return !strncmp(line, with, strlen(with));
}

/* Does @line ask for the version, and for nothing else? */
static bool asks(const char *line, unsigned int version, bool *yes)
{
	unsigned int a, b, c;
	char op[3] = "";
	int end = 0;

	if (sscanf(line, "#if LINUX_VERSION_CODE %2[<>=] KERNEL_VERSION(%u, %u, %u)%n",
		   op, &a, &b, &c, &end) != 4 || !end || line[end])
		return false;
	if (!strcmp(op, ">="))
		*yes = version >= KVERSION(a, b, c);
	else if (!strcmp(op, "<"))
		*yes = version < KVERSION(a, b, c);
	else
		return false;
	return true;
}

static bool kept(const struct resolver *r)
{
	int i;

	for (i = 0; i < r->depth; i++)
		if (r->open[i].ours && !r->open[i].keep)
			return false;
	return true;
}

/* Returns whether the line itself is one of those that go. */
static bool directive(struct resolver *r, const char *line)
{
	struct level *top = r->depth ? &r->open[r->depth - 1] : NULL;
	bool yes;

	if (begins(line, "#if") && r->depth < MAX_DEPTH) {
		top = &r->open[r->depth++];
		top->ours = asks(line, r->version, &yes);
		top->keep = top->ours && yes;
		return top->ours;
	}
	if (!top)
		return false;
	if (begins(line, "#else") && top->ours) {
		top->keep = !top->keep;
		return true;
	}
	if (begins(line, "#endif")) {
		r->depth--;
		return top->ours;
	}
	return false;
}

static void put(struct resolver *r, const char *line, size_t len)
{
	/* What went may have had an empty line on either side. */
	if (len == 1 && r->end - r->out >= 2 && r->end[-1] == '\n' &&
	    r->end[-2] == '\n')
		return;
	memcpy(r->end, line, len);
	r->end += len;
	*r->end = '\0';
}

/* "#include <linux/version.h>" is for those that ask. */
static void drop_include(char *text)
{
	static const char include[] = "#include <linux/version.h>\n";
	char *at = strstr(text, include);

	if (!at || strstr(text, "LINUX_VERSION_CODE") || strstr(text, "KERNEL_VERSION"))
		return;
	memmove(at, at + strlen(include), strlen(at + strlen(include)) + 1);
}

/* An #elif of a question of ours: too much for this. */
static bool has_elif(const char *text)
{
	return strstr(text, "\n#elif") && strstr(text, "LINUX_VERSION_CODE");
}

char *kversion_resolve(const char *text, unsigned int version)
{
	struct resolver r = { .version = version };

	if (!strstr(text, "\n#if LINUX_VERSION_CODE ") || has_elif(text))
		return xstrdup(text);
	r.out = xcalloc(1, strlen(text) + 1);
	r.end = r.out;
	while (*text) {
		size_t len = strcspn(text, "\n");
		char *line = xstrndup(text, len);
		bool went;

		len += !!text[len];
		went = directive(&r, line);
		if (!went && kept(&r))
			put(&r, text, len);
		free(line);
		text += len;
	}
	drop_include(r.out);
	return r.out;
}

unsigned int kversion_of(git_repository *repo, git_tree *tree)
{
	static const char *const names[] = { "VERSION = %u", "PATCHLEVEL = %u",
					     "SUBLEVEL = %u" };
	unsigned int v[3] = { 0 };
	git_tree_entry *e = NULL;
	git_blob *blob = NULL;
	const char *line;
	int i;

	if (!git_tree_entry_bypath(&e, tree, "Makefile") &&
	    !git_blob_lookup(&blob, repo, git_tree_entry_id(e))) {
		char *text = xstrndup(git_blob_rawcontent(blob),
				      git_blob_rawsize(blob));

		for (line = text; line; line = strchr(line, '\n')) {
			line += *line == '\n';
			for (i = 0; i < 3; i++)
				if (sscanf(line, names[i], &v[i]) == 1)
					break;
		}
		free(text);
	}
	git_blob_free(blob);
	git_tree_entry_free(e);
	/* As the kernel's own Makefile does it. */
	return v[0] ? KVERSION(v[0], v[1], v[2] > 255 ? 255 : v[2]) : 0;
}

/* The blob @id as @version has it, in @new. 1 if it is another, 0 if not, or -1. */
static int resolve_blob(git_repository *repo, const git_oid *id,
			unsigned int version, git_oid *new)
{
	git_blob *blob = NULL;
	char *text, *out;
	int r = 0;

	if (git_blob_lookup(&blob, repo, id))
		return hw_git_error("%s", git_oid_tostr_s(id));
	text = xstrndup(git_blob_rawcontent(blob), git_blob_rawsize(blob));
	out = kversion_resolve(text, version);
	if (strcmp(text, out)) {
		r = 1;
		if (git_blob_create_from_buffer(new, repo, out, strlen(out)))
			r = hw_git_error("%s", git_oid_tostr_s(id));
	}
	free(out);
	free(text);
	git_blob_free(blob);
	return r;
}

int kversion_resolve_tree(git_repository *repo, git_oid *id,
			  const struct strlist *files, unsigned int version)
{
	git_tree_update *u = NULL;
	git_tree *tree = NULL;
	size_t n = 0, i;
	int r = 0;

	if (!files->n || !version)
		return 0;
	if (git_tree_lookup(&tree, repo, id))
		return hw_git_error("%s", git_oid_tostr_s(id));
	for (i = 0; r >= 0 && i < files->n; i++) {
		git_tree_entry *e = NULL;
		git_oid new;

		if (!git_tree_entry_bypath(&e, tree, files->v[i])) {
			r = resolve_blob(repo, git_tree_entry_id(e), version, &new);
			if (r == 1) {
				git_tree_update *up = xpush(u, n);

				up->action = GIT_TREE_UPDATE_UPSERT;
				up->id = new;
				up->filemode = git_tree_entry_filemode(e);
				up->path = files->v[i];
			}
		}
		git_tree_entry_free(e);
	}
	if (r >= 0 && n && git_tree_create_updated(id, repo, tree, n, u))
		r = hw_git_error("cannot write a tree");
	free(u);
	git_tree_free(tree);
	return r < 0 ? -1 : 0;
}
