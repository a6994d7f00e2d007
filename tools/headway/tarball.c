// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads a source tarball as a stream.
 *
 * Up to three of libarchive's readers are stacked, each reading what the one
 * outside it gives: the package (ar), its data.tar.xz, the tarball. The file is
 * read once, from front to back.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>

#include "tarball.h"
#include "hash.h"
#include "headway.h"
#include "tarpath.h"
#include "xalloc.h"

#define BUF_SIZE	(256 * 1024)
#define MAX_FILE	(1ull << 30)

struct tarball {
	char *file;
	int fd;
	char *buf;
	uint64_t size;
	uint64_t consumed;
	struct archive *ar;	/* the package; NULL for a tarball by itself */
	struct archive *data;	/* its data.tar.xz */
	struct archive *tar;
	struct archive_entry *entry;	/* where tar is */
	struct hash *sum;	/* of the tarball as it is stored */
	char *top;		/* the one first component */
	char *path;
	char *target;
	int64_t date;
	locale_t locale;
	locale_t old_locale;
};

static la_ssize_t read_file(struct archive *a, void *arg, const void **buf)
{
	struct tarball *tb = arg;
	ssize_t got;

	do {
		got = read(tb->fd, tb->buf, BUF_SIZE);
	} while (got < 0 && errno == EINTR);
	if (got < 0) {
		archive_set_error(a, errno, "%s", strerror(errno));
		return -1;
	}
	tb->consumed += got;
	*buf = tb->buf;
	if (!tb->ar)
		hash_update(tb->sum, tb->buf, got);
	return got;
}

/* What the reader @outer has for the reader @a inside it. */
static la_ssize_t read_outer(struct archive *a, struct archive *outer,
			     const void **buf)
{
	la_int64_t offset;
	size_t len;
	int ret;

	/* An empty block is not the end. */
	do {
		ret = archive_read_data_block(outer, buf, &len, &offset);
	} while (ret >= ARCHIVE_WARN && ret != ARCHIVE_EOF && !len);
	if (ret == ARCHIVE_EOF)
		return 0;
	if (ret < ARCHIVE_WARN) {
		archive_set_error(a, archive_errno(outer), "%s",
				  archive_error_string(outer));
		return -1;
	}
	return len;
}

static la_ssize_t read_data(struct archive *a, void *arg, const void **buf)
{
	struct tarball *tb = arg;

	return read_outer(a, tb->ar, buf);
}

static la_ssize_t read_member(struct archive *a, void *arg, const void **buf)
{
	struct tarball *tb = arg;
	la_ssize_t got = read_outer(a, tb->data, buf);

	if (got > 0)
		hash_update(tb->sum, *buf, got);
	return got;
}

/* The message for a reader's failure. Return: -1. */
static int damaged(struct tarball *tb, struct archive *a)
{
	const char *why = archive_error_string(a);

	hw_set_exit(HW_BAD_INPUT);
	hw_error("%s is truncated or damaged (at byte %" PRIu64 " of %" PRIu64 "): %s",
		 tb->file, tb->consumed, tb->size, why ? why : "no reason given");
	hw_hint("fetch the file again; nothing was changed");
	return -1;
}

static int refuse(const struct tarball *tb, const char *name, const char *why)
{
	hw_set_exit(HW_BAD_INPUT);
	return hw_error("%s: the entry '%s' %s", tb->file, name, why);
}

int tarball_refuse(const struct tarball *tb, const char *why)
{
	return refuse(tb, archive_entry_pathname(tb->entry), why);
}

/*
 * Without the filters that libarchive runs as child processes, and without the
 * other archive formats: less to go wrong with a file from outside.
 */
static struct archive *new_reader(bool compressed)
{
	struct archive *a = archive_read_new();

	if (!a) {
		hw_error("out of memory for an archive");
		exit(HW_ENV);
	}
	archive_read_support_filter_none(a);
	if (compressed) {
		archive_read_support_filter_xz(a);
		archive_read_support_filter_gzip(a);
		archive_read_support_filter_bzip2(a);
		archive_read_support_filter_zstd(a);
	}
	return a;
}

static int open_reader(struct tarball *tb, struct archive *a,
		       archive_read_callback *read)
{
	if (archive_read_open(a, tb, NULL, read, NULL) != ARCHIVE_OK)
		return damaged(tb, a);
	return 0;
}

static int open_file(struct tarball **out, const char *file)
{
	struct tarball *tb = xcalloc(1, sizeof(*tb));
	struct stat st;

	*out = tb;
	tb->file = xstrdup(file);
	tb->buf = xcalloc(1, BUF_SIZE);
	tb->sum = hash_new(HASH_SHA256);
	/*
	 * libarchive converts the names of pax headers to the locale's
	 * character set, and to UTF-8 not without composing accents. To ASCII
	 * it cannot, says so with a warning, and gives the name as it is.
	 */
	tb->locale = newlocale(LC_CTYPE_MASK, "C", (locale_t)0);
	if (tb->locale)
		tb->old_locale = uselocale(tb->locale);

	tb->fd = open(file, O_RDONLY | O_CLOEXEC);
	if (tb->fd < 0 || fstat(tb->fd, &st) < 0) {
		hw_errno("cannot read %s", file);
		hw_set_exit(HW_BAD_INPUT);
		return -1;
	}
	if (!S_ISREG(st.st_mode)) {
		hw_set_exit(HW_BAD_INPUT);
		return hw_error("%s is not a file", file);
	}
	tb->size = st.st_size;
	return 0;
}

int tarball_open(struct tarball **out, const char *file)
{
	struct tarball *tb;

	if (open_file(out, file))
		return -1;
	tb = *out;
	tb->tar = new_reader(true);
	archive_read_support_format_tar(tb->tar);
	return open_reader(tb, tb->tar, read_file);
}

/* Goes to the entry of @a for which @match says yes; 0 or -1. */
static int seek_entry(struct tarball *tb, struct archive *a, const char *what,
		      bool (*match)(const char *name, const char *arg),
		      const char *arg)
{
	struct archive_entry *e;
	const char *name;
	int ret;

	while ((ret = archive_read_next_header(a, &e)) >= ARCHIVE_WARN &&
	       ret != ARCHIVE_EOF) {
		name = archive_entry_pathname(e);
		if (name && match(name, arg))
			return 0;
	}
	if (ret != ARCHIVE_EOF)
		return damaged(tb, a);
	hw_set_exit(HW_BAD_INPUT);
	return hw_error("%s has no %s%s", tb->file, what, arg ? arg : "");
}

static bool is_data_tar(const char *name, const char *arg)
{
	(void)arg;
	return !strncmp(name, "data.tar", strlen("data.tar"));
}

static bool is_source_tar(const char *name, const char *package)
{
	const char *dir = "usr/src/";

	while (*name == '.' || *name == '/')
		name++;
	if (strncmp(name, dir, strlen(dir)))
		return false;
	name += strlen(dir);
	return !strncmp(name, package, strlen(package)) &&
	       !strncmp(name + strlen(package), ".tar", strlen(".tar"));
}

int tarball_open_deb(struct tarball **out, const char *file, const char *package)
{
	struct tarball *tb;

	if (open_file(out, file))
		return -1;
	tb = *out;
	tb->ar = new_reader(false);
	archive_read_support_format_ar(tb->ar);
	if (open_reader(tb, tb->ar, read_file) ||
	    seek_entry(tb, tb->ar, "data.tar", is_data_tar, NULL))
		return -1;
	tb->data = new_reader(true);
	archive_read_support_format_tar(tb->data);
	if (open_reader(tb, tb->data, read_data) ||
	    seek_entry(tb, tb->data, "tarball usr/src/", is_source_tar, package))
		return -1;
	tb->tar = new_reader(true);
	archive_read_support_format_tar(tb->tar);
	return open_reader(tb, tb->tar, read_member);
}

/*
 * Checks @name and takes its first component off. Return: the rest, in *@buf
 * (which is replaced), "" for the top folder itself; NULL after an error.
 */
static const char *strip(struct tarball *tb, const char *name, char **buf)
{
	const char *wrong;
	char *slash;
	size_t len;

	*buf = xrealloc(*buf, strlen(name) + 1);
	wrong = tarpath_clean(name, *buf);
	if (wrong) {
		refuse(tb, name, wrong);
		return NULL;
	}
	slash = strchr(*buf, '/');
	len = slash ? (size_t)(slash - *buf) : strlen(*buf);
	if (!tb->top)
		tb->top = xstrndup(*buf, len);
	if (strlen(tb->top) != len || memcmp(tb->top, *buf, len)) {
		refuse(tb, name, "lies outside the tarball's one top folder");
		return NULL;
	}
	return slash ? slash + 1 : *buf + len;
}

static int read_kind(struct tarball *tb, struct tar_entry *out, const char *name)
{
	const char *link = archive_entry_hardlink(tb->entry);
	int64_t size = archive_entry_size(tb->entry);

	if (link) {
		out->kind = TAR_HARDLINK;
		out->target = strip(tb, link, &tb->target);
		return out->target ? 0 : -1;
	}
	switch (archive_entry_filetype(tb->entry)) {
	case AE_IFDIR:
		out->kind = TAR_DIR;
		return 0;
	case AE_IFLNK:
		out->kind = TAR_SYMLINK;
		out->mode = GIT_FILEMODE_LINK;
		out->target = archive_entry_symlink(tb->entry);
		return out->target ? 0 : refuse(tb, name, "is a link to nowhere");
	case AE_IFREG:
		out->kind = TAR_FILE;
		out->mode = archive_entry_mode(tb->entry) & 0100 ?
			    GIT_FILEMODE_BLOB_EXECUTABLE : GIT_FILEMODE_BLOB;
		if (size < 0 || (uint64_t)size > MAX_FILE)
			return refuse(tb, name, "is larger than 1 GiB");
		out->size = size;
		return 0;
	default:
		return refuse(tb, name, "is neither a file, a link nor a folder");
	}
}

int tarball_next(struct tarball *tb, struct tar_entry *out)
{
	const char *name;
	int ret;

	for (;;) {
		ret = archive_read_next_header(tb->tar, &tb->entry);
		if (ret == ARCHIVE_EOF)
			return 0;
		if (ret < ARCHIVE_WARN)
			return damaged(tb, tb->tar);
		name = archive_entry_pathname(tb->entry);
		if (!name)
			return damaged(tb, tb->tar);
		if (archive_entry_mtime(tb->entry) > tb->date)
			tb->date = archive_entry_mtime(tb->entry);

		memset(out, 0, sizeof(*out));
		/* "./" alone, as "tar -C DIR ." makes it, is above the top. */
		if (archive_entry_filetype(tb->entry) == AE_IFDIR &&
		    (!strcmp(name, ".") || !strcmp(name, "./")))
			continue;
		out->path = strip(tb, name, &tb->path);
		if (!out->path || read_kind(tb, out, name))
			return -1;
		if (*out->path)
			return 1;
		if (out->kind != TAR_DIR)
			return refuse(tb, name, "is not in a folder");
	}
}

int tarball_read(struct tarball *tb, void *data, size_t size)
{
	size_t done = 0;

	while (done < size) {
		la_ssize_t got = archive_read_data(tb->tar, (char *)data + done,
						   size - done);

		if (got == ARCHIVE_RETRY)
			continue;
		if (got < 0)
			return damaged(tb, tb->tar);
		/* libarchive leaves the hole at a sparse file's end to us. */
		if (!got && archive_entry_sparse_count(tb->entry)) {
			memset((char *)data + done, 0, size - done);
			return 0;
		}
		if (!got)
			return damaged(tb, tb->tar);
		done += got;
	}
	return 0;
}

int tarball_finish(struct tarball *tb, char *sha256)
{
	const void *buf;
	la_ssize_t got;

	/* tar stops at its end mark; what is stored may go on. */
	do {
		got = tb->ar ? read_member(tb->tar, tb, &buf)
			     : read_file(tb->tar, tb, &buf);
	} while (got > 0);
	if (got < 0)
		return damaged(tb, tb->tar);
	hash_hex(tb->sum, sha256);
	return 0;
}

const char *tarball_file(const struct tarball *tb)
{
	return tb->file;
}

int64_t tarball_date(const struct tarball *tb)
{
	return tb->date;
}

uint64_t tarball_size(const struct tarball *tb)
{
	return tb->size;
}

uint64_t tarball_consumed(const struct tarball *tb)
{
	return tb->consumed;
}

void tarball_close(struct tarball *tb)
{
	if (!tb)
		return;
	/* From the inside out: each reads from the next. */
	archive_read_free(tb->tar);
	archive_read_free(tb->data);
	archive_read_free(tb->ar);
	if (tb->fd >= 0)
		close(tb->fd);
	hash_free(tb->sum);
	if (tb->locale) {
		uselocale(tb->old_locale);
		freelocale(tb->locale);
	}
	free(tb->top);
	free(tb->path);
	free(tb->target);
	free(tb->buf);
	free(tb->file);
	free(tb);
}
