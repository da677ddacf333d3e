/* Traces written by tests and read back; see trace.h. */
#include "tests/unit/unit.h"

#include <unistd.h>

#include "tests/unit/read/trace.h"

struct trace_fixture trace_start(void)
{
	struct trace_fixture f;

	unsetenv("TMPDIR");
	ctf_folder(f.folder);
	ctf_folder(f.temporary);
	setenv("TMPDIR", f.temporary, 1);
	return f;
}

void trace_stop(const struct trace_fixture *f)
{
	ctf_remove(f->folder);
	if (rmdir(f->temporary) != 0)
		fail_msg("%s: something was left in the temporary folder", f->temporary);
}

void trace_metadata(const char *folder, const struct ctf_form *form)
{
	char *text = ctf_metadata(form);

	ctf_write(folder, "metadata", text, strlen(text));
	free(text);
}

void trace_stream(const char *folder, const char *name, struct ctf_stream *stream)
{
	ctf_write(folder, name, stream->bytes.vec.items, stream->bytes.vec.n);
	ctf_stream_finish(stream);
}

struct tl_source *trace_open(const char *folder)
{
	struct tl_error error;
	struct tl_source *source;

	tl_error_init(&error);
	source = tl_source_open(folder, &error);
	if (!source)
		tl_error_print(&error, "unexpected: ", stderr);
	assert_non_null(source);
	return source;
}

int trace_next(struct tl_source *source, struct tl_item *item)
{
	struct tl_error error;
	int type;

	tl_error_init(&error);
	type = tl_source_next(source, item, &error);
	if (type < 0)
		tl_error_print(&error, "unexpected: ", stderr);
	assert_true(type >= 0);
	assert_int_equal(type, item->type);
	return type;
}

struct tl_item trace_expect(struct tl_source *source, enum tl_item_type type)
{
	struct tl_item item;

	assert_int_equal(trace_next(source, &item), type);
	return item;
}

void trace_mark(struct ctf_stream *stream, int64_t time, uint32_t seq)
{
	ctf_event(stream,
		  &(struct tl_event){
			  .kind = TL_EVENT_MARK, .time_ns = time, .task = TRACE_TASK, .seq = seq, .u.mark.text = "m"});
}
