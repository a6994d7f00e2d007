// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pipeline from file contents to a pack.
 *
 * A ring of slots, each going round FREE -> FULL -> TAKEN -> DONE -> FREE. The
 * n-th blob is in slot n % SLOTS, so "the order in which they came" is the order
 * of the slots, and a thread that finishes the oldest one writes it and every
 * DONE one behind it. So the pack never depends on the threads' timing.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "deflate.h"
#include "hash.h"
#include "ingest.h"
#include "xalloc.h"

#define SLOTS		1024
#define MAX_BYTES	(64u << 20)	/* in all slots together */
#define MAX_THREADS	16

enum slot_state {
	SLOT_FREE,
	SLOT_FULL,	/* the content is there */
	SLOT_TAKEN,	/* a thread has it */
	SLOT_DONE,	/* the compressed content is there, or it is not wanted */
};

struct slot {
	enum slot_state state;
	char *data;
	size_t size;	/* of the content */
	size_t z_len;	/* 0: the repository has the object */
	git_oid *id;
};

struct ingest {
	struct packwriter *pw;
	git_odb *have;
	pthread_mutex_t lock;
	pthread_cond_t filled;	/* for the threads: there is work, or the end */
	pthread_cond_t freed;	/* for the reader: slots and memory came back */
	struct slot slots[SLOTS];
	size_t n_in;		/* blobs that came; slots are these modulo SLOTS */
	size_t n_taken;
	size_t n_out;		/* blobs that are in the pack */
	size_t bytes;
	bool writing;		/* one thread is at the pack */
	bool closed;
	bool failed;
	pthread_t threads[MAX_THREADS];
	unsigned int n_threads;
};

static struct slot *slot_of(struct ingest *in, size_t n)
{
	return &in->slots[n % SLOTS];
}

/* Runs without the lock: the slot is ours. */
static void work_on(struct ingest *in, struct slot *s, struct deflate *d)
{
	const void *z;

	hash_object(s->id, GIT_OBJECT_BLOB, s->data, s->size);
	s->z_len = 0;
	if (in->have && git_odb_exists_ext(in->have, s->id, GIT_ODB_LOOKUP_NO_REFRESH))
		return;
	z = deflate_data(d, s->data, s->size, &s->z_len);
	/* ingest_reserve() allocated for the worst case. */
	memcpy(s->data, z, s->z_len);
}

/* Writes what is ready, in order. Called and returns with the lock held. */
static void write_ready(struct ingest *in)
{
	if (in->writing)
		return;
	in->writing = true;
	while (in->n_out < in->n_in) {
		struct slot *s = slot_of(in, in->n_out);
		int ret = 0;

		if (s->state != SLOT_DONE)
			break;
		pthread_mutex_unlock(&in->lock);
		if (s->z_len)
			ret = packwriter_add(in->pw, s->id, GIT_OBJECT_BLOB,
					     s->size, s->data, s->z_len);
		free(s->data);
		s->data = NULL;
		pthread_mutex_lock(&in->lock);
		if (ret)
			in->failed = true;
		in->bytes -= s->size;
		s->state = SLOT_FREE;
		in->n_out++;
		pthread_cond_signal(&in->freed);
	}
	in->writing = false;
}

/* Does one piece of work if there is any. Called and returns with the lock held. */
static bool work_once(struct ingest *in, struct deflate *d)
{
	struct slot *s;

	if (in->n_taken == in->n_in)
		return false;
	s = slot_of(in, in->n_taken++);
	s->state = SLOT_TAKEN;
	if (!in->failed) {
		pthread_mutex_unlock(&in->lock);
		work_on(in, s, d);
		pthread_mutex_lock(&in->lock);
	} else {
		s->z_len = 0;
	}
	s->state = SLOT_DONE;
	write_ready(in);
	return true;
}

static void *thread_main(void *arg)
{
	struct ingest *in = arg;
	struct deflate *d = deflate_new();

	pthread_mutex_lock(&in->lock);
	for (;;) {
		if (work_once(in, d))
			continue;
		if (in->closed)
			break;
		pthread_cond_wait(&in->filled, &in->lock);
	}
	pthread_mutex_unlock(&in->lock);
	deflate_free(d);
	return NULL;
}

struct ingest *ingest_new(struct packwriter *pw, git_odb *have)
{
	struct ingest *in = xcalloc(1, sizeof(*in));
	long want = sysconf(_SC_NPROCESSORS_ONLN);

	in->pw = pw;
	in->have = have;
	pthread_mutex_init(&in->lock, NULL);
	pthread_cond_init(&in->filled, NULL);
	pthread_cond_init(&in->freed, NULL);
	if (want < 1)
		want = 1;
	while (in->n_threads < (unsigned long)want && in->n_threads < MAX_THREADS) {
		if (pthread_create(&in->threads[in->n_threads], NULL,
				   thread_main, in))
			break;
		in->n_threads++;
	}
	return in;
}

/* Without threads the reader empties the ring itself. */
static void work_here(struct ingest *in)
{
	struct deflate *d = deflate_new();

	while (work_once(in, d))
		;
	deflate_free(d);
}

void *ingest_reserve(struct ingest *in, size_t size)
{
	struct slot *s;
	void *data = NULL;

	pthread_mutex_lock(&in->lock);
	s = slot_of(in, in->n_in);
	while (!in->failed && in->n_out < in->n_in &&
	       (s->state != SLOT_FREE || in->bytes + size > MAX_BYTES)) {
		if (in->n_threads)
			pthread_cond_wait(&in->freed, &in->lock);
		else
			work_here(in);
	}
	if (!in->failed) {
		/* What was reserved before and not submitted is given back. */
		in->bytes -= s->size * !!s->data;
		free(s->data);
		s->size = size;
		s->data = xrealloc(NULL, deflate_bound(size));
		in->bytes += size;
		data = s->data;
	}
	pthread_mutex_unlock(&in->lock);
	return data;
}

void ingest_submit(struct ingest *in, git_oid *id)
{
	struct slot *s;

	pthread_mutex_lock(&in->lock);
	s = slot_of(in, in->n_in++);
	s->id = id;
	s->state = SLOT_FULL;
	pthread_cond_signal(&in->filled);
	pthread_mutex_unlock(&in->lock);
}

int ingest_finish(struct ingest *in)
{
	int ret;

	pthread_mutex_lock(&in->lock);
	in->closed = true;
	pthread_cond_broadcast(&in->filled);
	pthread_mutex_unlock(&in->lock);
	for (unsigned int i = 0; i < in->n_threads; i++)
		pthread_join(in->threads[i], NULL);
	if (!in->n_threads) {
		pthread_mutex_lock(&in->lock);
		work_here(in);
		pthread_mutex_unlock(&in->lock);
	}
	ret = in->failed ? -1 : 0;
	/* At most one: reserved, then given up. */
	free(slot_of(in, in->n_in)->data);
	pthread_cond_destroy(&in->freed);
	pthread_cond_destroy(&in->filled);
	pthread_mutex_destroy(&in->lock);
	free(in);
	return ret;
}
