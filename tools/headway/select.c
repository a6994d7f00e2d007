// SPDX-License-Identifier: GPL-2.0-only
/* Keeping the topics that were asked for on a command line. */
#include <stdlib.h>

#include "headway.h"
#include "select.h"
#include "xalloc.h"

static void want_with_depends(const struct topics *ts, const struct topic *t,
			      bool *wanted)
{
	size_t i;

	wanted[t - ts->t] = true;
	for (i = 0; i < t->depends.n; i++)
		want_with_depends(ts, topics_find(ts, t->depends.v[i]), wanted);
}

int topics_select(struct topics *ts, char **names, int n)
{
	bool *wanted = xcalloc(ts->n, sizeof(*wanted));
	struct topics rest = { 0 };
	int i, err = 0;
	size_t j;

	for (i = 0; i < n && !err; i++) {
		const struct topic *t = topics_find(ts, names[i]);

		if (t) {
			want_with_depends(ts, t, wanted);
			continue;
		}
		hw_set_exit(HW_USAGE);
		err = hw_error("there is no topic \"%s\"", names[i]);
	}
	for (j = 0; n && !err && j < ts->n; j++)
		if (!wanted[j])
			*xpush(rest.t, rest.n) = ts->t[j];
		else
			ts->t[j - rest.n] = ts->t[j];
	ts->n -= rest.n;
	topics_free(&rest);
	free(wanted);
	return err;
}
