/* The provider of bare.h, in a file of its own as LTTng wants it. */
#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "tests/bench/programs/bare.h"
