/*
 * Which recording this process belongs to. A session of LTTng's records every
 * process of its user; `threadline record` marks those that it starts with
 * THREADLINE_RECORDING, and its session asks for the mark, through LTTng's
 * application context $app.threadline:recording. So two recordings at once do
 * not see each other's programs. A process without a mark has 0.
 */
#ifndef TL_TRACER_IDENTITY_H
#define TL_TRACER_IDENTITY_H

#include <stdint.h>

/*
 * From the environment: the number, 0 when it is missing or no number. Every
 * process of a recording has the same; it never changes after loading.
 */
int64_t tl_identity_recording(void);

#endif
