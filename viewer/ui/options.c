/* Options of threadline-view, as a table; see options.h. */
#include "viewer/ui/options.h"

#include <stdlib.h>
#include <string.h>

#include "viewer/base/text.h"
#include "viewer/read/source.h"
#include "viewer/ui/filter.h"

const char tl_view_usage[] =
	"usage: threadline-view TRACE... [options]\n"
	"       threadline-view --render OUT.png|OUT.svg TRACE... [options]\n"
	"\n"
	"Shows a trace as a timeline in a window, or draws the same picture into a file\n"
	"without a display. TRACE is a folder with a recording, or an event list in text;\n"
	"several are shown on one time line. With --live it is net://HOST[:PORT], a session that\n"
	"runs (threadline record --to): the picture grows until Esc, or until the session ends.\n"
	"\n"
	"  --render OUT         draw into a file (which is replaced): SVG if it is called so\n"
	"                       (*.svg), else PNG\n"
	"  --from T, --to T     show this range: ns since the start of the trace, or with a\n"
	"                       unit: 1.5s, 250us, 12345\n"
	"  --size WxH           pixels, 1..16384 each (--render, --bench; default 1600x900,\n"
	"                       for --bench 1920x1080)\n"
	"  --select N           select the Nth finding of the list\n"
	"  --panel NAME         open a panel: flame, objects, wakeups, leaks, tasks, waits; or\n"
	"                       path, the critical path to what --select selects\n"
	"  --rows FILTER        only the tasks that meet it, as R does in the window: part of a name,\n"
	"                       state:blocked, reason:mutex, wait>10ms, -term for all others\n"
	"  --clock-offset WHAT=TIME\n"
	"                       add TIME (+1.5ms, -20us) to the times of a host or of a trace below a\n"
	"                       path, whose clock is wrong; may be given several times\n"
	"  --theme dark|light   default: dark\n"
	"  --scale N            size of text and rows, 0.5..4 (default: the display's)\n"
	"  --cache auto|always|never\n"
	"                       keep what was read in TRACE.threadline-cache, to open it faster\n"
	"                       the next time (auto: a window does, if reading took a second);\n"
	"                       --no-cache: never, and read none\n"
	"  --bench              draw a fixed series of zooms and pans without a display, print\n"
	"                       the times it took as JSON\n"
	"  --bench-opening      open a window and leave it as soon as everything is shown; print when the\n"
	"                       first picture and the whole one were there as JSON: ns of the\n"
	"                       monotonic clock (SDL_VIDEODRIVER=dummy: without a display)\n"
	"  --frames             a line on stderr for each picture that is drawn in the window, with\n"
	"                       its time: none while nothing happens\n"
	"  --help, --version\n";

static int want_time(const char *name, const char *value, int64_t *ns, bool *has, struct tl_error *error)
{
	*has = true;
	if (tl_text_parse_time(value, ns) == 0)
		return 0;
	return tl_error_set(error, TL_EUSAGE,
			    "%s %s: not a time; write ns since the start, or a number with a unit (1.5s, 250us)", name,
			    value);
}

static int take_from(struct tl_view_options *options, const char *value, struct tl_error *error)
{
	return want_time("--from", value, &options->from_ns, &options->has_from, error);
}

static int take_to(struct tl_view_options *options, const char *value, struct tl_error *error)
{
	return want_time("--to", value, &options->to_ns, &options->has_to, error);
}

/* Digits only; up to `most`. */
static bool number(const char **text, unsigned long most, unsigned long *value)
{
	const char *p = *text;

	*value = 0;
	for (; *p >= '0' && *p <= '9' && *value <= most; p++)
		*value = *value * 10 + (unsigned long)(*p - '0');
	if (p == *text || *value > most)
		return false;
	*text = p;
	return true;
}

static int take_size(struct tl_view_options *options, const char *value, struct tl_error *error)
{
	const char *p = value;
	unsigned long w, h;

	if (!number(&p, TL_SIZE_MAX, &w) || (*p != 'x' && *p != 'X') || (p++, !number(&p, TL_SIZE_MAX, &h)) || *p ||
	    w < 1 || h < 1)
		return tl_error_set(error, TL_EUSAGE,
				    "--size %s: write WIDTHxHEIGHT, 1 to %d pixels each, such as 1600x900", value,
				    TL_SIZE_MAX);
	options->width = (int)w;
	options->height = (int)h;
	options->has_size = true;
	return 0;
}

static int take_select(struct tl_view_options *options, const char *value, struct tl_error *error)
{
	const char *p = value;

	if (!number(&p, 100000000, &options->select) || *p || options->select == 0)
		return tl_error_set(error, TL_EUSAGE, "--select %s: write the number of a finding, from 1", value);
	return 0;
}

static int take_panel(struct tl_view_options *options, const char *value, struct tl_error *error)
{
	options->panel = tl_panel_find(value);
	if (options->panel != TL_PANEL_NONE)
		return 0;
	return tl_error_set(error, TL_EUSAGE,
			    "--panel %s: there are flame, objects, wakeups, leaks, tasks, waits and path", value);
}

static int take_rows(struct tl_view_options *options, const char *value, struct tl_error *error)
{
	struct tl_filter filter = {0};

	options->rows = value;
	return tl_filter_parse(&filter, value, error) == 0 ? 0 : tl_error_add(error, "--rows %s", value);
}

static int take_offset(struct tl_view_options *options, const char *value, struct tl_error *error)
{
	return tl_offsets_add(&options->offsets, value, error);
}

static int take_theme(struct tl_view_options *options, const char *value, struct tl_error *error)
{
	options->theme = tl_theme_find(value);
	options->has_theme = true;
	return options->theme ? 0 : tl_error_set(error, TL_EUSAGE, "--theme %s: there are dark and light", value);
}

static int take_scale(struct tl_view_options *options, const char *value, struct tl_error *error)
{
	char *end;

	options->scale = strtod(value, &end);
	if (end != value && !*end && options->scale >= 0.5 && options->scale <= 4)
		return 0;
	return tl_error_set(error, TL_EUSAGE, "--scale %s: a number from 0.5 to 4", value);
}

static int take_cache(struct tl_view_options *options, const char *value, struct tl_error *error)
{
	static const char *const uses[] = {
		[TL_CACHE_AUTO] = "auto", [TL_CACHE_ALWAYS] = "always", [TL_CACHE_NEVER] = "never"};

	for (unsigned i = 0; i < sizeof uses / sizeof *uses; i++) {
		options->cache = (enum tl_cache_use)i;
		if (strcmp(value, uses[i]) == 0)
			return 0;
	}
	return tl_error_set(error, TL_EUSAGE, "--cache %s: there are auto, always and never", value);
}

static int take_render(struct tl_view_options *options, const char *value, struct tl_error *error)
{
	options->render = value;
	return value[0] ? 0 : tl_error_set(error, TL_EUSAGE, "--render: the name of the picture is empty");
}

static const struct {
	const char *name;
	int (*take)(struct tl_view_options *options, const char *value, struct tl_error *error);
} valued[] = {
	{"--render", take_render},       {"--from", take_from},     {"--to", take_to},
	{"--size", take_size},           {"--panel", take_panel},   {"--rows", take_rows},
	{"--clock-offset", take_offset}, {"--select", take_select}, {"--theme", take_theme},
	{"--scale", take_scale},         {"--cache", take_cache},
};

static bool take_flag(struct tl_view_options *options, const char *arg)
{
	if (strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0)
		options->help = true;
	else if (strcmp(arg, "--version") == 0)
		options->version = true;
	else if (strcmp(arg, "--bench") == 0)
		options->bench = true;
	else if (strcmp(arg, "--bench-opening") == 0)
		options->bench_opening = true;
	else if (strcmp(arg, "--no-cache") == 0)
		options->cache = TL_CACHE_NEVER;
	else if (strcmp(arg, "--frames") == 0)
		options->frames = true;
	else if (strcmp(arg, "--live") == 0)
		options->live = true;
	else
		return false;
	return true;
}

/* An option that takes a value, as "--name value" or "--name=value"; 1 when it is none. */
static int take_valued(struct tl_view_options *options, int argc, char *const *argv, int *at, struct tl_error *error)
{
	for (size_t i = 0; i < sizeof valued / sizeof *valued; i++) {
		size_t n = strlen(valued[i].name);

		if (strncmp(argv[*at], valued[i].name, n) != 0)
			continue;
		if (argv[*at][n] == '=')
			return valued[i].take(options, argv[*at] + n + 1, error);
		if (argv[*at][n] != '\0')
			continue;
		if (*at + 1 >= argc)
			return tl_error_set(error, TL_EUSAGE, "%s needs a value", valued[i].name);
		return valued[i].take(options, argv[++*at], error);
	}
	return 1;
}

enum tl_cache_use tl_view_options_cache(const struct tl_view_options *options)
{
	return options->live || options->offsets.n > 0 ? TL_CACHE_NEVER : options->cache;
}

static int finish(struct tl_view_options *options, struct tl_error *error)
{
	if (options->help || options->version)
		return 0;
	if (options->n_traces == 0)
		return tl_error_set(error, TL_EUSAGE, "which trace? threadline-view TRACE (--help tells more)");
	if (options->live && (options->n_traces != 1 || options->render || !tl_source_is_live(options->traces[0])))
		return tl_error_set(error, TL_EUSAGE, "--live takes one net://HOST[:PORT], and shows it in a window");
	if (options->bench && !options->has_size) {
		options->width = 1920;
		options->height = 1080;
	}
	if (options->has_from && options->has_to && options->from_ns >= options->to_ns)
		return tl_error_set(error, TL_EUSAGE, "--from must be before --to");
	return 0;
}

int tl_view_options_parse(struct tl_view_options *options, int argc, char *const *argv, struct tl_error *error)
{
	bool only_names = false;

	*options = (struct tl_view_options){.theme = &tl_theme_dark, .width = 1600, .height = 900};
	for (int at = 1; at < argc; at++) {
		int result = 1;

		if (!only_names && strcmp(argv[at], "--") == 0) {
			only_names = true;
			continue;
		}
		if (!only_names && argv[at][0] == '-' && argv[at][1]) {
			if (take_flag(options, argv[at]))
				continue;
			result = take_valued(options, argc, argv, &at, error);
			if (result > 0)
				return tl_error_set(error, TL_EUSAGE, "there is no option %s (--help lists them)",
						    argv[at]);
			if (result < 0)
				return result;
			continue;
		}
		if (options->n_traces == TL_TRACES_MAX)
			return tl_error_set(error, TL_EUSAGE,
					    "more than %d traces; a folder that holds them counts as one",
					    TL_TRACES_MAX);
		options->traces[options->n_traces++] = argv[at];
	}
	return finish(options, error);
}
