/* SPDX-License-Identifier: BSD-3-Clause */
#include "generate/yaml_write.h"

#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <yaml.h>

#define LINE_WIDTH (-1) /* no limit: a wrapped value can't be searched for */

static yaml_char_t *bytes(const char *text)
{
	return (yaml_char_t *)(uintptr_t)text; /* libyaml's parameters lack const */
}

/* What begins with a letter or a slash is a text for every reader, but for these words. */
static bool is_plain(const char *text)
{
	static const char *const words[] = {
		"y", "n", "yes", "no", "on", "off", "true", "false", "null"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(text, words[i]) == 0)
			return false;
	return isalpha((unsigned char)text[0]) || text[0] == '/';
}

static int put(yaml_emitter_t *emitter, yaml_event_t *event, int made)
{
	return made && yaml_emitter_emit(emitter, event) ? 0 : -ENOMEM;
}

static int put_scalar(yaml_emitter_t *emitter, const char *text, size_t size, bool plain)
{
	yaml_scalar_style_t style = YAML_ANY_SCALAR_STYLE;
	yaml_event_t event;

	if (memchr(text, '\n', size) != NULL)
		style = YAML_LITERAL_SCALAR_STYLE;
	return put(emitter, &event,
		yaml_scalar_event_initialize(
			&event, NULL, NULL, bytes(text), (int)size, plain, 1, style));
}

static int put_value(yaml_emitter_t *emitter, json_t *value);

static int put_object(yaml_emitter_t *emitter, json_t *object)
{
	yaml_event_t event;
	const char *key;
	json_t *value;
	int r = put(emitter, &event,
		yaml_mapping_start_event_initialize(
			&event, NULL, NULL, 1, YAML_BLOCK_MAPPING_STYLE));

	json_object_foreach (object, key, value) {
		if (r == 0)
			r = put_scalar(emitter, key, strlen(key), is_plain(key));
		if (r == 0)
			r = put_value(emitter, value);
	}
	return r < 0 ? r : put(emitter, &event, yaml_mapping_end_event_initialize(&event));
}

static int put_array(yaml_emitter_t *emitter, const json_t *array)
{
	yaml_event_t event;
	json_t *value;
	size_t i;
	int r = put(emitter, &event,
		yaml_sequence_start_event_initialize(
			&event, NULL, NULL, 1, YAML_BLOCK_SEQUENCE_STYLE));

	json_array_foreach (array, i, value)
		if (r == 0)
			r = put_value(emitter, value);
	return r < 0 ? r : put(emitter, &event, yaml_sequence_end_event_initialize(&event));
}

/* Numbers and the like are as in JSON, which is YAML. */
static int put_other(yaml_emitter_t *emitter, const json_t *value)
{
	char *text = json_dumps(value, JSON_ENCODE_ANY);
	int r = text == NULL ? -ENOMEM : put_scalar(emitter, text, strlen(text), true);

	free(text);
	return r;
}

static int put_value(yaml_emitter_t *emitter, json_t *value)
{
	if (json_is_object(value))
		return put_object(emitter, value);
	if (json_is_array(value))
		return put_array(emitter, value);
	if (json_is_string(value))
		return put_scalar(emitter, json_string_value(value), json_string_length(value),
			is_plain(json_string_value(value)));
	return put_other(emitter, value);
}

static int put_document(yaml_emitter_t *emitter, json_t *document)
{
	yaml_event_t event;
	int r = put(
		emitter, &event, yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 0));

	if (r == 0)
		r = put_value(emitter, document);
	return r < 0 ? r : put(emitter, &event, yaml_document_end_event_initialize(&event, 1));
}

static int write_piece(void *out, unsigned char *buf, size_t size)
{
	fwrite(buf, 1, size, out);
	return 1;
}

int yaml_write(const json_t *documents, FILE *out)
{
	yaml_emitter_t emitter;
	yaml_event_t event;
	json_t *document;
	size_t i;
	int r;

	if (!yaml_emitter_initialize(&emitter))
		return -ENOMEM;
	yaml_emitter_set_output(&emitter, write_piece, out);
	yaml_emitter_set_width(&emitter, LINE_WIDTH);
	yaml_emitter_set_unicode(&emitter, 1);
	r = put(&emitter, &event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
	json_array_foreach (documents, i, document)
		if (r == 0)
			r = put_document(&emitter, document);
	if (r == 0)
		r = put(&emitter, &event, yaml_stream_end_event_initialize(&event));
	yaml_emitter_delete(&emitter);
	return r;
}
