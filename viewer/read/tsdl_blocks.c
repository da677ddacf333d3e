/*
 * The blocks of TSDL at the outermost level: from `trace` and `stream` the types of
 * packet headers and contexts, from `clock` whether the library bears it. All else,
 * the events above all, is stepped over.
 */
#include "viewer/read/tsdl.h"

/* `packet.header := TYPE` and `packet.context := TYPE`, after "packet". */
static void parse_packet(struct tl_tsdl *p, struct tl_tsdl_type *header, struct tl_tsdl_type *context)
{
	struct tl_tsdl_type *type;

	take(p, ".");
	type = is(p, "header") ? header : is(p, "context") ? context : NULL;
	advance(p);
	if (type && take(p, ":="))
		tl_tsdl_parse_type(p, type);
}

/* The inside of "trace {" or "stream {". */
static void parse_block(struct tl_tsdl *p, bool is_trace)
{
	struct tl_tsdl_stream stream = {.context = {.known = true, .align = 1}};

	while (p->words.word.n && !is(p, "}") && !p->failed) {
		if (tl_tsdl_parse_definition(p))
			continue;
		if (take(p, "packet"))
			parse_packet(p, is_trace ? &p->header : &(struct tl_tsdl_type){0},
				     is_trace ? &(struct tl_tsdl_type){0} : &stream.context);
		else if (is_trace && take(p, "byte_order") && take(p, "="))
			p->big = tl_tsdl_parse_order(p) == TL_TSDL_BIG;
		else if (!is_trace && take(p, "id") && take(p, "=") && !tl_words_take_number(&p->words, &stream.id))
			stream.context.known = false;
		else if (is(p, "struct") || is(p, "enum"))
			tl_tsdl_parse_type(p, &(struct tl_tsdl_type){0});
		tl_words_skip_statement(&p->words);
	}
	if (!is_trace && tl_vec_push(&p->streams, stream) < 0)
		p->failed = true;
}

/* The inside of "clock {": without a frequency the library divides by zero. */
static void parse_clock(struct tl_tsdl *p)
{
	uint64_t frequency = 0;

	while (p->words.word.n && !is(p, "}")) {
		if (take(p, "freq") && take(p, "=") && !tl_words_take_number(&p->words, &frequency))
			frequency = 0;
		tl_words_skip_statement(&p->words);
	}
	p->failed = p->failed || frequency == 0;
}

void tl_tsdl_parse(struct tl_tsdl *p)
{
	for (advance(p); p->words.word.n && !p->failed;) {
		bool is_trace = is(p, "trace");

		if (tl_tsdl_parse_definition(p))
			continue;
		if (is_trace || is(p, "stream")) {
			advance(p);
			if (take(p, "{"))
				parse_block(p, is_trace);
		} else if (take(p, "clock")) {
			if (take(p, "{"))
				parse_clock(p);
		} else if (is(p, "struct") || is(p, "enum")) {
			tl_tsdl_parse_type(p, &(struct tl_tsdl_type){0});
		}
		tl_words_skip_statement(&p->words);
		take(p, "}"); /* else a stray one would stop us */
	}
}
