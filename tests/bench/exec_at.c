/* SPDX-License-Identifier: BSD-3-Clause */
/* exec_at FILE COMMAND…: writes CLOCK_MONOTONIC in nanoseconds to FILE, then becomes the command:
 * the zero of a start-up. */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct timespec ts;
	FILE *f;

	if (argc < 3 || (f = fopen(argv[1], "w")) == NULL) {
		fprintf(stderr, "usage: exec_at FILE COMMAND...\n");
		return 64;
	}
	clock_gettime(CLOCK_MONOTONIC, &ts);
	fprintf(f, "%lld\n", ts.tv_sec * 1000000000LL + ts.tv_nsec);
	fclose(f);
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 70;
}
