/* SPDX-License-Identifier: GPL-2.0-only */
/* Whole files: reading, and writing by rename. */
#ifndef HEADWAY_FILE_H
#define HEADWAY_FILE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The content of @path with a NUL after it, the caller's to free(); NULL with
 * errno set if it cannot be read. @len may be NULL.
 */
char *file_read(const char *path, size_t *len);

/*
 * Replace @path by @len bytes of @data: written beside it, synced, renamed.
 * Folders on the way are made. Returns 0, or -1 after a message.
 */
int file_replace(const char *path, const void *data, size_t len);

/* Make @path and its parents; 0, or -1 with errno set. */
int make_dirs(const char *path);

/* Is there anything at @path? */
bool file_exists(const char *path);

/* Remove @path and all below it; 0, or -1 with errno set. */
int remove_tree(const char *path);

#endif /* HEADWAY_FILE_H */
