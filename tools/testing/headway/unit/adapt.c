// SPDX-License-Identifier: GPL-2.0-only
/* Fitting hunks to text that differs: types of locks, a vendor's lines. */
#include "adapt.h"
#include "locktype.h"
#include "patch.h"
#include "unit.h"
#include "vendorline.h"
#include "xalloc.h"

static struct line line_of(const char *s)
{
	return (struct line){ s, strlen(s) };
}

static void assert_same(const char *a, const char *b, bool want)
{
	struct line x = line_of(a), y = line_of(b);

	assert_int_equal(locktype_same(&x, &y), want);
	assert_int_equal(locktype_same(&y, &x), want);
}

static void same_but_for_the_lock(void **state)
{
	(void)state;
	assert_same("\tmutex_lock(&a);\n", "\trt_mutex_lock(&a);\n", true);
	assert_same("static DEFINE_MUTEX(a);\n", "static DEFINE_RT_MUTEX(a);\n", true);
	assert_same("\tstruct mutex a;\n", "\tstruct rt_mutex a;\n", true);
	assert_same("\tspin_unlock_irqrestore(&a, f);\n",
		    "\traw_spin_unlock_irqrestore(&a, f);\n", true);
	assert_same("\tspinlock_t a;\n", "\traw_spinlock_t a;\n", true);
	assert_same("\tmutex_lock(&a);\n", "\trt_mutex_lock(&b);\n", false);
	assert_same("\tmutex_lock(&a);\n", "\tspin_lock(&a);\n", false);
	assert_same("\tmutex_lock(&a);\n", "\trt_mutex_unlock(&a);\n", false);
	assert_same("\tmy_mutex_lock(&a);\n", "\tmy_rt_mutex_lock(&a);\n", false);
}

/* The line rewritten for @text, or "" if it stays. */
static void assert_rewritten(const char *text, const char *added,
			     const char *want, bool want_doubt)
{
	struct line l = line_of(added);
	struct hunk h = { .n_ops = 0 };
	char *doubt = NULL;
	struct image im;
	char *out;

	image_init(&im, text, strlen(text));
	out = locktype_rewrite(&im, &h, &l, &doubt);
	assert_string_equal(out ? out : "", want);
	assert_int_equal(!!doubt, want_doubt);
	free(doubt);
	free(out);
	image_free(&im);
}

static void takes_the_type_of_the_file(void **state)
{
	static const char rt[] = "static DEFINE_RT_MUTEX(a);\nDEFINE_MUTEX(b);\n";

	(void)state;
	assert_rewritten(rt, "\tmutex_lock(&a);\n", "\trt_mutex_lock(&a);\n", false);
	assert_rewritten(rt, "\tmutex_lock(&b);\n", "", false);
	assert_rewritten(rt, "\tmutex_lock(&c);\n", "", false);
	assert_rewritten("\tstruct rt_mutex lock;\n", "\tmutex_unlock(&p->q->lock);\n",
			 "\trt_mutex_unlock(&p->q->lock);\n", false);
	assert_rewritten("\traw_spin_lock(&d->l);\n", "\tspin_lock_irqsave(&d->l, f);\n",
			 "\traw_spin_lock_irqsave(&d->l, f);\n", false);
	/* The other way round, too. */
	assert_rewritten("\tmutex_lock(&a);\n", "\trt_mutex_unlock(&a);\n",
			 "\tmutex_unlock(&a);\n", false);
}

static void does_not_guess(void **state)
{
	(void)state;
	assert_rewritten("\tmutex_lock(&a);\n\trt_mutex_unlock(&a);\n",
			 "\tmutex_lock(&a);\n", "", true);
	/* Of another kind: neither side is right. */
	assert_rewritten("\tDEFINE_RT_MUTEX(a);\n", "\tspin_lock(&a);\n", "", true);
	assert_rewritten("\tdown_write(&a_lock);\n", "\tmutex_unlock(&a_lock);\n", "", true);
	assert_rewritten("static DECLARE_RWSEM(a_lock);\n", "\tmutex_unlock(&a_lock);\n", "", true);
	assert_rewritten("\trwlock_t a_lock;\n", "\tspin_lock(&p->a_lock);\n", "", true);
	assert_rewritten("\tdown_write(&b_lock);\n", "\tmutex_unlock(&a_lock);\n", "", false);
	/* Many locks are called so. */
	assert_rewritten("\tdown_write(&p->lock);\n", "\tmutex_unlock(&q->lock);\n", "", false);
}

static void assert_vendor(const char *text, size_t want)
{
	struct image im;

	image_init(&im, text, strlen(text));
	assert_int_equal(vendorline_at(&im, 0), want);
	image_free(&im);
}

static void knows_vendor_lines(void **state)
{
	(void)state;
	assert_vendor("\ttrace_android_vh_a(b);\n", 1);
	assert_vendor("\ttrace_android_rvh_a(b,\n\t\tc,\n\t\td);\n\tx();\n", 3);
	assert_vendor("#include <trace/hooks/sched.h>\n", 1);
	assert_vendor("\tANDROID_VENDOR_DATA_ARRAY(1, 2);\n", 1);
	assert_vendor("\tANDROID_KABI_RESERVE(1);\n", 1);
	assert_vendor("\ttrace_sched_a(b);\n", 0);
	assert_vendor("\tx = trace_android_vh_a(b);\n", 0);
	/* No end in sight: whatever it is, it is no call. */
	assert_vendor("\ttrace_android_vh_a(b,\n1,\n2,\n3,\n4,\n5,\n6);\n", 0);
}

/* Fit the one hunk of @diff to @text; the result, or NULL. */
static char *fit(const char *text, const char *hunk, struct adapt *a)
{
	char *diff = xasprintf("diff --git a/f b/f\n--- a/f\n+++ b/f\n%s", hunk);
	struct image im;
	struct patch p;
	struct hunk *h;
	char *out = NULL;
	size_t len;
	long off;

	assert_int_equal(patch_parse("TEST", diff, strlen(diff), &p), 0);
	image_init(&im, text, strlen(text));
	h = adapt_hunk(a, &im, &p.files[0].hunks[0], "f");
	if (h && hunk_apply(&im, h, false, &off))
		out = image_text(&im, &len);
	image_free(&im);
	adapt_hunk_free(h);
	patch_free(&p);
	free(diff);
	return out;
}

static void assert_fits(const char *text, const char *hunk, const char *want,
			size_t notes)
{
	struct adapt a = { 0 };
	char *out = fit(text, hunk, &a);

	assert_non_null(out);
	assert_string_equal(out, want);
	assert_int_equal(a.notes.n, notes);
	free(out);
	adapt_free(&a);
}

static void assert_unfit(const char *text, const char *hunk)
{
	struct adapt a = { 0 };

	assert_null(fit(text, hunk, &a));
	assert_int_equal(a.notes.n, 0);
	adapt_free(&a);
}

#define ADD	"@@ -2,3 +2,4 @@\n b\n mutex_lock(&l);\n+new\n c\n"

static void fits_what_it_knows(void **state)
{
	(void)state;
	assert_fits("a\nb\nrt_mutex_lock(&l);\nc\nd\n", ADD,
		    "a\nb\nrt_mutex_lock(&l);\nnew\nc\nd\n", 1);
	assert_fits("a\nb\n\ttrace_android_vh_x(y);\n\nmutex_lock(&l);\nc\nd\n", ADD,
		    "a\nb\n\ttrace_android_vh_x(y);\n\nmutex_lock(&l);\nnew\nc\nd\n", 1);
	/* A hook at the place of the new line: the line goes before it. */
	assert_fits("a\nb\nmutex_lock(&l);\n\ttrace_android_vh_x(y);\nc\nd\n", ADD,
		    "a\nb\nmutex_lock(&l);\nnew\n\ttrace_android_vh_x(y);\nc\nd\n", 1);
}

static void refuses_the_rest(void **state)
{
	(void)state;
	assert_unfit("a\nb\nmutex_lock(&m);\nc\nd\n", ADD);
	assert_unfit("a\nb\nx();\nmutex_lock(&l);\nc\nd\n", ADD);
	assert_unfit("a\nb\ntrace_other(y);\nmutex_lock(&l);\nc\nd\n", ADD);
	/* Two places. */
	assert_unfit("a\nb\nrt_mutex_lock(&l);\nc\nd\nb\nrt_mutex_lock(&l);\nc\ne\n", ADD);
	/* A hook between two lines that go away. */
	assert_unfit("a\nb\n\ttrace_android_vh_x(y);\nc\nd\n",
		     "@@ -1,4 +1,2 @@\n a\n-b\n-c\n d\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(same_but_for_the_lock),
		UNIT(takes_the_type_of_the_file),
		UNIT(does_not_guess),
		UNIT(knows_vendor_lines),
		UNIT(fits_what_it_knows),
		UNIT(refuses_the_rest),
	};

	return cmocka_run_group_tests_name("adapt", tests, NULL, NULL);
}
