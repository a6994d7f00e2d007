/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The file topics/<topic>/series, which a topic may have: what its series are
 * called and what their covers say when the topic is cut into several, or that it
 * is not for upstream. Documentation/headway/topics.rst describes it.
 */
#ifndef HEADWAY_SERIESFILE_H
#define HEADWAY_SERIESFILE_H

#include "topic.h"

struct series_text {
	char *title, *cover, *change_id;	/* each may be NULL */
};

/*
 * Does the topic stay at home? @why is set to the reason, the caller's to free,
 * or to NULL. Returns 0, or -1 after a message.
 */
int seriesfile_refuses(const struct topic *t, char **why);

/*
 * What the file says of the series that @entry owns: of that of the changes of @part,
 * of the others if that is NULL. @base is NULL for mainline's, and for what is said
 * of all bases. Returns 0 or -1.
 */
int seriesfile_text(const struct topic *t, const char *entry, const char *part,
		    const char *base, struct series_text *out);
void series_text_free(struct series_text *t);

#endif /* HEADWAY_SERIESFILE_H */
