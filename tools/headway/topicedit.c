// SPDX-License-Identifier: GPL-2.0-only
/* Edits of a topic file's text that leave every other byte of it alone. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "topicedit.h"
#include "xalloc.h"

static char *next_line(char *line)
{
	line += strcspn(line, "\n");
	return line + (*line == '\n');
}

static bool is_field(const char *line, const char *name)
{
	size_t n = strlen(name);

	return !strncmp(line, name, n) && line[n] == ':';
}

static bool is_change(const char *line, const char *change)
{
	size_t n = strlen(change);

	if (!is_field(line, "Change"))
		return false;
	line += strlen("Change:");
	line += strspn(line, " \t");
	if (strncmp(line, change, n))
		return false;
	line += n + strspn(line + n, " \t\r");
	return !*line || *line == '\n';
}

/* Past a field and the lines that continue it. */
static char *field_end(char *line)
{
	do
		line = next_line(line);
	while (*line == ' ' || *line == '\t');
	return line;
}

static char *insert(char *text, const char *at, const char *more)
{
	int before = (int)(at - text);
	/* The file's last line may have no end. */
	const char *nl = before && at[-1] != '\n' ? "\n" : "";
	char *out = xasprintf("%.*s%s%s%s", before, text, nl, more, at);

	free(text);
	return out;
}

static char *file_lines(const struct strlist *files, bool have_field)
{
	char *out = xstrdup("");
	size_t i;

	for (i = 0; i < files->n; i++) {
		char *more = xasprintf("%s%s %s\n", out,
				       i || have_field ? "" : "Files:",
				       files->v[i]);

		free(out);
		out = more;
	}
	return out;
}

char *topicedit_add_files(char *text, const char *change,
			  const struct strlist *files)
{
	char *line = text, *at, *more;
	bool have_field = false;

	while (*line && !is_change(line, change))
		line = next_line(line);
	at = field_end(line);
	for (; *line && line[strspn(line, " \t\r")] != '\n';
	     line = next_line(line)) {
		have_field = is_field(line, "Files");
		if (have_field || is_field(line, "Patch"))
			at = field_end(line);
		if (have_field)
			break;
	}
	more = file_lines(files, have_field);
	text = insert(text, at, more);
	free(more);
	return text;
}

char *topicedit_add_change(char *text, const char *change, const char *patch,
			   const struct strlist *files)
{
	char *more = file_lines(files, false);
	char *all = xasprintf("\nChange: %s\nPatch: %s\n%s", change, patch, more);

	text = insert(text, text + strlen(text), all);
	free(all);
	free(more);
	return text;
}
