/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The clone below build/series in which b4 works: a branch b4/NAME a series. It
 * borrows all objects and has an empty work tree; it may be deleted at any time.
 * What b4 0.12 does that we do not want is dealt with here and nowhere else.
 */
#ifndef HEADWAY_OUTBOX_H
#define HEADWAY_OUTBOX_H

#include "plan.h"

struct outbox {
	char *dir;
	git_repository *repo;
};

/* Open the clone, making it if it is not there. 0, or -1 after a message. */
int outbox_open(struct outbox *ob);
void outbox_close(struct outbox *ob);

/*
 * Make b4/NAME of @s, checked out, with its cover letter @cover, b4's template
 * @frame for what stands around it, and revision @revision. 0, or -1.
 */
int outbox_enrol(const struct outbox *ob, const struct plan *p,
		 const struct outgoing *s, const char *cover, const char *frame,
		 int revision);

/* Have b4 write the mails of the series enrolled last into @folder. 0, or -1. */
int outbox_write(const struct outbox *ob, const char *folder);

/*
 * Have b4 send them through @server ("HOST" or "HOST:PORT"); what went out is in
 * @folder then, also after an error. 0, or -1 after a message.
 */
int outbox_send(const struct outbox *ob, const char *server, bool starttls,
		const char *folder);

/* Is @server a host and perhaps a port, and nothing else? 0, or -1. */
int outbox_check_server(const char *server);

/* Run b4 with @args (NULL at the end) there, without network. 0, or -1. */
int outbox_b4(const struct outbox *ob, const char *const *args, bool network,
	      char **err_text);

#endif /* HEADWAY_OUTBOX_H */
