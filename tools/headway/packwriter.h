/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writes one pack of whole objects (no deltas) and its index, as
 * gitformat-pack(5) describes them.
 *
 * libgit2's own pack builder keeps every object in memory twice over and its
 * indexer reads the whole pack back through zlib; here the ids are known before
 * the pack is written, so the index costs a sort.
 */
#ifndef HEADWAY_PACKWRITER_H
#define HEADWAY_PACKWRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <git2.h>

struct packwriter;

/**
 * packwriter_new() - begin a pack
 * @out: set to the writer
 * @objects_dir: the repository's directory "objects"
 *
 * The file is made with the first object, under a temporary name.
 *
 * Return: 0, or -1 after an error.
 */
int packwriter_new(struct packwriter **out, const char *objects_dir);

/**
 * packwriter_add() - append an object
 * @pw: the writer
 * @id: the object's id
 * @type: blob, tree or commit
 * @size: its length before compression
 * @z: the compressed bytes
 * @z_len: and how many
 *
 * An object that the pack has already is left out. Prints nothing, as it is
 * called by any thread; after a failure all further calls fail.
 *
 * Return: 0 or -1.
 */
int packwriter_add(struct packwriter *pw, const git_oid *id, git_object_t type,
		   size_t size, const void *z, size_t z_len);

/** packwriter_bytes() - length of the pack so far */
uint64_t packwriter_bytes(const struct packwriter *pw);
/** packwriter_count() - objects in the pack so far */
size_t packwriter_count(const struct packwriter *pw);

/**
 * packwriter_finish() - make the pack part of the repository
 *
 * Syncs pack and index and gives them their names, the pack's first: git looks
 * for the index, so it sees both or nothing. A pack without objects is none.
 *
 * Return: 0, or -1: see packwriter_report().
 */
int packwriter_finish(struct packwriter *pw);

/**
 * packwriter_report() - the error message for a failed add or finish
 * @pw: the writer
 * @need: estimate of the whole pack's size in bytes for the case of a full
 *	  disk; 0 if unknown
 *
 * Return: -1.
 */
int packwriter_report(const struct packwriter *pw, uint64_t need);

/** packwriter_free() - free; removes the temporary file of an unfinished pack */
void packwriter_free(struct packwriter *pw);

/**
 * packwriter_recover() - clear up after writers that were killed
 * @objects_dir: the repository's directory "objects"
 *
 * Removes temporary files, and completes a pack whose writer was killed between
 * the two renames. Call it with the writer's lock held.
 *
 * Return: 0, or -1 after an error.
 */
int packwriter_recover(const char *objects_dir);

#endif /* HEADWAY_PACKWRITER_H */
