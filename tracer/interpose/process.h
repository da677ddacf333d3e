/* What the wrapper of syscall() needs of those of fork and its like, and of closing descriptors. */
#ifndef TL_INTERPOSE_PROCESS_H
#define TL_INTERPOSE_PROCESS_H

#include <stdbool.h>

/* In the child of a fork that LTTng and libc were not told of: nothing is traced here. */
void tl_interpose_silence(void);

/* Carries out what closes descriptors, but for LTTng's: `result` and errno are those of syscall(). False: another call. */
bool tl_close_by_syscall(long number, const long arguments[], long *result);

#endif
