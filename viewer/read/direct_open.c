/*
 * Opening for the direct reader: every folder's metadata is compiled, every stream
 * file walked from packet head to packet head, and files of one stream put together.
 * Whatever is not as LTTng writes it is refused here. See direct_internal.h.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "viewer/read/ctf_layout.h"
#include "viewer/read/direct_internal.h"

static int no_memory(struct tl_error *error)
{
	return tl_error_set(error, TL_ENOMEM, "out of memory");
}

/* ---- plans -------------------------------------------------------------------- */

static const struct tl_ctf_wanted of_header[] = {
	{"magic", TL_SLOT_MAGIC},
	{"uuid", TL_SLOT_UUID},
	{"stream_id", TL_SLOT_STREAM_ID},
	{"stream_instance_id", TL_SLOT_INSTANCE_ID},
};
static const struct tl_ctf_wanted of_context[] = {
	{"content_size", TL_SLOT_CONTENT_SIZE},
	{"packet_size", TL_SLOT_PACKET_SIZE},
	{"timestamp_begin", TL_SLOT_BEGIN},
	{"timestamp_end", TL_SLOT_END},
	{"packet_seq_num", TL_SLOT_SEQUENCE},
	{"events_discarded", TL_SLOT_DISCARDED},
	{"cpu_id", TL_SLOT_CPU},
};
static const struct tl_ctf_wanted of_event[] = {{"id", TL_SLOT_EVENT_ID}};

#define N_OF(list) (sizeof(list) / sizeof *(list))

static const struct tl_ctf_type *find_field(const struct tl_ctf_type *type, const char *name)
{
	for (size_t i = 0; type && i < type->n_fields; i++)
		if (tl_word_is(type->fields[i].name, name))
			return type->fields[i].type;
	return NULL;
}

/* Which of the wanted fields there are; each must be a number, but for the UUID. */
static int note_fields(const struct tl_ctf_type *type, const struct tl_ctf_wanted *wanted, size_t n, bool *has,
		       struct tl_error *error)
{
	for (size_t i = 0; i < n; i++) {
		const struct tl_ctf_type *field = find_field(type, wanted[i].name);
		bool is_uuid = wanted[i].slot == TL_SLOT_UUID, good = field && field->kind == TL_CTF_INTEGER;

		if (is_uuid)
			good = field && field->kind == TL_CTF_ARRAY && field->length == 16 &&
			       field->element->align == 8 && field->element->kind == TL_CTF_INTEGER &&
			       field->element->size == 8;
		else if (good)
			good = !field->is_signed;
		if (field && !good)
			return tl_error_set(error, TL_EFORMAT, "metadata: field \"%s\" of an unusual type",
					    wanted[i].name);
		has[wanted[i].slot] = field != NULL;
	}
	return 0;
}

static int refuse_stream(uint64_t id, const char *what, struct tl_error *error)
{
	return tl_error_set(error, TL_EFORMAT, "metadata: stream %" PRIu64 ": %s", id, what);
}

static struct tl_ctf_sched *copy_sched(const struct tl_ctf_sched *from)
{
	struct tl_ctf_sched *copy = malloc(sizeof *copy);

	if (copy)
		*copy = *from;
	return copy;
}

static int compile_classes(struct tl_direct_trace *trace, const struct tl_ctf_stream_class *from,
			   struct tl_direct_stream_class *class, struct tl_error *error)
{
	const struct tl_ctf_metadata *metadata = &trace->metadata;
	size_t first = 0, n = 0;
	int result = 0;

	/* Without an id, an event is of the only stream there is. */
	for (size_t i = 0; i < metadata->events.n; i++) {
		if (metadata->events.items[i].stream_id != class->id)
			continue;
		first = n++ ? first : i;
	}
	class->classes = calloc(n + 1, sizeof *class->classes);
	if (!class->classes)
		return no_memory(error);
	class->n_classes = n;
	class->short_ids = class->form == TL_FORM_SMALL ? 31 : 65535;
	if (n < class->short_ids)
		class->short_ids = n;
	class->is_dense = true;
	for (size_t i = 0; result == 0 && i < n; i++) {
		const struct tl_ctf_event_class *event = &metadata->events.items[first + i];
		struct tl_direct_class *made = &class->classes[i];
		enum tl_ctf_verdict verdict = TL_CTF_FOREIGN;
		struct tl_ctf_sched sched;
		int kind = 0;

		result = tl_ctf_compile_event(&trace->plans, from->event_context, event, class->form != TL_FORM_PLANNED,
					      &made->program, &verdict, &kind, &sched, error);
		made->id = event->id;
		made->verdict = (uint8_t)verdict;
		made->kind = (uint8_t)kind;
		/* What a status says of time is to be converted. */
		made->laid_out = verdict == TL_CTF_OURS && kind != TL_EVENT_STATUS && !from->event_context &&
						 tl_ctf_is_laid_out(metadata, event, kind)
					 ? made->kind
					 : TL_DIRECT_PLANNED;
		made->is_timeless = tl_sched_is_timeless(event->name);
		class->is_kernels |= verdict != TL_CTF_OURS && tl_sched_is_one(event->name);
		if (verdict == TL_CTF_SCHED && !(made->sched = copy_sched(&sched)))
			result = no_memory(error);
		class->is_dense &= event->id == i;
		if (i && made->id == class->classes[i - 1].id)
			result = refuse_stream(class->id, "two events have one id", error);
	}
	/* Where no header says of which class an event is, only one can be meant. */
	if (result == 0 && n && !class->has[TL_SLOT_EVENT_ID] && (n > 1 || class->classes[0].id != 0))
		result = refuse_stream(class->id, "the headers of its events say no id", error);
	return result;
}

static int compile_stream(struct tl_direct_trace *trace, const struct tl_ctf_stream_class *from,
			  struct tl_direct_stream_class *class, struct tl_error *error)
{
	const struct tl_ctf_type *begin = find_field(from->packet_context, "timestamp_begin");
	int result;

	class->id = from->id;
	class->form = tl_direct_form_of(from->event_header, trace->metadata.is_big);
	memcpy(class->has, trace->has, sizeof class->has);
	result = note_fields(from->packet_context, of_context, N_OF(of_context), class->has, error);
	if (result == 0)
		result = note_fields(from->event_header, of_event, N_OF(of_event), class->has, error);
	if (result == 0)
		result = tl_ctf_compile_header(&trace->plans, from->packet_context, of_context, N_OF(of_context),
					       &class->packet_context, &class->clock, error);
	if (result == 0)
		result = tl_ctf_compile_header(&trace->plans, from->event_header, of_event, N_OF(of_event),
					       &class->event_header, &class->clock, error);
	if (result < 0)
		return result;
	if (!class->clock || (begin && !begin->clock.n))
		return refuse_stream(from->id, "without a clock", error);
	if (class->clock->frequency != 1000000000)
		return refuse_stream(from->id, "a clock that does not count nanoseconds", error);
	class->has_time = !__builtin_mul_overflow(class->clock->offset_s, INT64_C(1000000000), &class->offset_ns) &&
			  !__builtin_add_overflow(class->offset_ns, class->clock->offset, &class->offset_ns);
	class->last_clock = INT64_MAX - (uint64_t) class->offset_ns;
	if ((class->has[TL_SLOT_DISCARDED] || class->has[TL_SLOT_SEQUENCE]) &&
	    !(class->has[TL_SLOT_BEGIN] && class->has[TL_SLOT_END]))
		return refuse_stream(from->id, "its losses have no times", error);
	return compile_classes(trace, from, class, error);
}

/* Events of a stream that is not there are a mistake, which Babeltrace tells. */
static int check_events(const struct tl_direct_trace *trace, struct tl_error *error)
{
	const struct tl_ctf_metadata *metadata = &trace->metadata;

	for (size_t i = 0; i < metadata->events.n; i++) {
		uint64_t id = metadata->events.items[i].stream_id;
		size_t at = 0;

		while (at < trace->n_classes && trace->classes[at].id != id)
			at++;
		if (at == trace->n_classes)
			return refuse_stream(id, "it has events, and is not there", error);
	}
	return 0;
}

static int compile_trace(struct tl_direct_trace *trace, struct tl_error *error)
{
	const struct tl_ctf_metadata *metadata = &trace->metadata;
	const struct tl_ctf_clock *none = NULL;
	int result;

	result = note_fields(metadata->packet_header, of_header, N_OF(of_header), trace->has, error);
	if (result == 0)
		result = tl_ctf_compile_header(&trace->plans, metadata->packet_header, of_header, N_OF(of_header),
					       &trace->packet_header, &none, error);
	trace->n_classes = metadata->streams.n;
	trace->classes = calloc(trace->n_classes + 1, sizeof *trace->classes);
	if (!trace->classes)
		return no_memory(error);
	for (size_t i = 0; result == 0 && i < trace->n_classes; i++)
		result = compile_stream(trace, &metadata->streams.items[i], &trace->classes[i], error);
	if (result == 0)
		result = check_events(trace, error);
	if (result == 0 && !trace->has[TL_SLOT_STREAM_ID] &&
	    (trace->n_classes != 1 || metadata->streams.items[0].has_id))
		result = refuse_stream(0, "packets do not say which stream is theirs", error);
	return result;
}

/* ---- files -------------------------------------------------------------------- */

/* What a walk along a file's packets finds. */
struct walk {
	struct tl_direct_packet first;
	uint8_t head[TL_DIRECT_HEAD_MAX];
};

/*
 * Leaves out the packet at `at`, in the middle of which the file ends: whoever wrote it
 * was killed, or the disk was full. False: it is wrong in another way, or nothing is whole.
 */
static bool leave_tail(struct tl_direct_file *file, const struct tl_direct_packet *first, uint64_t at,
		       const struct tl_direct_packet *packet)
{
	if (at == 0 || !packet->is_cut || !first->class->has[TL_SLOT_END])
		return false;
	file->tail = file->size - at;
	file->size = at;
	return true;
}

/* From packet to packet up to the end: all of one stream, in order of time. */
static int walk_file(struct tl_direct_file *file, struct walk *walk, struct tl_error *error)
{
	int descriptor = open(file->path, O_RDONLY | O_CLOEXEC), result = 0;
	struct tl_direct_packet packet;
	struct tl_error why;
	struct stat st;

	tl_error_init(&why);
	if (descriptor < 0 || fstat(descriptor, &st) < 0) {
		result = tl_error_set(error, TL_EIO, "%s: %s", file->path, strerror(errno));
		st.st_size = 0;
	}
	file->size = (uint64_t)st.st_size;
	file->tail = 0;
	for (uint64_t at = 0; result == 0 && at < file->size; at += packet.bytes) {
		result = tl_direct_read_head(file, descriptor, at, walk->head, &packet, &why);
		if (result < 0 && leave_tail(file, &walk->first, at, &packet)) {
			result = 0;
			break;
		}
		if (result < 0 && error)
			*error = why;
		if (at == 0)
			walk->first = packet;
		else if (result == 0 && (packet.class != walk->first.class ||
					 packet.slots[TL_SLOT_INSTANCE_ID] != walk->first.slots[TL_SLOT_INSTANCE_ID]))
			result = tl_error_set(error, TL_EFORMAT, "%s: a file of several streams", file->path);
	}
	if (descriptor >= 0)
		close(descriptor);
	file->begin_clock = walk->first.begin_clock;
	return result;
}

/* Where a stream of which this is a file stands; a new one if need be. NULL: out of memory. */
static struct tl_direct_stream *find_stream(struct tl_direct_reader *reader, const struct tl_direct_file *file,
					    const struct tl_direct_packet *first)
{
	const struct tl_direct_trace *trace = file->trace;
	struct tl_direct_stream wanted = {
		.descriptor = -1,
		.has_instance = trace->has[TL_SLOT_INSTANCE_ID] && trace->metadata.has_uuid,
		.class_id = first->class->id,
		.instance_id = first->slots[TL_SLOT_INSTANCE_ID],
		.class = first->class,
	};
	struct tl_direct_stream *grown;

	memcpy(wanted.uuid, trace->metadata.uuid, sizeof wanted.uuid);
	for (size_t i = 0; wanted.has_instance && i < reader->n_streams; i++) {
		struct tl_direct_stream *stream = &reader->streams[i];

		if (stream->has_instance && stream->class_id == wanted.class_id &&
		    stream->instance_id == wanted.instance_id &&
		    memcmp(stream->uuid, wanted.uuid, sizeof wanted.uuid) == 0)
			return stream;
	}
	grown = realloc(reader->streams, (reader->n_streams + 1) * sizeof *grown);
	if (!grown)
		return NULL;
	reader->streams = grown;
	grown[reader->n_streams] = wanted;
	return &grown[reader->n_streams++];
}

static int add_file(struct tl_direct_reader *reader, const struct tl_direct_trace *trace, const char *path,
		    struct tl_error *error)
{
	struct tl_direct_file file = {.path = strdup(path), .trace = trace};
	struct tl_direct_stream *stream = NULL;
	struct walk walk = {0};
	int result = file.path ? walk_file(&file, &walk, error) : no_memory(error);

	if (result == 0) {
		reader->base.info.all_bytes += file.size;
		reader->base.info.tail_bytes += file.tail;
		stream = find_stream(reader, &file, &walk.first);
		if (stream && tl_vec_push(&stream->files, file) == 0)
			return 0;
		result = no_memory(error);
	}
	free(file.path);
	return result;
}

static int add_files(struct tl_direct_reader *reader, const struct tl_direct_trace *trace, struct tl_error *error)
{
	DIR *folder = opendir(trace->path);
	const struct dirent *entry;
	char path[PATH_MAX];
	struct stat st;
	int result = 0;

	if (!folder)
		return tl_error_set(error, TL_EIO, "%s: %s", trace->path, strerror(errno));
	while (result == 0 && (entry = readdir(folder))) {
		if (entry->d_name[0] == '.' || strcmp(entry->d_name, "metadata") == 0)
			continue;
		if (snprintf(path, sizeof path, "%s/%s", trace->path, entry->d_name) >= PATH_MAX)
			result = tl_error_set(error, TL_ELIMIT, "%s/%s: path too long", trace->path, entry->d_name);
		else if (stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0)
			result = add_file(reader, trace, path, error);
	}
	closedir(folder);
	return result;
}

/* ---- streams ------------------------------------------------------------------ */

static int by_time(const void *a, const void *b)
{
	const struct tl_direct_file *x = a, *y = b;

	if (x->begin_clock != y->begin_clock)
		return x->begin_clock < y->begin_clock ? -1 : 1;
	return strcmp(x->path, y->path);
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct tl_direct_stream *)a)->files.items[0].path,
		      ((const struct tl_direct_stream *)b)->files.items[0].path);
}

/* The first folder with this trace's UUID stands for all of them. */
static const void *find_same(const struct tl_direct_reader *reader, const struct tl_direct_trace *trace)
{
	for (size_t i = 0; trace->metadata.has_uuid && i < reader->n_traces; i++)
		if (reader->traces[i].metadata.has_uuid &&
		    memcmp(reader->traces[i].metadata.uuid, trace->metadata.uuid, sizeof trace->metadata.uuid) == 0)
			return &reader->traces[i];
	return trace;
}

/* The stream's first file below the path that the user gave, and its CPU. */
static int name_stream(const struct tl_direct_reader *reader, struct tl_direct_stream *stream, struct tl_error *error)
{
	const struct tl_direct_file *file = &stream->files.items[0];
	const char *path = file->path;
	size_t n = strlen(reader->roots.text);
	struct walk walk = {0};
	int descriptor, result;

	if (strncmp(path, reader->roots.text, n) == 0 && path[n] == '/')
		path += n + 1;
	n = (size_t)snprintf(stream->where, sizeof stream->where, "%s", path);
	if (!stream->class->has[TL_SLOT_CPU] || n >= sizeof stream->where)
		return 0;
	descriptor = open(file->path, O_RDONLY | O_CLOEXEC);
	if (descriptor < 0)
		return tl_error_set(error, TL_EIO, "%s: %s", file->path, strerror(errno));
	result = tl_direct_read_head(file, descriptor, 0, walk.head, &walk.first, error);
	close(descriptor);
	if (result == 0)
		snprintf(stream->where + n, sizeof stream->where - n, " (CPU %" PRIu64 ")",
			 walk.first.slots[TL_SLOT_CPU]);
	if (result == 0 && walk.first.slots[TL_SLOT_CPU] <= UINT16_MAX)
		stream->cpu = (int32_t)walk.first.slots[TL_SLOT_CPU];
	return result;
}

static int begin_stream(struct tl_direct_reader *reader, struct tl_direct_stream *stream, struct tl_error *error)
{
	const struct tl_direct_trace *trace;
	const struct tl_ctf_clock *clock = stream->class->clock;
	struct tl_domain domain = {.has_uuid = clock->has_uuid};
	int number;

	qsort(stream->files.items, stream->files.n, sizeof *stream->files.items, by_time);
	for (size_t i = 0; i + 1 < stream->files.n; i++)
		if (stream->files.items[i].tail)
			return tl_error_set(error, TL_EFORMAT, "%s: it is cut short, and is not the last of its stream",
					    stream->files.items[i].path);
	trace = stream->files.items[0].trace;
	domain.trace = find_same(reader, trace);
	memcpy(domain.uuid, clock->uuid, sizeof domain.uuid);
	memcpy(domain.host, trace->metadata.host, sizeof domain.host);
	tl_domain_see_host(&reader->base.info, domain.host);
	number = tl_domains_find(&reader->domains, &domain);
	if (number < 0)
		return tl_error_set(error, number, "too many clocks, or out of memory");
	stream->domain = (uint16_t)number;
	stream->cpu = -1;
	if (tl_direct_stream_begin(stream, tl_decoders_any(&reader->decoders), &reader->scratch) != 0)
		return no_memory(error);
	return name_stream(reader, stream, error);
}

/* Cycles are nanoseconds: other clocks are refused. */
static int shift_clocks(struct tl_direct_trace *trace, int64_t ns, struct tl_error *error)
{
	for (size_t i = 0; i < trace->metadata.clocks.n; i++) {
		struct tl_ctf_clock *clock = &trace->metadata.clocks.items[i];

		if (__builtin_add_overflow(clock->offset, ns, &clock->offset))
			return tl_error_set(error, TL_EFORMAT, "metadata: a clock's offset is out of range");
	}
	return 0;
}

int tl_direct_open(struct tl_direct_reader *reader, struct tl_error *error)
{
	struct tl_trace_folders folders = {0};
	int result = tl_roots_find(&reader->roots, &folders, error);

	if (result == 0) {
		reader->traces = calloc(folders.list.n + 1, sizeof *reader->traces);
		result = reader->traces ? 0 : no_memory(error);
	}
	for (size_t i = 0; result == 0 && i < folders.list.n; i++) {
		struct tl_direct_trace *trace = &reader->traces[reader->n_traces++];

		trace->path = strdup(folders.list.items[i].path);
		tl_ctf_plans_init(&trace->plans, &trace->metadata);
		result = trace->path ? tl_ctf_metadata_init(&trace->metadata, trace->path, error) : no_memory(error);
		if (result == 0)
			result = shift_clocks(trace, tl_offsets_find(reader->roots.offsets, trace->path, NULL), error);
		if (result == 0)
			result = compile_trace(trace, error);
		if (result == 0)
			result = add_files(reader, trace, error);
	}
	tl_trace_folders_finish(&folders);
	if (result == 0 && reader->n_streams)
		qsort(reader->streams, reader->n_streams, sizeof *reader->streams, by_path);
	if (result == 0 && tl_merge_init(&reader->merge, reader->n_streams) != 0)
		result = no_memory(error);
	if (result == 0)
		tl_decoders_start(&reader->decoders, reader->n_streams);
	for (size_t i = 0; result == 0 && i < reader->n_streams; i++) {
		result = begin_stream(reader, &reader->streams[i], error);
		tl_merge_add(&reader->merge, (uint32_t)i, INT64_MIN);
	}
	return result;
}

static void finish_class(struct tl_direct_stream_class *class)
{
	for (size_t i = 0; class->classes && i < class->n_classes; i++)
		free(class->classes[i].sched);
	free(class->classes);
}

void tl_direct_close(struct tl_direct_reader *reader)
{
	tl_decoders_finish(&reader->decoders);
	for (size_t i = 0; i < reader->n_streams; i++)
		tl_direct_stream_finish(&reader->streams[i]);
	for (size_t i = 0; i < reader->n_traces; i++) {
		struct tl_direct_trace *trace = &reader->traces[i];

		for (size_t c = 0; trace->classes && c < trace->n_classes; c++)
			finish_class(&trace->classes[c]);
		free(trace->classes);
		tl_ctf_plans_finish(&trace->plans);
		tl_ctf_metadata_finish(&trace->metadata);
		free(trace->path);
	}
	free(reader->streams);
	free(reader->traces);
	tl_merge_finish(&reader->merge);
	tl_kernel_destroy(reader->kernel);
	tl_vec_finish(&reader->domains.list);
}
