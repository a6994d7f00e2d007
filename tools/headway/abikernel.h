/* SPDX-License-Identifier: GPL-2.0-only */
/* The interfaces of two kernels, taken by abidw and compared by abidiff. */
#ifndef HEADWAY_ABIKERNEL_H
#define HEADWAY_ABIKERNEL_H

/*
 * Compare @old and @new, each a vmlinux or what abidw made of one; with @symbols,
 * a list in libabigail's form, those alone. Returns 0 with what abidiff wrote as
 * @out, the caller's to free; -1 after a message.
 */
int abi_compare(const char *old, const char *new, const char *symbols,
		char **out);

#endif /* HEADWAY_ABIKERNEL_H */
