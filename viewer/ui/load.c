/* Source, check, model, symbols, in this order; see load.h. */
#include "viewer/ui/load.h"

#include <string.h>

int tl_load(struct tl_loaded *loaded, const char *const *paths, size_t n, struct tl_offsets *offsets,
	    bool (*progress)(void *data, uint64_t events), void *progress_data, struct tl_error *error)
{
	struct tl_check_options options = {.progress = progress, .progress_data = progress_data};
	struct tl_observer observer;
	struct tl_source *source;
	int result;

	memset(loaded, 0, sizeof *loaded);
	source = tl_source_open_shifted(paths, n, TL_READER_ANY, offsets, error);
	if (!source)
		return error ? error->code : TL_EIO;
	loaded->model = tl_model_create();
	if (!loaded->model) {
		tl_source_destroy(source);
		return tl_error_set(error, TL_ENOMEM, "out of memory");
	}
	tl_model_hurry(loaded->model);
	observer = tl_model_observer(loaded->model);
	options.observer = &observer;
	result = tl_check_init(&loaded->check, error);
	loaded->checked = result == 0;
	if (result == 0)
		result = tl_check_run(&loaded->check, source, &options, error);
	tl_source_destroy(source);
	if (result != 0 && (result == TL_ENOMEM || !loaded->checked || loaded->model->events == 0))
		return result;
	if (result != 0)
		snprintf(loaded->broken, sizeof loaded->broken, "%.199s", error && error->n ? error->cause[0] : "?");
	result = tl_model_seal(loaded->model, loaded->check.state, &loaded->check.findings,
			       loaded->check.info.events > 0 ? loaded->check.info.start_ns : INT64_MIN, error);
	if (result == 0)
		loaded->symbols = tl_symbols_create(loaded->check.state);
	return result;
}

void tl_loaded_finish(struct tl_loaded *loaded)
{
	tl_symbols_destroy(loaded->symbols);
	tl_model_destroy(loaded->model);
	if (loaded->checked)
		tl_check_finish(&loaded->check);
	memset(loaded, 0, sizeof *loaded);
}
