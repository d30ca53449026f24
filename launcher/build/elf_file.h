/* SPDX-License-Identifier: BSD-3-Clause */
/* What the audit of an image asks of a binary. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ELF_SBOM_SECTION ".cvio.sbom" /* the linked components, as cvio-cc writes them */

/* Strings and bytes are borrowed from the file. */
struct elf_file {
	const uint8_t *data;
	size_t size;
	unsigned int machine;   /* EM_… */
	unsigned int type;      /* ET_… */
	const char *interp;     /* the dynamic loader; NULL: none */
	bool needs_libraries;   /* names shared libraries */
	bool relro;             /* has a segment that is read-only after relocation */
	bool stack_executable;  /* says so, or says nothing of its stack */
	bool writable_code;     /* has a segment that is both */
	bool glibc;             /* has glibc's note or its banner */
	unsigned int cpu_level; /* of x86-64 that the linker noted as needed: 1 to 4; 0: none */
	const char *sbom;       /* the section's content, sbom_size bytes; NULL: none */
	size_t sbom_size;
};

/**
 * Read the headers, notes and sections of a 64-bit little-endian executable.
 *
 * @param data  the whole file, borrowed for as long as the facts are used
 * @return      0; -ENOEXEC: not an ELF file; -ENOTSUP: one of 32 bits or big-endian; -EINVAL:
 *              damaged, a header points outside of the file. Nothing is written then.
 */
int elf_file_read(const uint8_t *data, size_t size, struct elf_file *elf);

/**
 * Tell whether a DPDK driver is linked in whole, and so registers itself: its description is there.
 *
 * @param driver  its name, such as net_virtio_user
 */
bool elf_file_has_driver(const struct elf_file *elf, const char *driver);
