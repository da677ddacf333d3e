/* Read ahead in a thread: the same items, texts and errors as without one. */
#include "tests/unit/unit.h"

#include "viewer/order/ahead.h"

#define EVENTS 50000
#define LONG 200000 /* bytes of a text that no batch has room for */

static char *make_list(void)
{
	char *text = NULL, *name = malloc(LONG + 1);
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_true(out && name);
	memset(name, 'x', LONG);
	name[LONG] = '\0';
	for (int i = 0; i < EVENTS; i++) {
		fprintf(out, "%d mark task=%d text=\"remark %d\"\n", i * 10, i % 7 + 1, i);
		if (i % 1000 == 500)
			fprintf(out, "%d name task=1 what=task id=1 text=\"%d%s\"\n%d loss events=%d cpu%d\n", i * 10,
				i, name, i * 10 + 1, i, i);
	}
	fclose(out);
	free(name);
	return text;
}

static struct tl_source *open_list(const char *text)
{
	struct tl_error error;
	struct tl_source *source;

	tl_error_init(&error);
	source = tl_source_text_create_memory("list", text, strlen(text), &error);
	assert_non_null(source);
	return source;
}

static void expect_same(const struct tl_item *a, const struct tl_item *b)
{
	assert_int_equal(a->type, b->type);
	if (a->type == TL_ITEM_LOSS) {
		assert_int_equal(a->loss.count, b->loss.count);
		assert_string_equal(a->loss.where, b->loss.where);
		return;
	}
	assert_int_equal(a->event.time_ns, b->event.time_ns);
	assert_int_equal(a->event.kind, b->event.kind);
	assert_int_equal(a->event.seq, b->event.seq);
	if (a->event.kind == TL_EVENT_MARK)
		assert_string_equal(a->event.u.mark.text, b->event.u.mark.text);
	else
		assert_string_equal(a->event.u.name.text, b->event.u.name.text);
}

static void test_ahead_gives_the_same_items(void **state)
{
	char *text = make_list();
	struct tl_source *a = open_list(text), *b = open_list(text);
	struct tl_ahead *ahead = tl_ahead_create(a);
	struct tl_order *order = tl_order_create(b);
	const struct tl_item *const *items, *expected;
	struct tl_error error;
	int all = 0, type;
	size_t n;

	(void)state;
	tl_error_init(&error);
	assert_true(ahead && order);
	while ((type = tl_ahead_next(ahead, &items, &n, &error)) > 0) {
		for (size_t i = 0; i < n; i++) {
			assert_int_equal(tl_order_next(order, &expected, &error), items[i]->type);
			expect_same(items[i], expected);
			tl_order_release(order, tl_order_mark(order));
			all++;
		}
	}
	assert_int_equal(type, TL_ITEM_END);
	assert_int_equal(all, EVENTS + EVENTS / 500);
	assert_int_equal(tl_ahead_info(ahead)->events, EVENTS + EVENTS / 1000);
	/* And so it stays. */
	assert_int_equal(tl_ahead_next(ahead, &items, &n, &error), TL_ITEM_END);
	tl_ahead_destroy(ahead);
	tl_order_destroy(order);
	tl_source_destroy(a);
	tl_source_destroy(b);
	free(text);
}

static void test_ahead_ends_wherever_it_is(void **state)
{
	char *text = make_list();
	const struct tl_item *const *items;
	struct tl_error error;
	size_t n;

	(void)state;
	tl_error_init(&error);
	for (int stop_after = 0; stop_after < 8; stop_after++) {
		struct tl_source *source = open_list(text);
		struct tl_ahead *ahead = tl_ahead_create(source);

		assert_non_null(ahead);
		for (int i = 0; i < stop_after; i++)
			assert_true(tl_ahead_next(ahead, &items, &n, &error) > 0);
		tl_ahead_destroy(ahead);
		tl_source_destroy(source);
	}
	tl_ahead_destroy(NULL);
	free(text);
}

/* A source that fails after some events. */
struct failing {
	struct tl_source base;
	int left;
};

static int fail_at_last(struct tl_source *base, struct tl_item *item, struct tl_error *error)
{
	struct failing *failing = (struct failing *)base;

	if (failing->left-- == 0)
		return tl_error_set(error, TL_EFORMAT, "broken here");
	memset(item, 0, sizeof *item);
	item->type = TL_ITEM_EVENT;
	item->event = (struct tl_event){.kind = TL_EVENT_MARK, .task = 1, .time_ns = base->info.events++};
	item->event.u.mark.text = "a text";
	return item->type;
}

static void destroy(struct tl_source *base)
{
	(void)base;
}

static void test_ahead_gives_what_came_before_an_error(void **state)
{
	static const struct tl_source_ops ops = {"failing", fail_at_last, NULL, destroy};

	(void)state;
	for (int events = 0; events < 20000; events += 1730) {
		struct failing failing = {{.ops = &ops}, events};
		struct tl_ahead *ahead = tl_ahead_create(&failing.base);
		const struct tl_item *const *items;
		struct tl_error error;
		size_t n, all = 0;
		int type;

		assert_non_null(ahead);
		tl_error_init(&error);
		while ((type = tl_ahead_next(ahead, &items, &n, &error)) > 0)
			all += n;
		assert_int_equal(type, TL_EFORMAT);
		assert_string_equal(error.cause[0], "broken here");
		assert_int_equal(all, events);
		tl_ahead_destroy(ahead);
	}
}

TL_UNIT_MAIN(cmocka_unit_test(test_ahead_gives_the_same_items), cmocka_unit_test(test_ahead_ends_wherever_it_is),
	     cmocka_unit_test(test_ahead_gives_what_came_before_an_error))
