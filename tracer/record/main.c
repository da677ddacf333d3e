/* threadline-record: which command it is; see commands.h. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tracer/record/commands.h"

/*
 * A caller may have closed a standard stream. Its number must not become some
 * pipe of ours; the command finds it closed all the same.
 */
static void fill_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(int argc, char **argv, const struct tl_signals *signals);
	} commands[] = {{"snapshot", tl_snapshot_run}, {"status", tl_status_run}, {"stop", tl_stop_run},
			{"relay", tl_relay_run},       {"doctor", tl_doctor_run}, {"recover", tl_recover_run}};
	struct tl_signals signals;

	fill_streams();
	tl_signals_take(&signals);
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (argc > 0 && strcmp(argv[0], commands[i].name) == 0)
			return commands[i].run(argc, argv, &signals);
	return tl_record_run(argc, argv, &signals);
}
