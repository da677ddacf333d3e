/* Safe output of untrusted text, and times for people; see text.h. */
#include "viewer/base/text.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

size_t tl_text_utf8(const char *s, size_t n, uint32_t *code)
{
	const unsigned char *b = (const unsigned char *)s;
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t length;
	uint32_t c;

	if (n == 0)
		return 0;
	if (b[0] < 0x80) {
		c = b[0];
		length = 1;
	} else if (b[0] >= 0xC2 && b[0] < 0xE0) {
		c = b[0] & 0x1Fu;
		length = 2;
	} else if (b[0] >= 0xE0 && b[0] < 0xF0) {
		c = b[0] & 0x0Fu;
		length = 3;
	} else if (b[0] >= 0xF0 && b[0] < 0xF5) {
		c = b[0] & 0x07u;
		length = 4;
	} else {
		return 0;
	}
	if (length > n)
		return 0;
	for (size_t i = 1; i < length; i++) {
		if ((b[i] & 0xC0) != 0x80)
			return 0;
		c = c << 6 | (b[i] & 0x3Fu);
	}
	if (c < least[length] || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
		return 0;
	if (code)
		*code = c;
	return length;
}

/* Would a terminal act on this, or show a text that is not the text? */
static bool is_unsafe(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) ||
	       (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

bool tl_text_is_safe(const char *text)
{
	size_t left = strlen(text), used;
	uint32_t c;

	for (; left > 0; text += used, left -= used) {
		used = tl_text_utf8(text, left, &c);
		if (used == 0 || is_unsafe(c))
			return false;
	}
	return true;
}

/* Writes the next character of `s` to `out`, escaped; returns the bytes read. */
static size_t escape_one(const char *s, size_t n, char out[16])
{
	uint32_t c = 0;
	size_t length = tl_text_utf8(s, n, &c);

	if (length == 0) {
		snprintf(out, 16, "\\x%02x", (unsigned)(unsigned char)*s);
		return 1;
	}
	if (c == '\n')
		strcpy(out, "\\n");
	else if (c == '\t')
		strcpy(out, "\\t");
	else if (c == '\\')
		strcpy(out, "\\\\");
	else if (c < 0x80 && is_unsafe(c))
		snprintf(out, 16, "\\x%02x", (unsigned)c);
	else if (is_unsafe(c))
		snprintf(out, 16, "\\u{%x}", (unsigned)c);
	else {
		memcpy(out, s, length);
		out[length] = '\0';
	}
	return length;
}

void tl_text_escape(FILE *out, const char *text)
{
	size_t left = text ? strlen(text) : 0;
	char one[16];

	while (left > 0) {
		size_t used = escape_one(text, left, one);

		fputs(one, out);
		text += used;
		left -= used;
	}
}

void tl_text_escape_to(char *buffer, size_t size, const char *text)
{
	size_t left = text ? strlen(text) : 0, at = 0;
	char one[16];

	if (size == 0)
		return;
	while (left > 0) {
		size_t used = escape_one(text, left, one);
		size_t length = strlen(one);

		if (at + length >= size)
			break;
		memcpy(buffer + at, one, length);
		at += length;
		text += used;
		left -= used;
	}
	buffer[at] = '\0';
}

static uint64_t magnitude(int64_t v)
{
	return v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
}

char *tl_text_time(char *buffer, int64_t ns)
{
	uint64_t u = magnitude(ns);

	snprintf(buffer, TL_TIME_TEXT, "%s%" PRIu64 ".%09" PRIu64 " s", ns < 0 ? "-" : "", u / 1000000000u,
		 u % 1000000000u);
	return buffer;
}

char *tl_text_duration(char *buffer, int64_t ns)
{
	static const struct {
		uint64_t ns;
		const char *unit;
	} units[] = {{1000000000u, "s"}, {1000000u, "ms"}, {1000u, "us"}};
	uint64_t u = magnitude(ns);
	const char *sign = ns < 0 ? "-" : "";

	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		/* What would be rounded to 1000 of the next smaller unit is one of this. */
		if (u < units[i].ns - units[i].ns / 2000)
			continue;
		double value = (double)u / (double)units[i].ns;
		int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;

		snprintf(buffer, TL_TIME_TEXT, "%s%.*f %s", sign, decimals, value, units[i].unit);
		return buffer;
	}
	snprintf(buffer, TL_TIME_TEXT, "%s%" PRIu64 " ns", sign, u);
	return buffer;
}

static bool unit_ns(const char *unit, uint64_t *ns)
{
	static const struct {
		const char *text;
		uint64_t ns;
	} units[] = {{"", 1},           {"ns", 1},           {"us", 1000},         {"ms", 1000000},
		     {"s", 1000000000}, {"m", 60000000000u}, {"h", 3600000000000u}};

	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (strcmp(unit, units[i].text) == 0) {
			*ns = units[i].ns;
			return true;
		}
	}
	return false;
}

int tl_text_parse_time(const char *text, int64_t *ns)
{
	bool negative = *text == '-';
	const char *p = text + negative, *fraction = NULL, *end;
	uint64_t whole = 0, scale = 0, total;

	if (*p < '0' || *p > '9')
		return -1;
	for (; *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(whole, 10u, &whole) ||
		    __builtin_add_overflow(whole, (uint64_t)(*p - '0'), &whole))
			return -1;
	if (*p == '.')
		for (fraction = ++p; *p >= '0' && *p <= '9'; p++)
			;
	end = p;
	while (*p == ' ')
		p++;
	if (!unit_ns(p, &scale) || __builtin_mul_overflow(whole, scale, &total))
		return -1;
	for (uint64_t part = scale; fraction && fraction < end; fraction++) {
		if (part % 10 != 0 && *fraction != '0')
			return -1;
		part /= 10;
		if (__builtin_add_overflow(total, part * (uint64_t)(*fraction - '0'), &total))
			return -1;
	}
	if (total > INT64_MAX)
		return -1;
	*ns = negative ? -(int64_t)total : (int64_t)total;
	return 0;
}
