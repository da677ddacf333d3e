/*
 * The end of a process whose main thread has called pthread_exit. glibc ends it
 * with its last thread, but LTTng's threads never end: the program would hang.
 * So somebody of ours waits until nobody but LTTng is left, and calls exit.
 */
#ifndef TL_INTERPOSE_LAST_H
#define TL_INTERPOSE_LAST_H

/* The calling thread ends; to be called from its last destructor. */
void tl_last_thread_ends(void);

#endif
