/* The probes of the provider; see provider.h. Nothing else may define them. */
#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "tracer/provider.h"
