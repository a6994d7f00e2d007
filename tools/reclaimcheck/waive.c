// SPDX-License-Identifier: GPL-2.0-only
/* Waivers. They name symbols, never lines, and one that nothing uses is an error. */
#include <stdlib.h>
#include <time.h>

#include "waive.h"

static char *trim(char *s)
{
	char *end;

	while (*s == ' ' || *s == '\t')
		s++;
	end = s + strlen(s);
	while (end > s && strchr(" \t\r\n", end[-1]))
		*--end = 0;
	return s;
}

static bool is_date(const char *s)
{
	static const char form[] = "dddd-dd-dd";

	for (size_t i = 0; i < sizeof(form); i++)
		if (form[i] == 'd' ? (s[i] < '0' || s[i] > '9') : s[i] != form[i])
			return false;
	return true;
}

static int parse(struct waivers *w, const char *path, uint32_t line, char *s)
{
	char *part[4], *bar;
	struct waiver v = { .file = path, .line = line };

	for (int i = 0; i < 4; i++) {
		bar = strchr(s, '|');
		if (i == 3 ? !!bar : !bar)
			return rc_error("%s:%u: a waiver is ROOT | EDGE | REASON | EXPIRY",
					path, line);
		if (bar)
			*bar = 0;
		part[i] = trim(s);
		if (!*part[i])
			return rc_error("%s:%u: field %d is empty", path, line, i + 1);
		s = bar ? bar + 1 : s;
	}
	if (!strstr(part[1], " -> "))
		return rc_error("%s:%u: \"%s\" is no edge CALLER -> CALLEE", path, line, part[1]);
	if (!is_date(part[3]))
		return rc_error("%s:%u: \"%s\" is no date YYYY-MM-DD", path, line, part[3]);
	v.root = rc_arena_str(part[0], strlen(part[0]));
	v.edge = rc_arena_str(part[1], strlen(part[1]));
	v.reason = rc_arena_str(part[2], strlen(part[2]));
	v.until = rc_arena_str(part[3], strlen(part[3]));
	rc_push(&w->v, v);
	return 0;
}

int waivers_read(struct waivers *w, const char *path)
{
	char *data, *line, *next;
	size_t len;
	uint32_t n = 0;
	int ret = 0;

	if (rc_read_file(path, &data, &len))
		return -1;
	for (line = data; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		n++;
		line = trim(line);
		if (*line && *line != '#' && parse(w, path, n, line))
			ret = -1;
	}
	free(data);
	return ret;
}

/* Today, or the day of SOURCE_DATE_EPOCH for those who want one answer for ever. */
static void today(char *buf, size_t size)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	time_t now = epoch ? (time_t)strtoll(epoch, NULL, 10) : time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(buf, size, "%Y-%m-%d", &tm);
}

/* Waives what it names of @f; true if that is anything. */
static bool waive(const struct waiver *w, struct finding *f)
{
	bool whole = f->edge && !strcmp(w->edge, f->edge), any = false;

	if (strcmp(w->root, "*") && strcmp(w->root, f->key_root))
		return false;
	for (uint32_t i = 0; i < f->edge_key.n; i++) {
		if (!whole && strcmp(w->edge, f->edge_key.v[i].text))
			continue;
		f->edge_key.v[i].waived = true;
		f->waiver = w->reason;
		any = true;
	}
	return any;
}

static bool all_waived(const struct finding *f)
{
	for (uint32_t i = 0; i < f->edge_key.n; i++)
		if (!f->edge_key.v[i].waived)
			return false;
	return true;
}

int waivers_apply(struct waivers *w, struct findings *fs)
{
	char day[16];
	int ret = 0;

	today(day, sizeof(day));
	for (uint32_t i = 0; i < w->v.n; i++) {
		struct waiver *v = &w->v.v[i];

		if (strcmp(v->until, day) < 0) {
			ret = rc_error("%s:%u: expired on %s", v->file, v->line, v->until);
			continue;
		}
		for (uint32_t k = 0; k < fs->v.n; k++)
			v->used |= waive(v, &fs->v.v[k]);
		if (!v->used)
			ret = rc_error("%s:%u: nothing is found that this waives: \"%s | %s\"",
				       v->file, v->line, v->root, v->edge);
	}
	for (uint32_t i = 0; i < fs->v.n; i++)
		fs->v.v[i].waived = all_waived(&fs->v.v[i]);
	return ret;
}

void waivers_free(struct waivers *w)
{
	rc_vec_free(&w->v);
}
