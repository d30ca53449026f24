/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * `cvio completion`: a shell's script is the table that is printed here, and a function that reads
 * it (completion/cvio.bash, completion/cvio.zsh). What options there are comes from the parsers'
 * own tables, and what they are for from the help texts; here is only what kind of value each
 * takes:
 *
 *     image, container, chain   what podman and `cvio ps` list
 *     file, folder
 *     port                      a socket behind vhost-user: or vhost-backend:
 *     socket                    a path behind unix:
 *     bundle                    images for create, else a file
 *     one=A,B  list=A,B         a word, or several with commas
 *     any                       a value that nobody can guess
 *     -                         no value
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/exit.h"
#include "base/longopts.h"
#include "commands.h"
#include "completion/completion.h"
#include "generate/generate.h"
#include "run/commands.h"
#include "run/run_options.h"

#define HELP_COLUMN 10 /* no option of a help text begins so far to the right */

static const char completion_usage[] =
	"Usage: cvio completion bash|zsh\n"
	"\n"
	"Print a script that makes the shell complete cvio's subcommands, options and their\n"
	"values: `source <(cvio completion bash)` in ~/.bashrc, or the same with zsh in "
	"~/.zshrc.\n";

/* An option takes the same kind of value in each subcommand. */
static const struct {
	const char *option, *kind;
} value_kinds[] = {
	{"base", "file"},
	{"cpu", "list=x86-64-v2,x86-64-v3,x86-64-v4,aarch64"},
	{"cpus", "any"},
	{"file", "file"},
	{"format", "one=spdx,cyclonedx"},
	{"interval", "any"},
	{"key", "file"},
	{"listen", "socket"},
	{"memory", "one=auto,memfd,mount,small"},
	{"name", "any"},
	{"output", "file"},
	{"podman-args", "any"},
	{"port", "port"},
	{"sbom", "folder"},
	{"sign", "file"},
	{"sources", "folder"},
	{"tag", "image"},
	{"textfile", "file"},
	{"userspace-cni", "any"},
};

/* The words that aren't options: the first, and those after it. */
static const struct {
	const char *command, *first, *rest;
	const struct option *more; /* options of another subcommand, which it takes as well */
} operands[] = {
	{"run", "image", "-", NULL},
	{"down", "chain", "-", NULL},
	{"stats", "container", "container", NULL},
	{"top", "container", "container", NULL},
	{"generate", "one=FORMS", "image", run_longopts},
	{"build", "folder", "-", NULL},
	{"check", "image", "-", run_longopts},
	{"inspect", "image", "-", NULL},
	{"sbom", "image", "-", NULL},
	{"bundle", "one=create,verify,load", "bundle", NULL},
	{"completion", "one=bash,zsh", "-", NULL},
	{"help", "one=SUBCOMMANDS", "-", NULL},
};

static const char *value_kind(const struct option *option)
{
	if (option->has_arg == no_argument)
		return "-";
	for (size_t i = 0; i < sizeof(value_kinds) / sizeof(value_kinds[0]); i++)
		if (strcmp(value_kinds[i].option, option->name) == 0)
			return value_kinds[i].kind;
	return "?"; /* a test looks for it */
}

/* The table stands in single quotes. */
static void put_text(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		fputs(text[i] == '\'' ? "'\\''" : (const char[]){text[i], '\0'}, stdout);
}

/* Text that is wrapped to a column. */
static void put_paragraph(const char *text)
{
	for (;;) {
		text += strspn(text, " ");
		put_text(text, strcspn(text, "\n"));
		text = strchr(text, '\n');
		if (text == NULL || strspn(text + 1, " ") < HELP_COLUMN)
			return;
		text++;
		putchar(' ');
	}
}

/* What a help text says of an option: "  -o, --output PATH  where to", or where to on the next
 * line. */
static void put_description(const char *usage, const char *name)
{
	char word[64];
	const char *line = usage, *found, *text;

	snprintf(word, sizeof(word), "--%s ", name);
	while ((line = strstr(line, "\n  -")) != NULL) {
		line++;
		found = strstr(line, word);
		if (found == NULL || found > line + strcspn(line, "\n"))
			continue;
		text = strstr(found, "  ");
		if (text != NULL)
			put_paragraph(text);
		return;
	}
}

static bool option_in(const struct option *list, const char *name)
{
	for (; list != NULL && list->name != NULL; list++)
		if (strcmp(list->name, name) == 0)
			return true;
	return false;
}

/* All options of a list but those that another list has as well. */
static void put_options(
	const char *command, const struct option *list, const struct option *but, const char *usage)
{
	for (; list != NULL && list->name != NULL; list++) {
		if (option_in(but, list->name))
			continue;
		printf("%s --%s ", command, list->name);
		if (list->val < LONGOPT_ONLY)
			printf("-%c", list->val);
		else
			putchar('-');
		printf(" %s ", value_kind(list));
		put_description(usage, list->name);
		putchar('\n');
	}
}

static void put_names(const char *kind)
{
	if (strcmp(kind, "one=FORMS") == 0) {
		for (const struct generate_form *f = generate_forms; f->name != NULL; f++)
			printf("%s%s", f == generate_forms ? "one=" : ",", f->name);
	} else if (strcmp(kind, "one=SUBCOMMANDS") == 0) {
		for (const struct command *const *c = commands; *c != NULL; c++)
			printf("%s%s", c == commands ? "one=" : ",", (*c)->name);
	} else {
		fputs(kind, stdout);
	}
}

static void put_command(const struct command *c)
{
	printf("- %s - - ", c->name);
	put_text(c->line, strlen(c->line));
	putchar('\n');
	put_options(c->name, c->options, NULL, c->usage);
	for (size_t i = 0; i < sizeof(operands) / sizeof(operands[0]); i++) {
		if (strcmp(operands[i].command, c->name) != 0)
			continue;
		put_options(c->name, operands[i].more, c->options, run_command.usage);
		printf("%s first - ", c->name);
		put_names(operands[i].first);
		printf(" \n%s rest - %s \n", c->name, operands[i].rest);
	}
}

static void put_script(const char *const *lines)
{
	puts("# Completion of cvio's command line; `cvio completion` made it.");
	puts("# Rows: SUBCOMMAND OPTION LETTER KIND-OF-VALUE DESCRIPTION; first and rest are words "
	     "that are no options");
	fputs("_cvio_table='", stdout);
	put_options("-", main_longopts, NULL, "");
	for (const struct command *const *c = commands; *c != NULL; c++)
		put_command(*c);
	puts("'");
	for (; *lines != NULL; lines++)
		puts(*lines);
}

static int cmd_completion(int argc, char **argv, struct cvio_error *err)
{
	const char *shell = argc > 1 ? argv[1] : "";
	bool zsh = strcmp(shell, "zsh") == 0;

	if (strcmp(shell, "-h") == 0 || strcmp(shell, "--help") == 0) {
		fputs(completion_usage, stdout);
		return 0;
	}
	if (argc != 2 || (!zsh && strcmp(shell, "bash") != 0))
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"completion: %.200s: bash or zsh is wanted; see `cvio help completion`",
			argc > 2           ? argv[2]
			: shell[0] != '\0' ? shell
					   : "SHELL");
	if (zsh)
		puts("#compdef cvio");
	put_script(zsh ? completion_zsh : completion_bash);
	return 0;
}

const struct command completion_command = {"completion", cmd_completion,
	"print what makes a shell complete words", completion_usage, NULL};
