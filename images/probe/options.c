/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Options are parsed before EAL starts: a wrong one is told at once, not after a wait for the peer.
 * Every number has its bounds, and what one mode has no use for it refuses.
 */
#include "probe/options.h"

#include <errno.h>
#include <string.h>

#include "common/options.h"
#include "pmd/grammar/error.h"
#include "probe/frame.h"

static const struct option long_options[] = {
	{"count", required_argument, NULL, 'c'},
	{"echo", no_argument, NULL, 'e'},
	{"events", no_argument, NULL, 'v'},
	{"help", no_argument, NULL, 'h'},
	{"inflight", required_argument, NULL, 'i'},
	{"json", no_argument, NULL, 'j'},
	{"outages", required_argument, NULL, 'o'},
	{"queues", required_argument, NULL, 'q'},
	{"rate", required_argument, NULL, 'r'},
	{"seconds", required_argument, NULL, 't'},
	{"sizes", required_argument, NULL, 's'},
	{"wait", required_argument, NULL, 'w'},
	{NULL, 0, NULL, 0},
};

static const struct options defaults = {
	.sizes = {64, 128, 256, 512, 1024, 1518},
	.size_count = 6,
	.count = 100000,
	.rate = 200000,
	.full_ms = 1000,
	.wait = 30,
};

void options_help(FILE *out)
{
	fputs("Usage: probe [EAL options] -- [options]\n"
	      "Send numbered, checksummed frames out of every port and count what comes back: on "
	      "the\n"
	      "same port, or with an even number of ports at the neighbour (0 and 1, 2 and 3, "
	      "...).\n"
	      "\n"
	      "  --sizes LIST     frame sizes in bytes with FCS, 64 to 9018 "
	      "(64,128,256,512,1024,1518)\n"
	      "  --count N        frames of each size at the paced rate (100000)\n"
	      "  --rate PPS       the paced rate, frames a second in all (200000)\n"
	      "  --seconds S      then S seconds at full speed; 0 for none (1)\n"
	      "  --inflight N     frames under way in a queue (by ring size; 96 for 256 "
	      "descriptors)\n"
	      "  --queues N       queue pairs to use of each port (all that the peer enabled)\n"
	      "  --wait SECONDS   how long to wait for the peer (30)\n"
	      "  --outages MS     when nothing came back for so long, wait until frames do again, "
	      "say how\n"
	      "                   long that took, and go on; what is lost is no fault then\n"
	      "  --json           print JSON instead of a table\n"
	      "  --events         print a line with the CLOCK_MONOTONIC times of the start-up\n"
	      "  --echo           send nothing of its own: return every frame, addresses swapped\n"
	      "  --help           print this\n"
	      "\n"
	      "Mpps and Gbit/s are what came back, the bits of the frame with FCS, no preamble or "
	      "gap.\n"
	      "Exit status: 0 nothing lost, damaged or duplicated at the paced rate, nor damaged "
	      "at full\n"
	      "speed; 1 otherwise; 64 wrong option, 69 peer absent or gone, 70 other failure, 71 "
	      "out of\n"
	      "memory; 128 and the signal's number when a signal ended it.\n",
		out);
}

static int sizes_parse(const char *text, struct options *opt, struct cvio_error *err)
{
	uint64_t size;
	size_t len;

	opt->size_count = 0;
	for (const char *at = text;; at += len + 1) {
		len = strcspn(at, ",");
		if (app_digits_parse(at, len, &size) < 0 || size < FRAME_SIZE_MIN ||
			size > FRAME_SIZE_MAX)
			return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
				"--sizes: '%.*s' is not a frame size from %d to %d", (int)len, at,
				FRAME_SIZE_MIN, FRAME_SIZE_MAX);
		if (opt->size_count == OPTIONS_SIZES_MAX)
			return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
				"--sizes: more than %d sizes", OPTIONS_SIZES_MAX);
		opt->sizes[opt->size_count++] = (uint16_t)size;
		if (at[len] == '\0')
			return 0;
	}
}

/* Seconds with at most three decimals. */
static int seconds_parse(const char *text, struct options *opt, struct cvio_error *err)
{
	size_t whole_len = strcspn(text, "."), part_len = 0;
	uint64_t whole, part = 0;
	int rc = app_digits_parse(text, whole_len, &whole);

	if (text[whole_len] == '.') {
		part_len = strlen(text + whole_len + 1);
		if (part_len > 3 || app_digits_parse(text + whole_len + 1, part_len, &part) < 0)
			rc = -EINVAL;
	}
	for (; part_len < 3; part_len++)
		part *= 10;
	if (rc < 0 || whole > 3600)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"--seconds: '%s' is not a time from 0 to 3600 seconds, as in 0.5", text);
	opt->full_ms = (uint32_t)(whole * 1000 + part);
	return 0;
}

static int option_take(
	const struct option *known, const char *value, void *context, struct cvio_error *err)
{
	struct options *opt = context;
	uint64_t number = 0;
	int rc = 0;

	if (strchr("ciorstv", known->val) != NULL)
		opt->sending = known->name;
	switch (known->val) {
	case 'c':
		return app_number_parse(known->name, value, 1, 1000000000000, &opt->count, err);
	case 'r':
		return app_number_parse(known->name, value, 1, 100000000, &opt->rate, err);
	case 'i':
		rc = app_number_parse(known->name, value, 1, OPTIONS_INFLIGHT_MAX, &number, err);
		opt->inflight = (uint32_t)number;
		return rc;
	case 'q':
		rc = app_number_parse(known->name, value, 1, 128, &number, err);
		opt->queues = (uint16_t)number;
		return rc;
	case 'o':
		rc = app_number_parse(known->name, value, 20, 60000, &number, err);
		opt->outage_ms = (uint32_t)number;
		return rc;
	case 'w':
		rc = app_number_parse(known->name, value, 0, 86400, &number, err);
		opt->wait = (uint32_t)number;
		return rc;
	case 's':
		return sizes_parse(value, opt, err);
	case 't':
		return seconds_parse(value, opt, err);
	case 'e':
		opt->echo = true;
		return 0;
	case 'j':
		opt->json = true;
		return 0;
	case 'v':
		opt->events = true;
		return 0;
	default:
		opt->help = true;
		return 0;
	}
}

int options_parse(int argc, char **argv, struct options *opt, struct cvio_error *err)
{
	int rc;

	*opt = defaults;
	rc = app_options_parse(argc, argv, long_options, option_take, opt, err);
	if (rc < 0)
		return rc;
	if (opt->echo && opt->sending != NULL)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"--echo sends nothing of its own, so --%s has no meaning with it",
			opt->sending);
	return 0;
}
