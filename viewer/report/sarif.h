/* Places of SARIF, for sarif.c alone: messages, files as URIs, frames as locations. */
#ifndef TL_REPORT_SARIF_H
#define TL_REPORT_SARIF_H

#include "viewer/report/json_text.h"
#include "viewer/report/report.h"

/* What relative URIs are relative to: the report's folder, declared once in the run. */
#define TL_SARIF_ROOT "%SRCROOT%"

/* {"text": ...}: no part of it can become a link (3.11.6). */
struct json_object *tl_sarif_message(const char *text);

/* A location of one frame, with its function; `note` NULL: without a message. */
struct json_object *tl_sarif_location(const struct tl_report *report, const struct tl_frame *frame, const char *note);

/* A stack of the proof's frames, or NULL when it has none. */
struct json_object *tl_sarif_stack(const struct tl_report *report, const struct tl_proof *proof);

#endif
