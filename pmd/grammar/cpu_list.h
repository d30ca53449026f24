/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Lists of CPUs as Linux writes them ("0-3,8,10-11": cpuset files, taskset -c, podman
 * --cpuset-cpus), and the lcore map that DPDK's EAL wants instead. Define _GNU_SOURCE before the
 * first include: cpu_set_t needs it.
 */
#pragma once

#include <sched.h>
#include <stddef.h>

struct cvio_error;

#define CPU_LIST_LCORES_MAX 128 /* RTE_MAX_LCORE of DPDK as it is built here */

/**
 * Parse a list of CPUs: numbers and ascending ranges, separated by commas; below CPU_SETSIZE
 * (1024); in any order, a CPU may be named twice. No white space: who reads a file of the kernel
 * cuts off the newline.
 *
 * @param text  borrowed, not NULL; an empty list is an error
 * @param set   written on success only
 * @param err   on failure: CVIO_EXIT_CONFIG and a text that names the value and what is wanted; may
 * be NULL
 * @return      0, or -EINVAL
 */
int cpu_list_parse(const char *text, cpu_set_t *set, struct cvio_error *err);

/**
 * Print a set as a list in ascending order, neighbours as ranges; an empty set as "".
 *
 * @param buf  filled in and terminated; after -ENOSPC its content is of no use
 * @param len  its size; 4096 is always enough
 * @return     the length, or -ENOSPC
 */
int cpu_list_format(const cpu_set_t *set, char *buf, size_t len);

/**
 * Print the argument of EAL's --lcores that runs one lcore on each CPU, lcores counted from 0 in
 * the order of CPUs: the CPUs 3 and 5 give "0@3,1@5".
 *
 * @param buf  filled in and terminated; after a failure its content is of no use
 * @param len  its size; 2048 is always enough
 * @return     the length; -EINVAL: no CPU; -E2BIG: more than CPU_LIST_LCORES_MAX; -ENOSPC
 */
int cpu_list_to_lcores(const cpu_set_t *set, char *buf, size_t len);
