// SPDX-License-Identifier: GPL-2.0-only
/* The fork's repository: names of refs, order of bases, objects in memory. */
#include "file.h"
#include "paths.h"
#include "refs.h"
#include "store.h"
#include "unit.h"
#include "xalloc.h"

static void make_base(const char *name, struct ref_moves *moves)
{
	git_oid tree = unit_tree("f", name, NULL);
	git_oid commit = unit_commit(&tree, NULL, name);
	char *ref = ref_base(name);

	refs_plan(moves, ref, &commit);
	free(ref);
}

/* As versions are, not as letters: 6.2 comes before 6.12. */
static void bases_in_the_order_of_versions(void **state)
{
	static const char *const names[] = { "7.2", "6.12", "6.1", "6.2",
					     "10.0", "6.12-rt" };
	static const char *const sorted[] = { "6.1", "6.2", "6.12", "6.12-rt",
					      "7.2", "10.0" };
	struct ref_moves moves = { 0 };
	struct strlist found = { 0 };
	git_oid tree = unit_tree("f", "", NULL), odd;
	size_t i;

	(void)state;
	for (i = 0; i < 6; i++)
		make_base(names[i], &moves);
	odd = unit_commit(&tree, NULL, "no base\n");
	refs_plan(&moves, "refs/heads/6.1/topic/base", &odd);
	assert_int_equal(refs_move(unit_repo, &moves), 7);
	refs_plan_free(&moves);
	assert_int_equal(store_bases(unit_repo, &found), 0);
	assert_int_equal(found.n, 6);
	for (i = 0; i < 6; i++)
		assert_string_equal(found.v[i], sorted[i]);
	strlist_free(&found);
}

static void names_of_refs(void **state)
{
	char *s;

	(void)state;
	s = ref_topic("6.1", "pm");
	assert_string_equal(s, "refs/heads/6.1/topic/pm");
	free(s);
	s = ref_integration("6.1");
	assert_string_equal(s, "refs/heads/6.1/integration");
	free(s);
	s = ref_without("6.1", "pm/x");
	assert_string_equal(s, "refs/heads/6.1/without/pm/x");
	free(s);
	s = ref_topic_built("6.1", "pm");
	assert_string_equal(s, "refs/headway/built/6.1/topic/pm");
	free(s);
}

/* A command that only looks writes objects, and none of them to the disk. */
static void scratch_objects_stay_in_memory(void **state)
{
	git_repository *look = NULL;
	git_blob *blob = NULL;
	char *hex, *path;
	git_oid id;

	(void)state;
	hw_paths.repo = (char *)unit_path("repo.git");
	assert_int_equal(store_open(&look, true), 0);
	assert_int_equal(git_blob_create_from_buffer(&id, look, "look", 4), 0);
	assert_int_equal(git_blob_lookup(&blob, look, &id), 0);
	git_blob_free(blob);
	git_repository_free(look);
	hex = git_oid_tostr_s(&id);
	path = xasprintf("repo.git/objects/%.2s/%s", hex, hex + 2);
	assert_false(file_exists(unit_path(path)));
	free(path);
	hw_paths.repo = NULL;
}

static void no_repository(void **state)
{
	git_repository *repo = NULL;

	(void)state;
	hw_paths.repo = (char *)unit_path("none.git");
	hw_set_exit(HW_ENV);
	unit_catch();
	assert_int_equal(store_open(&repo, false), -1);
	unit_assert_has(unit_caught(), "headway: hint: headway import makes it");
	assert_int_equal(hw_exit_code(), HW_BAD_INPUT);
	hw_paths.repo = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(bases_in_the_order_of_versions),
		UNIT(names_of_refs),
		UNIT(scratch_objects_stay_in_memory),
		UNIT(no_repository),
	};

	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
