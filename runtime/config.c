/* SPDX-License-Identifier: BSD-3-Clause */
#include "runtime/config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "pmd/grammar/error.h"

static int read_ports(const char *value, struct config *config, struct cvio_error *err)
{
	int n = port_spec_list_parse(value, config->ports, PORT_MAX, err);

	if (n < 0)
		return n;
	config->port_count = (size_t)n;
	return 0;
}

static int read_memory(const char *value, struct config *config, struct cvio_error *err)
{
	struct memory_spec given;
	int ret = memory_spec_parse(value, &given, err);

	if (ret < 0)
		return ret;
	config->memory.kind = given.kind;
	if (given.size != 0)
		config->memory.size = given.size;
	return 0;
}

static int read_lcores(const char *value, struct config *config, struct cvio_error *err)
{
	if (value[0] == '\0' || strpbrk(value, " \t\n") != NULL)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"\"%.200s\": an EAL lcore map is wanted, such as 0@2,1@3", value);
	config->lcores = value;
	return 0;
}

static int read_log(const char *value, struct config *config, struct cvio_error *err)
{
	int level = log_level_parse(value);

	if (level < 0)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, level,
			"\"%.200s\": one of error, warning, notice, info, debug is wanted", value);
	config->log = (enum log_level)level;
	return 0;
}

static int read_eal_args(const char *value, struct config *config, struct cvio_error *err)
{
	(void)err;
	config->eal_args = value;
	return 0;
}

static const struct variable {
	const char *name;
	int (*read)(const char *value, struct config *config, struct cvio_error *err);
} variables[] = {
	{"CVIO_EAL_ARGS", read_eal_args},
	{"CVIO_LCORES", read_lcores},
	{"CVIO_LOG", read_log},
	{"CVIO_MEMORY", read_memory},
	{"CVIO_PORTS", read_ports},
};

static int read_variable(const char *entry, struct config *config, struct cvio_error *err)
{
	size_t len = strcspn(entry, "=");
	struct cvio_error why = {0};
	int ret;

	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		const struct variable *v = &variables[i];

		if (strlen(v->name) != len || strncmp(entry, v->name, len) != 0)
			continue;
		ret = v->read(entry + len + (entry[len] == '='), config, &why);
		if (ret < 0)
			return cvio_error_set(err, why.exit_code, ret, "%s: %s", v->name, why.text);
		return 0;
	}
	/* a misspelt variable would be a port or a limit that silently isn't there */
	return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
		"%.*s: no such variable; CVIO_PORTS, CVIO_MEMORY, CVIO_LCORES, CVIO_LOG and "
		"CVIO_EAL_ARGS are known",
		len < 200 ? (int)len : 200, entry);
}

int config_read(char *const *environment, struct config *config, struct cvio_error *err)
{
	int ret;

	memset(config, 0, sizeof(*config));
	config->log = LOG_LEVEL_NOTICE;
	ret = memory_spec_parse(CONFIG_MEMORY_DEFAULT, &config->memory, err);
	for (; ret == 0 && *environment != NULL; environment++)
		if (strncmp(*environment, "CVIO_", 5) == 0)
			ret = read_variable(*environment, config, err);
	return ret;
}
