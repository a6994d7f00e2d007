// SPDX-License-Identifier: GPL-2.0-only
/* Patch mails: reading what git format-patch writes, and writing the same. */
#include "mail.h"
#include "unit.h"
#include "xalloc.h"

#define FROM	"From: Ann Author <ann@localhost>\n"
#define DATE	"Date: Sun, 22 Nov 2026 12:00:00 +0000\n"
#define DIFF	"diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n"

static void assert_parses(const char *text, struct mail *m)
{
	const char *said;
	int err;

	unit_catch();
	err = mail_parse("MAIL", text, strlen(text), m);
	said = unit_caught();
	if (err)
		fail_msg("%s", said);
}

static void assert_message(const char *headers, const char *body,
			   const char *want)
{
	char *text = xasprintf("%s" FROM DATE "\n%s", headers, body);
	struct mail m;

	assert_parses(text, &m);
	assert_string_equal(m.message, want);
	mail_free(&m);
	free(text);
}

static void assert_refused(const char *text, const char *message)
{
	struct mail m;

	unit_catch();
	assert_int_equal(mail_parse("MAIL", text, strlen(text), &m), -1);
	unit_assert_has(unit_caught(), message);
	mail_free(&m);
}

static void takes_a_mail_apart(void **state)
{
	const char *text = "From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001\n"
			   FROM DATE "Subject: [PATCH] a: Do b\n\nBecause of c.\n"
			   "---\n f | 2 +-\n\n" DIFF;
	struct mail m;

	(void)state;
	assert_parses(text, &m);
	assert_string_equal(m.name, "Ann Author");
	assert_string_equal(m.email, "ann@localhost");
	assert_int_equal(m.when.time, 1795348800);
	assert_int_equal(m.when.offset, 0);
	assert_string_equal(m.message, "a: Do b\n\nBecause of c.\n");
	assert_int_equal(m.diff_len, strlen(DIFF));
	assert_memory_equal(m.diff, DIFF, strlen(DIFF));
	mail_free(&m);
}

static void subjects(void **state)
{
	(void)state;
	assert_message("Subject: plain\n", "", "plain\n");
	assert_message("Subject: [PATCH] one\n", "", "one\n");
	assert_message("Subject: [PATCH 1/3] one\n", "", "one\n");
	assert_message("Subject: [PATCH v2 03/12] one\n", "", "one\n");
	assert_message("Subject: [RFC PATCH net-next] one\n", "", "one\n");
	/* What is not [PATCH] is the subject's own. */
	assert_message("Subject: [PATCH] [stable] one\n", "", "[stable] one\n");
	assert_message("subject: [PATCH]   one\n", "", "one\n");
	assert_message("Subject: [PATCH] a line that is\n folded\n\tand again\n", "",
		       "a line that is folded and again\n");
	/* A header that only begins like it. */
	assert_message("Subjects: no\nSubject: yes\n", "", "yes\n");
}

static void bodies(void **state)
{
	(void)state;
	assert_message("Subject: s\n", "\n\none\n\ntwo\n\n\n---\nnote\n" DIFF,
		       "s\n\none\n\ntwo\n");
	assert_message("Subject: s\n", "one\n" DIFF, "s\n\none\n");
	assert_message("Subject: s\n", "---- no end\n--- either\n---\n" DIFF,
		       "s\n\n---- no end\n--- either\n");
	assert_message("Subject: s\n", "  indented\n", "s\n\n  indented\n");
	assert_message("Subject: s\n", "Subject: in the body\n",
		       "s\n\nSubject: in the body\n");
}

/* Where the diff ends: before the signature, and a "- " line is not one. */
static void diffs(void **state)
{
	static const char dash[] = "diff --git a/f b/f\n--- a/f\n+++ b/f\n"
				   "@@ -1,3 +1,2 @@\n a\n-- \n c\n";
	struct mail m;
	char *text;

	(void)state;
	text = xasprintf(FROM DATE "Subject: s\n\n---\n" DIFF "-- \n2.39.5\n\n");
	assert_parses(text, &m);
	assert_int_equal(m.diff_len, strlen(DIFF));
	mail_free(&m);
	free(text);

	text = xasprintf(FROM DATE "Subject: s\n\n---\n%s", dash);
	assert_parses(text, &m);
	assert_int_equal(m.diff_len, strlen(dash));
	mail_free(&m);
	free(text);

	text = xasprintf(FROM DATE "Subject: s\n\n---\n%s-- \n2.39.5\n", dash);
	assert_parses(text, &m);
	assert_int_equal(m.diff_len, strlen(dash));
	mail_free(&m);
	free(text);

	assert_parses(FROM DATE "Subject: s\n\nno diff\n", &m);
	assert_int_equal(m.diff_len, 0);
	mail_free(&m);
}

static void authors(void **state)
{
	struct mail m;

	(void)state;
	assert_parses("From: \"Doe, John\" <j@localhost>\n" DATE "Subject: s\n\n", &m);
	assert_string_equal(m.name, "Doe, John");
	assert_string_equal(m.email, "j@localhost");
	mail_free(&m);
	assert_parses("From: J\303\274rgen <j@localhost>\n" DATE "Subject: s\n\n", &m);
	assert_string_equal(m.name, "J\303\274rgen");
	mail_free(&m);
	assert_refused("From: john\n" DATE "Subject: s\n\n",
		       "MAIL: From: expected \"Name <address>\", found \"john\"");
	assert_refused("From: <j@localhost>\n" DATE "Subject: s\n\n",
		       "MAIL: From: no name before <j@localhost>");
	assert_refused("From: John <>\n" DATE "Subject: s\n\n", "From: expected");
	assert_parses("From: =?UTF-8?q?J=C3=BCrgen=20K?= <j@localhost>\n" DATE "Subject: s\n\n",
		      &m);
	assert_string_equal(m.name, "J\303\274rgen K");
	assert_string_equal(m.email, "j@localhost");
	mail_free(&m);
	assert_refused("From: =?ISO-8859-1?q?J=FCrgen?= <j@localhost>\n" DATE "Subject: s\n\n",
		       "is encoded in a way that is not known here: write UTF-8");
}

/* As git format-patch writes subjects beyond ASCII, unless it is told not to. */
static void encoded_subjects(void **state)
{
	(void)state;
	assert_message("Subject: [PATCH] =?UTF-8?q?a:=20b=C3=A9ta=20ends=5Flater?=\n", "",
		       "a: b\303\251ta ends_later\n");
	assert_message("Subject: [PATCH] =?UTF-8?q?one=20?=\n =?utf-8?Q?tw=c3=b6?=\n", "",
		       "one tw\303\266\n");
	assert_message("Subject: [PATCH] =?UTF-8?B?w5xiZXI=?= x =?UTF-8?b?w58=?= y\n", "",
		       "\303\234ber x \303\237 y\n");
	/* What only looks like a word is none. */
	assert_message("Subject: what =? and a==b?=\n", "", "what =? and a==b?=\n");
	assert_message("Subject: =?UTF-8?x\n", "", "=?UTF-8?x\n");
	assert_refused(FROM DATE "Subject: =?UTF-8?q?a=0Ab?=\n\n", "is encoded in a way");
	assert_refused(FROM DATE "Subject: =?UTF-8?q?a=00b?=\n\n", "is encoded in a way");
	assert_refused(FROM DATE "Subject: =?UTF-8?q?a=G0?=\n\n", "is encoded in a way");
	assert_refused(FROM DATE "Subject: =?UTF-8?q?a=4?=\n\n", "is encoded in a way");
	assert_refused(FROM DATE "Subject: =?UTF-8?b?*?=\n\n", "is encoded in a way");
	assert_refused(FROM DATE "Subject: =?UTF-8?z?a?=\n\n", "is encoded in a way");
}

static void assert_date(const char *date, git_time_t when, int offset)
{
	char *text = xasprintf(FROM "Date: %s\nSubject: s\n\n", date);
	struct mail m;

	assert_parses(text, &m);
	assert_int_equal(m.when.time, when);
	assert_int_equal(m.when.offset, offset);
	mail_free(&m);
	free(text);
}

static void dates(void **state)
{
	static const char *const bad[] = {
		"yesterday", "Sun, 22 Nov 2026", "Sun, 22 Nov 2026 12:00:00",
		"Sun, 22 ovD 2026 12:00:00 +0000", "Sun, 22 Nov 2026 12:00:00 UTC",
		"Sun, 32 Nov 2026 12:00:00 +0000", "Sun, 22 Nov 2026 25:00:00 +0000",
		"Sun, 31 Feb 2026 12:00:00 +0000",
	};
	size_t i;

	(void)state;
	assert_date("Sun, 22 Nov 2026 12:00:00 +0000", 1795348800, 0);
	assert_date("Sun, 22 Nov 2026 13:00:00 +0100", 1795348800, 60);
	assert_date("Sun, 22 Nov 2026 17:30:00 +0530", 1795348800, 330);
	assert_date("Sun, 22 Nov 2026 02:30:00 -0930", 1795348800, -570);
	assert_date("Mon, 23 Nov 2026 02:00:00 +1400", 1795348800, 840);
	assert_date("22 Nov 2026 12:00:00 +0000", 1795348800, 0);
	assert_date("Thu, 1 Jan 1970 00:00:00 +0000", 0, 0);
	assert_date("Thu, 29 Feb 2024 00:00:00 +0000", 1709164800, 0);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		char *text = xasprintf(FROM "Date: %s\nSubject: s\n\n", bad[i]);

		assert_refused(text, "MAIL: Date: expected \"Day, DD Mon YYYY HH:MM:SS +ZZZZ\"");
		free(text);
	}
}

static void missing_headers(void **state)
{
	struct mail m;

	(void)state;
	assert_refused(DATE "Subject: s\n\n", "MAIL: not a patch mail: no From: header");
	assert_refused(FROM "Subject: s\n\n", "not a patch mail: no Date: header");
	assert_refused(FROM DATE "\nSubject: late\n", "not a patch mail: no Subject: header");
	assert_refused(FROM DATE "Subject: [PATCH]\n\n", "MAIL: empty subject");
	assert_refused("", "not a patch mail");
	assert_refused("From ", "not a patch mail");
	unit_catch();
	assert_int_equal(mail_parse("MAIL", "a\0b", 3, &m), -1);
	unit_assert_has(unit_caught(), "NUL byte; binary patches are not supported");
	mail_free(&m);
}

/* Commit with @message, write it as a mail, read that: the same message. */
static char *round_trip(const char *message, struct mail *m)
{
	git_oid before = unit_tree("f", "a\n", NULL);
	git_oid after = unit_tree("f", "b\n", NULL);
	git_tree *a = unit_open_tree(&before), *b = unit_open_tree(&after);
	git_oid parent = unit_commit(&before, NULL, "base\n");
	git_oid id = unit_commit(&after, &parent, message);
	git_commit *c = NULL;
	git_diff *diff = NULL;
	char *text;

	assert_int_equal(git_commit_lookup(&c, unit_repo, &id), 0);
	assert_int_equal(git_diff_tree_to_tree(&diff, unit_repo, a, b, NULL), 0);
	text = mail_write(c, diff);
	assert_non_null(text);
	assert_parses(text, m);
	git_diff_free(diff);
	git_commit_free(c);
	git_tree_free(a);
	git_tree_free(b);
	return text;
}

static void written_and_read_again(void **state)
{
	static const char *const messages[] = {
		"s\n",
		"a: Do b\n\nBecause of c.\n\nAnd d.\n",
		"a subject that is so long that it has to be folded, for it does not fit in one line\n",
		"averyveryveryveryveryveryveryveryveryveryveryveryveryveryveryveryveryverylongword x\n",
		"[stable] s\n",
		/* Bytes that are blanks in other character sets. */
		"gr\303\205\303\240 \303\205\n\n\303\205 body \303\205\n",
		"s\n\n  indented first line\n\nend\n",
		"s\n\nx\n\n-- \nnot a signature\n",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(messages) / sizeof(*messages); i++) {
		struct mail m;
		char *text = round_trip(messages[i], &m);

		assert_string_equal(m.message, messages[i]);
		assert_string_equal(m.name, "Ann Author");
		assert_int_equal(m.when.time, 1795348800);
		assert_int_equal(m.when.offset, 60);
		unit_assert_has(text, "\n---\n f | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n\ndiff --git a/f b/f\n");
		mail_free(&m);
		free(text);
	}
}

#define WORDS "a subject so long that it has to be folded"

static void written_lines_are_short(void **state)
{
	static const char subject[] = WORDS ", " WORDS " and " WORDS "\n";
	struct mail m;
	char *text, *line, *save;

	(void)state;
	text = round_trip(subject, &m);
	mail_free(&m);
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		assert_in_range(strlen(line), 0, 78);
	free(text);
}

static void slugs(void **state)
{
	static const char *const cases[][2] = {
		{ "PM: QoS: Some subject", "pm-qos-some-subject" },
		{ "  -- a --  ", "a" },
		{ "a_b(c)", "a-b-c" },
		{ "\303\234ber x", "ber-x" },
		{ "", "" },
	};
	size_t i;
	char *slug;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		slug = mail_slug(cases[i][0]);
		assert_string_equal(slug, cases[i][1]);
		free(slug);
	}
	slug = mail_slug("one two three four five six seven eight nine ten eleven twelve");
	assert_in_range(strlen(slug), 40, 52);
	assert_true(slug[strlen(slug) - 1] != '-');
	free(slug);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(takes_a_mail_apart),
		UNIT(subjects),
		UNIT(bodies),
		UNIT(diffs),
		UNIT(authors),
		UNIT(encoded_subjects),
		UNIT(dates),
		UNIT(missing_headers),
		UNIT(written_and_read_again),
		UNIT(written_lines_are_short),
		UNIT(slugs),
	};

	return cmocka_run_group_tests_name("mail", tests, NULL, NULL);
}
