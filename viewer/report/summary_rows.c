/* Which rows come first in the report's tables; see summary.h. */
#include <stdlib.h>
#include <string.h>

#include "viewer/base/text.h"
#include "viewer/report/summary.h"
#include "viewer/rules/rule.h"

static int more(uint64_t x, uint64_t y)
{
	return x > y ? -1 : x < y;
}

/* A row, by what it is sorted, and where it stood: qsort is not stable. */
struct ranked {
	uint64_t first, second;
	size_t place;
	const void *row;
};

static int by_rank(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	int order = more(x->first, y->first);

	if (order == 0)
		order = more(x->second, y->second);
	return order ? order : more(y->place, x->place);
}

/* The rows in order, into an array of pointers; frees `list`. */
static void *sorted(struct ranked *list, size_t n)
{
	const void **rows = list ? calloc(n + 1, sizeof *rows) : NULL;

	if (rows)
		qsort(list, n, sizeof *list, by_rank);
	for (size_t i = 0; rows && i < n; i++)
		rows[i] = list[i].row;
	free(list);
	return rows;
}

static struct ranked rank_object(const struct tl_stats_object *object, enum tl_object_order order)
{
	switch (order) {
	case TL_BY_LONGEST: return (struct ranked){.first = object->longest_ns, .second = object->total_ns};
	case TL_BY_WAKE: return (struct ranked){.first = object->wake_ns.sum, .second = object->wake_ns.n};
	default: return (struct ranked){.first = object->total_ns, .second = object->waits};
	}
}

const struct tl_stats_object **tl_summary_objects(const struct tl_summary *summary, enum tl_object_order order,
						  size_t *n)
{
	struct ranked *list = calloc(HASH_COUNT(summary->stats->objects) + 1, sizeof *list);

	*n = 0;
	for (const struct tl_stats_object *o = summary->stats->objects; list && o; o = o->hh.next) {
		if (order == TL_BY_WAKE ? o->wake_ns.n == 0 : o->waits == 0 && o->total_ns == 0)
			continue;
		list[*n] = rank_object(o, order);
		list[*n].place = *n;
		list[(*n)++].row = o;
	}
	return sorted(list, *n);
}

const struct tl_stats_pair **tl_summary_pairs(const struct tl_stats_pairs *pairs, size_t *n)
{
	struct ranked *list = calloc(HASH_COUNT(pairs->table) + 1, sizeof *list);

	*n = 0;
	for (const struct tl_stats_pair *p = pairs->table; list && p; p = p->hh.next, (*n)++)
		list[*n] = (struct ranked){.first = p->total_ns, .second = p->n, .place = *n, .row = p};
	return sorted(list, *n);
}

static int same_place_together(const void *a, const void *b)
{
	const struct tl_summary_place *x = a, *y = b;

	if (x->pair->key.a != y->pair->key.a)
		return x->pair->key.a < y->pair->key.a ? -1 : 1;
	if (x->pair->key.reason != y->pair->key.reason)
		return x->pair->key.reason < y->pair->key.reason ? -1 : 1;
	return strcmp(x->at, y->at);
}

static int by_total(const void *a, const void *b)
{
	const struct tl_summary_place *x = a, *y = b;
	int order = more(x->total_ns, y->total_ns);

	if (order == 0)
		order = more(x->waits, y->waits);
	return order ? order : same_place_together(a, b);
}

/* Merges what stands together; how many are left. */
static size_t merge_places(struct tl_summary_place *places, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		struct tl_summary_place *into = kept ? &places[kept - 1] : NULL;

		if (!into || same_place_together(into, &places[i]) != 0) {
			places[kept++] = places[i];
			continue;
		}
		into->waits = tl_add_capped(into->waits, places[i].waits);
		into->total_ns = tl_add_capped(into->total_ns, places[i].total_ns);
		if (places[i].longest_ns > into->longest_ns)
			into->longest_ns = places[i].longest_ns;
		free(places[i].at);
	}
	return kept;
}

struct tl_summary_place *tl_summary_places(const struct tl_summary *summary, size_t *n)
{
	const struct tl_stats_pairs *pairs = &summary->stats->places;
	struct tl_summary_place *places = calloc(HASH_COUNT(pairs->table) + 1, sizeof *places);
	char at[TL_SUMMARY_LABEL];

	*n = 0;
	for (const struct tl_stats_pair *p = pairs->table; places && p; p = p->hh.next) {
		tl_summary_place(summary, p->key.nonce, p->key.b, false, at);
		places[*n] = (struct tl_summary_place){p, strdup(at), p->n, p->total_ns, p->longest_ns};
		if (!places[*n].at) {
			tl_summary_places_free(places, *n);
			return NULL;
		}
		(*n)++;
	}
	if (!places)
		return NULL;
	qsort(places, *n, sizeof *places, same_place_together);
	*n = merge_places(places, *n);
	qsort(places, *n, sizeof *places, by_total);
	return places;
}

void tl_summary_places_free(struct tl_summary_place *places, size_t n)
{
	for (size_t i = 0; places && i < n; i++)
		free(places[i].at);
	free(places);
}

const struct tl_stats_group **tl_summary_groups(const struct tl_summary *summary, size_t *n)
{
	struct ranked *list = calloc(summary->stats->groups.n + 1, sizeof *list);

	*n = 0;
	for (size_t i = 0; list && i < summary->stats->groups.n; i++) {
		const struct tl_stats_group *group = summary->stats->groups.items[i];

		if (group->n == 0)
			continue;
		list[*n] = (struct ranked){
			.first = group->running_ns, .second = group->life_ns, .place = *n, .row = group};
		(*n)++;
	}
	return sorted(list, *n);
}

uint32_t *tl_summary_tasks(const struct tl_summary *summary, size_t *n)
{
	const struct tl_stats_task *rows = summary->stats->tasks.items;
	struct ranked *list = calloc(summary->stats->tasks.n + 1, sizeof *list);
	const struct tl_stats_task **order;
	uint32_t *indices;

	*n = 0;
	for (size_t i = 0; list && i < summary->stats->tasks.n; i++)
		if (rows[i].begun) {
			list[*n] = (struct ranked){.first = rows[i].running_ns,
						   .second = tl_stats_life(&rows[i]),
						   .place = i,
						   .row = &rows[i]};
			(*n)++;
		}
	order = sorted(list, *n);
	indices = order ? calloc(*n + 1, sizeof *indices) : NULL;
	for (size_t i = 0; indices && i < *n; i++)
		indices[i] = (uint32_t)(order[i] - rows);
	free(order);
	return indices;
}

const struct tl_finding **tl_summary_leaks(const struct tl_summary *summary, size_t *n)
{
	const struct tl_report *report = summary->report;
	struct ranked *list = calloc(report->n_list + 1, sizeof *list);

	*n = 0;
	for (size_t i = 0; list && i < report->n_list; i++) {
		const struct tl_finding *f = report->list[i].finding;

		if (strcmp(f->rule, "never-unblocked") != 0 || f->n_proofs == 0)
			continue;
		/* The earlier, the larger. */
		list[*n] = (struct ranked){
			.first = (uint64_t)INT64_MAX - (uint64_t)f->proofs[0].time_ns, .place = *n, .row = f};
		(*n)++;
	}
	return sorted(list, *n);
}

static int by_severity(const void *a, const void *b)
{
	const struct tl_summary_rule *x = a, *y = b;

	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	if (x->findings != y->findings)
		return more(x->findings, y->findings);
	return strcmp(x->rule, y->rule);
}

struct tl_summary_rule *tl_summary_rules(const struct tl_summary *summary, size_t *n)
{
	const struct tl_report *report = summary->report;
	struct tl_summary_rule *rules = calloc(report->n_list + 1, sizeof *rules);

	*n = 0;
	for (size_t i = 0; rules && i < report->n_list; i++) {
		const struct tl_finding *finding = report->list[i].finding;
		size_t at = 0;

		while (at < *n &&
		       (strcmp(rules[at].rule, finding->rule) != 0 || rules[at].severity != finding->severity))
			at++;
		if (at == *n)
			rules[(*n)++] = (struct tl_summary_rule){.rule = finding->rule, .severity = finding->severity};
		rules[at].findings++;
		rules[at].occurrences = tl_add_capped(rules[at].occurrences, finding->count);
	}
	if (rules)
		qsort(rules, *n, sizeof *rules, by_severity);
	return rules;
}

/* Findings hold the kind as it is printed. */
static uint64_t leaked_of(const struct tl_report *report, const char *raw)
{
	uint64_t leaked = 0;
	char kind[TL_OBJECT_LABEL];

	tl_text_escape_to(kind, sizeof kind, raw);
	for (size_t i = 0; i < report->n_list; i++) {
		const struct tl_finding *finding = report->list[i].finding;

		if (strcmp(finding->rule, "resource-leak") == 0 && finding->n_proofs > 0 &&
		    strcmp(finding->proofs[0].about, kind) == 0)
			leaked = tl_add_capped(leaked, finding->count);
	}
	return leaked;
}

static int most_leaked(const void *a, const void *b)
{
	const struct tl_summary_kind *x = a, *y = b;

	if (x->leaked != y->leaked)
		return more(x->leaked, y->leaked);
	return x->opened != y->opened ? more(x->opened, y->opened) : strcmp(x->kind, y->kind);
}

struct tl_summary_kind *tl_summary_kinds(const struct tl_summary *summary, size_t *n)
{
	struct tl_summary_kind *kinds = calloc(HASH_COUNT(summary->stats->kinds) + 1, sizeof *kinds);

	*n = 0;
	for (const struct tl_stats_kind *k = summary->stats->kinds; kinds && k; k = k->hh.next)
		kinds[(*n)++] = (struct tl_summary_kind){k->kind, k->opened, leaked_of(summary->report, k->kind)};
	if (kinds)
		qsort(kinds, *n, sizeof *kinds, most_leaked);
	return kinds;
}
