/* What JSON and SARIF share: values of json-c from texts that may hold anything. */
#ifndef TL_REPORT_JSON_TEXT_H
#define TL_REPORT_JSON_TEXT_H

#include <json-c/json.h>
#include <stdio.h>

#include "viewer/base/error.h"

/* A string; null for NULL. json-c writes bytes as they are: what is not UTF-8 is escaped before. */
struct json_object *tl_json_text(const char *raw);

/* Adds a member and gives `value` to `object`. */
void tl_json_add(struct json_object *object, const char *key, struct json_object *value);

/* Writes `root` and frees it. 0, or TL_EIO. */
int tl_json_write(struct json_object *root, FILE *out, struct tl_error *error);

#endif
