/* SPDX-License-Identifier: BSD-3-Clause */
/* Any block as a header: a size that is read is the one that a header with it is made of. */
#include "bundle/bundle_tar.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t block[TAR_BLOCK] = {0}, made[TAR_BLOCK];
	uint64_t value = 0;

	memcpy(block, data, size < sizeof(block) ? size : sizeof(block));
	if (tar_header_size(block, &value) < 0)
		return 0;
	CHECK(value <= TAR_SIZE_MAX);
	CHECK(tar_header_make(made, "name", value, 0644) == 0);
	CHECK(memcmp(made + 124, block + 124, 12) == 0);
	CHECK((value + tar_padding(value)) % TAR_BLOCK == 0);
	return 0;
}
