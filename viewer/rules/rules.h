/* The rules' operations, for the registry in table.c alone. */
#ifndef TL_RULES_RULES_H
#define TL_RULES_RULES_H

#include "viewer/rules/rule.h"

extern const struct tl_rule_ops tl_rule_start_before_create, tl_rule_duplicate_create; /* creation.c */
extern const struct tl_rule_ops tl_rule_created_never_started, tl_rule_never_exited,
	tl_rule_never_joined;                                                                /* unfinished.c */
extern const struct tl_rule_ops tl_rule_unblock_before_block, tl_rule_start_without_unblock; /* wakeups.c */
extern const struct tl_rule_ops tl_rule_double_block, tl_rule_event_while_blocked, tl_rule_event_after_exit,
	tl_rule_event_by_wrong_carrier;                                       /* tasks.c */
extern const struct tl_rule_ops tl_rule_signal_not_consumed;                  /* lost_wakeup.c */
extern const struct tl_rule_ops tl_rule_spurious_wakeup;                      /* waiters.c */
extern const struct tl_rule_ops tl_rule_lost_wakeup, tl_rule_never_unblocked; /* lost_wakeup.c, stuck.c */
extern const struct tl_rule_ops tl_rule_misuse, tl_rule_create_failed;        /* misuse.c */
extern const struct tl_rule_ops tl_rule_self_deadlock;                        /* self_deadlock.c */
extern const struct tl_rule_ops tl_rule_destroy_while_waited, tl_rule_cond_two_mutexes,
	tl_rule_double_unblock;                                                                          /* waiters.c */
extern const struct tl_rule_ops tl_rule_exit_holding_lock, tl_rule_owner_exited, tl_rule_cancel_in_wait; /* endings.c */
extern const struct tl_rule_ops tl_rule_deadlock_cycle, tl_rule_join_cycle; /* deadlock.c */
extern const struct tl_rule_ops tl_rule_lock_order_inversion;               /* lock_order.c */
extern const struct tl_rule_ops tl_rule_resource_leak;                      /* resource_leak.c */
extern const struct tl_rule_ops tl_rule_double_close, tl_rule_close_unopened, tl_rule_use_after_close; /* closes.c */
extern const struct tl_rule_ops tl_rule_signal_without_waiter;                                         /* signals.c */
extern const struct tl_rule_ops tl_rule_wake_latency_outlier;                                          /* latency.c */
extern const struct tl_rule_ops tl_rule_lock_convoy;                                                   /* convoy.c */
extern const struct tl_rule_ops tl_rule_trace_gap;                                                     /* gaps.c */

#endif
