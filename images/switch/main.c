/* SPDX-License-Identifier: BSD-3-Clause */
/* switch: a learning L2 switch between vhost-user backend ports, a plain DPDK application. */
#include "common/app.h"
#include "switch/options.h"
#include "switch/run.h"

static struct options options;

static int parse(int argc, char **argv, bool *help, struct cvio_error *err)
{
	int rc = options_parse(argc, argv, &options, err);

	*help = options.help;
	return rc;
}

static int begin(struct cvio_error *err)
{
	return run(&options, err);
}

int main(int argc, char **argv)
{
	return app_main(argc, argv, &(struct app){"switch", parse, options_help, begin});
}
