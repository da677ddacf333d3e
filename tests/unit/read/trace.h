/*
 * A trace of LTTng's form in a folder of its own, written by a test and read through the
 * source: what the tests of readers share beside the bytes themselves (ctf.h). Whatever
 * goes wrong fails the test.
 */
#ifndef TL_TESTS_READ_TRACE_H
#define TL_TESTS_READ_TRACE_H

#include "tests/unit/read/ctf.h"
#include "viewer/read/source.h"

#define TRACE_TASK ((uint64_t)7 << 32 | 1) /* of marks */

struct trace_fixture {
	char folder[4096];
	char temporary[4096]; /* $TMPDIR while the case runs: must be empty afterwards */
};

struct trace_fixture trace_start(void);
void trace_stop(const struct trace_fixture *f);

void trace_metadata(const char *folder, const struct ctf_form *form);
/* Writes and finishes it. */
void trace_stream(const char *folder, const char *name, struct ctf_stream *stream);
void trace_mark(struct ctf_stream *stream, int64_t time, uint32_t seq);

struct tl_source *trace_open(const char *folder);
/* The next item's type, which is no error. */
int trace_next(struct tl_source *source, struct tl_item *item);
/* The next item, of that type. */
struct tl_item trace_expect(struct tl_source *source, enum tl_item_type type);

#endif
