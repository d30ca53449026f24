/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * DPDK draws a random address at each start. A neighbour that knows the one before goes on sending
 * to that: for some 40 s, as Linux's neighbour cache has it.
 */
#include "ports/tap_address.h"

#include <stdio.h>
#include <string.h>

#include "base/digest.h"

void tap_address(const char *machine, const char *ifname, uint8_t mac[static 6])
{
	char text[256], hash[SHA256_TEXT];
	int n = snprintf(text, sizeof(text), "cvio %.128s %.64s", machine, ifname);

	sha256_text(text, (size_t)n, hash);
	for (int i = 0; i < 6; i++) {
		unsigned int byte = 0;

		sscanf(hash + 2 * i, "%2x", &byte);
		mac[i] = (uint8_t)byte;
	}
	mac[0] = (uint8_t)((mac[0] & ~1U) | 2U);
}

bool tap_machine(char *buf, int size)
{
	FILE *file = fopen("/etc/machine-id", "re");
	bool read = file != NULL && fgets(buf, size, file) != NULL;

	if (file != NULL)
		fclose(file);
	if (read)
		buf[strcspn(buf, "\n")] = '\0';
	return read && buf[0] != '\0';
}
