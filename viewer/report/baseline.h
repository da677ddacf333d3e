/* An earlier JSON report, by whose fingerprints findings are known already. */
#ifndef TL_REPORT_BASELINE_H
#define TL_REPORT_BASELINE_H

#include "viewer/report/report.h"

struct tl_baseline;

/* NULL with `error` set: it cannot be read, or is no report of `check --format json` with fingerprints. */
struct tl_baseline *tl_baseline_read(const char *path, struct tl_error *error);
void tl_baseline_destroy(struct tl_baseline *baseline); /* accepts NULL */

/*
 * Does it hold a finding with this fingerprint, at least as severe? One is enough
 * for any number of them now; but who was idle then may be stuck now.
 */
bool tl_baseline_knows(const struct tl_baseline *baseline, const char *fingerprint, enum tl_severity severity);

#endif
