/*
 * The direct reader gives what Babeltrace gives for traces that nobody here wrote
 * (../shared/traces), or leaves them to it. Skipped, and said so, when they are not there.
 */
#include "tests/unit/unit.h"

#include <dirent.h>

#include "tests/unit/read/compare.h"

static void compare_all(const char *name, int *same)
{
	const char *root = getenv("THREADLINE_SHARED");
	char path[4096], real[4096], trace[8192];
	const struct dirent *entry;
	DIR *folder;

	snprintf(path, sizeof path, "%s/traces/%s", root ? root : "", name);
	folder = root && realpath(path, real) ? opendir(real) : NULL;
	if (!folder) {
		print_message("skipped: %s is not there\n", path);
		exit(77);
	}
	while ((entry = readdir(folder))) {
		char why[2048];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(trace, sizeof trace, "%s/%s", real, entry->d_name);
		switch (compare_readers(trace, why, sizeof why)) {
		case COMPARED_SAME: ++*same; break;
		case COMPARED_DIFFERENT: fail_msg("%s: %s", trace, why); break;
		default: print_message("%s: %s\n", entry->d_name, why);
		}
	}
	closedir(folder);
}

static void test_direct_is_equal_on_shared_valid_traces(void **state)
{
	int same = 0;

	(void)state;
	compare_all("babeltrace/succeed", &same);
	assert_true(same >= 9);
}

static void test_direct_is_equal_on_shared_invalid_traces(void **state)
{
	int same = 0;

	(void)state;
	compare_all("babeltrace/fail", &same);
}

static void test_direct_is_equal_on_shared_large_traces(void **state)
{
	int same = 0;

	(void)state;
	compare_all("tracecompass", &same);
	assert_true(same >= 1);
}

TL_UNIT_MAIN(cmocka_unit_test(test_direct_is_equal_on_shared_valid_traces),
	     cmocka_unit_test(test_direct_is_equal_on_shared_invalid_traces),
	     cmocka_unit_test(test_direct_is_equal_on_shared_large_traces))
