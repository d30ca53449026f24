/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The file comes from somebody's build: nothing in it is believed. Every table is copied out with
 * its bounds checked, since it may be misaligned too. The image's binaries are stripped, so what is
 * asked is what program headers, notes and a few strings tell.
 */
#include "build/elf_file.h"

#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define NOTE_PROPERTY 5                 /* NT_GNU_PROPERTY_TYPE_0 */
#define PROPERTY_ISA_NEEDED 0xc0008002u /* GNU_PROPERTY_X86_ISA_1_NEEDED: bit n is level n + 1 */

/* The bytes of a part of the file, NULL if it isn't all inside. */
static const uint8_t *part(const struct elf_file *elf, uint64_t offset, uint64_t size)
{
	return offset <= elf->size && size <= elf->size - offset ? elf->data + offset : NULL;
}

static size_t align_up(size_t n, size_t to)
{
	return (n + to - 1) / to * to;
}

static void read_properties(struct elf_file *elf, const uint8_t *desc, size_t size)
{
	while (size >= 8) {
		uint32_t head[2], bits = 0;
		size_t length;

		memcpy(head, desc, sizeof(head));
		length = align_up(head[1], 8);
		if (head[1] > size - 8)
			return;
		if (head[0] == PROPERTY_ISA_NEEDED && head[1] == sizeof(bits))
			memcpy(&bits, desc + 8, sizeof(bits));
		for (unsigned int level = 1; level <= 4; level++)
			if ((bits & 1u << (level - 1)) != 0 && level > elf->cpu_level)
				elf->cpu_level = level;
		if (length > size - 8)
			return;
		desc += 8 + length;
		size -= 8 + length;
	}
}

static int read_notes(struct elf_file *elf, const Elf64_Phdr *segment)
{
	const uint8_t *note = part(elf, segment->p_offset, segment->p_filesz);
	size_t size = segment->p_filesz, align = segment->p_align == 8 ? 8 : 4;

	if (note == NULL)
		return -EINVAL;
	while (size >= sizeof(Elf64_Nhdr)) {
		Elf64_Nhdr head;
		size_t desc, end;

		memcpy(&head, note, sizeof(head));
		desc = align_up(sizeof(head) + head.n_namesz, align);
		end = align_up(desc + head.n_descsz, align);
		if (desc > size || head.n_descsz > size - desc)
			return -EINVAL;
		if (head.n_namesz == 4 && memcmp(note + sizeof(head), "GNU", 4) == 0) {
			elf->glibc = elf->glibc || head.n_type == NT_GNU_ABI_TAG;
			if (head.n_type == NOTE_PROPERTY)
				read_properties(elf, note + desc, head.n_descsz);
		}
		if (end >= size)
			break;
		note += end;
		size -= end;
	}
	return 0;
}

static int read_interp(struct elf_file *elf, const Elf64_Phdr *segment)
{
	const uint8_t *name = part(elf, segment->p_offset, segment->p_filesz);

	if (name == NULL || memchr(name, '\0', segment->p_filesz) == NULL)
		return -EINVAL;
	elf->interp = (const char *)name;
	return 0;
}

static int read_dynamic(struct elf_file *elf, const Elf64_Phdr *segment)
{
	const uint8_t *table = part(elf, segment->p_offset, segment->p_filesz);
	Elf64_Dyn entry;

	if (table == NULL)
		return -EINVAL;
	for (uint64_t at = 0; at + sizeof(entry) <= segment->p_filesz; at += sizeof(entry)) {
		memcpy(&entry, table + at, sizeof(entry));
		if (entry.d_tag == DT_NULL)
			break;
		elf->needs_libraries = elf->needs_libraries || entry.d_tag == DT_NEEDED;
	}
	return 0;
}

static int read_segment(struct elf_file *elf, const Elf64_Phdr *segment)
{
	unsigned int writable_code = PF_W | PF_X;

	switch (segment->p_type) {
	case PT_LOAD:
		if ((segment->p_flags & writable_code) == writable_code)
			elf->writable_code = true;
		return part(elf, segment->p_offset, segment->p_filesz) == NULL ? -EINVAL : 0;
	case PT_GNU_STACK:
		elf->stack_executable = (segment->p_flags & PF_X) != 0;
		return 0;
	case PT_GNU_RELRO:
		elf->relro = segment->p_memsz > 0;
		return 0;
	case PT_INTERP:
		return read_interp(elf, segment);
	case PT_DYNAMIC:
		return read_dynamic(elf, segment);
	case PT_NOTE:
		return read_notes(elf, segment);
	default:
		return 0;
	}
}

static int read_segments(struct elf_file *elf, const Elf64_Ehdr *head)
{
	const uint8_t *table =
		part(elf, head->e_phoff, (uint64_t)head->e_phnum * sizeof(Elf64_Phdr));
	int r = table == NULL || (head->e_phnum > 0 && head->e_phentsize != sizeof(Elf64_Phdr))
			? -EINVAL
			: 0;

	elf->stack_executable = true;
	for (size_t i = 0; i < head->e_phnum && r == 0; i++) {
		Elf64_Phdr segment;

		memcpy(&segment, table + i * sizeof(segment), sizeof(segment));
		r = read_segment(elf, &segment);
	}
	return r;
}

static int read_sections(struct elf_file *elf, const Elf64_Ehdr *head)
{
	const uint8_t *table =
		part(elf, head->e_shoff, (uint64_t)head->e_shnum * sizeof(Elf64_Shdr));
	const uint8_t *names, *content;
	Elf64_Shdr section;

	if (head->e_shnum == 0)
		return 0;
	if (table == NULL || head->e_shentsize != sizeof(section) ||
		head->e_shstrndx >= head->e_shnum)
		return -EINVAL;
	memcpy(&section, table + head->e_shstrndx * sizeof(section), sizeof(section));
	names = part(elf, section.sh_offset, section.sh_size);
	if (names == NULL || section.sh_size == 0 || names[section.sh_size - 1] != '\0')
		return -EINVAL;
	for (uint64_t i = 0, names_size = section.sh_size; i < head->e_shnum; i++) {
		memcpy(&section, table + i * sizeof(section), sizeof(section));
		if (section.sh_name >= names_size)
			return -EINVAL;
		if (strcmp((const char *)names + section.sh_name, ELF_SBOM_SECTION) != 0)
			continue;
		content = part(elf, section.sh_offset, section.sh_size);
		if (content == NULL || section.sh_type == SHT_NOBITS)
			return -EINVAL;
		elf->sbom = (const char *)content;
		elf->sbom_size = section.sh_size;
	}
	return 0;
}

/* Whether a text stands anywhere in the file. */
static bool has_text(const struct elf_file *elf, const char *text)
{
	return memmem(elf->data, elf->size, text, strlen(text)) != NULL;
}

int elf_file_read(const uint8_t *data, size_t size, struct elf_file *elf)
{
	struct elf_file found = {.data = data, .size = size};
	Elf64_Ehdr head;
	int r;

	if (size < SELFMAG || memcmp(data, ELFMAG, SELFMAG) != 0)
		return -ENOEXEC;
	if (size < EI_NIDENT)
		return -EINVAL;
	if (data[EI_CLASS] != ELFCLASS64 || data[EI_DATA] != ELFDATA2LSB)
		return -ENOTSUP;
	if (size < sizeof(head))
		return -EINVAL;
	memcpy(&head, data, sizeof(head));
	found.machine = head.e_machine;
	found.type = head.e_type;
	r = read_segments(&found, &head);
	if (r == 0)
		r = read_sections(&found, &head);
	if (r < 0)
		return r;
	found.glibc = found.glibc || has_text(&found, "GNU C Library");
	*elf = found;
	return 0;
}

bool elf_file_has_driver(const struct elf_file *elf, const char *driver)
{
	char text[128];
	int length = snprintf(text, sizeof(text), "PMD_INFO_STRING= {\"name\": \"%s\"", driver);

	return length > 0 && (size_t)length < sizeof(text) && has_text(elf, text);
}
