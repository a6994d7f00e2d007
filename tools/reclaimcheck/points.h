/* SPDX-License-Identifier: GPL-2.0-only */
/* Where functions flow: into fields, variables, parameters and results. */
#ifndef RC_POINTS_H
#define RC_POINTS_H

#include "program.h"

enum { N_FIELD = 1, N_GLOBAL, N_PARAM, N_RET };

struct resolver;

/* Collects all flows of the program and follows them to the end. */
void points_to(struct prog *p);
/* A place that functions flow to; a, b: struct and field, or function and number. */
uint32_t pt_node(struct resolver *r, unsigned int kind, uint32_t a, uint32_t b);
/* The field or variable that an address lies in, RC_NONE: the program does not say. */
uint32_t pt_place(struct prog *p, uint32_t unit, uint32_t val);
/* Functions at a node; of those in @outer alone if @strict or if there are any. */
void pt_at_node(struct prog *p, uint32_t n, uint32_t outer, bool strict, struct rc_vec_u32 *out);
/* The same for the field of any struct with this tag. */
void pt_at_place(struct prog *p, const char *tag, const char *field, uint32_t pl,
		 struct rc_vec_u32 *out);
/* Functions that a value may be. */
void pt_functions(struct prog *p, uint32_t fn, uint32_t unit, uint32_t val, struct rc_vec_u32 *out);

#endif /* RC_POINTS_H */
