/*
 * The parser of event lists in text; see text_list.h and docs/event-lists.md.
 * One pass, line by line. Every function takes the parser, which stands at the
 * next unread byte of the present line, and returns 0 or a code with the error
 * set: the first mistake ends the reading.
 */
#include "viewer/read/text_list.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include <uthash.h>

#include "viewer/base/text.h"

#define SEQUENCE_MAX 255 /* a sequence's count is a u8 */
#define TIME_MAX 64      /* longest text of a time */

/* The last sequence number of a task so far. */
struct task_seq {
	uint64_t task;
	uint32_t seq;
	UT_hash_handle hh;
};

struct parser {
	struct tl_text_list *list;
	const char *name;
	size_t line;
	const char *at, *end; /* of the line's unread rest */
	struct task_seq *tasks;
	struct tl_error *error;
};

/* A piece of the line, not ended by NUL. */
struct word {
	const char *at;
	size_t n;
};

void tl_text_list_init(struct tl_text_list *list)
{
	memset(list, 0, sizeof *list);
	tl_arena_init(&list->arena);
}

void tl_text_list_finish(struct tl_text_list *list)
{
	tl_vec_finish(&list->events);
	tl_vec_finish(&list->losses);
	tl_vec_finish(&list->entries);
	tl_arena_finish(&list->arena);
}

__attribute__((format(printf, 2, 3))) static int wrong(struct parser *p, const char *format, ...)
{
	char text[TL_ERROR_TEXT];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return tl_error_set(p->error, TL_EFORMAT, "%s:%zu: %s", p->name, p->line, text);
}

static int no_memory(struct parser *p)
{
	return tl_error_set(p->error, TL_ENOMEM, "%s:%zu: out of memory", p->name, p->line);
}

/* How much of a word an error shows. */
static int shown(struct word word)
{
	return word.n < 60 ? (int)word.n : 60;
}

static bool is_word(struct word word, const char *text)
{
	return strlen(text) == word.n && memcmp(word.at, text, word.n) == 0;
}

/* ---- pieces of a line ----------------------------------------------------- */

static void skip_blanks(struct parser *p)
{
	while (p->at < p->end && (*p->at == ' ' || *p->at == '\t' || *p->at == '\r'))
		p->at++;
}

static bool at_line_end(struct parser *p)
{
	skip_blanks(p);
	return p->at == p->end || *p->at == '#';
}

/* What stands up to the next blank, or up to `stop` if that comes first. */
static struct word take_word(struct parser *p, char stop)
{
	struct word word = {p->at, 0};

	while (p->at < p->end && !strchr(" \t\r", *p->at) && *p->at != stop)
		p->at++;
	word.n = (size_t)(p->at - word.at);
	return word;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 99;
}

/* Decimal or 0x hexadecimal, all of the word, up to `max`; -1 if it is not that. */
static int number(struct word word, uint64_t max, uint64_t *value)
{
	size_t i = word.n > 2 && word.at[0] == '0' && (word.at[1] == 'x' || word.at[1] == 'X') ? 2 : 0;
	uint64_t base = i ? 16 : 10, n = 0;

	if (word.n == 0)
		return -1;
	for (; i < word.n; i++) {
		uint64_t d = (uint64_t)digit(word.at[i]);

		if (d >= base || n > (max - d) / base)
			return -1;
		n = n * base + d;
	}
	*value = n;
	return 0;
}

/* A number or "-" and a number, from -max-1 to max. */
static int signed_number(struct word word, int64_t max, int64_t *value)
{
	bool minus = word.n && word.at[0] == '-';
	struct word digits = {word.at + minus, word.n - minus};
	uint64_t n;

	if (number(digits, (uint64_t)max + minus, &n) < 0)
		return -1;
	*value = minus ? -(int64_t)(n - (n != 0)) - (n != 0) : (int64_t)n;
	return 0;
}

static int parse_time(struct parser *p, struct word word, int64_t *ns)
{
	char text[TIME_MAX];

	if (word.n < sizeof text) {
		memcpy(text, word.at, word.n);
		text[word.n] = '\0';
		if (tl_text_parse_time(text, ns) == 0)
			return 0;
	}
	return wrong(p, "\"%.*s\" is not a time (nanoseconds, or a number with a unit: 1.5s 20us 3ns)",
		     shown(word), word.at);
}

/* ---- values --------------------------------------------------------------- */

/* The character after a backslash; -1 when it is none that we know. */
static int take_escape(struct parser *p)
{
	char c = p->at < p->end ? *p->at++ : '\0';

	if (c == 'n')
		return '\n';
	if (c == '"' || c == '\\')
		return (unsigned char)c;
	if (c == 'x' && p->end - p->at >= 2 && digit(p->at[0]) < 16 && digit(p->at[1]) < 16) {
		int byte = digit(p->at[0]) * 16 + digit(p->at[1]);

		p->at += 2;
		return byte ? byte : -1;
	}
	return -1;
}

/* A text in double quotes, into the arena. */
static int take_text(struct parser *p, const char **text)
{
	char *out;
	size_t n = 0;

	if (p->at == p->end || *p->at != '"')
		return wrong(p, "a text must stand in double quotes");
	p->at++;
	out = tl_arena_alloc(&p->list->arena, (size_t)(p->end - p->at) + 1);
	if (!out)
		return no_memory(p);
	while (p->at < p->end && *p->at != '"') {
		int c = (unsigned char)*p->at++;

		if (c == '\\')
			c = take_escape(p);
		if (c <= 0)
			return wrong(p, "unknown escape in a text (known: \\\" \\\\ \\n \\xNN, not \\x00)");
		out[n++] = (char)c;
	}
	if (p->at == p->end)
		return wrong(p, "a text without its closing quote");
	p->at++;
	*text = out;
	return 0;
}

/* The numbers of "[1,0x2]", each up to `max`; their count goes to `n`. */
static int take_numbers(struct parser *p, uint64_t max, uint64_t *values, size_t *n)
{
	*n = 0;
	if (p->at == p->end || *p->at++ != '[')
		return wrong(p, "a sequence must stand in brackets");
	for (skip_blanks(p); p->at < p->end && *p->at != ']'; skip_blanks(p)) {
		struct word word = {p->at, 0};

		while (p->at < p->end && !strchr(" \t\r,]", *p->at))
			p->at++;
		word.n = (size_t)(p->at - word.at);
		if (*n == SEQUENCE_MAX)
			return wrong(p, "a sequence of more than %d values", SEQUENCE_MAX);
		if (number(word, max, &values[*n]) < 0)
			return wrong(p, "\"%.*s\" is not a number up to %" PRIu64, shown(word), word.at, max);
		++*n;
		skip_blanks(p);
		if (p->at < p->end && *p->at == ',')
			p->at++;
		else if (p->at == p->end || *p->at != ']')
			break;
	}
	if (p->at == p->end || *p->at != ']')
		return wrong(p, "a sequence without its closing bracket");
	p->at++;
	return 0;
}

static int take_sequence(struct parser *p, const struct tl_field_info *field, char *event)
{
	uint64_t values[SEQUENCE_MAX];
	uint8_t bytes[SEQUENCE_MAX];
	bool wide = field->type == TL_FIELD_ADDRS;
	const void *copy;
	size_t n;

	if (take_numbers(p, wide ? UINT64_MAX : UINT8_MAX, values, &n) < 0)
		return TL_EFORMAT; /* the only way it fails */
	for (size_t i = 0; i < n; i++)
		bytes[i] = (uint8_t)values[i];
	copy = wide ? tl_arena_copy(&p->list->arena, values, n * sizeof *values)
		    : tl_arena_copy(&p->list->arena, bytes, n);
	if (!copy)
		return no_memory(p);
	memcpy(event + field->offset, &copy, sizeof copy);
	event[field->count_offset] = (char)(uint8_t)n;
	return 0;
}

static int take_named(struct parser *p, const struct tl_field_info *field, char *event)
{
	struct word word = take_word(p, ' ');

	for (unsigned i = 0; i < tl_value_count(field->type); i++) {
		if (is_word(word, tl_value_text(field->type, i))) {
			event[field->offset] = (char)(uint8_t)i;
			return 0;
		}
	}
	return wrong(p, "\"%.*s\" is not a value of %s", shown(word), word.at, field->name);
}

static size_t integer_size(enum tl_field_type type)
{
	switch (type) {
	case TL_FIELD_U8:
		return 1;
	case TL_FIELD_U16:
		return 2;
	case TL_FIELD_U32:
	case TL_FIELD_S32:
		return 4;
	default:
		return 8;
	}
}

/* Stores the low `size` bytes of `value` as an integer of that size. */
static void store_integer(char *to, size_t size, uint64_t value)
{
	uint8_t u8 = (uint8_t)value;
	uint16_t u16 = (uint16_t)value;
	uint32_t u32 = (uint32_t)value;

	memcpy(to, size == 1 ? &u8 : size == 2 ? (void *)&u16 : size == 4 ? (void *)&u32 : (void *)&value, size);
}

static int take_integer(struct parser *p, const struct tl_field_info *field, char *event)
{
	struct word word = take_word(p, ' ');
	size_t size = integer_size(field->type);
	uint64_t value;
	int64_t value_signed;
	int result;

	if (field->type == TL_FIELD_S32 || field->type == TL_FIELD_S64) {
		result = signed_number(word, size == 4 ? INT32_MAX : INT64_MAX, &value_signed);
		value = (uint64_t)value_signed;
	} else {
		result = number(word, UINT64_MAX >> (64 - 8 * size), &value);
	}
	if (result < 0)
		return wrong(p, "\"%.*s\" is not a number that fits %s", shown(word), word.at, field->name);
	store_integer(event + field->offset, size, value);
	return 0;
}

static int take_value(struct parser *p, const struct tl_field_info *field, struct tl_event *event)
{
	char *bytes = (char *)event;
	const char *text = "";
	int result;

	if (field->type == TL_FIELD_TEXT) {
		result = take_text(p, &text);
		memcpy(bytes + field->offset, &text, sizeof text);
		return result;
	}
	if (field->type == TL_FIELD_ADDRS || field->type == TL_FIELD_BYTES)
		return take_sequence(p, field, bytes);
	if (tl_value_count(field->type))
		return take_named(p, field, bytes);
	return take_integer(p, field, bytes);
}

/* ---- events --------------------------------------------------------------- */

/* "7" is task 7 of process 1, "2.7" task 7 of process 2. */
static int take_task(struct parser *p, uint64_t *task)
{
	struct word word = take_word(p, ' ');
	const char *dot = memchr(word.at, '.', word.n);
	struct word process = {word.at, dot ? (size_t)(dot - word.at) : 0};
	struct word own = {dot ? dot + 1 : word.at, word.n - (dot ? process.n + 1 : 0)};
	uint64_t nonce = 1, id;

	if ((dot && number(process, UINT32_MAX, &nonce) < 0) || number(own, UINT32_MAX, &id) < 0 || id == 0)
		return wrong(p, "\"%.*s\" is not a task (7, or 2.7 for task 7 of process 2)", shown(word), word.at);
	*task = nonce << 32 | id;
	return 0;
}

static const struct tl_field_info *find_field(const struct tl_kind_info *kind, struct word word, size_t *index)
{
	for (*index = 0; *index < kind->n_fields; ++*index)
		if (is_word(word, kind->fields[*index].name))
			return &kind->fields[*index];
	return NULL;
}

/* What is not given: texts are "", timeouts are none, all else is 0. */
static void set_defaults(struct tl_event *event, int kind)
{
	static const char *const empty = "";

	memset(event, 0, sizeof *event);
	event->kind = (uint8_t)kind;
	for (size_t i = 0; i < tl_kinds[kind].n_fields; i++)
		if (tl_kinds[kind].fields[i].type == TL_FIELD_TEXT)
			memcpy((char *)event + tl_kinds[kind].fields[i].offset, &empty, sizeof empty);
	if (kind == TL_EVENT_BLOCK)
		event->u.block.timeout_ns = TL_NO_TIMEOUT;
}

/* `given` has a bit for each field of the table, then one for task, one for seq. */
static int take_field(struct parser *p, struct tl_event *event, uint64_t *given)
{
	const struct tl_kind_info *kind = &tl_kinds[event->kind];
	struct word name = take_word(p, '=');
	const struct tl_field_info *field;
	size_t index;
	uint64_t seq;
	int result;

	if (p->at == p->end || *p->at != '=')
		return wrong(p, "expected FIELD=VALUE after \"%.*s\"", shown(name), name.at);
	p->at++;
	field = find_field(kind, name, &index);
	if (!field)
		index += is_word(name, "task") ? 0 : is_word(name, "seq") ? 1 : 2;
	if (index > kind->n_fields + 1)
		return wrong(p, "%s has no field \"%.*s\"", kind->name, shown(name), name.at);
	if (*given >> index & 1)
		return wrong(p, "%.*s is given twice", shown(name), name.at);
	*given |= (uint64_t)1 << index;
	if (field)
		return take_value(p, field, event);
	if (index == kind->n_fields)
		return take_task(p, &event->task);
	name = take_word(p, ' ');
	result = number(name, UINT32_MAX, &seq);
	if (result < 0)
		return wrong(p, "\"%.*s\" is not a sequence number", shown(name), name.at);
	event->seq = (uint32_t)seq;
	return 0;
}

/* Numbers the event unless the line did, and remembers the number. */
static int number_event(struct parser *p, struct tl_event *event, bool given)
{
	struct task_seq *task;

	HASH_FIND(hh, p->tasks, &event->task, sizeof event->task, task);
	if (!task) {
		task = calloc(1, sizeof *task);
		if (!task)
			return no_memory(p);
		task->task = event->task;
		HASH_ADD(hh, p->tasks, task, sizeof task->task, task);
	}
	if (!given)
		event->seq = task->seq + 1;
	task->seq = event->seq;
	return 0;
}

static int take_event(struct parser *p, int64_t time_ns, struct word kind_word)
{
	struct tl_text_list *list = p->list;
	char name[64] = "";
	struct tl_event event;
	uint64_t given = 0;
	int kind, result;

	memcpy(name, kind_word.at, kind_word.n < sizeof name ? kind_word.n : 0);
	kind = tl_kind_find(name);
	if (kind < 0)
		return wrong(p, "no event is called \"%.*s\"", shown(kind_word), kind_word.at);
	set_defaults(&event, kind);
	event.time_ns = time_ns;
	while (!at_line_end(p)) {
		result = take_field(p, &event, &given);
		if (result < 0)
			return result;
		if (p->at < p->end && !strchr(" \t\r", *p->at))
			return wrong(p, "a blank must follow a value");
	}
	if (event.task == 0)
		return wrong(p, "%s without task=", name);
	result = number_event(p, &event, given >> (tl_kinds[kind].n_fields + 1) & 1);
	if (result < 0)
		return result;
	if (tl_vec_push(&list->events, event) < 0 ||
	    tl_vec_push(&list->entries, (struct tl_text_entry){time_ns, p->line, list->events.n - 1, false}) < 0)
		return no_memory(p);
	return 0;
}

/* ---- other lines ---------------------------------------------------------- */

/* The rest of the line without blanks around it, cut to what fits. */
static void take_rest(struct parser *p, char *to, size_t size)
{
	size_t n;

	skip_blanks(p);
	n = (size_t)(p->end - p->at);
	while (n && strchr(" \t\r", p->at[n - 1]))
		n--;
	if (n >= size)
		n = size - 1;
	memcpy(to, p->at, n);
	to[n] = '\0';
	p->at = p->end;
}

static int take_loss(struct parser *p, int64_t time_ns)
{
	struct tl_text_list *list = p->list;
	struct tl_loss loss = {.begin_ns = time_ns, .end_ns = time_ns, .count_known = true};
	struct word what, count;

	skip_blanks(p);
	what = take_word(p, '=');
	if (is_word(what, "packets"))
		loss.kind = TL_LOSS_PACKETS;
	else if (!is_word(what, "events"))
		return wrong(p, "expected \"loss events=N\" or \"loss packets=N\"");
	if (p->at == p->end || *p->at++ != '=')
		return wrong(p, "expected \"loss %.*s=N\"", shown(what), what.at);
	count = take_word(p, ' ');
	if (is_word(count, "?"))
		loss.count_known = false;
	else if (number(count, UINT64_MAX, &loss.count) < 0)
		return wrong(p, "\"%.*s\" is not a count (a number, or \"?\")", shown(count), count.at);
	take_rest(p, loss.where, sizeof loss.where);
	if (tl_vec_push(&list->losses, loss) < 0 ||
	    tl_vec_push(&list->entries, (struct tl_text_entry){time_ns, p->line, list->losses.n - 1, true}) < 0)
		return no_memory(p);
	return 0;
}

static int take_host(struct parser *p)
{
	if (p->list->host[0])
		return wrong(p, "a second host");
	if (p->list->events.n)
		return wrong(p, "host must stand before the first event");
	take_rest(p, p->list->host, sizeof p->list->host);
	return p->list->host[0] ? 0 : wrong(p, "host without a name");
}

static int take_line(struct parser *p)
{
	struct word word;
	int64_t time_ns;

	if (memchr(p->at, '\0', (size_t)(p->end - p->at)))
		return wrong(p, "a zero byte: this is not an event list in text");
	if (at_line_end(p))
		return 0;
	word = take_word(p, ' ');
	if (is_word(word, "host"))
		return take_host(p);
	if (parse_time(p, word, &time_ns) < 0)
		return TL_EFORMAT;
	skip_blanks(p);
	word = take_word(p, ' ');
	if (word.n == 0)
		return wrong(p, "a time without an event");
	return is_word(word, "loss") ? take_loss(p, time_ns) : take_event(p, time_ns, word);
}

int tl_text_list_parse(struct tl_text_list *list, const char *name, const char *text, size_t size,
		       struct tl_error *error)
{
	struct parser p = {.list = list, .name = name, .error = error};
	struct task_seq *task, *next;
	const char *end = text + size;
	int result = 0;

	for (const char *at = text; at < end && result == 0; at = p.end + 1) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));

		p.line++;
		p.at = at;
		p.end = newline ? newline : end;
		result = take_line(&p);
		if (!newline)
			break;
	}
	HASH_ITER(hh, p.tasks, task, next) {
		HASH_DEL(p.tasks, task);
		free(task);
	}
	return result;
}
