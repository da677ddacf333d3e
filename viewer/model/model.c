/* The model's life, its tables and its words; see model.h. */
#include "viewer/model/model.h"

#include <string.h>
#include <sys/mman.h>

#include "viewer/model/feed.h"
#include "viewer/model/internal.h"
#include "viewer/model/large.h"

static const struct {
	const char *text;
	uint8_t state;
} looks[TL_N_LOOKS] = {
	[TL_LOOK_NONE] = {"not there yet", TL_TASK_UNKNOWN},
	[TL_LOOK_EXITED] = {"exited", TL_TASK_EXITED},
	[TL_LOOK_CREATED] = {"created, not started", TL_TASK_CREATED},
	[TL_LOOK_RUNNING] = {"running", TL_TASK_RUNNING},
	[TL_LOOK_RUNNABLE] = {"runnable", TL_TASK_RUNNABLE},
	[TL_LOOK_IDLE] = {"sleeping or in I/O", TL_TASK_BLOCKED},
	[TL_LOOK_WAIT] = {"waiting for another task", TL_TASK_BLOCKED},
	[TL_LOOK_LOCK] = {"waiting for a lock", TL_TASK_BLOCKED},
	[TL_LOOK_GAP] = {"unknown (events missing)", TL_TASK_UNKNOWN},
};

const char *tl_look_text(enum tl_look look)
{
	return (unsigned)look < TL_N_LOOKS ? looks[look].text : "?";
}

enum tl_task_state tl_look_state(enum tl_look look)
{
	return (unsigned)look < TL_N_LOOKS ? (enum tl_task_state)looks[look].state : TL_TASK_UNKNOWN;
}

enum tl_look tl_look_of_reason(unsigned reason)
{
	switch (reason) {
	case TL_REASON_MUTEX:
	case TL_REASON_RWLOCK_READ:
	case TL_REASON_RWLOCK_WRITE:
	case TL_REASON_ONCE:
	case TL_REASON_SPIN: return TL_LOOK_LOCK;
	case TL_REASON_SLEEP:
	case TL_REASON_IO:
	case TL_REASON_CHILD:
	case TL_REASON_SIGNAL:
	case TL_REASON_KERNEL: return TL_LOOK_IDLE;
	default: return TL_LOOK_WAIT;
	}
}

struct tl_model *tl_model_create(void)
{
	struct tl_model *model = calloc(1, sizeof *model);

	if (!model)
		return NULL;
	tl_arena_init(&model->arena);
	if (tl_vec_push(&model->objects, (struct tl_object){0}) != 0 || tl_feed_begin(model) != 0) {
		tl_model_destroy(model);
		return NULL;
	}
	return model;
}

static void extra_destroy(struct tl_row_extra *extra)
{
	if (!extra)
		return;
	tl_vec_finish(&extra->flags);
	tl_vec_finish(&extra->marks);
	for (int i = 0; i < TL_REGION_LANES; i++)
		tl_vec_finish(&extra->lanes[i]);
	free(extra->flag_worst);
	free(extra);
}

void tl_model_destroy(struct tl_model *model)
{
	if (!model)
		return;
	tl_feed_end(model);
	tl_vec_finish(&model->ends);
	for (size_t i = 0; i < model->rows.n; i++) {
		struct tl_row *row = &model->rows.items[i];

		extra_destroy(row->extra);
		if (model->kept)
			continue;
		tl_large_free(row->spans.items, row->spans.room, sizeof *row->spans.items);
		tl_large_free(row->edges.items, row->edges.room, sizeof *row->edges.items);
		tl_large_free(row->blocks, row->blocks_room, sizeof *row->blocks);
		tl_large_free(row->block_begins, row->begins_room, sizeof *row->block_begins);
		tl_large_free(row->outs, row->outs_room, sizeof *row->outs);
	}
	if (model->kept)
		munmap(model->kept, model->kept_size);
	tl_vec_finish(&model->rows);
	tl_vec_finish(&model->objects);
	tl_vec_finish(&model->holes);
	free(model->object_table);
	free(model->overview);
	tl_arena_finish(&model->arena);
	free(model);
}

struct tl_row *tl_model_row(struct tl_model *model, uint32_t index, uint64_t task)
{
	while (model->rows.n <= index) {
		/* Rows are about to move: whoever fills them must not be at it. */
		if (model->rows.n == model->rows.room && tl_feed_drain(model) != 0)
			return NULL;
		if (tl_vec_push(&model->rows, (struct tl_row){.last_ns = -TL_MODEL_FAR}) != 0 ||
		    tl_vec_push(&model->ends,
				(struct tl_feed_end){.last_ns = -TL_MODEL_FAR, .standing = TL_FEED_NOTHING}) != 0)
			return NULL;
	}
	model->rows.items[index].task = task;
	model->ends.items[index].task = task;
	return &model->rows.items[index];
}

struct tl_row_extra *tl_model_extra(struct tl_row *row)
{
	if (!row->extra)
		row->extra = calloc(1, sizeof *row->extra);
	return row->extra;
}

/* The upper bits of a hash are a place in the table; those below them stand in it, so that others' are hardly looked at. */
static inline uint64_t hash(uint32_t nonce, uint64_t address)
{
	return tl_table_mix(address ^ ((uint64_t)nonce << 32 | nonce));
}

static inline uint32_t tag_of(uint64_t hash)
{
	return (uint32_t)(hash >> 24);
}

/* The slot of an object, or the free one where it belongs. */
static inline struct tl_object_slot *object_slot(const struct tl_model *model, uint64_t hash, uint32_t nonce,
						 uint64_t address)
{
	size_t mask = model->object_room - 1, at = (size_t)(hash >> model->object_shift);

	for (;; at = (at + 1) & mask) {
		struct tl_object_slot *slot = &model->object_table[at];
		const struct tl_object *object;

		if (slot->place == 0)
			return slot;
		if (slot->tag != tag_of(hash))
			continue;
		object = &model->objects.items[slot->place];
		if (object->address == address && object->nonce == nonce)
			return slot;
	}
}

static int grow_objects(struct tl_model *model)
{
	size_t room = model->object_room ? model->object_room * 2 : 64;
	struct tl_object_slot *table = calloc(room, sizeof *table), *old = model->object_table;

	if (!table)
		return -1;
	model->object_table = table;
	model->object_room = room;
	model->object_shift = 64 - (unsigned)__builtin_ctzll(room);
	for (uint32_t i = 1; i < model->objects.n; i++) {
		const struct tl_object *object = &model->objects.items[i];
		uint64_t of = hash(object->nonce, object->address);

		*object_slot(model, of, object->nonce, object->address) = (struct tl_object_slot){tag_of(of), i};
	}
	free(old);
	return 0;
}

static uint32_t add_object(struct tl_model *model, struct tl_object_slot *slot, struct tl_object object)
{
	if (model->objects.n >= UINT32_MAX || tl_vec_push(&model->objects, object) != 0)
		return 0;
	*slot = (struct tl_object_slot){tag_of(hash(object.nonce, object.address)), (uint32_t)(model->objects.n - 1)};
	return slot->place;
}

uint32_t tl_model_object(struct tl_model *model, uint32_t nonce, uint64_t address)
{
	struct tl_object_slot *slot;

	if (address == 0)
		return 0;
	if (model->objects.n * 2 >= model->object_room && grow_objects(model) != 0)
		return 0;
	slot = object_slot(model, hash(nonce, address), nonce, address);
	return slot->place ? slot->place : add_object(model, slot, (struct tl_object){address, nonce});
}

static size_t extra_bytes(const struct tl_row_extra *extra)
{
	size_t bytes = sizeof *extra + extra->flags.room * sizeof *extra->flags.items + extra->flags.n / TL_FLAG_BLOCK +
		       extra->marks.room * sizeof *extra->marks.items;

	for (int i = 0; i < TL_REGION_LANES; i++)
		bytes += extra->lanes[i].room * sizeof *extra->lanes[i].items;
	return bytes;
}

size_t tl_model_bytes(const struct tl_model *model)
{
	size_t bytes = sizeof *model + model->rows.room * sizeof *model->rows.items +
		       model->objects.room * sizeof *model->objects.items +
		       model->object_room * sizeof *model->object_table +
		       model->holes.room * sizeof *model->holes.items + model->arena.used +
		       (model->overview ? sizeof *model->overview : 0);

	for (size_t i = 0; i < model->rows.n; i++) {
		const struct tl_row *row = &model->rows.items[i];

		bytes += row->spans.room * sizeof *row->spans.items;
		bytes += row->edges.room * sizeof *row->edges.items;
		bytes += tl_row_blocks(row) * (sizeof *row->blocks + sizeof *row->block_begins);
		bytes += row->n_outs * sizeof *row->outs;
		if (row->extra)
			bytes += extra_bytes(row->extra);
	}
	return bytes;
}
