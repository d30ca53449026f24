/* SPDX-License-Identifier: BSD-3-Clause */
/* Both CPUs that images are built for, x86-64 and aarch64, have the first byte lowest. */
#include "switch/mac.h"

#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "mac_load() copies bytes as they stand");

uint64_t mac_load(const uint8_t data[MAC_LEN])
{
	uint64_t mac = 0;

	memcpy(&mac, data, MAC_LEN);
	return mac;
}

bool mac_is_group(uint64_t mac)
{
	return mac & 1;
}

bool mac_is_source(uint64_t mac)
{
	return mac != 0 && !mac_is_group(mac);
}

bool mac_is_reserved(uint64_t mac)
{
	return (mac & UINT64_C(0xf0ffffffffff)) == UINT64_C(0xc28001);
}
