// SPDX-License-Identifier: GPL-2.0-only
/* Lockdep's reports, read. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cycle.h"

/* Beginnings of names that tell how a lock is taken or memory got, not who does. */
static const char * const machinery[] = {
	"__lock_acquire", "lock_acquire", "__mutex_lock", "mutex_lock", "__ww_",
	"ww_mutex_", "down_", "__down_", "_raw_", "__raw_", "rt_", "lock_release",
	"save_stack_trace", "stack_trace_save", "save_trace", "check_", "print_",
	"add_lock_to_list", "validate_chain", "mark_", "__fs_reclaim_", "fs_reclaim_",
	"slab_pre_alloc_hook", "kzalloc", "kcalloc", "kmem_cache_", "__kmem_cache_", "kmalloc", "__kmalloc",
	"__do_kmalloc", "krealloc", "__krealloc", "might_alloc", "prepare_alloc_pages",
	"__alloc_pages", "alloc_pages", "__alloc_frozen_pages", "dump_stack",
	"show_stack", "__might_", "devm_kmalloc", "alloc_dr", "__slab_alloc",
	"___slab_alloc", "kvmalloc", "__kvmalloc", "might_lock", "dev_pm_qos_lockdep",
	"__warn", "warn_slowpath", "report_bug", "exc_", "asm_exc_", "handle_mm",
	"panic", "_printk", "segv", "relay_signal", "sig_handler", "get_free_pages",
	"__get_free_pages", "debug_", "lockdep_", "kstrdup",
	"kvasprintf", "kasprintf", "schedule", "__schedule", "os_", "hard_handler",
	"might_resched", "bad_page_fault", "um_", "bus_handler", "segv_handler",
};

static char *copy(const char *s, size_t len)
{
	char *out = strndup(s, len);

	if (!out) {
		fputs("proofcheck: error: out of memory\n", stderr);
		exit(4);
	}
	return out;
}

static void add_once(struct strs *s, const char *name, size_t len)
{
	char *text = copy(name, len);

	if (!strs_has(s, text))
		strs_add(s, text, len);
	free(text);
}

/* The function of "  f+0x1/0x2" or "  [<6>] f+0x1/0x2"; 0 characters: none. */
static const char *frame(const char *line, size_t *len)
{
	const char *plus = strstr(line, "+0x"), *s = plus;

	*len = 0;
	if (!plus)
		return line;
	while (s > line && (isalnum((unsigned char)s[-1]) || s[-1] == '_' ||
			    s[-1] == '.'))
		s--;
	*len = plus - s;
	return s;
}

/* The class of "0123 (&x->lock){+.+.}-{3:3}, at: f+0x1": without the bracket. */
static const char *class(const char *line, size_t *len)
{
	const char *end = strstr(line, "){"), *s;

	*len = 0;
	s = end ? strstr(line, " (") : NULL;
	if (!s || s > end)
		return line;
	s += 2;
	*len = end - s;
	return s;
}

void cycle_read(const struct splat *s, struct cycle *out)
{
	struct link *at = NULL;
	const char *name;
	size_t len;

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < s->lines.n; i++) {
		const char *line = s->lines.v[i];

		name = class(line, &len);
		if (len)
			add_once(&out->locks, name, len);
		if (!strncmp(line, "-> #", 4) && len) {
			struct link *v = realloc(out->links,
						 (out->n + 1) * sizeof(*v));

			if (!v)
				exit(4);
			out->links = v;
			at = &v[out->n++];
			memset(at, 0, sizeof(*at));
			at->lock = copy(name, len);
			continue;
		}
		if (*line != ' ')
			at = NULL;
		if (strchr(line, '?'))
			continue;
		name = frame(line, &len);
		if (!len)
			continue;
		add_once(&out->functions, name, len);
		if (at)
			strs_add(&at->stack, name, len);
	}
	for (size_t i = 0; i < s->stack.n; i++)
		add_once(&out->functions, s->stack.v[i], strlen(s->stack.v[i]));
}

void cycle_free(struct cycle *c)
{
	for (size_t i = 0; i < c->n; i++) {
		free(c->links[i].lock);
		strs_clear(&c->links[i].stack);
	}
	free(c->links);
	strs_clear(&c->locks);
	strs_clear(&c->functions);
}

static bool is_machinery(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(machinery); i++)
		if (!strncmp(name, machinery[i], strlen(machinery[i])))
			return true;
	return false;
}

const char *cycle_who(const struct strs *stack)
{
	for (size_t i = 0; i < stack->n; i++)
		if (!is_machinery(stack->v[i]))
			return stack->v[i];
	return NULL;
}

/* Where every thread begins: below it nothing tells anything. */
static bool is_bottom(const char *name)
{
	return !strcmp(name, "new_thread_handler") || !strcmp(name, "kthread") ||
	       !strcmp(name, "ret_from_fork");
}

/* ... and the functions that called it, as far as @n in all. */
static void print_who(FILE *out, const struct strs *stack, size_t n,
		      const char *between)
{
	size_t i = 0;

	while (i < stack->n && is_machinery(stack->v[i]))
		i++;
	if (i == stack->n)
		fputs("?", out);
	for (size_t left = n; left && i < stack->n && !is_bottom(stack->v[i]); i++, left--)
		fprintf(out, "%s%s()", left < n ? between : "", stack->v[i]);
}

char *cycle_short(const struct splat *s, const struct cycle *c)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		exit(4);
	if (!c->n) {
		fprintf(out, "%s: ", s->title);
		print_who(out, &s->stack, 3, " < ");
	}
	/* From the lock held longest to the one that closes the circle. */
	for (size_t i = 0; i < c->n; i++) {
		const struct link *l = &c->links[c->n - 1 - i];

		fprintf(out, "%s%s in ", i ? "; " : "", l->lock);
		print_who(out, &l->stack, 2, " < ");
	}
	fclose(out);
	return text;
}

static void print_quoted(FILE *out, const char *s)
{
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			fputc('\\', out);
		fputc(*s, out);
	}
}

/*
 * Lock #k was taken with #k-1 held, and the last one's holder now takes #0: an
 * arrow goes from the lock that was held to the one that was taken.
 */
void cycle_graph(const struct splat *s, const struct cycle *c, FILE *out)
{
	/* A long one goes down the page: across, it would not be legible. */
	fprintf(out, "digraph cycle {\n"
		"\tbgcolor=transparent rankdir=%s nodesep=0.5\n", c->n > 2 ? "TB" : "LR");
	fputs("\tnode [shape=box style=rounded fontname=\"sans-serif\" fontsize=12]\n"
	      "\tedge [fontname=\"monospace\" fontsize=10]\n", out);
	fputs("\ttooltip=\"", out);
	print_quoted(out, s->title);
	fputs("\"\n", out);
	for (size_t i = 0; i < c->n; i++) {
		fprintf(out, "\tn%zu [label=\"", i);
		print_quoted(out, c->links[i].lock);
		fputs("\"]\n", out);
	}
	for (size_t i = 0; i < c->n; i++) {
		/* links[0] is the highest number, links[n - 1] is #0. */
		size_t held = i + 1 < c->n ? i + 1 : 0;

		fprintf(out, "\tn%zu -> n%zu [label=\"", held, i);
		print_who(out, &c->links[i].stack, 2, "\\n");
		fprintf(out, "\"%s]\n", held ? "" : " color=crimson penwidth=2");
	}
	fputs("}\n", out);
}
