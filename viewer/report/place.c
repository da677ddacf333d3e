/* Which place in the source a finding stands for, and how its file is named; see report.h. */
#include <string.h>

#include "viewer/report/report.h"

bool tl_report_is_own(const struct tl_frame *frame)
{
	static const char *const others[] = {"libc.so",   "libc-",          "libpthread", "ld-linux",
					     "libstdc++", "libc++",         "libgcc_s",   "libtsan",
					     "libasan",   "linux-vdso.so.", "libm.so"};
	const char *slash = frame->module ? strrchr(frame->module, '/') : NULL;
	const char *name = slash ? slash + 1 : frame->module ? frame->module : "";

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (strncmp(name, others[i], strlen(others[i])) == 0)
			return false;
	return true;
}

/* Appends the parts of `path` to `out`, going back for "..". */
static void append_parts(char *out, size_t size, const char *path, bool is_absolute)
{
	size_t n = strlen(out), length;

	for (; *path; path += length + (path[length] == '/')) {
		char *slash = strrchr(out, '/'), *last = slash ? slash + 1 : out;

		length = strcspn(path, "/");
		if (length == 0 || (length == 1 && path[0] == '.'))
			continue;
		if (length == 2 && memcmp(path, "..", 2) == 0 && strcmp(last, "..") != 0 && (n > 0 || is_absolute)) {
			*(slash ? slash : out) = '\0';
			n = strlen(out);
			continue;
		}
		if (n + length + 2 > size)
			return;
		if (n > 0 || is_absolute)
			out[n++] = '/';
		memcpy(out + n, path, length);
		out[n += length] = '\0';
	}
}

char *tl_report_source(const struct tl_report *report, const char *file, bool *relative, char buffer[TL_SOURCE_PATH])
{
	size_t n = report->folder ? strlen(report->folder) : 0;

	buffer[0] = '\0';
	append_parts(buffer, TL_SOURCE_PATH, file, file[0] == '/');
	*relative = file[0] != '/';
	if (!*relative && n > 1 && strncmp(buffer, report->folder, n) == 0 && buffer[n] == '/') {
		memmove(buffer, buffer + n + 1, strlen(buffer + n + 1) + 1);
		*relative = true;
	}
	return buffer;
}

/* How well a frame tells a reader where to look: 0 not at all. */
static int worth(const struct tl_report *report, const struct tl_frame *frame)
{
	char path[TL_SOURCE_PATH];
	bool relative;

	if (!frame->file || frame->line <= 0)
		return 0;
	if (!tl_report_is_own(frame))
		return 1;
	tl_report_source(report, frame->file, &relative, path);
	if (relative && strncmp(path, "..", 2) != 0)
		return 4;
	/* Templates of the C++ library are compiled into the program. */
	return strncmp(path, "/usr/", 5) == 0 ? 2 : 3;
}

static const struct tl_frame *better(const struct tl_report *report, const struct tl_proof *proof,
				     const struct tl_frame *best)
{
	size_t n;
	const struct tl_frame *frames = tl_report_stack(report, proof, &n);
	int most = best ? worth(report, best) : 0;

	for (size_t i = 0; i < n; i++) {
		int w = worth(report, &frames[i]);

		if (w > most) {
			most = w;
			best = &frames[i];
		}
	}
	return best;
}

const struct tl_frame *tl_report_place_of_proof(const struct tl_report *report, const struct tl_proof *proof)
{
	return better(report, proof, NULL);
}

const struct tl_frame *tl_report_place(const struct tl_report *report, const struct tl_finding *finding)
{
	const struct tl_frame *best = NULL;

	for (size_t i = 0; i < finding->n_proofs; i++)
		best = better(report, &finding->proofs[i], best);
	return best;
}
