// SPDX-License-Identifier: GPL-2.0-only
/* headway send: the mails of a series, into a folder or to a mail server. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "headway.h"
#include "opt.h"
#include "ready.h"
#include "run.h"
#include "upstream.h"
#include "xalloc.h"

static const char usage[] =
	"usage: headway send [--output FOLDER] [--force GATE] SERIES\n"
	"       headway send --smtp HOST[:PORT] [--starttls] [--force GATE] SERIES\n"
	"       headway send --record FOLDER SERIES\n"
	"\n"
	"Writes the mails of SERIES, as b4 makes them, into FOLDER, by default\n"
	"build/series/mails/SERIES/vN. Nothing leaves this machine.\n"
	"\n"
	"  --smtp HOST[:PORT]  hand them to that mail server, and record what was sent\n"
	"  --starttls          only if the connection can be encrypted\n"
	"  --record FOLDER     the mails in FOLDER were sent by other means: record them\n"
	"  --force GATE        send although GATE fails; the cover letter says so\n"
	"\n"
	"Exit codes: 0 done; 1 the series is refused or a gate fails; 2 usage;\n"
	"3 malformed input; 4 the machine, or the mail server; 5 the repository is in use.\n";

struct send_options {
	const char *output, *smtp, *record, *series;
	bool starttls;
	struct strlist force;
};

static int parse(int argc, char **argv, struct send_options *o)
{
	const struct opt options[] = {
		{ .name = "output", .value = &o->output },
		{ .name = "smtp", .value = &o->smtp },
		{ .name = "starttls", .flag = &o->starttls },
		{ .name = "record", .value = &o->record },
		{ .name = "force", .list = &o->force },
		{ .name = NULL },
	};

	if (opt_parse(argc, argv, options, usage) || force_check(&o->force))
		return -1;
	if (argc - optind != 1 || !!o->output + !!o->smtp + !!o->record > 1 ||
	    (o->starttls && !o->smtp))
		return opt_misuse(usage);
	o->series = argv[optind];
	return o->smtp ? outbox_check_server(o->smtp) : 0;
}

/* The one series that the user means. */
static struct outgoing *find(struct plan *p, const char *name)
{
	struct strlist names = { 0 };
	struct outgoing *found = NULL;
	size_t i;

	strlist_add(&names, name);
	for (i = 0; i < p->n; i++)
		if (p->s[i].n && !strcmp(p->s[i].name, name))
			found = &p->s[i];
	if (!found && !series_check_names(p, &names)) {
		hw_set_exit(HW_USAGE);
		hw_error("\"%s\" is a topic; send wants one of its series", name);
		for (i = 0; i < p->n; i++)
			if (series_wanted(&p->s[i], &names))
				hw_hint("headway send %s", p->s[i].name);
	}
	strlist_free(&names);
	return found;
}

/* "base-commit: ..." stands once, in the first mail, and is the right one. */
static int check_base(const struct outgoing *s, const struct strlist *mails,
		      const char *folder)
{
	char *want = xasprintf("\nbase-commit: %s",
			       git_oid_tostr_s(&s->fork->base_commit));
	size_t i;
	int err = 0;

	for (i = 0; !err && i < mails->n; i++) {
		char *text = file_read(mails->v[i], NULL);
		const char *hit = text ? strstr(text, "\nbase-commit: ") : NULL;

		if (!text)
			err = hw_errno("%s", mails->v[i]);
		else if (!i && (!hit || strncmp(hit, want, strlen(want))))
			err = hw_error("%s: b4 did not write the base-commit it was told; do not send %s",
				       mails->v[i], folder);
		else if (strstr(text, "EDITME"))
			err = hw_error("%s: EDITME is left; do not send it",
				       mails->v[i]);
		free(text);
	}
	free(want);
	return err;
}

static size_t wanted_mails(const struct outgoing *s)
{
	/* One patch alone has no cover letter. */
	return s->n > 1 ? s->n + 1 : s->n;
}

/* Is what b4 made what it was to make? */
static int check_mails(const struct outgoing *s, const char *folder)
{
	struct strlist mails = { 0 };
	int err = mails_in(folder, &mails);

	if (!err && mails.n != wanted_mails(s)) {
		hw_set_exit(HW_ENV);
		err = hw_error("b4 made %zu mails of %zu patches in %s", mails.n,
			       s->n, folder);
	}
	if (!err)
		err = check_base(s, &mails, folder);
	strlist_free(&mails);
	return err;
}

/* An empty folder for @s; a user's own must be empty, ours is made so. */
static char *make_folder(const struct send_options *o, const struct outgoing *s,
			 int revision)
{
	char *path = o->output ? xstrdup(o->output) :
		     xasprintf("%s/series/%s/%s/v%d", hw_paths.build,
			       o->smtp ? "sent" : "mails", s->name, revision);
	struct strlist mails = { 0 };
	char *full = NULL;

	if (!o->output && !o->smtp && file_exists(path) && remove_tree(path))
		hw_errno("%s", path);
	else if (make_dirs(path))
		hw_errno("%s", path);
	else
		full = realpath(path, NULL);
	if (full && mails_in(full, &mails)) {
		free(full);
		full = NULL;
	}
	if (full && mails.n) {
		hw_set_exit(HW_USAGE);
		hw_error("there are %zu mails in %s already", mails.n, full);
		if (o->smtp)
			hw_hint("they were sent, but not the whole series: look who has them, then remove the folder, or record it with --record");
		else
			hw_hint("name an empty folder");
		free(full);
		full = NULL;
	}
	strlist_free(&mails);
	free(path);
	return full;
}

static int deliver(struct plan *p, const struct outgoing *s,
		   const struct send_options *o, const struct outbox *ob,
		   const char *folder, int revision)
{
	struct strlist mails = { 0 };
	int err;

	err = outbox_send(ob, o->smtp, o->starttls, folder);
	if (err) {
		mails_in(folder, &mails);
		hw_error("%s v%d: %s took %zu of %zu mails", s->name, revision,
			 o->smtp, mails.n, wanted_mails(s));
		hw_hint("what was sent is in %s", folder);
		strlist_free(&mails);
		return err;
	}
	err = check_mails(s, folder);
	if (!err)
		err = sent_record(p, s, revision, folder);
	if (!err)
		hw_say("%s v%d: sent to %s, recorded; next is v%d", s->name,
		       revision, o->smtp, revision + 1);
	return err;
}

static int send_series(struct plan *p, struct outgoing *s,
		       const struct send_options *o, const struct ready *r)
{
	int revision = ready_revision(r), err;
	struct outbox ob = { 0 };
	char *folder = make_folder(o, s, revision);

	err = folder ? outbox_open(&ob) : -1;
	if (!err)
		err = ready_enrol(p, s, r, &ob);
	if (!err && o->smtp) {
		err = deliver(p, s, o, &ob, folder, revision);
	} else if (!err) {
		err = outbox_write(&ob, folder);
		if (!err)
			err = check_mails(s, folder);
		if (!err)
			hw_say("%s v%d: %zu mails in %s; nothing was sent", s->name,
			       revision, wanted_mails(s), folder);
	}
	if (!err && hw_porcelain)
		printf("%s\tv%d\t%s\n", s->name, revision, folder);
	outbox_close(&ob);
	free(folder);
	return err;
}

static int record(struct plan *p, struct outgoing *s, const struct send_options *o,
		  const struct ready *r)
{
	int err = check_mails(s, o->record);

	if (!err)
		err = ready_keep(p, s);
	if (!err)
		err = sent_record(p, s, ready_revision(r), o->record);
	if (!err)
		hw_say("%s v%d: recorded", s->name, ready_revision(r));
	return err;
}

static int run(struct plan *p, const struct send_options *o)
{
	struct outgoing *s = find(p, o->series);
	struct ready r;
	int err, code = HW_OK;

	if (!s)
		return -1;
	err = ready_make(p, s, &r);
	if (!err)
		err = gates_run(p, s, &r.people, &r.patches, &o->force, &r.gates);
	if (!err && !hw_porcelain)
		gates_print(s, &r.gates);
	if (!err && o->record && p->name) {
		err = record(p, s, o, &r);
	} else if (!err && gates_failed(&r.gates)) {
		code = HW_FINDING;
		hw_error("%s: %zu of the gates fail: nothing was made", s->name,
			 gates_failed(&r.gates));
	} else if (!err) {
		err = send_series(p, s, o, &r);
	}
	ready_free(&r);
	return err ? -1 : code;
}

int cmd_send(int argc, char **argv)
{
	struct upstream u = { .lock = HW_LOCK_INIT };
	struct send_options o = { 0 };
	int r = -1;

	if (parse(argc, argv, &o))
		goto out;
	if (!upstream_open(&u, true))
		r = run(&u.plan, &o);
	upstream_close(&u);
out:
	strlist_free(&o.force);
	return r;
}
