/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of Pods, as the YAML that a user sees. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "generate/kube_network.h"
#include "generate/yaml_write.h"
#include "pmd/grammar/error.h"

static const struct words none;
static char *folder_list[] = {"/run/ovs", NULL}, *arg_list[] = {"-p", "1", NULL};
static const struct words folder = {folder_list, 1, false};
static const struct words args = {arg_list, 2, false};

static const struct run_plan base = {
	.image = "localhost/cvio/l2fwd",
	.name = "l2fwd",
	.image_seccomp = true,
	.ports = "vhost-user:/run/ovs/p0.sock,server",
	.folders = &folder,
	.targets = &folder,
	.podman_args = &none,
	.app_args = &args,
};

static struct kube_container container_of(const struct run_plan *plan)
{
	return (struct kube_container){
		.plan = plan,
		.cpus = "2-3",
		.memory = {.kind = MEMORY_AUTO, .size = 64ULL << 20},
		.user = {true, 65532, 65532},
	};
}

static struct kube_source source_of(const struct kube_container *container)
{
	return (struct kube_source){
		.form = "kube",
		.name = container->plan->name,
		.containers = container,
		.count = 1,
		.links = &none,
	};
}

/* The Pod's and its networks' YAML; the caller frees it. */
static char *text_of(const struct kube_source *source)
{
	struct cvio_error err = {0};
	json_t *documents = json_array(), *pod = NULL;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(kube_network_define(source, documents, &err), 0);
	assert_int_equal(kube_pod(source, &pod, &err), 0);
	json_array_append_new(documents, pod);
	assert_int_equal(yaml_write(documents, out), 0);
	fclose(out);
	json_decref(documents);
	return text;
}

static void test_pod(void **state)
{
	const struct kube_container c = container_of(&base);
	const struct kube_source source = source_of(&c);
	char *text = text_of(&source);

	(void)state;
	assert_string_equal(text, "---\n"
				  "apiVersion: v1\n"
				  "kind: Pod\n"
				  "metadata:\n"
				  "  name: l2fwd\n"
				  "  labels:\n"
				  "    app.kubernetes.io/name: l2fwd\n"
				  "  annotations:\n"
				  "    k8s.v1.cni.cncf.io/network-status: |-\n"
				  "      [\n"
				  "        {\n"
				  "          \"name\": \"l2fwd-0\",\n"
				  "          \"interface\": \"net1\",\n"
				  "          \"device-info\": {\n"
				  "            \"type\": \"vhost-user\",\n"
				  "            \"version\": \"1.1.0\",\n"
				  "            \"vhost-user\": {\n"
				  "              \"mode\": \"server\",\n"
				  "              \"path\": \"/run/ovs/p0.sock\"\n"
				  "            }\n"
				  "          }\n"
				  "        }\n"
				  "      ]\n"
				  "spec:\n"
				  "  restartPolicy: OnFailure\n"
				  "  automountServiceAccountToken: false\n"
				  "  enableServiceLinks: false\n"
				  "  containers:\n"
				  "  - name: l2fwd\n"
				  "    image: localhost/cvio/l2fwd\n"
				  "    imagePullPolicy: IfNotPresent\n"
				  "    args:\n"
				  "    - '-p'\n"
				  "    - '1'\n"
				  "    env:\n"
				  "    - name: CVIO_PORTS\n"
				  "      value: vhost-user:/run/ovs/p0.sock,server\n"
				  "    - name: CVIO_MEMORY\n"
				  "      value: memfd,64M\n"
				  "    resources:\n"
				  "      requests:\n"
				  "        cpu: '2'\n"
				  "        memory: '128Mi'\n"
				  "        hugepages-2Mi: '64Mi'\n"
				  "      limits:\n"
				  "        cpu: '2'\n"
				  "        memory: '128Mi'\n"
				  "        hugepages-2Mi: '64Mi'\n"
				  "    securityContext:\n"
				  "      runAsNonRoot: true\n"
				  "      runAsUser: 65532\n"
				  "      runAsGroup: 65532\n"
				  "      allowPrivilegeEscalation: false\n"
				  "      readOnlyRootFilesystem: true\n"
				  "      capabilities:\n"
				  "        drop:\n"
				  "        - ALL\n"
				  "      seccompProfile:\n"
				  "        type: Localhost\n"
				  "        localhostProfile: l2fwd.seccomp.json\n"
				  "    terminationMessagePolicy: FallbackToLogsOnError\n"
				  "    volumeMounts:\n"
				  "    - name: sockets-0\n"
				  "      mountPath: /run/ovs\n"
				  "  volumes:\n"
				  "  - name: sockets-0\n"
				  "    hostPath:\n"
				  "      path: /run/ovs\n"
				  "      type: Directory\n");
	free(text);
}

/* What a value of the source must bring into the Pod, or keep out of it. */
static void check(const struct kube_source *source, const char *there, const char *not_there)
{
	char *text = text_of(source);

	if (there != NULL && strstr(text, there) == NULL)
		fail_msg("\"%s\" isn't in:\n%s", there, text);
	if (not_there != NULL && strstr(text, not_there) != NULL)
		fail_msg("\"%s\" is in:\n%s", not_there, text);
	free(text);
}

static void test_memory(void **state)
{
	struct kube_container c = container_of(&base);
	struct kube_source source = source_of(&c);

	(void)state;
	c.memory.kind = MEMORY_SMALL;
	check(&source, "value: small,64M\n", "hugepages");
	check(&source, "memory: '256Mi'\n", NULL);
	c.memory.kind = MEMORY_MOUNT;
	check(&source, "    emptyDir:\n      medium: HugePages\n", NULL);
	check(&source, "mountPath: /dev/hugepages\n", NULL);
	check(&source, "fsGroup: 65532\n", NULL);
	check(&source, "name: RUNTIME_DIRECTORY\n      value: /run/cvio/telemetry\n", NULL);
}

static void test_podman(void **state)
{
	struct kube_container c = container_of(&base);
	struct kube_source source = source_of(&c);

	(void)state;
	source.podman = true;
	check(&source,
		"container.seccomp.security.alpha.kubernetes.io/l2fwd: "
		"localhost/l2fwd.seccomp.json\n",
		"resources:");
	check(&source, "name: CVIO_LCORES\n      value: '0@2,1@3'\n", NULL);
	check(&source, "imagePullPolicy: Never\n", "network-status");
	check(&source, "value: auto,64M\n", NULL);
}

/* Two containers of a chain: the link is the Pod's own, and nobody else is told of it. */
static void test_chain(void **state)
{
	char *link_list[] = {"/run/cvio/c/1", NULL},
	     *both_list[] = {"/run/ovs", "/run/cvio/c/1", NULL};
	const struct words link = {link_list, 1, false}, both = {both_list, 2, false};
	struct run_plan plans[] = {base, base};
	struct kube_container c[2];
	struct kube_source source;

	(void)state;
	plans[0].folders = plans[0].targets = &both;
	plans[0].ports = "vhost-user:/run/ovs/p0.sock vhost-user:/run/cvio/c/1/s";
	plans[1].name = "sink";
	plans[1].folders = plans[1].targets = &link;
	plans[1].ports = "vhost-backend:/run/cvio/c/1/s";
	c[0] = container_of(&plans[0]);
	c[1] = container_of(&plans[1]);
	source = source_of(c);
	source.count = 2;
	source.name = "chain";
	source.links = &link;
	check(&source,
		"  volumes:\n"
		"  - name: sockets-0\n"
		"    hostPath:\n"
		"      path: /run/ovs\n"
		"      type: Directory\n"
		"  - name: sockets-1\n"
		"    emptyDir:\n"
		"      medium: Memory\n",
		"net2");
	check(&source, "    - name: sockets-1\n      mountPath: /run/cvio/c/1\n", NULL);
	check(&source, "fsGroup: 65532\n", NULL);
	source.podman = true;
	check(&source, "  - name: sockets-1\n    hostPath:\n      path: /run/cvio/c/1\n",
		"fsGroup");
}

static void test_user(void **state)
{
	struct run_plan plan = base;
	char *gid_list[] = {"107", NULL};
	const struct words gids = {gid_list, 1, false};
	struct kube_container c = container_of(&plan);
	struct kube_source source = source_of(&c);

	(void)state;
	plan.groups = &gids;
	plan.image_seccomp = false;
	check(&source, "supplementalGroups:\n    - 107\n", NULL);
	check(&source, "type: RuntimeDefault\n", "Localhost");
	c.user.uid = 0;
	check(&source, NULL, "runAs");
}

static void test_userspace_cni(void **state)
{
	struct run_plan plan = base;
	struct kube_container c = container_of(&plan);
	struct kube_source source = source_of(&c);

	(void)state;
	source.bridge = "br0";
	plan.ports = "vhost-user:/run/ovs/p0.sock,server vhost-user:/run/ovs/p1.sock";
	check(&source, "k8s.v1.cni.cncf.io/networks: l2fwd-0, l2fwd-1\n", "sockets-0");
	check(&source, "- name: shared-dir\n    hostPath:\n      path: /run/ovs/\n", NULL);
	check(&source,
		"---\n"
		"apiVersion: k8s.cni.cncf.io/v1\n"
		"kind: NetworkAttachmentDefinition\n"
		"metadata:\n"
		"  name: l2fwd-1\n"
		"spec:\n"
		"  config: |-\n"
		"    {\n"
		"      \"cniVersion\": \"0.3.1\",\n"
		"      \"type\": \"userspace\",\n"
		"      \"name\": \"l2fwd-1\",\n"
		"      \"kubeconfig\": \"/etc/cni/net.d/multus.d/multus.kubeconfig\",\n"
		"      \"capabilities\": {\n"
		"        \"CNIDeviceInfoFile\": true\n"
		"      },\n"
		"      \"host\": {\n"
		"        \"engine\": \"ovs-dpdk\",\n"
		"        \"iftype\": \"vhostuser\",\n"
		"        \"netType\": \"bridge\",\n"
		"        \"vhost\": {\n"
		"          \"mode\": \"server\",\n"
		"          \"socketfile\": \"p1.sock\"\n"
		"        },\n"
		"        \"bridge\": {\n"
		"          \"bridgeName\": \"br0\"\n"
		"        }\n"
		"      },\n"
		"      \"container\": {\n"
		"        \"engine\": \"ovs-dpdk\",\n"
		"        \"iftype\": \"vhostuser\",\n"
		"        \"netType\": \"interface\",\n"
		"        \"vhost\": {\n"
		"          \"mode\": \"client\",\n"
		"          \"socketfile\": \"p1.sock\"\n"
		"        }\n"
		"      }\n"
		"    }\n",
		NULL);
}

/* Each is told with the value, and leaves nothing allocated. */
static void test_refused(void **state)
{
	static char *two_list[] = {"/run/a", "/run/b", NULL};
	static const struct words two = {two_list, 2, false};
	static const struct {
		const char *name, *ports, *bridge, *text;
		const struct words *folders;
		bool podman;
		enum memory_kind memory;
	} table[] = {
		{"L2fwd", NULL, NULL, "L2fwd: names have", &folder, false, MEMORY_AUTO},
		{"a_b", NULL, NULL, "a_b: names have", &folder, false, MEMORY_AUTO},
		{"-a", NULL, NULL, "-a: names have", &folder, false, MEMORY_AUTO},
		{"a", NULL, NULL, "memory mount: podman plays no volume", &folder, true,
			MEMORY_MOUNT},
		{"a", "vhost-backend:/run/a/p.sock", "br0",
			"vhost-backend:/run/a/p.sock: userspace-CNI", &folder, false, MEMORY_AUTO},
		{"a", "vhost-user:/run/a/p.sock vhost-user:/run/b/p.sock", "br0",
			"/run/a and /run/b: userspace-CNI has one folder", &two, false,
			MEMORY_AUTO},
		{"a1234567890123456789012345678901234567890", NULL, NULL,
			"podman 4.3 has room for 40", &folder, true, MEMORY_AUTO},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct run_plan plan = base;
		struct kube_container c = container_of(&plan);
		struct kube_source source = source_of(&c);
		struct cvio_error err = {0};
		json_t *pod = NULL;

		plan.name = table[i].name;
		plan.ports = table[i].ports;
		plan.folders = plan.targets = table[i].folders;
		source.bridge = table[i].bridge;
		source.podman = table[i].podman;
		c.memory.kind = table[i].memory;
		assert_int_equal(kube_pod(&source, &pod, &err), -EINVAL);
		assert_int_equal(err.exit_code, CVIO_EXIT_CONFIG);
		if (strstr(err.text, table[i].text) == NULL)
			fail_msg("\"%s\" isn't in: %s", table[i].text, err.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pod),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_podman),
		cmocka_unit_test(test_chain),
		cmocka_unit_test(test_user),
		cmocka_unit_test(test_userspace_cni),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
