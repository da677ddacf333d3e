/* Sending elsewhere: addresses, the line that tells of a cut, and which options do not go together. */
#include "tests/unit/unit.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <unistd.h>

#include "tracer/record/address.h"
#include "tracer/record/line.h"
#include "tracer/record/options.h"

static void test_addresses(void **state)
{
	static const struct {
		const char *text, *host, *control, *data;
	} good[] = {
		{"127.0.0.1", "127.0.0.1", "tcp://127.0.0.1:5342", "tcp://127.0.0.1:5343"},
		{"127.0.0.1:6000", "127.0.0.1", "tcp://127.0.0.1:6000", "tcp://127.0.0.1:6001"},
		{"net://127.0.0.1:6000", "127.0.0.1", "tcp://127.0.0.1:6000", "tcp://127.0.0.1:6001"},
		{"[::1]", "::1", "tcp6://[::1]:5342", "tcp6://[::1]:5343"},
		{"[::1]:7", "::1", "tcp6://[::1]:7", "tcp6://[::1]:8"},
	};
	static const char *const bad[] = {"",     ":1",           "127.0.0.1:",   "127.0.0.1:0",    "127.0.0.1:65535",
					  "[::1", "[::1]x",       "127.0.0.1/x",  "127.0.0.1:1x",   "net://",
					  "[]:1", "127.0.0.1:-1", "127.0.0.1: 1", "host name:99999"};
	struct tl_address address;
	char url[TL_URL];

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		assert_int_equal(tl_address_parse(&address, good[i].text, NULL), 0);
		assert_string_equal(address.host, good[i].host);
		tl_address_url(&address, 0, url);
		assert_string_equal(url, good[i].control);
		tl_address_url(&address, TL_RELAY_DATA, url);
		assert_string_equal(url, good[i].data);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(tl_address_parse(&address, bad[i], NULL), TL_EUSAGE);
}

static void test_a_line_is_cut_when_the_other_side_goes(void **state)
{
	struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int server = socket(AF_INET, SOCK_STREAM, 0), peer, line;
	socklen_t size = sizeof any;
	struct tl_address address;
	struct tl_error error;
	char text[64];

	(void)state;
	assert_true(server >= 0);
	assert_int_equal(bind(server, (const struct sockaddr *)&any, sizeof any), 0);
	assert_int_equal(listen(server, 1), 0);
	assert_int_equal(getsockname(server, (struct sockaddr *)&any, &size), 0);
	/* What the kernel picked may be too near to the end for three in a row. */
	if (ntohs(any.sin_port) > 65533)
		skip();
	snprintf(text, sizeof text, "127.0.0.1:%d", ntohs(any.sin_port));
	assert_int_equal(tl_address_parse(&address, text, NULL), 0);
	line = tl_line_open(&address, 1000, NULL);
	assert_true(line >= 0);
	peer = accept(server, NULL, NULL);
	assert_true(peer >= 0);
	assert_false(tl_line_is_cut(line));
	close(peer);
	for (int i = 0; i < 100 && !tl_line_is_cut(line); i++)
		usleep(10000);
	assert_true(tl_line_is_cut(line));
	close(line);
	close(server);
	tl_error_init(&error);
	assert_true(tl_line_open(&address, 1000, &error) < 0);
	assert_non_null(strstr(error.cause[0], "no relay daemon answers"));
}

/* Parses "record WORD... cmd"; its code. */
static int parse(const char *const *words, struct tl_error *error)
{
	char *argv[12] = {(char *)"record"};
	struct tl_record_options options;
	int argc = 1;

	for (; words[argc - 1] && argc < 10; argc++)
		argv[argc] = (char *)words[argc - 1];
	argv[argc++] = (char *)"cmd";
	tl_error_init(error);
	return tl_record_options_parse(&options, argc, argv, error);
}

static void test_what_does_not_go_together_is_refused_with_the_reason(void **state)
{
	static const struct {
		const char *words[8], *reason; /* NULL: it goes */
	} cases[] = {
		{{"--to", "h"}, NULL},
		{{"--live"}, NULL},
		{{"--to", "h", "--live", "--if-cut", "end"}, NULL},
		{{"--lossless"}, NULL},
		{{"--lossless", "--buffer-size", "4M"}, NULL},
		{{"--flight", "--on-event", "a:b c == 1"}, NULL},
		{{"--live", "--flight"}, "LTTng cannot take snapshots"},
		{{"--to", "h", "--rotate", "1m"}, "LTTng cannot rotate"},
		{{"--to", "h", "--max-size", "1M"}, "--max-size and --survive"},
		{{"--to", "h", "--survive"}, "--max-size and --survive"},
		{{"--to", "h", "--check"}, "check where the trace is written"},
		{{"--to", "h", "--lossless"}, "never waits for the network"},
		{{"--flight", "--lossless"}, "overwrites the oldest"},
		{{"--lossless", "--buffer-size", "1M"}, "4M at least"},
		{{"--if-cut", "end"}, "--if-cut is for --to"},
		{{"--to", "h", "--if-cut", "perhaps"}, "'wait' or 'end'"},
		{{"--on-event", "a:b"}, "--on-event is for --flight"},
	};
	struct tl_error error;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int code = parse(cases[i].words, &error);

		assert_int_equal(code, cases[i].reason ? TL_EUSAGE : 0);
		if (cases[i].reason)
			assert_non_null(strstr(error.cause[0], cases[i].reason));
	}
}

TL_UNIT_MAIN(cmocka_unit_test(test_addresses), cmocka_unit_test(test_a_line_is_cut_when_the_other_side_goes),
	     cmocka_unit_test(test_what_does_not_go_together_is_refused_with_the_reason))
