// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes a pack and its index.
 *
 * On disk, in this order: tmp_headway_XXXXXX.pack grows; it is complete and
 * synced; tmp_headway_<sum>.idx is complete and synced; the pack gets its name
 * pack-<sum>.pack; the index gets its name. A killed writer leaves one of these
 * states and packwriter_recover() knows each by the names alone.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <libdeflate.h>

#include "hash.h"
#include "headway.h"
#include "packindex.h"
#include "packwriter.h"
#include "xalloc.h"

#define BUF_SIZE	(1024 * 1024)
#define FLUSH_EVERY	(16 * 1024 * 1024)
#define HEADER_SIZE	12
#define SUM_HEX		(2 * GIT_OID_RAWSZ)
#define TMP_PREFIX	"tmp_headway_"

struct packwriter {
	char *dir;		/* objects/pack */
	char *tmp;		/* the growing pack; NULL before and after */
	int fd;
	int error;		/* the errno that stopped us */
	unsigned char *buf;
	size_t buf_len;
	uint64_t written;	/* bytes that have left the buffer */
	uint64_t flushed;	/* bytes whose way to the disk has been started */
	struct pack_entry *entries;
	size_t n;
	uint32_t *table;	/* ids to entries + 1, open addressing */
	size_t table_size;	/* a power of two */
};

static int fail(struct packwriter *pw)
{
	if (!pw->error)
		pw->error = errno ? errno : EIO;
	return -1;
}

static int write_all(int fd, const void *data, size_t len)
{
	const char *p = data;

	while (len) {
		ssize_t put = write(fd, p, len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		p += put;
		len -= put;
	}
	return 0;
}

static int flush(struct packwriter *pw)
{
	if (write_all(pw->fd, pw->buf, pw->buf_len))
		return fail(pw);
	pw->written += pw->buf_len;
	pw->buf_len = 0;
	/* So that the sync at the end finds most of its work done. */
	if (pw->written - pw->flushed >= FLUSH_EVERY) {
		sync_file_range(pw->fd, pw->flushed, pw->written - pw->flushed,
				SYNC_FILE_RANGE_WRITE);
		pw->flushed = pw->written;
	}
	return 0;
}

static int put(struct packwriter *pw, const void *data, size_t len)
{
	if (pw->buf_len + len > BUF_SIZE && flush(pw))
		return -1;
	if (len <= BUF_SIZE) {
		memcpy(pw->buf + pw->buf_len, data, len);
		pw->buf_len += len;
		return 0;
	}
	if (write_all(pw->fd, data, len))
		return fail(pw);
	pw->written += len;
	return 0;
}

/* The slot of @id: where it is, or the empty one where it belongs. */
static uint32_t *lookup(const struct packwriter *pw, const git_oid *id)
{
	size_t i;

	/* The id is a hash already. */
	memcpy(&i, id->id, sizeof(i));
	for (;; i++) {
		uint32_t *slot = &pw->table[i & (pw->table_size - 1)];

		if (!*slot || !memcmp(pw->entries[*slot - 1].id.id, id->id,
				      GIT_OID_RAWSZ))
			return slot;
	}
}

static void grow_table(struct packwriter *pw)
{
	if (pw->n * 2 < pw->table_size)
		return;
	free(pw->table);
	pw->table_size = pw->table_size ? pw->table_size * 2 : 1024;
	pw->table = xcalloc(pw->table_size, sizeof(*pw->table));
	for (size_t i = 0; i < pw->n; i++)
		*lookup(pw, &pw->entries[i].id) = i + 1;
}

static void fill_header(unsigned char header[HEADER_SIZE], uint32_t n)
{
	const unsigned char h[HEADER_SIZE] = {
		'P', 'A', 'C', 'K', 0, 0, 0, 2, n >> 24, n >> 16, n >> 8, n,
	};

	memcpy(header, h, sizeof(h));
}

static int begin(struct packwriter *pw)
{
	unsigned char header[HEADER_SIZE];

	pw->tmp = xasprintf("%s/" TMP_PREFIX "XXXXXX.pack", pw->dir);
	pw->fd = mkostemps(pw->tmp, strlen(".pack"), O_CLOEXEC);
	if (pw->fd < 0) {
		fail(pw);
		free(pw->tmp);
		pw->tmp = NULL;
		return -1;
	}
	/* The number of objects is not known yet: written again at the end. */
	fill_header(header, 0);
	return put(pw, header, sizeof(header));
}

int packwriter_new(struct packwriter **out, const char *objects_dir)
{
	struct packwriter *pw = xcalloc(1, sizeof(*pw));

	pw->dir = xasprintf("%s/pack", objects_dir);
	pw->buf = xcalloc(1, BUF_SIZE);
	pw->fd = -1;
	*out = pw;
	grow_table(pw);
	if (mkdir(pw->dir, 0777) < 0 && errno != EEXIST)
		return hw_errno("cannot make %s", pw->dir);
	return 0;
}

/* Type and length before compression: four bits, then seven a byte. */
static size_t object_header(unsigned char *p, git_object_t type, uint64_t size)
{
	size_t n = 0;

	p[n] = (type << 4) | (size & 15);
	for (size >>= 4; size; size >>= 7) {
		p[n++] |= 0x80;
		p[n] = size & 0x7f;
	}
	return n + 1;
}

int packwriter_add(struct packwriter *pw, const git_oid *id, git_object_t type,
		   size_t size, const void *z, size_t z_len)
{
	struct pack_entry *e;
	unsigned char header[16];
	uint32_t *slot;
	size_t len;

	if (pw->error)
		return -1;
	if (*lookup(pw, id))
		return 0;
	if (!pw->tmp && begin(pw))
		return -1;

	e = xpush(pw->entries, pw->n);
	len = object_header(header, type, size);
	git_oid_cpy(&e->id, id);
	e->offset = packwriter_bytes(pw);
	e->crc = libdeflate_crc32(libdeflate_crc32(0, header, len), z, z_len);
	slot = lookup(pw, id);
	*slot = pw->n;
	grow_table(pw);

	if (put(pw, header, len))
		return -1;
	return put(pw, z, z_len);
}

uint64_t packwriter_bytes(const struct packwriter *pw)
{
	return pw->written + pw->buf_len;
}

size_t packwriter_count(const struct packwriter *pw)
{
	return pw->n;
}

/*
 * The checksum covers the header, which was not known when the rest was
 * written, so the pack is read once more; it is in the page cache.
 */
static int checksum(struct packwriter *pw, unsigned char sum[GIT_OID_RAWSZ])
{
	struct hash *h = hash_new(HASH_SHA1);
	uint64_t at = 0;
	ssize_t got = 0;

	while (at < pw->written) {
		got = pread(pw->fd, pw->buf, BUF_SIZE, at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		hash_update(h, pw->buf, got);
		at += got;
	}
	memcpy(sum, hash_raw(h), GIT_OID_RAWSZ);
	hash_free(h);
	if (got < 0)
		return fail(pw);
	if (at < pw->written) {
		errno = EIO;	/* somebody has cut our file */
		return fail(pw);
	}
	return 0;
}

static int complete_pack(struct packwriter *pw, unsigned char sum[GIT_OID_RAWSZ])
{
	unsigned char header[HEADER_SIZE];

	if (flush(pw))
		return -1;
	fill_header(header, pw->n);
	if (pwrite(pw->fd, header, sizeof(header), 0) != (ssize_t)sizeof(header))
		return fail(pw);
	if (checksum(pw, sum))
		return -1;
	if (write_all(pw->fd, sum, GIT_OID_RAWSZ) || fchmod(pw->fd, 0444) ||
	    fsync(pw->fd))
		return fail(pw);
	return 0;
}

/* Writes the index under its temporary name @path. */
static int write_index(struct packwriter *pw, const char *path,
		       const unsigned char *sum)
{
	unsigned char *index;
	size_t len;
	int fd, ret = 0;

	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		return fail(pw);
	index = packindex_build(pw->entries, pw->n, sum, &len);
	if (write_all(fd, index, len) || fchmod(fd, 0444) || fsync(fd))
		ret = fail(pw);
	free(index);
	close(fd);
	if (ret)
		unlink(path);
	return ret;
}

static int sync_dir(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return -1;
	ret = fsync(fd);
	close(fd);
	return ret;
}

int packwriter_finish(struct packwriter *pw)
{
	unsigned char sum[GIT_OID_RAWSZ];
	char *tmp_index = NULL, *pack = NULL, *index = NULL;
	char hex[SUM_HEX + 1];
	git_oid name;
	int ret = -1;

	if (pw->error)
		return -1;
	if (!pw->n)
		return 0;
	if (complete_pack(pw, sum))
		return -1;
	git_oid_fromraw(&name, sum);
	git_oid_tostr(hex, sizeof(hex), &name);
	tmp_index = xasprintf("%s/" TMP_PREFIX "%s.idx", pw->dir, hex);
	pack = xasprintf("%s/pack-%s.pack", pw->dir, hex);
	index = xasprintf("%s/pack-%s.idx", pw->dir, hex);

	if (write_index(pw, tmp_index, sum))
		goto out;
	if (sync_dir(pw->dir) || rename(pw->tmp, pack)) {
		fail(pw);
		unlink(tmp_index);
		goto out;
	}
	free(pw->tmp);
	pw->tmp = NULL;
	if (rename(tmp_index, index) || sync_dir(pw->dir)) {
		fail(pw);
		goto out;
	}
	ret = 0;
out:
	free(tmp_index);
	free(pack);
	free(index);
	return ret;
}

int packwriter_report(const struct packwriter *pw, uint64_t need)
{
	const unsigned int mb = 1000 * 1000;
	struct statvfs fs;

	hw_set_exit(HW_ENV);
	if (pw->error != ENOSPC && pw->error != EDQUOT) {
		errno = pw->error;
		return hw_errno("cannot write a pack in %s", pw->dir);
	}
	if (need < packwriter_bytes(pw))
		need = packwriter_bytes(pw);
	if (statvfs(pw->dir, &fs))
		fs.f_bavail = 0;
	hw_error("no space left in %s: the pack needs about %" PRIu64
		 " MB, %" PRIu64 " MB of it were written, %" PRIu64 " MB are free",
		 pw->dir, need / mb + 1, packwriter_bytes(pw) / mb,
		 (uint64_t)fs.f_bavail * fs.f_frsize / mb);
	hw_hint("make room there and run the same command again; nothing was changed");
	return -1;
}

void packwriter_free(struct packwriter *pw)
{
	if (!pw)
		return;
	if (pw->fd >= 0)
		close(pw->fd);
	if (pw->tmp)
		unlink(pw->tmp);
	free(pw->tmp);
	free(pw->dir);
	free(pw->buf);
	free(pw->entries);
	free(pw->table);
	free(pw);
}

/*
 * An index under its temporary name: its pack has its own name already (then
 * the index is whole, it was synced before), or it has not.
 */
static int recover_index(const char *dir, const char *name)
{
	const char *sum = name + strlen(TMP_PREFIX);
	char *tmp = xasprintf("%s/%s", dir, name);
	char *pack = xasprintf("%s/pack-%.*s.pack", dir, SUM_HEX, sum);
	char *index = xasprintf("%s/pack-%s", dir, sum);
	int ret;

	if (!access(pack, F_OK))
		ret = rename(tmp, index);
	else
		ret = unlink(tmp);
	if (ret)
		hw_errno("cannot clear up %s", tmp);
	free(tmp);
	free(pack);
	free(index);
	return ret;
}

static int recover_file(const char *dir, const char *name)
{
	const char *ext = strrchr(name, '.');
	char *path;
	int ret;

	if (ext && !strcmp(ext, ".idx") &&
	    strlen(name) == strlen(TMP_PREFIX) + SUM_HEX + strlen(".idx"))
		return recover_index(dir, name);
	path = xasprintf("%s/%s", dir, name);
	ret = unlink(path);
	if (ret)
		hw_errno("cannot clear up %s", path);
	free(path);
	return ret;
}

int packwriter_recover(const char *objects_dir)
{
	char *dir = xasprintf("%s/pack", objects_dir);
	struct dirent *e;
	int ret = 0;
	DIR *d;

	d = opendir(dir);
	if (!d && errno != ENOENT)
		ret = hw_errno("cannot read %s", dir);
	while (d && !ret && (e = readdir(d)))
		if (!strncmp(e->d_name, TMP_PREFIX, strlen(TMP_PREFIX)))
			ret = recover_file(dir, e->d_name);
	if (d)
		closedir(d);
	free(dir);
	return ret;
}
