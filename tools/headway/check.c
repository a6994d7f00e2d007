// SPDX-License-Identifier: GPL-2.0-only
/* Checks: sentences about a base's source that hold or do not. */
#include <ctype.h>
#include <regex.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "headway.h"
#include "xalloc.h"

static int parse_one(const char *file, int line, const char *s, size_t n,
		     struct checks *out)
{
	static const struct {
		const char *word;
		enum check_kind kind;
	} kinds[] = {
		{ " has ", CHECK_HAS },
		{ " lacks ", CHECK_LACKS },
		{ " absent", CHECK_ABSENT },
	};
	char *text = xstrndup(s, n), *word = NULL, *colon;
	struct check *c;
	size_t i;
	regex_t re;

	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		word = strchr(text, ' ');
		if (word && !strncmp(word, kinds[i].word,
				     strlen(kinds[i].word)) &&
		    (kinds[i].kind != CHECK_ABSENT ||
		     !word[strlen(kinds[i].word)]))
			break;
		word = NULL;
	}
	if (!word || word == text) {
		hw_error("%s:%d: check \"%s\": expected \"PATH[:FUNCTION] has REGEX\", \"... lacks REGEX\" or \"PATH absent\"",
			 file, line, text);
		free(text);
		return -1;
	}
	c = xpush(out->c, out->n);
	c->text = text;
	c->kind = kinds[i].kind;
	c->path = xstrndup(text, word - text);
	colon = strchr(c->path, ':');
	if (colon && c->kind == CHECK_ABSENT)
		return hw_error("%s:%d: check \"%s\": a function cannot be \"absent\"",
				file, line, text);
	if (colon) {
		c->function = xstrdup(colon + 1);
		*colon = '\0';
	}
	if (c->kind == CHECK_ABSENT)
		return 0;
	c->regex = xstrdup(word + strlen(kinds[i].word));
	if (regcomp(&re, c->regex, REG_EXTENDED | REG_NOSUB))
		return hw_error("%s:%d: check \"%s\": \"%s\" is not an extended regular expression",
				file, line, text, c->regex);
	regfree(&re);
	return 0;
}

int checks_parse(const char *file, int line, const char *text,
		 struct checks *out)
{
	size_t n;

	for (; *text; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		while (n && isblank((unsigned char)*text)) {
			text++;
			n--;
		}
		if (n && parse_one(file, line, text, n, out))
			return -1;
	}
	if (!out->n)
		return hw_error("%s:%d: a check without text", file, line);
	return 0;
}

void checks_free(struct checks *cs)
{
	size_t i;

	for (i = 0; i < cs->n; i++) {
		free(cs->c[i].path);
		free(cs->c[i].function);
		free(cs->c[i].regex);
		free(cs->c[i].text);
	}
	free(cs->c);
	memset(cs, 0, sizeof(*cs));
}

/* Blank out comments, keeping line ends; string literals are left alone. */
static void strip_comments(char *s)
{
	while (*s) {
		if (*s == '"' || *s == '\'') {
			char quote = *s++;

			while (*s && *s != quote && *s != '\n')
				s += *s == '\\' && s[1] ? 2 : 1;
			s += *s == quote;
		} else if (s[0] == '/' && s[1] == '/') {
			while (*s && *s != '\n')
				*s++ = ' ';
		} else if (s[0] == '/' && s[1] == '*') {
			bool closed = false;

			*s++ = ' ';
			*s++ = ' ';
			while (*s && !closed) {
				closed = s[0] == '*' && s[1] == '/';
				if (closed)
					s[1] = ' ';
				if (*s != '\n')
					*s = ' ';
				s += closed ? 2 : 1;
			}
		} else {
			s++;
		}
	}
}

static bool names_function(const char *line, size_t n, const char *name)
{
	size_t len = strlen(name);
	const char *p;

	for (p = line; p + len < line + n; p++) {
		if (strncmp(p, name, len) || p[len] != '(')
			continue;
		if (p == line || (!isalnum((unsigned char)p[-1]) && p[-1] != '_'))
			return true;
	}
	return false;
}

/*
 * The definition of @name in @text, from its first line to the '}' in column
 * one, in the kernel's style. The caller's to free; NULL if there is none.
 */
static char *function_text(const char *text, const char *name)
{
	const char *start = NULL;
	bool body = false;

	for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
		size_t n = strcspn(text, "\n");

		if (!start && n && !isspace((unsigned char)*text) &&
		    *text != '#' && names_function(text, n, name))
			start = text;
		if (!start)
			continue;
		if (body && *text == '}')
			return xstrndup(start, text + n - start);
		if (*text == '{')
			body = true;
		else if (!body && n && memchr(text, ';', n))
			start = NULL;	/* a declaration */
	}
	return NULL;
}

static bool some_line_matches(const char *text, const char *regex)
{
	bool found = false;
	regex_t re;

	if (regcomp(&re, regex, REG_EXTENDED | REG_NOSUB))
		return false;
	while (*text && !found) {
		size_t n = strcspn(text, "\n");
		char *line;

		while (n && isblank((unsigned char)*text)) {
			text++;
			n--;
		}
		line = xstrndup(text, n);
		found = !regexec(&re, line, 0, NULL, 0);
		free(line);
		text += n;
		text += *text == '\n';
	}
	regfree(&re);
	return found;
}

/* The text that @c speaks of; NULL with @why if it is not there. */
static char *checked_text(git_repository *repo, git_tree_entry *entry,
			  const struct check *c, char **why)
{
	git_blob *blob = NULL;
	char *text, *body;

	if (git_blob_lookup(&blob, repo, git_tree_entry_id(entry))) {
		*why = xasprintf("%s is not a file", c->path);
		return NULL;
	}
	text = xstrndup(git_blob_rawcontent(blob), git_blob_rawsize(blob));
	git_blob_free(blob);
	strip_comments(text);
	if (!c->function)
		return text;
	body = function_text(text, c->function);
	free(text);
	if (!body)
		*why = xasprintf("%s has no function %s", c->path, c->function);
	return body;
}

static int check_one(git_repository *repo, git_tree *tree,
		     const struct check *c, char **why)
{
	git_tree_entry *entry = NULL;
	int err = git_tree_entry_bypath(&entry, tree, c->path);
	char *text;
	bool found, wanted;

	if (err && err != GIT_ENOTFOUND)
		return hw_git_error("%s", c->path);
	if (c->kind == CHECK_ABSENT) {
		git_tree_entry_free(entry);
		if (!err)
			*why = xasprintf("%s is there", c->path);
		return !err;
	}
	if (err) {
		*why = xasprintf("%s is not there", c->path);
		return 1;
	}
	text = checked_text(repo, entry, c, why);
	git_tree_entry_free(entry);
	if (!text)
		return 1;
	found = some_line_matches(text, c->regex);
	free(text);
	wanted = c->kind == CHECK_HAS;
	if (found == wanted)
		return 0;
	*why = xasprintf("check \"%s\" does not hold", c->text);
	return 1;
}

int checks_hold(git_repository *repo, git_tree *tree, const struct checks *cs,
		char **why)
{
	size_t i;
	int r = 0;

	*why = NULL;
	for (i = 0; !r && i < cs->n; i++)
		r = check_one(repo, tree, &cs->c[i], why);
	return r;
}
