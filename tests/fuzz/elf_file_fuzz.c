/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as a binary: what is told of it lies within the file. */
#include "build/elf_file.h"
#include "tests/fuzz/fuzz.h"

#include <errno.h>

static void check_within(const struct elf_file *elf, const void *p, size_t size)
{
	const uint8_t *at = p;

	CHECK(at >= elf->data && at <= elf->data + elf->size);
	CHECK(size <= (size_t)(elf->data + elf->size - at));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct elf_file elf;
	int r = elf_file_read(data, size, &elf);

	CHECK(r == 0 || r == -ENOEXEC || r == -ENOTSUP || r == -EINVAL);
	if (r < 0)
		return 0;
	CHECK(elf.cpu_level <= 4);
	if (elf.sbom != NULL)
		check_within(&elf, elf.sbom, elf.sbom_size);
	if (elf.interp != NULL)
		check_within(&elf, elf.interp, strlen(elf.interp) + 1);
	elf_file_has_driver(&elf, "net_virtio_user");
	return 0;
}
