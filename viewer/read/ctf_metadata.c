/* The blocks of a trace's metadata; see ctf_metadata.h. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "viewer/read/ctf_parser.h"
#include "viewer/read/discover.h"
#include "viewer/read/metadata_text.h"

/* ---- what every part says --------------------------------------------------- */

int tl_ctf_refuse(struct tl_ctf_parser *p, const char *what)
{
	int line = 1, n = p->words.word.n < 40 ? (int)p->words.word.n : 40;

	for (const char *at = p->metadata->text; at < p->words.word.at; at++)
		line += *at == '\n';
	return tl_error_set(p->error, TL_EFORMAT, "metadata, line %d, at \"%.*s\": %s", line, n,
			    n ? p->words.word.at : "", what);
}

int tl_ctf_no_memory(struct tl_ctf_parser *p)
{
	return tl_error_set(p->error, TL_ENOMEM, "out of memory");
}

int tl_ctf_expect(struct tl_ctf_parser *p, const char *text)
{
	char what[64];

	if (tl_words_take(&p->words, text))
		return 0;
	snprintf(what, sizeof what, "\"%s\" is expected here", text);
	return tl_ctf_refuse(p, what);
}

int tl_ctf_take_integer(struct tl_ctf_parser *p, int64_t *value)
{
	bool negative = tl_words_take(&p->words, "-");
	uint64_t number;

	if (!negative)
		tl_words_take(&p->words, "+");
	if (!tl_words_take_number(&p->words, &number))
		return tl_ctf_refuse(p, "a number is expected here");
	*value = (int64_t)(negative ? 0 - number : number);
	return 0;
}

struct tl_word tl_ctf_unquoted(struct tl_word word)
{
	return word.is_string && word.n >= 2 ? (struct tl_word){word.at + 1, word.n - 2, false} : word;
}

static void copy_word(char *to, size_t size, struct tl_word word)
{
	word = tl_ctf_unquoted(word);
	snprintf(to, size, "%.*s", word.n < INT_MAX ? (int)word.n : INT_MAX, word.at);
}

static int take_uuid(struct tl_ctf_parser *p, uint8_t uuid[16], bool *has)
{
	struct tl_word word = tl_ctf_unquoted(p->words.word);

	*has = tl_uuid_parse(word.at, word.at + word.n, uuid);
	if (!*has)
		return tl_ctf_refuse(p, "no UUID");
	tl_words_advance(&p->words);
	return 0;
}

/* ---- blocks ------------------------------------------------------------------ */

struct block {
	struct tl_ctf_stream_class stream;
	struct tl_ctf_event_class event;
	struct tl_ctf_clock clock;
	bool has_stream_id;
};

/*
 * One entry of a block, from behind "=" or ":="; `key` is all that stood before.
 * 1: it is none of those that matter.
 */
typedef int (*entry_parser)(struct tl_ctf_parser *p, const char *key, struct block *block);

/* A kind of block, and what may stand in it without mattering. */
struct block_kind {
	entry_parser parse;
	const char *ignored[4];
};

static int take_type(struct tl_ctf_parser *p, const struct tl_ctf_type **type)
{
	int result = tl_ctf_parse_type(p, type);

	return result == 0 && (*type)->kind != TL_CTF_STRUCT ? tl_ctf_refuse(p, "no structure") : result;
}

static int take_id(struct tl_ctf_parser *p, uint64_t *id)
{
	return tl_words_take_number(&p->words, id) ? 0 : tl_ctf_refuse(p, "a number is expected here");
}

static int parse_trace_entry(struct tl_ctf_parser *p, const char *key, struct block *block)
{
	struct tl_ctf_metadata *m = p->metadata;

	(void)block;
	if (strcmp(key, "packet.header:") == 0)
		return take_type(p, &m->packet_header);
	if (strcmp(key, "uuid") == 0)
		return take_uuid(p, m->uuid, &m->has_uuid);
	if (strcmp(key, "byte_order") != 0)
		return 1;
	m->is_big = tl_words_is(&p->words, "be") || tl_words_is(&p->words, "network");
	if (!m->is_big && !tl_words_is(&p->words, "le"))
		return tl_ctf_refuse(p, "an unknown byte order");
	tl_words_advance(&p->words);
	return 0;
}

static int parse_stream_entry(struct tl_ctf_parser *p, const char *key, struct block *block)
{
	if (strcmp(key, "id") == 0) {
		block->stream.has_id = true;
		return take_id(p, &block->stream.id);
	}
	if (strcmp(key, "packet.context:") == 0)
		return take_type(p, &block->stream.packet_context);
	if (strcmp(key, "event.header:") == 0)
		return take_type(p, &block->stream.event_header);
	if (strcmp(key, "event.context:") == 0)
		return take_type(p, &block->stream.event_context);
	return 1;
}

static int parse_event_entry(struct tl_ctf_parser *p, const char *key, struct block *block)
{
	if (strcmp(key, "id") == 0)
		return take_id(p, &block->event.id);
	if (strcmp(key, "stream_id") == 0) {
		block->has_stream_id = true;
		return take_id(p, &block->event.stream_id);
	}
	if (strcmp(key, "context:") == 0)
		return take_type(p, &block->event.context);
	if (strcmp(key, "fields:") == 0)
		return take_type(p, &block->event.fields);
	if (strcmp(key, "name") != 0)
		return 1;
	if (memchr(p->words.word.at, '\\', p->words.word.n))
		return tl_ctf_refuse(p, "a name with an escape");
	copy_word(block->event.name, sizeof block->event.name, p->words.word);
	tl_words_advance(&p->words);
	return 0;
}

static int parse_clock_entry(struct tl_ctf_parser *p, const char *key, struct block *block)
{
	struct tl_ctf_clock *clock = &block->clock;

	if (strcmp(key, "freq") == 0)
		return take_id(p, &clock->frequency);
	if (strcmp(key, "offset") == 0)
		return tl_ctf_take_integer(p, &clock->offset);
	if (strcmp(key, "offset_s") == 0)
		return tl_ctf_take_integer(p, &clock->offset_s);
	if (strcmp(key, "uuid") == 0)
		return take_uuid(p, clock->uuid, &clock->has_uuid);
	if (strcmp(key, "absolute") == 0) {
		static const char *const values[] = {"FALSE", "TRUE", "false", "true"};

		for (size_t i = 0; i < sizeof values / sizeof *values; i++)
			if (tl_words_take(&p->words, values[i]))
				return 0;
		return tl_ctf_refuse(p, "neither TRUE nor FALSE");
	}
	if (strcmp(key, "name") != 0)
		return 1;
	clock->name = tl_ctf_unquoted(p->words.word);
	tl_words_advance(&p->words);
	return 0;
}

static int parse_environment_entry(struct tl_ctf_parser *p, const char *key, struct block *block)
{
	(void)block;
	if (strcmp(key, "hostname") != 0 || !p->words.word.is_string)
		return 1;
	if (memchr(p->words.word.at, '\\', p->words.word.n))
		return tl_ctf_refuse(p, "a text with an escape");
	copy_word(p->metadata->host, sizeof p->metadata->host, p->words.word);
	tl_words_advance(&p->words);
	return 0;
}

/* The words before "=", or before ":=" and with a colon then, without what is between them. */
static int take_key(struct tl_ctf_parser *p, char *key, size_t size)
{
	bool is_type;
	size_t n = 0;

	while (!tl_words_is(&p->words, "=") && !tl_words_is(&p->words, ":=")) {
		if ((!tl_ctf_at_name(p) && !tl_words_is(&p->words, ".")) || p->words.word.n >= size - n - 1)
			return tl_ctf_refuse(p, "no entry of a block");
		memcpy(key + n, p->words.word.at, p->words.word.n);
		n += p->words.word.n;
		tl_words_advance(&p->words);
	}
	is_type = tl_words_is(&p->words, ":=");
	tl_words_advance(&p->words);
	if (is_type)
		key[n++] = ':';
	key[n] = '\0';
	return 0;
}

/* What is stepped over must still be a number or a text. */
static int skip_value(struct tl_ctf_parser *p)
{
	int64_t number;

	if (!p->words.word.is_string)
		return tl_ctf_take_integer(p, &number);
	tl_words_advance(&p->words);
	return 0;
}

static bool is_ignored(const struct block_kind *kind, const char *key)
{
	for (size_t i = 0; i < sizeof kind->ignored / sizeof *kind->ignored && kind->ignored[i]; i++)
		if (strcmp(kind->ignored[i], key) == 0 || strcmp(kind->ignored[i], "*") == 0)
			return true;
	return false;
}

static int parse_entry(struct tl_ctf_parser *p, const struct block_kind *kind, const char *key, struct block *block)
{
	int result = kind->parse(p, key, block);

	if (result == 1)
		result = is_ignored(kind, key) ? skip_value(p) : tl_ctf_refuse(p, "an unknown entry before this");
	return result == 0 ? tl_ctf_expect(p, ";") : result;
}

#define KEY_SIZE 128
#define KEYS_MAX 64

struct keys {
	char text[KEYS_MAX][KEY_SIZE];
	size_t n;
};

/* Each may stand once in a block. */
static int note_key(struct tl_ctf_parser *p, struct keys *keys, const char *key)
{
	for (size_t i = 0; i < keys->n; i++)
		if (strcmp(keys->text[i], key) == 0)
			return tl_ctf_refuse(p, "an entry that was there before");
	if (keys->n == KEYS_MAX)
		return tl_ctf_refuse(p, "too many entries");
	snprintf(keys->text[keys->n++], KEY_SIZE, "%s", key);
	return 0;
}

/* After "{", up to behind "};": what a block defines is known in it only. */
static int parse_block(struct tl_ctf_parser *p, const struct block_kind *kind, struct block *block)
{
	size_t outer = p->named.n;
	struct keys keys = {.n = 0};
	char key[KEY_SIZE];
	int result = tl_ctf_expect(p, "{");

	while (result == 0 && !tl_words_is(&p->words, "}")) {
		bool is_definition;

		if (!p->words.word.n)
			return tl_ctf_refuse(p, "the end of the text within a block");
		result = tl_ctf_parse_definition(p, &is_definition);
		if (result < 0 || is_definition)
			continue;
		result = take_key(p, key, sizeof key);
		if (result == 0)
			result = note_key(p, &keys, key);
		if (result == 0)
			result = parse_entry(p, kind, key, block);
	}
	p->named.n = outer;
	if (result == 0)
		result = tl_ctf_expect(p, "}");
	return result == 0 ? tl_ctf_expect(p, ";") : result;
}

static const struct block_kind of_trace = {parse_trace_entry, {"major", "minor"}};
static const struct block_kind of_stream = {parse_stream_entry, {NULL}};
static const struct block_kind of_event = {parse_event_entry, {"loglevel", "model.emf.uri"}};
static const struct block_kind of_clock = {parse_clock_entry, {"description", "precision"}};
static const struct block_kind of_environment = {parse_environment_entry, {"*"}};

static int parse_stream(struct tl_ctf_parser *p)
{
	struct block block = {0};
	int result = parse_block(p, &of_stream, &block);

	if (result == 0 && tl_vec_push(&p->metadata->streams, block.stream) < 0)
		result = tl_ctf_no_memory(p);
	return result;
}

static int parse_event(struct tl_ctf_parser *p)
{
	struct block block = {0};
	int result = parse_block(p, &of_event, &block);

	if (result == 0 && tl_vec_push(&p->metadata->events, block.event) < 0)
		result = tl_ctf_no_memory(p);
	return result;
}

static int parse_clock(struct tl_ctf_parser *p)
{
	struct block block = {0};
	int result = parse_block(p, &of_clock, &block);

	if (result == 0 && block.clock.frequency == 0)
		result = tl_ctf_refuse(p, "a clock without a frequency");
	if (result == 0 && tl_vec_push(&p->metadata->clocks, block.clock) < 0)
		result = tl_ctf_no_memory(p);
	return result;
}

/* ---- all of it --------------------------------------------------------------- */

/* Plain text begins so; in packets it may. */
static const char signature[] = "/* CTF 1.8";

/* Neither a NUL nor another control character has any business in metadata. */
static int check_text(struct tl_ctf_parser *p, bool is_plain)
{
	const struct tl_ctf_metadata *m = p->metadata;

	if (is_plain && (m->size < sizeof signature - 1 || memcmp(m->text, signature, sizeof signature - 1) != 0))
		return tl_error_set(p->error, TL_EFORMAT, "metadata: does not begin with \"%s\"", signature);
	for (size_t i = 0; i < m->size; i++) {
		unsigned char c = (unsigned char)m->text[i];

		if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f)
			return tl_error_set(p->error, TL_EFORMAT, "metadata: a control character at byte %zu", i);
	}
	return 0;
}

static int parse_all(struct tl_ctf_parser *p)
{
	int result = 0, n_traces = 0;

	tl_words_advance(&p->words);
	while (result == 0 && p->words.word.n) {
		bool is_definition;

		if (tl_words_is(&p->words, "trace") && n_traces++)
			result = tl_ctf_refuse(p, "a second trace");
		else if (tl_words_take(&p->words, "trace"))
			result = parse_block(p, &of_trace, NULL);
		else if (tl_words_take(&p->words, "env"))
			result = parse_block(p, &of_environment, NULL);
		else if (tl_words_take(&p->words, "clock"))
			result = parse_clock(p);
		else if (tl_words_take(&p->words, "stream"))
			result = parse_stream(p);
		else if (tl_words_take(&p->words, "event"))
			result = parse_event(p);
		else if (tl_words_take(&p->words, "callsite"))
			tl_words_skip_statement(&p->words);
		else if ((result = tl_ctf_parse_definition(p, &is_definition)) == 0 && !is_definition)
			result = tl_ctf_refuse(p, "an unknown block");
	}
	if (result == 0 && n_traces == 0)
		result = tl_ctf_refuse(p, "the end, and no trace");
	return result;
}

static int by_id(const void *a, const void *b)
{
	const struct tl_ctf_event_class *x = a, *y = b;

	if (x->stream_id != y->stream_id)
		return x->stream_id < y->stream_id ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

int tl_ctf_metadata_init(struct tl_ctf_metadata *metadata, const char *folder, struct tl_error *error)
{
	struct tl_ctf_parser p = {.metadata = metadata, .error = error};
	char path[PATH_MAX];
	enum tl_metadata_form form = TL_METADATA_PLAIN;
	int result;

	memset(metadata, 0, sizeof *metadata);
	tl_arena_init(&metadata->arena);
	if (snprintf(path, sizeof path, "%s/metadata", folder) >= PATH_MAX)
		return tl_error_set(error, TL_ELIMIT, "%s: path too long", folder);
	metadata->text = tl_metadata_load(path, &metadata->size, &form);
	if (!metadata->text)
		return tl_error_set(error, TL_EIO, "%s: cannot be read", path);
	if (form == TL_METADATA_DAMAGED || metadata->size == 0)
		return tl_error_set(error, TL_EFORMAT, "%s: damaged, or empty", path);
	p.words = (struct tl_words){.at = metadata->text, .end = metadata->text + metadata->size};
	result = check_text(&p, form == TL_METADATA_PLAIN);
	if (result == 0)
		result = parse_all(&p);
	tl_vec_finish(&p.named);
	if (result == 0 && metadata->events.n)
		qsort(metadata->events.items, metadata->events.n, sizeof *metadata->events.items, by_id);
	return result;
}

void tl_ctf_metadata_finish(struct tl_ctf_metadata *metadata)
{
	tl_vec_finish(&metadata->clocks);
	tl_vec_finish(&metadata->streams);
	tl_vec_finish(&metadata->events);
	tl_arena_finish(&metadata->arena);
	free(metadata->text);
	metadata->text = NULL;
}

const struct tl_ctf_clock *tl_ctf_find_clock(const struct tl_ctf_metadata *metadata, struct tl_word name)
{
	for (size_t i = 0; i < metadata->clocks.n; i++)
		if (tl_words_equal(metadata->clocks.items[i].name, name))
			return &metadata->clocks.items[i];
	return NULL;
}
