/* SPDX-License-Identifier: GPL-2.0-only */
/* Names in a tarball: what may become a path in the tree, and what may not. */
#ifndef HEADWAY_TARPATH_H
#define HEADWAY_TARPATH_H

/**
 * tarpath_clean() - check a name and bring it into git's form
 * @name: as the tarball has it
 * @out: "a/b/c": no ".", no empty components; at least strlen(@name) + 1 bytes
 *
 * Return: NULL, or what is wrong with the name: it is empty or absolute, it has
 * a ".." or a component that git takes for its own folder.
 */
const char *tarpath_clean(const char *name, char *out);

#endif /* HEADWAY_TARPATH_H */
