/* Picks the source that can read what is at a path; see source.h. */
#include "viewer/read/source.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "viewer/read/snapshots.h"

void tl_source_destroy(struct tl_source *source)
{
	if (source)
		source->ops->destroy(source);
}

static bool is_outside(const struct tl_source *source, int64_t ns)
{
	return ns < source->whole_from_ns || (source->whole_until_ns && ns > source->whole_until_ns);
}

/* What was kept by chance from before the memory's common beginning proves nothing. */
static bool leave_out(struct tl_source *source, const struct tl_item *item)
{
	if (item->type != TL_ITEM_EVENT || !is_outside(source, item->event.time_ns))
		return false;
	source->left_out++;
	source->info.events--;
	return true;
}

static void narrow_times(struct tl_source *source)
{
	if (source->info.start_ns < source->whole_from_ns)
		source->info.start_ns = source->whole_from_ns;
	if (source->whole_until_ns && source->info.end_ns > source->whole_until_ns)
		source->info.end_ns = source->whole_until_ns;
}

int tl_source_next_inside(struct tl_source *source, struct tl_item *item, struct tl_error *error)
{
	int type;

	do
		type = source->ops->next(source, item, error);
	while (type > 0 && leave_out(source, item));
	narrow_times(source);
	return type;
}

/* Those of the items that are inside move together. How many they are. */
static int keep_inside(struct tl_source *source, struct tl_item *items, int64_t *times, int n)
{
	int kept = 0;

	for (int i = 0; i < n; i++) {
		if (leave_out(source, &items[i]))
			continue;
		if (kept < i) {
			items[kept] = items[i];
			times[kept] = times[i];
		}
		kept++;
	}
	return kept;
}

static int fill_inside(struct tl_source *source, struct tl_item *items, int64_t *times, size_t max,
		       struct tl_error *error)
{
	int got, kept;

	do {
		got = source->ops->fill(source, items, times, max, error);
		kept = keep_inside(source, items, times, got);
	} while (got > 0 && kept == 0);
	narrow_times(source);
	return got > 0 ? kept : got;
}

int tl_source_fill(struct tl_source *source, struct tl_item *items, int64_t *times, size_t max, struct tl_error *error)
{
	bool is_bounded = source->whole_from_ns || source->whole_until_ns;
	int got;

	if (source->ops->fill)
		return is_bounded ? fill_inside(source, items, times, max, error)
				  : source->ops->fill(source, items, times, max, error);
	items->is_plain = false;
	got = tl_source_next(source, items, error);
	if (got <= 0)
		return got;
	times[0] = tl_item_time(items);
	return 1;
}

/* Files that people give by mistake, told by their first bytes. */
static const struct {
	const char *bytes;
	size_t n;
	const char *advice;
} mistakes[] = {
	{"\x57\x1d\xd1\x75", 4, "this is the metadata file of a trace: give the folder that holds it"},
	{"\x75\xd1\x1d\x57", 4, "this is the metadata file of a trace: give the folder that holds it"},
	{"/* CTF 1.", 9, "this is the metadata file of a trace: give the folder that holds it"},
	{"\xc1\x1f\xfc\xc1", 4, "this is one stream of a trace: give the folder that holds it"},
	{"\xc1\xfc\x1f\xc1", 4, "this is one stream of a trace: give the folder that holds it"},
	{"\x1f\x8b", 2, "this is a compressed file: unpack it first"},
	{"\xfd"
	 "7zXZ",
	 5, "this is a compressed file: unpack it first"},
	{"\x28\xb5\x2f\xfd", 4, "this is a compressed file: unpack it first"},
	{"BZh", 3, "this is a compressed file: unpack it first"},
	{"PK\x03\x04", 4, "this is a compressed file: unpack it first"},
	{"\x7f"
	 "ELF",
	 4, "this is a program, not a trace: record it first (threadline record)"},
};

/* What to do instead, or NULL when the file may be an event list. */
static const char *find_mistake(const char *path)
{
	char head[16] = "";
	FILE *file = fopen(path, "rb");
	size_t n = file ? fread(head, 1, sizeof head, file) : 0;

	if (file)
		fclose(file);
	for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++)
		if (n >= mistakes[i].n && memcmp(head, mistakes[i].bytes, mistakes[i].n) == 0)
			return mistakes[i].advice;
	return NULL;
}

bool tl_reader_find(const char *name, enum tl_reader *reader)
{
	bool is_direct = strcmp(name, "direct") == 0;

	*reader = is_direct ? TL_READER_DIRECT : TL_READER_BABELTRACE;
	return is_direct || strcmp(name, "babeltrace") == 0;
}

/* Babeltrace takes what the direct reader refuses, and tells what is wrong with a trace that nobody can read. */
static struct tl_source *open_folder(const char *path, enum tl_reader reader, struct tl_offsets *offsets,
				     struct tl_error *error)
{
	struct tl_error refusal;
	struct tl_source *source;

	if (reader == TL_READER_BABELTRACE)
		return tl_source_babeltrace_create_several(&path, 1, offsets, error);
	tl_error_init(&refusal);
	source = tl_source_direct_create_several(&path, 1, offsets, reader == TL_READER_DIRECT ? error : &refusal);
	if (source)
		tl_source_direct_bound(source, tl_snapshot_is_cut(path));
	if (source || reader == TL_READER_DIRECT)
		return source;
	source = tl_source_babeltrace_create_several(&path, 1, offsets, error);
	if (source)
		snprintf(source->refusal, sizeof source->refusal, "%.*s", (int)sizeof source->refusal - 1,
			 refusal.n ? refusal.cause[0] : "");
	return source;
}

/* A folder of snapshots stands for the latest of them. */
static struct tl_source *open_any_folder(const char *path, enum tl_reader reader, struct tl_offsets *offsets,
					 struct tl_error *error)
{
	struct tl_snapshots snapshots;
	struct tl_source *source;

	if (!tl_snapshots_find(&snapshots, path))
		return open_folder(path, reader, offsets, error);
	source = open_folder(snapshots.path, reader, offsets, error);
	if (source) {
		snprintf(source->newest, sizeof source->newest, "%.*s", (int)sizeof source->newest - 1, snapshots.path);
		snprintf(source->others, sizeof source->others, "%s", snapshots.others);
	}
	return source;
}

struct tl_source *tl_source_open(const char *path, struct tl_error *error)
{
	return tl_source_open_with(path, TL_READER_ANY, error);
}

static struct tl_source *open_list(const char *path, struct tl_offsets *offsets, struct tl_error *error)
{
	struct tl_source *source = tl_source_text_create(path, error);
	int64_t ns = source ? tl_offsets_find(offsets, path, source->info.host) : 0;

	if (ns)
		tl_source_text_shift(source, ns);
	return source;
}

struct tl_source *tl_source_open_with(const char *path, enum tl_reader reader, struct tl_error *error)
{
	return tl_source_open_one(path, reader, NULL, error);
}

struct tl_source *tl_source_open_one(const char *path, enum tl_reader reader, struct tl_offsets *offsets,
				     struct tl_error *error)
{
	const char *mistake;
	struct stat st;

	if (tl_source_is_live(path))
		return tl_source_live_create(path, error);
	if (stat(path, &st) < 0) {
		tl_error_set(error, TL_EIO, "%s: %s", path, strerror(errno));
		return NULL;
	}
	if (S_ISDIR(st.st_mode))
		return open_any_folder(path, reader, offsets, error);
	if (!S_ISREG(st.st_mode)) {
		tl_error_set(error, TL_EUSAGE, "%s: neither a folder with a trace nor a file with an event list", path);
		return NULL;
	}
	mistake = find_mistake(path);
	if (mistake) {
		tl_error_set(error, TL_EUSAGE, "%s: %s", path, mistake);
		return NULL;
	}
	return open_list(path, offsets, error);
}
