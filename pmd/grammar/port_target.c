/* SPDX-License-Identifier: BSD-3-Clause */
#include "pmd/grammar/port_target.h"

#include <stdio.h>
#include <string.h>

#define PCI_FULL_LEN 12 /* bytes of DDDD:BB:DD.F */

static bool refuse(char *reason, size_t size, const char *text)
{
	snprintf(reason, size, "%s", text);
	return false;
}

static bool keep(struct slice text, struct port_spec *spec)
{
	memcpy(spec->path, text.at, text.len);
	spec->path[text.len] = '\0';
	return true;
}

static bool socket_parse(struct slice text, struct port_spec *spec, char *reason, size_t size)
{
	if (text.len == 0 || text.at[0] != '/')
		return refuse(reason, size, "the path of a socket is wanted, from / on");
	if (text.at[text.len - 1] == '/')
		return refuse(reason, size, "the path ends in /: a socket is wanted, not a folder");
	if (text.len < sizeof(spec->path))
		return keep(text, spec);
	snprintf(reason, size, "the path has %zu bytes: at most %zu are possible", text.len,
		sizeof(spec->path) - 1);
	return false;
}

/* As Linux has it, and without what it takes for a template (%), or DPDK's arguments for a sign. */
static bool interface_parse(struct slice text, struct port_spec *spec, char *reason, size_t size)
{
	bool good = text.len > 0 && text.len <= PORT_IFNAME_MAX && !slice_is(text, ".") &&
		    !slice_is(text, "..") && text.at[0] != '-';

	for (size_t i = 0; good && i < text.len; i++)
		good = strchr("/:%=[]\"'\\", text.at[i]) == NULL;
	if (good)
		return keep(text, spec);
	return refuse(reason, size,
		"an interface's name is wanted: 1 to 15 bytes, without - in front and signs "
		"such as / : % = in it");
}

/* DDDD:BB:DD.F in hexadecimal digits; without DDDD: it is 0000. */
static bool pci_parse(struct slice text, struct port_spec *spec, char *reason, size_t size)
{
	static const char form[] = "xxxx:xx:xx.o";
	char full[PCI_FULL_LEN + 1];
	bool good;

	snprintf(full, sizeof(full), "%s%.*s", text.len + 5 == PCI_FULL_LEN ? "0000:" : "",
		(int)text.len, text.at);
	good = strlen(full) == PCI_FULL_LEN &&
	       (text.len == PCI_FULL_LEN || text.len + 5 == PCI_FULL_LEN);
	for (size_t i = 0; good && i < PCI_FULL_LEN; i++) {
		int digit = slice_hex(full[i]);

		if (form[i] == 'x' || form[i] == 'o')
			good = digit >= 0 && (form[i] == 'x' || digit < 8);
		else
			good = full[i] == form[i];
		if (full[i] >= 'A' && full[i] <= 'F')
			full[i] = (char)(full[i] - 'A' + 'a');
	}
	if (!good)
		return refuse(reason, size, "a NIC's address is wanted, such as 0000:03:00.0");
	return keep((struct slice){full, PCI_FULL_LEN}, spec);
}

static const struct {
	const char *word;
	bool (*parse)(struct slice text, struct port_spec *spec, char *reason, size_t size);
} targets[PORT_KINDS] = {
	[PORT_VHOST_USER] = {"PATH", socket_parse},
	[PORT_VHOST_BACKEND] = {"PATH", socket_parse},
	[PORT_VHOST_KERNEL] = {"IFNAME", interface_parse},
	[PORT_PCI] = {"ADDRESS", pci_parse},
};

const char *port_target_word(enum port_kind kind)
{
	return targets[kind].word;
}

bool port_target_parse(struct slice text, struct port_spec *spec, char *reason, size_t size)
{
	return targets[spec->kind].parse(text, spec, reason, size);
}
