// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of reclaimcheck: the table of primitives, skeleton files that are
 * damaged in every way, archives, trees and waivers.
 */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../reclaimcheck/diff.h"
#include "../../reclaimcheck/tree.h"
#include "../../reclaimcheck/waive.h"
/* For its table. */
#include "../../reclaimcheck/prims.c"

static int failed, passed;

#define CHECK(cond) do {						\
	if (cond) {							\
		passed++;						\
	} else {							\
		failed++;						\
		printf("not ok %s:%d: %s\n", __FILE__, __LINE__, #cond);	\
	}								\
} while (0)

static char dir[] = "/tmp/reclaimcheck-unit.XXXXXX";

static char *in_dir(const char *name)
{
	return rc_printf("%s/%s", dir, name);
}

static char *put(const char *name, const void *data, size_t len)
{
	char *path = in_dir(name);

	if (rc_write_file(path, data, len))
		exit(2);
	return path;
}

/* bsearch() finds nothing in a table that is not sorted. */
static void test_prims(void)
{
	size_t n = sizeof(prims) / sizeof(*prims);

	for (size_t i = 0; i < n; i++)
		CHECK(prim_find(prims[i].name) == &prims[i]);
	CHECK(!prim_find("no_such_function"));
	CHECK(same_driver("drivers/gpu/drm/msm/adreno/a.c", "drivers/gpu/drm/msm/b.c"));
	CHECK(!same_driver("drivers/gpu/drm/lima/a.c", "drivers/gpu/drm/msm/b.c"));
	CHECK(!same_driver("a.c", "b.c"));
	CHECK(supplies("drivers/gpu/drm/msm/a.c", "drivers/clk/qcom/b.c"));
	CHECK(!supplies("drivers/gpu/drm/lima/a.c", "drivers/clk/qcom/b.c"));
}

/* A unit with one function that calls another with a set of values. */
static char *sample(size_t *len)
{
	static const char *str[] = { "", "f", "g", "a.c", "void ()" };
	struct sk_val val[] = {
		{ .kind = SK_UNKNOWN }, { .kind = SK_FUNC, .a = 2 },
		{ .kind = SK_CONST, .num = 0xcc0 }, { .kind = SK_PARAM },
		{ .kind = SK_SET, .a = 0, .b = 2 }, { .kind = SK_OR, .a = 2, .b = 4 },
		{ .kind = SK_FIELD, .a = 3, .b = 1, .c = 2 }, { .kind = SK_LOAD, .a = 6 },
		{ .kind = SK_IF, .a = 2, .b = 0, .c = 1 },
	};
	uint32_t set[] = { 2, 3 }, args[] = { 5, 7 }, succ[] = { 1 };
	uint64_t value[] = { 3 };
	bool one[] = { true };
	struct sk_event ev = { .callee = 1, .line = 7, .nargs = 2, .args = args, .into = RC_NONE };
	struct sk_block block[] = {
		{ .n = 1, .nsucc = 1, .succ = succ, .cond = 0, .cond_param = RC_NONE,
		  .sw = 0, .value = value, .one = one },
		{ .first = 1, .ret = true, .cond = RC_NONE, .cond_param = 0, .cond_mask = 0x400,
		  .sw = RC_NONE },
	};
	struct sk_fn fn = { .id = 1, .name = 1, .file = 3, .sig = 4, .line = 5, .nparams = 1,
			    .nblocks = 2, .block = block, .nevents = 1, .event = &ev, .ret = 4 };
	struct sk_init init = { 6, 1 };
	struct skel sk = { .source = 3, .nstr = 5, .str = str, .nval = 9, .val = val, .nset = 2,
			   .set = set, .nfn = 1, .fn = &fn, .ninit = 1, .init = &init };

	return skel_write(&sk, 183, len);
}

static void test_round_trip(void)
{
	size_t len, again;
	char *data = sample(&len), *copy;
	struct skel *sk = skel_read("sample", data, len);

	CHECK(sk && sk->nfn == 1 && sk->nval == 9 && sk->ninit == 1);
	if (!sk)
		return;
	CHECK(sk->fn[0].event[0].nargs == 2 && sk->fn[0].event[0].line == 7);
	CHECK(sk->fn[0].block[0].cond == 0 && sk->fn[0].block[1].cond_mask == 0x400);
	copy = skel_write(sk, 183, &again);
	CHECK(again == len && !memcmp(copy, data, len));
	free(copy);
	free(data);
}

/* Every byte changed, every length cut: refused, or the same as before. */
static void test_damage(void)
{
	size_t len, body;
	char *data = sample(&len);

	freopen("/dev/null", "w", stderr);
	body = SK_AT + SK_HEAD + (unsigned char)data[SK_AT + 20] +
	       ((unsigned char)data[SK_AT + 21] << 8);
	for (size_t i = SK_AT; i < body; i++) {
		data[i] ^= 0x41;
		CHECK(!skel_read("damaged", data, len));
		data[i] ^= 0x41;
	}
	for (size_t i = 0; i < body; i++) {
		char *cut = malloc(i ? i : 1);

		memcpy(cut, data, i);
		CHECK(!skel_read("cut", cut, i));
		free(cut);
	}
	CHECK(!skel_read("bitcode", "BC\xc0\xde", 4));
	free(data);
}

static void test_tree(void)
{
	struct objects o = {};
	struct prog p = {};
	size_t len;
	char *data = sample(&len), *path;
	static const char manifest[] = "complete 3\nb.o\na.o\nb.o\n";

	CHECK(tree_objects(dir, false, &o));		/* never built */
	free(put(TREE_MANIFEST, "unfinished 3\n", 13));
	CHECK(tree_objects(dir, false, &o));		/* not finished */
	free(put(TREE_MANIFEST, manifest, sizeof(manifest) - 1));
	free(put("a.o", data, len));
	CHECK(!tree_objects(dir, false, &o) && o.path.n == 2);
	CHECK(o.path.n == 2 && strcmp(o.path.v[0], o.path.v[1]) < 0);
	CHECK(tree_load(&p, &o));			/* b.o is missing */
	prog_free(&p);
	objects_free(&o);
	free(put("b.o", "BC\xc0\xde and more", 12));
	CHECK(!tree_objects(dir, false, &o) && tree_load(&p, &o));
	prog_free(&p);
	objects_free(&o);
	path = in_dir("a.o");
	CHECK(!tree_objects(path, false, &o) && !tree_load(&p, &o) && p.unit.n == 1);
	free(path);
	prog_free(&p);
	objects_free(&o);
	path = in_dir("nowhere");
	CHECK(tree_objects(path, false, &o));
	free(path);
	free(data);
}

static void test_archive(void)
{
	struct objects o = {};
	static const char good[] =
		"!<thin>\n"
		"//                                              12        `\n"
		"../x/y/z.o/\n"
		"/0              0           0     0     644     99        `\n"
		"short.o/        0           0     0     644     99        `\n";
	char *data;

	free(put("t.a", good, sizeof(good) - 1));
	CHECK(!thin_archive(dir, "t.a", &o) && o.path.n == 2);
	CHECK(o.path.n == 2 && !strcmp(o.path.v[1], "short.o"));
	objects_free(&o);
	free(put("t.a", "!<arch>\n", 8));
	CHECK(thin_archive(dir, "t.a", &o));
	/* Any byte of it may be wrong: no crash, whatever comes of it. */
	for (size_t i = 8; i < sizeof(good) - 1; i++) {
		data = strdup(good);
		data[i] = '9';
		free(put("t.a", data, sizeof(good) - 1));
		thin_archive(dir, "t.a", &o);
		objects_free(&o);
		free(data);
	}
	CHECK(thin_archive(dir, "none.a", &o));
	objects_free(&o);
}

static int waivers(const char *text, struct findings *fs)
{
	struct waivers w = {};
	char *path = put("waivers", text, strlen(text));
	int ret = waivers_read(&w, path);

	if (!ret && fs)
		ret = waivers_apply(&w, NULL, fs);
	waivers_free(&w);
	free(path);
	return ret;
}

static void test_waivers(void)
{
	struct finding f = { .kind = FIND_LOCK, .key_root = "run", .edge = "out -> in" };
	struct findings fs = {};

	setenv("SOURCE_DATE_EPOCH", "1767225600", 1);	/* 2026-01-01 */
	rc_push(&f.edge_key, ((struct edge_key){ .text = "f -> l@a" }));
	rc_push(&f.edge_key, ((struct edge_key){ .text = "f -> l@b" }));
	f.key_edge = f.edge_key.v[0].text;
	rc_push(&fs.v, f);
	CHECK(!waivers("# nothing\n\n", &fs) && !fs.v.v[0].waived);
	CHECK(waivers("run | f -> l@a | why\n", NULL));
	CHECK(waivers("run | f | why | 2026-01-01\n", NULL));
	CHECK(waivers("run | f -> l@a |  | 2026-01-01\n", NULL));
	CHECK(waivers("run | f -> l@a | why | soon\n", NULL));
	CHECK(waivers("run | f -> l@a | why | 2026-01-01 | more\n", NULL));
	CHECK(waivers("run | f -> l@a | why | 2025-12-31\n", &fs));	/* expired */
	CHECK(waivers("run | f -> l@c | why | 2026-01-01\n", &fs));	/* unused */
	CHECK(waivers("walk | f -> l@a | why | 2026-01-01\n", &fs));	/* other root */
	CHECK(!fs.v.v[0].waived);
	CHECK(!waivers("run | f -> l@a | why | 2026-01-01\n", &fs) && !fs.v.v[0].waived);
	CHECK(!waivers("* | f -> l@b | why | 2026-01-01\n", &fs) && fs.v.v[0].waived);
	fs.v.v[0].edge_key.v[0].waived = false;
	fs.v.v[0].edge_key.v[1].waived = false;
	CHECK(!waivers("run | out -> in | why | 2026-01-01\n", &fs) && fs.v.v[0].waived);
	findings_free(&fs);
}

static uint32_t diff_of(const char *a, const char *b, char *out, size_t size)
{
	struct keys x = {}, y = {};
	char *pa = put("old", a, strlen(a)), *pb = put("new", b, strlen(b));
	FILE *f = fmemopen(out, size, "w");
	uint32_t high = 99;

	if (!keys_read(&x, pa) && !keys_read(&y, pb))
		high = keys_diff(f, &x, &y);
	fclose(f);
	rc_vec_free(&x);
	rc_vec_free(&y);
	free(pa);
	free(pb);
	return high;
}

static void test_diff(void)
{
	char out[1024];

	CHECK(diff_of("high\tlock\tr\ta -> b\t\nunknown\t4\n",
		      "high\tlock\ts\ta -> b\twaived\nunknown\t5\n", out, sizeof(out)) == 0);
	CHECK(!strcmp(out, "0 added (0 of the high tier), 0 removed\n"));
	CHECK(diff_of("low\tlock\tr\ta -> b\t\nhigh\twait\tr\tc -> d\t\n",
		      "high\tlock\tr\ta -> b\t\n", out, sizeof(out)) == 1);
	CHECK(strstr(out, "- high wait: c -> d (from r)\n"));
	CHECK(strstr(out, "+ high lock: a -> b (from r)\n"));
	CHECK(strstr(out, "- low lock: a -> b (from r)\n"));
	CHECK(diff_of("no report\n", "", out, sizeof(out)) == 99);
}

static void clean(void)
{
	static const char *const names[] = {
		TREE_MANIFEST, "a.o", "b.o", "t.a", "waivers", "old", "new",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char *path = in_dir(names[i]);

		unlink(path);
		free(path);
	}
	rmdir(dir);
}

int main(void)
{
	if (!mkdtemp(dir))
		return 2;
	test_prims();
	test_round_trip();
	test_damage();	/* and no messages from here on */
	test_tree();
	test_archive();
	test_waivers();
	test_diff();
	clean();
	rc_arena_free();
	printf("%d checks passed, %d failed\n", passed, failed);
	return failed || !passed;
}
