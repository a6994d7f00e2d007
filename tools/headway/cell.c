// SPDX-License-Identifier: GPL-2.0-only
/* One change on one base: what it claims, and its patch applied. */
#include <stdlib.h>
#include <string.h>

#include "adapt.h"
#include "cell.h"
#include "commit.h"
#include "file.h"
#include "headway.h"
#include "mail.h"
#include "xalloc.h"

/* One change about to be applied. */
struct step {
	char *path;		/* of the patch file */
	char *text;
	struct mail mail;
	struct patch patch;
};

char *reject_text(const struct reject *why)
{
	if (!why->hunk)
		return xasprintf("%s:\n%s", why->path, why->detail);
	return xasprintf("%s: hunk %zu (%s) does not apply\n%s", why->path,
			 why->hunk, why->header, why->detail);
}

static void step_free(struct step *s)
{
	patch_free(&s->patch);
	mail_free(&s->mail);
	free(s->text);
	free(s->path);
}

static int step_read(struct cell *cell, const char *path, struct step *s)
{
	size_t len;

	memset(s, 0, sizeof(*s));
	s->path = xstrdup(path);
	s->text = file_read(s->path, &len);
	if (!s->text)
		return hw_errno("%s", s->path);
	if (mail_parse(s->path, s->text, len, &s->mail) ||
	    patch_parse(s->path, s->mail.diff, s->mail.diff_len, &s->patch)) {
		hw_set_exit(HW_BAD_INPUT);
		return -1;
	}
	if (!s->patch.n_files && !cell->change->files.n) {
		cell->state = CELL_FAILS;
		cell->why = xasprintf("%s: the patch is empty\n", s->path);
		return 1;
	}
	return 0;
}

/* "BASE-VARIANT", or NULL if no variant was asked for; the caller's to free. */
static char *variant_name(const struct builder *b)
{
	if (!b->opts->variant)
		return NULL;
	return xasprintf("%s-%s", b->fork->base, b->opts->variant);
}

/* topics/TOPIC/BASE-VARIANT/@name if it is there; the caller's to free. */
static char *variant_path(const struct builder *b, const struct topic *t,
			  const char *name)
{
	char *dir = variant_name(b), *path;

	if (!dir || !name) {
		free(dir);
		return NULL;
	}
	path = xasprintf("%s/%s/%s", t->dir, dir, name);
	free(dir);
	if (file_exists(path))
		return path;
	free(path);
	return NULL;
}

static int own_file(const struct builder *b, const struct cell *cell,
		    const char *file, git_tree *tree, git_oid *id, char **why)
{
	char *varied = variant_path(b, cell->topic, file);
	char *dir = varied ? variant_name(b) : xstrdup(b->fork->base);
	int r = commit_own_file(b->repo, b->topics, cell->topic, dir, file,
				tree, id, why);

	free(varied);
	free(dir);
	return r;
}

/* Put the files of ours that come with the change into @tree. */
static int add_own_files(const struct builder *b, const struct cell *cell,
			 git_oid *tree_id, char **why)
{
	const struct strlist *files = &cell->change->files;
	git_tree_update *u = NULL;
	git_tree *tree = NULL;
	size_t n = 0, i;
	int r = 0;

	if (git_tree_lookup(&tree, b->repo, tree_id))
		return hw_git_error("%s", cell->change->name);
	for (i = 0; !r && i < files->n; i++) {
		git_tree_update *up;
		git_oid id;
		char *to = NULL;

		r = own_file(b, cell, files->v[i], tree, &id, why);
		if (r)
			break;
		if (b->opts->adapt)
			to = adapt_new_path(b->opts->adapt, tree, files->v[i]);
		if (to) {
			adapt_note(b->opts->adapt, "%s is put at %s", files->v[i], to);
			strlist_add(&b->opts->adapt->text, to);
			free(to);
			to = b->opts->adapt->text.v[b->opts->adapt->text.n - 1];
		}
		up = xpush(u, n);
		up->action = GIT_TREE_UPDATE_UPSERT;
		up->id = id;
		up->filemode = GIT_FILEMODE_BLOB;
		up->path = to ? to : files->v[i];
	}
	if (!r && n && git_tree_create_updated(tree_id, b->repo, tree, n, u))
		r = hw_git_error("cannot write a tree");
	git_tree_free(tree);
	free(u);
	return r;
}

static void forget_notes(const struct builder *b)
{
	if (b->opts->adapt)
		strlist_free(&b->opts->adapt->notes);
}

/* What was passed over goes to the cell if it came to something. */
static void take_notes(const struct builder *b, struct cell *cell)
{
	struct adapt *a = b->opts->adapt;
	size_t i;

	for (i = 0; a && i < a->notes.n; i++)
		strlist_add(&cell->notes, a->notes.v[i]);
}

/* A patch that does not apply but reverses cleanly is in the tree already. */
static int try_reversal(const struct builder *b, git_tree *tree,
			const struct step *s, const struct reject *why,
			struct cell *cell)
{
	struct reject ignored;
	git_oid unused;
	int r = 1;

	if (s->patch.n_files)
		r = patch_fit(b->repo, tree, &s->patch, true, b->opts->adapt,
			      &unused, NULL, &ignored);
	if (r < 0)
		return r;
	if (!r) {
		cell->state = CELL_UPSTREAM;
		cell->why = xstrdup("the patch reverses cleanly");
		take_notes(b, cell);
		return 0;
	}
	if (s->patch.n_files)
		reject_free(&ignored);
	cell->state = CELL_FAILS;
	cell->why = reject_text(why);
	return 0;
}

static int apply_step(const struct builder *b, struct branch *br,
		      struct cell *cell, const struct step *s)
{
	struct reject why = { 0 };
	git_tree *tree = NULL;
	git_oid id;
	int r;

	if (commit_tree(b->repo, &br->tip, &tree))
		return -1;
	r = patch_fit(b->repo, tree, &s->patch, false, b->opts->adapt, &id,
		      &cell->offset, &why);
	if (r == 1) {
		forget_notes(b);
		r = try_reversal(b, tree, s, &why, cell);
		reject_free(&why);
		goto out;
	}
	if (!r)
		r = add_own_files(b, cell, &id, &cell->why);
	if (r == 1) {
		cell->state = CELL_FAILS;
		r = 0;
	} else if (!r) {
		cell->form = xstrdup(s->path);
		take_notes(b, cell);
		r = commit_mail(b->repo, &br->tip, &id, &s->mail, &cell->commit);
		if (!r)
			br->tip = cell->commit;
	}
out:
	git_tree_free(tree);
	forget_notes(b);
	return r;
}

static int check_claim(const struct builder *b, const struct claim *cl,
		       struct cell *cell)
{
	char *why = NULL;
	int r = checks_hold(b->repo, b->base_tree, &cl->checks, &why);

	if (r < 0)
		return r;
	if (r) {
		cell->state = CELL_FAILS;
		cell->why = xasprintf("said to be %s (%s), but %s\n",
				      cell_state_name(cl->state),
				      *cl->why ? cl->why : "carried", why);
		free(why);
		return 0;
	}
	cell->state = cl->state;
	cell->why = xstrdup(cl->why);
	return 0;
}

/* The forms of the patch that may be tried, the best first. */
static void find_forms(const struct builder *b, struct cell *cell,
		       struct strlist *out)
{
	const struct strlist *other = b->opts->forms;
	size_t i, n = other ? other->n : 0;
	char *path;

	path = variant_path(b, cell->topic, cell->change->patch);
	if (path) {
		cell->own = true;
		cell->varied = true;
		strlist_add(out, path);
		free(path);
		return;
	}
	path = change_patch_path(cell->topic, cell->change, b->fork->base,
				 &cell->own);
	for (i = 0; path || i < n; i++) {
		if (path && !strlist_has(out, path))
			strlist_add(out, path);
		free(path);
		path = i < n ? change_patch_path(cell->topic, cell->change,
						 other->v[i], NULL) : NULL;
	}
	if (out->n)
		return;
	cell->state = CELL_FAILS;
	cell->why = xasprintf("there is no patch %s for base %s\n",
			      cell->change->patch ? cell->change->patch :
			      "(no Patch: field)", b->fork->base);
}

static int try_form(const struct builder *b, struct branch *br,
		    struct cell *cell, const char *path)
{
	struct step s;
	int r = step_read(cell, path, &s);

	if (!r)
		r = apply_step(b, br, cell, &s);
	step_free(&s);
	return r < 0 ? r : 0;
}

/* Try one form after the other until one applies, or is there already. */
static int try_forms(const struct builder *b, struct branch *br,
		     struct cell *cell, const struct strlist *forms)
{
	char *first = cell->why;
	size_t i;
	int r = 0;

	for (i = 0; !r && i < forms->n; i++) {
		cell->state = CELL_CARRIED;
		cell->why = NULL;
		r = try_form(b, br, cell, forms->v[i]);
		if (cell->state != CELL_FAILS)
			break;
		/* Of several forms that fail, the best one's reason counts. */
		if (first) {
			free(cell->why);
			cell->why = first;
		}
		first = cell->why;
	}
	if (cell->why != first)
		free(first);
	return r;
}

/* What is claimed for the variant, or else for the base. */
static const struct claim *find_claim(const struct builder *b,
				      const struct change *c)
{
	char *name = variant_name(b);
	const struct claim *cl = name ? change_claim(c, name) : NULL;

	free(name);
	return cl ? cl : change_claim(c, b->fork->base);
}

int cell_build(const struct builder *b, struct branch *br, struct cell *cell)
{
	const struct claim *cl = find_claim(b, cell->change);
	struct strlist forms = { 0 };
	int r = 0;

	if (cl) {
		r = check_claim(b, cl, cell);
		if (r || (cell->state != CELL_CARRIED &&
			  (cell->state != CELL_FAILS || !b->opts->linear)))
			return r;
		free(cell->why);
		cell->why = NULL;
	}
	cell->state = CELL_CARRIED;
	find_forms(b, cell, &forms);
	if (b->opts->adapt)
		b->opts->adapt->exact = true;
	r = try_forms(b, br, cell, &forms);
	/* A form that fits as it is comes before one that is made to fit. */
	if (!r && b->opts->adapt && cell->state == CELL_FAILS && forms.n) {
		b->opts->adapt->exact = false;
		free(cell->why);
		cell->why = NULL;
		r = try_forms(b, br, cell, &forms);
	}
	strlist_free(&forms);
	return r;
}

void cell_free(struct cell *cell)
{
	free(cell->why);
	free(cell->form);
	strlist_free(&cell->notes);
}
