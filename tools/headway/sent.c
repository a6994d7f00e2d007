// SPDX-License-Identifier: GPL-2.0-only
/* What was sent, as git objects. */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "commit.h"
#include "file.h"
#include "headway.h"
#include "refs.h"
#include "sent.h"
#include "xalloc.h"

#define SENT_REFS "refs/headway/sent/"

char *mail_header(const char *text, const char *name)
{
	size_t n = strlen(name);
	char *value = NULL;

	while (*text && *text != '\n' && *text != '\r') {
		size_t len = strcspn(text, "\r\n");

		if (value && (*text == ' ' || *text == '\t')) {
			char *more = xasprintf("%s %.*s", value, (int)len - 1, text + 1);

			free(value);
			value = more;
		} else if (value) {
			break;
		} else if (len > n && !strncasecmp(text, name, n) && text[n] == ':') {
			size_t skip = n + 1 + strspn(text + n + 1, " \t");

			value = xstrndup(text + skip, len > skip ? len - skip : 0);
		}
		text += len;
		text += *text == '\r';
		text += *text == '\n';
	}
	return value;
}

int mails_in(const char *dir, struct strlist *out)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	if (!d)
		return hw_errno("%s", dir);
	while ((e = readdir(d))) {
		size_t len = strlen(e->d_name);
		char *path;

		if (len < 5 || strcmp(e->d_name + len - 4, ".eml"))
			continue;
		path = xasprintf("%s/%s", dir, e->d_name);
		strlist_add(out, path);
		free(path);
	}
	closedir(d);
	strlist_sort(out);
	return 0;
}

static char *ref_sent(const char *change_id, int revision)
{
	return xasprintf(SENT_REFS "%s/v%d", change_id, revision);
}

/* The value of the line "Name: ..." from @p on; NULL: none. */
static char *line_value(const char *message, const char *name)
{
	char *mark = xasprintf("\n%s: ", name);
	const char *p = strstr(message, mark);

	if (p)
		p += strlen(mark);
	free(mark);
	return p ? xstrndup(p, strcspn(p, "\n")) : NULL;
}

static bool oid_value(const char *message, const char *name, git_oid *out)
{
	char *hex = line_value(message, name);
	bool ok = hex && !git_oid_fromstr(out, hex);

	free(hex);
	return ok;
}

/* "Patch: <message-id> topic/change" */
static void read_patches(const char *message, struct sent *out)
{
	const char *p = message;

	while ((p = strstr(p, "\nPatch: "))) {
		size_t n;
		struct sent_patch *sp;

		p += strlen("\nPatch: ");
		n = strcspn(p, " \n");
		if (p[n] != ' ')
			continue;
		sp = xpush(out->p, out->n);
		sp->message_id = xstrndup(p, n);
		sp->change = xstrndup(p + n + 1, strcspn(p + n + 1, "\n"));
	}
}

int sent_read(git_repository *repo, const char *change_id, int revision,
	      struct sent *out)
{
	char *ref = ref_sent(change_id, revision);
	git_commit *c = NULL;
	const char *message;
	int err = 0;

	memset(out, 0, sizeof(*out));
	if (git_reference_name_to_id(&out->record, repo, ref))
		goto out;
	if (git_commit_lookup(&c, repo, &out->record)) {
		err = hw_git_error("%s", ref);
		goto out;
	}
	message = git_commit_message(c);
	out->name = line_value(message, "Series");
	out->change_id = xstrdup(change_id);
	out->base = line_value(message, "Base");
	out->message_id = line_value(message, "Message-Id");
	if (!out->name || !out->message_id || !out->base ||
	    !oid_value(message, "Start", &out->start) ||
	    !oid_value(message, "Tip", &out->tip)) {
		hw_set_exit(HW_BAD_INPUT);
		err = hw_error("%s: not a record of a series that was sent", ref);
	}
	read_patches(message, out);
	out->revision = revision;
out:
	git_commit_free(c);
	free(ref);
	return err;
}

static int last_revision(git_repository *repo, const char *change_id)
{
	char *glob = xasprintf(SENT_REFS "%s/v*", change_id);
	git_reference_iterator *it = NULL;
	const char *name;
	int last = 0;

	if (!git_reference_iterator_glob_new(&it, repo, glob))
		while (!git_reference_next_name(&name, it)) {
			int n = atoi(name + strlen(glob) - 1);

			if (n > last)
				last = n;
		}
	git_reference_iterator_free(it);
	free(glob);
	return last;
}

int sent_last(git_repository *repo, const char *change_id, struct sent *out)
{
	return sent_read(repo, change_id, last_revision(repo, change_id), out);
}

int sent_all(git_repository *repo, struct strlist *out)
{
	git_reference_iterator *it = NULL;
	const char *name;

	if (git_reference_iterator_glob_new(&it, repo, SENT_REFS "*"))
		return hw_git_error(SENT_REFS);
	while (!git_reference_next_name(&name, it)) {
		const char *id = name + strlen(SENT_REFS);
		char *copy = xstrndup(id, strcspn(id, "/"));

		if (!strlist_has(out, copy))
			strlist_add(out, copy);
		free(copy);
	}
	git_reference_iterator_free(it);
	return 0;
}

void sent_free(struct sent *s)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		free(s->p[i].message_id);
		free(s->p[i].change);
	}
	free(s->p);
	free(s->name);
	free(s->change_id);
	free(s->base);
	free(s->message_id);
	memset(s, 0, sizeof(*s));
}

/* The mails as a tree; the text of the record's commit goes to @f. */
static int write_mails(const struct plan *p, const struct outgoing *s,
		       const struct strlist *mails, FILE *f, git_oid *out)
{
	size_t covers = mails->n > s->n, i;
	git_treebuilder *tb = NULL;
	int err = 0;

	if (git_treebuilder_new(&tb, p->repo, NULL))
		return hw_git_error("cannot write a tree");
	for (i = 0; !err && i < mails->n; i++) {
		char *name = xasprintf("%04zu.eml", i + !covers), *id = NULL, *text;
		size_t len;
		git_oid blob;

		text = file_read(mails->v[i], &len);
		if (text)
			id = mail_header(text, "Message-Id");
		if (!text || !id)
			err = hw_error("%s: not a mail with a Message-Id",
				       mails->v[i]);
		else if (git_blob_create_from_buffer(&blob, p->repo, text, len) ||
			 git_treebuilder_insert(NULL, tb, name, &blob,
						GIT_FILEMODE_BLOB))
			err = hw_git_error("%s", mails->v[i]);
		if (!err && !i)
			fprintf(f, "Message-Id: %s\n", id);
		if (!err && i >= covers)
			fprintf(f, "Patch: %s %s/%s\n", id, s->topic->name,
				s->p[i - covers].cell->change->name);
		free(id);
		free(text);
		free(name);
	}
	if (!err && git_treebuilder_write(out, tb))
		err = hw_git_error("cannot write a tree");
	git_treebuilder_free(tb);
	return err;
}

static int write_record(const struct plan *p, const struct outgoing *s,
			const git_oid *tree, char *text, git_oid *out)
{
	struct mail m = { .name = p->name, .email = p->email, .message = text };
	git_commit *tip = NULL;
	int err;

	if (git_commit_lookup(&tip, p->repo, &s->tip))
		return hw_git_error("%s", s->name);
	m.when = git_commit_author(tip)->when;
	git_commit_free(tip);
	err = commit_mail(p->repo, &s->tip, tree, &m, out);
	return err;
}

int sent_record(const struct plan *p, const struct outgoing *s, int revision,
		const char *dir)
{
	struct ref_moves moves = { 0 };
	struct strlist mails = { 0 };
	char *text = NULL, *ref;
	git_oid tree, id;
	size_t len;
	FILE *f;
	int err;

	err = mails_in(dir, &mails);
	if (!err && mails.n != s->n && mails.n != s->n + 1)
		err = hw_error("%s has %zu mails, the series has %zu patches", dir,
			       mails.n, s->n);
	f = err ? NULL : open_memstream(&text, &len);
	if (f) {
		fprintf(f, "Sent: %s v%d\n\nSeries: %s\nBase: %s\n", s->name,
			revision, s->name, s->fork->base);
		fprintf(f, "Start: %s\n", git_oid_tostr_s(&s->start));
		fprintf(f, "Tip: %s\n", git_oid_tostr_s(&s->tip));
		err = write_mails(p, s, &mails, f, &tree);
		fclose(f);
	}
	if (!err)
		err = write_record(p, s, &tree, text, &id);
	if (!err) {
		ref = ref_sent(s->change_id, revision);
		refs_plan(&moves, ref, &id);
		err = refs_move(p->repo, &moves) < 0 ? -1 : 0;
		free(ref);
	}
	refs_plan_free(&moves);
	strlist_free(&mails);
	free(text);
	return err;
}

/* A mail as mbox has it: an envelope line, no carriage returns, From_ quoted. */
static void write_mbox(FILE *f, const char *text, size_t len)
{
	bool start = true;
	size_t i;

	fputs("From headway@localhost Thu Jan  1 00:00:00 1970\n", f);
	for (i = 0; i < len; i++) {
		if (text[i] == '\r' && i + 1 < len && text[i + 1] == '\n')
			continue;
		if (start && !strncmp(text + i, "From ", 5))
			fputc('>', f);
		fputc(text[i], f);
		start = text[i] == '\n';
	}
	fputs(start ? "\n" : "\n\n", f);
}

int sent_mbox(git_repository *repo, const struct sent *s, char **out, size_t *len)
{
	git_tree *tree = NULL;
	FILE *f;
	size_t i;
	int err = 0;

	if (commit_tree(repo, &s->record, &tree))
		return -1;
	f = open_memstream(out, len);
	if (!f)
		err = hw_errno("open_memstream");
	for (i = 0; !err && i < git_tree_entrycount(tree); i++) {
		const git_tree_entry *e = git_tree_entry_byindex(tree, i);
		git_blob *blob = NULL;

		if (git_blob_lookup(&blob, repo, git_tree_entry_id(e)))
			err = hw_git_error("%s", s->name);
		else
			write_mbox(f, git_blob_rawcontent(blob),
				   git_blob_rawsize(blob));
		git_blob_free(blob);
	}
	if (f)
		fclose(f);
	git_tree_free(tree);
	return err;
}

int sent_commit(git_repository *repo, const struct sent *s, size_t k, git_oid *out)
{
	git_commit *tip = NULL, *c = NULL;
	unsigned int back = (unsigned int)(s->n - 1 - k);
	int err;

	err = git_commit_lookup(&tip, repo, &s->tip);
	if (!err)
		err = git_commit_nth_gen_ancestor(&c, tip, back);
	if (!err)
		*out = *git_commit_id(c);
	git_commit_free(c);
	git_commit_free(tip);
	return err ? hw_git_error("%s v%d", s->name, s->revision) : 0;
}
