/* Work on all rows, shared between threads; see internal.h. */
#include <pthread.h>

#include "viewer/base/threads.h"
#include "viewer/model/internal.h"

#define WORTH 200000 /* spans: less is done before another thread has begun */

struct sharing {
	struct tl_model *model;
	void (*work)(struct tl_model *model, size_t row, void *data);
	void *data;
	size_t share;
};

static void *run(void *data)
{
	struct sharing *sharing = data;

	for (size_t r = sharing->share; r < sharing->model->rows.n; r += TL_MODEL_SHARES)
		sharing->work(sharing->model, r, sharing->data);
	return NULL;
}

void tl_model_share(struct tl_model *model, void (*work)(struct tl_model *model, size_t row, void *data), void *data)
{
	struct sharing shares[TL_MODEL_SHARES];
	pthread_t threads[TL_MODEL_SHARES];
	bool has_thread[TL_MODEL_SHARES] = {false};
	size_t spans = 0;

	for (size_t r = 0; r < model->rows.n; r++)
		spans += model->rows.items[r].spans.n;
	for (size_t i = 0; i < TL_MODEL_SHARES; i++)
		shares[i] = (struct sharing){model, work, data, i};
	for (size_t i = 1; i < TL_MODEL_SHARES && spans >= WORTH && tl_threads() > i; i++)
		has_thread[i] = pthread_create(&threads[i], NULL, run, &shares[i]) == 0;
	for (size_t i = 0; i < TL_MODEL_SHARES; i++)
		if (!has_thread[i])
			run(&shares[i]);
	for (size_t i = 0; i < TL_MODEL_SHARES; i++)
		if (has_thread[i])
			pthread_join(threads[i], NULL);
}
