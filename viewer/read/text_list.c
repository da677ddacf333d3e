/*
 * The parser of event lists in text; see text_list.h and docs/event-lists.md.
 * One pass, line by line; here is what lines are, in text_line.c what pieces they
 * have, in text_value.c the values of fields. The first mistake ends the reading.
 */
#include "viewer/read/text_list.h"

#include <string.h>

#include "viewer/base/table.h"

#include "viewer/read/text_line.h"

/* The last sequence number of a task so far. */
struct task_seq {
	uint64_t task;
	uint32_t seq;
	UT_hash_handle hh;
};

struct parser {
	struct tl_line line; /* the present one */
	struct tl_text_list *list;
	struct task_seq *tasks;
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

/* ---- events --------------------------------------------------------------- */

/* "7" is task 7 of process 1, "2.7" task 7 of process 2. */
static int take_task(struct tl_line *line, uint64_t *task)
{
	struct tl_piece word = tl_line_take_piece(line, ' ');
	const char *dot = memchr(word.at, '.', word.n);
	struct tl_piece process = {word.at, dot ? (size_t)(dot - word.at) : 0};
	struct tl_piece own = {dot ? dot + 1 : word.at, word.n - (dot ? process.n + 1 : 0)};
	uint64_t nonce = 1, id;

	if ((dot && tl_piece_number(process, UINT32_MAX, &nonce) < 0) || tl_piece_number(own, UINT32_MAX, &id) < 0 ||
	    id == 0)
		return tl_line_wrong(line, "\"%.*s\" is not a task (7, or 2.7 for task 7 of process 2)",
				     tl_piece_shown(word), word.at);
	*task = nonce << 32 | id;
	return 0;
}

static const struct tl_field_info *find_field(const struct tl_kind_info *kind, struct tl_piece word, size_t *index)
{
	for (*index = 0; *index < kind->n_fields; ++*index)
		if (tl_piece_is(word, kind->fields[*index].name))
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
static int take_field(struct tl_line *line, struct tl_event *event, uint64_t *given)
{
	const struct tl_kind_info *kind = &tl_kinds[event->kind];
	struct tl_piece name = tl_line_take_piece(line, '=');
	const struct tl_field_info *field;
	size_t index;
	uint64_t seq;
	int result;

	if (line->at == line->end || *line->at != '=')
		return tl_line_wrong(line, "expected FIELD=VALUE after \"%.*s\"", tl_piece_shown(name), name.at);
	line->at++;
	field = find_field(kind, name, &index);
	if (!field)
		index += tl_piece_is(name, "task") ? 0 : tl_piece_is(name, "seq") ? 1 : 2;
	if (index > kind->n_fields + 1)
		return tl_line_wrong(line, "%s has no field \"%.*s\"", kind->name, tl_piece_shown(name), name.at);
	if (*given >> index & 1)
		return tl_line_wrong(line, "%.*s is given twice", tl_piece_shown(name), name.at);
	*given |= (uint64_t)1 << index;
	if (field)
		return tl_line_take_value(line, field, event);
	if (index == kind->n_fields)
		return take_task(line, &event->task);
	name = tl_line_take_piece(line, ' ');
	result = tl_piece_number(name, UINT32_MAX, &seq);
	if (result < 0)
		return tl_line_wrong(line, "\"%.*s\" is not a sequence number", tl_piece_shown(name), name.at);
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
			return tl_line_no_memory(&p->line);
		task->task = event->task;
		HASH_ADD(hh, p->tasks, task, sizeof task->task, task);
	}
	if (!given)
		event->seq = task->seq + 1;
	task->seq = event->seq;
	return 0;
}

static int take_event(struct parser *p, int64_t time_ns, struct tl_piece kind_word)
{
	struct tl_text_list *list = p->list;
	struct tl_line *line = &p->line;
	char name[64] = "";
	struct tl_event event;
	uint64_t given = 0;
	int kind, result;

	memcpy(name, kind_word.at, kind_word.n < sizeof name ? kind_word.n : 0);
	kind = tl_kind_find(name);
	if (kind < 0)
		return tl_line_wrong(line, "no event is called \"%.*s\"", tl_piece_shown(kind_word), kind_word.at);
	set_defaults(&event, kind);
	event.time_ns = time_ns;
	while (!tl_line_is_done(line)) {
		result = take_field(line, &event, &given);
		if (result < 0)
			return result;
		if (line->at < line->end && !strchr(" \t\r", *line->at))
			return tl_line_wrong(line, "a blank must follow a value");
	}
	if (event.task == 0)
		return tl_line_wrong(line, "%s without task=", name);
	result = number_event(p, &event, given >> (tl_kinds[kind].n_fields + 1) & 1);
	if (result < 0)
		return result;
	if (tl_vec_push(&list->events, event) < 0 ||
	    tl_vec_push(&list->entries, (struct tl_text_entry){time_ns, line->number, list->events.n - 1, false}) < 0)
		return tl_line_no_memory(line);
	return 0;
}

/* ---- other lines ---------------------------------------------------------- */

static int take_loss(struct tl_line *line, struct tl_text_list *list, int64_t time_ns)
{
	struct tl_loss loss = {.begin_ns = time_ns, .end_ns = time_ns, .count_known = true};
	struct tl_piece what, count;
	char where[TL_STREAM_NAME];

	tl_line_skip_blanks(line);
	what = tl_line_take_piece(line, '=');
	if (tl_piece_is(what, "packets"))
		loss.kind = TL_LOSS_PACKETS;
	else if (!tl_piece_is(what, "events"))
		return tl_line_wrong(line, "expected \"loss events=N\" or \"loss packets=N\"");
	if (line->at == line->end || *line->at++ != '=')
		return tl_line_wrong(line, "expected \"loss %.*s=N\"", tl_piece_shown(what), what.at);
	count = tl_line_take_piece(line, ' ');
	if (tl_piece_is(count, "?"))
		loss.count_known = false;
	else if (tl_piece_number(count, UINT64_MAX, &loss.count) < 0)
		return tl_line_wrong(line, "\"%.*s\" is not a count (a number, or \"?\")", tl_piece_shown(count),
				     count.at);
	tl_line_take_rest(line, where, sizeof where);
	loss.where = tl_arena_string(line->texts, where);
	if (!loss.where || tl_vec_push(&list->losses, loss) < 0 ||
	    tl_vec_push(&list->entries, (struct tl_text_entry){time_ns, line->number, list->losses.n - 1, true}) < 0)
		return tl_line_no_memory(line);
	return 0;
}

static int take_host(struct tl_line *line, struct tl_text_list *list)
{
	if (list->host[0])
		return tl_line_wrong(line, "a second host");
	if (list->events.n)
		return tl_line_wrong(line, "host must stand before the first event");
	tl_line_take_rest(line, list->host, sizeof list->host);
	return list->host[0] ? 0 : tl_line_wrong(line, "host without a name");
}

static int take_line(struct parser *p)
{
	struct tl_line *line = &p->line;
	struct tl_piece word;
	int64_t time_ns;

	if (memchr(line->at, '\0', (size_t)(line->end - line->at)))
		return tl_line_wrong(line, "a zero byte: this is not an event list in text");
	if (tl_line_is_done(line))
		return 0;
	word = tl_line_take_piece(line, ' ');
	if (tl_piece_is(word, "host"))
		return take_host(line, p->list);
	if (tl_line_parse_time(line, word, &time_ns) < 0)
		return TL_EFORMAT;
	tl_line_skip_blanks(line);
	word = tl_line_take_piece(line, ' ');
	if (word.n == 0)
		return tl_line_wrong(line, "a time without an event");
	return tl_piece_is(word, "loss") ? take_loss(line, p->list, time_ns) : take_event(p, time_ns, word);
}

int tl_text_list_parse(struct tl_text_list *list, const char *name, const char *text, size_t size,
		       struct tl_error *error)
{
	struct parser p = {.line = {.name = name, .error = error, .texts = &list->arena}, .list = list};
	struct task_seq *task, *next;
	const char *end = text + size;
	int result = 0;

	for (const char *at = text; at < end && result == 0; at = p.line.end + 1) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));

		p.line.number++;
		p.line.at = at;
		p.line.end = newline ? newline : end;
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
