/* Look-ups and growth of the tables; see tables.h and state.h. */
#include "viewer/state/tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/base/text.h"

const char *tl_task_state_text(enum tl_task_state state)
{
	static const char *const texts[TL_N_TASK_STATES] = {"unknown",  "created", "running",
							    "runnable", "blocked", "exited"};

	return (unsigned)state < TL_N_TASK_STATES ? texts[state] : "?";
}

struct tl_state *tl_state_create(void)
{
	struct tl_state *state = calloc(1, sizeof *state);

	if (state)
		tl_arena_init(&state->arena);
	return state;
}

void tl_state_destroy(struct tl_state *state)
{
	if (!state)
		return;
	HASH_CLEAR(hh, state->pids);
	HASH_CLEAR(hh, state->processes);
	HASH_CLEAR(hh, state->tasks);
	HASH_CLEAR(hh, state->stacks);
	HASH_CLEAR(hh, state->objects);
	tl_vec_finish(&state->by_index);
	tl_vec_finish(&state->doubts);
	tl_arena_finish(&state->arena);
	free(state);
}

size_t tl_state_task_count(const struct tl_state *state)
{
	return state->by_index.n;
}

struct tl_task *tl_state_task_at(const struct tl_state *state, uint32_t index)
{
	return index < state->by_index.n ? state->by_index.items[index] : NULL;
}

struct tl_task *tl_state_find_task(const struct tl_state *state, uint64_t id)
{
	struct tl_task *task = tl_tables_recent(state, id);

	if (task)
		return task;
	HASH_FIND(hh, state->tasks, &id, sizeof id, task);
	if (task)
		*tl_recent_slot((struct tl_recent *)(uintptr_t)&state->recent, id) = task;
	return task;
}

struct tl_process *tl_state_find_process(const struct tl_state *state, uint32_t nonce)
{
	struct tl_process *process;

	HASH_FIND(hh, state->processes, &nonce, sizeof nonce, process);
	return process;
}

struct tl_process *tl_state_processes(const struct tl_state *state)
{
	return state->processes;
}

const struct tl_stack *tl_state_find_stack(const struct tl_state *state, uint32_t nonce, uint32_t id)
{
	uint64_t key = (uint64_t)nonce << 32 | id;
	struct tl_stack *stack;

	HASH_FIND(hh, state->stacks, &key, sizeof key, stack);
	return stack;
}

const char *tl_state_object_name(const struct tl_state *state, uint32_t nonce, uint64_t object)
{
	struct object_key key = {.object = object, .nonce = nonce};
	struct object_name *found;

	HASH_FIND(hh, state->objects, &key, sizeof key, found);
	return found && found->text ? found->text : "";
}

struct tl_arena *tl_state_arena(struct tl_state *state)
{
	return &state->arena;
}

char *tl_task_label(const struct tl_task *task, char *buffer)
{
	char name[TL_TASK_LABEL - 16];

	if (task->name[0] != '\0') {
		tl_text_escape_to(name, sizeof name, task->name);
		/* Many of the kernel's tasks have the same name, and one that speaks for itself may be beside it. */
		if (tl_process_is_kernels(task->process) && task->carrier != 0)
			snprintf(buffer, TL_TASK_LABEL, "%s [%u]", name, (unsigned)task->carrier);
		else
			snprintf(buffer, TL_TASK_LABEL, "%s", name);
	} else if (task->kind == TL_TASK_KIND_THREAD && task->carrier != 0) {
		snprintf(buffer, TL_TASK_LABEL, "thread %u", (unsigned)task->carrier);
	} else {
		snprintf(buffer, TL_TASK_LABEL, "%s %u", tl_task_kind_text(task->kind), (unsigned)task->id);
	}
	return buffer;
}

struct tl_process *tl_tables_process(struct tl_state *state, uint32_t nonce, int64_t time_ns)
{
	struct tl_process *process = tl_state_find_process(state, nonce);

	if (process)
		return process;
	process = tl_arena_alloc(&state->arena, sizeof *process);
	if (!process)
		return NULL;
	process->nonce = nonce;
	process->program = "";
	process->begin_ns = time_ns;
	HASH_ADD(hh, state->processes, nonce, sizeof process->nonce, process);
	return process;
}

struct tl_task *tl_tables_task(struct tl_state *state, uint64_t id, int64_t time_ns)
{
	struct tl_task *task = tl_state_find_task(state, id);

	if (task)
		return task;
	task = tl_arena_alloc_line(&state->arena, sizeof *task);
	if (!task)
		return NULL;
	task->id = id;
	task->name = "";
	task->index = (uint32_t)state->by_index.n;
	task->created_ns = task->since_ns = task->last_ns = time_ns;
	task->process = tl_tables_process(state, tl_task_process(id), time_ns);
	if (!task->process || tl_vec_push(&state->by_index, task) != 0)
		return NULL;
	HASH_ADD(hh, state->tasks, id, sizeof task->id, task);
	return task;
}

/*
 * Copies `text` to *place, which has *room bytes. A name that changes all the time
 * must not take memory all the time: only a longer one takes new room, of twice
 * the size.
 */
static int set_text(struct tl_state *state, char **place, size_t *room, const char *text)
{
	size_t size = strlen(text) + 1;
	char *grown;

	if (size > *room) {
		grown = tl_arena_alloc(&state->arena, size * 2);
		if (!grown)
			return -1;
		*place = grown;
		*room = size * 2;
	}
	memcpy(*place, text, size);
	return 0;
}

int tl_tables_name_task(struct tl_state *state, struct tl_task *task, const char *text)
{
	if (strcmp(task->name, text) == 0)
		return 0;
	if (set_text(state, &task->own_name, &task->name_room, text) != 0)
		return -1;
	task->name = task->own_name;
	return 0;
}

int tl_tables_name_object(struct tl_state *state, uint32_t nonce, uint64_t object, const char *text)
{
	struct object_key key = {.object = object, .nonce = nonce};
	struct object_name *found;

	HASH_FIND(hh, state->objects, &key, sizeof key, found);
	if (!found) {
		found = tl_arena_alloc(&state->arena, sizeof *found);
		if (!found)
			return -1;
		found->key = key;
		HASH_ADD(hh, state->objects, key, sizeof found->key, found);
	}
	return set_text(state, &found->text, &found->room, text);
}

int tl_tables_add_stack(struct tl_state *state, uint32_t nonce, const struct tl_ev_stack *told)
{
	const struct tl_process *process = tl_state_find_process(state, nonce);
	struct tl_stack *stack;

	if (told->id == 0 || tl_state_find_stack(state, nonce, told->id))
		return 0;
	stack = tl_arena_alloc(&state->arena, sizeof *stack);
	if (!stack)
		return -1;
	stack->key = (uint64_t)nonce << 32 | told->id;
	stack->n = told->n_pcs;
	stack->modules = process ? process->modules : NULL;
	stack->pcs = tl_arena_copy(&state->arena, told->pcs, stack->n * sizeof *stack->pcs);
	if (!stack->pcs)
		return -1;
	HASH_ADD(hh, state->stacks, key, sizeof stack->key, stack);
	return 0;
}

int tl_tables_add_module(struct tl_state *state, struct tl_process *process, const struct tl_ev_module *told)
{
	struct tl_module *module;

	for (module = process->modules; module && module->base != told->base;)
		module = module->next;
	/* Told again, unless another file, or another build of it, has been there meanwhile. */
	if (module && strcmp(module->path, told->path) == 0 && module->n_build_id == told->n_build_id &&
	    memcmp(module->build_id, told->build_id, told->n_build_id) == 0)
		return 0;
	module = tl_arena_alloc(&state->arena, sizeof *module);
	if (!module)
		return -1;
	*module = (struct tl_module){
		.base = told->base,
		.size = told->size,
		.path = tl_arena_string(&state->arena, told->path),
		.build_id = tl_arena_copy(&state->arena, told->build_id, told->n_build_id),
		.n_build_id = told->n_build_id,
		.next = process->modules,
	};
	process->modules = module;
	return module->path && module->build_id ? 0 : -1;
}

struct tl_process *tl_tables_take_pid(struct tl_state *state, struct tl_process *process, int *failed)
{
	struct pid_entry *entry;
	struct tl_process *before;

	HASH_FIND(hh, state->pids, &process->pid, sizeof process->pid, entry);
	if (!entry) {
		entry = tl_arena_alloc(&state->arena, sizeof *entry);
		*failed = entry ? 0 : -1;
		if (!entry)
			return NULL;
		entry->pid = process->pid;
		entry->process = process;
		HASH_ADD(hh, state->pids, pid, sizeof entry->pid, entry);
		return NULL;
	}
	*failed = 0;
	before = entry->process;
	entry->process = process;
	return before != process ? before : NULL;
}
