// SPDX-License-Identifier: GPL-2.0-only
/* The file topics/<topic>/series. */
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "headway.h"
#include "paragraph.h"
#include "seriesfile.h"
#include "xalloc.h"

static int check_field(const char *file, const struct paragraph *p,
		       const struct field *f)
{
	static const char *const known[] = { "Upstream", "Entry", "Part", "Base",
					     "Title", "Change-Id", "Cover" };
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (!strcmp(f->name, known[i]))
			break;
	hw_set_exit(HW_BAD_INPUT);
	if (i == sizeof(known) / sizeof(*known))
		return hw_error("%s:%d: unknown field \"%s\": Upstream, Entry, Part, Base, Title, Change-Id and Cover are known",
				file, f->line, f->name);
	if (!i && strncmp(f->value, "no ", 3))
		return hw_error("%s:%d: Upstream: expected \"no\" and the reason, found \"%s\"",
				file, f->line, f->value);
	if (i && !paragraph_get(p, "Entry"))
		return hw_error("%s:%d: this paragraph has no \"Entry\" field: the title of an entry of MAINTAINERS",
				file, p->line);
	return 0;
}

/* 0 with an empty @out if the topic has no such file. */
static int read_file(const struct topic *t, struct paragraphs *out)
{
	char *path = xasprintf("%s/series", t->dir);
	size_t i, j;
	int err = 0;

	memset(out, 0, sizeof(*out));
	if (file_exists(path))
		err = paragraphs_read(path, out);
	for (i = 0; !err && i < out->n; i++)
		for (j = 0; !err && j < out->p[i].n_fields; j++)
			err = check_field(path, &out->p[i], &out->p[i].fields[j]);
	free(path);
	return err;
}

static char *one_line(const char *text)
{
	char *out = xstrdup(text), *p;

	for (p = out; *p; p++)
		if (*p == '\n')
			*p = ' ';
	return out;
}

int seriesfile_refuses(const struct topic *t, char **why)
{
	struct paragraphs ps;
	const char *no;
	size_t i;
	int err;

	*why = NULL;
	err = read_file(t, &ps);
	for (i = 0; !err && !*why && i < ps.n; i++) {
		no = paragraph_get(&ps.p[i], "Upstream");
		if (no)
			*why = one_line(no + strlen("no "));
	}
	paragraphs_free(&ps);
	return err;
}

static void take(const struct paragraph *p, const char *name, char **to)
{
	const char *value = paragraph_get(p, name);

	if (value && !*to)
		*to = xstrdup(value);
}

/* Has the paragraph this field with this value, or, for NULL, has it none? */
static bool field_is(const struct paragraph *p, const char *name, const char *value)
{
	const char *has = paragraph_get(p, name);

	return value ? has && !strcmp(has, value) : !has;
}

static bool is_for(const struct paragraph *p, const char *entry, const char *part,
		   const char *base)
{
	return field_is(p, "Entry", entry) && field_is(p, "Part", part) &&
	       field_is(p, "Base", base);
}

int seriesfile_text(const struct topic *t, const char *entry, const char *part,
		    const char *base, struct series_text *out)
{
	struct paragraphs ps;
	size_t i;
	int err;

	memset(out, 0, sizeof(*out));
	err = read_file(t, &ps);
	for (i = 0; !err && i < ps.n; i++) {
		if (!is_for(&ps.p[i], entry, part, base))
			continue;
		take(&ps.p[i], "Title", &out->title);
		take(&ps.p[i], "Cover", &out->cover);
		take(&ps.p[i], "Change-Id", &out->change_id);
	}
	paragraphs_free(&ps);
	return err;
}

void series_text_free(struct series_text *t)
{
	free(t->title);
	free(t->cover);
	free(t->change_id);
}
