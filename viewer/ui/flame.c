/* The tree of blocked time; see flame.h. */
#include "viewer/ui/flame.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NONE UINT32_MAX

int tl_flame_begin(struct tl_flame *flame)
{
	tl_flame_finish(flame);
	tl_arena_init(&flame->arena);
	flame->begun = true;
	return tl_vec_push(&flame->nodes, (struct tl_flame_node){.name = "all blocked time"});
}

void tl_flame_finish(struct tl_flame *flame)
{
	if (flame->begun)
		tl_arena_finish(&flame->arena);
	tl_vec_finish(&flame->nodes);
	free(flame->order);
	free(flame->slots);
	memset(flame, 0, sizeof *flame);
}

/* FNV-1a over the name, begun with the parent. */
static size_t hash(uint32_t parent, const char *name)
{
	uint64_t h = 0xCBF29CE484222325u ^ parent * 0x9E3779B97F4A7C15u;

	for (const unsigned char *p = (const unsigned char *)name; *p; p++)
		h = (h ^ *p) * 0x100000001B3u;
	return (size_t)(h ^ (h >> 29));
}

static int reserve(struct tl_flame *flame)
{
	size_t room = flame->room ? flame->room * 2 : 256;
	uint32_t *slots;

	if (flame->nodes.n * 4 < flame->room * 3)
		return 0;
	slots = calloc(room, sizeof *slots);
	if (!slots)
		return -1;
	for (uint32_t i = 1; i < flame->nodes.n; i++) {
		size_t at = hash(flame->nodes.items[i].parent, flame->nodes.items[i].name) & (room - 1);

		while (slots[at])
			at = (at + 1) & (room - 1);
		slots[at] = i + 1;
	}
	free(flame->slots);
	flame->slots = slots;
	flame->room = room;
	return 0;
}

static uint32_t find(const struct tl_flame *flame, uint32_t parent, const char *name, size_t *at)
{
	*at = hash(parent, name);
	for (;; ++*at) {
		uint32_t slot = flame->slots[*at & (flame->room - 1)];

		if (slot == 0)
			return NONE;
		if (flame->nodes.items[slot - 1].parent == parent &&
		    strcmp(flame->nodes.items[slot - 1].name, name) == 0)
			return slot - 1;
	}
}

/* The child of that name, made if it is new; NONE without memory. */
static uint32_t child(struct tl_flame *flame, uint32_t parent, const char *name)
{
	struct tl_flame_node node = {.parent = parent, .depth = flame->nodes.items[parent].depth + 1};
	uint32_t found;
	size_t at;

	if (reserve(flame) != 0)
		return NONE;
	found = find(flame, parent, name, &at);
	if (found != NONE)
		return found;
	node.name = tl_arena_string(&flame->arena, name);
	if (!node.name || tl_vec_push(&flame->nodes, node) != 0)
		return NONE;
	flame->slots[at & (flame->room - 1)] = (uint32_t)flame->nodes.n;
	return (uint32_t)flame->nodes.n - 1;
}

static void add(struct tl_flame_node *node, const struct tl_survey_waits *waits)
{
	node->ns += waits->ns;
	node->n += waits->n;
	if (waits->longest_ns >= node->longest_ns) {
		node->longest_ns = waits->longest_ns;
		node->row = waits->row;
		node->span = waits->span;
	}
}

#define NAME 400

static const char *frame_name(const struct tl_frame *frame, char buffer[NAME])
{
	const char *slash = frame->module ? strrchr(frame->module, '/') : NULL;

	if (frame->function)
		snprintf(buffer, NAME, "%s", frame->function);
	else if (frame->module)
		snprintf(buffer, NAME, "%s+0x%" PRIx64, slash ? slash + 1 : frame->module, frame->offset);
	else
		snprintf(buffer, NAME, "0x%" PRIx64, frame->address);
	return buffer;
}

/* The name of the i-th node from the top of a stack's branch; NULL: there is no further one. */
static const char *branch_name(const struct tl_frame *frames, size_t n, size_t i, uint8_t reason, char buffer[NAME])
{
	size_t shown = n < TL_FLAME_DEPTH ? n : TL_FLAME_DEPTH;

	if (n == 0 && i == 0)
		return "(no stack recorded)";
	if (n > 0 && i < shown)
		return frame_name(&frames[n - 1 - i], buffer);
	return i == (n == 0 ? 1 : shown) ? tl_reason_text(reason) : NULL;
}

static const struct tl_frame *frames_of(struct tl_symbols *symbols, uint32_t nonce, uint32_t stack, size_t *n)
{
	*n = 0;
	return symbols && stack ? tl_symbols_stack(symbols, nonce, stack, n) : NULL;
}

static int add_stack(struct tl_flame *flame, const struct tl_survey_stack *stack, struct tl_symbols *symbols)
{
	char buffer[NAME];
	const char *name;
	size_t n, i;
	const struct tl_frame *frames = frames_of(symbols, stack->nonce, stack->stack, &n);
	uint32_t at = 0;

	for (i = 0; (name = branch_name(frames, n, i, stack->reason, buffer)); i++) {
		at = child(flame, at, name);
		if (at == NONE)
			return -1;
		add(&flame->nodes.items[at], &stack->waits);
		if (i < n && i < TL_FLAME_DEPTH && frames[n - 1 - i].file && !flame->nodes.items[at].file) {
			flame->nodes.items[at].file = frames[n - 1 - i].file;
			flame->nodes.items[at].line = frames[n - 1 - i].line;
		}
	}
	flame->nodes.items[at].leaf = true;
	flame->nodes.items[at].reason = stack->reason;
	add(&flame->nodes.items[0], &stack->waits);
	return 0;
}

static int compare_order(const void *a, const void *b, void *data)
{
	const struct tl_flame_node *nodes = data, *x = &nodes[*(const uint32_t *)a], *y = &nodes[*(const uint32_t *)b];

	if (x->parent != y->parent)
		return x->parent < y->parent ? -1 : 1;
	if (x->ns != y->ns)
		return x->ns > y->ns ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Children side by side. */
static int set_order(struct tl_flame *flame)
{
	size_t n = flame->nodes.n - 1;

	flame->order = malloc((n + 1) * sizeof *flame->order);
	if (!flame->order)
		return -1;
	for (uint32_t i = 0; i < n; i++)
		flame->order[i] = i + 1;
	qsort_r(flame->order, n, sizeof *flame->order, compare_order, flame->nodes.items);
	for (uint32_t i = 0; i < n; i++) {
		struct tl_flame_node *parent = &flame->nodes.items[flame->nodes.items[flame->order[i]].parent];

		if (parent->n_children++ == 0)
			parent->first = i;
	}
	flame->done = true;
	return 0;
}

int tl_flame_step(struct tl_flame *flame, const struct tl_survey *survey, struct tl_symbols *symbols, size_t stacks)
{
	size_t most = survey->stacks.n < TL_FLAME_STACKS ? survey->stacks.n : TL_FLAME_STACKS;
	uint32_t rest;

	if (flame->done)
		return 0;
	for (; flame->next < most && stacks > 0; flame->next++, stacks--)
		if (add_stack(flame, &survey->stacks.items[flame->next], symbols) != 0)
			return -1;
	if (flame->next < most)
		return 0;
	for (size_t i = most; i < survey->stacks.n; i++) {
		rest = child(flame, 0, "(other stacks)");
		if (rest == NONE)
			return -1;
		add(&flame->nodes.items[rest], &survey->stacks.items[i].waits);
		add(&flame->nodes.items[0], &survey->stacks.items[i].waits);
	}
	return set_order(flame);
}

uint32_t tl_flame_find(const struct tl_flame *flame, struct tl_symbols *symbols, uint32_t nonce, uint32_t stack,
		       uint8_t reason)
{
	char buffer[NAME];
	const char *name;
	size_t n, at;
	const struct tl_frame *frames;
	uint32_t node = 0;

	if (!flame->done || flame->room == 0)
		return NONE;
	frames = frames_of(symbols, nonce, stack, &n);
	for (size_t i = 0; node != NONE && (name = branch_name(frames, n, i, reason, buffer)); i++)
		node = find(flame, node, name, &at);
	return node;
}

bool tl_flame_leads_to(const struct tl_flame *flame, uint32_t node, uint32_t below)
{
	if (below >= flame->nodes.n || node >= flame->nodes.n)
		return false;
	while (flame->nodes.items[below].depth > flame->nodes.items[node].depth)
		below = flame->nodes.items[below].parent;
	return below == node;
}

struct frame {
	uint32_t node, next; /* child to go on with */
	double x, w;
	double child_x;
};

/* A node's rectangle, in whole pixels that neither overlap nor leave holes. */
static struct tl_rect rect_of(struct tl_rect area, double x, double w, unsigned line, int line_h)
{
	int x0 = area.x + (int)x, x1 = area.x + (int)(x + w);

	return (struct tl_rect){x0, area.y + (int)line * line_h, x1 - x0, line_h};
}

/* `root` and what is below it, from line `line` on; returns the lines used in all. */
static unsigned lay_below(const struct tl_flame *flame, uint32_t root, struct tl_rect area, unsigned line, int line_h,
			  void (*visit)(void *data, uint32_t node, struct tl_rect rect), void *data)
{
	struct frame stack[TL_FLAME_DEPTH + 3] = {{root, 0, 0, area.w, 0}};
	unsigned depth = 1, most = line + 1;

	visit(data, root, rect_of(area, 0, area.w, line, line_h));
	while (depth > 0) {
		struct frame *top = &stack[depth - 1];
		const struct tl_flame_node *node = &flame->nodes.items[top->node], *next;
		struct frame below;

		if (top->next >= node->n_children || depth >= sizeof stack / sizeof *stack) {
			depth--;
			continue;
		}
		below = (struct frame){.node = flame->order[node->first + top->next++], .x = top->child_x};
		next = &flame->nodes.items[below.node];
		below.w = node->ns > 0 ? top->w * ((double)next->ns / (double)node->ns) : 0;
		below.child_x = below.x;
		top->child_x += below.w;
		/* The longest come first: after one that cannot be seen, none can. */
		if (below.w < 1) {
			top->next = node->n_children;
			continue;
		}
		visit(data, below.node, rect_of(area, below.x, below.w, line + depth, line_h));
		most = line + depth + 1 > most ? line + depth + 1 : most;
		stack[depth++] = below;
	}
	return most;
}

int tl_flame_layout(const struct tl_flame *flame, uint32_t root, struct tl_rect area, int line_h,
		    void (*visit)(void *data, uint32_t node, struct tl_rect rect), void *data)
{
	uint32_t above = root;
	unsigned line;

	if (!flame->done || root >= flame->nodes.n || area.w < 1)
		return 0;
	line = flame->nodes.items[root].depth;
	while (above != 0) {
		above = flame->nodes.items[above].parent;
		visit(data, above, rect_of(area, 0, area.w, flame->nodes.items[above].depth, line_h));
	}
	return (int)lay_below(flame, root, area, line, line_h, visit, data) * line_h;
}
