// SPDX-License-Identifier: GPL-2.0-only
/* reclaimcheck: lockdep at compile time. The command line. */
#include <getopt.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "diff.h"
#include "order.h"
#include "print.h"
#include "tree.h"
#include "waive.h"
#include "within.h"

static const char usage[] =
"usage: reclaimcheck build [OPTION...] KDIR [DIR/...]\n"
"       reclaimcheck report [OPTION...] KDIR|FILE.o...\n"
"       reclaimcheck diff OLD NEW\n"
"       reclaimcheck why [--partial] NAME KDIR|FILE.o...\n"
"       reclaimcheck lockdep [OPTION...] COPY KDIR|FILE.o...\n"
"\n"
"build: builds a kernel tree, or some of its directories, for analysis\n"
"  -j N             that many compilers at a time\n"
"  --arch ARCH      the kernel's architecture (arm64)\n"
"  --fragment FILE  configures the tree: allnoconfig and this fragment\n"
"  --prefix CMD     runs the compiler through CMD (distcc, icecc, ccache)\n"
"  --changed        only objects that are older than their sources, if that can be told\n"
"  --keep-going     all that compiles, though something does not: report --partial\n"
"  --verbose        what make does\n"
"\n"
"report: what the fence signalling paths reach that they must not\n"
"  --waivers FILE   findings that are accepted\n"
"  --within FILE    it has source files: what has no step in one is elsewhere\n"
"  --all            the low tier, and every witness\n"
"  --partial        what a build has left, though it did not finish\n"
"  --porcelain      a line a finding, for scripts and for diff\n"
"  --json, --sarif  for programs\n"
"  --graph N        finding N of the text report as SVG\n"
"  --stats          time and memory on stderr\n"
"\n"
"diff: what NEW has that OLD has not; each a tree or a report of --porcelain\n"
"\n"
"why: why a function or a lock (\"devfreq.lock\") is bad, or that it is not\n"
"\n"
"lockdep: is each dependency in a COPY of /proc/lockdep, of a run of this very\n"
"kernel, in the order of locks that its code has?\n"
"  --except FILE    dependencies that need not be: FROM -> TO | REASON\n"
"  --all            those that are there, too\n"
"  --partial        as above\n"
"\n"
"Exit codes: 0 nothing of the high tier unwaived (diff: added), 1 something,\n"
"2 usage, 3 input, 4 machine.\n";

enum form { TEXT, PORCELAIN, JSON, SARIF, GRAPH };

struct opts {
	struct print_opts print;
	enum form form;
	bool partial, stats;
	uint32_t graph;
	struct waivers waivers;
	struct rc_strings within;
};

struct session {
	struct prog p;
	struct objects o;
	struct findings fs;
};

/* Everything but what is of reclaim. */
static int link_up(struct session *s, char **path, int n, bool partial)
{
	for (int i = 0; i < n; i++)
		if (tree_objects(path[i], partial, &s->o))
			return -1;
	if (tree_load(&s->p, &s->o))
		return -1;
	prog_link(&s->p);
	resolve(&s->p);
	flow(&s->p);
	return 0;
}

static int load(struct session *s, char **path, int n, bool partial, struct waivers *w)
{
	if (link_up(s, path, n, partial))
		return -1;
	if (w)
		waivers_assume(w, &s->p);
	solve(&s->p);
	return 0;
}

static void find(struct session *s)
{
	find_roots(&s->p, &s->fs);
	find_all(&s->p, &s->fs);
	find_leaks(&s->p, &s->fs);
	findings_group(&s->p, &s->fs);
}

static void end(struct session *s)
{
	findings_free(&s->fs);
	prog_free(&s->p);
	objects_free(&s->o);
}

static int bad_usage(void)
{
	fputs(usage, stderr);
	return RC_USAGE;
}

static int print(struct session *s, struct opts *o)
{
	switch (o->form) {
	case PORCELAIN:
		print_porcelain(stdout, &s->p, &s->fs);
		return 0;
	case JSON:
		print_json(stdout, &s->p, &s->fs);
		return 0;
	case SARIF:
		print_sarif(stdout, &s->p, &s->fs);
		return 0;
	case GRAPH:
		if (!o->graph || o->graph > s->fs.v.n)
			return rc_error("there is no finding %u", o->graph);
		return print_graph(&s->p, &s->fs.v.v[o->graph - 1]);
	default:
		print_text(stdout, &s->p, &s->fs, &o->print);
		return 0;
	}
}

static int report_options(int argc, char **argv, struct opts *o)
{
	static const struct option options[] = {
		{ "all", no_argument, NULL, 'a' },
		{ "partial", no_argument, NULL, 'p' },
		{ "porcelain", no_argument, NULL, 'P' },
		{ "json", no_argument, NULL, 'j' },
		{ "sarif", no_argument, NULL, 's' },
		{ "graph", required_argument, NULL, 'g' },
		{ "waivers", required_argument, NULL, 'w' },
		{ "within", required_argument, NULL, 'i' },
		{ "stats", no_argument, NULL, 't' },
		{}
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'a':
			o->print.all = true;
			break;
		case 'p':
			o->partial = true;
			break;
		case 'P':
			o->form = PORCELAIN;
			break;
		case 'j':
			o->form = JSON;
			break;
		case 's':
			o->form = SARIF;
			break;
		case 'g':
			o->form = GRAPH;
			o->graph = (uint32_t)strtoul(optarg, NULL, 10);
			break;
		case 'w':
			if (waivers_read(&o->waivers, optarg))
				return RC_INPUT;
			break;
		case 'i':
			if (within_read(&o->within, optarg))
				return RC_INPUT;
			break;
		case 't':
			o->stats = true;
			break;
		default:
			return RC_USAGE;
		}
	}
	return optind == argc ? bad_usage() : RC_OK;
}

static int cmd_report(int argc, char **argv)
{
	struct session s = {};
	struct opts o = {};
	int ret = report_options(argc, argv, &o);
	bool waivers_bad;

	if (ret)
		goto out;
	ret = RC_INPUT;
	if (load(&s, argv + optind, argc - optind, o.partial, &o.waivers))
		goto out;
	find(&s);
	waivers_bad = waivers_apply(&o.waivers, &s.p, &s.fs);
	if (o.within.n)
		within_mark(&s.p, &s.fs, &o.within);
	if (print(&s, &o))
		goto out;
	if (o.stats)
		print_stats(stderr, &s.p);
	ret = waivers_bad ? RC_INPUT : RC_OK;
	for (uint32_t i = 0; !waivers_bad && i < s.fs.v.n; i++)
		if (s.fs.v.v[i].tier == TIER_HIGH && !s.fs.v.v[i].waived &&
		    !s.fs.v.v[i].elsewhere)
			ret = RC_FINDING;
out:
	end(&s);
	waivers_free(&o.waivers);
	rc_strings_free(&o.within);
	return ret;
}

static int cmd_why(int argc, char **argv)
{
	static const struct option options[] = {
		{ "partial", no_argument, NULL, 'p' },
		{}
	};
	struct session s = {};
	bool partial = false;
	int c, found, ret = RC_INPUT;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c != 'p')
			return RC_USAGE;
		partial = true;
	}
	if (argc - optind < 2)
		return bad_usage();
	if (!load(&s, argv + optind + 1, argc - optind - 1, partial, NULL)) {
		print_why(stdout, &s.p, argv[optind], &found);
		if (found)
			ret = RC_OK;
		else
			rc_error("no function or lock \"%s\" in what was compiled", argv[optind]);
	}
	end(&s);
	return ret;
}

static int cmd_lockdep(int argc, char **argv)
{
	static const struct option options[] = {
		{ "all", no_argument, NULL, 'a' },
		{ "except", required_argument, NULL, 'e' },
		{ "partial", no_argument, NULL, 'p' },
		{}
	};
	struct session s = { .p.every_lock = true };
	bool all = false, partial = false;
	const char *except = NULL;
	int c, ret = RC_INPUT;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'a')
			all = true;
		else if (c == 'e')
			except = optarg;
		else if (c == 'p')
			partial = true;
		else
			return RC_USAGE;
	}
	if (argc - optind < 2)
		return bad_usage();
	if (!link_up(&s, argv + optind + 1, argc - optind - 1, partial))
		ret = oracle_compare(stdout, &s.p, argv[optind], except, all);
	end(&s);
	return ret;
}

/* Which side of a comparison: a report, or something to report on. */
static int side(struct keys *k, char *path)
{
	struct session s = {};
	struct stat st;
	size_t n = strlen(path);
	int ret;

	if (!stat(path, &st) && S_ISREG(st.st_mode) && !(n > 2 && !strcmp(path + n - 2, ".o")))
		return keys_read(k, path);
	ret = load(&s, &path, 1, false, NULL);
	if (!ret) {
		find(&s);
		keys_take(k, &s.fs);
	}
	end(&s);
	return ret;
}

static int cmd_diff(int argc, char **argv)
{
	struct keys old = {}, new = {};
	int ret = RC_INPUT;

	if (argc != 3)
		return bad_usage();
	if (!side(&old, argv[1]) && !side(&new, argv[2]))
		ret = keys_diff(stdout, &old, &new) ? RC_FINDING : RC_OK;
	rc_vec_free(&old);
	rc_vec_free(&new);
	return ret;
}

static int cmd_build(int argc, char **argv)
{
	static const struct option options[] = {
		{ "arch", required_argument, NULL, 'a' },
		{ "fragment", required_argument, NULL, 'f' },
		{ "prefix", required_argument, NULL, 'p' },
		{ "changed", no_argument, NULL, 'c' },
		{ "keep-going", no_argument, NULL, 'k' },
		{ "verbose", no_argument, NULL, 'v' },
		{}
	};
	struct build_opts o = {};
	int c;

	while ((c = getopt_long(argc, argv, "j:", options, NULL)) != -1) {
		if (c == 'j')
			o.jobs = optarg;
		else if (c == 'a')
			o.arch = optarg;
		else if (c == 'f')
			o.fragment = optarg;
		else if (c == 'p')
			o.prefix = optarg;
		else if (c == 'c')
			o.changed = true;
		else if (c == 'k')
			o.keep_going = true;
		else if (c == 'v')
			o.verbose = true;
		else
			return RC_USAGE;
	}
	if (optind == argc)
		return bad_usage();
	o.kdir = argv[optind++];
	o.target = argv + optind;
	o.ntarget = argc - optind;
	if (o.changed && (o.ntarget || o.fragment))
		return bad_usage();
	return tree_build(&o) ? RC_ENV : RC_OK;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(int argc, char **argv);
	} commands[] = {
		{ "build", cmd_build }, { "report", cmd_report },
		{ "diff", cmd_diff }, { "why", cmd_why },
		{ "lockdep", cmd_lockdep },
	};

	if (argc < 2)
		return bad_usage();
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		fputs(usage, stdout);
		return RC_OK;
	}
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		int ret;

		if (strcmp(argv[1], commands[i].name))
			continue;
		ret = commands[i].run(argc - 1, argv + 1);
		rc_arena_free();
		return ret;
	}
	rc_error("no command \"%s\"; try --help", argv[1]);
	return RC_USAGE;
}
