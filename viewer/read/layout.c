/*
 * A reader of as much TSDL as packet headers and contexts need; see layout.h. The
 * grammar is CTF 1.8.3's, appendix C. Types are kept flat: since every size is
 * fixed, a structure is its size, its alignment and the places of its own fields.
 */
#include "viewer/read/layout.h"

#include <endian.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define METADATA_MAX ((size_t)256 << 20)
#define FIELDS_MAX 64
#define DEPTH_MAX 32
#define BITS_MAX ((uint64_t)1 << 32) /* greater sizes are not packet headers */
#define PACKET_HEAD 37               /* bytes of a metadata packet's header: CTF 1.8.3, section 7.1 */

struct token {
	const char *at;
	size_t n;
	bool is_string;
};

enum order { NATIVE, LITTLE, BIG };

struct member {
	struct token name;
	uint64_t at, size;
	enum order order;
	bool is_integer;
};

struct type {
	struct token name; /* all its words: "unsigned long", "struct packet_context" */
	bool known, is_integer;
	enum order order;
	uint64_t size, align;
	size_t n_members;
	struct member members[FIELDS_MAX];
};

struct stream_type {
	uint64_t id;
	struct type context;
};

struct parser {
	const char *at, *end;
	struct token token; /* the present one; n is 0 at the end */
	int depth;
	bool big;           /* the trace's byte order */
	struct type header;
	TL_VEC(struct type) types;
	TL_VEC(struct stream_type) streams;
	bool failed;        /* out of memory, nested too deep, or not for the library */
};

/* ---- words ----------------------------------------------------------------- */

static bool is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static void skip_space(struct parser *p)
{
	for (;;) {
		while (p->at < p->end && strchr(" \t\r\n\v\f", *p->at) && *p->at)
			p->at++;
		if (p->end - p->at >= 2 && p->at[0] == '/' && p->at[1] == '*') {
			const char *close = memmem(p->at + 2, (size_t)(p->end - p->at - 2), "*/", 2);

			p->at = close ? close + 2 : p->end;
		} else if (p->end - p->at >= 2 && p->at[0] == '/' && p->at[1] == '/') {
			const char *close = memchr(p->at, '\n', (size_t)(p->end - p->at));

			p->at = close ? close : p->end;
		} else {
			return;
		}
	}
}

static void advance(struct parser *p)
{
	const char *from;

	skip_space(p);
	from = p->at;
	p->token = (struct token){from, 0, false};
	if (p->at == p->end)
		return;
	if (*p->at == '"') {
		for (p->at++; p->at < p->end && *p->at != '"'; p->at++)
			p->at += *p->at == '\\' && p->at + 1 < p->end;
		p->at += p->at < p->end;
		p->token.is_string = true;
	} else if (is_word_char(*p->at)) {
		while (p->at < p->end && is_word_char(*p->at))
			p->at++;
	} else {
		p->at += p->end - p->at >= 2 && p->at[0] == ':' && p->at[1] == '=' ? 2 : 1;
	}
	p->token.n = (size_t)(p->at - from);
}

static bool token_is(struct token token, const char *text)
{
	return !token.is_string && token.n == strlen(text) && memcmp(token.at, text, token.n) == 0;
}

static bool is(const struct parser *p, const char *text)
{
	return token_is(p->token, text);
}

static bool is_word(const struct parser *p)
{
	return p->token.n && !p->token.is_string && is_word_char(*p->token.at);
}

/* Takes the token if it is `text`. */
static bool take(struct parser *p, const char *text)
{
	if (!is(p, text))
		return false;
	advance(p);
	return true;
}

/* Takes a number; false when it is none. */
static bool take_number(struct parser *p, uint64_t *value)
{
	char text[32], *end;

	if (!is_word(p) || p->token.n >= sizeof text)
		return false;
	memcpy(text, p->token.at, p->token.n);
	text[p->token.n] = '\0';
	*value = strtoull(text, &end, 0);
	if (*end)
		return false;
	advance(p);
	return true;
}

/* To behind the `close` that matches an opening one already taken. */
static void skip_to_close(struct parser *p, const char *open, const char *close)
{
	for (int depth = 1; p->token.n; advance(p)) {
		depth += is(p, open) ? 1 : is(p, close) ? -1 : 0;
		if (depth == 0) {
			advance(p);
			return;
		}
	}
}

/* To behind the next semicolon outside of braces; stops at a brace that closes what is around. */
static void skip_statement(struct parser *p)
{
	while (p->token.n && !is(p, "}")) {
		if (take(p, ";"))
			return;
		if (take(p, "{"))
			skip_to_close(p, "{", "}");
		else
			advance(p);
	}
}

/* ---- types ----------------------------------------------------------------- */

static void parse_type(struct parser *p, struct type *type);
static bool parse_definition(struct parser *p);

/* Whether two names are the same words, whatever is between them. */
static bool same_name(struct token a, struct token b)
{
	struct parser x = {.at = a.at, .end = a.at + a.n}, y = {.at = b.at, .end = b.at + b.n};

	do {
		advance(&x);
		advance(&y);
		if (x.token.n != y.token.n || memcmp(x.token.at, y.token.at, x.token.n) != 0)
			return false;
	} while (x.token.n);
	return true;
}

/* The latest type of this name; unknown when there is none. */
static void find_type(struct parser *p, struct token name, struct type *type)
{
	memset(type, 0, sizeof *type);
	for (size_t i = p->types.n; i-- > 0;) {
		if (same_name(p->types.items[i].name, name)) {
			*type = p->types.items[i];
			return;
		}
	}
}

static void add_type(struct parser *p, struct token name, const struct type *type)
{
	if (tl_vec_push(&p->types, *type) < 0) {
		p->failed = true;
		return;
	}
	p->types.items[p->types.n - 1].name = name;
}

static uint64_t align_up(uint64_t at, uint64_t align)
{
	return align ? (at + align - 1) / align * align : at;
}

static enum order parse_order(struct parser *p)
{
	enum order order = is(p, "le") ? LITTLE : is(p, "be") || is(p, "network") ? BIG : NATIVE;

	advance(p);
	return order;
}

/* After "integer {" or "floating_point {": the attributes that give size, alignment and byte order. */
static void parse_number_type(struct parser *p, struct type *type, bool is_integer)
{
	uint64_t exponent = 0, mantissa = 0;
	bool good = true;

	while (p->token.n && !is(p, "}")) {
		if (take(p, "size") && take(p, "="))
			good = take_number(p, &type->size) && good;
		else if (take(p, "align") && take(p, "="))
			good = take_number(p, &type->align) && good;
		else if (take(p, "exp_dig") && take(p, "="))
			good = take_number(p, &exponent) && good;
		else if (take(p, "mant_dig") && take(p, "="))
			good = take_number(p, &mantissa) && good;
		else if (take(p, "byte_order") && take(p, "="))
			type->order = parse_order(p);
		skip_statement(p);
	}
	take(p, "}");
	if (!is_integer)
		type->size = exponent + mantissa;
	if (!type->align)
		type->align = type->size % 8 == 0 ? 8 : 1;
	type->is_integer = is_integer;
	type->known = good && type->size > 0 && type->size < BITS_MAX && type->align < BITS_MAX;
}

/* After "enum": the type below it is all that matters. */
static void parse_enum(struct parser *p, struct type *type)
{
	struct token name = p->token;
	bool named = is_word(p);

	if (named)
		advance(p);
	if (take(p, ":"))
		parse_type(p, type);
	else if (is(p, "{"))
		find_type(p, (struct token){"int", 3, false}, type);
	else
		find_type(p, name, type);
	if (take(p, "{")) {
		skip_to_close(p, "{", "}");
		if (named)
			add_type(p, name, type);
	}
}

/* The brackets after a field's name. */
static void parse_dimensions(struct parser *p, struct type *type)
{
	uint64_t n;

	while (take(p, "[")) {
		uint64_t stride = align_up(type->size, type->align);

		if (!take_number(p, &n) || !is(p, "]") || n == 0 || n > BITS_MAX || stride * n > BITS_MAX * 64)
			type->known = false;
		else
			type->size = stride * (n - 1) + type->size;
		type->is_integer = false;
		type->n_members = 0;
		while (p->token.n && !is(p, "]") && !is(p, ";") && !is(p, "}"))
			advance(p);
		take(p, "]");
	}
}

static void add_member(struct type *type, struct token name, const struct type *field)
{
	if (!field->known || !type->known || type->n_members == FIELDS_MAX || type->size > BITS_MAX) {
		type->known = false;
		return;
	}
	type->size = align_up(type->size, field->align);
	type->align = field->align > type->align ? field->align : type->align;
	type->members[type->n_members++] =
		(struct member){name, type->size, field->size, field->order, field->is_integer};
	type->size += field->size;
}

/* One declaration of a field: a type, a name, perhaps dimensions. */
static void parse_field(struct parser *p, struct type *type)
{
	struct token name, words = p->token;
	struct type field = {0};
	bool named_type = !is(p, "struct") && !is(p, "enum") && !is(p, "integer") && !is(p, "floating_point") &&
			  !is(p, "string") && !is(p, "variant");

	if (named_type) {
		name = p->token;
		for (words.n = 0; is_word(p) || is(p, "*"); advance(p)) {
			if (name.at != p->token.at)
				words.n = (size_t)(name.at + name.n - words.at);
			name = p->token;
		}
		find_type(p, words, &field);
	} else {
		parse_type(p, &field);
		name = p->token;
		advance(p);
	}
	parse_dimensions(p, &field);
	add_member(type, name, &field);
	skip_statement(p);
}

/* After "struct": a name, a body, an alignment, each of which may be missing. */
static void parse_struct(struct parser *p, struct type *type)
{
	struct token name = p->token;
	bool named = is_word(p);
	uint64_t align;

	if (named)
		advance(p);
	if (!is(p, "{")) {
		find_type(p, name, type);
		return;
	}
	advance(p);
	type->known = true;
	type->align = 1;
	while (p->token.n && !is(p, "}") && !p->failed)
		if (!parse_definition(p))
			parse_field(p, type);
	take(p, "}");
	if (take(p, "align") && take(p, "(")) {
		if (!take_number(p, &align) || align > BITS_MAX)
			type->known = false;
		else if (align > type->align)
			type->align = align;
		skip_to_close(p, "(", ")");
	}
	if (named)
		add_type(p, name, type);
}

static void parse_type(struct parser *p, struct type *type)
{
	struct token words = p->token;

	memset(type, 0, sizeof *type);
	if (++p->depth > DEPTH_MAX) {
		p->failed = true;
	} else if (take(p, "integer") || take(p, "floating_point")) {
		bool is_integer = token_is(words, "integer");

		if (take(p, "{"))
			parse_number_type(p, type, is_integer);
	} else if (take(p, "enum")) {
		parse_enum(p, type);
	} else if (take(p, "struct")) {
		parse_struct(p, type);
	} else {
		for (words.n = 0; is_word(p) || is(p, "*"); advance(p))
			words.n = (size_t)(p->token.at + p->token.n - words.at);
		find_type(p, words, type);
	}
	p->depth--;
}

/* ---- blocks ---------------------------------------------------------------- */

/* `typealias TYPE := NAME;`, or `typedef TYPE NAME;`; false when it is neither. */
static bool parse_definition(struct parser *p)
{
	struct token name;
	struct type type;

	if (is(p, "typedef")) {
		/* Written as a field: its only member is the new name. */
		struct type holder = {.known = true, .align = 1};

		advance(p);
		parse_field(p, &holder);
		if (holder.n_members == 1) {
			const struct member *member = &holder.members[0];

			type = (struct type){.known = true, .is_integer = member->is_integer, .order = member->order,
					     .size = member->size, .align = holder.align};
			add_type(p, member->name, &type);
		}
		return true;
	}
	if (!take(p, "typealias"))
		return false;
	parse_type(p, &type);
	if (take(p, ":=")) {
		name = p->token;
		for (name.n = 0; is_word(p) || is(p, "*"); advance(p))
			name.n = (size_t)(p->token.at + p->token.n - name.at);
		add_type(p, name, &type);
	}
	skip_statement(p);
	return true;
}

/* `packet.header := TYPE` and `packet.context := TYPE`, after "packet". */
static void parse_packet(struct parser *p, struct type *header, struct type *context)
{
	struct type *type;

	take(p, ".");
	type = is(p, "header") ? header : is(p, "context") ? context : NULL;
	advance(p);
	if (type && take(p, ":="))
		parse_type(p, type);
}

/* The inside of "trace {" or "stream {". */
static void parse_block(struct parser *p, bool is_trace)
{
	struct stream_type stream = {.context = {.known = true, .align = 1}};

	while (p->token.n && !is(p, "}") && !p->failed) {
		if (parse_definition(p))
			continue;
		if (take(p, "packet"))
			parse_packet(p, is_trace ? &p->header : &(struct type){0}, is_trace ? &(struct type){0} : &stream.context);
		else if (is_trace && take(p, "byte_order") && take(p, "="))
			p->big = parse_order(p) == BIG;
		else if (!is_trace && take(p, "id") && take(p, "=") && !take_number(p, &stream.id))
			stream.context.known = false;
		else if (is(p, "struct") || is(p, "enum"))
			parse_type(p, &(struct type){0});
		skip_statement(p);
	}
	if (!is_trace && tl_vec_push(&p->streams, stream) < 0)
		p->failed = true;
}

/* The inside of "clock {": without a frequency the library divides by zero. */
static void parse_clock(struct parser *p)
{
	uint64_t frequency = 0;

	while (p->token.n && !is(p, "}")) {
		if (take(p, "freq") && take(p, "=") && !take_number(p, &frequency))
			frequency = 0;
		skip_statement(p);
	}
	p->failed = p->failed || frequency == 0;
}

static void parse(struct parser *p)
{
	for (advance(p); p->token.n && !p->failed;) {
		bool is_trace = is(p, "trace");

		if (parse_definition(p))
			continue;
		if (is_trace || is(p, "stream")) {
			advance(p);
			if (take(p, "{"))
				parse_block(p, is_trace);
		} else if (take(p, "clock")) {
			if (take(p, "{"))
				parse_clock(p);
		} else if (is(p, "struct") || is(p, "enum")) {
			parse_type(p, &(struct type){0});
		}
		skip_statement(p);
		take(p, "}"); /* else a stray one would stop us */
	}
}

/* ---- names that stand twice ------------------------------------------------- */

struct names {
	TL_VEC(struct token) list;
};

/*
 * Notes a field's name; false when the body has it already. The library takes a
 * leading underscore off the names of a structure's fields.
 */
static bool note_name(struct parser *p, struct names *names, struct token name, bool is_struct)
{
	if (is_struct && name.n > 1 && *name.at == '_')
		name = (struct token){name.at + 1, name.n - 1, false};
	for (size_t i = 0; i < names->list.n; i++)
		if (names->list.items[i].n == name.n && memcmp(names->list.items[i].at, name.at, name.n) == 0)
			return false;
	p->failed = tl_vec_push(&names->list, name) < 0 || p->failed;
	return true;
}

/*
 * Looks through a body in braces for fields that are declared twice, at which the
 * library aborts the program. `opener` is the word that says what the body is.
 */
static bool names_are_unique(struct parser *p, struct token opener, int depth)
{
	bool is_struct = token_is(opener, "struct"), has_fields = is_struct || token_is(opener, "variant");
	struct token word = {0}, what = {0};
	struct names names = {0};
	bool alias = false, named = false, unique = depth < DEPTH_MAX;

	for (; unique && p->token.n && !is(p, "}"); advance(p)) {
		if (is(p, "{")) {
			advance(p);
			unique = names_are_unique(p, what, depth + 1);
		} else if (is(p, "typealias") || is(p, "typedef")) {
			alias = true;
		} else if (is(p, "[")) {
			named = true;
		} else if (is(p, ";")) {
			unique = !has_fields || alias || !word.n || note_name(p, &names, word, is_struct);
			word = what = (struct token){0};
			alias = named = false;
		} else if (is_word(p)) {
			if (is(p, "struct") || is(p, "variant") || is(p, "enum") || is(p, "integer") ||
			    is(p, "string") || is(p, "floating_point") || !what.n)
				what = p->token;
			if (!named)
				word = p->token;
		}
	}
	tl_vec_finish(&names.list);
	return unique;
}

static bool all_names_are_unique(const struct parser *parsed, const char *text)
{
	struct parser p = {.at = text, .end = parsed->end};
	bool unique = true;

	for (advance(&p); unique && p.token.n; advance(&p))
		unique = names_are_unique(&p, (struct token){0}, 0);
	return unique && !p.failed;
}

/* ---- the result ------------------------------------------------------------ */

static struct tl_layout_field find_field(const struct parser *p, const struct type *type, const char *name)
{
	for (size_t i = 0; i < type->n_members; i++) {
		const struct member *m = &type->members[i];

		if (token_is(m->name, name))
			return (struct tl_layout_field){
				.present = true, .big = m->order == NATIVE ? p->big : m->order == BIG,
				.plain = m->is_integer && m->at % 8 == 0 && m->size % 8 == 0 && m->size <= 64,
				.at = m->at, .size = m->size};
	}
	return (struct tl_layout_field){0};
}

static bool is_readable(struct tl_layout_field field)
{
	return !field.present || field.plain;
}

static void fill(struct tl_layout *layout, const struct parser *p)
{
	layout->header_bits = p->header.size;
	layout->stream_id = find_field(p, &p->header, "stream_id");
	layout->known = !p->failed && p->header.known && is_readable(layout->stream_id);
	for (size_t i = 0; i < p->streams.n && layout->known; i++) {
		const struct type *context = &p->streams.items[i].context;
		struct tl_layout_stream stream = {
			.id = p->streams.items[i].id, .align = context->align, .context_bits = context->size,
			.packet_size = find_field(p, context, "packet_size"),
			.content_size = find_field(p, context, "content_size")};

		layout->known = context->known && context->align < BITS_MAX && is_readable(stream.packet_size) &&
				is_readable(stream.content_size) && tl_vec_push(&layout->streams, stream) == 0;
	}
}

static uint32_t load32(const char *at, bool big)
{
	uint32_t value;

	memcpy(&value, at, sizeof value);
	return big ? be32toh(value) : le32toh(value);
}

/* Turns packetized metadata into its text, in place; the new size. Plain text stays. */
static size_t unpack(char *text, size_t size)
{
	size_t out = 0;
	bool big;

	if (size < PACKET_HEAD || (load32(text, true) != 0x75D11D57 && load32(text, false) != 0x75D11D57))
		return size;
	big = load32(text, true) == 0x75D11D57;
	for (size_t at = 0; size - at >= PACKET_HEAD;) {
		size_t content = load32(text + at + 24, big) / 8, packet = load32(text + at + 28, big) / 8;

		if (content < PACKET_HEAD || packet < content || packet > size - at)
			break;
		memmove(text + out, text + at + PACKET_HEAD, content - PACKET_HEAD);
		out += content - PACKET_HEAD;
		at += packet;
	}
	return out;
}

/* All of a file; NULL when it cannot be had. */
static char *load(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	long length = file && fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
	char *text = length >= 0 && (size_t)length <= METADATA_MAX ? malloc((size_t)length + 1) : NULL;

	if (text) {
		rewind(file);
		*size = fread(text, 1, (size_t)length, file);
	}
	if (file)
		fclose(file);
	return text;
}

void tl_layout_init(struct tl_layout *layout, const char *metadata_path)
{
	struct parser p = {.header = {.known = true, .align = 1}};
	size_t size = 0;
	char *text = load(metadata_path, &size);

	memset(layout, 0, sizeof *layout);
	if (!text)
		return;
	size = unpack(text, size);
	p.at = text;
	p.end = text + size;
	parse(&p);
	p.failed = p.failed || !all_names_are_unique(&p, text);
	/* Streams without a block are possible when nothing needs one. */
	if (p.streams.n == 0 && tl_vec_push(&p.streams, (struct stream_type){.context = {.known = true, .align = 1}}) < 0)
		p.failed = true;
	fill(layout, &p);
	tl_vec_finish(&p.types);
	tl_vec_finish(&p.streams);
	free(text);
}

void tl_layout_finish(struct tl_layout *layout)
{
	tl_vec_finish(&layout->streams);
}

/* ---- walking --------------------------------------------------------------- */

/* Reads a field of the structure that begins at bit `base` of the packet at `packet`; false past the file's end. */
static bool read_field(int file, uint64_t packet, uint64_t base, struct tl_layout_field field, uint64_t *value)
{
	unsigned char bytes[8];
	size_t n = field.size / 8;

	if (pread(file, bytes, n, (off_t)(packet + (base + field.at) / 8)) != (ssize_t)n)
		return false;
	*value = 0;
	for (size_t i = 0; i < n; i++)
		*value = *value << 8 | bytes[field.big ? i : n - 1 - i];
	return true;
}

static const struct tl_layout_stream *find_stream(const struct tl_layout *layout, uint64_t id)
{
	for (size_t i = 0; i < layout->streams.n; i++)
		if (layout->streams.items[i].id == id || !layout->stream_id.present)
			return &layout->streams.items[i];
	return NULL;
}

/* The size in bytes of the packet at `at`, of `left` bytes at the most; 0 when it has none that is possible. */
static uint64_t packet_bytes(const struct tl_layout *layout, const struct tl_layout_stream *stream, int file,
			     uint64_t at, uint64_t left)
{
	uint64_t context = align_up(layout->header_bits, stream->align), bits = left * 8, content;

	if (stream->packet_size.present && !read_field(file, at, context, stream->packet_size, &bits))
		return 0;
	content = bits;
	if (stream->content_size.present && !read_field(file, at, context, stream->content_size, &content))
		return 0;
	if (!stream->packet_size.present)
		bits = content; /* and without either, one packet is all of the file */
	if (bits / 8 > left || content > bits || content < context + stream->context_bits)
		return 0;
	return bits / 8;
}

uint64_t tl_layout_walk(const struct tl_layout *layout, int file, uint64_t size, struct tl_layout_ends *ends)
{
	uint64_t at = 0;

	while (at < size) {
		const struct tl_layout_stream *stream;
		uint64_t id = 0, bytes;

		if (layout->stream_id.present && !read_field(file, at, 0, layout->stream_id, &id))
			return at;
		stream = find_stream(layout, id);
		bytes = stream ? packet_bytes(layout, stream, file, at, size - at) : 0;
		if (bytes == 0 || (ends && tl_vec_push(&ends->list, at + bytes) < 0))
			return at;
		at += bytes;
	}
	return at;
}
