/* SPDX-License-Identifier: BSD-3-Clause */
/* `cvio down`: the containers that have the chain's label, whatever the file says by now. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/exit.h"
#include "chain/chain_folder.h"
#include "chain/chain_found.h"
#include "chain/chain_options.h"
#include "chain/commands.h"
#include "state/stale.h"

static const char down_usage[] =
	"Usage: cvio down [-f FILE | CHAIN]\n"
	"\n"
	"Stop and remove all containers of a chain, those first that need others, and its "
	"sockets.\n"
	"\n"
	"  -f, --file FILE  the chain, else " CHAIN_FILE "; only its name is of use\n"
	"  -h, --help       this text\n";

static int chain_name(const struct chain_options *o, char *name, struct cvio_error *err)
{
	_chain_cleanup_ struct chain chain = {0};
	int r = 0;

	if (o->chain == NULL)
		r = chain_load(o->file, &chain, err);
	if (r == 0)
		strcpy(name, o->chain != NULL ? o->chain : chain.name);
	return r;
}

static int cmd_down(int argc, char **argv, struct cvio_error *err)
{
	_chain_folder_cleanup_ struct chain_folder folder = CHAIN_FOLDER_INIT;
	_chain_found_cleanup_ struct chain_found found = {0};
	char name[CHAIN_NAME_MAX + 1];
	struct chain_options options;
	int r = chain_options_parse(argc, argv, false, &options, err);

	if (r == 0 && options.help) {
		fputs(down_usage, stdout);
		return 0;
	}
	if (r == 0)
		r = chain_name(&options, name, err);
	if (r == 0)
		r = chain_folder_open(&folder, name, err);
	if (r == 0)
		r = chain_found_load(name, &found, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < found.count; i++)
		found.list[i].stop = true;
	r = chain_found_stop(&found, "down", err);
	if (r == 0)
		chain_folder_remove(&folder);
	stale_sweep(); /* of a killed launcher that was starting one */
	return r;
}

const struct command down_command = {
	"down", cmd_down, "stop the containers of a chain", down_usage, down_longopts};
