/* SPDX-License-Identifier: BSD-3-Clause */
/* One Pod for all containers, and their seccomp profiles beside it. A chain's links are the Pod's
 * own: no other one sees them. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "generate/generate.h"
#include "generate/generate_output.h"
#include "generate/kube_network.h"
#include "generate/kube_pod.h"
#include "generate/yaml_write.h"
#include "pmd/grammar/error.h"

static int out_of_memory(struct cvio_error *err)
{
	return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "generate: out of memory");
}

/* In the order in which a cluster needs them. */
static json_t *make_documents(const struct kube_source *source, struct cvio_error *err)
{
	json_t *documents = json_array(), *pod = NULL;
	int r = kube_pod(source, &pod, err);

	if (r == 0)
		r = kube_network_define(source, documents, err);
	if (r == 0 && json_array_append_new(documents, pod) == 0)
		return documents;
	json_decref(documents);
	return NULL;
}

/* Folders that podman's containers share must be there. */
static void write_folders(const struct generate *g, const struct kube_source *source, FILE *out)
{
	for (size_t i = 0; source->podman && i < g->links->paths->count; i++)
		generate_link_folder(g, i, "# before: ", out);
}

static char *make_text(
	const struct generate *g, const struct kube_source *source, struct cvio_error *err)
{
	json_t *documents = make_documents(source, err);
	char *text = NULL;
	size_t size;
	FILE *out;
	int r;

	if (documents == NULL)
		return NULL;
	out = open_memstream(&text, &size);
	if (out != NULL) {
		generate_head(g, source->form, out);
		write_folders(g, source, out);
		r = yaml_write(documents, out);
		if (fclose(out) != 0 || r < 0) {
			free(text);
			text = NULL;
		}
	}
	if (text == NULL)
		out_of_memory(err);
	json_decref(documents);
	return text;
}

static int make(struct generate *g, const char *form, bool podman, struct cvio_error *err)
{
	struct kube_container *containers = calloc(g->count, sizeof(*containers));
	const struct kube_source source = {
		.form = form,
		.name = g->name,
		.containers = containers,
		.count = g->count,
		.links = g->links->paths,
		.bridge = g->bridge,
		.podman = podman,
	};
	char *text;
	int r = containers == NULL ? out_of_memory(err) : generate_check_texts(g, form, err);

	if (r < 0) {
		free(containers);
		return r;
	}
	for (size_t i = 0; i < g->count; i++)
		containers[i] = (struct kube_container){
			&g->runs[i].plan, g->runs[i].cpus, g->runs[i].memory_spec, g->runs[i].user};
	text = make_text(g, &source, err);
	free(containers);
	if (text == NULL)
		return -EINVAL;
	r = generate_add(g, "pod.yaml", text, GENERATE_DATA, err);
	return r == 0 ? generate_add_profiles(g, err) : r;
}

int generate_kube(struct generate *g, struct cvio_error *err)
{
	return make(g, "kube", false, err);
}

int generate_podman_kube(struct generate *g, struct cvio_error *err)
{
	return make(g, "podman-kube", true, err);
}
