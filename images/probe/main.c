/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * probe: a packet probe, a plain DPDK application. It measures what is at the other end of its
 * ports.
 */
#include "common/app.h"
#include "probe/options.h"
#include "probe/run.h"

static struct options options;

int app_run(struct cvio_error *err)
{
	return options.echo ? run_echo(&options, err) : run_measure(&options, err);
}

const struct app app = {
	.name = "probe",
	.options = &options_table,
	.opt = &options,
};
