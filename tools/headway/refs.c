// SPDX-License-Identifier: GPL-2.0-only
/* Moving many refs of a bare repository in one step. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "file.h"
#include "headway.h"
#include "refs.h"
#include "xalloc.h"

/* One line of packed-refs, with its peeled line if it is an annotated tag. */
struct packed {
	char *name;
	git_oid id;
	git_oid peeled;		/* zero: none */
};

struct packed_list {
	struct packed *p;
	size_t n;
};

void refs_plan(struct ref_moves *moves, const char *name, const git_oid *to)
{
	struct ref_move *m = xpush(moves->m, moves->n);

	m->name = xstrdup(name);
	if (to)
		m->to = *to;
}

void refs_plan_free(struct ref_moves *moves)
{
	size_t i;

	for (i = 0; i < moves->n; i++)
		free(moves->m[i].name);
	free(moves->m);
	memset(moves, 0, sizeof(*moves));
}

static void packed_free(struct packed_list *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		free(l->p[i].name);
	free(l->p);
	memset(l, 0, sizeof(*l));
}

static int packed_parse(const char *path, char *text, struct packed_list *l)
{
	char *line, *save = NULL;
	int no = 0;

	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		git_oid id;

		no++;
		if (*line == '#')
			continue;
		if (*line == '^' && l->n &&
		    !git_oid_fromstr(&l->p[l->n - 1].peeled, line + 1))
			continue;
		if (strlen(line) < 42 || line[40] != ' ' ||
		    git_oid_fromstrn(&id, line, 40)) {
			hw_set_exit(HW_BAD_INPUT);
			return hw_error("%s:%d: malformed line", path, no);
		}
		xpush(l->p, l->n)->name = xstrdup(line + 41);
		l->p[l->n - 1].id = id;
	}
	return 0;
}

static int packed_read(const char *path, struct packed_list *l)
{
	char *text = file_read(path, NULL);
	int err;

	memset(l, 0, sizeof(*l));
	if (!text)
		return errno == ENOENT ? 0 : hw_errno("%s", path);
	err = packed_parse(path, text, l);
	free(text);
	return err;
}

static struct packed *packed_find(struct packed_list *l, const char *name)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (!strcmp(l->p[i].name, name))
			return &l->p[i];
	return NULL;
}

static int packed_set(struct packed_list *l, const char *name, const git_oid *id)
{
	struct packed *p = packed_find(l, name);

	if (!p && git_oid_is_zero(id))
		return 0;
	if (p && git_oid_equal(&p->id, id))
		return 0;
	if (git_oid_is_zero(id)) {
		free(p->name);
		*p = l->p[--l->n];
		return 1;
	}
	if (!p) {
		p = xpush(l->p, l->n);
		p->name = xstrdup(name);
	}
	p->id = *id;
	memset(&p->peeled, 0, sizeof(p->peeled));
	return 1;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct packed *)a)->name,
		      ((const struct packed *)b)->name);
}

static char *packed_text(struct packed_list *l, size_t *len)
{
	char hex[GIT_OID_HEXSZ + 1], *out = NULL;
	FILE *f = open_memstream(&out, len);
	size_t i;

	if (!f)
		return NULL;
	if (l->n)
		qsort(l->p, l->n, sizeof(*l->p), by_name);
	fputs("# pack-refs with: peeled fully-peeled sorted \n", f);
	for (i = 0; i < l->n; i++) {
		git_oid_tostr(hex, sizeof(hex), &l->p[i].id);
		fprintf(f, "%s %s\n", hex, l->p[i].name);
		if (git_oid_is_zero(&l->p[i].peeled))
			continue;
		git_oid_tostr(hex, sizeof(hex), &l->p[i].peeled);
		fprintf(f, "^%s\n", hex);
	}
	fclose(f);
	return out;
}

#define STALE_SECONDS	3
#define WAIT_SECONDS	20

/*
 * Take git's own lock on @path, so that no git command writes it meanwhile. A
 * lock that is seconds old was left by a killed process: git holds it for
 * milliseconds, and no other headway runs.
 */
static int lock_file(const char *path, char **lock)
{
	static const struct timespec pause = { .tv_nsec = 50000000 };
	time_t end = time(NULL) + WAIT_SECONDS;
	struct stat st;
	int fd;

	*lock = xasprintf("%s.lock", path);
	for (;;) {
		fd = open(*lock, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
		if (fd >= 0)
			return fd;
		if (errno != EEXIST) {
			hw_errno("%s", *lock);
			break;
		}
		if (time(NULL) > end) {
			hw_error("%s: git holds this lock", *lock);
			hw_set_exit(HW_BUSY);
			break;
		}
		if (lstat(*lock, &st) ||
		    time(NULL) - st.st_mtime <= STALE_SECONDS) {
			nanosleep(&pause, NULL);
		} else if (unlink(*lock) && errno != ENOENT) {
			hw_errno("%s: left behind, and cannot be removed", *lock);
			break;
		}
	}
	free(*lock);
	*lock = NULL;
	return -1;
}

/* A full disk may take a part: only the next write says why not the rest. */
static int write_all(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		text += n;
		len -= n;
	}
	return fsync(fd);
}

static int packed_write(const char *path, struct packed_list *l)
{
	size_t len = 0;
	char *text = packed_text(l, &len), *lock = NULL;
	int fd = -1, err = -1;

	if (!text)
		return hw_errno("%s", path);
	fd = lock_file(path, &lock);
	if (fd < 0)
		goto out;
	if (write_all(fd, text, len) || rename(lock, path)) {
		hw_errno("%s: cannot be written, the old branches stay", path);
		unlink(lock);
		goto out;
	}
	err = 0;
out:
	if (fd >= 0)
		close(fd);
	free(lock);
	free(text);
	return err;
}

/* Remove a loose ref whose value packed-refs has too. */
static int drop_loose(const char *path, const git_oid *id)
{
	char hex[GIT_OID_HEXSZ + 1], *text, *lock;
	int fd = lock_file(path, &lock), err = 0;

	if (fd < 0)
		return -1;
	text = file_read(path, NULL);
	git_oid_tostr(hex, sizeof(hex), id);
	if (text && !strncmp(text, hex, GIT_OID_HEXSZ) && unlink(path))
		err = hw_errno("%s", path);
	free(text);
	unlink(lock);
	free(lock);
	close(fd);
	return err;
}

/*
 * A loose ref would shadow what packed-refs says. Put the loose values of the
 * refs that move into packed-refs first; this changes no ref's value.
 */
static int pack_loose(git_repository *repo, const char *path,
		      const struct ref_moves *moves, struct packed_list *l)
{
	const char *dir = git_repository_path(repo);
	struct ref_moves loose = { 0 };
	int err = 0, changed = 0;
	size_t i;

	for (i = 0; i < moves->n; i++) {
		char *file = xasprintf("%s%s", dir, moves->m[i].name);
		git_oid id;

		if (file_exists(file) &&
		    !git_reference_name_to_id(&id, repo, moves->m[i].name)) {
			refs_plan(&loose, moves->m[i].name, &id);
			changed |= packed_set(l, moves->m[i].name, &id);
		}
		free(file);
	}
	if (changed)
		err = packed_write(path, l);
	for (i = 0; !err && i < loose.n; i++) {
		char *file = xasprintf("%s%s", dir, loose.m[i].name);

		err = drop_loose(file, &loose.m[i].to);
		free(file);
	}
	refs_plan_free(&loose);
	return err;
}

int refs_move(git_repository *repo, const struct ref_moves *moves)
{
	char *path = xasprintf("%spacked-refs", git_repository_path(repo));
	struct packed_list l = { 0 };
	int changed = 0, err;
	size_t i;

	err = packed_read(path, &l);
	if (!err)
		err = pack_loose(repo, path, moves, &l);
	for (i = 0; !err && i < moves->n; i++)
		changed += packed_set(&l, moves->m[i].name, &moves->m[i].to);
	if (!err && changed)
		err = packed_write(path, &l);
	packed_free(&l);
	free(path);
	return err ? -1 : changed;
}
