/* Points of a trace as people give them; see when.h. */
#include "viewer/base/when.h"

#include <string.h>
#include <time.h>

#include "viewer/base/text.h"

#define NS_PER_S 1000000000

/* ".25" and what follows; the place behind it, or NULL. */
static const char *parse_fraction(const char *text, int64_t *ns)
{
	int64_t unit = NS_PER_S / 10;

	*ns = 0;
	if (*text != '.')
		return text;
	for (text++; *text >= '0' && *text <= '9'; text++, unit /= 10) {
		if (unit == 0)
			return NULL;
		*ns += unit * (*text - '0');
	}
	return text;
}

static int parse_clock(const char *text, int64_t *ns)
{
	struct tm tm = {.tm_isdst = -1};
	const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	int64_t fraction = 0, seconds;

	if (!rest)
		rest = strptime(text, "%Y-%m-%d %H:%M:%S", &tm);
	rest = rest ? parse_fraction(rest, &fraction) : NULL;
	if (!rest || (*rest != '\0' && strcmp(rest, "Z") != 0))
		return -1;
	tm.tm_isdst = -1;
	seconds = *rest == 'Z' ? timegm(&tm) : mktime(&tm);
	if (__builtin_mul_overflow(seconds, NS_PER_S, ns) || __builtin_add_overflow(*ns, fraction, ns))
		return -1;
	return 0;
}

int tl_when_parse(struct tl_when *when, const char *text)
{
	when->is_clock = false;
	if (tl_text_parse_time(text, &when->ns) == 0)
		return 0;
	when->is_clock = true;
	return parse_clock(text, &when->ns);
}

int64_t tl_when_since_epoch(const struct tl_when *when, int64_t start_ns)
{
	int64_t since;

	if (when->is_clock)
		return when->ns;
	if (__builtin_add_overflow(start_ns, when->ns, &since))
		return when->ns < 0 ? INT64_MIN : INT64_MAX;
	return since;
}
