/* SPDX-License-Identifier: GPL-2.0-only */
/* The Debian mirror that apt is set up for. */
#ifndef HEADWAY_MIRROR_H
#define HEADWAY_MIRROR_H

/**
 * mirror_find() - the URI of the mirror, as apt's own configuration has it
 *
 * Works without network and without package lists.
 *
 * Return: the URI, to be freed; NULL after an error.
 */
char *mirror_find(void);

#endif /* HEADWAY_MIRROR_H */
