/* Groups the findings by rule; see finding_list.h. */
#include "viewer/ui/finding_list.h"

#include <string.h>

struct rule {
	const char *id;
	enum tl_severity worst;
	uint32_t first; /* of its findings, as they were found */
};

struct key {
	uint32_t finding, rule_first;
	uint8_t worst, severity;
};

static int compare(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	if (x->worst != y->worst)
		return x->worst > y->worst ? -1 : 1;
	if (x->rule_first != y->rule_first)
		return x->rule_first < y->rule_first ? -1 : 1;
	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	return x->finding < y->finding ? -1 : x->finding > y->finding;
}

/* There are some forty rules, however many findings. */
static int sort(struct tl_finding_list *list, const struct tl_finding *items, struct key *keys)
{
	TL_VEC(struct rule) rules = {0};
	int result = 0;

	for (uint32_t i = 0; i < list->n && result == 0; i++) {
		size_t r = 0;

		while (r < rules.n && strcmp(rules.items[r].id, items[i].rule) != 0)
			r++;
		if (r == rules.n)
			result = tl_vec_push(&rules, (struct rule){items[i].rule, items[i].severity, i});
		if (result == 0 && items[i].severity > rules.items[r].worst)
			rules.items[r].worst = items[i].severity;
		keys[i] = (struct key){i, (uint32_t)r, 0, (uint8_t)items[i].severity};
	}
	for (uint32_t i = 0; i < list->n && result == 0; i++) {
		keys[i].worst = (uint8_t)rules.items[keys[i].rule_first].worst;
		keys[i].rule_first = rules.items[keys[i].rule_first].first;
	}
	tl_vec_finish(&rules);
	if (result == 0 && list->n > 1)
		qsort(keys, list->n, sizeof *keys, compare);
	for (size_t i = 0; i < list->n && result == 0; i++)
		list->order[i] = keys[i].finding;
	return result;
}

int tl_finding_list_init(struct tl_finding_list *list, const struct tl_findings *findings)
{
	struct key *keys;
	int result = -1;

	memset(list, 0, sizeof *list);
	list->n = findings ? findings->list.n : 0;
	keys = malloc((list->n + 1) * sizeof *keys);
	list->order = calloc(list->n + 1, sizeof *list->order);
	list->folded = calloc(list->n + 1, sizeof *list->folded);
	if (keys && list->order && list->folded)
		result = list->n ? sort(list, findings->list.items, keys) : 0;
	free(keys);
	return result;
}

void tl_finding_list_finish(struct tl_finding_list *list)
{
	free(list->order);
	free(list->folded);
	tl_vec_finish(&list->lines);
	memset(list, 0, sizeof *list);
}

static int add(struct tl_finding_list *list, uint32_t place, uint32_t n, int h)
{
	/* Beyond this the list would overflow an int: nobody scrolls that far. */
	struct tl_finding_line line = {place, n, list->height, list->height > 1000000000 ? 0 : h};

	list->height += line.h;
	return tl_vec_push(&list->lines, line);
}

int tl_finding_list_lay(struct tl_finding_list *list, const struct tl_findings *findings, int rule_h, int finding_h)
{
	const struct tl_finding *items = findings ? findings->list.items : NULL;

	list->lines.n = 0;
	list->height = 0;
	for (uint32_t i = 0, end; i < list->n; i = end) {
		for (end = i + 1; end < list->n; end++)
			if (strcmp(items[list->order[end]].rule, items[list->order[i]].rule) != 0)
				break;
		if (end - i > 1 && add(list, i, end - i, rule_h) != 0)
			return -1;
		for (uint32_t place = i; place < end && !(end - i > 1 && list->folded[i]); place++)
			if (add(list, place, 0, finding_h) != 0)
				return -1;
	}
	return 0;
}

size_t tl_finding_list_at(const struct tl_finding_list *list, int64_t y)
{
	size_t low = 0, high = list->lines.n;

	if (y < 0 || y >= list->height)
		return SIZE_MAX;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (list->lines.items[middle].y <= y)
			low = middle;
		else
			high = middle;
	}
	return low;
}

size_t tl_finding_list_line(const struct tl_finding_list *list, uint32_t place)
{
	size_t low = 0, high = list->lines.n;

	/* The last line whose place is not after it: its own, or that of its folded rule. */
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (list->lines.items[middle].place <= place)
			low = middle;
		else
			high = middle;
	}
	return low;
}
