/* Offsets of clocks; see offsets.h. */
#include "viewer/read/offsets.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/base/text.h"
#include "viewer/read/metadata_text.h"

#define OFFSET_MOST (INT64_C(1) << 60)

int tl_offsets_add(struct tl_offsets *offsets, const char *text, struct tl_error *error)
{
	const char *equals = strrchr(text, '='), *number = equals ? equals + 1 : "";
	struct tl_offset *offset = &offsets->list[offsets->n];
	size_t n = equals ? (size_t)(equals - text) : 0;
	bool is_negative = *number == '-';

	if (offsets->n == TL_OFFSETS_MAX)
		return tl_error_set(error, TL_EUSAGE, "more than %d clock offsets", TL_OFFSETS_MAX);
	number += *number == '-' || *number == '+';
	while (n > 1 && text[n - 1] == '/')
		n--;
	if (n == 0 || n >= TL_OFFSET_NAME || *number < '0' || *number > '9' ||
	    tl_text_parse_time(number, &offset->ns) != 0 || offset->ns > OFFSET_MOST)
		return tl_error_set(error, TL_EUSAGE, "'%.100s' is not a clock offset like HOST=+1.5ms or TRACE=-20us",
				    text);
	snprintf(offset->of, sizeof offset->of, "%.*s", (int)n, text);
	if (is_negative)
		offset->ns = -offset->ns;
	offsets->n++;
	return 0;
}

/* The host's name, as the trace's environment has it; "": it says none. */
static void read_host(const char *folder, char *host, size_t size)
{
	static const char key[] = "hostname = \"";
	enum tl_metadata_form form;
	char path[PATH_MAX], *text;
	size_t n = 0;

	*host = '\0';
	if (snprintf(path, sizeof path, "%s/metadata", folder) >= (int)sizeof path)
		return;
	text = tl_metadata_load(path, &n, &form);
	for (const char *at = text; at && (at = memchr(at, 'h', n - (size_t)(at - text))); at++) {
		size_t left = n - (size_t)(at - text), length = 0;

		if (left < sizeof key || memcmp(at, key, sizeof key - 1) != 0)
			continue;
		at += sizeof key - 1;
		left -= sizeof key - 1;
		while (length < left && at[length] != '"')
			length++;
		snprintf(host, size, "%.*s", (int)(length < size ? length : size - 1), at);
		break;
	}
	free(text);
}

/* Is it that path, or below it? */
static bool is_below(const char *path, const char *of)
{
	size_t n = strlen(of);

	return strncmp(path, of, n) == 0 && (path[n] == '\0' || path[n] == '/' || of[n - 1] == '/');
}

int64_t tl_offsets_find(struct tl_offsets *offsets, const char *path, const char *host)
{
	char read[256];
	int64_t ns = 0;

	if (!offsets || offsets->n == 0)
		return 0;
	if (!host) {
		read_host(path, read, sizeof read);
		host = read;
	}
	for (size_t i = 0; i < offsets->n; i++) {
		struct tl_offset *offset = &offsets->list[i];

		if (strcmp(offset->of, host) != 0 && !is_below(path, offset->of))
			continue;
		offset->used = true;
		if (__builtin_add_overflow(ns, offset->ns, &ns))
			ns = offset->ns < 0 ? INT64_MIN : INT64_MAX;
	}
	return ns;
}

int tl_offsets_judge(const struct tl_offsets *offsets, struct tl_error *error)
{
	for (size_t i = 0; offsets && i < offsets->n; i++)
		if (!offsets->list[i].used)
			return tl_error_set(error, TL_EUSAGE, "there is no host and no trace '%.200s' to shift",
					    offsets->list[i].of);
	return 0;
}
