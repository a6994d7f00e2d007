// SPDX-License-Identifier: GPL-2.0-only
/* Reading mails that answer what was sent: git takes them apart, b4 fetches them. */
#define _GNU_SOURCE
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "file.h"
#include "headway.h"
#include "inbox.h"
#include "replies.h"
#include "run.h"
#include "xalloc.h"

/* Message-ids in a header, "<a@b> <c@d>", into @out; the last one first. */
static void add_ids(const char *value, struct strlist *out)
{
	struct strlist ids = { 0 };
	const char *p = value;
	size_t i;

	while (p && (p = strchr(p, '<'))) {
		size_t n = strcspn(p, ">");
		char *id;

		if (!p[n])
			break;
		id = xstrndup(p, n + 1);
		strlist_add(&ids, id);
		free(id);
		p += n;
	}
	for (i = ids.n; i-- > 0;)
		if (!strlist_has(out, ids.v[i]))
			strlist_add(out, ids.v[i]);
	strlist_free(&ids);
}

static void read_headers(const char *text, struct reply *r)
{
	char *value = mail_header(text, "Message-Id");

	if (value) {
		struct strlist own = { 0 };

		add_ids(value, &own);
		if (own.n)
			r->message_id = xstrdup(own.v[0]);
		strlist_free(&own);
	}
	free(value);
	value = mail_header(text, "In-Reply-To");
	add_ids(value, &r->answers);
	free(value);
	value = mail_header(text, "References");
	add_ids(value, &r->answers);
	free(value);
}

static bool is_wanted_tag(const char *line)
{
	static const char *const names[] = { "Reviewed-by: ", "Acked-by: ",
					     "Tested-by: " };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strncasecmp(line, names[i], strlen(names[i])) &&
		    strchr(line, '<') && strchr(line, '>') && strchr(line, '@'))
			return true;
	return false;
}

/* "reviewed-by:  Name <a@b>  # note": the case of the name as it is written. */
static void add_tag(struct reply *r, const char *line)
{
	static const char *const names[] = { "Reviewed-by: ", "Acked-by: ",
					     "Tested-by: " };
	const char *value = strchr(line, ':') + 1;
	size_t i;
	char *tag;

	value += strspn(value, " ");
	for (i = 0; strncasecmp(line, names[i], strlen(names[i])); i++)
		;
	tag = xasprintf("%s%s", names[i], value);
	if (!strlist_has(&r->tags, tag))
		strlist_add(&r->tags, tag);
	free(tag);
}

/* The lines of a body that are the writer's own words. */
static void read_body(char *body, struct reply *r)
{
	char *line, *save = NULL;

	for (line = strtok_r(body, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		size_t n = strlen(line);

		while (n && strchr(" \t\r", line[n - 1]))
			line[--n] = '\0';
		line += strspn(line, " \t");
		if (!strncmp(line, "diff --git ", 11))
			r->is_patch = true;
		else if (is_wanted_tag(line))
			add_tag(r, line);
	}
}

static void read_author(char *info, struct reply *r)
{
	char *line, *save = NULL;

	for (line = strtok_r(info, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (!strncmp(line, "Author: ", 8))
			r->name = xstrdup(line + 8);
		else if (!strncmp(line, "Email: ", 7))
			r->email = xstrdup(line + 7);
	}
}

int reply_read(const char *path, const char *work, struct replies *out)
{
	char *msg = xasprintf("%s/msg", work), *patch = xasprintf("%s/patch", work);
	const char *argv[] = { "git", "mailinfo", "-b", "-u", "--no-scissors", msg,
			       patch, NULL };
	struct run_options ro = { .input = path };
	char *text = file_read(path, NULL), *body[2] = { NULL };
	struct reply *r = xpush(out->r, out->n);
	struct run_result res;
	int i, err = -1;

	if (!text) {
		hw_errno("%s", path);
		goto out;
	}
	read_headers(text, r);
	if (run_child(argv, &ro, &res))
		goto out;
	err = 0;
	/* Mail that git cannot read has no tags for us; others of it may. */
	if (!res.status) {
		read_author(res.out, r);
		body[0] = file_read(msg, NULL);
		body[1] = file_read(patch, NULL);
		for (i = 0; i < 2; i++)
			if (body[i])
				read_body(body[i], r);
	} else {
		hw_say("%s: not a mail that git can read; left out", path);
	}
	run_result_free(&res);
out:
	free(body[0]);
	free(body[1]);
	free(text);
	free(msg);
	free(patch);
	return err;
}

/* Every file of @dir, as a mail; git mailsplit numbered them. */
static int read_split(const char *dir, const char *work, struct replies *out)
{
	struct dirent **list = NULL;
	int n = scandir(dir, &list, NULL, alphasort), i, err = 0;

	if (n < 0)
		return hw_errno("%s", dir);
	for (i = 0; i < n; i++) {
		char *path = xasprintf("%s/%s", dir, list[i]->d_name);

		if (!err && *list[i]->d_name != '.')
			err = reply_read(path, work, out);
		free(path);
		free(list[i]);
	}
	free(list);
	return err;
}

/* An mbox or a maildir into a folder with one file a mail; @quoted: as b4 writes it. */
static int split(const char *source, const char *dir, bool quoted)
{
	char *to = xasprintf("-o%s", dir);
	const char *argv[] = { "git", "mailsplit", "-b", "--keep-cr", to,
			       quoted ? "--mboxrd" : source,
			       quoted ? source : NULL, NULL };
	int err = run_quiet(argv, NULL);

	if (err)
		hw_set_exit(HW_BAD_INPUT);
	free(to);
	return err;
}

/* b4 fetches the thread of each revision that was sent. */
static int fetch(const struct outbox *ob, const char *url, const struct sent *sent,
		 size_t n, const char *dir)
{
	size_t i, len = strlen(url);
	git_config *c = NULL;
	char *mask;
	int err = 0;

	while (len && url[len - 1] == '/')
		len--;
	mask = xasprintf("%.*s/%%s", (int)len, url);
	if (git_repository_config(&c, ob->repo) ||
	    git_config_set_string(c, "b4.midmask", mask))
		err = hw_git_error("%s", ob->dir);
	git_config_free(c);
	for (i = 0; !err && i < n; i++) {
		char *id = xstrndup(sent[i].message_id + 1,
				    strcspn(sent[i].message_id + 1, ">"));
		char *name = xasprintf("%zu.mbx", i), *box;
		const char *args[] = { "mbox", "--no-cache", "-o", dir, "-n", name,
				       id, NULL };

		err = outbox_b4(ob, args, true, NULL);
		box = xasprintf("%s/%s", dir, name);
		/* Without the thread b4 ends as if all were well. */
		if (!err && !file_exists(box)) {
			hw_set_exit(HW_ENV);
			err = hw_error("%s has no mail %s", url, sent[i].message_id);
		}
		free(box);
		free(name);
		free(id);
	}
	free(mask);
	return err;
}

static bool is_dir(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

/* Bring what @source has into @dir, one file a mail. */
static int gather(const struct outbox *ob, const char *source,
		  const struct sent *sent, size_t n, const char *work,
		  const char *dir)
{
	size_t i;
	int err;

	if (!strncmp(source, "http://", 7) || !strncmp(source, "https://", 8)) {
		err = fetch(ob, source, sent, n, work);
		for (i = 0; !err && i < n; i++) {
			char *box = xasprintf("%s/%zu.mbx", work, i);
			char *part = xasprintf("%s/%zu", dir, i);

			err = make_dirs(part) ? hw_errno("%s", part) : split(box, part, true);
			free(part);
			free(box);
		}
		return err;
	}
	if (is_dir(source) && inbox_is(source))
		return inbox_extract(source, dir);
	if (file_exists(source))
		return split(source, dir, false);
	hw_set_exit(HW_USAGE);
	return hw_error("%s: there is no such mailbox", source);
}

/* @dir's mails, and those of its folders. */
static int read_all(const char *dir, size_t n, const char *work,
		    struct replies *out)
{
	size_t i;
	int err = 0;
	bool parts = false;

	for (i = 0; !err && i < n; i++) {
		char *part = xasprintf("%s/%zu", dir, i);

		if (is_dir(part)) {
			parts = true;
			err = read_split(part, work, out);
		}
		free(part);
	}
	return err || parts ? err : read_split(dir, work, out);
}

int replies_read(const struct outbox *ob, const char *source,
		 const struct sent *sent, size_t n_sent, struct replies *out)
{
	char *work = xasprintf("%s/series/replies", hw_paths.build);
	char *dir = xasprintf("%s/mails", work);
	int err = 0;

	memset(out, 0, sizeof(*out));
	if (file_exists(work) && remove_tree(work))
		err = hw_errno("%s", work);
	if (!err && make_dirs(dir))
		err = hw_errno("%s", dir);
	if (!err)
		err = gather(ob, source, sent, n_sent, work, dir);
	if (!err)
		err = read_all(dir, n_sent, work, out);
	if (remove_tree(work) && !err)
		err = hw_errno("%s", work);
	free(dir);
	free(work);
	return err;
}

void replies_free(struct replies *rs)
{
	size_t i;

	for (i = 0; i < rs->n; i++) {
		free(rs->r[i].message_id);
		free(rs->r[i].name);
		free(rs->r[i].email);
		strlist_free(&rs->r[i].answers);
		strlist_free(&rs->r[i].tags);
	}
	free(rs->r);
	memset(rs, 0, sizeof(*rs));
}
