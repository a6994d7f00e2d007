/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading the console log of a booted kernel: what its tests said (KTAP), what
 * the kernel complained of (splats), and whether it ended as it should.
 */
#ifndef KLOG_H
#define KLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define __printf(a, b) __attribute__((format(printf, a, b)))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Flat TAP going out, with the counts for the verdict. */
struct tap {
	FILE *out;
	unsigned int tests;
	unsigned int failed;
	unsigned int skipped;
};

void tap_ok(struct tap *tap, const char *name);
void tap_skip(struct tap *tap, const char *name, const char *reason);
void tap_not_ok(struct tap *tap, const char *name);
/* A comment line below the test before it, or of its own. */
void __printf(2, 3) tap_diag(struct tap *tap, const char *fmt, ...);
void tap_plan(struct tap *tap);

/* A list of strings that grows. */
struct strs {
	char **v;
	size_t n;
};

void strs_add(struct strs *s, const char *str, size_t len);
bool strs_has(const struct strs *s, const char *str);
void strs_clear(struct strs *s);

/* ktap.c: nested KTAP in, flat TAP out. */
#define KTAP_DEPTH 8

struct ktap_level {
	bool open;
	int planned;		/* -1: no plan seen */
	int seen;
	int failed;
	char name[256];		/* "# Subtest:", the parent of what is here */
};

struct ktap {
	struct tap *tap;
	struct ktap_level level[KTAP_DEPTH];
	unsigned int results;	/* of cases, in the whole log */
	struct strs suites;	/* names of the outermost subtests that ended */
	struct strs diag;	/* "# ..." lines since the last result */
	bool explains;		/* the last line was one of them */
};

void ktap_init(struct ktap *k, struct tap *tap);
/* @line has no timestamp. True if the line was KTAP. */
bool ktap_line(struct ktap *k, const char *line);
/* End of the log: whatever has not ended is a failure. */
void ktap_end(struct ktap *k);
void ktap_free(struct ktap *k);

/* splat.c: lockdep reports, BUG, WARNING, Oops, panic. */
struct splat {
	char *title;
	struct strs lines;	/* its first lines, for the report */
	struct strs stack;	/* functions in the trace that are certain */
};

struct splats {
	struct splat *v;
	size_t n;
	bool inside;		/* the last one still takes lines */
	bool traced;		/* ... and has come to its call trace */
	size_t keep;		/* lines of each that are kept; 0: as many as a report shows */
};

/* @line has no timestamp. */
void splats_line(struct splats *s, const char *line);
/* A line of a test ends a splat that did not say where it ends. */
void splats_cut(struct splats *s);
void splats_free(struct splats *s);

/* allow.c: splats that are UML's own. */
struct allow_entry {
	char *bases;
	char *title;
	char *function;
	char *reason;
	int line;
	unsigned int used;
};

struct allow {
	const char *path;
	struct allow_entry *v;
	size_t n;
};

/* 0, or -1 after a message on stderr. */
int allow_read(struct allow *a, FILE *f, const char *path);
/* The entry that covers @s on @base, counted as used; NULL if none does. */
struct allow_entry *allow_find(struct allow *a, const struct splat *s,
			       const char *base);
bool allow_applies(const struct allow_entry *e, const char *base);
void allow_free(struct allow *a);

/* klog.c: the whole log. */
struct klog_opts {
	const char *base;	/* for the allow-list; NULL: every entry applies */
	struct allow *allow;	/* may be NULL */
	const struct strs *suites; /* that must have run; may be NULL */
	bool no_ktap;		/* a log without any test is not a failure */
};

/* Reads @in, writes TAP to tap->out. */
void klog_to_tap(FILE *in, const struct klog_opts *opts, struct tap *tap,
		 size_t *nsplats);
/* @line less its newline and the kernel's "[    0.123456] " or "[ 0.1][ T1] ". */
char *klog_strip(char *line);

#endif /* KLOG_H */
