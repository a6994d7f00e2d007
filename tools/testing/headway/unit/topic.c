// SPDX-License-Identifier: GPL-2.0-only
/* The topics folder as data: the format and every message about it. */
#include "topic.h"
#include "unit.h"
#include "xalloc.h"

#define HEAD "Title: T\nChange-Id: 20261122-t-0123456789ab\nCover:\n Text.\n"

/* A topics folder with one topic "one" of the text @topic. */
static int read_one(const char *topic, struct topics *ts)
{
	unit_write("topics/order", "one\n");
	unit_write("topics/one/topic", topic);
	return topics_read(unit_dir, ts);
}

static void assert_message(const char *topic, const char *message)
{
	struct topics ts;

	hw_set_exit(HW_ENV);
	unit_catch();
	assert_int_equal(read_one(topic, &ts), -1);
	unit_assert_has(unit_caught(), message);
	assert_int_equal(hw_exit_code(), HW_BAD_INPUT);
	topics_free(&ts);
}

/* HEAD is five lines long: the change's own begin on line 6. */
static void assert_change_message(const char *change, const char *message)
{
	char *text = xasprintf(HEAD "\n%s", change);

	assert_message(text, message);
	free(text);
}

static void reads_all_fields(void **state)
{
	const struct claim *cl;
	const struct change *c;
	struct topics ts;

	(void)state;
	assert_int_equal(read_one(HEAD "\n"
				  "Change: a-1\nSeries: 8\nPatch: 0001-a-1.patch\n"
				  "Files: a/b.c\n c/d.c\nKUnit: s1 s2\n"
				  "State-6.12: upstream 0123 (\"S\")\n"
				  "Check-6.12: f has x\n f:g lacks y\n"
				  "Check-6.1: f absent\n", &ts), 0);
	assert_int_equal(ts.n, 1);
	assert_string_equal(ts.t[0].name, "one");
	assert_string_equal(ts.t[0].title, "T");
	assert_string_equal(ts.t[0].cover, "Text.");
	c = topic_find(&ts.t[0], "a-1");
	assert_non_null(c);
	assert_int_equal(c->series, 8);
	assert_int_equal(c->line, 6);
	assert_string_equal(c->patch, "0001-a-1.patch");
	assert_int_equal(c->files.n, 2);
	assert_string_equal(c->files.v[1], "c/d.c");
	assert_int_equal(c->kunit.n, 2);
	cl = change_claim(c, "6.12");
	assert_int_equal(cl->state, CELL_UPSTREAM);
	assert_string_equal(cl->why, "0123 (\"S\")");
	assert_int_equal(cl->checks.n, 2);
	assert_int_equal(change_claim(c, "6.1")->state, CELL_CARRIED);
	assert_null(change_claim(c, "7.2"));
	assert_null(topic_find(&ts.t[0], "b"));
	topics_free(&ts);
}

static void head_messages(void **state)
{
	(void)state;
	assert_message("", "topics/one/topic: empty");
	assert_message("Title: T\nCover: x\n", "topic:1: the first paragraph wants Title, Change-Id and Cover; Change-Id is missing");
	assert_message("Change-Id: T\nCover: x\n", "; Title is missing");
	assert_message("Title: T\nChange-Id: x\n", "; Cover is missing");
	assert_message("Title: T\nPatch: x\n", "topic:2: unknown field \"Patch\" in a topic's first paragraph");
	assert_message("Title: T\nTitle: U\n", "topic:2: field \"Title\" given twice (first on line 1)");
	assert_message("what\n", "topic:1: expected \"Field: value\"");
}

static void change_messages(void **state)
{
	(void)state;
	assert_change_message("Patch: 0001-a.patch\n", "topic:6: this paragraph has no \"Change\" field");
	assert_change_message("Change: A\n", "topic:6: \"A\" is not a name for a change (small letters, digits, '-')");
	assert_change_message("Change: -a\n", "\"-a\" is not a name for a change");
	assert_change_message("Change: a\nColour: red\n", "topic:7: unknown field \"Colour\" in a change");
	assert_change_message("Change: a\n\nChange: a\n", "topic:8: change \"a\" is there already, on line 6");
	assert_change_message("Change: a\nPatch: 1-a.patch\n", "patch \"1-a.patch\" should be called NNNN-a.patch");
	assert_change_message("Change: a\nPatch: 0001-b.patch\n", "patch \"0001-b.patch\" should be called NNNN-a.patch");
	assert_change_message("Change: a\nPatch: 0002-a.patch\n\nChange: b\nPatch: 0001-b.patch\n",
			      "topic:9: patch \"0001-b.patch\" is not after \"0002-a.patch\"");
	assert_change_message("Change: a\nSeries: x\n", "topic:7: Series: expected a number from 1 to 9999, found \"x\"");
	assert_change_message("Change: a\nSeries: 0\n", "found \"0\"");
	assert_change_message("Change: a\nSeries: 8 9\n", "found \"8 9\"");
	assert_change_message("Change: a\nFiles: /etc/passwd\n", "topic:7: \"/etc/passwd\" is not a path below the kernel's top folder");
	assert_change_message("Change: a\nFiles: a/../../b\n", "\"a/../../b\" is not a path below");
	assert_change_message("Change: a\nFiles: .git/config\n", "\".git/config\" is not a path below");
	assert_change_message("Change: a\nFiles: a//b\n", "\"a//b\" is not a path below");
}

static void state_messages(void **state)
{
	(void)state;
	assert_change_message("Change: a\nState-6.1: maybe\n", "topic:7: State-6.1: expected \"upstream COMMIT\", \"not-needed REASON\" or \"carried\"");
	assert_change_message("Change: a\nState-6.1: upstreamed x\n", "expected \"upstream COMMIT\"");
	assert_change_message("Change: a\nState-6.1: fails x\n", "expected \"upstream COMMIT\"");
	assert_change_message("Change: a\nState-6.1: upstream\n", "topic:7: State-6.1: \"upstream\" wants the commit that brought it after it");
	assert_change_message("Change: a\nState-6.1: not-needed\n", "\"not-needed\" wants the reason after it");
	assert_change_message("Change: a\nState-6.1: upstream 0123\n", "topic:6: change \"a\" is said to be upstream on 6.1: add a Check-6.1 that can fail");
	assert_change_message("Change: a\nState-6.1: not-needed x\nCheck-6.2: f absent\n", "change \"a\" is said to be not-needed on 6.1");
	assert_change_message("Change: a\nCheck-6.1: f holds x\n", "topic:7: check \"f holds x\": expected");
	assert_change_message("Change: a\nCheck-6.1:\n", "topic:7: a check without text");
	assert_change_message("Change: a\nState-: upstream x\nCheck-: f absent\n", "topic:7: State-: wants the name of a base");
	assert_change_message("Change: a\nCheck-a/b: f absent\n", "topic:7: Check-a/b: wants the name of a base");
}

static void order_messages(void **state)
{
	struct topics ts;

	(void)state;
	unit_catch();
	assert_int_equal(topics_read(unit_dir, &ts), -1);
	unit_assert_has(unit_caught(), "topics/order: No such file");
	topics_free(&ts);

	unit_write("topics/one/topic", HEAD);
	unit_write("topics/order", "# comment\none\none\n");
	unit_catch();
	assert_int_equal(topics_read(unit_dir, &ts), -1);
	unit_assert_has(unit_caught(), "topics/order: \"one\" stands there twice");
	topics_free(&ts);

	unit_write("topics/order", "../one\n");
	unit_catch();
	assert_int_equal(topics_read(unit_dir, &ts), -1);
	unit_assert_has(unit_caught(), "\"../one\" is not a topic's name");
	topics_free(&ts);

	unit_write("topics/order", "none\n");
	unit_catch();
	assert_int_equal(topics_read(unit_dir, &ts), -1);
	unit_assert_has(unit_caught(), "topics/none/topic: No such file");
	assert_int_equal(hw_exit_code(), HW_BAD_INPUT);
	topics_free(&ts);
}

static void depends_messages(void **state)
{
	struct topics ts;

	(void)state;
	assert_message("Depends: two\n" HEAD, "topics/one/topic: depends on \"two\", which topics/order does not name");
	assert_message("Depends: one\n" HEAD, "depends on \"one\", which comes later in topics/order");
	unit_write("topics/order", "one\ntwo\n");
	unit_write("topics/one/topic", "Depends: two\n" HEAD);
	unit_write("topics/two/topic", HEAD);
	unit_catch();
	assert_int_equal(topics_read(unit_dir, &ts), -1);
	unit_assert_has(unit_caught(), "depends on \"two\", which comes later");
	topics_free(&ts);
}

static void a_file_belongs_to_one_change(void **state)
{
	struct topics ts;

	(void)state;
	unit_write("topics/order", "one\ntwo\n");
	unit_write("topics/one/topic", HEAD "\nChange: a\nFiles: x/y.c\n");
	unit_write("topics/two/topic", HEAD "\nChange: b\nFiles: x/y.c\n");
	unit_catch();
	assert_int_equal(topics_read(unit_dir, &ts), -1);
	unit_assert_has(unit_caught(), "topics/two/topic:6: \"x/y.c\" belongs to another change already");
	topics_free(&ts);
}

/* The base's own form of a patch or a file wins; without either there is none. */
static void finds_forms(void **state)
{
	struct topics ts;
	char *path;
	bool own;

	(void)state;
	assert_int_equal(read_one(HEAD "\nChange: a\nPatch: 0001-a.patch\n"
				  "\nChange: b\n", &ts), 0);
	unit_write("topics/one/0001-a.patch", "common");
	unit_write("topics/one/6.1/0001-a.patch", "own");
	unit_write("x/y.c", "common");
	unit_write("topics/one/6.1/x/y.c", "own");

	path = change_patch_path(&ts.t[0], &ts.t[0].changes[0], "6.1", &own);
	unit_assert_has(path, "/topics/one/6.1/0001-a.patch");
	assert_true(own);
	free(path);
	path = change_patch_path(&ts.t[0], &ts.t[0].changes[0], "6.12", &own);
	unit_assert_has(path, "/topics/one/0001-a.patch");
	assert_false(own);
	free(path);
	assert_null(change_patch_path(&ts.t[0], &ts.t[0].changes[1], "6.1", NULL));
	path = change_file_path(&ts, &ts.t[0], "6.1", "x/y.c");
	unit_assert_has(path, "/topics/one/6.1/x/y.c");
	free(path);
	path = change_file_path(&ts, &ts.t[0], "6.12", "x/y.c");
	assert_string_equal(path, unit_path("x/y.c"));
	free(path);
	assert_null(change_file_path(&ts, &ts.t[0], "6.1", "x/z.c"));
	topics_free(&ts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(reads_all_fields),
		UNIT(head_messages),
		UNIT(change_messages),
		UNIT(state_messages),
		UNIT(order_messages),
		UNIT(depends_messages),
		UNIT(a_file_belongs_to_one_change),
		UNIT(finds_forms),
	};

	return cmocka_run_group_tests_name("topic", tests, NULL, NULL);
}
