// SPDX-License-Identifier: GPL-2.0-only
/* Moving many refs in one step, beside what git itself left there. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#include "file.h"
#include "refs.h"
#include "unit.h"
#include "xalloc.h"

static git_oid commits[3];

static void make_commits(void)
{
	git_oid tree = unit_tree("f", "", NULL);
	size_t i;

	for (i = 0; i < 3; i++) {
		char *message = xasprintf("%zu\n", i);

		commits[i] = unit_commit(&tree, NULL, message);
		free(message);
	}
}

/* Move "refs/heads/@name" to @to (NULL: away); what refs_move() returns. */
static int move(const char *name, const git_oid *to)
{
	struct ref_moves m = { 0 };
	char *ref = xasprintf("refs/heads/%s", name);
	int r;

	refs_plan(&m, ref, to);
	r = refs_move(unit_repo, &m);
	refs_plan_free(&m);
	free(ref);
	return r;
}

static void assert_ref(const char *name, const git_oid *want)
{
	char *ref = xasprintf("refs/heads/%s", name);
	git_oid id;
	int err = git_reference_name_to_id(&id, unit_repo, ref);

	if (want) {
		assert_int_equal(err, 0);
		assert_true(git_oid_equal(&id, want));
	} else {
		assert_int_equal(err, GIT_ENOTFOUND);
	}
	free(ref);
}

static void set_loose(const char *name, const git_oid *to)
{
	char *path = xasprintf("repo.git/refs/heads/%s", name);
	char *text = xasprintf("%s\n", git_oid_tostr_s(to));

	unit_write(path, text);
	free(text);
	free(path);
}

static bool is_loose(const char *name)
{
	char *path = xasprintf("repo.git/refs/heads/%s", name);
	bool yes = file_exists(unit_path(path));

	free(path);
	return yes;
}

static void makes_moves_and_removes(void **state)
{
	(void)state;
	make_commits();
	assert_int_equal(move("a/b", &commits[0]), 1);
	assert_ref("a/b", &commits[0]);
	assert_int_equal(move("a/b", &commits[0]), 0);
	assert_int_equal(move("a/b", &commits[1]), 1);
	assert_ref("a/b", &commits[1]);
	assert_int_equal(move("a/b", NULL), 1);
	assert_ref("a/b", NULL);
	assert_int_equal(move("a/b", NULL), 0);
}

static void all_in_one_step(void **state)
{
	struct ref_moves m = { 0 };
	const char *packed;

	(void)state;
	make_commits();
	assert_int_equal(move("gone", &commits[0]), 1);
	assert_int_equal(move("stays", &commits[0]), 1);
	refs_plan(&m, "refs/heads/z", &commits[0]);
	refs_plan(&m, "refs/heads/a", &commits[1]);
	refs_plan(&m, "refs/heads/gone", NULL);
	refs_plan(&m, "refs/heads/m", &commits[2]);
	assert_int_equal(refs_move(unit_repo, &m), 4);
	refs_plan_free(&m);
	packed = unit_read("repo.git/packed-refs");
	unit_assert_has(packed, "# pack-refs with: peeled fully-peeled sorted \n");
	/* git looks for a name by bisection. */
	assert_true(strstr(packed, " refs/heads/a\n") < strstr(packed, " refs/heads/m\n"));
	assert_true(strstr(packed, " refs/heads/m\n") < strstr(packed, " refs/heads/stays\n"));
	assert_true(strstr(packed, " refs/heads/stays\n") < strstr(packed, " refs/heads/z\n"));
	unit_assert_lacks(packed, "gone");
	assert_false(is_loose("z"));
}

/* A loose ref wins over packed-refs: it must not be there afterwards. */
static void loose_refs_do_not_shadow(void **state)
{
	(void)state;
	make_commits();
	assert_int_equal(move("a", &commits[0]), 1);
	set_loose("a", &commits[1]);
	set_loose("b", &commits[1]);
	set_loose("other", &commits[1]);
	assert_ref("a", &commits[1]);
	assert_int_equal(move("a", &commits[2]), 1);
	assert_ref("a", &commits[2]);
	assert_false(is_loose("a"));
	assert_int_equal(move("b", NULL), 1);
	assert_ref("b", NULL);
	assert_false(is_loose("b"));
	/* One that does not move is none of our business. */
	assert_true(is_loose("other"));
	assert_ref("other", &commits[1]);
}

static void make_lock(const char *path, int age)
{
	struct timespec t[2] = { { .tv_sec = time(NULL) - age },
				 { .tv_sec = time(NULL) - age } };

	unit_write(path, "");
	assert_int_equal(utimensat(AT_FDCWD, unit_path(path), t, 0), 0);
}

/* git's lock, left by a process that was killed, does not stop us for ever. */
static void stale_locks_are_broken(void **state)
{
	(void)state;
	make_commits();
	make_lock("repo.git/packed-refs.lock", 60);
	assert_int_equal(move("a", &commits[0]), 1);
	assert_ref("a", &commits[0]);
	assert_false(file_exists(unit_path("repo.git/packed-refs.lock")));
	set_loose("a", &commits[1]);
	make_lock("repo.git/refs/heads/a.lock", 60);
	assert_int_equal(move("a", &commits[2]), 1);
	assert_ref("a", &commits[2]);
	assert_false(file_exists(unit_path("repo.git/refs/heads/a.lock")));
}

static void fresh_locks_are_waited_for(void **state)
{
	time_t before;

	(void)state;
	make_commits();
	make_lock("repo.git/packed-refs.lock", 0);
	before = time(NULL);
	assert_int_equal(move("a", &commits[0]), 1);
	assert_true(time(NULL) - before >= 3);
}

static void annotated_tags_stay_peeled(void **state)
{
	char hex[2][GIT_OID_HEXSZ + 1], *text;

	(void)state;
	make_commits();
	git_oid_tostr(hex[0], sizeof(hex[0]), &commits[0]);
	git_oid_tostr(hex[1], sizeof(hex[1]), &commits[1]);
	text = xasprintf("# pack-refs with: peeled fully-peeled sorted \n%s refs/tags/v1\n^%s\n",
			 hex[0], hex[1]);
	unit_write("repo.git/packed-refs", text);
	assert_int_equal(move("a", &commits[2]), 1);
	unit_assert_has(unit_read("repo.git/packed-refs"), strchr(text, '\n') + 1);
	assert_int_equal(move("a", NULL), 1);
	assert_string_equal(unit_read("repo.git/packed-refs"), text);
	free(text);
}

static void a_malformed_file_stays(void **state)
{
	(void)state;
	make_commits();
	unit_write("repo.git/packed-refs", "# x\nwhat\n");
	hw_set_exit(HW_ENV);
	unit_catch();
	assert_int_equal(move("a", &commits[0]), -1);
	unit_assert_has(unit_caught(), "packed-refs:2: malformed line");
	assert_int_equal(hw_exit_code(), HW_BAD_INPUT);
	assert_string_equal(unit_read("repo.git/packed-refs"), "# x\nwhat\n");
	assert_false(file_exists(unit_path("repo.git/packed-refs.lock")));
}

static void what_cannot_be_written_stays(void **state)
{
	(void)state;
	make_commits();
	assert_int_equal(move("a", &commits[0]), 1);
	/* A folder in the way of the lock: also root cannot write there. */
	unit_write("repo.git/packed-refs.lock/x", "");
	assert_int_equal(utimensat(AT_FDCWD, unit_path("repo.git/packed-refs.lock"),
				   (struct timespec[2]){ { 0 }, { 0 } }, 0), 0);
	unit_catch();
	assert_int_equal(move("a", &commits[1]), -1);
	unit_assert_has(unit_caught(), "packed-refs.lock");
	assert_ref("a", &commits[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(makes_moves_and_removes),
		UNIT(all_in_one_step),
		UNIT(loose_refs_do_not_shadow),
		UNIT(stale_locks_are_broken),
		UNIT(fresh_locks_are_waited_for),
		UNIT(annotated_tags_stay_peeled),
		UNIT(a_malformed_file_stays),
		UNIT(what_cannot_be_written_stays),
	};

	return cmocka_run_group_tests_name("refs", tests, NULL, NULL);
}
