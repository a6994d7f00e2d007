// SPDX-License-Identifier: GPL-2.0-only
/* The report as a compiler prints: one place a line, for editors to jump to. */
#include <sys/resource.h>

#include "print.h"

const char *kind_text(const struct finding *f)
{
	switch (f->kind) {
	case FIND_RECLAIM:
		return f->fs ? "reclaim (L3)" : "reclaim (L2)";
	case FIND_WAIT:
		return "fence wait";
	case FIND_LOCK:
		return "lock held over reclaim elsewhere";
	default:
		return "lock still held on return";
	}
}

const char *tier_text(uint8_t tier)
{
	static const char *const names[] = { "high", "release", "resume", "low" };

	return names[tier];
}

void step_place(struct prog *p, const struct step *s, const char **file, uint32_t *line)
{
	*file = fn_file(p, s->fn);
	*line = p->fn.v[s->fn].sk->event[s->event].line;
}

void step_text(struct prog *p, const struct step *s, char *buf, size_t size)
{
	static const char *const how[] = {
		[T_DIRECT] = "calls", [T_POINTER] = "calls through a pointer",
		[T_CALLBACK] = "hands a callback on:", [T_WORK] = "waits for the work",
		[T_NOTIFIER] = "notifies", [T_RPM] = "resumes, by runtime PM, in",
		[T_RELEASE] = "may drop the last reference:",
	};
	const struct call *c = &p->fn.v[s->fn].call[s->event];
	char name[256], lock[256];

	if (s->target != RC_NONE) {
		const struct target *t = &p->target.v[s->target];

		snprintf(buf, size, "%s() %s %s()%s", fn_name(p, s->fn), how[t->kind],
			 fn_name(p, t->fn),
			 t->kind == T_POINTER && t->fan > 1 ? ", one of several" : "");
		return;
	}
	callee_name(p, s->fn, s->event, name, sizeof(name));
	if (c->prim && c->prim->op == P_LOCK && c->lock != RC_NONE && !(c->lock & LOCK_PARAM))
		snprintf(buf, size, "%s() blocks on %s", fn_name(p, s->fn),
			 lock_name(p, c->lock, lock, sizeof(lock)));
	else
		snprintf(buf, size, "%s() calls %s()", fn_name(p, s->fn), name);
}

void finding_title(struct prog *p, const struct findings *fs, const struct finding *f,
		   char *buf, size_t size)
{
	const struct step *last = &f->path.v[f->path.n - 1];
	char what[512], lock[256];

	step_text(p, last, what, sizeof(what));
	if (f->kind == FIND_LEAK) {
		snprintf(buf, size, "%s: %s() takes %s and no path releases it", kind_text(f),
			 fn_name(p, last->fn), lock_name(p, f->lock, lock, sizeof(lock)));
		return;
	}
	if (f->kind == FIND_LOCK)
		snprintf(what, sizeof(what), "%s() blocks on %s", fn_name(p, last->fn),
			 lock_name(p, f->lock, lock, sizeof(lock)));
	snprintf(buf, size, "%s: %s, reached from %s() (%s%s)", kind_text(f), what,
		 fn_name(p, fs->root.v[f->root].fn), fs->root.v[f->root].why,
		 f->also ? " and others" : "");
}

static void print_step(FILE *out, struct prog *p, const struct step *s, const char *note)
{
	const char *file;
	uint32_t line;
	char text[1024];

	step_place(p, s, &file, &line);
	if (!note) {
		step_text(p, s, text, sizeof(text));
		note = text;
	}
	fprintf(out, "%s:%u:   %s\n", file, line, note);
}

static void print_finding(FILE *out, struct prog *p, struct findings *fs, uint32_t i, bool steps)
{
	const struct finding *f = &fs->v.v[i];
	const char *file;
	struct side side = {};
	uint32_t line;
	char title[1024];

	step_place(p, &f->path.v[f->path.n - 1], &file, &line);
	finding_title(p, fs, f, title, sizeof(title));
	fprintf(out, "%s:%u: %s: %s [%u, score %.2f%s%s%s]\n", file, line, tier_text(f->tier),
		title, i + 1, f->score, f->unsure ? ", unsure" : "", f->waived ? ", waived" : "",
		f->elsewhere ? ", elsewhere" : "");
	if (!steps)
		return;
	for (uint32_t k = 0; k + 1 < f->path.n; k++)
		print_step(out, p, &f->path.v[k], NULL);
	if (f->path.n)
		print_step(out, p, &f->path.v[f->path.n - 1], NULL);
	finding_side(p, f, &side);
	for (uint32_t k = 0; k < side.step.n; k++)
		print_step(out, p, &side.step.v[k], side.note.v[k]);
	side_free(&side);
	if (f->edge_key.n < 2)
		return;
	fprintf(out, "  %s is held over reclaim in %u places:",
		lock_name(p, f->lock, title, sizeof(title)), f->edge_key.n);
	for (uint32_t k = 0; k < f->edge_key.n; k++)
		fprintf(out, "%s %s%s", k ? "," : "", strchr(f->edge_key.v[k].text, '@') + 1,
			f->edge_key.v[k].waived ? " (waived)" : "");
	fputc('\n', out);
}

static void print_group(FILE *out, struct prog *p, struct findings *fs, uint32_t head,
			const struct print_opts *o)
{
	uint32_t more = 0;

	for (uint32_t i = head + 1; i < fs->v.n; i++)
		more += fs->v.v[i].group == head;
	print_finding(out, p, fs, head, true);
	if (more)
		fprintf(out, "  and %u more at the same place or through the same call:\n", more);
	for (uint32_t i = head + 1; i < fs->v.n; i++)
		if (fs->v.v[i].group == head)
			print_finding(out, p, fs, i, o->all);
	fputc('\n', out);
}

void print_text(FILE *out, struct prog *p, struct findings *fs, const struct print_opts *o)
{
	uint32_t tiers[TIERS] = {}, waived = 0, groups = 0, high_waived = 0, elsewhere = 0;

	for (uint32_t i = 0; i < fs->v.n; i++) {
		struct finding *f = &fs->v.v[i];

		tiers[f->tier]++;
		waived += f->waived;
		high_waived += f->tier == TIER_HIGH && f->waived;
		elsewhere += f->tier == TIER_HIGH && f->elsewhere && !f->waived;
		if (f->group != RC_NONE || (f->tier == TIER_LOW && !o->all) ||
		    (f->waived && !o->all))
			continue;
		groups++;
		print_group(out, p, fs, i, o);
	}
	fprintf(out, "%u findings of the high tier (%u waived, %u elsewhere), %u on release paths, %u on resumes that no job asks for, %u of the low tier; %u waived; %u groups shown\n",
		tiers[TIER_HIGH], high_waived, elsewhere, tiers[TIER_RELEASE], tiers[TIER_RESUME],
		tiers[TIER_LOW], waived, groups);
	fprintf(out, "%u units, %u functions, %u roots\n", p->unit.n, p->fn.n, fs->root.n);
	fprintf(out, "%u of %u calls through pointers have no known target in what was compiled (%u of them met on the way from the roots): nothing is said about these\n",
		p->calls_unknown, p->calls_pointer, fs->unknown);
}

void print_porcelain(FILE *out, struct prog *p, struct findings *fs)
{
	static const char *const kinds[] = { "reclaim", "wait", "lock", "leak" };

	for (uint32_t i = 0; i < fs->v.n; i++) {
		const struct finding *f = &fs->v.v[i];
		char into[512] = "";

		if (f->path.n > 1)
			snprintf(into, sizeof(into), "%s -> %s",
				 fn_name(p, f->path.v[f->path.n - 2].fn),
				 fn_name(p, f->path.v[f->path.n - 1].fn));

		for (uint32_t e = 0; e < f->edge_key.n; e++)
			fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\n", tier_text(f->tier),
				kinds[f->kind], f->key_root, f->edge_key.v[e].text,
				f->edge_key.v[e].waived ? "waived" : "", into);
	}
	fprintf(out, "unknown\t%u\n", fs->unknown);
}

void print_stats(FILE *out, const struct prog *p)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	fprintf(out, "%u units, %u functions, %u locks, %u targets: %ld.%02ld s user, %ld.%02ld s system, %ld MB\n",
		p->unit.n, p->fn.n, p->lock.n, p->target.n, (long)u.ru_utime.tv_sec,
		(long)u.ru_utime.tv_usec / 10000, (long)u.ru_stime.tv_sec,
		(long)u.ru_stime.tv_usec / 10000, u.ru_maxrss / 1024);
	if (p->lost_locks)
		fprintf(out, "%u times a function had more than 64 locks\n", p->lost_locks);
}
