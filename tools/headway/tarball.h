/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads a source tarball as a stream: by itself, or inside a Debian package
 * (ar, data.tar.xz, the tarball), with no copy on disk and every name checked.
 */
#ifndef HEADWAY_TARBALL_H
#define HEADWAY_TARBALL_H

#include <stdint.h>
#include <stddef.h>

#include <git2.h>

struct tarball;

enum tar_kind {
	TAR_FILE,
	TAR_SYMLINK,
	TAR_HARDLINK,
	TAR_DIR,
};

struct tar_entry {
	enum tar_kind kind;
	const char *path;	/* below the tarball's top folder, checked */
	const char *target;	/* of a link; that of a hard link is such a path */
	git_filemode_t mode;	/* of a file: BLOB or BLOB_EXECUTABLE */
	uint64_t size;		/* of a file */
};

/**
 * tarball_open() - open a tarball, compressed or not
 * @out: set to the tarball, also on failure; free it with tarball_close()
 * @file: its path
 *
 * Return: 0, or -1 after an error.
 */
int tarball_open(struct tarball **out, const char *file);

/**
 * tarball_open_deb() - open the tarball that a Debian package carries
 * @out: as for tarball_open()
 * @file: the package, NAME_VERSION_all.deb
 * @package: NAME; the tarball is usr/src/NAME.tar.*
 *
 * Return: 0, or -1 after an error.
 */
int tarball_open_deb(struct tarball **out, const char *file, const char *package);

/**
 * tarball_next() - the next entry
 * @tb: the tarball
 * @entry: filled in; its strings are valid until the next call
 *
 * The first component is taken off every path: all entries must have the same
 * one. Its own entry is not reported.
 *
 * Return: 1; 0 at the end; -1 after an error, such as a path that leads out of
 * the tree, a ".git", or a device.
 */
int tarball_next(struct tarball *tb, struct tar_entry *entry);

/** tarball_read() - the content of the file that tarball_next() gave; 0 or -1 */
int tarball_read(struct tarball *tb, void *data, size_t size);

/**
 * tarball_finish() - after the last entry: read what is left
 * @tb: the tarball
 * @sha256: set to the checksum of the whole tarball as it was stored
 *
 * Return: 0, or -1 after an error.
 */
int tarball_finish(struct tarball *tb, char *sha256);

/**
 * tarball_refuse() - the error message for an entry that cannot be taken
 * @tb: the tarball
 * @why: completes "the entry 'NAME' ..."
 *
 * Return: -1.
 */
int tarball_refuse(const struct tarball *tb, const char *why);

/** tarball_file() - the path that it was opened with */
const char *tarball_file(const struct tarball *tb);

/** tarball_date() - the newest modification time of the entries so far */
int64_t tarball_date(const struct tarball *tb);

/** tarball_size() and tarball_consumed() - bytes of the file, and read so far */
uint64_t tarball_size(const struct tarball *tb);
uint64_t tarball_consumed(const struct tarball *tb);

void tarball_close(struct tarball *tb);

#endif /* HEADWAY_TARBALL_H */
