/* SPDX-License-Identifier: BSD-3-Clause */
/* Subordinate ids: /etc/subuid and /etc/subgid, as useradd and shadow's tools write them. */
#include "check/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST 100000 /* where useradd begins */

/* Whether the line begins with the name, or with the uid in its place. */
static bool line_is_for(const char *line, size_t name_len, const char *user, uid_t uid)
{
	char number[16];

	snprintf(number, sizeof(number), "%u", uid);
	return (user != NULL && strlen(user) == name_len && memcmp(line, user, name_len) == 0) ||
	       (strlen(number) == name_len && memcmp(line, number, name_len) == 0);
}

void subids_read(const char *text, const char *user, uid_t uid, struct subids *ids)
{
	*ids = (struct subids){0, FIRST};
	while (*text != '\0') {
		size_t name_len = strcspn(text, ":\n"), len = strcspn(text, "\n");
		char first_text[11], count_text[11];

		/* ids have 32 bits, which ten digits hold, so the sums can't overflow; no sign */
		if (text[name_len] == ':' && sscanf(text + name_len, ":%10[0-9]:%10[0-9]",
						     first_text, count_text) == 2) {
			unsigned long first = strtoul(first_text, NULL, 10);
			unsigned long count = strtoul(count_text, NULL, 10);

			if (line_is_for(text, name_len, user, uid))
				ids->count += count;
			if (first + count > ids->next)
				ids->next = first + count;
		}
		text += len + (text[len] != '\0');
	}
}
