// SPDX-License-Identifier: GPL-2.0-only
/* The page's form: one file, no script, nothing from a network. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "html.h"

static const char style[] =
":root{color-scheme:light dark;--fg:#1b1f24;--dim:#59636e;--bg:#fff;--line:#d1d9e0;\n"
"--box:#f6f8fa;--good:#116329;--goodbg:#dafbe1;--bad:#a40e26;--badbg:#ffebe9;\n"
"--warn:#7d4e00;--warnbg:#fff8c5}\n"
"@media(prefers-color-scheme:dark){:root{--fg:#e6edf3;--dim:#9198a1;--bg:#0d1117;\n"
"--line:#3d444d;--box:#151b23;--good:#56d364;--goodbg:#12261e;--bad:#ff8d85;\n"
"--badbg:#301518;--warn:#e3b341;--warnbg:#2b2310}}\n"
"body{font:16px/1.5 system-ui,sans-serif;color:var(--fg);background:var(--bg);\n"
"max-width:64rem;margin:0 auto;padding:1rem}\n"
"a{color:inherit}h1{font-size:1.6rem}h2{margin-top:2.5rem;font-size:1.25rem}\n"
"h3{font-size:1rem;margin:0}\n"
".wide{overflow-x:auto}table{border-collapse:collapse;width:100%}\n"
"th,td{border-bottom:1px solid var(--line);padding:.3rem .6rem;text-align:left;\n"
"white-space:nowrap}\n"
"tbody th{font-weight:400;font-family:ui-monospace,monospace;font-size:.9rem}\n"
"tbody th[colspan]{font:inherit;font-weight:600;padding-top:1rem}\n"
".matrix tbody th:not([colspan]){padding-left:1.2rem}\n"
".matrix td,.matrix thead th:not(:first-child){width:8rem}\n"
".matrix{width:auto;min-width:min(100%,46rem)}.why{white-space:normal}\n"
".s{display:inline-block;padding:0 .5rem;border-radius:.6rem;font-size:.85rem;\n"
"color:var(--dim);text-decoration:none}\n"
"a.s{text-decoration:underline}\n"
".shown{color:var(--good);background:var(--goodbg)}\n"
".not-shown,.broken,.unstated{color:var(--bad);background:var(--badbg);font-weight:600}\n"
".none,.not-run,.unknown,.control-shown,.control-not-run,.fails\n"
"{color:var(--warn);background:var(--warnbg)}\n"
".support{border:1px solid var(--line)}\n"
"article{border:1px solid var(--line);border-radius:.5rem;padding:.7rem 1rem;\n"
"margin:.8rem 0;background:var(--box)}\n"
"code{font-family:ui-monospace,monospace;font-size:.875rem;overflow-wrap:anywhere}\n"
"p{margin:.4rem 0}.dim{color:var(--dim);font-size:.9rem}\n"
"summary{cursor:pointer}svg{max-width:100%;height:auto}\n"
"svg text{fill:currentColor}svg [stroke=black]{stroke:currentColor}\n"
"svg [fill=black]{fill:currentColor}\n"
"svg [stroke=crimson]{stroke:var(--bad)}svg [fill=crimson]{fill:var(--bad)}\n"
".n{text-align:right}\n"
"@media(max-width:40rem){body{padding:.6rem;font-size:15px}th,td{padding:.25rem .35rem}\n"
"tbody th{white-space:normal;overflow-wrap:anywhere}\n"
".matrix td,.matrix thead th:not(:first-child){width:1%}.s{padding:0 .25rem}.why{font-size:.8rem}\n"
".matrix tbody th:not([colspan]){padding-left:.5rem}}\n";

void html_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc(*text, out);
		}
	}
}

void html_id(FILE *out, const char *text)
{
	for (; *text; text++)
		fputc(isalnum((unsigned char)*text) ? *text : '-', out);
}

static char *slurp(const char *path)
{
	FILE *f = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;
	ssize_t len;

	if (!f)
		return NULL;
	len = getdelim(&text, &size, '\0', f);
	fclose(f);
	if (len > 0)
		return text;
	free(text);
	return NULL;
}

int html_svg(FILE *out, const char *path)
{
	char *text = slurp(path), *s = text ? strstr(text, "<svg") : NULL;

	if (!s) {
		free(text);
		return -1;
	}
	while (*s) {
		char *end = NULL;

		if (!strncmp(s, "<!--", 4))
			end = strstr(s, "-->") ? strstr(s, "-->") + 3 : NULL;
		else if (!strncmp(s, " id=\"", 5))
			end = strchr(s + 5, 0x22) ? strchr(s + 5, 0x22) + 1 : NULL;
		if (end)
			s = end;
		else
			fputc(*s++, out);
	}
	free(text);
	return 0;
}

void html_head(FILE *out, const char *title)
{
	fputs("<!DOCTYPE html>\n<!-- SPDX-License-Identifier: GPL-2.0-only -->\n"
	      "<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
	      "<title>", out);
	html_text(out, title);
	fprintf(out, "</title>\n<style>\n%s</style></head><body>\n<h1>", style);
	html_text(out, title);
	fputs("</h1>\n", out);
}

void html_foot(FILE *out)
{
	fputs("</body></html>\n", out);
}
