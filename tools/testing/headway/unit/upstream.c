// SPDX-License-Identifier: GPL-2.0-only
/* Tags in patch files, headers of mails, patterns of MAINTAINERS, mail servers. */
#include "collect.h"
#include "outbox.h"
#include "owner.h"
#include "sent.h"
#include "unit.h"
#include "xalloc.h"

static void assert_patched(const char *text, const char *want)
{
	char *out = patch_add_tag(xstrdup(text), "Acked-by: A <a@b>");

	assert_string_equal(out, want);
	free(out);
}

static void a_tag_goes_into_a_patch_file(void **state)
{
	(void)state;
	assert_patched("From: x\nSubject: s\n\nBody.\n---\n f | 1 +\n\ndiff --git a/f b/f\n",
		       "From: x\nSubject: s\n\nBody.\n\nAcked-by: A <a@b>\n---\n f | 1 +\n\ndiff --git a/f b/f\n");
	assert_patched("Subject: s\n\nBody.\n\nFixes: 1 (\"x\")\n---\nd\n",
		       "Subject: s\n\nBody.\n\nFixes: 1 (\"x\")\nAcked-by: A <a@b>\n---\nd\n");
	/* No body, and no diff: only files of ours. */
	assert_patched("Subject: s\n\n---\nd\n", "Subject: s\n\nAcked-by: A <a@b>\n---\nd\n");
	assert_patched("Subject: s\n\nBody.\n", "Subject: s\n\nBody.\n\nAcked-by: A <a@b>\n");
	assert_patched("no mail", "no mail");
}

static void assert_header(const char *text, const char *name, const char *want)
{
	char *value = mail_header(text, name);

	if (want)
		assert_string_equal(value, want);
	else
		assert_null(value);
	free(value);
}

static void headers_are_found_folded_and_not_in_the_body(void **state)
{
	static const char mail[] =
		"From: a\r\nmessage-id: <1@x>\r\nReferences: <2@x>\r\n <3@x>\r\n\r\nTo: body\r\n";

	(void)state;
	assert_header(mail, "Message-Id", "<1@x>");
	assert_header(mail, "References", "<2@x> <3@x>");
	assert_header(mail, "To", NULL);
	assert_header("", "To", NULL);
	assert_header("X:\n\nb\n", "X", "");
}

static void patterns_match_as_maintainers_has_them(void **state)
{
	(void)state;
	assert_int_equal(owner_depth("drivers/base/power/", "drivers/base/power/qos.c"), 3);
	assert_int_equal(owner_depth("drivers/", "drivers/base/power/qos.c"), 1);
	assert_true(owner_depth("drivers/a.c", "drivers/a.c") >
		    owner_depth("drivers/", "drivers/a.c"));
	assert_int_equal(owner_depth("drivers/*/x/", "drivers/b/x/y.c"), 3);
	assert_int_equal(owner_depth("drivers/base/", "drivers/based/x.c"), -1);
	assert_int_equal(owner_depth("*", "drivers/x.c"), -1);
	assert_true(owner_depth("*", "Makefile") >= 0);
	assert_int_equal(owner_depth("", "Makefile"), -1);
}

static void servers_are_hosts(void **state)
{
	static const char *const good[] = { "localhost", "mail.example.org:587",
					    "127.0.0.1:25", "[::1]:25" };
	static const char *const bad[] = { "", "/bin/sh", "a/b", "a:b", "a:", "-x",
					   "a b", "a;b", "$x", "http://a" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_int_equal(outbox_check_server(good[i]), 0);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(outbox_check_server(bad[i]), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(a_tag_goes_into_a_patch_file),
		UNIT(headers_are_found_folded_and_not_in_the_body),
		UNIT(patterns_match_as_maintainers_has_them),
		UNIT(servers_are_hosts),
	};

	return cmocka_run_group_tests_name("upstream", tests, NULL, NULL);
}
