/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of what is read from a binary: one made here, with one thing changed at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <elf.h>
#include <errno.h>
#include <string.h>

#include "build/elf_file.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define SBOM "{\"format\":1}"
#define NAMES "\0.shstrtab\0.cvio.sbom"
#define DRIVER "PMD_INFO_STRING= {\"name\": \"net_virtio_user\", \"pci_ids\": []}"

enum { LOAD, STACK, RELRO, NOTE, OTHER, SEGMENTS };

struct note {
	Elf64_Nhdr head;
	char name[4];
	uint32_t property[4]; /* type, size, value, padding */
};

/* A file as cvio-cc leaves it, as small as it gets. */
struct binary {
	Elf64_Ehdr head;
	Elf64_Phdr segments[SEGMENTS];
	Elf64_Shdr sections[3];
	struct note note;
	Elf64_Dyn dynamic[2];
	char names[sizeof(NAMES)], sbom[sizeof(SBOM)], text[sizeof(DRIVER)];
};

static struct binary binary_good(void)
{
	struct binary b = {
		.head = {.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB},
			.e_type = ET_EXEC,
			.e_machine = EM_X86_64,
			.e_phoff = offsetof(struct binary, segments),
			.e_phentsize = sizeof(Elf64_Phdr),
			.e_phnum = SEGMENTS,
			.e_shoff = offsetof(struct binary, sections),
			.e_shentsize = sizeof(Elf64_Shdr),
			.e_shnum = 3,
			.e_shstrndx = 1},
		.segments = {[LOAD] = {.p_type = PT_LOAD, .p_flags = PF_R | PF_X},
			[STACK] = {.p_type = PT_GNU_STACK, .p_flags = PF_R | PF_W},
			[RELRO] = {.p_type = PT_GNU_RELRO, .p_memsz = 1},
			[NOTE] = {.p_type = PT_NOTE,
				.p_offset = offsetof(struct binary, note),
				.p_filesz = sizeof(struct note),
				.p_align = 8},
			[OTHER] = {.p_type = PT_NULL}},
		.sections = {[1] = {.sh_name = 1,
				     .sh_type = SHT_STRTAB,
				     .sh_offset = offsetof(struct binary, names),
				     .sh_size = sizeof(NAMES)},
			[2] = {.sh_name = 11,
				.sh_type = SHT_PROGBITS,
				.sh_offset = offsetof(struct binary, sbom),
				.sh_size = sizeof(SBOM) - 1}},
		.note = {{4, 16, 5}, "GNU", {0xc0008002, 4, 7, 0}},
	};

	memcpy(b.names, NAMES, sizeof(NAMES));
	memcpy(b.sbom, SBOM, sizeof(SBOM));
	memcpy(b.text, DRIVER, sizeof(DRIVER));
	return b;
}

static int read_binary(const struct binary *b, struct elf_file *elf)
{
	return elf_file_read((const uint8_t *)b, sizeof(*b), elf);
}

static void test_good(void **state)
{
	struct binary b = binary_good();
	struct elf_file elf;

	(void)state;
	assert_int_equal(read_binary(&b, &elf), 0);
	assert_int_equal(elf.machine, EM_X86_64);
	assert_int_equal(elf.type, ET_EXEC);
	assert_null(elf.interp);
	assert_false(elf.needs_libraries || elf.stack_executable || elf.writable_code || elf.glibc);
	assert_true(elf.relro);
	assert_int_equal(elf.cpu_level, 3);
	assert_int_equal(elf.sbom_size, sizeof(SBOM) - 1);
	assert_memory_equal(elf.sbom, SBOM, elf.sbom_size);
	assert_true(elf_file_has_driver(&elf, "net_virtio_user"));
	assert_false(elf_file_has_driver(&elf, "net_virtio"));
	assert_false(elf_file_has_driver(&elf, "net_vhost"));
}

static void test_levels(void **state)
{
	static const struct {
		uint32_t bits;
		unsigned int level;
	} table[] = {{0, 0}, {1, 1}, {3, 2}, {7, 3}, {15, 4}, {8, 4}, {16, 0}};
	struct binary b = binary_good();
	struct elf_file elf;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		b.note.property[2] = table[i].bits;
		assert_int_equal(read_binary(&b, &elf), 0);
		assert_int_equal(elf.cpu_level, table[i].level);
	}
}

static void test_findings(void **state)
{
	struct binary b = binary_good();
	struct elf_file elf;

	(void)state;
	b.segments[LOAD].p_flags |= PF_W;
	b.segments[STACK].p_flags |= PF_X;
	b.segments[RELRO].p_type = PT_NULL;
	b.note.head.n_type = NT_GNU_ABI_TAG;
	b.sections[2].sh_name = 0;
	assert_int_equal(read_binary(&b, &elf), 0);
	assert_true(elf.writable_code && elf.stack_executable && elf.glibc);
	assert_false(elf.relro);
	assert_int_equal(elf.cpu_level, 0);
	assert_null(elf.sbom);

	b = binary_good();
	b.segments[STACK].p_type = PT_NULL; /* nothing said is as good as executable */
	memcpy(b.text, "GNU C Library", sizeof("GNU C Library"));
	assert_int_equal(read_binary(&b, &elf), 0);
	assert_true(elf.stack_executable && elf.glibc);
}

static void test_dynamic(void **state)
{
	struct binary b = binary_good();
	struct elf_file elf;

	(void)state;
	memcpy(b.text, "/lib/ld.so", sizeof("/lib/ld.so"));
	b.segments[OTHER] = (Elf64_Phdr){.p_type = PT_INTERP,
		.p_offset = offsetof(struct binary, text),
		.p_filesz = sizeof("/lib/ld.so")};
	assert_int_equal(read_binary(&b, &elf), 0);
	assert_string_equal(elf.interp, "/lib/ld.so");
	b.segments[OTHER].p_filesz--; /* without its end */
	assert_int_equal(read_binary(&b, &elf), -EINVAL);

	b = binary_good();
	b.dynamic[0].d_tag = DT_NEEDED;
	b.segments[OTHER] = (Elf64_Phdr){.p_type = PT_DYNAMIC,
		.p_offset = offsetof(struct binary, dynamic),
		.p_filesz = sizeof(b.dynamic)};
	assert_int_equal(read_binary(&b, &elf), 0);
	assert_true(elf.needs_libraries);
	b.dynamic[0].d_tag = DT_NULL;
	b.dynamic[1].d_tag = DT_NEEDED; /* behind the end */
	assert_int_equal(read_binary(&b, &elf), 0);
	assert_false(elf.needs_libraries);
}

/* One number that points outside of the file, or can't be. */
static void test_damaged(void **state)
{
	static const struct {
		size_t offset, size;
		uint64_t value;
	} table[] = {
#define FIELD(f) offsetof(struct binary, f), sizeof(((struct binary *)0)->f)
		{FIELD(head.e_phoff), UINT64_MAX - 8},
		{FIELD(head.e_phoff), sizeof(struct binary)},
		{FIELD(head.e_phnum), 0xffff},
		{FIELD(head.e_phentsize), 1},
		{FIELD(head.e_shoff), UINT64_MAX - 8},
		{FIELD(head.e_shnum), 0xffff},
		{FIELD(head.e_shentsize), 1},
		{FIELD(head.e_shstrndx), 3},
		{FIELD(segments[LOAD].p_offset), UINT64_MAX},
		{FIELD(segments[LOAD].p_filesz), sizeof(struct binary) + 1},
		{FIELD(segments[NOTE].p_offset), sizeof(struct binary)},
		{FIELD(note.head.n_namesz), UINT32_MAX},
		{FIELD(note.head.n_descsz), UINT32_MAX},
		{FIELD(note.head.n_descsz), 17},
		{FIELD(sections[1].sh_offset), UINT64_MAX},
		{FIELD(sections[1].sh_size), 5},
		{FIELD(sections[1].sh_size), 0},
		{FIELD(sections[2].sh_name), UINT32_MAX},
		{FIELD(sections[2].sh_size), UINT64_MAX},
		{FIELD(sections[2].sh_type), SHT_NOBITS},
	};
	struct elf_file elf = {.machine = 12345};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct binary b = binary_good();

		memcpy((char *)&b + table[i].offset, &table[i].value, table[i].size);
		if (read_binary(&b, &elf) != -EINVAL)
			fail_msg("row %zu is taken", i);
		assert_int_equal(elf.machine, 12345);
	}
}

static void test_others(void **state)
{
	struct binary b = binary_good();
	struct elf_file elf;

	(void)state;
	assert_int_equal(elf_file_read((const uint8_t *)"#!/bin/sh\n", 10, &elf), -ENOEXEC);
	assert_int_equal(elf_file_read((const uint8_t *)"", 0, &elf), -ENOEXEC);
	assert_int_equal(elf_file_read((const uint8_t *)&b, 5, &elf), -EINVAL);
	assert_int_equal(elf_file_read((const uint8_t *)&b, 63, &elf), -EINVAL);
	b.head.e_ident[EI_CLASS] = ELFCLASS32;
	assert_int_equal(read_binary(&b, &elf), -ENOTSUP);
	b = binary_good();
	b.head.e_ident[EI_DATA] = ELFDATA2MSB;
	assert_int_equal(read_binary(&b, &elf), -ENOTSUP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_levels),
		cmocka_unit_test(test_findings),
		cmocka_unit_test(test_dynamic),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
