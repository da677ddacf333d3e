/*
 * What a recording chooses to see beyond, or short of, what every recording
 * sees. `threadline record` takes each as an option --NAME and hands them to the
 * libraries in the traced program through the environment, as a list of names
 * with commas between.
 */
#ifndef TL_TRACER_CHOICES_H
#define TL_TRACER_CHOICES_H

/* X(member, "name", "what it does, for --help") */
#define TL_CHOICES(X)                                                              \
	X(io, "io", "waits in blocking system calls, too: read, poll, accept ...") \
	X(sleep, "sleep", "sleeping and yielding, too: nanosleep ...")             \
	X(no_lock_order, "no-lock-order", "not in which order locks are taken")

#define TL_CHOICES_VARIABLE "THREADLINE_OPTIONS"
#define TL_CHOICES_LENGTH 64 /* of the longest list, its end included */

#endif
