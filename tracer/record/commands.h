/*
 * The commands that are this program, threadline-record; `threadline` starts it under
 * their names. Each returns the exit status.
 */
#ifndef TL_RECORD_COMMANDS_H
#define TL_RECORD_COMMANDS_H

#include "tracer/record/launch.h"

int tl_record_run(int argc, char **argv, const struct tl_signals *signals);   /* record.c */
int tl_snapshot_run(int argc, char **argv, const struct tl_signals *signals); /* ask.c */
int tl_status_run(int argc, char **argv, const struct tl_signals *signals);   /* ask.c */
int tl_stop_run(int argc, char **argv, const struct tl_signals *signals);     /* ask.c */
int tl_recover_run(int argc, char **argv, const struct tl_signals *signals);  /* recover.c */
int tl_relay_run(int argc, char **argv, const struct tl_signals *signals);    /* relay.c */
int tl_doctor_run(int argc, char **argv, const struct tl_signals *signals);   /* doctor.c */

#endif
