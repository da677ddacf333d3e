/* Which options of `threadline record` do not go together, and why; see options.h. */
#include "tracer/record/options.h"

/* What LTTng, or we, cannot do with a trace that is written by another host. */
static int judge_sent(const struct tl_record_options *options, struct tl_error *error)
{
	if (options->to && options->flight)
		return tl_error_set(error, TL_EUSAGE,
				    "--to and --live are not for --flight: LTTng cannot take snapshots of what is sent "
				    "live");
	if (options->to && (options->rotate_bytes || options->rotate_ns))
		return tl_error_set(error, TL_EUSAGE,
				    "--to and --live are not for --rotate: LTTng cannot rotate what is sent live");
	if (options->lossless && options->flight)
		return tl_error_set(error, TL_EUSAGE,
				    "--lossless is not for --flight, which overwrites the oldest events");
	if (options->lossless && options->buffer_bytes && options->buffer_bytes < TL_LOSSLESS_LEAST)
		return tl_error_set(
			error, TL_EUSAGE,
			"--lossless needs buffers of 4M at least: who comes round to where another thread is "
			"in the middle of an event loses his, whatever LTTng is told");
	if (options->lossless && options->to)
		return tl_error_set(error, TL_EUSAGE,
				    "--lossless is not for --to and --live: a program never waits for the network");
	if (options->to && (options->max_bytes || options->survive))
		return tl_error_set(error, TL_EUSAGE,
				    "--max-size and --survive are for what is written here, not for --to and --live");
	if (options->to && options->check)
		return tl_error_set(error, TL_EUSAGE,
				    "--check is not for --to and --live: check where the trace is written "
				    "(threadline check --live follows it)");
	if (options->if_cut_given && !options->to)
		return tl_error_set(error, TL_EUSAGE, "--if-cut is for --to, which is not given");
	return 0;
}

int tl_record_options_judge(const struct tl_record_options *options, struct tl_error *error)
{
	const char *alone = options->target.n_pids    ? "--pid is for --attach"
			    : options->target.n_names ? "--name is for --attach"
			    : options->for_ns         ? "--for is for --attach"
						      : NULL;
	const char *still = options->keep_bytes         ? "--keep is for --flight"
			    : options->on_block_ns      ? "--on-block is for --flight"
			    : options->at_most_ns       ? "--at-most is for --flight"
			    : options->on_event         ? "--on-event is for --flight"
			    : options->on_block_reasons ? "--on-block-reasons is for --on-block"
							: NULL;

	if (!options->attach && !options->command[0])
		return tl_error_set(error, TL_EUSAGE, "no command to record is given (see threadline record --help)");
	if (options->attach && options->command[0])
		return tl_error_set(error, TL_EUSAGE,
				    "--attach records what runs already: there is no command to start");
	if (!options->attach && alone)
		return tl_error_set(error, TL_EUSAGE, "%s, which is not given", alone);
	if (still && (!options->flight || (options->on_block_reasons && !options->on_block_ns)))
		return tl_error_set(error, TL_EUSAGE, "%s, which is not given", still);
	if (options->attach && options->chosen[0])
		return tl_error_set(
			error, TL_EUSAGE,
			"--%s is decided when a program starts, not by --attach (put it into " TL_CHOICES_VARIABLE
			" in its environment)",
			options->chosen);
	if (options->keep_files && !options->rotate_bytes && !options->rotate_ns)
		return tl_error_set(error, TL_EUSAGE, "--keep-files is for --rotate, which is not given");
	if (options->flight && (options->max_bytes || options->rotate_bytes || options->rotate_ns || options->survive))
		return tl_error_set(
			error, TL_EUSAGE,
			"--flight writes snapshots only: --max-size, --rotate and --survive are for what is "
			"written all the time");
	if (options->flight && options->buffer_bytes)
		return tl_error_set(error, TL_EUSAGE, "with --flight the memory is --keep, not --buffer-size");
	if (options->flight && options->check)
		return tl_error_set(error, TL_EUSAGE,
				    "--check is not for --flight: check each snapshot with threadline check");
	if (!options->check && (options->report || options->n_check_words))
		return tl_error_set(error, TL_EUSAGE, "%s is for --check, which is not given",
				    options->report ? "--report" : options->check_words[0]);
	return judge_sent(options, error);
}
