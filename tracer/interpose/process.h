/* What the wrapper of syscall() needs of those of fork and its like. */
#ifndef TL_INTERPOSE_PROCESS_H
#define TL_INTERPOSE_PROCESS_H

/* In the child of a fork that LTTng and libc were not told of: nothing is traced here. */
void tl_interpose_silence(void);

#endif
