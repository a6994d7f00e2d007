/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared by the unit tests: a scratch folder, a scratch repository, messages. */
#ifndef HEADWAY_UNIT_H
#define HEADWAY_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <git2.h>

#include "headway.h"

/* A folder of the test's own, made by unit_setup(), removed by unit_teardown(). */
extern char *unit_dir;
/* An empty bare repository in it. */
extern git_repository *unit_repo;

int unit_setup(void **state);
int unit_teardown(void **state);

/* A test with the folder and the repository. */
#define UNIT(f) cmocka_unit_test_setup_teardown(f, unit_setup, unit_teardown)

/* Write @text to @path below unit_dir, with the folders on the way. */
void unit_write(const char *path, const char *text);
/* What is at @path below unit_dir, until the test ends; NULL: nothing. */
const char *unit_read(const char *path);
/* unit_dir and @path joined, until the test ends. */
const char *unit_path(const char *path);

/* What is written to stderr from unit_catch() to unit_caught() is kept. */
void unit_catch(void);
/* It is valid until the next unit_catch(). */
const char *unit_caught(void);

/* Fails the test, printing both, if @text does not have @part in it. */
void unit_assert_has(const char *text, const char *part);
void unit_assert_lacks(const char *text, const char *part);

/*
 * Make a tree of files: "path", "content", ..., NULL. A path that begins with
 * '*' is executable.
 */
git_oid unit_tree(const char *path, ...);
git_oid unit_blob(const char *text);
/* Commit @tree; @parent may be NULL. Author and date are fixed. */
git_oid unit_commit(const git_oid *tree, const git_oid *parent,
		    const char *message);
/* The content of @path in @tree, until the test ends; NULL: not there. */
const char *unit_content(const git_oid *tree, const char *path);
/* Its mode, 0 if it is not there. */
unsigned int unit_mode(const git_oid *tree, const char *path);
git_tree *unit_open_tree(const git_oid *id);

#endif /* HEADWAY_UNIT_H */
