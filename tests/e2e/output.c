/* SPDX-License-Identifier: BSD-3-Clause */
/* Prints as programs do that never think of it: lines before and after EAL starts, and one without
 * an end. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <rte_debug.h>
#include <rte_eal.h>

__attribute__((constructor)) static void before_main(void)
{
	puts("before main");
	puts("before main, second line");
}

int main(int argc, char **argv)
{
	int used;

	puts("before EAL");
	used = rte_eal_init(argc, argv);
	if (used < 0)
		return 1;
	printf("after EAL\nnumber %d\n", 2);
	if (used + 1 < argc && strcmp(argv[used + 1], "exit") == 0)
		rte_exit(3, "rte_exit\n");
	if (used + 1 < argc && strcmp(argv[used + 1], "panic") == 0)
		rte_panic("rte_panic\n");
	fputs("a line", stdout);
	putchar('!');
	fputs("to stderr", stderr);
	for (;;)
		sleep(60);
}
