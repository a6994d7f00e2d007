// SPDX-License-Identifier: GPL-2.0-only
/* Which tags of which answers belong to which patch of which topic. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "collect.h"
#include "commit.h"
#include "file.h"
#include "headway.h"
#include "trailer.h"
#include "xalloc.h"

/* What was sent that @r answers, the nearest; @patch is -1 for the cover letter. */
static const struct sent *answered(const struct collector *c,
				   const struct reply *r, int *patch)
{
	size_t i, j, k;

	for (i = 0; i < r->answers.n; i++)
		for (j = 0; j < c->n_sent; j++) {
			const struct sent *s = &c->sent[j];

			for (k = 0; k < s->n; k++)
				if (!strcmp(s->p[k].message_id, r->answers.v[i])) {
					*patch = (int)k;
					return s;
				}
			if (!strcmp(s->message_id, r->answers.v[i])) {
				*patch = -1;
				return s;
			}
		}
	return NULL;
}

static const struct fork *fork_of(struct collector *c, const char *base)
{
	struct fork_options fo = { .memory = c->memory };
	size_t i;

	for (i = 0; i < c->n_forks; i++)
		if (!strcmp(c->forks[i].base, base))
			return &c->forks[i];
	if (fork_build(c->repo, c->topics, base, &fo, &c->forks[c->n_forks++]))
		return NULL;
	return &c->forks[c->n_forks - 1];
}

static const struct cell *find_cell(const struct fork *f, const char *name)
{
	size_t i, j;

	for (i = 0; i < f->n_branches; i++)
		for (j = 0; j < f->branches[i].n_cells; j++) {
			const struct cell *c = &f->branches[i].cells[j];
			size_t n = strlen(c->topic->name);

			if (!strncmp(name, c->topic->name, n) && name[n] == '/' &&
			    !strcmp(name + n + 1, c->change->name))
				return c;
		}
	return NULL;
}

/* Is the address in "Some-tag: Name <address>" that of who wrote the mail? */
static bool by_its_author(const char *tag, const struct reply *r)
{
	const char *from = strchr(tag, '<'), *to = from ? strchr(from, '>') : NULL;

	return to && r->email && strlen(r->email) == (size_t)(to - from - 1) &&
	       !strncasecmp(from + 1, r->email, to - from - 1);
}

static bool file_has(const char *path, const char *tag)
{
	char *text = file_read(path, NULL), *copy;
	bool has;

	if (!text)
		return false;
	copy = patch_add_tag(xstrdup(text), tag);
	has = !strcmp(copy, text);
	free(copy);
	free(text);
	return has;
}

/* Why the tag is not for the patch as it is now; NULL: it is. */
static int judge(struct collector *c, const struct sent *s, size_t k,
		 struct gift *g)
{
	const struct fork *f = fork_of(c, s->base);
	const struct cell *cell = f ? find_cell(f, s->p[k].change) : NULL;
	git_oid then, now, sent;

	if (!f)
		return -1;
	if (!cell || cell->state != CELL_CARRIED) {
		g->refused = xstrdup("the change is not carried any more");
		return 0;
	}
	g->path = xstrdup(cell->form);
	if (sent_commit(c->repo, s, k, &sent) || commit_patch_id(c->repo, &sent, &then) ||
	    commit_patch_id(c->repo, &cell->commit, &now))
		return -1;
	if (!git_oid_equal(&then, &now))
		g->refused = xasprintf("the patch was changed since v%d", s->revision);
	else if (!by_its_author(g->tag, g->reply) && !c->sloppy)
		g->refused = xasprintf("it came from %s <%s>",
				       g->reply->name ? g->reply->name : "?",
				       g->reply->email ? g->reply->email : "?");
	return 0;
}

static bool known(const struct gifts *gs, const char *path, const char *tag)
{
	size_t i;

	for (i = 0; i < gs->n; i++)
		if (gs->g[i].path && !gs->g[i].refused && !strcmp(gs->g[i].path, path) &&
		    !strcmp(gs->g[i].tag, tag))
			return true;
	return false;
}

static void gift_free(struct gift *g)
{
	free(g->path);
	free(g->refused);
}

static int add_gift(struct collector *c, const struct reply *r, const char *tag,
		    const struct sent *s, size_t k, struct gifts *out)
{
	struct gift g = { .change = s->p[k].change, .tag = tag, .reply = r,
			  .sent = s };
	int err = judge(c, s, k, &g);

	if (err || (g.path && (known(out, g.path, tag) || file_has(g.path, tag))))
		gift_free(&g);
	else
		*xpush(out->g, out->n) = g;
	return err;
}

int collect(struct collector *c, const struct replies *rs, struct gifts *out)
{
	size_t i, j, k;
	int err = 0;

	memset(out, 0, sizeof(*out));
	c->forks = xcalloc(c->n_sent + 1, sizeof(*c->forks));
	for (i = 0; !err && i < rs->n; i++) {
		const struct reply *r = &rs->r[i];
		const struct sent *s;
		int patch;

		/* A patch that answers is somebody's own, not a word on ours. */
		s = r->is_patch ? NULL : answered(c, r, &patch);
		for (j = 0; s && !err && j < r->tags.n; j++)
			for (k = 0; !err && k < s->n; k++)
				if (patch < 0 || (size_t)patch == k)
					err = add_gift(c, r, r->tags.v[j], s, k,
						       out);
	}
	return err;
}

void collect_free(struct collector *c, struct gifts *gs)
{
	size_t i;

	for (i = 0; i < gs->n; i++)
		gift_free(&gs->g[i]);
	free(gs->g);
	for (i = 0; i < c->n_forks; i++)
		fork_free(&c->forks[i]);
	free(c->forks);
}

char *patch_add_tag(char *text, const char *tag)
{
	char *body = strstr(text, "\n\n"), *end, *message, *out;
	size_t subject = strlen("s\n\n");

	if (!body)
		return text;
	body += 2;
	end = strncmp(body, "---\n", 4) ? strstr(body, "\n---\n") : body;
	if (end && end != body)
		end++;
	/* A patch of files of ours alone has no diff. */
	if (!end)
		end = body + strlen(body);
	/* What has no subject is no message. */
	message = xasprintf("s\n\n%.*s", (int)(end - body), body);
	message = message_add_trailer(message, tag);
	out = xasprintf("%.*s%s%s", (int)(body - text), text, message + subject, end);
	free(message);
	free(text);
	return out;
}
