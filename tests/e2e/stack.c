/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads with large local arrays: `stack MIB…`, each in a worker lcore and in a thread of the
 * program's own. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_launch.h>
#include <rte_lcore.h>

#define PAGE 4096

static int use_stack(void *arg)
{
	size_t size = (size_t)atoi(arg) << 20;
	char local[size];
	volatile char *touched = local;

	for (size_t i = 0; i < size; i += PAGE)
		touched[i] = (char)i;
	printf("%s MiB in lcore %d\n", (char *)arg, (int)rte_lcore_id());
	return 0;
}

static void *use_own(void *arg)
{
	use_stack(arg);
	return NULL;
}

static void print_status(void)
{
	char line[128];
	FILE *file = fopen("/proc/self/status", "r");

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, "VmRSS", 5) == 0 || strncmp(line, "VmLck", 5) == 0)
			fputs(line, stdout);
	if (file != NULL)
		fclose(file);
}

int main(int argc, char **argv)
{
	int used = rte_eal_init(argc, argv);
	pthread_t thread;

	if (used < 0)
		return 1;
	print_status();
	for (int i = used + 1; i < argc; i++) {
		rte_eal_mp_remote_launch(use_stack, argv[i], SKIP_MAIN);
		rte_eal_mp_wait_lcore();
		if (pthread_create(&thread, NULL, use_own, argv[i]) != 0)
			return 2;
		pthread_join(thread, NULL);
	}
	puts("done");
	return 0;
}
