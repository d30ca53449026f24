/* SPDX-License-Identifier: BSD-3-Clause */
/* What `cvio top` shows: rates between two looks, and their lines. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct container_figures;
struct figures;
struct port_figures;

struct port_rates {
	double rx_mpps, tx_mpps;
	double rx_gbps, tx_gbps; /* of the bytes that DPDK counts, without FCS */
	double drops;            /* a second, both ways */
	double idle; /* share of polls that found nothing, 0 to 1; negative: not known */
};

/**
 * Rates of a port between two looks.
 *
 * @param seconds  between them, over 0
 * @param before   of the same port; NULL: there was none. A counter that went back counts as 0.
 */
struct port_rates top_rates(
	const struct port_figures *before, const struct port_figures *now, double seconds);

/** CPU time in percent of one CPU; negative: not known. */
double top_cpu(const struct container_figures *before, const struct container_figures *now);

/** The container of an earlier look, by its run; NULL if it wasn't there. */
const struct container_figures *top_find(const struct figures *before, const char *run_id);

/**
 * Write a screen: a heading and a line a port, none longer than the terminal is wide, none more
 * than it is high.
 *
 * @param clock  the time of day, to be shown
 */
void top_write(FILE *out, const struct figures *before, const struct figures *now,
	const char *clock, size_t rows, size_t columns);
