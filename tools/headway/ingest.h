/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From file contents to a pack: one thread brings blobs, several hash and
 * compress them, and they reach the pack in the order in which they came.
 */
#ifndef HEADWAY_INGEST_H
#define HEADWAY_INGEST_H

#include <stddef.h>

#include <git2.h>

#include "packwriter.h"

struct ingest;

/**
 * ingest_new() - start the threads
 * @pw: the pack; nobody else may touch it until ingest_finish()
 * @have: objects that need not be written; NULL: none
 *
 * Never NULL: with no thread to be had, the caller's does the work.
 */
struct ingest *ingest_new(struct packwriter *pw, git_odb *have);

/**
 * ingest_reserve() - memory for the next blob
 * @in: the pipeline
 * @size: the blob's length
 *
 * Waits while the blobs under way hold more than a fixed amount of memory.
 *
 * Return: where to put the content; NULL if a thread has failed: give up and
 * ask packwriter_report().
 */
void *ingest_reserve(struct ingest *in, size_t size);

/**
 * ingest_submit() - hand over what ingest_reserve() gave memory for
 * @in: the pipeline
 * @id: where to put the blob's id; it is there once ingest_finish() returned
 */
void ingest_submit(struct ingest *in, git_oid *id);

/**
 * ingest_finish() - wait until all blobs are in the pack, and free
 *
 * To be called on failure too. Return: 0, or -1 if the pack could not be written.
 */
int ingest_finish(struct ingest *in);

#endif /* HEADWAY_INGEST_H */
