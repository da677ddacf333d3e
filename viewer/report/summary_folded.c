/*
 * Blocked time as folded stacks, what flame graph tools read: a line for each stack,
 * "task;outermost;...;innermost;[reason] NANOSECONDS". In a name ';' and blanks would
 * end it, so they are written as \x3b and '_'.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/report/summary.h"

struct line {
	char *stack;
	uint64_t ns;
};

static void write_name(FILE *out, const char *name)
{
	for (; *name; name++) {
		if (*name == ';')
			fputs("\\x3b", out);
		else
			fputc(*name == ' ' ? '_' : *name, out);
	}
}

static char *fold(const struct tl_summary *summary, const struct tl_stats_pair *pair)
{
	struct tl_proof proof = {.task = (uint64_t)pair->key.nonce << 32, .stack = pair->key.b};
	size_t n, size;
	const struct tl_frame *frames = tl_report_stack(summary->report, &proof, &n);
	char label[TL_SUMMARY_LABEL], *stack = NULL;
	FILE *out = open_memstream(&stack, &size);

	if (!out)
		return NULL;
	write_name(out, tl_summary_group(summary, summary->stats->groups.items[pair->key.a], label));
	while (n-- > 0) {
		fputc(';', out);
		write_name(out, tl_summary_frame(&frames[n], label));
	}
	fprintf(out, ";[%s]", tl_reason_text(pair->key.reason));
	if (fclose(out) == 0)
		return stack;
	free(stack);
	return NULL;
}

static int by_stack(const void *a, const void *b)
{
	return strcmp(((const struct line *)a)->stack, ((const struct line *)b)->stack);
}

/* Stacks that differ in addresses only are one: sorted, they stand together. */
static void write_lines(struct line *lines, size_t n, FILE *out)
{
	qsort(lines, n, sizeof *lines, by_stack);
	for (size_t i = 0; i < n; i++) {
		if (i + 1 < n && strcmp(lines[i].stack, lines[i + 1].stack) == 0) {
			lines[i + 1].ns = tl_add_capped(lines[i + 1].ns, lines[i].ns);
			continue;
		}
		fprintf(out, "%s %" PRIu64 "\n", lines[i].stack, lines[i].ns);
	}
}

int tl_summary_write_folded(const struct tl_summary *summary, FILE *out, struct tl_error *error)
{
	size_t n, made = 0;
	const struct tl_stats_pair **list = tl_summary_pairs(&summary->stats->places, &n);
	struct line *lines = list ? calloc(n + 1, sizeof *lines) : NULL;
	int failed = !lines;

	for (size_t i = 0; i < n && !failed && list[i]->total_ns > 0; i++) {
		lines[i] = (struct line){.stack = fold(summary, list[i]), .ns = list[i]->total_ns};
		failed = !lines[i].stack;
		made += !failed;
	}
	if (!failed)
		write_lines(lines, made, out);
	for (size_t i = 0; i < made; i++)
		free(lines[i].stack);
	free(lines);
	free(list);
	if (failed)
		return tl_error_set(error, TL_ENOMEM, "out of memory while writing the report");
	if (fflush(out) != 0 || ferror(out))
		return tl_error_set(error, TL_EIO, "the report could not be written");
	return 0;
}
