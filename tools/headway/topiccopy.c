// SPDX-License-Identifier: GPL-2.0-only
/* A copy of the topics in another place. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "headway.h"
#include "run.h"
#include "topiccopy.h"
#include "xalloc.h"

char *temporary_dir(void)
{
	const char *tmp = getenv("TMPDIR");
	char *dir = xasprintf("%s/headway-XXXXXX",
			      tmp && *tmp == '/' ? tmp : "/tmp");

	if (mkdtemp(dir))
		return dir;
	hw_errno("%s", dir);
	free(dir);
	return NULL;
}

/* One that is missing makes its change fail: in the copy as here. */
static void note_file(const struct topics *ts, const char *file,
		      struct strlist *out)
{
	char *path = xasprintf("%s/%s", ts->top, file);

	if (file_exists(path))
		strlist_add(out, file);
	free(path);
}

int topics_copy(const struct topics *ts, const char *dir)
{
	struct strlist args = { 0 };
	const char **argv;
	size_t i, j, k;
	int err;

	note_file(ts, "topics", &args);
	note_file(ts, "bases", &args);
	for (i = 0; i < ts->n; i++)
		for (j = 0; j < ts->t[i].n_changes; j++)
			for (k = 0; k < ts->t[i].changes[j].files.n; k++)
				note_file(ts, ts->t[i].changes[j].files.v[k],
					  &args);
	argv = xcalloc(args.n + 6, sizeof(*argv));
	argv[0] = "cp";
	argv[1] = "-R";
	argv[2] = "--parents";
	argv[3] = "--";
	memcpy(argv + 4, args.v, args.n * sizeof(*argv));
	argv[4 + args.n] = dir;
	err = run_quiet(argv, ts->top);
	if (err)
		hw_set_exit(HW_ENV);
	free(argv);
	strlist_free(&args);
	return err;
}
