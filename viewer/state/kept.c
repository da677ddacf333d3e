/* See kept.h. Both halves of each part stand together: what one puts, the other takes. */
#include "viewer/state/kept.h"

#include <string.h>

#include "viewer/state/tables.h"

#define NO_PROCESS UINT32_MAX

/* ---- processes and their modules, the oldest first ------------------------------ */

static uint32_t count_modules(const struct tl_module *module)
{
	uint32_t n = 0;

	for (; module; module = module->next)
		n++;
	return n;
}

static void keep_modules(const struct tl_module *latest, struct tl_bytes *bytes)
{
	tl_bytes_u64(bytes, count_modules(latest));
	/* The latest first here; they are chained up again in this order. */
	for (const struct tl_module *module = latest; module; module = module->next) {
		tl_bytes_u64(bytes, module->base);
		tl_bytes_u64(bytes, module->size);
		tl_bytes_text(bytes, module->path);
		tl_bytes_u8(bytes, module->n_build_id);
		tl_bytes_put(bytes, module->build_id, module->n_build_id);
	}
}

/* One array: a stack says how many of its process's modules were known, counted from the oldest, the last of it. */
static int take_modules(struct tl_state *state, struct tl_process *process, struct tl_taker *taker, size_t *count)
{
	size_t n = tl_take_count(taker, 8 + 8 + 4 + 1);
	struct tl_module *modules = n ? tl_arena_alloc(&state->arena, n * sizeof *modules) : NULL;
	uint8_t id[UINT8_MAX];

	if (n && !modules)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct tl_module *module = &modules[i];

		module->base = tl_take_u64(taker);
		module->size = tl_take_u64(taker);
		module->path = tl_take_text(taker, &state->arena);
		module->n_build_id = tl_take_u8(taker);
		if (!tl_take(taker, id, module->n_build_id))
			return -1;
		module->build_id = tl_arena_copy(&state->arena, id, module->n_build_id);
		if (!module->build_id)
			return -1;
		module->next = i + 1 < n ? module + 1 : NULL;
	}
	process->modules = modules;
	*count = n;
	return taker->failed ? -1 : 0;
}

static void keep_processes(const struct tl_state *state, struct tl_bytes *bytes)
{
	tl_bytes_u64(bytes, HASH_COUNT(state->processes));
	for (const struct tl_process *process = state->processes; process; process = process->hh.next) {
		tl_bytes_u32(bytes, process->nonce);
		tl_bytes_u32(bytes, process->pid);
		tl_bytes_u32(bytes, process->parent_pid);
		tl_bytes_u32(bytes, process->capabilities);
		tl_bytes_text(bytes, process->program);
		tl_bytes_s64(bytes, process->begin_ns);
		tl_bytes_s64(bytes, process->end_ns);
		tl_bytes_u32(bytes, process->domain);
		tl_bytes_u8(bytes, (uint8_t)(process->begun | process->ended << 1 | process->replaced << 2 |
					     process->execs << 3));
		keep_modules(process->modules, bytes);
	}
}

/* What stacks are put together with while they are taken. */
struct known {
	struct tl_process *process;
	size_t n_modules;
};

static int take_process(struct tl_state *state, struct tl_taker *taker, struct known *known)
{
	struct tl_process *process;
	uint32_t nonce = tl_take_u32(taker);
	uint8_t flags;

	/* Twice the same is none of ours. */
	if (taker->failed || tl_state_find_process(state, nonce))
		return -1;
	process = tl_tables_process(state, nonce, 0);
	if (!process)
		return -1;
	process->pid = tl_take_u32(taker);
	process->parent_pid = tl_take_u32(taker);
	process->capabilities = tl_take_u32(taker);
	process->program = tl_take_text(taker, &state->arena);
	process->begin_ns = tl_take_s64(taker);
	process->end_ns = tl_take_s64(taker);
	process->domain = (uint16_t)tl_take_u32(taker);
	flags = tl_take_u8(taker);
	process->begun = flags & 1;
	process->ended = flags >> 1 & 1;
	process->replaced = flags >> 2 & 1;
	process->execs = flags >> 3 & 1;
	known->process = process;
	return take_modules(state, process, taker, &known->n_modules);
}

/* ---- tasks, in the order of their index ------------------------------------------ */

static void keep_wait(const struct tl_wait *wait, struct tl_bytes *bytes)
{
	tl_bytes_u32(bytes, wait->number);
	tl_bytes_u32(bytes, wait->seq);
	tl_bytes_s64(bytes, wait->begin_ns);
	tl_bytes_u64(bytes, wait->object);
	tl_bytes_u64(bytes, wait->object2);
	tl_bytes_s64(bytes, wait->timeout_ns);
	tl_bytes_u32(bytes, wait->owner);
	tl_bytes_u32(bytes, wait->stack);
	tl_bytes_u8(bytes, wait->reason);
	tl_bytes_u8(bytes, wait->is_shared);
}

static void take_wait(struct tl_wait *wait, struct tl_taker *taker)
{
	wait->number = tl_take_u32(taker);
	wait->seq = tl_take_u32(taker);
	wait->begin_ns = tl_take_s64(taker);
	wait->object = tl_take_u64(taker);
	wait->object2 = tl_take_u64(taker);
	wait->timeout_ns = tl_take_s64(taker);
	wait->owner = tl_take_u32(taker);
	wait->stack = tl_take_u32(taker);
	wait->reason = tl_take_u8(taker);
	wait->is_shared = tl_take_u8(taker) & 1;
}

static void keep_start(const struct tl_first_start *start, struct tl_bytes *bytes)
{
	tl_bytes_s64(bytes, start->time_ns);
	tl_bytes_u32(bytes, start->seq);
	tl_bytes_u32(bytes, start->waker);
	tl_bytes_u32(bytes, start->waker_seq);
	tl_bytes_u8(bytes, start->cause);
}

static void take_start(struct tl_first_start *start, struct tl_taker *taker)
{
	start->time_ns = tl_take_s64(taker);
	start->seq = tl_take_u32(taker);
	start->waker = tl_take_u32(taker);
	start->waker_seq = tl_take_u32(taker);
	start->cause = tl_take_u8(taker);
}

static void keep_task(const struct tl_task *task, struct tl_bytes *bytes)
{
	tl_bytes_u64(bytes, task->id);
	tl_bytes_u8(bytes, (uint8_t)task->state);
	tl_bytes_u8(bytes, (uint8_t)(task->seen | task->create_seen << 1 | task->start_seen << 2 |
				     task->exit_seen << 3 | task->create_failed << 4 | task->is_doubtful << 5));
	tl_bytes_s64(bytes, task->since_ns);
	tl_bytes_s64(bytes, task->last_ns);
	tl_bytes_u32(bytes, task->last_seq);
	tl_bytes_u8(bytes, task->last_kind);
	tl_bytes_u8(bytes, task->kind);
	tl_bytes_u64(bytes, task->events);
	tl_bytes_u64(bytes, task->lost);
	tl_bytes_u32(bytes, task->waits);
	tl_bytes_u32(bytes, task->carrier);
	keep_wait(&task->wait, bytes);
	tl_bytes_text(bytes, task->name);
	tl_bytes_u64(bytes, task->creator);
	tl_bytes_u32(bytes, task->create_stack);
	tl_bytes_u32(bytes, task->exit_seq);
	tl_bytes_u64(bytes, task->entry);
	tl_bytes_s64(bytes, task->created_ns);
	tl_bytes_s64(bytes, task->exit_ns);
	keep_start(&task->first_start, bytes);
}

static void take_flags(struct tl_task *task, uint8_t flags)
{
	task->seen = flags & 1;
	task->create_seen = flags >> 1 & 1;
	task->start_seen = flags >> 2 & 1;
	task->exit_seen = flags >> 3 & 1;
	task->create_failed = flags >> 4 & 1;
	task->is_doubtful = flags >> 5 & 1;
}

static int take_task(struct tl_state *state, struct tl_taker *taker)
{
	uint64_t id = tl_take_u64(taker);
	uint8_t standing = tl_take_u8(taker);
	struct tl_task *task;

	if (taker->failed || standing >= TL_N_TASK_STATES || tl_state_find_task(state, id) ||
	    !tl_state_find_process(state, tl_task_process(id)))
		return -1;
	task = tl_tables_task(state, id, 0);
	if (!task)
		return -1;
	task->state = (enum tl_task_state)standing;
	take_flags(task, tl_take_u8(taker));
	task->since_ns = tl_take_s64(taker);
	task->last_ns = tl_take_s64(taker);
	task->last_seq = tl_take_u32(taker);
	task->last_kind = tl_take_u8(taker);
	task->kind = tl_take_u8(taker);
	task->events = tl_take_u64(taker);
	task->lost = tl_take_u64(taker);
	task->waits = tl_take_u32(taker);
	task->carrier = tl_take_u32(taker);
	take_wait(&task->wait, taker);
	task->name = tl_take_text(taker, &state->arena);
	task->creator = tl_take_u64(taker);
	task->create_stack = tl_take_u32(taker);
	task->exit_seq = tl_take_u32(taker);
	task->entry = tl_take_u64(taker);
	task->created_ns = tl_take_s64(taker);
	task->exit_ns = tl_take_s64(taker);
	take_start(&task->first_start, taker);
	return taker->failed ? -1 : 0;
}

#define TASK_LEAST 100 /* bytes that a task takes at least */

static void keep_tasks(const struct tl_state *state, struct tl_bytes *bytes)
{
	tl_bytes_u64(bytes, state->by_index.n);
	for (size_t i = 0; i < state->by_index.n; i++)
		keep_task(state->by_index.items[i], bytes);
}

static int take_tasks(struct tl_state *state, struct tl_taker *taker)
{
	size_t n = tl_take_count(taker, TASK_LEAST);

	if (n > UINT32_MAX)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (take_task(state, taker) != 0)
			return -1;
	return taker->failed ? -1 : 0;
}

/* ---- stacks ------------------------------------------------------------------------ */

/* The place of each process in the list, by what its hash table finds. */
struct place {
	const struct tl_process *process;
	uint32_t at;
	UT_hash_handle hh;
};

static struct place *list_places(const struct tl_state *state, struct place **table)
{
	struct place *places = calloc(HASH_COUNT(state->processes) + 1, sizeof *places);
	uint32_t at = 0;

	*table = NULL;
	for (struct tl_process *process = state->processes; places && process; process = process->hh.next, at++) {
		places[at].process = process;
		places[at].at = at;
		HASH_ADD_KEYPTR(hh, *table, &process->nonce, sizeof process->nonce, &places[at]);
	}
	return places;
}

static void keep_stack(const struct tl_stack *stack, const struct place *table, struct tl_bytes *bytes)
{
	uint32_t nonce = tl_task_process(stack->key);
	const struct place *place;

	HASH_FIND(hh, table, &nonce, sizeof nonce, place);
	tl_bytes_u64(bytes, stack->key);
	tl_bytes_u32(bytes, place ? place->at : NO_PROCESS);
	tl_bytes_u32(bytes, count_modules(stack->modules));
	tl_bytes_u8(bytes, stack->n);
	tl_bytes_put(bytes, stack->pcs, stack->n * sizeof *stack->pcs);
}

static void keep_stacks(const struct tl_state *state, struct tl_bytes *bytes)
{
	struct place *table, *places = list_places(state, &table);

	bytes->failed |= !places;
	tl_bytes_u64(bytes, HASH_COUNT(state->stacks));
	for (const struct tl_stack *stack = state->stacks; places && stack; stack = stack->hh.next)
		keep_stack(stack, table, bytes);
	HASH_CLEAR(hh, table);
	free(places);
}

static int take_stack(struct tl_state *state, struct tl_taker *taker, const struct known *known, size_t n_known)
{
	uint64_t key = tl_take_u64(taker), pcs[UINT8_MAX];
	uint32_t process = tl_take_u32(taker), n_modules = tl_take_u32(taker);
	struct tl_ev_stack told = {.id = (uint32_t)key, .n_pcs = tl_take_u8(taker), .pcs = pcs};
	const struct tl_stack *there;
	struct tl_stack *stack;

	if (!tl_take(taker, pcs, told.n_pcs * sizeof *pcs) || told.id == 0 ||
	    tl_state_find_stack(state, tl_task_process(key), told.id) ||
	    (n_modules > 0 && (process >= n_known || known[process].n_modules < n_modules ||
			       known[process].process->nonce != tl_task_process(key))))
		return -1;
	if (tl_tables_add_stack(state, tl_task_process(key), &told) != 0)
		return -1;
	there = tl_state_find_stack(state, tl_task_process(key), told.id);
	HASH_FIND(hh, state->stacks, &there->key, sizeof there->key, stack);
	stack->modules = n_modules ? known[process].process->modules + (known[process].n_modules - n_modules) : NULL;
	return 0;
}

static int take_stacks(struct tl_state *state, struct tl_taker *taker, const struct known *known, size_t n_known)
{
	size_t n = tl_take_count(taker, 8 + 4 + 4 + 1);

	for (size_t i = 0; i < n; i++)
		if (take_stack(state, taker, known, n_known) != 0)
			return -1;
	return taker->failed ? -1 : 0;
}

/* ---- names of objects, and all of it -------------------------------------------------- */

static void keep_names(const struct tl_state *state, struct tl_bytes *bytes)
{
	tl_bytes_u64(bytes, HASH_COUNT(state->objects));
	for (const struct object_name *name = state->objects; name; name = name->hh.next) {
		tl_bytes_u32(bytes, name->key.nonce);
		tl_bytes_u64(bytes, name->key.object);
		tl_bytes_text(bytes, name->text);
	}
}

static int take_names(struct tl_state *state, struct tl_taker *taker)
{
	size_t n = tl_take_count(taker, 4 + 8 + 4);

	for (size_t i = 0; i < n; i++) {
		uint32_t nonce = tl_take_u32(taker);
		uint64_t object = tl_take_u64(taker);
		const char *text = tl_take_text(taker, &state->arena);

		if (taker->failed || tl_tables_name_object(state, nonce, object, text) != 0)
			return -1;
	}
	return taker->failed ? -1 : 0;
}

void tl_state_keep(const struct tl_state *state, struct tl_bytes *bytes)
{
	keep_processes(state, bytes);
	keep_tasks(state, bytes);
	keep_stacks(state, bytes);
	keep_names(state, bytes);
}

static int take_all(struct tl_state *state, struct tl_taker *taker)
{
	size_t n = tl_take_count(taker, 48);
	struct known *known = calloc(n + 1, sizeof *known);
	int result = known && !taker->failed ? 0 : -1;

	for (size_t i = 0; result == 0 && i < n; i++)
		result = take_process(state, taker, &known[i]);
	if (result == 0)
		result = take_tasks(state, taker);
	if (result == 0)
		result = take_stacks(state, taker, known, n);
	free(known);
	return result == 0 ? take_names(state, taker) : result;
}

struct tl_state *tl_state_from_kept(struct tl_taker *taker)
{
	struct tl_state *state = tl_state_create();

	if (!state || take_all(state, taker) == 0)
		return state;
	tl_state_destroy(state);
	taker->failed = true;
	return NULL;
}
