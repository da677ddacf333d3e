/*
 * What a finding is recognised by in the next run; see report.h. Events of one
 * kind with one stack count once, and their order does not matter: which of three
 * leaked threads was first is chance.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "viewer/report/report.h"

/* FNV-1a with 64 bits, http://www.isthe.com/chongo/tech/comp/fnv/: a file of findings has no enemies. */
#define FNV_BASIS 0xcbf29ce484222325u
#define FNV_PRIME 0x100000001b3u

static uint64_t add_byte(uint64_t hash, unsigned char byte)
{
	return (hash ^ byte) * FNV_PRIME;
}

static uint64_t add_text(uint64_t hash, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		hash = add_byte(hash, (unsigned char)text[i]);
	return add_byte(hash, 0);
}

/* "queue-17" and "queue-4" are one to us. */
static uint64_t add_name(uint64_t hash, const char *name)
{
	for (; *name; name++)
		if (!isdigit((unsigned char)*name))
			hash = add_byte(hash, (unsigned char)*name);
		else if (!isdigit((unsigned char)name[1]))
			hash = add_byte(hash, '0');
	return add_byte(hash, 0);
}

/* Without what optimisation appends to a symbol. */
static size_t function_length(const char *function)
{
	static const char *const marks[] = {".constprop.", ".isra.", ".part.", ".cold", ".lto_priv."};
	size_t n = strlen(function);

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		const char *mark = strstr(function, marks[i]);

		if (mark && mark != function && (size_t)(mark - function) < n)
			n = (size_t)(mark - function);
	}
	return n;
}

static uint64_t add_frame(uint64_t hash, const struct tl_frame *frame)
{
	const char *slash = frame->module ? strrchr(frame->module, '/') : NULL;
	const char *module = slash ? slash + 1 : frame->module;

	if (frame->function)
		return add_text(hash, frame->function, function_length(frame->function));
	/* Where no symbol is known the file is; the place in it changes with each build. */
	return module ? add_text(hash, module, strlen(module)) : hash;
}

/* Of a stack the program's own part: the C library's differs from host to host. */
static uint64_t hash_proof(const struct tl_report *report, const struct tl_proof *proof)
{
	const char *kind = tl_kinds[proof->kind].name;
	uint64_t hash = add_text(FNV_BASIS, kind, strlen(kind));
	size_t n;
	const struct tl_frame *frames = tl_report_stack(report, proof, &n);

	for (size_t i = 0; i < n; i++)
		if (tl_report_is_own(&frames[i]))
			hash = add_frame(hash, &frames[i]);
	return add_name(hash, proof->about ? proof->about : "");
}

void tl_report_fingerprint(const struct tl_report *report, const struct tl_finding *finding,
			   char fingerprint[TL_FINGERPRINT])
{
	uint64_t seen[TL_FINDING_PROOFS], sum = 0, hash = add_text(FNV_BASIS, finding->rule, strlen(finding->rule));
	size_t n = 0;

	for (size_t i = 0, j; i < finding->n_proofs; i++) {
		uint64_t one = hash_proof(report, &finding->proofs[i]);

		for (j = 0; j < n && seen[j] != one; j++)
			;
		if (j < n)
			continue;
		seen[n++] = one;
		sum += one;
	}
	for (int shift = 0; shift < 64; shift += 8)
		hash = add_byte(hash, (unsigned char)(sum >> shift));
	snprintf(fingerprint, TL_FINGERPRINT, "%016" PRIx64, hash);
}
