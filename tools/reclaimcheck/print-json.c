// SPDX-License-Identifier: GPL-2.0-only
/* The report for programs: JSON of our own, and SARIF 2.1.0. */
#include <stdlib.h>

#include "print.h"

static void str(FILE *out, const char *s)
{
	fputc('"', out);
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c < 0x20)
			fprintf(out, "\\u%04x", c);
		else
			fputc(c, out);
	}
	fputc('"', out);
}

static void field(FILE *out, const char *name, const char *val, const char *end)
{
	str(out, name);
	fputs(": ", out);
	str(out, val);
	fputs(end, out);
}

typedef void step_fn(FILE *out, const char *file, uint32_t line, const char *text, bool first);

/* Every step of the witness, the path and then the other side. */
static void steps(FILE *out, struct prog *p, const struct finding *f, step_fn *fn)
{
	struct side side = {};
	const char *file;
	uint32_t line;
	char text[1024];

	for (uint32_t i = 0; i < f->path.n; i++) {
		step_place(p, &f->path.v[i], &file, &line);
		step_text(p, &f->path.v[i], text, sizeof(text));
		fn(out, file, line, text, !i);
	}
	finding_side(p, f, &side);
	for (uint32_t i = 0; i < side.step.n; i++) {
		step_place(p, &side.step.v[i], &file, &line);
		step_text(p, &side.step.v[i], text, sizeof(text));
		fn(out, file, line, side.note.v[i] ? side.note.v[i] : text, false);
	}
	side_free(&side);
}

static void json_step(FILE *out, const char *file, uint32_t line, const char *text, bool first)
{
	fprintf(out, "%s\n        {\"file\": ", first ? "" : ",");
	str(out, file);
	fprintf(out, ", \"line\": %u, \"text\": ", line);
	str(out, text);
	fputc('}', out);
}

static const char *kind_id(const struct finding *f)
{
	static const char *const ids[] = { "reclaim", "wait", "lock", "leak" };

	return ids[f->kind];
}

void print_json(FILE *out, struct prog *p, struct findings *fs)
{
	char title[1024];

	fprintf(out, "{\n  \"version\": 1,\n  \"units\": %u,\n  \"functions\": %u,\n",
		p->unit.n, p->fn.n);
	fprintf(out, "  \"pointer_calls\": %u,\n  \"unknown_pointer_calls\": %u,\n  \"unknown_on_the_way\": %u,\n",
		p->calls_pointer, p->calls_unknown, fs->unknown);
	fputs("  \"findings\": [", out);
	for (uint32_t i = 0; i < fs->v.n; i++) {
		const struct finding *f = &fs->v.v[i];

		finding_title(p, fs, f, title, sizeof(title));
		fprintf(out, "%s\n    {\n      ", i ? "," : "");
		field(out, "kind", kind_id(f), ",\n      ");
		field(out, "tier", tier_text(f->tier), ",\n      ");
		fprintf(out, "\"score\": %.4f,\n      \"unsure\": %s,\n      ", f->score,
			f->unsure ? "true" : "false");
		field(out, "root", f->key_root, ",\n      ");
		fputs("\"edges\": [", out);
		for (uint32_t e = 0; e < f->edge_key.n; e++) {
			fputs(e ? ", " : "", out);
			str(out, f->edge_key.v[e].text);
		}
		fputs("],\n      ", out);
		if (f->edge)
			field(out, "through", f->edge, ",\n      ");
		if (f->waived)
			field(out, "waived", f->waiver, ",\n      ");
		if (f->elsewhere)
			fputs("\"elsewhere\": true,\n      ", out);
		field(out, "text", title, ",\n      ");
		fputs("\"witness\": [", out);
		steps(out, p, f, json_step);
		fputs("\n      ]\n    }", out);
	}
	fputs("\n  ]\n}\n", out);
}

static void location(FILE *out, const char *file, uint32_t line, const char *text)
{
	fputs("{\"physicalLocation\": {\"artifactLocation\": {\"uri\": ", out);
	str(out, file);
	fprintf(out, "}, \"region\": {\"startLine\": %u}}", line ? line : 1);
	if (text) {
		fputs(", \"message\": {\"text\": ", out);
		str(out, text);
		fputc('}', out);
	}
	fputc('}', out);
}

static void sarif_step(FILE *out, const char *file, uint32_t line, const char *text, bool first)
{
	fprintf(out, "%s\n            {\"location\": ", first ? "" : ",");
	location(out, file, line, text);
	fputc('}', out);
}

void print_sarif(FILE *out, struct prog *p, struct findings *fs)
{
	static const char *const rules[][2] = {
		{ "reclaim", "Direct reclaim on a fence signalling path" },
		{ "wait", "Waiting for a fence on a fence signalling path" },
		{ "lock", "Blocking on a lock that is held over reclaim elsewhere" },
		{ "leak", "A lock that is still held on return" },
	};
	char title[1024];

	fputs("{\n  \"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n"
	      "  \"version\": \"2.1.0\",\n  \"runs\": [{\n"
	      "    \"tool\": {\"driver\": {\"name\": \"reclaimcheck\", \"rules\": [", out);
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		fprintf(out, "%s\n      {\"id\": \"%s\", \"shortDescription\": {\"text\": \"%s\"}}",
			i ? "," : "", rules[i][0], rules[i][1]);
	}
	fputs("\n    ]}},\n    \"results\": [", out);
	for (uint32_t i = 0; i < fs->v.n; i++) {
		const struct finding *f = &fs->v.v[i];
		const char *file;
		uint32_t line;

		finding_title(p, fs, f, title, sizeof(title));
		step_place(p, &f->path.v[f->path.n - 1], &file, &line);
		fprintf(out, "%s\n      {\"ruleId\": \"%s\", \"level\": \"%s\", \"message\": {\"text\": ",
			i ? "," : "", kind_id(f),
			f->tier == TIER_HIGH ? "error" : f->tier == TIER_LOW ? "note" : "warning");
		str(out, title);
		fputs("},\n       \"locations\": [", out);
		location(out, file, line, NULL);
		fputs("],\n       \"partialFingerprints\": {\"edge/v1\": ", out);
		str(out, f->key);
		fputs("},\n", out);
		if (f->waived) {
			fputs("       \"suppressions\": [{\"kind\": \"external\", ", out);
			fputs("\"justification\": ", out);
			str(out, f->waiver);
			fputs("}],\n", out);
		}
		fputs("       \"codeFlows\": [{\"threadFlows\": [{\"locations\": [", out);
		steps(out, p, f, sarif_step);
		fputs("\n       ]}]}]}", out);
	}
	fputs("\n    ]\n  }]\n}\n", out);
}
