/* What a user says of findings: suppressions and baselines, whatever the bytes of their files. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "viewer/report/baseline.h"
#include "viewer/report/ignore.h"

static const char *const seeds[] = {
	"# why\nnever-unblocked function=pool_* file=*/pool.c reason=The pool lives on.\n\n"
	"resource-leak object=\"config \\\"handle\\\\\" task=[a-z]? reason=x\n",
	"{\"findings\": [{\"fingerprint\": \"0123456789abcdef\"}, {\"fingerprint\": \"fedcba9876543210\", \"severity\": \"error\"}]}",
};

uint8_t *fuzz_seed(unsigned number, size_t *size)
{
	if (number >= sizeof seeds / sizeof *seeds)
		return NULL;
	*size = strlen(seeds[number]);
	return (uint8_t *)strdup(seeds[number]);
}

static void read_ignore(const char *path)
{
	struct tl_ignore ignore;
	struct tl_error error;
	int result;

	tl_error_init(&error);
	tl_ignore_init(&ignore);
	result = tl_ignore_read(&ignore, path, &error);
	if ((result != 0) != (error.code < 0))
		abort();
	for (size_t i = 0; i < ignore.list.n; i++)
		if (!ignore.list.items[i].rule || !ignore.list.items[i].reason || !*ignore.list.items[i].reason)
			abort();
	tl_ignore_finish(&ignore);
}

static void read_baseline(const char *path)
{
	struct tl_baseline *baseline;
	struct tl_error error;

	tl_error_init(&error);
	baseline = tl_baseline_read(path, &error);
	if (!baseline != (error.code < 0))
		abort();
	if (baseline)
		tl_baseline_knows(baseline, "0123456789abcdef", TL_INFO);
	tl_baseline_destroy(baseline);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	int fd = memfd_create("said", MFD_CLOEXEC);
	char path[64];

	if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	read_ignore(path);
	read_baseline(path);
	close(fd);
	return 0;
}
