// SPDX-License-Identifier: GPL-2.0-only
/*
 * "reclaimcheck build": the kernel's own build with reclaimcheck-cc for its
 * compiler, and the list of what came of it.
 */
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tree.h"

struct args RC_VEC_OF(char *);

static void arg(struct args *a, char *s)
{
	rc_push(a, s);
}

static void args_free(struct args *a)
{
	for (uint32_t i = 0; i < a->n; i++)
		free(a->v[i]);
	rc_vec_free(a);
}

/*
 * Waits for @pid, and passes on that this is to end: make stops what it has begun. The
 * signals of @watched are blocked. Return: the signal that came, or 0.
 */
static int wait_for(pid_t pid, const sigset_t *watched, int *status)
{
	int sig, killed_by = 0;

	while (!waitpid(pid, status, WNOHANG)) {
		sig = sigwaitinfo(watched, NULL);
		if (sig == SIGTERM) {
			killed_by = sig;
			kill(pid, sig);
		}
	}
	return killed_by;
}

static int execute(struct args *a)
{
	int status = -1, err, killed_by = 0;
	sigset_t watched, before;
	posix_spawnattr_t attr;
	pid_t pid;

	rc_push(a, NULL);
	sigemptyset(&watched);
	sigaddset(&watched, SIGCHLD);
	sigaddset(&watched, SIGTERM);
	sigprocmask(SIG_BLOCK, &watched, &before);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigmask(&attr, &before);
	err = posix_spawnp(&pid, a->v[0], NULL, &attr, a->v, environ);
	posix_spawnattr_destroy(&attr);
	if (!err)
		killed_by = wait_for(pid, &watched, &status);
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (killed_by)
		raise(killed_by);
	if (err) {
		errno = err;
		return rc_errno("%s", a->v[0]);
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return rc_error("the kernel's build failed; mend that and run this again");
	return 0;
}

/* reclaimcheck-cc lies beside this program. */
static char *compiler(const struct build_opts *o)
{
	char self[4096], *slash, *cc;
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n <= 0)
		return NULL;
	self[n] = 0;
	slash = strrchr(self, '/');
	*slash = 0;
	cc = rc_printf("%s%s%s/reclaimcheck-cc", o->prefix ? o->prefix : "",
		       o->prefix ? " " : "", self);
	return cc;
}

/*
 * ccache knows a compiler by its name, and refuses the options of one that it does
 * not know. What it takes is whatever clang takes; the list of headers that Kbuild
 * asks for saves it the preprocessor. Who set these already means it.
 */
static void set_up_ccache(const char *prefix)
{
	const char *end, *name;

	if (!prefix)
		return;
	end = prefix + strcspn(prefix, " ");
	for (name = end; name > prefix && name[-1] != '/'; name--)
		;
	if (end - name != 6 || strncmp(name, "ccache", 6))
		return;
	setenv("CCACHE_COMPILERTYPE", "clang", 0);
	setenv("CCACHE_DEPEND", "1", 0);
}

static void make_args(const struct build_opts *o, const char *cc, struct args *a)
{
	arg(a, rc_printf("make"));
	arg(a, rc_printf("-C"));
	arg(a, rc_printf("%s", o->kdir));
	arg(a, rc_printf("-j%s", o->jobs ? o->jobs : "1"));
	arg(a, rc_printf("ARCH=%s", o->arch ? o->arch : "arm64"));
	arg(a, rc_printf("LLVM=-19"));
	arg(a, rc_printf("CC=%s", cc));
	arg(a, rc_printf("KBUILD_BUILD_TIMESTAMP=0"));
	if (!o->verbose)
		arg(a, rc_printf("-s"));
	if (o->keep_going)
		arg(a, rc_printf("-k"));
}

static bool older(const char *file, const char *than)
{
	struct stat a, b;

	if (stat(file, &a))
		return true;
	return !stat(than, &b) && a.st_mtime < b.st_mtime;
}

static int configure(const struct build_opts *o, const char *cc)
{
	char *config = rc_printf("%s/.config", o->kdir), *full = NULL;
	struct args a = {};
	int ret = 0;

	if (!o->fragment)
		goto out;
	full = realpath(o->fragment, NULL);
	if (!full) {
		ret = rc_errno("%s", o->fragment);
		goto out;
	}
	if (!older(config, full))
		goto out;
	make_args(o, cc, &a);
	arg(&a, rc_printf("KCONFIG_ALLCONFIG=%s", full));
	arg(&a, rc_printf("allnoconfig"));
	ret = execute(&a);
out:
	args_free(&a);
	free(full);
	free(config);
	return ret;
}

static int exists(const char *top, const char *file)
{
	char *path = rc_printf("%s/%s", top, file);
	int ret = !access(path, R_OK);

	free(path);
	return ret;
}

static int list(const struct build_opts *o, struct objects *objs)
{
	static const char *const whole[] = { "built-in.a", "lib/lib.a", "arch/arm64/lib/lib.a" };
	static const char *const of_dir[] = { "built-in.a", "lib.a" };

	if (!o->ntarget) {
		for (size_t i = 0; i < sizeof(whole) / sizeof(*whole); i++)
			if (exists(o->kdir, whole[i]) && thin_archive(o->kdir, whole[i], objs))
				return -1;
		return 0;
	}
	for (int i = 0; i < o->ntarget; i++) {
		size_t n = strlen(o->target[i]);

		if (!n || o->target[i][n - 1] != '/') {
			rc_push(&objs->path, rc_printf("%s", o->target[i]));
			continue;
		}
		for (size_t k = 0; k < sizeof(of_dir) / sizeof(*of_dir); k++) {
			char *ar = rc_printf("%s%s", o->target[i], of_dir[k]);
			int ret = exists(o->kdir, ar) ? thin_archive(o->kdir, ar, objs) : 0;

			free(ar);
			if (ret)
				return -1;
		}
	}
	return 0;
}

static int manifest(const struct build_opts *o, const struct objects *objs, bool complete)
{
	char *path = rc_printf("%s/%s", o->kdir, TREE_MANIFEST), *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);
	int ret;

	fprintf(f, "%s %u\n", complete ? "complete" : "unfinished", SK_VERSION);
	for (uint32_t i = 0; complete && i < objs->path.n; i++)
		fprintf(f, "%s\n", objs->path.v[i]);
	fclose(f);
	ret = rc_write_file(path, text, len);
	free(text);
	free(path);
	return ret;
}

/* What was not made again must not pass for what the sources say. */
static void drop_old(const struct build_opts *o, const struct objects *objs)
{
	for (uint32_t i = 0; i < objs->path.n; i++) {
		char *path;

		if (!tree_object_is_old(o->kdir, objs->path.v[i]))
			continue;
		path = rc_printf("%s/%s", o->kdir, objs->path.v[i]);
		unlink(path);
		free(path);
	}
}

/* Kbuild makes only these; what the tree consists of stays as it is. */
static int build_objects(const struct build_opts *o, const struct objects *objs)
{
	struct args a = {};
	char *cc = compiler(o);
	int ret = -1;

	if (!objs->path.n) {
		puts("nothing has changed");
		ret = 0;
		goto out;
	}
	if (!cc)
		goto out;
	make_args(o, cc, &a);
	for (uint32_t i = 0; i < objs->path.n; i++)
		arg(&a, rc_printf("%s", objs->path.v[i]));
	ret = execute(&a);
	if (!ret)
		printf("%u objects made again\n", objs->path.n);
	else
		drop_old(o, objs);
out:
	args_free(&a);
	free(cc);
	return ret;
}

static int build_all(const struct build_opts *o)
{
	struct objects objs = {};
	char *cc = compiler(o);
	struct args a = {};
	int ret = -1;

	if (!cc || manifest(o, &objs, false) || configure(o, cc))
		goto out;
	make_args(o, cc, &a);
	/* Kbuild's own name of everything but the final link. */
	if (!o->ntarget)
		arg(&a, rc_printf("."));
	for (int i = 0; i < o->ntarget; i++)
		arg(&a, rc_printf("%s", o->target[i]));
	if (execute(&a) || list(o, &objs))
		goto out;
	ret = manifest(o, &objs, true);
	if (!ret)
		printf("%u objects\n", objs.path.n);
out:
	args_free(&a);
	objects_free(&objs);
	free(cc);
	return ret;
}

int tree_build(const struct build_opts *o)
{
	struct objects objs = {};
	int ret = 1;

	set_up_ccache(o->prefix);
	if (o->changed)
		ret = tree_changed(o->kdir, &objs);
	if (o->changed && ret > 0)
		fprintf(stderr, "reclaimcheck: more than a few objects changed: all is built\n");
	if (!ret)
		ret = build_objects(o, &objs);
	else if (ret > 0)
		ret = build_all(o);
	objects_free(&objs);
	return ret;
}
