// SPDX-License-Identifier: GPL-2.0-only
/* What the forms of the trees downstream have in common. */
#include <stdlib.h>
#include <string.h>

#include "form.h"
#include "headway.h"
#include "xalloc.h"

static const char *const names[FORM_COUNT] = {
	[FORM_PLAIN] = "plain",
	[FORM_ANDROID] = "android",
	[FORM_CHROMEOS] = "chromeos",
	[FORM_DEBIAN] = "debian",
};

int form_parse(const char *name, enum form *out)
{
	size_t i;

	for (i = 0; i < FORM_COUNT; i++)
		if (!strcmp(name, names[i])) {
			*out = i;
			return 0;
		}
	hw_set_exit(HW_USAGE);
	return hw_error("--for %s: expected android, chromeos, debian or plain",
			name);
}

const char *form_name(enum form form)
{
	return names[form];
}

const char *form_adapted(const struct form_context *fc, const struct cell *cell)
{
	const struct claim *cl = change_claim(cell->change, fc->base);

	return cl ? cl->adapted : NULL;
}

static bool is_backport(const struct cell *cell)
{
	return cell->own && cell->change->origin.kind != ORIGIN_OWN;
}

static int check_cell(const struct form_context *fc, const struct cell *cell)
{
	const struct origin *o = &cell->change->origin;

	if (fc->form != FORM_PLAIN && is_backport(cell) && !form_adapted(fc, cell)) {
		hw_set_exit(HW_BAD_INPUT);
		return hw_error("%s/topic:%d: change %s comes from elsewhere and has a form for %s of its own: say in Adapted-%s what that changes",
				cell->topic->dir, cell->change->line,
				cell->change->name, fc->base, fc->base);
	}
	/* What comes from git needs none. */
	if (fc->form == FORM_ANDROID && !fc->bug &&
	    o->kind != ORIGIN_UPSTREAM && o->kind != ORIGIN_GIT) {
		hw_set_exit(HW_USAGE);
		hw_error("%s/%s: Android wants a Bug: for a change that is not upstream",
			 cell->topic->name, cell->change->name);
		hw_hint("--bug NUMBER gives all changes one");
		return -1;
	}
	return 0;
}

int form_check(const struct form_context *fc, const struct fork *f)
{
	int err = 0;
	size_t i, j;

	for (i = 0; !err && i < f->n_branches; i++)
		for (j = 0; !err && j < f->branches[i].n_cells; j++)
			if (f->branches[i].cells[j].state == CELL_CARRIED)
				err = check_cell(fc, &f->branches[i].cells[j]);
	return err;
}

char *form_change_id(const struct cell *cell)
{
	char *key = xasprintf("%s\n%s\n", cell->topic->change_id,
			      cell->change->name);
	char *id = NULL;
	git_oid hash;

	if (!git_odb_hash(&hash, key, strlen(key), GIT_OBJECT_BLOB))
		id = xasprintf("I%s", git_oid_tostr_s(&hash));
	free(key);
	return id ? id : xstrdup("");
}

static void tag_subject(const char *tag, bool backport, struct text *t)
{
	char *subject = xasprintf("%s%s: %s", backport ? "BACKPORT: " : "", tag,
				  t->subject);

	free(t->subject);
	t->subject = subject;
}

void form_tag(const struct form_context *fc, const struct cell *cell,
	      const char *own, struct text *t)
{
	const struct origin *o = &cell->change->origin;
	bool backport = is_backport(cell);

	switch (o->kind) {
	case ORIGIN_OWN:
		tag_subject(own, false, t);
		break;
	case ORIGIN_UPSTREAM:
		tag_subject(backport ? "BACKPORT" : "UPSTREAM", false, t);
		text_add(t, "(cherry picked from commit %s)", o->commit);
		break;
	case ORIGIN_GIT:
		tag_subject("FROMGIT", backport, t);
		text_add(t, "(cherry picked from commit %s %s %s)", o->commit,
			 o->repository, o->branch);
		break;
	case ORIGIN_LIST:
	case ORIGIN_REFUSED:
		if (o->kind == ORIGIN_REFUSED)
			tag_subject(fc->form == FORM_CHROMEOS ?
				    "CHROMIUM: FROMLIST" : own, false, t);
		else
			tag_subject("FROMLIST", backport, t);
		if (fc->form == FORM_CHROMEOS)
			text_add(t, "(am from %s)", o->link);
		else
			text_add(t, "Link: %s", o->link);
		break;
	}
	if (o->reason)
		text_add(t, "[%s: refused upstream; here because %s]",
			 fc->who.name, o->reason);
	if (backport)
		text_add(t, "[%s: %s]", fc->who.name, form_adapted(fc, cell));
}

void form_sign(const struct form_context *fc, struct text *t)
{
	char *line = xasprintf("Signed-off-by: %s <%s>", fc->who.name,
			       fc->who.email);
	size_t i;

	/* Who submits comes last, also if his line is there already. */
	for (i = 0; i < t->trailers.n; i++)
		if (!strcmp(t->trailers.v[i], line)) {
			free(t->trailers.v[i]);
			memmove(&t->trailers.v[i], &t->trailers.v[i + 1],
				(--t->trailers.n - i) * sizeof(char *));
			break;
		}
	text_add(t, "%s", line);
	free(line);
}

char *form_message(const struct form_context *fc, const struct cell *cell,
		   const char *message)
{
	struct text t;
	char *out;

	if (fc->form != FORM_ANDROID && fc->form != FORM_CHROMEOS)
		return xstrdup(message);
	text_split(message, &t);
	if (fc->form == FORM_ANDROID)
		form_android(fc, cell, &t);
	else
		form_chromeos(fc, cell, &t);
	out = text_join(&t);
	text_free(&t);
	return out;
}
