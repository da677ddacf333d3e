/* longjmp out of a wait, which is then over for the trace as well. */
#ifndef TL_INTERPOSE_JUMP_H
#define TL_INTERPOSE_JUMP_H

/* Finds out how this process hides stack pointers in a jmp_buf; by our constructor. */
void tl_jump_init(void);

#endif
