// SPDX-License-Identifier: GPL-2.0-only
/* "report --within FILE": findings that have nothing to do with some source files. */
#include <stdlib.h>

#include "within.h"

int within_read(struct rc_strings *files, const char *path)
{
	char *data, *line, *save = NULL;
	size_t len;

	if (rc_read_file(path, &data, &len))
		return -1;
	for (line = strtok_r(data, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		rc_intern(files, line);
	free(data);
	if (files->n > 1)
		return 0;
	return rc_error("%s: no file is named", path);
}

static bool step_within(struct prog *p, const struct step *s, const struct rc_strings *files)
{
	const char *file;
	uint32_t line;

	step_place(p, s, &file, &line);
	return rc_lookup(files, file) != RC_NONE;
}

static bool finding_within(struct prog *p, const struct finding *f,
			   const struct rc_strings *files)
{
	struct side side = {};
	bool hit = false;

	for (uint32_t i = 0; i < f->path.n && !hit; i++)
		hit = step_within(p, &f->path.v[i], files);
	finding_side(p, f, &side);
	for (uint32_t i = 0; i < side.step.n && !hit; i++)
		hit = step_within(p, &side.step.v[i], files);
	side_free(&side);
	return hit;
}

void within_mark(struct prog *p, struct findings *fs, const struct rc_strings *files)
{
	for (uint32_t i = 0; i < fs->v.n; i++)
		fs->v.v[i].elsewhere = !finding_within(p, &fs->v.v[i], files);
}
