// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs the corpus: each file says in a comment what must be found in it.
 *
 *   // expect: nothing
 *   // expect: reclaim|wait|lock|leak CALLER -> CALLEE [release|resume|low]
 *   // expect: unknown N
 *
 * Nothing more may be found, and nothing less. Behind a lock "@HOLDER:CALLEE" may say who
 * holds it; each holder is a line then, of all locks of the file.
 *
 * usage: corpus BINDIR CORPUSDIR [FILE...]
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX 64

struct lines {
	char *v[MAX];
	int n;
	bool holders;	/* who holds a lock is said */
	int unknown;	/* -1: not said */
};

static void add(struct lines *l, const char *s)
{
	if (l->n < MAX)
		l->v[l->n++] = strdup(s);
}

static void drop(struct lines *l)
{
	while (l->n)
		free(l->v[--l->n]);
}

static void chomp(char *s)
{
	s[strcspn(s, "\r\n")] = 0;
}

static int expected(const char *path, struct lines *l)
{
	FILE *f = fopen(path, "r");
	char buf[512], want[256];
	bool any = false;

	if (!f)
		return -1;
	l->unknown = -1;
	while (fgets(buf, sizeof(buf), f)) {
		char *p = strstr(buf, "// expect: ");

		if (!p)
			continue;
		any = true;
		chomp(p);
		p += 11;
		if (!strncmp(p, "unknown ", 8)) {
			l->unknown = atoi(p + 8);
		} else if (strcmp(p, "nothing")) {
			size_t n = strlen(p);
			bool tier = (n > 8 && !strcmp(p + n - 8, " release")) ||
				    (n > 7 && !strcmp(p + n - 7, " resume")) ||
				    (n > 4 && !strcmp(p + n - 4, " low"));

			l->holders |= !!strchr(p, '@');
			snprintf(want, sizeof(want), "%.200s%s", p, tier ? "" : " high");
			add(l, want);
		}
	}
	fclose(f);
	return any ? 0 : -1;
}

/* The exit status of a child, its output in @out if that is not NULL. */
static int run(char *const argv[], FILE **out)
{
	int fds[2], status;
	pid_t pid;

	if (out && pipe(fds))
		return -1;
	fflush(stdout);
	pid = fork();
	if (!pid) {
		if (out) {
			dup2(fds[1], 1);
			close(fds[0]);
			close(fds[1]);
		}
		execv(argv[0], argv);
		_exit(127);
	}
	if (out) {
		close(fds[1]);
		*out = fdopen(fds[0], "r");
		return pid;
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* One line of --porcelain: TIER \t KIND \t ROOT \t EDGE, or "unknown \t N". */
static void take(char *line, struct lines *l)
{
	char *tier = line, *kind, *root, *edge, buf[1100], *at;

	kind = strchr(tier, '\t');
	if (!kind)
		return;
	*kind++ = 0;
	if (!strcmp(tier, "unknown")) {
		l->unknown = atoi(kind);
		return;
	}
	root = strchr(kind, '\t');
	edge = root ? strchr(root + 1, '\t') : NULL;
	if (!edge)
		return;
	*root = 0;
	*edge++ = 0;
	at = l->holders ? NULL : strchr(edge, '@');
	if (at)
		*at = 0;
	edge[strcspn(edge, "\t")] = 0;
	snprintf(buf, sizeof(buf), "%s %s %s", kind, edge, tier);
	add(l, buf);
}

static int found(const char *bin, const char *src, const char *obj, struct lines *l)
{
	char cc[512], rc[512], buf[1024];
	char *compile[] = { cc, "-O2", "-g", "-std=gnu11", "-ffreestanding", "-w", "-c",
			    (char *)src, "-o", (char *)obj, NULL };
	char *report[] = { rc, "report", "--porcelain", (char *)obj, NULL };
	FILE *out;
	int status;

	snprintf(cc, sizeof(cc), "%s/reclaimcheck-cc", bin);
	snprintf(rc, sizeof(rc), "%s/reclaimcheck", bin);
	l->unknown = 0;
	if (run(compile, NULL))
		return -1;
	if (run(report, &out) < 0)
		return -1;
	while (fgets(buf, sizeof(buf), out)) {
		chomp(buf);
		take(buf, l);
	}
	fclose(out);
	wait(&status);
	return WIFEXITED(status) && WEXITSTATUS(status) <= 1 ? 0 : -1;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool same(struct lines *a, struct lines *b)
{
	bool ok = a->n == b->n && (a->unknown < 0 || a->unknown == b->unknown);

	qsort(a->v, a->n, sizeof(*a->v), by_text);
	qsort(b->v, b->n, sizeof(*b->v), by_text);
	for (int i = 0; ok && i < a->n; i++)
		ok = !strcmp(a->v[i], b->v[i]);
	return ok;
}

static bool test(const char *bin, const char *dir, const char *file, const char *obj)
{
	struct lines want = {}, got = {};
	char path[1024];
	bool ok = false;
	int said;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	said = expected(path, &want);
	got.holders = want.holders;
	if (said) {
		printf("not ok %s: says nothing of what it expects\n", file);
	} else if (found(bin, path, obj, &got)) {
		printf("not ok %s: does not compile, or cannot be read\n", file);
	} else if (!same(&want, &got)) {
		printf("not ok %s\n", file);
		for (int i = 0; i < want.n; i++)
			printf("  expected: %s\n", want.v[i]);
		for (int i = 0; i < got.n; i++)
			printf("  found:    %s\n", got.v[i]);
		if (want.unknown >= 0)
			printf("  unknown: expected %d, found %d\n", want.unknown, got.unknown);
	} else {
		printf("ok %s\n", file);
		ok = true;
	}
	drop(&want);
	drop(&got);
	return ok;
}

static int is_c(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n > 2 && !strcmp(d->d_name + n - 2, ".c");
}

int main(int argc, char **argv)
{
	char obj[] = "/tmp/reclaimcheck-corpus.XXXXXX";
	struct dirent **files;
	int n, bad = 0, all = 0, fd;

	if (argc < 3) {
		fputs("usage: corpus BINDIR CORPUSDIR [FILE...]\n", stderr);
		return 2;
	}
	fd = mkstemp(obj);
	if (fd < 0)
		return 2;
	close(fd);
	n = scandir(argv[2], &files, is_c, alphasort);
	for (int i = 0; i < n; i++) {
		bool wanted = argc == 3;

		for (int k = 3; k < argc; k++)
			wanted |= !strcmp(argv[k], files[i]->d_name);
		if (wanted) {
			all++;
			bad += !test(argv[1], argv[2], files[i]->d_name, obj);
		}
		free(files[i]);
	}
	if (n >= 0)
		free(files);
	unlink(obj);
	printf("%d files, %d failed\n", all, bad);
	return bad || !all;
}
