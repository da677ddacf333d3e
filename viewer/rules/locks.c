/* What tasks hold; see locks.h. */
#include "viewer/rules/locks.h"

#include <stdlib.h>
#include <string.h>

#include "viewer/base/vec.h"
#include "viewer/rules/objects.h"

struct lock {
	uint32_t generation;
	bool is_muddled;
};

/* Of one task. */
struct holds {
	struct tl_held held;
	struct tl_left left;
};

struct tl_locks {
	struct tl_places *places;
	bool any_left;
	TL_VEC(struct holds) by_task; /* by the task's index */
};

struct tl_locks *tl_locks_create(struct tl_places *places)
{
	struct tl_locks *locks = calloc(1, sizeof *locks);

	if (locks)
		locks->places = places;
	return locks;
}

void tl_locks_destroy(struct tl_locks *locks)
{
	if (!locks)
		return;
	for (size_t i = 0; i < locks->by_task.n; i++)
		free(locks->by_task.items[i].held.locks);
	tl_vec_finish(&locks->by_task);
	free(locks);
}

static struct lock *find(const struct tl_locks *locks, uint32_t nonce, uint64_t address)
{
	return tl_places_part(locks->places, TL_PLACE_LOCK, tl_object_key_in(nonce, address));
}

static struct lock *get(struct tl_locks *locks, uint32_t nonce, uint64_t address)
{
	return tl_places_get_part(locks->places, TL_PLACE_LOCK, tl_object_key_in(nonce, address), sizeof(struct lock));
}

static struct holds *holds_of(struct tl_locks *locks, const struct tl_task *task)
{
	while (locks->by_task.n <= task->index)
		if (tl_vec_push(&locks->by_task, (struct holds){0}) != 0)
			return NULL;
	return &locks->by_task.items[task->index];
}

static int take_block(struct tl_locks *locks, const struct tl_event *event, const struct tl_task *task)
{
	const struct tl_ev_block *block = &event->u.block;
	struct holds *holds = holds_of(locks, task);

	if (!holds)
		return -1;
	if (block->n_held > holds->held.room) {
		uint64_t *more = realloc(holds->held.locks, block->n_held * sizeof *more);

		if (!more)
			return -1;
		holds->held.locks = more;
		holds->held.room = block->n_held;
	}
	if (block->n_held)
		memcpy(holds->held.locks, block->held, block->n_held * sizeof *block->held);
	holds->held.n = block->n_held;
	return 0;
}

static int take_exit(struct tl_locks *locks, const struct tl_event *event, const struct tl_task *task)
{
	const struct tl_ev_exit *exit = &event->u.exit;
	struct holds *holds = holds_of(locks, task);
	const struct lock *lock;

	if (!holds)
		return -1;
	if (exit->held_count == 0)
		return 0;
	lock = get(locks, tl_task_process(task->id), tl_held_lock(exit->held));
	if (!lock)
		return -1;
	locks->any_left = true;
	holds->left = (struct tl_left){exit->held_count, lock->generation, exit->held};
	return 0;
}

int tl_locks_event(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
		   const struct tl_step *step)
{
	uint32_t nonce = tl_task_process(event->task);
	struct tl_locks *locks = self;
	struct lock *lock;

	(void)rule, (void)judge;
	switch (event->kind) {
	case TL_EVENT_BLOCK: return take_block(locks, event, step->task);
	case TL_EVENT_EXIT: return take_exit(locks, event, step->task);
	case TL_EVENT_LOCK_EDGE:
		/* From now on it matters whether it is still the same lock. */
		return get(locks, nonce, tl_held_lock(event->u.lock_edge.a)) &&
				       get(locks, nonce, tl_held_lock(event->u.lock_edge.b))
			       ? 0
			       : -1;
	case TL_EVENT_DESTROY:
		lock = find(locks, nonce, event->u.destroy.object);
		if (lock) {
			lock->generation++;
			lock->is_muddled = false;
		}
		return 0;
	case TL_EVENT_MISUSE:
		/* Nothing came of a call that failed. */
		if (event->u.misuse.kind != TL_MISUSE_UNLOCK_NOT_OWNER || event->u.misuse.error != 0)
			return 0;
		lock = get(locks, nonce, event->u.misuse.object);
		if (lock)
			lock->is_muddled = true;
		return lock ? 0 : -1;
	default: return 0;
	}
}

const struct tl_held *tl_locks_held(const struct tl_locks *locks, const struct tl_task *task)
{
	static const struct tl_held nothing = {0};

	/* The list is of its latest block, which began another wait. */
	if (task->wait.number == 0 || task->block_seq != task->wait.seq)
		return NULL;
	return task->n_held > 0 && task->index < locks->by_task.n ? &locks->by_task.items[task->index].held : &nothing;
}

bool tl_locks_any_left(const struct tl_locks *locks)
{
	return locks->any_left;
}

struct tl_left tl_locks_left(const struct tl_locks *locks, const struct tl_task *task)
{
	if (task->index >= locks->by_task.n)
		return (struct tl_left){0};
	return locks->by_task.items[task->index].left;
}

bool tl_locks_is_muddled(const struct tl_locks *locks, uint32_t nonce, uint64_t lock)
{
	const struct lock *found = find(locks, nonce, lock);

	return found && found->is_muddled;
}

uint32_t tl_locks_generation(const struct tl_locks *locks, uint32_t nonce, uint64_t lock)
{
	const struct lock *found = find(locks, nonce, lock);

	return found ? found->generation : 0;
}

bool tl_is_owned(unsigned reason)
{
	return reason == TL_REASON_MUTEX || reason == TL_REASON_RWLOCK_READ || reason == TL_REASON_RWLOCK_WRITE ||
	       reason == TL_REASON_SPIN;
}

bool tl_is_kept_out(unsigned reason, bool shared)
{
	return tl_is_owned(reason) && !(shared && reason == TL_REASON_RWLOCK_READ);
}
