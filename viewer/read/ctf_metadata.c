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
 * 1: it is not known, and is to be stepped over.
 */
typedef int (*entry_parser)(struct tl_ctf_parser *p, const char *key, struct block *block);

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
	if (strcmp(key, "packet.header") == 0)
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
	if (strcmp(key, "id") == 0)
		return take_id(p, &block->stream.id);
	if (strcmp(key, "packet.context") == 0)
		return take_type(p, &block->stream.packet_context);
	if (strcmp(key, "event.header") == 0)
		return take_type(p, &block->stream.event_header);
	if (strcmp(key, "event.context") == 0)
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
	if (strcmp(key, "context") == 0)
		return take_type(p, &block->event.context);
	if (strcmp(key, "fields") == 0)
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
	if (strcmp(key, "name") != 0)
		return 1;
	clock->name = tl_ctf_unquoted(p->words.word);
	tl_words_advance(&p->words);
	return 0;
}

static int parse_environment_entry(struct tl_ctf_parser *p, const char *key, struct block *block)
{
	struct tl_ctf_metadata *m = p->metadata;
	bool is_host = strcmp(key, "hostname") == 0, is_domain = strcmp(key, "domain") == 0;

	(void)block;
	if (strcmp(key, "tracer_major") == 0)
		return take_id(p, &m->tracer_major);
	if (strcmp(key, "tracer_minor") == 0)
		return take_id(p, &m->tracer_minor);
	if (!is_host && !is_domain && strcmp(key, "tracer_name") != 0)
		return 1;
	if (!p->words.word.is_string)
		return 1;
	if (memchr(p->words.word.at, '\\', p->words.word.n))
		return tl_ctf_refuse(p, "a text with an escape");
	if (is_host)
		copy_word(m->host, sizeof m->host, p->words.word);
	else if (is_domain)
		copy_word(m->domain, sizeof m->domain, p->words.word);
	else
		copy_word(m->tracer, sizeof m->tracer, p->words.word);
	tl_words_advance(&p->words);
	return 0;
}

/* The words before "=" or ":=", without what is between them. */
static int take_key(struct tl_ctf_parser *p, char *key, size_t size)
{
	size_t n = 0;

	while (!tl_words_take(&p->words, "=") && !tl_words_take(&p->words, ":=")) {
		if (!p->words.word.n || tl_words_is(&p->words, ";") || tl_words_is(&p->words, "{") ||
		    p->words.word.n >= size - n)
			return tl_ctf_refuse(p, "no entry of a block");
		memcpy(key + n, p->words.word.at, p->words.word.n);
		n += p->words.word.n;
		tl_words_advance(&p->words);
	}
	key[n] = '\0';
	return 0;
}

/* After "{", up to behind "};": what a block defines is known in it only. */
static int parse_block(struct tl_ctf_parser *p, entry_parser parse, struct block *block)
{
	size_t outer = p->named.n;
	char key[128];
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
			result = parse(p, key, block);
		if (result == 1) {
			tl_words_skip_statement(&p->words);
			result = 0;
		} else if (result == 0) {
			result = tl_ctf_expect(p, ";");
		}
	}
	p->named.n = outer;
	if (result == 0)
		result = tl_ctf_expect(p, "}");
	if (result == 0)
		tl_words_take(&p->words, ";");
	return result;
}

static int parse_stream(struct tl_ctf_parser *p)
{
	struct block block = {0};
	int result = parse_block(p, parse_stream_entry, &block);

	if (result == 0 && tl_vec_push(&p->metadata->streams, block.stream) < 0)
		result = tl_ctf_no_memory(p);
	return result;
}

static int parse_event(struct tl_ctf_parser *p)
{
	struct block block = {0};
	int result = parse_block(p, parse_event_entry, &block);

	if (result == 0 && tl_vec_push(&p->metadata->events, block.event) < 0)
		result = tl_ctf_no_memory(p);
	return result;
}

static int parse_clock(struct tl_ctf_parser *p)
{
	struct block block = {0};
	int result = parse_block(p, parse_clock_entry, &block);

	if (result == 0 && block.clock.frequency == 0)
		result = tl_ctf_refuse(p, "a clock without a frequency");
	if (result == 0 && tl_vec_push(&p->metadata->clocks, block.clock) < 0)
		result = tl_ctf_no_memory(p);
	return result;
}

/* ---- all of it --------------------------------------------------------------- */

static int parse_all(struct tl_ctf_parser *p)
{
	int result = 0;

	tl_words_advance(&p->words);
	while (result == 0 && p->words.word.n) {
		bool is_definition;

		if (tl_words_take(&p->words, "trace"))
			result = parse_block(p, parse_trace_entry, NULL);
		else if (tl_words_take(&p->words, "env"))
			result = parse_block(p, parse_environment_entry, NULL);
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
	bool is_whole = true;
	int result;

	memset(metadata, 0, sizeof *metadata);
	tl_arena_init(&metadata->arena);
	if (snprintf(path, sizeof path, "%s/metadata", folder) >= PATH_MAX)
		return tl_error_set(error, TL_ELIMIT, "%s: path too long", folder);
	metadata->text = tl_metadata_load(path, &metadata->size, &is_whole);
	if (!metadata->text)
		return tl_error_set(error, TL_EIO, "%s: cannot be read", path);
	if (!is_whole || metadata->size == 0)
		return tl_error_set(error, TL_EFORMAT, "%s: damaged, or empty", path);
	p.words = (struct tl_words){.at = metadata->text, .end = metadata->text + metadata->size};
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
