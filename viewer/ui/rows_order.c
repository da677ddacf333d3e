/* The order of rows, and which of them can share a lane; see rows_order.h. */
#include "viewer/ui/rows_order.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char *const sort_texts[TL_N_SORTS] = {"creation", "name", "blocked time", "findings"};

const char *tl_sort_text(enum tl_sort sort)
{
	return (unsigned)sort < TL_N_SORTS ? sort_texts[sort] : "?";
}

size_t tl_name_stem(const char *name)
{
	size_t all = strlen(name), n = all;

	/* "fluffy [2674]": the kernel's tasks have their number behind their name. */
	if (n > 0 && name[n - 1] == ']')
		n--;
	while (n > 0 && isdigit((unsigned char)name[n - 1]))
		n--;
	if (name[n] && name[all - 1] == ']')
		return n > 1 && name[n - 1] == '[' && name[n - 2] == ' ' ? n - 2 : all;
	return n;
}

int tl_name_compare(const char *a, const char *b)
{
	while (*a && *b) {
		if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
			size_t n, m;

			/* Of two numbers without their zeros the longer is the greater. */
			a += strspn(a, "0");
			b += strspn(b, "0");
			n = strspn(a, "0123456789");
			m = strspn(b, "0123456789");
			if (n != m)
				return n < m ? -1 : 1;
			if (strncmp(a, b, n) != 0)
				return strncmp(a, b, n);
			a += n;
			b += n;
		} else if (*a == *b) {
			a++;
			b++;
		} else {
			return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
		}
	}
	return *a ? 1 : *b ? -1 : 0;
}

/* ---- the arrangement -------------------------------------------------------- */

int tl_arrangement_init(struct tl_arrangement *arrangement, const struct tl_model *model)
{
	memset(arrangement, 0, sizeof *arrangement);
	return tl_arrangement_grow(arrangement, model);
}

int tl_arrangement_grow(struct tl_arrangement *arrangement, const struct tl_model *model)
{
	uint8_t *marks = realloc(arrangement->marks, model->rows.n + 1);

	if (!marks)
		return TL_ENOMEM;
	arrangement->marks = marks;
	if (model->rows.n + 1 > arrangement->n_marks) {
		memset(marks + arrangement->n_marks, 0, model->rows.n + 1 - arrangement->n_marks);
		arrangement->n_marks = model->rows.n + 1;
	}
	/* Times have changed. */
	free(arrangement->blocked_ns);
	arrangement->blocked_ns = NULL;
	return 0;
}

void tl_arrangement_finish(struct tl_arrangement *arrangement)
{
	free(arrangement->marks);
	free(arrangement->blocked_ns);
	tl_vec_finish(&arrangement->folded);
	arrangement->marks = NULL;
	arrangement->blocked_ns = NULL;
}

bool tl_arrangement_is_folded(const struct tl_arrangement *arrangement, uint64_t group)
{
	for (size_t i = 0; i < arrangement->folded.n; i++)
		if (arrangement->folded.items[i] == group)
			return true;
	return false;
}

int tl_arrangement_fold(struct tl_arrangement *arrangement, uint64_t group, bool folded)
{
	for (size_t i = 0; i < arrangement->folded.n; i++) {
		if (arrangement->folded.items[i] != group)
			continue;
		if (!folded)
			arrangement->folded.items[i] = arrangement->folded.items[--arrangement->folded.n];
		return 0;
	}
	return folded && tl_vec_push(&arrangement->folded, group) != 0 ? TL_ENOMEM : 0;
}

/* ---- what decides a row's place --------------------------------------------- */

static int add_up_blocked(struct tl_arrangement *arrangement, const struct tl_model *model)
{
	if (arrangement->blocked_ns)
		return 0;
	arrangement->blocked_ns = calloc(model->rows.n + 1, sizeof *arrangement->blocked_ns);
	if (!arrangement->blocked_ns)
		return -1;
	for (size_t r = 0; r < model->rows.n; r++) {
		const struct tl_row *row = &model->rows.items[r];

		for (size_t i = 0; i < row->spans.n; i++)
			if (tl_look_state(tl_row_look(row, i)) == TL_TASK_BLOCKED)
				arrangement->blocked_ns[r] += tl_model_span_end(model, row, i) - tl_row_begin(row, i);
	}
	return 0;
}

/* The worst of its findings first, then how many there are. */
static int64_t weight_of_findings(const struct tl_row *row)
{
	unsigned worst = row->extra && row->extra->flags.n ? tl_model_flag_worst(row, INT64_MIN, INT64_MAX) : 0;

	return worst ? (int64_t)worst << 32 | (int64_t)(row->extra->flags.n & 0xFFFFFFFu) : 0;
}

struct named {
	char *name;
	uint32_t row;
};

static int compare_names(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int order = tl_name_compare(x->name, y->name);

	return order ? order : x->row < y->row ? -1 : x->row > y->row;
}

/* ranks[row] becomes the row's place among all names. */
static int rank_names(const struct tl_view_data *data, uint32_t *ranks)
{
	size_t n = data->model->rows.n;
	struct named *names = malloc((n + 1) * sizeof *names);
	struct tl_arena arena;
	char label[TL_TASK_LABEL];
	int result = names ? 0 : -1;

	tl_arena_init(&arena);
	for (uint32_t row = 0; result == 0 && row < n; row++) {
		names[row] = (struct named){tl_arena_string(&arena, tl_view_data_label(data, row, label)), row};
		result = names[row].name ? 0 : -1;
	}
	if (result == 0) {
		qsort(names, n, sizeof *names, compare_names);
		for (uint32_t i = 0; i < n; i++)
			ranks[names[i].row] = i;
	}
	tl_arena_finish(&arena);
	free(names);
	return result;
}

/* FNV-1a; never 0, which stands for a whole process. */
static uint32_t stem_of(const struct tl_view_data *data, uint32_t row)
{
	char label[TL_TASK_LABEL];
	uint32_t hash = 2166136261u;
	size_t n;

	tl_view_data_label(data, row, label);
	n = tl_name_stem(label);
	for (size_t i = 0; i < n; i++)
		hash = (hash ^ (unsigned char)label[i]) * 16777619u;
	return hash ? hash : 1;
}

static int weigh(const struct tl_view_data *data, struct tl_arrangement *arrangement, struct tl_row_key *keys, size_t n)
{
	const struct tl_model *model = data->model;
	uint32_t *ranks = NULL;
	int result = 0;

	if (arrangement->sort == TL_SORT_BLOCKED)
		result = add_up_blocked(arrangement, model);
	if (arrangement->sort == TL_SORT_NAME) {
		ranks = malloc((model->rows.n + 1) * sizeof *ranks);
		result = ranks ? rank_names(data, ranks) : -1;
	}
	for (size_t i = 0; result == 0 && i < n; i++) {
		/* What stands beside another goes where that goes. */
		uint32_t row = keys[i].beside < model->rows.n ? keys[i].beside : keys[i].row;

		switch (arrangement->sort) {
		case TL_SORT_NAME: keys[i].weight = -(int64_t)ranks[row]; break;
		case TL_SORT_BLOCKED: keys[i].weight = arrangement->blocked_ns[row]; break;
		case TL_SORT_FINDINGS: keys[i].weight = weight_of_findings(&model->rows.items[row]); break;
		default: break;
		}
	}
	free(ranks);
	return result;
}

/* ---- sorting ----------------------------------------------------------------- */

#define ORDER(field)              \
	if (x->field != y->field) \
	return x->field < y->field ? -1 : 1

static int compare_nonce(const void *a, const void *b)
{
	const struct tl_row_key *x = a, *y = b;

	ORDER(nonce);
	ORDER(row);
	return 0;
}

static int compare_stem(const void *a, const void *b)
{
	const struct tl_row_key *x = a, *y = b;

	ORDER(group);
	ORDER(stem);
	ORDER(row);
	return 0;
}

static int compare_place(const void *a, const void *b)
{
	const struct tl_row_key *x = a, *y = b;

	if (x->pinned != y->pinned)
		return x->pinned ? -1 : 1;
	ORDER(group);
	ORDER(stem_first);
	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	ORDER(beside);
	/* Two views of one thread: its own word first. */
	ORDER(is_kernels);
	ORDER(row);
	return 0;
}

/* Rows of a process stand together, where its first row stands, or at the end. Returns how many processes there are. */
static size_t group_processes(struct tl_row_key *keys, size_t n, const struct tl_model *model)
{
	size_t groups = 0;

	qsort(keys, n, sizeof *keys, compare_nonce);
	for (size_t i = 0; i < n; i++) {
		bool same = i > 0 && keys[i].nonce == keys[i - 1].nonce;
		/* Those at the end keep their order: there are never so many rows. */
		uint32_t end = model->rows.items[keys[i].row].at_end ? 0x80000000u : 0;

		keys[i].group = same ? keys[i - 1].group : keys[i].row | end;
		groups += !same;
	}
	return groups;
}

static void group_names(const struct tl_view_data *data, struct tl_row_key *keys, size_t n)
{
	for (size_t i = 0; i < n; i++)
		keys[i].stem = stem_of(data, keys[i].row);
	qsort(keys, n, sizeof *keys, compare_stem);
	for (size_t i = 0; i < n; i++) {
		bool same = i > 0 && keys[i].group == keys[i - 1].group && keys[i].stem == keys[i - 1].stem;

		keys[i].stem_first = same ? keys[i - 1].stem_first : keys[i].row;
	}
}

static int choose_rows(struct tl_row_order *order, const struct tl_view_data *data,
		       const struct tl_arrangement *arrangement)
{
	size_t n = data->model->rows.n;
	bool *meets = malloc(n + 1);

	order->keys = calloc(n + 1, sizeof *order->keys);
	if (!meets || !order->keys || tl_filter_rows(&arrangement->filter, data, meets) != 0) {
		free(meets);
		return -1;
	}
	for (uint32_t i = 0; i < n; i++) {
		const struct tl_row *row = &data->model->rows.items[i];
		uint8_t marks = arrangement->marks[i];

		if (!(marks & TL_ROW_FORCED) && (marks & TL_ROW_HIDDEN || !(meets[i] || marks & TL_ROW_PINNED)))
			continue;
		order->n_pinned += (marks & TL_ROW_PINNED) != 0;
		order->keys[order->n++] = (struct tl_row_key){.row = i,
							      .nonce = row->nonce,
							      .beside = row->beside,
							      .is_kernels = row->is_kernels,
							      .pinned = (marks & TL_ROW_PINNED) != 0};
	}
	free(meets);
	return 0;
}

int tl_rows_order(struct tl_row_order *order, const struct tl_view_data *data, struct tl_arrangement *arrangement)
{
	if (choose_rows(order, data, arrangement) != 0)
		return TL_ENOMEM;
	order->n_groups = group_processes(order->keys, order->n, data->model);
	if (arrangement->by_name)
		group_names(data, order->keys, order->n);
	if (weigh(data, arrangement, order->keys, order->n) != 0)
		return TL_ENOMEM;
	if (order->n > 1)
		qsort(order->keys, order->n, sizeof *order->keys, compare_place);
	return 0;
}

/* ---- lanes -------------------------------------------------------------------- */

struct life {
	int64_t begin_ns, end_ns;
	struct tl_row_key key;
	bool alone;
};

static int compare_lives(const void *a, const void *b)
{
	const struct life *x = a, *y = b;

	ORDER(begin_ns);
	ORDER(key.row);
	return 0;
}

static struct life life_of(const struct tl_model *model, const struct tl_row_key *key)
{
	const struct tl_row *row = &model->rows.items[key->row];
	struct life life = {INT64_MIN, INT64_MAX, *key, row->extra && row->extra->lanes[0].n > 0};

	if (row->spans.n > 0) {
		life.begin_ns = tl_row_begin(row, 0);
		life.end_ns = tl_row_exit(row, INT64_MAX);
	}
	return life;
}

/* Lanes in use, that which is free the soonest on top. */
struct heap {
	struct free_lane {
		int64_t end_ns;
		uint32_t lane;
	} * items;
	size_t n;
};

static bool sooner(const struct heap *heap, size_t a, size_t b)
{
	const struct free_lane *x = &heap->items[a], *y = &heap->items[b];

	return x->end_ns != y->end_ns ? x->end_ns < y->end_ns : x->lane < y->lane;
}

static void swap(struct heap *heap, size_t a, size_t b)
{
	struct free_lane item = heap->items[a];

	heap->items[a] = heap->items[b];
	heap->items[b] = item;
}

static void sink(struct heap *heap)
{
	for (size_t at = 0, least;; at = least) {
		least = at;
		for (size_t child = 2 * at + 1; child <= 2 * at + 2; child++)
			if (child < heap->n && sooner(heap, child, least))
				least = child;
		if (least == at)
			return;
		swap(heap, at, least);
	}
}

static void add(struct heap *heap, struct free_lane lane)
{
	size_t at = heap->n++;

	for (heap->items[at] = lane; at > 0 && sooner(heap, at, (at - 1) / 2); at = (at - 1) / 2)
		swap(heap, at, (at - 1) / 2);
}

int tl_rows_share(const struct tl_model *model, struct tl_row_key *keys, size_t n, uint32_t *lanes, size_t *n_lanes)
{
	struct life *lives = malloc((n + 1) * sizeof *lives);
	struct heap heap = {malloc((n + 1) * sizeof *heap.items), 0};

	*n_lanes = 0;
	if (!lives || !heap.items) {
		free(lives);
		free(heap.items);
		return -1;
	}
	for (size_t i = 0; i < n; i++)
		lives[i] = life_of(model, &keys[i]);
	qsort(lives, n, sizeof *lives, compare_lives);
	for (size_t i = 0; i < n; i++) {
		keys[i] = lives[i].key;
		if (!lives[i].alone && heap.n > 0 && heap.items[0].end_ns < lives[i].begin_ns) {
			lanes[i] = heap.items[0].lane;
			heap.items[0].end_ns = lives[i].end_ns;
			sink(&heap);
			continue;
		}
		lanes[i] = (uint32_t)(*n_lanes)++;
		if (!lives[i].alone)
			add(&heap, (struct free_lane){lives[i].end_ns, lanes[i]});
	}
	free(lives);
	free(heap.items);
	return 0;
}
