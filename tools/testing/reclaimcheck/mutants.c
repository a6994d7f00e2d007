// SPDX-License-Identifier: GPL-2.0-only
/*
 * Seeded mutants: defects put into the kernel's own code, one at a time, which
 * reclaimcheck must see; and mended ones, which it must not.
 *
 *   alloc    an allocation right behind mutex_lock(): the function holds it
 *   gfp      GFP_ATOMIC or GFP_NOWAIT becomes GFP_KERNEL: it enters reclaim
 *   lock     as alloc, in another function of the file: this one blocks on it
 *   scope    (clears) as alloc, within memalloc_noreclaim_save()
 *   before   (clears) the allocation right before mutex_lock()
 *   trylock  (clears) as lock, and this function only tries
 *   nowait   (clears) GFP_KERNEL becomes GFP_NOWAIT, where that is seen to matter
 *
 * The kinds take turns, as far as there are places for them.
 *
 * usage: mutants BINDIR KDIR N SEED FILE.c...
 *
 * KDIR is a tree that reclaimcheck-cc has built; nothing in it is changed but
 * for a file beside the mutated one that is removed again.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum kind { ALLOC, GFP, LOCK, SCOPE, BEFORE, TRYLOCK, NOWAIT, NKINDS };

static const char *const kind_name[] = {
	"alloc", "gfp", "lock", "scope", "before", "trylock", "nowait",
};

struct site {
	const char *file;
	char fn[128];
	char lock[64];	/* the argument of mutex_lock() */
	int line;	/* from 0 */
	int other;	/* lock, trylock: the line that gets the allocation */
	enum kind kind;
};

static struct site *sites;
static size_t nsites, cap;
static size_t kinds[NKINDS];	/* how many sites are left */
static uint64_t state;

/* xorshift: the same numbers on every machine. */
static uint64_t rnd(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static struct site *add(const char *file, const char *fn, int line, enum kind kind)
{
	if (nsites == cap) {
		cap = cap ? cap * 2 : 256;
		sites = realloc(sites, cap * sizeof(*sites));
		if (!sites)
			exit(2);
	}
	sites[nsites] = (struct site){ .file = file, .line = line, .kind = kind };
	snprintf(sites[nsites].fn, sizeof(sites->fn), "%s", fn);
	kinds[kind]++;
	return &sites[nsites++];
}

/* Two functions of a file that take a lock by the same words. */
static void add_pairs(const char *file, size_t from)
{
	size_t end = nsites;

	for (size_t i = from; i < end; i++) {
		if (sites[i].kind != ALLOC)
			continue;
		for (size_t k = from; k < end; k++) {
			if (sites[k].kind != ALLOC || strcmp(sites[i].lock, sites[k].lock) ||
			    !strcmp(sites[i].fn, sites[k].fn))
				continue;
			add(file, sites[i].fn, sites[i].line, LOCK)->other = sites[k].line;
			add(file, sites[i].fn, sites[i].line, TRYLOCK)->other = sites[k].line;
			break;
		}
	}
}

/* The name in "static int foo(struct bar *b)" at the beginning of a line. */
static bool function_name(const char *s, char *name, size_t size)
{
	const char *open = strchr(s, '('), *from;

	if (!isalpha((unsigned char)*s) || !open || strchr(s, ';') || strchr(s, '=') ||
	    !strncmp(s, "DEFINE", 6) || !strncmp(s, "module_", 7))
		return false;
	from = open;
	while (from > s && (isalnum((unsigned char)from[-1]) || from[-1] == '_'))
		from--;
	if (from == open)
		return false;
	snprintf(name, size, "%.*s", (int)(open - from), from);
	return true;
}

static void scan(const char *kdir, const char *file)
{
	char path[4096], buf[1024], fn[128] = "", *p;
	size_t from = nsites;
	FILE *f;
	int line = 0;

	snprintf(path, sizeof(path), "%s/%s", kdir, file);
	f = fopen(path, "r");
	if (!f) {
		perror(path);
		exit(2);
	}
	for (; fgets(buf, sizeof(buf), f); line++) {
		char name[128];

		if (function_name(buf, name, sizeof(name)))
			snprintf(fn, sizeof(fn), "%s", name);
		if (*buf == '}')
			*fn = 0;
		for (p = buf; *p == '\t'; p++)
			;
		if (!*fn || p == buf)
			continue;
		if (!strncmp(p, "mutex_lock(", 11) && strstr(p, ");")) {
			struct site *s = add(file, fn, line, ALLOC);

			snprintf(s->lock, sizeof(s->lock), "%.*s", (int)strcspn(p + 11, ";") - 1,
				 p + 11);
			add(file, fn, line, SCOPE);
			add(file, fn, line, BEFORE);
		}
		if (strstr(p, "GFP_ATOMIC)") || strstr(p, "GFP_NOWAIT)"))
			add(file, fn, line, GFP);
		if (strstr(p, "GFP_KERNEL)"))
			add(file, fn, line, NOWAIT);
	}
	fclose(f);
	add_pairs(file, from);
}

static void put_gfp(FILE *out, char *s)
{
	char *p = strstr(s, "GFP_ATOMIC)");

	if (!p)
		p = strstr(s, "GFP_NOWAIT)");
	fprintf(out, "%.*sGFP_KERNEL%s", (int)(p - s), s, p + 10);
}

static void put_nowait(FILE *out, char *s)
{
	char *p = strstr(s, "GFP_KERNEL)");

	fprintf(out, "%.*sGFP_NOWAIT%s", (int)(p - s), s, p + 10);
}

/* The line is the only statement under an if: braces keep the two together. */
static void put(FILE *out, char *s, enum kind kind)
{
	switch (kind) {
	case ALLOC:
		fprintf(out, "{ %.*s might_alloc(GFP_KERNEL); }\n", (int)strcspn(s, "\n"), s);
		break;
	case BEFORE:
		fprintf(out, "{ might_alloc(GFP_KERNEL); %.*s }\n", (int)strcspn(s, "\n"), s);
		break;
	case SCOPE:
		fprintf(out, "{ unsigned int rc_flags; %.*s rc_flags = memalloc_noreclaim_save(); might_alloc(GFP_KERNEL); memalloc_noreclaim_restore(rc_flags); }\n",
			(int)strcspn(s, "\n"), s);
		break;
	case TRYLOCK:
		s = strchr(s, '(');
		fprintf(out, "{ (void)mutex_trylock%.*s }\n", (int)strcspn(s, "\n"), s);
		break;
	case NOWAIT:
		put_nowait(out, s);
		break;
	case GFP:
		put_gfp(out, s);
		break;
	default:
		fputs(s, out);
		break;
	}
}

/* Writes the file with its mutation to @to; without it if @plain. */
static int mutate(const char *kdir, const struct site *m, const char *to, bool plain)
{
	char path[4096], buf[4096];
	FILE *in, *out;

	snprintf(path, sizeof(path), "%s/%s", kdir, m->file);
	in = fopen(path, "r");
	out = fopen(to, "w");
	if (!in || !out)
		return -1;
	fprintf(out, "#include <linux/sched/mm.h>\n");
	for (int line = 0; fgets(buf, sizeof(buf), in); line++) {
		if (line == m->line && !plain)
			put(out, buf, m->kind);
		else if ((m->kind == LOCK || m->kind == TRYLOCK) && line == m->other)
			put(out, buf, ALLOC);
		else
			fputs(buf, out);
	}
	fclose(in);
	return fclose(out);
}

/* The command that built an object, from Kbuild's record of it. */
static bool command(const char *kdir, const char *file, char *buf, size_t size)
{
	const char *slash = strrchr(file, '/');
	char path[4096];
	FILE *f;
	char *eq, *end;

	snprintf(path, sizeof(path), "%s/%.*s.%.*s.o.cmd", kdir, (int)(slash + 1 - file), file,
		 (int)(strlen(slash + 1) - 2), slash + 1);
	f = fopen(path, "r");
	if (!f || !fgets(buf, (int)size, f)) {
		if (f)
			fclose(f);
		return false;
	}
	fclose(f);
	eq = strstr(buf, " := ");
	if (!eq)
		return false;
	memmove(buf, eq + 4, strlen(eq + 4) + 1);
	end = strstr(buf, " -c -o ");
	if (!end)
		return false;
	*end = 0;
	/* The compiler is ours, whatever path or prefix (ccache) it was called by. */
	end = strstr(buf, "reclaimcheck-cc ");
	if (!end)
		return false;
	end = strchr(end, ' ');
	memmove(buf, end, strlen(end) + 1);
	return true;
}

static char *output(const char *cmd)
{
	static char buf[65536];
	FILE *f = popen(cmd, "r");
	size_t n = f ? fread(buf, 1, sizeof(buf) - 1, f) : 0;

	buf[n] = 0;
	if (f)
		pclose(f);
	return buf;
}

/* What "reclaimcheck why" says of the function; NULL: the mutant does not compile. */
static char *explain(const char *bin, const char *kdir, const struct site *m, const char *extra,
		     bool plain)
{
	static char cmd[65536], args[60000];
	char src[4096], obj[] = "/tmp/mutant.XXXXXX.o";
	const char *slash = strrchr(m->file, '/');
	char *out = NULL;
	int fd;

	if (!command(kdir, m->file, args, sizeof(args)))
		return NULL;
	fd = mkstemps(obj, 2);
	if (fd < 0)
		return NULL;
	close(fd);
	snprintf(src, sizeof(src), "%s/%.*srcmutant.c", kdir, (int)(slash + 1 - m->file), m->file);
	if (mutate(kdir, m, src, plain))
		return NULL;
	snprintf(cmd, sizeof(cmd), "cd %s && %s/reclaimcheck-cc %s -w -c -o %s %.*srcmutant.c 2>/dev/null",
		 kdir, bin, args, obj, (int)(slash + 1 - m->file), m->file);
	if (!system(cmd)) {
		snprintf(cmd, sizeof(cmd), "cd %s && %s/reclaimcheck why %s %s %s 2>&1", kdir, bin,
			 m->fn, obj, extra);
		out = output(cmd);
	}
	unlink(src);
	unlink(obj);
	return out;
}

/*
 * Is the mutated line a step of the explanation, with these words? Not of what is
 * said to be unsure: GFP flags that go through a mask nobody knows.
 */
static bool at_line(const char *out, const struct site *m, const char *words)
{
	char place[64], line[1024];
	bool unsure = false;

	/* One line was put before the file's own. */
	snprintf(place, sizeof(place), "rcmutant.c:%d:", m->line + 2);
	for (const char *s = out; *s; s += strcspn(s, "\n"), s += *s == '\n') {
		snprintf(line, sizeof(line), "%.*s", (int)strcspn(s, "\n"), s);
		if (strstr(line, "enters direct reclaim") || strstr(line, "() blocks on a lock"))
			unsure = strstr(line, "(unsure)");
		if (!unsure && strstr(line, place) && strstr(line, words))
			return true;
	}
	return false;
}

/* 1: as it should be, 0: not, -1: no mutant (it does not compile, or says nothing). */
static int judge(const char *bin, const char *kdir, const struct site *m, const char *extra)
{
	bool clears = m->kind == TRYLOCK || m->kind == NOWAIT, seen;
	const char *words = m->kind == NOWAIT ? "calls" : "blocks on";
	char *out;

	/* What is cleared must have been seen before. */
	if (clears) {
		out = explain(bin, kdir, m, extra, true);
		if (!out || !at_line(out, m, words))
			return -1;
	}
	out = explain(bin, kdir, m, extra, false);
	if (!out)
		return -1;
	switch (m->kind) {
	case ALLOC:
		return strstr(out, "holding ") && strstr(out, "might_alloc");
	case GFP:
		return !!strstr(out, "enters direct reclaim");
	case LOCK:
		return at_line(out, m, "blocks on");
	case TRYLOCK:
	case NOWAIT:
		return !at_line(out, m, words);
	default:
		/* Nothing of ours under the lock. */
		for (seen = true; (out = strstr(out, "holding ")); out++)
			if (strstr(out, "might_alloc") &&
			    strstr(out, "might_alloc") < out + strcspn(out, "\n"))
				seen = false;
		return seen;
	}
}

/* A site of the next kind that has any; the kinds take turns. */
static bool draw(struct site *m)
{
	static int turn;
	size_t nth;
	int tries = NKINDS;

	while (tries-- && !kinds[turn % NKINDS])
		turn++;
	if (!kinds[turn % NKINDS])
		return false;
	nth = rnd() % kinds[turn % NKINDS];
	for (size_t i = 0; i < nsites; i++) {
		if (sites[i].kind != (enum kind)(turn % NKINDS) || nth--)
			continue;
		*m = sites[i];
		sites[i] = sites[--nsites];
		kinds[m->kind]--;
		turn++;
		return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	/* The allocators, so that flags lead somewhere. */
	static const char extra[] = "mm/slub.o mm/slab_common.o mm/page_alloc.o mm/util.o";
	int total[NKINDS] = {}, good[NKINDS] = {}, want, tried = 0, all = 0, ok = 0;

	if (argc < 6) {
		fputs("usage: mutants BINDIR KDIR N SEED FILE.c...\n", stderr);
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	want = atoi(argv[3]);
	state = strtoull(argv[4], NULL, 10) * 2654435761u + 1;
	for (int i = 5; i < argc; i++)
		scan(argv[2], argv[i]);
	while (all < want) {
		struct site m;
		int r;

		if (!draw(&m))
			break;
		tried++;
		r = judge(argv[1], argv[2], &m, extra);
		if (r < 0)
			continue;
		all++;
		ok += r;
		total[m.kind]++;
		good[m.kind] += r;
		if (!r)
			printf("missed: %s %s:%d %s()\n", kind_name[m.kind], m.file,
			       m.line + 1, m.fn);
	}
	for (int k = 0; k < NKINDS; k++)
		printf("%s: %d of %d\n", kind_name[k], good[k], total[k]);
	printf("%d mutants (%d tried), %d as they should be\n", all, tried, ok);
	free(sites);
	return all < want || ok * 100 < all * 95;
}
