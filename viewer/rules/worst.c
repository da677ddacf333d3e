/* The worst few of many; see worst.h. */
#include "viewer/rules/worst.h"

#include <stdlib.h>

int tl_worst_add(struct tl_worst *worst, const void *what, uint64_t how_bad)
{
	return tl_vec_push(&worst->items, (struct tl_worst_item){what, how_bad});
}

static int worse(const void *a, const void *b)
{
	const struct tl_worst_item *x = a, *y = b;

	return x->how_bad > y->how_bad ? -1 : x->how_bad < y->how_bad;
}

int tl_worst_report(struct tl_worst *worst, const struct tl_rule *rule, struct tl_judge *judge,
		    int (*report)(const struct tl_rule *rule, struct tl_judge *judge, const void *what, size_t more))
{
	size_t n = worst->items.n < TL_WORST_MOST ? worst->items.n : TL_WORST_MOST;

	if (n > 0)
		qsort(worst->items.items, worst->items.n, sizeof *worst->items.items, worse);
	for (size_t i = 0; i < n; i++)
		if (report(rule, judge, worst->items.items[i].what, i + 1 == n ? worst->items.n - n : 0) != 0)
			return -1;
	return 0;
}

void tl_worst_finish(struct tl_worst *worst)
{
	tl_vec_finish(&worst->items);
}
