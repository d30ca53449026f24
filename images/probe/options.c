/* SPDX-License-Identifier: BSD-3-Clause */
/* Every number has its bounds, and what one mode has no use for it refuses. */
#include "probe/options.h"

#include <errno.h>
#include <string.h>

#include "pmd/grammar/error.h"
#include "probe/frame.h"

static int sizes_take(struct options *opt, const char *text, struct cvio_error *err)
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
static int seconds_take(struct options *opt, const char *text, struct cvio_error *err)
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

static const struct app_option known[] = {
	{"count", APP_U64, .at = offsetof(struct options, count), .min = 1, .max = 1000000000000,
		.preset = "100000", .noted = true},
	{"echo", APP_FLAG, .at = offsetof(struct options, echo)},
	{"events", APP_FLAG, .at = offsetof(struct options, events), .noted = true},
	{"inflight", APP_U32, .at = offsetof(struct options, inflight), .min = 1,
		.max = OPTIONS_INFLIGHT_MAX, .noted = true},
	{"json", APP_FLAG, .at = offsetof(struct options, json)},
	{"outages", APP_U32, .at = offsetof(struct options, outage_ms), .min = 20, .max = 60000,
		.noted = true},
	{"queues", APP_U16, .at = offsetof(struct options, queues), .min = 1, .max = 128},
	{"rate", APP_U64, .at = offsetof(struct options, rate), .min = 1, .max = 100000000,
		.preset = "200000", .noted = true},
	{"seconds", APP_OTHER, .take = seconds_take, .preset = "1", .noted = true},
	{"sizes", APP_OTHER, .take = sizes_take, .preset = "64,128,256,512,1024,1518",
		.noted = true},
	{"wait", APP_U32, .at = offsetof(struct options, wait), .min = 0, .max = 86400,
		.preset = "30"},
	{0},
};

static int modes_check(const struct options *opt, struct cvio_error *err)
{
	if (opt->echo && opt->sending != NULL)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"--echo sends nothing of its own, so --%s has no meaning with it",
			opt->sending);
	return 0;
}

static const char help[] =
	"Usage: probe [EAL options] -- [options]\n"
	"Send numbered, checksummed frames out of every port and count what comes back: on the\n"
	"same port, or with an even number of ports at the neighbour (0 and 1, 2 and 3, ...).\n"
	"\n"
	"  --sizes LIST     frame sizes in bytes with FCS, 64 to 9018 (64,128,256,512,1024,1518)\n"
	"  --count N        frames of each size at the paced rate (100000)\n"
	"  --rate PPS       the paced rate, frames a second in all (200000)\n"
	"  --seconds S      then S seconds at full speed; 0 for none (1)\n"
	"  --inflight N     frames under way in a queue (by ring size; 96 for 256 descriptors)\n"
	"  --queues N       queue pairs to use of each port (all that the peer enabled)\n"
	"  --wait SECONDS   how long to wait for the peer (30)\n"
	"  --outages MS     when nothing came back for so long, wait until frames do again, say "
	"how\n"
	"                   long that took, and go on; what is lost is no fault then\n"
	"  --json           print JSON instead of a table\n"
	"  --events         print a line with the CLOCK_MONOTONIC times of the start-up\n"
	"  --echo           send nothing of its own: return every frame, addresses swapped\n"
	"  --help           print this\n"
	"\n"
	"Mpps and Gbit/s are what came back, the bits of the frame with FCS, no preamble or gap.\n"
	"Exit status: 0 nothing lost, damaged or duplicated at the paced rate, nor damaged at "
	"full\n"
	"speed; 1 otherwise; 64 wrong option, 69 peer absent or gone, 70 other failure, 71 out of\n"
	"memory; 128 and the signal's number when a signal ended it.\n";

const struct app_options options_table = {
	.known = known,
	.size = sizeof(struct options),
	.note = offsetof(struct options, sending),
	.check = modes_check,
	.help = help,
};
