/*
 * Where rows stand. Those of a process stand together; a program that speaks for
 * itself while the kernel is recorded, too, is two processes to the state and one
 * to people: the kernel's rows stand with the program's, each thread's after the
 * task that it carries.
 */
#include "viewer/model/internal.h"

#define KERNEL_THREADS 2 /* kthreadd, whose children the kernel's own threads are */

/* The processes that speak for themselves, by host and pid. */
struct speakers {
	TL_VEC(const struct tl_process *) list;
};

static int compare_speakers(const void *a, const void *b)
{
	const struct tl_process *x = *(const struct tl_process *const *)a, *y = *(const struct tl_process *const *)b;

	if (x->domain != y->domain)
		return x->domain < y->domain ? -1 : 1;
	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	return x->begin_ns < y->begin_ns ? -1 : x->begin_ns > y->begin_ns;
}

static int collect(struct speakers *speakers, const struct tl_state *state)
{
	for (const struct tl_process *process = tl_state_processes(state); process; process = process->hh.next)
		if (!tl_process_is_kernels(process) && process->pid && tl_vec_push(&speakers->list, process) != 0)
			return -1;
	if (speakers->list.n)
		qsort(speakers->list.items, speakers->list.n, sizeof *speakers->list.items, compare_speakers);
	return 0;
}

/* Who speaks for itself under the same pid at the same time as the kernel speaks of it; NULL: nobody. */
static const struct tl_process *find_speaker(const struct speakers *speakers, const struct tl_process *process)
{
	size_t low = 0, high = speakers->list.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct tl_process *other = speakers->list.items[middle];

		if (other->domain < process->domain || (other->domain == process->domain && other->pid < process->pid))
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < speakers->list.n; low++) {
		const struct tl_process *other = speakers->list.items[low];

		if (other->domain != process->domain || other->pid != process->pid)
			break;
		if (other->begin_ns <= process->end_ns && other->end_ns >= process->begin_ns)
			return other;
	}
	return NULL;
}

/* A row among those of one carrier. */
struct carried {
	uint32_t nonce, carrier, row;
};

static int compare_carried(const void *a, const void *b)
{
	const struct carried *x = a, *y = b;

	if (x->nonce != y->nonce)
		return x->nonce < y->nonce ? -1 : 1;
	if (x->carrier != y->carrier)
		return x->carrier < y->carrier ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

/* Rows of one carrier stand where the first of them would. */
static int place_beside(struct tl_model *model, const struct tl_state *state)
{
	struct carried *all = malloc((model->rows.n + 1) * sizeof *all);
	size_t n = 0;

	if (!all)
		return -1;
	for (size_t r = 0; r < model->rows.n; r++) {
		const struct tl_task *task = tl_state_task_at(state, (uint32_t)r);

		if (task && task->carrier)
			all[n++] = (struct carried){model->rows.items[r].nonce, task->carrier, (uint32_t)r};
	}
	qsort(all, n, sizeof *all, compare_carried);
	for (size_t i = 1; i < n; i++)
		if (all[i].nonce == all[i - 1].nonce && all[i].carrier == all[i - 1].carrier)
			model->rows.items[all[i].row].beside = model->rows.items[all[i - 1].row].beside;
	free(all);
	return 0;
}

/* What one process after the other needs not be looked for again. */
struct found {
	const struct tl_process *process, *speaker;
};

int tl_model_place(struct tl_model *model, const struct tl_state *state)
{
	struct speakers speakers = {0};
	struct found last = {0};
	bool mixed = false;
	int result = 0;

	for (size_t r = 0; r < model->rows.n; r++) {
		model->rows.items[r].nonce = tl_task_process(model->rows.items[r].task);
		model->rows.items[r].beside = (uint32_t)r;
	}
	if (!state)
		return 0;
	result = collect(&speakers, state);
	for (size_t r = 0; result == 0 && r < model->rows.n; r++) {
		struct tl_row *row = &model->rows.items[r];
		const struct tl_task *task = tl_state_task_at(state, (uint32_t)r);

		if (!task || !tl_process_is_kernels(task->process))
			continue;
		row->is_kernels = true;
		row->at_end = task->process->pid == KERNEL_THREADS;
		if (task->process != last.process)
			last = (struct found){task->process, find_speaker(&speakers, task->process)};
		if (last.speaker) {
			row->nonce = last.speaker->nonce;
			mixed = true;
		}
	}
	tl_vec_finish(&speakers.list);
	return result == 0 && mixed ? place_beside(model, state) : result;
}
