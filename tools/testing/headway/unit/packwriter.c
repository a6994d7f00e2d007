// SPDX-License-Identifier: GPL-2.0-only
/* Packs: written, read back by libgit2 and git, failed, recovered. */
#define _GNU_SOURCE
#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "deflate.h"
#include "hash.h"
#include "ingest.h"
#include "packindex.h"
#include "packwriter.h"
#include "run.h"
#include "unit.h"
#include "xalloc.h"

/* In the scratch repository. */
#define OBJECTS	unit_path("repo.git/objects")
#define PACK	unit_path("repo.git/objects/pack")

/* Contents of every length that the pack's format treats in another way. */
static const size_t sizes[] = {
	0, 1, 15, 16, 17, 127, 128, 2047, 2048, 65535, 65536, 300000, 3 << 20,
};

#define N_SIZES (sizeof(sizes) / sizeof(sizes[0]))

static char *content(size_t n)
{
	char *data = xcalloc(1, n + 1);
	uint32_t x = n * 2654435761u + 1;

	/* Half of it random, so that compression has something to do and not. */
	for (size_t i = 0; i < n; i++) {
		x = x * 1664525u + 1013904223u;
		data[i] = i % 2048 < 1024 ? x >> 24 : 'a' + i % 7;
	}
	return data;
}

static void add(struct packwriter *pw, git_oid *id, const char *data, size_t len)
{
	struct deflate *d = deflate_new();
	const void *z;
	size_t z_len;

	hash_object(id, GIT_OBJECT_BLOB, data, len);
	z = deflate_data(d, data, len, &z_len);
	assert_int_equal(packwriter_add(pw, id, GIT_OBJECT_BLOB, len, z, z_len), 0);
	deflate_free(d);
}

static void check_blob(git_repository *repo, const git_oid *id, const char *data,
		       size_t len)
{
	git_blob *blob;

	assert_int_equal(git_blob_lookup(&blob, repo, id), 0);
	assert_int_equal(git_blob_rawsize(blob), len);
	assert_memory_equal(git_blob_rawcontent(blob), data, len);
	git_blob_free(blob);
}

static size_t count_files(const char *dir, const char *prefix)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	size_t n = 0;

	assert_non_null(d);
	while ((e = readdir(d)))
		n += !strncmp(e->d_name, prefix, strlen(prefix));
	closedir(d);
	return n;
}

static void check_git(void)
{
	const char *const argv[] = {
		"git", "fsck", "--full", "--strict", "--no-dangling", NULL
	};

	assert_int_equal(run_quiet(argv, unit_path("repo.git")), 0);
}

static void reads_back(void **state)
{
	struct packwriter *pw;
	git_oid ids[N_SIZES], again;
	char *data;

	(void)state;
	assert_int_equal(packwriter_new(&pw, OBJECTS), 0);
	for (size_t i = 0; i < N_SIZES; i++) {
		data = content(sizes[i]);
		add(pw, &ids[i], data, sizes[i]);
		add(pw, &again, data, sizes[i]);
		assert_memory_equal(&again, &ids[i], sizeof(again));
		free(data);
	}
	assert_int_equal(packwriter_count(pw), N_SIZES);
	assert_int_equal(count_files(PACK, "tmp_headway_"), 1);
	assert_int_equal(packwriter_finish(pw), 0);
	packwriter_free(pw);

	assert_int_equal(count_files(PACK, "tmp_"), 0);
	assert_int_equal(count_files(PACK, "pack-"), 2);
	for (size_t i = 0; i < N_SIZES; i++) {
		data = content(sizes[i]);
		check_blob(unit_repo, &ids[i], data, sizes[i]);
		free(data);
	}
	check_git();
}

static void nothing_is_no_pack(void **state)
{
	struct packwriter *pw;

	(void)state;
	assert_int_equal(packwriter_new(&pw, OBJECTS), 0);
	assert_int_equal(packwriter_finish(pw), 0);
	packwriter_free(pw);
	assert_int_equal(count_files(PACK, "pack-"), 0);
	assert_int_equal(count_files(PACK, "tmp_"), 0);
}

static void unfinished_leaves_nothing(void **state)
{
	struct packwriter *pw;
	git_oid id;

	(void)state;
	assert_int_equal(packwriter_new(&pw, OBJECTS), 0);
	add(pw, &id, "x", 1);
	assert_int_equal(count_files(PACK, "tmp_headway_"), 1);
	packwriter_free(pw);
	assert_int_equal(count_files(PACK, "pack-"), 0);
	assert_int_equal(count_files(PACK, "tmp_"), 0);
}

/* A limit on the size of files stands for a disk that cannot be written to. */
static void failure_is_reported(void **state)
{
	struct rlimit old, limit;
	struct packwriter *pw;
	struct deflate *d = deflate_new();
	char *data = content(3 << 20);
	const void *z;
	size_t z_len;
	git_oid id;
	int ret;

	(void)state;
	getrlimit(RLIMIT_FSIZE, &old);
	signal(SIGXFSZ, SIG_IGN);
	limit = old;
	limit.rlim_cur = 100000;
	assert_int_equal(packwriter_new(&pw, OBJECTS), 0);
	hash_object(&id, GIT_OBJECT_BLOB, data, 3 << 20);
	z = deflate_data(d, data, 3 << 20, &z_len);
	setrlimit(RLIMIT_FSIZE, &limit);
	ret = packwriter_add(pw, &id, GIT_OBJECT_BLOB, 3 << 20, z, z_len);
	setrlimit(RLIMIT_FSIZE, &old);
	assert_int_equal(ret, -1);
	assert_int_equal(packwriter_add(pw, &id, GIT_OBJECT_BLOB, 3 << 20, z, z_len), -1);
	assert_int_equal(packwriter_finish(pw), -1);
	unit_catch();
	assert_int_equal(packwriter_report(pw, 0), -1);
	unit_assert_has(unit_caught(), "cannot write a pack in");
	assert_int_equal(hw_exit_code(), HW_ENV);
	packwriter_free(pw);
	deflate_free(d);
	free(data);
	assert_int_equal(count_files(PACK, "tmp_"), 0);
	assert_int_equal(count_files(PACK, "pack-"), 0);
}

/* The name of the pack that is there, less "pack-" and the ending. */
static char *pack_sum(void)
{
	DIR *d = opendir(PACK);
	struct dirent *e;
	char *sum = NULL;

	while ((e = readdir(d)))
		if (!strncmp(e->d_name, "pack-", 5) && strstr(e->d_name, ".idx"))
			sum = xstrndup(e->d_name + 5, 40);
	closedir(d);
	assert_non_null(sum);
	return sum;
}

static void rename_in(const char *from, const char *to)
{
	char *a = xasprintf("%s/%s", PACK, from);
	char *b = xasprintf("%s/%s", PACK, to);
	int ret = rename(a, b);

	free(a);
	free(b);
	assert_int_equal(ret, 0);
}

/* Each state in which a killed writer can leave the folder. */
static void recovers(void **state)
{
	char *sum, *idx, *pack, *tmp;
	struct packwriter *pw;
	git_oid id;

	(void)state;
	assert_int_equal(packwriter_new(&pw, OBJECTS), 0);
	add(pw, &id, "content", 7);
	assert_int_equal(packwriter_finish(pw), 0);
	packwriter_free(pw);
	sum = pack_sum();
	idx = xasprintf("pack-%s.idx", sum);
	pack = xasprintf("pack-%s.pack", sum);
	tmp = xasprintf("tmp_headway_%s.idx", sum);

	/* Between the two renames: completed. */
	rename_in(idx, tmp);
	assert_int_equal(packwriter_recover(OBJECTS), 0);
	assert_int_equal(count_files(PACK, idx), 1);
	check_blob(unit_repo, &id, "content", 7);
	check_git();

	/* Before the first rename: removed. */
	rename_in(idx, tmp);
	rename_in(pack, "tmp_headway_abc123.pack");
	assert_int_equal(packwriter_recover(OBJECTS), 0);
	assert_int_equal(count_files(PACK, "tmp_"), 0);
	assert_int_equal(count_files(PACK, "pack-"), 0);

	/* The files of others stay. */
	unit_write("repo.git/objects/pack/tmp_pack_git", "git's");
	assert_int_equal(packwriter_recover(OBJECTS), 0);
	assert_int_equal(count_files(PACK, "tmp_pack_git"), 1);
	free(sum);
	free(idx);
	free(pack);
	free(tmp);
}

/* Offsets beyond 2 GiB go to the index's second table. */
static void large_offsets(void **state)
{
	struct pack_entry e[3] = {
		{ .id.id = { 0x02 }, .crc = 0x22222222, .offset = 0x7fffffff },
		{ .id.id = { 0x01 }, .crc = 0x11111111, .offset = 0x123456789a },
		{ .id.id = { 0xff }, .crc = 0x33333333, .offset = 0x80000000 },
	};
	static const unsigned char sum[GIT_OID_RAWSZ] = "pack checksum......";
	static const unsigned char offsets[] = {
		0x80, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0x80, 0, 0, 1,
		0, 0, 0, 0x12, 0x34, 0x56, 0x78, 0x9a, 0, 0, 0, 0, 0x80, 0, 0, 0,
	};
	unsigned char *index;
	size_t len, at = 8 + 256 * 4;

	(void)state;
	index = packindex_build(e, 3, sum, &len);
	assert_int_equal(len, at + 3 * (20 + 4 + 4) + 2 * 8 + 40);
	assert_int_equal(index[8 + 3], 0);		/* ids that begin with 00 */
	assert_int_equal(index[8 + 4 + 3], 1);		/* 01 */
	assert_int_equal(index[8 + 254 * 4 + 3], 2);	/* fe */
	assert_int_equal(index[8 + 255 * 4 + 3], 3);
	assert_int_equal(index[at], 0x01);
	assert_int_equal(index[at + 20], 0x02);
	assert_int_equal(index[at + 60], 0x11);
	assert_memory_equal(index + at + 60 + 12, offsets, sizeof(offsets));
	assert_memory_equal(index + len - 40, sum, 20);
	free(index);
}

/* Many blobs through the threads: all there, and the pack the same each time. */
static void pipeline_keeps_order(void **state)
{
	enum { COUNT = 5000, ROUNDS = 4 };
	git_oid *ids = xcalloc(COUNT, sizeof(*ids));
	char *first = NULL, *sum, *path;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct packwriter *pw;
		struct ingest *in;

		assert_int_equal(packwriter_new(&pw, OBJECTS), 0);
		in = ingest_new(pw, NULL);
		for (size_t i = 0; i < COUNT; i++) {
			size_t len = i * 37 % 9000;
			char *data = content(len), *to = ingest_reserve(in, len);

			assert_non_null(to);
			memcpy(to, data, len);
			ingest_submit(in, &ids[i]);
			free(data);
		}
		assert_int_equal(ingest_finish(in), 0);
		assert_int_equal(packwriter_finish(pw), 0);
		packwriter_free(pw);
		sum = pack_sum();
		if (first)
			assert_string_equal(sum, first);
		else
			first = xstrdup(sum);
		path = xasprintf("%s/pack-%s.idx", PACK, sum);
		if (round < ROUNDS - 1)
			assert_int_equal(unlink(path), 0);
		free(path);
		free(sum);
	}
	for (size_t i = 0; i < COUNT; i += 101) {
		char *data = content(i * 37 % 9000);

		check_blob(unit_repo, &ids[i], data, i * 37 % 9000);
		free(data);
	}
	free(first);
	free(ids);
}

/* A reader that gives up half way, as at the end of a cut tarball. */
static void pipeline_given_up(void **state)
{
	struct packwriter *pw;
	struct ingest *in;
	git_oid id;

	(void)state;
	assert_int_equal(packwriter_new(&pw, OBJECTS), 0);
	in = ingest_new(pw, NULL);
	memset(ingest_reserve(in, 100), 'x', 100);
	ingest_submit(in, &id);
	assert_non_null(ingest_reserve(in, 1000));
	assert_int_equal(ingest_finish(in), 0);
	packwriter_free(pw);
	assert_int_equal(count_files(PACK, "tmp_"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(reads_back),
		UNIT(nothing_is_no_pack),
		UNIT(unfinished_leaves_nothing),
		UNIT(failure_is_reported),
		UNIT(recovers),
		cmocka_unit_test(large_offsets),
		UNIT(pipeline_keeps_order),
		UNIT(pipeline_given_up),
	};
	hash_init();
	return cmocka_run_group_tests_name("packwriter", tests, NULL, NULL);
}
