/*
 * What every unit test program begins with: cmocka, and a main() that runs the
 * one case named on its command line (as ctest does), or all of them. A name
 * that matches no case is an error: a test that does not run must not pass.
 */
#ifndef TL_TESTS_UNIT_H
#define TL_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* TL_UNIT_MAIN(cmocka_unit_test(test_a), cmocka_unit_test(test_b)) */
#define TL_UNIT_MAIN(...)                                                     \
	int main(int argc, char **argv)                                       \
	{                                                                     \
		const struct CMUnitTest tests[] = {__VA_ARGS__};              \
		size_t found = 0, n = sizeof tests / sizeof *tests;           \
                                                                              \
		if (argc > 1) {                                               \
			for (size_t i = 0; i < n; i++)                        \
				found += strcmp(tests[i].name, argv[1]) == 0; \
			if (found == 0) {                                     \
				fprintf(stderr, "no case %s\n", argv[1]);     \
				return 2;                                     \
			}                                                     \
			cmocka_set_test_filter(argv[1]);                      \
		}                                                             \
		return cmocka_run_group_tests(tests, NULL, NULL);             \
	}

#endif
