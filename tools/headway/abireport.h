/* SPDX-License-Identifier: GPL-2.0-only */
/* What abidiff found different between two kernels, as data. */
#ifndef HEADWAY_ABIREPORT_H
#define HEADWAY_ABIREPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "strlist.h"

enum abi_kind {
	ABI_ADDED,	/* a symbol more: nobody minds */
	ABI_PADDING,	/* a member in a hole: the same layout, another checksum */
	ABI_PRIVATE,	/* a type of one source file: the same for others */
	ABI_BREAKS,	/* removed, another signature, another layout */
};

struct abi_item {
	enum abi_kind kind;
	char *what;		/* "struct foo", "function int bar(int)" */
	char *name;		/* "foo", "bar" */
	char *file;		/* base name of where it is declared; "" if unknown */
	struct strlist details;	/* as abidiff says it */
	struct strlist reaches;	/* types: the exported interfaces concerned */
};

struct abi_report {
	struct abi_item *i;
	size_t n;
};

/*
 * Take apart what "abidiff --leaf-changes-only --impacted-interfaces" wrote.
 * Returns 0, or -1 after a message if a line is none that is known: a change that
 * is not understood is not passed over.
 */
int abi_report_parse(const char *text, struct abi_report *out);
void abi_report_free(struct abi_report *r);

/* Is @it a structure, a union or an enum? */
bool abi_is_type(const struct abi_item *it);

/* "added", "padding", "private", "BREAKS" */
const char *abi_kind_name(enum abi_kind kind);

#endif /* HEADWAY_ABIREPORT_H */
