/* What reports share and how each format escapes: with findings that no rule would make. */
#include "tests/unit/unit.h"

#include "viewer/report/ignore.h"
#include "viewer/report/report.h"

struct fixture {
	struct tl_check check;
	struct tl_finding finding;
	struct tl_shown shown;
	struct tl_report report;
	uint64_t task;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	struct tl_error error;

	tl_check_init(&f->check, &error);
	f->task = UINT64_C(1) << 32 | 1;
	f->finding = (struct tl_finding){
		.rule = "resource-leak",
		.meaning = "bad",
		.severity = TL_WARNING,
		.message = "m",
		.evidence = "",
		.count = 1,
		.tasks = &f->task,
		.n_tasks = 1,
		.proofs = {{.kind = TL_EVENT_OPEN, .task = f->task, .note = "first", .about = ""},
			   {.kind = TL_EVENT_BLOCK, .task = f->task, .note = "second", .about = ""}},
		.n_proofs = 2,
	};
	f->shown.finding = &f->finding;
	f->report = (struct tl_report){.check = &f->check,
				       .path = "trace",
				       .folder = "/src",
				       .list = &f->shown,
				       .n_list = 1,
				       .fail_on = TL_WARNING};
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	tl_check_finish(&f->check);
	free(f);
	return 0;
}

/* The report in a format; the caller frees it. */
static char *write_as(const struct fixture *f, const char *format)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(tl_format_find(format)->write(&f->report, out, NULL), 0);
	fclose(out);
	return text;
}

static void expect_in(const struct fixture *f, const char *format, const char *wanted)
{
	char *text = write_as(f, format);

	if (!strstr(text, wanted))
		fail_msg("no %s in %s", wanted, text);
	free(text);
}

static void expect_source(const char *folder, const char *file, const char *wanted, bool relative)
{
	struct tl_report report = {.folder = folder};
	char buffer[TL_SOURCE_PATH];
	bool got;

	assert_string_equal(tl_report_source(&report, file, &got, buffer), wanted);
	assert_int_equal(got, relative);
}

static void test_source_is_relative_where_it_can_be(void **state)
{
	(void)state;
	expect_source("/src", "/src/a/b.c", "a/b.c", true);
	expect_source("/src", "/src/a/../../src/./b.c", "b.c", true);
	expect_source("/src", "/srcs/b.c", "/srcs/b.c", false);
	expect_source("/src", "/other/b.c", "/other/b.c", false);
	expect_source("/", "/a/b.c", "/a/b.c", false);
	expect_source(NULL, "/src/b.c", "/src/b.c", false);
	expect_source("/src", "./a//b.c", "a/b.c", true);
	expect_source("/src", "../b.c", "../b.c", true);
	expect_source("/src", "a/../../../b.c", "../../b.c", true);
	expect_source("/src", "/../../b.c", "/b.c", false);
	expect_source("/src", "", "", true);
}

static void test_source_of_any_length_is_cut(void **state)
{
	static char path[3 * TL_SOURCE_PATH];
	struct tl_report report = {.folder = "/src"};
	char buffer[TL_SOURCE_PATH];
	bool relative;

	(void)state;
	memset(path, 'a', sizeof path - 1);
	for (size_t i = 0; i < sizeof path - 1; i += 100)
		path[i] = '/';
	tl_report_source(&report, path, &relative, buffer);
	assert_true(strlen(buffer) > TL_SOURCE_PATH - 200);
}

static void test_own_frames_are_not_those_of_the_c_library(void **state)
{
	(void)state;
	assert_true(tl_report_is_own(&(struct tl_frame){.module = "/usr/bin/libcheese"}));
	assert_true(tl_report_is_own(&(struct tl_frame){.module = NULL}));
	assert_false(tl_report_is_own(&(struct tl_frame){.module = "/lib/x86_64-linux-gnu/libc.so.6"}));
	assert_false(tl_report_is_own(&(struct tl_frame){.module = "/usr/lib/libstdc++.so.6"}));
}

static void expect_same(const struct fixture *f, const char *as, bool same)
{
	char print[TL_FINGERPRINT];

	tl_report_fingerprint(&f->report, &f->finding, print);
	assert_int_equal(strlen(print), TL_FINGERPRINT - 1);
	assert_int_equal(strcmp(print, as) == 0, same);
}

static void test_fingerprint_ignores_what_changes_from_run_to_run(void **state)
{
	struct fixture *f = *state;
	char print[TL_FINGERPRINT];
	struct tl_proof first;

	f->finding.proofs[0].about = "queue-17";
	tl_report_fingerprint(&f->report, &f->finding, print);
	f->finding.proofs[0].task += 5;
	f->finding.proofs[0].time_ns += 5;
	f->finding.proofs[0].seq += 5;
	f->finding.proofs[0].object += 5;
	f->finding.proofs[0].note = "0x55d0";
	f->finding.proofs[0].about = "queue-4";
	f->finding.message = "another number";
	f->finding.count = 7;
	f->finding.severity = TL_INFO;
	expect_same(f, print, true);
	/* Which came first, and how many alike are shown. */
	first = f->finding.proofs[0];
	f->finding.proofs[0] = f->finding.proofs[1];
	f->finding.proofs[1] = first;
	f->finding.proofs[2] = first;
	f->finding.n_proofs = 3;
	expect_same(f, print, true);
}

static void test_fingerprint_tells_findings_apart(void **state)
{
	struct fixture *f = *state;
	char print[TL_FINGERPRINT];

	tl_report_fingerprint(&f->report, &f->finding, print);
	f->finding.proofs[0].about = "queue";
	expect_same(f, print, false);
	f->finding.proofs[0].about = "";
	f->finding.proofs[0].kind = TL_EVENT_CREATE;
	expect_same(f, print, false);
	f->finding.proofs[0].kind = TL_EVENT_OPEN;
	expect_same(f, print, true);
	f->finding.rule = "lost-wakeup";
	expect_same(f, print, false);
}

static void test_xml_holds_any_text(void **state)
{
	struct fixture *f = *state;

	f->finding.message = "<a> & \"b\" ]]> \x01\x1b[0m \xff \xef\xbf\xbf \xc2\x85 \xc3\xbc";
	expect_in(f, "junit",
		  "message=\"&lt;a&gt; &amp; &quot;b&quot; ]]&gt; \\x01\\x1b[0m \\xff \\u{ffff} \\u{85} \xc3\xbc\"");
}

static void test_github_commands_cannot_be_smuggled_in(void **state)
{
	struct fixture *f = *state;
	char *text;

	f->finding.message = "100%\n::error::smuggled\r::x";
	expect_in(f, "github", "::100%25%0A::error::smuggled%0D::x%0A");
	text = write_as(f, "github");
	assert_null(strstr(text, "\n::"));
	assert_null(strchr(text, '\r'));
	free(text);
}

static void test_sarif_messages_are_no_links(void **state)
{
	struct fixture *f = *state;

	f->finding.message = "[click](http://evil)";
	expect_in(f, "sarif", "\"\\\\[click\\\\](http://evil)");
	f->finding.message = "operator[] \xff";
	expect_in(f, "sarif", "operator[] \\\\xff");
}

static void test_json_is_utf8_whatever_comes(void **state)
{
	struct fixture *f = *state;

	f->finding.message = "\"\xff\"";
	expect_in(f, "json", "\"message\": \"\\\"\\\\xff\\\"\"");
}

static void test_what_is_dealt_with_does_not_fail(void **state)
{
	static const struct tl_ignore_entry entry = {.rule = "resource-leak", .reason = "why", .file = "f", .line = 3};
	struct fixture *f = *state;

	assert_true(tl_report_fails(&f->report, &f->shown));
	expect_in(f, "junit", "failures=\"1\"");
	f->shown.is_known = true;
	assert_false(tl_report_fails(&f->report, &f->shown));
	expect_in(f, "junit", "failures=\"0\" errors=\"0\" skipped=\"1\"");
	f->shown.is_known = false;
	f->shown.ignored = &entry;
	assert_false(tl_report_fails(&f->report, &f->shown));
	assert_int_equal(tl_report_ignored(&f->report), 1);
	assert_int_equal(tl_report_count(&f->report, TL_WARNING), 0);
	expect_in(f, "sarif", "\"justification\": \"why\"");
	expect_in(f, "text", "0 warnings, 0 info; 1 suppressed");
	f->shown.ignored = NULL;
	f->report.fail_on = TL_FAIL_NEVER;
	assert_false(tl_report_fails(&f->report, &f->shown));
}

static void test_a_broken_trace_looks_broken_in_every_format(void **state)
{
	struct fixture *f = *state;

	f->report.partial = true;
	f->report.n_list = 0;
	expect_in(f, "junit", "errors=\"1\"");
	expect_in(f, "github", "::error ");
	expect_in(f, "sarif", "\"executionSuccessful\": false");
	expect_in(f, "json", "\"complete\": false");
	expect_in(f, "text", "before the trace could not be read on");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

TL_UNIT_MAIN(CASE(test_source_is_relative_where_it_can_be), CASE(test_source_of_any_length_is_cut),
	     CASE(test_own_frames_are_not_those_of_the_c_library),
	     CASE(test_fingerprint_ignores_what_changes_from_run_to_run), CASE(test_fingerprint_tells_findings_apart),
	     CASE(test_xml_holds_any_text), CASE(test_github_commands_cannot_be_smuggled_in),
	     CASE(test_sarif_messages_are_no_links), CASE(test_json_is_utf8_whatever_comes),
	     CASE(test_what_is_dealt_with_does_not_fail), CASE(test_a_broken_trace_looks_broken_in_every_format))
