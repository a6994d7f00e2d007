// SPDX-License-Identifier: GPL-2.0-only
/* The clone in which b4 works, and b4. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "headway.h"
#include "outbox.h"
#include "run.h"
#include "xalloc.h"

/*
 * b4 takes settings from here before those of the user. A mail server is always
 * set: without one b4 sends through a public web service, even when it is offline.
 * One in the section of an identity goes before one outside.
 */
static const char *const settings[][2] = {
	{ "b4.sendemail-identity", "headway" },
	{ "b4.send-endpoint-web", "none" },
	{ "b4.send-no-patatt-sign", "yes" },
	{ "b4.attestation-policy", "off" },
	{ "b4.save-maildirs", "no" },
	{ "sendemail.headway.smtpserver", "localhost.invalid" },
	{ "core.sparsecheckout", "true" },
	{ "core.logallrefupdates", "false" },
};

static int set(git_config *c, const char *name, const char *value)
{
	if (git_config_set_string(c, name, value))
		return hw_git_error("%s", name);
	return 0;
}

static int make_clone(const char *dir)
{
	const char *argv[] = { "git", "init", "-q", dir, NULL };
	char *borrow = xasprintf("%s/.git/objects/info/alternates", dir);
	char *sparse = xasprintf("%s/.git/info/sparse-checkout", dir);
	char *text = xasprintf("%s/objects\n", hw_paths.repo);
	int err;

	err = run_quiet(argv, NULL);
	if (!err)
		err = file_replace(borrow, text, strlen(text));
	/* No file matches. b4 has no use for them, and not to see Kconfig at the
	 * top keeps it from taking this for a kernel, with a public web service.
	 */
	if (!err)
		err = file_replace(sparse, "/.headway-none\n", 15);
	free(text);
	free(sparse);
	free(borrow);
	return err;
}

int outbox_open(struct outbox *ob)
{
	git_config *config = NULL;
	char *head;
	size_t i;
	int err = 0;

	ob->repo = NULL;
	ob->dir = xasprintf("%s/series/outbox", hw_paths.build);
	head = xasprintf("%s/.git/objects/info/alternates", ob->dir);
	if (strpbrk(ob->dir, "$~'\n")) {
		hw_set_exit(HW_ENV);
		err = hw_error("%s: b4 cannot work in a folder with $, ~ or ' in its name",
			       ob->dir);
	}
	if (!err && !file_exists(head))
		err = make_clone(ob->dir);
	free(head);
	if (!err && git_repository_open(&ob->repo, ob->dir))
		err = hw_git_error("%s", ob->dir);
	if (!err && git_repository_config(&config, ob->repo))
		err = hw_git_error("%s", ob->dir);
	for (i = 0; !err && i < sizeof(settings) / sizeof(*settings); i++)
		err = set(config, settings[i][0], settings[i][1]);
	git_config_free(config);
	if (err)
		hw_hint("it can be removed and is made again: %s", ob->dir);
	return err;
}

void outbox_close(struct outbox *ob)
{
	git_repository_free(ob->repo);
	free(ob->dir);
	memset(ob, 0, sizeof(*ob));
}

static int make_ref(const struct outbox *ob, const char *name, const git_oid *id)
{
	git_reference *ref = NULL;
	int err = git_reference_create(&ref, ob->repo, name, id, 1, NULL);

	git_reference_free(ref);
	return err ? hw_git_error("%s", name) : 0;
}

static int set_branch(git_config *c, const char *branch, const char *name,
		      const char *value)
{
	char *key = xasprintf("branch.%s.%s", branch, name);
	int err = set(c, key, value);

	free(key);
	return err;
}

/* Enrolled without an editor and without a commit for the cover letter. */
static int configure(const struct outbox *ob, const struct plan *p,
		     const struct outgoing *s, const char *branch,
		     const char *base, const char *cover, const char *frame,
		     int revision)
{
	char *tracking, *from = xasprintf("%s <%s>", p->name, p->email);
	git_config *c = NULL;
	int err = 0;

	tracking = xasprintf("{\"series\": {\"revision\": %d, \"change-id\": \"%s\", \"base-branch\": \"%s\", \"prefixes\": [%s%s%s]}}",
			     revision, s->change_id, base, s->stable ? "\"" : "",
			     s->stable ? s->fork->base : "", s->stable ? "\"" : "");
	if (git_repository_config(&c, ob->repo))
		err = hw_git_error("%s", ob->dir);
	if (!err)
		err = set(c, "user.name", p->name);
	if (!err)
		err = set(c, "user.email", p->email);
	if (!err)
		err = set(c, "sendemail.headway.from", from);
	if (!err)
		err = set(c, "b4.prep-cover-template", frame);
	if (!err)
		err = set_branch(c, branch, "b4-prep-cover-strategy",
				 "branch-description");
	if (!err)
		err = set_branch(c, branch, "description", cover);
	if (!err)
		err = set_branch(c, branch, "b4-tracking", tracking);
	git_config_free(c);
	free(tracking);
	free(from);
	return err;
}

int outbox_enrol(const struct outbox *ob, const struct plan *p,
		 const struct outgoing *s, const char *cover, const char *frame,
		 int revision)
{
	static const char *const read_tree[] = { "git", "read-tree", "--reset", "-u",
						 "HEAD", NULL };
	char *branch = xasprintf("b4/%s", s->name);
	/* A ref that never moves: b4 asks where the branch forked from it. */
	char *base = xasprintf("base/%s", git_oid_tostr_s(&s->start));
	char *base_ref = xasprintf("refs/heads/%s", base);
	char *ref = xasprintf("refs/heads/%s", branch);
	char *file = xasprintf("%s/.git/headway-cover", ob->dir);
	int err;

	err = make_ref(ob, base_ref, &s->start);
	if (!err)
		err = make_ref(ob, ref, &s->tip);
	if (!err && git_repository_set_head(ob->repo, ref))
		err = hw_git_error("%s", ref);
	if (!err)
		err = run_quiet(read_tree, ob->dir);
	if (!err)
		err = file_replace(file, frame, strlen(frame));
	if (!err)
		err = configure(ob, p, s, branch, base, cover, file, revision);
	free(branch);
	free(base);
	free(base_ref);
	free(ref);
	free(file);
	return err;
}

int outbox_b4(const struct outbox *ob, const char *const *args, bool network,
	      char **err_text)
{
	char *in = xasprintf("%s/.git/headway-stdin", ob->dir);
	struct run_options ro = { .dir = ob->dir, .input = in, .timeout = 3600 };
	struct run_result res;
	const char **argv = NULL;
	size_t n = 0;
	int err;

	*xpush(argv, n) = "b4";
	*xpush(argv, n) = "--no-stdin";
	if (!network)
		*xpush(argv, n) = "--offline-mode";
	while (*args)
		*xpush(argv, n) = *args++;
	*xpush(argv, n) = NULL;
	/* b4 waits for the Enter key before it sends. */
	err = file_replace(in, "\n", 1);
	if (!err)
		err = run_child(argv, &ro, &res);
	if (!err) {
		if (res.status) {
			hw_set_exit(HW_ENV);
			err = hw_error("b4 failed (%d):\n%s%s", res.status, res.out,
				       res.err);
		} else if (err_text) {
			*err_text = res.err;
			res.err = NULL;
		}
		run_result_free(&res);
	}
	free(argv);
	free(in);
	return err;
}

static int set_server(const struct outbox *ob, const char *value)
{
	git_config *c = NULL;
	int err = 0;

	if (git_repository_config(&c, ob->repo))
		err = hw_git_error("%s", ob->dir);
	if (!err)
		err = set(c, "sendemail.headway.smtpserver", value);
	git_config_free(c);
	return err;
}

int outbox_write(const struct outbox *ob, const char *folder)
{
	const char *args[] = { "send", "-o", folder, NULL };

	return outbox_b4(ob, args, false, NULL);
}

int outbox_check_server(const char *server)
{
	const char *p = server;

	if (*p == '[') {
		p += 1 + strspn(p + 1, "0123456789abcdefABCDEF:.");
		p += *p == ']';
	} else {
		while (isalnum((unsigned char)*p) || *p == '.' || *p == '-')
			p++;
	}
	if (p > server && *server != '-' && *p == ':' && isdigit((unsigned char)p[1]))
		p += 1 + strspn(p + 1, "0123456789");
	if (p > server && *server != '-' && !*p)
		return 0;
	hw_set_exit(HW_USAGE);
	return hw_error("--smtp wants HOST or HOST:PORT, found \"%s\"", server);
}

int outbox_send(const struct outbox *ob, const char *server, bool starttls,
		const char *folder)
{
	static const char *const args[] = { "send", NULL };
	char *command;
	int err;

	/* b4 runs a value with a slash in it: so we see what it sends. */
	command = xasprintf("sh '%s/scripts/send-mail.sh' '%s' 'smtp://%s' %s",
			    hw_paths.top, folder, server, starttls ? "tls" : "plain");
	if (strchr(hw_paths.top, '\'') || strpbrk(folder, "'$~")) {
		hw_set_exit(HW_ENV);
		err = hw_error("%s: b4 cannot use a folder with $, ~ or ' in its name",
			       folder);
	} else {
		err = set_server(ob, command);
	}
	if (!err)
		err = outbox_b4(ob, args, true, NULL);
	/* Nothing is sent by mistake from a clone that is left lying about. */
	if (set_server(ob, "localhost.invalid"))
		err = -1;
	free(command);
	return err;
}
