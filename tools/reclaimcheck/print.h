/* SPDX-License-Identifier: GPL-2.0-only */
/* Reports in their forms. */
#ifndef RC_PRINT_H
#define RC_PRINT_H

#include "find.h"

struct print_opts {
	bool all;		/* low tier too, members of groups with their witness */
};

void print_text(FILE *out, struct prog *p, struct findings *fs, const struct print_opts *o);
void print_stats(FILE *out, const struct prog *p);
/* TIER, KIND, ROOT, EDGE, WAIVED, call into EDGE's caller, by tabs; then "unknown" and a number. */
void print_porcelain(FILE *out, struct prog *p, struct findings *fs);
/* *@found: how many functions and locks have that name. */
void print_why(FILE *out, struct prog *p, const char *what, int *found);
void print_json(FILE *out, struct prog *p, struct findings *fs);
void print_sarif(FILE *out, struct prog *p, struct findings *fs);
/* One finding as SVG on stdout, by graphviz. */
int print_graph(struct prog *p, const struct finding *f);

/* "L2/L3 reclaim" and the like. */
const char *kind_text(const struct finding *f);
const char *tier_text(uint8_t tier);
/* One line for the finding itself. */
void finding_title(struct prog *p, const struct findings *fs, const struct finding *f,
		   char *buf, size_t size);
/* What a step says: "msm_job_run() calls msm_gpu_submit()". */
void step_text(struct prog *p, const struct step *s, char *buf, size_t size);
void step_place(struct prog *p, const struct step *s, const char **file, uint32_t *line);

/* Steps behind a finding that are not its path: who holds the lock, and why. */
struct side {
	RC_DECLARE_VEC(struct step) step;
	RC_DECLARE_VEC(char *) note;	/* for each step, instead of step_text(), or NULL */
};

void finding_side(struct prog *p, const struct finding *f, struct side *side);
void side_free(struct side *side);

#endif /* RC_PRINT_H */
