/* What this recording chose to see (tracer/choices.h), as the process was told at its start. */
#ifndef TL_INTERPOSE_CHOSEN_H
#define TL_INTERPOSE_CHOSEN_H

#include <stdbool.h>

#include "tracer/choices.h"

struct tl_chosen {
#define TL_CHOSEN_MEMBER_(member, name, help) bool member;
	TL_CHOICES(TL_CHOSEN_MEMBER_)
};

/* All false until tl_chosen_read, which the constructor calls once; constant afterwards. */
extern struct tl_chosen tl_chosen __attribute__((visibility("hidden")));
void tl_chosen_read(void);

#endif
