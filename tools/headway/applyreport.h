/* SPDX-License-Identifier: GPL-2.0-only */
/* What became of the changes on a tree that is not ours, in words. */
#ifndef HEADWAY_APPLYREPORT_H
#define HEADWAY_APPLYREPORT_H

#include "fork.h"

/* On stdout, for people or for scripts: each change, and a table at the end. */
void apply_print(const struct fork *f);

/* The same for people, as a text that goes with the patches; caller's to free. */
char *apply_account(const struct fork *f);

#endif /* HEADWAY_APPLYREPORT_H */
