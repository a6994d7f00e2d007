// SPDX-License-Identifier: GPL-2.0-only
/* A finding as a picture: graphviz draws it. */
#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "print.h"

extern char **environ;

static void node(FILE *dot, struct prog *p, const struct step *s, const char *id, uint32_t n,
		 const char *note)
{
	const char *file;
	uint32_t line;
	char text[1024];

	step_place(p, s, &file, &line);
	step_text(p, s, text, sizeof(text));
	fprintf(dot, "  %s%u [label=\"", id, n);
	for (const char *c = note ? note : text; *c; c++)
		fprintf(dot, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
	fprintf(dot, "\\n%s:%u\"];\n", file, line);
	if (n)
		fprintf(dot, "  %s%u -> %s%u;\n", id, n - 1, id, n);
}

static void write_dot(FILE *dot, struct prog *p, const struct finding *f)
{
	struct side side = {};

	fputs("digraph finding {\n  node [shape=box, fontname=\"sans\", fontsize=10];\n", dot);
	for (uint32_t i = 0; i < f->path.n; i++)
		node(dot, p, &f->path.v[i], "p", i, NULL);
	finding_side(p, f, &side);
	fputs("  subgraph cluster_side {\n  style=dashed;\n", dot);
	for (uint32_t i = 0; i < side.step.n; i++)
		node(dot, p, &side.step.v[i], "s", i, side.note.v[i]);
	fputs("  }\n", dot);
	if (side.step.n && f->kind == FIND_LOCK) {
		char lock[256];

		fprintf(dot, "  p%u -> s0 [dir=both, style=bold, color=red, label=\"%s\"];\n",
			f->path.n - 1, lock_name(p, f->lock, lock, sizeof(lock)));
	} else if (side.step.n) {
		fprintf(dot, "  p%u -> s0;\n", f->path.n - 1);
	}
	fputs("}\n", dot);
	side_free(&side);
}

int print_graph(struct prog *p, const struct finding *f)
{
	char *const argv[] = { "dot", "-Tsvg", NULL };
	posix_spawn_file_actions_t fa;
	FILE *dot = tmpfile();
	int status, err;
	pid_t pid;

	if (!dot)
		return rc_errno("temporary file");
	write_dot(dot, p, f);
	fflush(dot);
	rewind(dot);
	lseek(fileno(dot), 0, SEEK_SET);
	fflush(stdout);
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_adddup2(&fa, fileno(dot), 0);
	err = posix_spawnp(&pid, "dot", &fa, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&fa);
	fclose(dot);
	if (err) {
		errno = err;
		return rc_errno("dot (Debian package graphviz)");
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : rc_error("dot failed");
}
