/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Debian packages through apt, which checks the signatures. Nothing is
 * installed, and the system's own sources and lists are only read.
 */
#ifndef HEADWAY_APT_H
#define HEADWAY_APT_H

#include <stdbool.h>

#include "base.h"

struct apt_package {
	char *file;	/* the .deb: its checksum is what the signed index says */
	char *version;
};

/**
 * apt_fetch() - get the newest package of a base
 * @base: names the package, and the suite if it needs one
 * @refresh: ask the network what is newest, even if the lists at hand know one
 * @have: the version that is imported already, or NULL
 * @out: free it with apt_package_free(), also after an error
 *
 * Return: 0; 1 if there is nothing newer than @have; -1 after an error.
 */
int apt_fetch(const struct base *base, bool refresh, const char *have,
	      struct apt_package *out);

void apt_package_free(struct apt_package *p);

#endif /* HEADWAY_APT_H */
