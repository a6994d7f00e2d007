// SPDX-License-Identifier: GPL-2.0-only
/* Patch mails, as git format-patch writes them: reading and writing. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "headway.h"
#include "mail.h"
#include "mailword.h"
#include "xalloc.h"

/* A header's value with folded lines joined by one blank; NULL if absent. */
static char *header(const char *text, const char *end, const char *name)
{
	size_t n = strlen(name);
	char *value = NULL;

	while (text < end && *text != '\n') {
		const char *nl = memchr(text, '\n', end - text);
		const char *from = text;

		if (!nl)
			nl = end;
		if (value && (*text == ' ' || *text == '\t')) {
			char *joined;

			from += strspn(from, " \t");
			joined = xasprintf("%s %.*s", value, (int)(nl - from),
					   from);
			free(value);
			value = joined;
		} else if (value) {
			break;
		} else if ((size_t)(nl - text) > n &&
			   !strncasecmp(text, name, n) && text[n] == ':') {
			from += n + 1;
			while (from < nl && *from == ' ')
				from++;
			value = xstrndup(from, nl - from);
		}
		text = nl < end ? nl + 1 : end;
	}
	return value;
}

static int decode_header(const char *path, char **value)
{
	char *text = mailword_decode(*value);

	if (!text)
		return hw_error("%s: \"%s\" is encoded in a way that is not known here: write UTF-8",
				path, *value);
	free(*value);
	*value = text;
	return 0;
}

static int parse_from(const char *path, const char *from, struct mail *m)
{
	const char *lt = strrchr(from, '<');
	const char *gt = lt ? strchr(lt, '>') : NULL;
	size_t n = lt ? lt - from : 0;

	if (!gt || gt == lt + 1)
		return hw_error("%s: From: expected \"Name <address>\", found \"%s\"",
				path, from);
	while (n && isblank((unsigned char)from[n - 1]))
		n--;
	if (n >= 2 && from[0] == '"' && from[n - 1] == '"') {
		from++;
		n -= 2;
	}
	if (!n)
		return hw_error("%s: From: no name before <%.*s>", path,
				(int)(gt - lt - 1), lt + 1);
	m->name = xstrndup(from, n);
	m->email = xstrndup(lt + 1, gt - lt - 1);
	return 0;
}

/* strptime() knows the locale's month names; a mail's are English always. */
static int parse_date(const char *path, const char *date, struct mail *m)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const char *p = strchr(date, ',');
	struct tm tm = { 0 }, given;
	char mon[4] = "", sign;
	int year, zh, zm;
	const char *hit;

	if (sscanf(p ? p + 1 : date, " %d %3s %d %d:%d:%d %c%2d%2d", &tm.tm_mday,
		   mon, &year, &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &sign, &zh,
		   &zm) != 9 || strlen(mon) != 3)
		goto bad;
	hit = strstr(months, mon);
	if (!hit || (hit - months) % 3 || (sign != '+' && sign != '-'))
		goto bad;
	tm.tm_mon = (int)(hit - months) / 3;
	tm.tm_year = year - 1900;
	m->when.offset = (sign == '-' ? -1 : 1) * (zh * 60 + zm);
	m->when.sign = sign;
	given = tm;
	m->when.time = timegm(&tm) - 60 * (git_time_t)m->when.offset;
	/* timegm() makes the 1st of March out of the 29th of February. */
	if (tm.tm_mday == given.tm_mday && tm.tm_hour == given.tm_hour &&
	    tm.tm_min == given.tm_min && tm.tm_sec == given.tm_sec)
		return 0;
bad:
	return hw_error("%s: Date: expected \"Day, DD Mon YYYY HH:MM:SS +ZZZZ\", found \"%s\"",
			path, date);
}

/* "[PATCH 1/3] Subject" -> "Subject", as git am takes it. */
static const char *bare_subject(const char *s)
{
	while (*s == '[') {
		const char *close = strchr(s, ']');

		if (!close || !memmem(s, close - s, "PATCH", 5))
			break;
		s = close + 1;
		s += strspn(s, " \t");
	}
	return s;
}

/* Where the message ends: at a line "---", or where a diff begins. */
static const char *message_end(const char *body, const char *end)
{
	const char *p = body;

	while (p < end) {
		const char *nl = memchr(p, '\n', end - p);
		size_t n = (nl ? nl : end) - p;

		if ((n == 3 && !strncmp(p, "---", 3)) ||
		    (n > 11 && !strncmp(p, "diff --git ", 11)))
			return p;
		p = nl ? nl + 1 : end;
	}
	return end;
}

static const char *diff_start(const char *p, const char *end)
{
	while (p < end) {
		const char *nl = memchr(p, '\n', end - p);

		if (end - p > 11 && !strncmp(p, "diff --git ", 11))
			return p;
		p = nl ? nl + 1 : end;
	}
	return end;
}

/*
 * The signature "-- \n2.39.5\n" that ends a mail is no part of the diff. A "- "
 * that the diff removes looks alike; but then lines of the diff follow.
 */
static const char *diff_end(const char *start, const char *end)
{
	const char *sig = NULL, *p = start;

	while ((p = memmem(p, end - p, "\n-- \n", 5)))
		sig = p++;
	if (!sig)
		return end;
	p = sig + strlen("\n-- \n");
	if (p < end && strchr(" +-@\\", *p))
		return end;
	return memmem(p, end - p, "\ndiff --git ", 12) ? end : sig + 1;
}

static void take_message(struct mail *m, const char *subject, const char *body,
			 const char *end)
{
	size_t n;

	while (body < end && *body == '\n')
		body++;
	n = end > body ? end - body : 0;
	while (n && isspace((unsigned char)body[n - 1]))
		n--;
	if (n)
		m->message = xasprintf("%s\n\n%.*s\n", subject, (int)n, body);
	else
		m->message = xasprintf("%s\n", subject);
}

int mail_parse(const char *path, const char *text, size_t len,
	       struct mail *out)
{
	const char *end = text + len, *body, *stop;
	char *from, *date, *subject;
	int err = -1;

	memset(out, 0, sizeof(*out));
	if (memchr(text, '\0', len))
		return hw_error("%s: NUL byte; binary patches are not supported", path);
	if (len > 5 && !strncmp(text, "From ", 5))
		text = memchr(text, '\n', len) ? strchr(text, '\n') + 1 : end;
	body = memmem(text, end - text, "\n\n", 2);
	body = body ? body + 1 : end;
	from = header(text, body, "From");
	date = header(text, body, "Date");
	subject = header(text, body, "Subject");
	if (!from || !date || !subject) {
		hw_error("%s: not a patch mail: no %s: header", path,
			 !from ? "From" : !date ? "Date" : "Subject");
		goto out;
	}
	if (decode_header(path, &from) || decode_header(path, &subject))
		goto out;
	if (parse_from(path, from, out) || parse_date(path, date, out))
		goto out;
	if (!*bare_subject(subject)) {
		hw_error("%s: empty subject", path);
		goto out;
	}
	stop = message_end(body, end);
	take_message(out, bare_subject(subject), body, stop);
	out->diff = diff_start(stop, end);
	out->diff_len = diff_end(out->diff, end) - out->diff;
	err = 0;
out:
	free(from);
	free(date);
	free(subject);
	return err;
}

void mail_free(struct mail *m)
{
	free(m->name);
	free(m->email);
	free(m->message);
	memset(m, 0, sizeof(*m));
}

/*
 * libgit2 has the like of these two, but drops the indentation of a body's
 * first line.
 */
char *message_subject(const char *message)
{
	const char *end = message + strspn(message, "\n");
	char *out = xcalloc(1, strlen(end) + 1), *p = out;

	for (; *end && strncmp(end, "\n\n", 2); end++)
		*p++ = *end == '\n' ? ' ' : *end;
	while (p > out && (p[-1] == ' ' || p[-1] == '\t'))
		*--p = '\0';
	return out;
}

static const char *message_body(const char *message)
{
	const char *body = strstr(message + strspn(message, "\n"), "\n\n");

	return body ? body + strspn(body, "\n") : "";
}

static size_t body_length(const char *body)
{
	size_t n = strlen(body);

	while (n && strchr(" \t\n\r", body[n - 1]))
		n--;
	return n;
}

static void write_date(FILE *f, const git_time *when)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed",
					    "Thu", "Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr",
					      "May", "Jun", "Jul", "Aug",
					      "Sep", "Oct", "Nov", "Dec" };
	time_t t = when->time + 60 * (time_t)when->offset;
	int off = abs(when->offset);
	struct tm tm;

	gmtime_r(&t, &tm);
	fprintf(f, "Date: %s, %d %s %d %02d:%02d:%02d %c%02d%02d\n",
		days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon],
		tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec,
		when->offset < 0 ? '-' : '+', off / 60, off % 60);
}

/* Subject: folded before column 78, as format-patch folds it. */
static void write_subject(FILE *f, const char *subject)
{
	size_t col = strlen("Subject: [PATCH]");

	fputs("Subject: [PATCH]", f);
	while (*subject) {
		size_t n = strcspn(subject, " ");

		if (col + 1 + n > 77) {
			fputc('\n', f);
			col = 0;
		}
		fprintf(f, " %.*s", (int)n, subject);
		col += 1 + n;
		subject += n;
		subject += *subject == ' ';
	}
	fputc('\n', f);
}

static int write_diff(FILE *f, git_diff *diff)
{
	git_diff_stats *stats = NULL;
	git_buf buf = { 0 };
	int err = -1;

	fputs("---\n", f);
	if (git_diff_get_stats(&stats, diff) ||
	    git_diff_stats_to_buf(&buf, stats, GIT_DIFF_STATS_FULL |
				  GIT_DIFF_STATS_INCLUDE_SUMMARY, 72))
		goto out;
	fwrite(buf.ptr, 1, buf.size, f);
	git_buf_dispose(&buf);
	if (git_diff_to_buf(&buf, diff, GIT_DIFF_FORMAT_PATCH))
		goto out;
	fputc('\n', f);
	fwrite(buf.ptr, 1, buf.size, f);
	err = 0;
out:
	git_diff_stats_free(stats);
	git_buf_dispose(&buf);
	return err;
}

char *mail_write(git_commit *commit, git_diff *diff)
{
	const git_signature *a = git_commit_author(commit);
	const char *body = message_body(git_commit_message(commit));
	char *subject = message_subject(git_commit_message(commit));
	char *out = NULL;
	size_t len;
	FILE *f = open_memstream(&out, &len);
	int err = 0;

	if (!f) {
		hw_errno("open_memstream");
		free(subject);
		return NULL;
	}
	fputs("From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001\n", f);
	fprintf(f, "From: %s <%s>\n", a->name, a->email);
	write_date(f, &a->when);
	write_subject(f, subject);
	free(subject);
	fputc('\n', f);
	if (body_length(body))
		fprintf(f, "%.*s\n", (int)body_length(body), body);
	if (git_diff_num_deltas(diff))
		err = write_diff(f, diff);
	fclose(f);
	if (err) {
		hw_git_error("cannot write the patch mail of %s",
			     git_oid_tostr_s(git_commit_id(commit)));
		free(out);
		return NULL;
	}
	return out;
}

char *mail_slug(const char *subject)
{
	char *slug = xcalloc(1, strlen(subject) + 1), *p = slug;

	for (; *subject && p - slug < 52; subject++) {
		if (isalnum((unsigned char)*subject))
			*p++ = (char)tolower((unsigned char)*subject);
		else if (p > slug && p[-1] != '-')
			*p++ = '-';
	}
	while (p > slug && p[-1] == '-')
		p--;
	*p = '\0';
	return slug;
}
