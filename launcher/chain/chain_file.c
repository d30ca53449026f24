/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From YAML to a chain. libyaml makes a tree whose nodes know their place; each kind of mapping has
 * a table of its keys here, so that a misspelt one is refused: it would be a limit or a port that
 * silently isn't there. An alias is its anchor's node itself, hence costs nothing; what is read
 * here has a fixed depth, so a tree that refers to itself isn't followed.
 */
#include "chain/chain.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/exit.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

struct reader {
	yaml_document_t *doc;
	struct chain *chain;
	struct cvio_error *err;
};

/* One key of a mapping; found is filled in. */
struct key {
	const char *name;
	yaml_node_t *found, *key;
};

static struct chain_place place_of(const yaml_node_t *node)
{
	return (struct chain_place){
		.line = node->start_mark.line + 1, .column = node->start_mark.column + 1};
}

#define FAIL(reader, node, ...) \
	chain_error((reader)->err, (reader)->chain->file, place_of(node), __VA_ARGS__)

static int no_memory(struct cvio_error *err)
{
	return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "out of memory");
}

/* The text of a scalar; NULL, with the error set, for anything else. libyaml terminates it, but a
 * NUL within would hide the rest. */
static const char *scalar(struct reader *r, yaml_node_t *node, const char *what)
{
	const char *text = (const char *)node->data.scalar.value;

	if (node->type != YAML_SCALAR_NODE) {
		FAIL(r, node, "%s: is a list or a mapping; write one text", what);
		return NULL;
	}
	if (strlen(text) != node->data.scalar.length) {
		FAIL(r, node, "%s: has a NUL character; remove it", what);
		return NULL;
	}
	if (*text == '\0') {
		FAIL(r, node, "%s: is empty; write a value, or leave the key out", what);
		return NULL;
	}
	return text;
}

/* An owned copy of a scalar. */
static int scalar_copy(struct reader *r, yaml_node_t *node, const char *what, char **copy)
{
	const char *text;

	if (node == NULL)
		return 0;
	text = scalar(r, node, what);
	if (text == NULL)
		return -EINVAL;
	*copy = strdup(text);
	return *copy == NULL ? no_memory(r->err) : 0;
}

static int key_unknown(struct reader *r, yaml_node_t *node, const char *what, const char *text,
	const struct key *keys, size_t count)
{
	char list[128];
	size_t used = 0;

	for (size_t i = 0; i < count; i++)
		used += (size_t)snprintf(
			list + used, sizeof(list) - used, "%s%s", i > 0 ? ", " : "", keys[i].name);
	return FAIL(r, node, "%s: %.80s: no such key; there are %s", what, text, list);
}

/* Find the keys of a mapping; one that isn't in the table, or is there twice, is an error. */
static int mapping(
	struct reader *r, yaml_node_t *node, const char *what, struct key *keys, size_t count)
{
	if (node->type != YAML_MAPPING_NODE)
		return FAIL(r, node, "%s: is not a mapping; write KEY: VALUE", what);
	for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
		pair < node->data.mapping.pairs.top; pair++) {
		yaml_node_t *key = yaml_document_get_node(r->doc, pair->key);
		const char *text = scalar(r, key, what);
		size_t i = 0;

		if (text == NULL)
			return -EINVAL;
		while (i < count && strcmp(keys[i].name, text) != 0)
			i++;
		if (i == count)
			return key_unknown(r, key, what, text, keys, count);
		if (keys[i].found != NULL)
			return FAIL(r, key, "%s: %s: is there twice; leave one out", what, text);
		keys[i].key = key;
		keys[i].found = yaml_document_get_node(r->doc, pair->value);
	}
	return 0;
}

/* A list of texts, or one text that is split as a shell does. */
static int read_words(struct reader *r, yaml_node_t *node, const char *what, struct words *words)
{
	const char *text;

	if (node == NULL)
		return 0;
	if (node->type == YAML_SEQUENCE_NODE) {
		for (yaml_node_item_t *item = node->data.sequence.items.start;
			item < node->data.sequence.items.top; item++) {
			yaml_node_t *word = yaml_document_get_node(r->doc, *item);

			text = scalar(r, word, what);
			if (text == NULL)
				return -EINVAL;
			words_add(words, text);
		}
		return words->failed ? no_memory(r->err) : 0;
	}
	text = scalar(r, node, what);
	if (text == NULL)
		return -EINVAL;
	if (shell_split(text, words) == -EINVAL)
		return FAIL(r, node, "%s: a quote has no end; close it", what);
	return words->failed ? no_memory(r->err) : 0;
}

static int read_container(
	struct reader *r, yaml_node_t *key, yaml_node_t *node, struct chain_container *c)
{
	struct key keys[] = {{.name = "image"}, {.name = "cpus"}, {.name = "memory"},
		{.name = "args"}, {.name = "podman-args"}};
	const char *name = scalar(r, key, "containers");
	int ret;

	if (name == NULL)
		return -EINVAL;
	if (!chain_name_ok(name))
		return FAIL(r, key,
			"containers: %.80s: is not a container's name; use up to %d letters, "
			"digits, and _ - after the first",
			name, CHAIN_NAME_MAX);
	for (const struct chain_container *other = r->chain->containers; other < c; other++)
		if (strcmp(other->name, name) == 0)
			return FAIL(r, key,
				"containers: %s: is there twice, first in line %zu; rename one",
				name, other->place.line);
	strcpy(c->name, name);
	c->place = place_of(key);
	ret = mapping(r, node, name, keys, ARRAY_LEN(keys));
	if (ret < 0)
		return ret;
	if (keys[0].found == NULL)
		return FAIL(
			r, key, "%s: image: is missing; name one that `podman images` lists", name);
	ret = scalar_copy(r, keys[0].found, "image", &c->image);
	/* `cvio run` would take it for an option */
	if (ret == 0 && c->image[0] == '-')
		ret = FAIL(r, keys[0].found,
			"image: %.80s: is not an image's name; name one that "
			"`podman images` lists",
			c->image);
	if (ret == 0)
		ret = scalar_copy(r, keys[1].found, "cpus", &c->cpus);
	if (ret == 0)
		ret = scalar_copy(r, keys[2].found, "memory", &c->memory);
	if (ret == 0)
		ret = read_words(r, keys[3].found, "args", &c->args);
	return ret < 0 ? ret : read_words(r, keys[4].found, "podman-args", &c->podman_args);
}

static int read_containers(struct reader *r, yaml_node_t *node)
{
	struct chain *chain = r->chain;
	int ret;

	if (node->type != YAML_MAPPING_NODE ||
		node->data.mapping.pairs.top == node->data.mapping.pairs.start)
		return FAIL(r, node, "containers: has none; write NAME: {image: IMAGE}");
	if (node->data.mapping.pairs.top - node->data.mapping.pairs.start > CHAIN_CONTAINERS_MAX)
		return FAIL(r, node, "containers: more than %d; make several chains of them",
			CHAIN_CONTAINERS_MAX);
	chain->containers = calloc(CHAIN_CONTAINERS_MAX, sizeof(*chain->containers));
	if (chain->containers == NULL)
		return no_memory(r->err);
	for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
		pair < node->data.mapping.pairs.top; pair++) {
		ret = read_container(r, yaml_document_get_node(r->doc, pair->key),
			yaml_document_get_node(r->doc, pair->value),
			&chain->containers[chain->container_count++]);
		if (ret < 0)
			return ret;
	}
	return 0;
}

static int read_end(struct reader *r, yaml_node_t *node, const char *what, size_t *index)
{
	const char *name;

	*index = CHAIN_NOBODY;
	if (node == NULL)
		return 0;
	name = scalar(r, node, what);
	if (name == NULL)
		return -EINVAL;
	for (size_t i = 0; i < r->chain->container_count; i++)
		if (strcmp(r->chain->containers[i].name, name) == 0)
			*index = i;
	if (*index == CHAIN_NOBODY)
		return FAIL(r, node,
			"%s: %.80s: no such container; name one that is under containers", what,
			name);
	return 0;
}

static int read_link(struct reader *r, yaml_node_t *node, struct chain_link *link)
{
	struct key keys[] = {
		{.name = "from"}, {.name = "to"}, {.name = "socket"}, {.name = "options"}};
	int ends, ret = mapping(r, node, "links", keys, ARRAY_LEN(keys));

	if (ret == 0)
		ret = read_end(r, keys[0].found, "from", &link->from);
	if (ret == 0)
		ret = read_end(r, keys[1].found, "to", &link->to);
	if (ret == 0)
		ret = scalar_copy(r, keys[2].found, "socket", &link->socket);
	if (ret == 0)
		ret = scalar_copy(r, keys[3].found, "options", &link->options);
	if (ret < 0)
		return ret;
	link->place = place_of(node);
	ends = (link->from != CHAIN_NOBODY) + (link->to != CHAIN_NOBODY) + (link->socket != NULL);
	if (ends != 2)
		return FAIL(r, node,
			"links: has %d of from, to and socket; name two: from and to, from and "
			"socket, or to and socket",
			ends);
	if (link->from == link->to)
		return FAIL(r, node, "links: %s: is both from and to; link two containers",
			r->chain->containers[link->from].name);
	return 0;
}

static int read_links(struct reader *r, yaml_node_t *node)
{
	struct chain *chain = r->chain;
	int ret;

	if (node == NULL)
		return 0;
	if (node->type != YAML_SEQUENCE_NODE)
		return FAIL(r, node, "links: is not a list; write - {from: NAME, to: NAME}");
	if (node->data.sequence.items.top - node->data.sequence.items.start > CHAIN_LINKS_MAX)
		return FAIL(r, node, "links: more than %d; make several chains of them",
			CHAIN_LINKS_MAX);
	chain->links = calloc(CHAIN_LINKS_MAX, sizeof(*chain->links));
	if (chain->links == NULL)
		return no_memory(r->err);
	for (yaml_node_item_t *item = node->data.sequence.items.start;
		item < node->data.sequence.items.top; item++) {
		ret = read_link(r, yaml_document_get_node(r->doc, *item),
			&chain->links[chain->link_count++]);
		if (ret < 0)
			return ret;
	}
	return 0;
}

static int read_chain(struct reader *r, yaml_node_t *root)
{
	struct key keys[] = {{.name = "name"}, {.name = "containers"}, {.name = "links"}};
	const char *name;
	int ret = mapping(r, root, "chain", keys, ARRAY_LEN(keys));

	if (ret < 0)
		return ret;
	for (size_t i = 0; i < 2; i++)
		if (keys[i].found == NULL)
			return FAIL(r, root,
				"%s: is missing; see docs/chains.md for what a chain has",
				keys[i].name);
	name = scalar(r, keys[0].found, "name");
	if (name == NULL)
		return -EINVAL;
	if (!chain_name_ok(name))
		return FAIL(r, keys[0].found,
			"name: %.80s: is not a chain's name; use up to %d letters, digits, and _ - "
			"after the first",
			name, CHAIN_NAME_MAX);
	strcpy(r->chain->name, name);
	ret = read_containers(r, keys[1].found);
	return ret < 0 ? ret : read_links(r, keys[2].found);
}

static int not_yaml(const yaml_parser_t *parser, struct chain *chain, struct cvio_error *err)
{
	struct chain_place place = {
		.line = parser->problem_mark.line + 1, .column = parser->problem_mark.column + 1};

	if (parser->error == YAML_MEMORY_ERROR)
		return no_memory(err);
	return chain_error(err, chain->file, place,
		"is not YAML: %s; indent with spaces, and quote "
		"what has signs in it",
		parser->problem != NULL ? parser->problem : "unreadable");
}

static int read_document(yaml_parser_t *parser, struct chain *chain, struct cvio_error *err)
{
	yaml_document_t doc, more;
	struct reader reader = {.doc = &doc, .chain = chain, .err = err};
	yaml_node_t *root;
	int r;

	if (!yaml_parser_load(parser, &doc))
		return not_yaml(parser, chain, err);
	root = yaml_document_get_root_node(&doc);
	if (root == NULL)
		r = chain_error(err, chain->file, (struct chain_place){1, 1},
			"is empty; see docs/chains.md for what a chain has");
	else
		r = read_chain(&reader, root);
	yaml_document_delete(&doc);
	if (r < 0)
		return r;
	if (!yaml_parser_load(parser, &more))
		return not_yaml(parser, chain, err);
	reader.doc = &more;
	root = yaml_document_get_root_node(&more);
	if (root != NULL)
		r = FAIL(&reader, root, "is a second document; a file has one chain");
	yaml_document_delete(&more);
	return r;
}

int chain_parse(const char *file, const char *text, size_t size, struct chain *chain,
	struct cvio_error *err)
{
	yaml_parser_t parser;
	int r;

	*chain = (struct chain){.file = file};
	if (!yaml_parser_initialize(&parser))
		return no_memory(err);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, size);
	r = read_document(&parser, chain, err);
	yaml_parser_delete(&parser);
	return r;
}
