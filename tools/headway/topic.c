// SPDX-License-Identifier: GPL-2.0-only
/* The topics folder as data. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "file.h"
#include "headway.h"
#include "paragraph.h"
#include "topic.h"
#include "topicproof.h"
#include "xalloc.h"

const char *cell_state_name(enum cell_state s)
{
	static const char *const names[] = {
		[CELL_CARRIED] = "carried",
		[CELL_UPSTREAM] = "upstream",
		[CELL_NOT_NEEDED] = "not-needed",
		[CELL_FAILS] = "fails",
	};

	return names[s];
}

static bool is_name(const char *s)
{
	if (!islower((unsigned char)*s) && !isdigit((unsigned char)*s))
		return false;
	return s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

/* A path that stays below the folder it is taken from. */
static bool is_safe_path(const char *s)
{
	if (!*s || *s == '/' || strstr(s, "//"))
		return false;
	for (; s; s = strchr(s, '/')) {
		s += *s == '/';
		if (!*s || !strncmp(s, "./", 2) || !strncmp(s, "../", 3) ||
		    !strcmp(s, ".") || !strcmp(s, "..") ||
		    !strncmp(s, ".git/", 5))
			return false;
	}
	return true;
}

static struct claim *claim_for(struct change *c, const char *base)
{
	struct claim *cl;
	size_t i;

	for (i = 0; i < c->n_claims; i++)
		if (!strcmp(c->claims[i].base, base))
			return &c->claims[i];
	cl = xpush(c->claims, c->n_claims);
	cl->base = xstrdup(base);
	cl->why = xstrdup("");
	return cl;
}

static int parse_state(const char *file, const struct field *f, struct claim *cl)
{
	static const enum cell_state states[] = { CELL_UPSTREAM,
						  CELL_NOT_NEEDED,
						  CELL_CARRIED };
	size_t i, n;

	for (i = 0; i < sizeof(states) / sizeof(*states); i++) {
		const char *name = cell_state_name(states[i]);

		n = strlen(name);
		if (strncmp(f->value, name, n) ||
		    (f->value[n] && !isspace((unsigned char)f->value[n])))
			continue;
		cl->state = states[i];
		free(cl->why);
		cl->why = xstrdup(f->value + n + strspn(f->value + n, " \t\n"));
		if (!*cl->why && cl->state != CELL_CARRIED)
			return hw_error("%s:%d: %s: \"%s\" wants the %s after it",
					file, f->line, f->name, name,
					cl->state == CELL_UPSTREAM ?
					"commit that brought it" : "reason");
		return 0;
	}
	return hw_error("%s:%d: %s: expected \"upstream COMMIT\", \"not-needed REASON\" or \"carried\"",
			file, f->line, f->name);
}

static int parse_files(const char *file, const struct field *f,
		       struct strlist *out)
{
	size_t i;

	strlist_add_words(out, f->value);
	for (i = 0; i < out->n; i++)
		if (!is_safe_path(out->v[i]))
			return hw_error("%s:%d: \"%s\" is not a path below the kernel's top folder",
					file, f->line, out->v[i]);
	return 0;
}

static int parse_series(const char *file, const struct field *f, int *out)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(f->value, &end, 10);
	if (errno || *end || end == f->value || n < 1 || n > 9999)
		return hw_error("%s:%d: Series: expected a number from 1 to 9999, found \"%s\"",
				file, f->line, f->value);
	*out = (int)n;
	return 0;
}

static int parse_claim(const char *file, const struct field *f,
		       struct change *c)
{
	const char *base = f->name + strlen("State-");

	if (!base_name_ok(base))
		return hw_error("%s:%d: %s: wants the name of a base after the dash",
				file, f->line, f->name);
	if (*f->name == 'S')
		return parse_state(file, f, claim_for(c, base));
	return checks_parse(file, f->line, f->value, &claim_for(c, base)->checks);
}

static int parse_adapted(const char *file, const struct field *f,
			 struct change *c)
{
	const char *base = f->name + strlen("Adapted-");

	if (!base_name_ok(base) || !*f->value)
		return hw_error("%s:%d: %s: wants the name of a base after the dash, and what was changed",
				file, f->line, f->name);
	claim_for(c, base)->adapted = xstrdup(f->value);
	return 0;
}

static int parse_change_field(const char *file, const struct field *f,
			      struct change *c)
{
	if (!strcmp(f->name, "Change"))
		c->name = xstrdup(f->value);
	else if (!strcmp(f->name, "Patch"))
		c->patch = xstrdup(f->value);
	else if (!strcmp(f->name, "Series"))
		return parse_series(file, f, &c->series);
	else if (!strcmp(f->name, "Files"))
		return parse_files(file, f, &c->files);
	else if (!strcmp(f->name, "KUnit"))
		strlist_add_words(&c->kunit, f->value);
	else if (!strcmp(f->name, "Users"))
		strlist_add_words(&c->users, f->value);
	else if (!strcmp(f->name, "Part"))
		c->part = xstrdup(f->value);
	else if (!strcmp(f->name, "Origin"))
		return origin_parse(file, f->line, f->value, &c->origin);
	else if (!strncmp(f->name, "Adapted-", 8))
		return parse_adapted(file, f, c);
	else if (!strncmp(f->name, "State-", 6) ||
		 !strncmp(f->name, "Check-", 6))
		return parse_claim(file, f, c);
	else if (!strcmp(f->name, "Stable") || !strncmp(f->name, "Stable-", 7))
		return stable_parse(file, f, &c->stable);
	else if (!strcmp(f->name, "Proof") || !strncmp(f->name, "Proof-", 6))
		return topicproof_parse(file, f, c);
	else
		return hw_error("%s:%d: unknown field \"%s\" in a change",
				file, f->line, f->name);
	return 0;
}

/* "NNNN-<name>.patch" */
static bool patch_name_fits(const struct change *c)
{
	char *want = xasprintf("-%s.patch", c->name);
	bool ok = strspn(c->patch, "0123456789") == 4 &&
		  !strcmp(c->patch + 4, want);

	free(want);
	return ok;
}

static int check_change(const char *file, const struct topic *t,
			const struct change *c)
{
	size_t i;

	if (!is_name(c->name))
		return hw_error("%s:%d: \"%s\" is not a name for a change (small letters, digits, '-')",
				file, c->line, c->name);
	if (c->part && !is_name(c->part))
		return hw_error("%s:%d: Part: \"%s\" is not a name (small letters, digits, '-')",
				file, c->line, c->part);
	for (i = 0; i + 1 < t->n_changes; i++) {
		const struct change *o = &t->changes[i];

		if (!strcmp(o->name, c->name))
			return hw_error("%s:%d: change \"%s\" is there already, on line %d",
					file, c->line, c->name, o->line);
		if (o->patch && c->patch && strcmp(o->patch, c->patch) >= 0)
			return hw_error("%s:%d: patch \"%s\" is not after \"%s\": changes stand in the order of their patches' numbers",
					file, c->line, c->patch, o->patch);
	}
	if (c->patch && !patch_name_fits(c))
		return hw_error("%s:%d: patch \"%s\" should be called NNNN-%s.patch",
				file, c->line, c->patch, c->name);
	for (i = 0; i < c->n_claims; i++) {
		const struct claim *cl = &c->claims[i];

		if (cl->state != CELL_CARRIED && !cl->checks.n)
			return hw_error("%s:%d: change \"%s\" is said to be %s on %s: add a Check-%s that can fail",
					file, c->line, c->name,
					cell_state_name(cl->state), cl->base,
					cl->base);
	}
	return 0;
}

static int parse_change(const char *file, const struct paragraph *p,
			struct topic *t)
{
	struct change *c = xpush(t->changes, t->n_changes);
	size_t i;

	c->line = p->line;
	for (i = 0; i < p->n_fields; i++)
		if (parse_change_field(file, &p->fields[i], c))
			return -1;
	if (!c->name)
		return hw_error("%s:%d: this paragraph has no \"Change\" field",
				file, p->line);
	return check_change(file, t, c);
}

static int parse_head(const char *file, const struct paragraph *p,
		      struct topic *t)
{
	size_t i;

	for (i = 0; i < p->n_fields; i++) {
		const struct field *f = &p->fields[i];

		if (!strcmp(f->name, "Title"))
			t->title = xstrdup(f->value);
		else if (!strcmp(f->name, "Change-Id"))
			t->change_id = xstrdup(f->value);
		else if (!strcmp(f->name, "Cover"))
			t->cover = xstrdup(f->value);
		else if (!strcmp(f->name, "Depends"))
			strlist_add_words(&t->depends, f->value);
		else
			return hw_error("%s:%d: unknown field \"%s\" in a topic's first paragraph",
					file, f->line, f->name);
	}
	if (!t->title || !t->change_id || !t->cover)
		return hw_error("%s:%d: the first paragraph wants Title, Change-Id and Cover; %s is missing",
				file, p->line, !t->title ? "Title" :
				!t->change_id ? "Change-Id" : "Cover");
	return 0;
}

static int read_topic(const char *top, const char *name, struct topic *t)
{
	struct paragraphs ps;
	char *file;
	size_t i;
	int err;

	t->name = xstrdup(name);
	t->dir = xasprintf("%s/topics/%s", top, name);
	file = xasprintf("%s/topic", t->dir);
	err = paragraphs_read(file, &ps);
	if (!err && !ps.n)
		err = hw_error("%s: empty", file);
	if (!err)
		err = parse_head(file, &ps.p[0], t);
	for (i = 1; !err && i < ps.n; i++)
		err = parse_change(file, &ps.p[i], t);
	paragraphs_free(&ps);
	free(file);
	return err;
}

static int read_order(const char *top, struct strlist *out)
{
	char *path = xasprintf("%s/topics/order", top);
	char *text = file_read(path, NULL);
	char *line, *save = NULL;
	int err = 0;

	if (!text) {
		err = hw_errno("%s", path);
		hw_hint("run headway in a checkout of the project, or name one with HEADWAY_TOP");
		goto out;
	}
	for (line = strtok_r(text, "\n", &save); !err && line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (!*line || *line == '#')
			continue;
		if (!is_name(line))
			err = hw_error("%s: \"%s\" is not a topic's name",
				       path, line);
		else if (strlist_has(out, line))
			err = hw_error("%s: \"%s\" stands there twice", path,
				       line);
		else
			strlist_add(out, line);
	}
out:
	free(text);
	free(path);
	return err;
}

static int check_depends(const struct topics *ts)
{
	size_t i, j;

	for (i = 0; i < ts->n; i++) {
		const struct topic *t = &ts->t[i];

		for (j = 0; j < t->depends.n; j++) {
			const struct topic *d = topics_find(ts, t->depends.v[j]);

			if (!d)
				return hw_error("%s/topic: depends on \"%s\", which topics/order does not name",
						t->dir, t->depends.v[j]);
			if (d >= t)
				return hw_error("%s/topic: depends on \"%s\", which comes later in topics/order",
						t->dir, d->name);
		}
	}
	return 0;
}

/* A file of ours belongs to one change alone. */
static int check_files(const struct topics *ts)
{
	struct strlist seen = { 0 };
	size_t i, j, k;
	int err = 0;

	for (i = 0; i < ts->n; i++)
		for (j = 0; j < ts->t[i].n_changes; j++) {
			const struct strlist *f = &ts->t[i].changes[j].files;

			for (k = 0; !err && k < f->n; k++) {
				if (strlist_has(&seen, f->v[k]))
					err = hw_error("%s/topic:%d: \"%s\" belongs to another change already",
						       ts->t[i].dir,
						       ts->t[i].changes[j].line,
						       f->v[k]);
				strlist_add(&seen, f->v[k]);
			}
		}
	strlist_free(&seen);
	return err;
}

int topics_read(const char *top, struct topics *out)
{
	struct strlist order = { 0 };
	size_t i;
	int err;

	memset(out, 0, sizeof(*out));
	hw_set_exit(HW_BAD_INPUT);
	out->top = xstrdup(top);
	err = read_order(top, &order);
	for (i = 0; !err && i < order.n; i++)
		err = read_topic(top, order.v[i], xpush(out->t, out->n));
	if (!err)
		err = check_depends(out);
	if (!err)
		err = check_files(out);
	if (!err)
		err = topicproof_check(out);
	strlist_free(&order);
	if (err)
		hw_set_exit(HW_BAD_INPUT);
	return err;
}

static void change_free(struct change *c)
{
	size_t i;

	for (i = 0; i < c->n_claims; i++) {
		free(c->claims[i].base);
		free(c->claims[i].why);
		free(c->claims[i].adapted);
		checks_free(&c->claims[i].checks);
	}
	free(c->claims);
	topicproof_free(c);
	strlist_free(&c->files);
	strlist_free(&c->kunit);
	strlist_free(&c->users);
	origin_free(&c->origin);
	stable_free(&c->stable);
	free(c->name);
	free(c->patch);
	free(c->part);
}

void topics_free(struct topics *ts)
{
	size_t i, j;

	for (i = 0; i < ts->n; i++) {
		struct topic *t = &ts->t[i];

		for (j = 0; j < t->n_changes; j++)
			change_free(&t->changes[j]);
		free(t->changes);
		strlist_free(&t->depends);
		free(t->name);
		free(t->dir);
		free(t->title);
		free(t->change_id);
		free(t->cover);
	}
	free(ts->t);
	free(ts->top);
	memset(ts, 0, sizeof(*ts));
}

struct topic *topics_find(const struct topics *ts, const char *name)
{
	size_t i;

	for (i = 0; i < ts->n; i++)
		if (!strcmp(ts->t[i].name, name))
			return &ts->t[i];
	return NULL;
}

struct change *topic_find(const struct topic *t, const char *name)
{
	size_t i;

	for (i = 0; i < t->n_changes; i++)
		if (!strcmp(t->changes[i].name, name))
			return &t->changes[i];
	return NULL;
}

const struct claim *change_claim(const struct change *c, const char *base)
{
	size_t i;

	for (i = 0; i < c->n_claims; i++)
		if (!strcmp(c->claims[i].base, base))
			return &c->claims[i];
	return NULL;
}

/* "<dir>/<base>/<name>" if it is there, else "<common>/<name>" if that is. */
static char *own_or_common(const char *dir, const char *base,
			   const char *common, const char *name, bool *own)
{
	char *path = xasprintf("%s/%s/%s", dir, base, name);

	if (own)
		*own = file_exists(path);
	if (file_exists(path))
		return path;
	free(path);
	path = xasprintf("%s/%s", common, name);
	if (file_exists(path))
		return path;
	free(path);
	return NULL;
}

char *change_patch_path(const struct topic *t, const struct change *c,
			const char *base, bool *own)
{
	if (!c->patch)
		return NULL;
	return own_or_common(t->dir, base, t->dir, c->patch, own);
}

char *change_file_path(const struct topics *ts, const struct topic *t,
		       const char *base, const char *file)
{
	return own_or_common(t->dir, base, ts->top, file, NULL);
}
