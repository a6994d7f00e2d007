// SPDX-License-Identifier: GPL-2.0-only
/* Getting a series of the plan ready to be sent. */
#include <stdlib.h>
#include <string.h>

#include "cover.h"
#include "file.h"
#include "headway.h"
#include "owner.h"
#include "patchset.h"
#include "ready.h"
#include "refs.h"
#include "run.h"
#include "xalloc.h"

static int write_patches(const struct plan *p, const struct outgoing *s,
			 struct strlist *out)
{
	char *dir = xasprintf("%s/series/patches/%s", hw_paths.build, s->name);
	size_t i;
	int err = 0;

	if (file_exists(dir) && remove_tree(dir))
		err = hw_errno("%s", dir);
	for (i = 0; !err && i < s->n; i++) {
		char *path = xasprintf("%s/%04zu-%s.patch", dir, i + 1,
				       s->p[i].cell->change->name);
		char *text = patchset_mail(p->repo, &s->p[i].made);

		err = text ? file_replace(path, text, strlen(text)) : -1;
		strlist_add(out, path);
		free(text);
		free(path);
	}
	free(dir);
	return err;
}

static void move_to_cc(struct recipients *r, const struct strlist *people)
{
	size_t i;

	for (i = 0; i < people->n; i++)
		if (!strlist_has(&r->to, people->v[i]) &&
		    !strlist_has(&r->cc, people->v[i]))
			strlist_add(&r->cc, people->v[i]);
}

/* Who is asked to take a patch along, by its own words, gets to see it. */
static int tell_stable(struct recipients *r, const struct strlist *patches)
{
	static const char stable[] = "stable@vger.kernel.org";
	bool told = false;
	size_t i;

	for (i = 0; !told && i < patches->n; i++) {
		char *text = file_read(patches->v[i], NULL);

		if (!text)
			return hw_errno("%s", patches->v[i]);
		told = strstr(text, "\nCc: stable@vger.kernel.org");
		free(text);
	}
	if (told && !strlist_has(&r->cc, stable))
		strlist_add(&r->cc, stable);
	return 0;
}

static int find_people(const struct plan *p, const struct outgoing *s,
		       struct ready *r)
{
	struct strlist to = { 0 }, cc = { 0 };
	int err;

	if (!s->stable) {
		err = owners_recipients(p->scripts, &r->patches, &r->people.to,
					&r->people.cc);
		return err ? err : tell_stable(&r->people, &r->patches);
	}
	/* Stable decides; who maintains the files is told. */
	err = owners_stable(p->scripts, &r->people.to);
	if (!err)
		err = owners_recipients(p->scripts, &r->patches, &to, &cc);
	move_to_cc(&r->people, &to);
	move_to_cc(&r->people, &cc);
	strlist_free(&to);
	strlist_free(&cc);
	return err;
}

int ready_make(const struct plan *p, const struct outgoing *s, struct ready *out)
{
	int err;

	memset(out, 0, sizeof(*out));
	err = sent_last(p->repo, s->change_id, &out->last);
	if (!err && !s->refused)
		err = write_patches(p, s, &out->patches);
	if (!err && !s->refused)
		err = find_people(p, s, out);
	return err;
}

void ready_free(struct ready *r)
{
	strlist_free(&r->people.to);
	strlist_free(&r->people.cc);
	strlist_free(&r->patches);
	sent_free(&r->last);
	gates_free(&r->gates);
	memset(r, 0, sizeof(*r));
}

int ready_revision(const struct ready *r)
{
	return r->last.revision + 1;
}

int ready_keep(const struct plan *p, const struct outgoing *s)
{
	char *ref = xasprintf("refs/headway/series/%s", s->change_id);
	struct ref_moves moves = { 0 };
	int err;

	refs_plan(&moves, ref, &s->tip);
	err = refs_move(p->repo, &moves) < 0 ? -1 : 0;
	refs_plan_free(&moves);
	free(ref);
	return err;
}

int ready_enrol(const struct plan *p, const struct outgoing *s,
		const struct ready *r, const struct outbox *ob)
{
	char *frame = cover_template(p, s), *cover;
	int err;

	cover = cover_text(p, s, &r->gates, &r->people, &r->last);
	err = frame && cover ? 0 : -1;
	if (!err)
		err = ready_keep(p, s);
	if (!err)
		err = outbox_enrol(ob, p, s, cover, frame, ready_revision(r));
	free(frame);
	free(cover);
	return err;
}

/* git knows more places where the user may have said so than libgit2 does. */
static int config_string(const char *name, char **out)
{
	const char *argv[] = { "git", "config", "--get", name, NULL };
	struct run_options ro = { .dir = hw_paths.repo };
	struct run_result res;

	*out = NULL;
	if (run_child(argv, &ro, &res))
		return -1;
	if (!res.status && strcspn(res.out, "\n"))
		*out = xstrndup(res.out, strcspn(res.out, "\n"));
	run_result_free(&res);
	return 0;
}

int sender_read(char **name, char **email)
{
	*name = NULL;
	*email = NULL;
	if (config_string("user.name", name))
		return -1;
	return config_string("user.email", email);
}
