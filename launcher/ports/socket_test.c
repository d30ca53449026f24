/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of sockets on the host: permissions, the kernel's list, and whole checks in a folder of the
 * test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/exit.h"
#include "ports/socket.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define UID 65532
#define GID 65533

static void test_access(void **state)
{
	static const struct {
		mode_t mode;
		uid_t uid;
		gid_t gid;
		int want;
		bool allowed;
	} table[] = {
		{0755, 0, 0, W_OK, false},
		{0755, 0, 0, X_OK, true},
		{0757, 0, 0, W_OK, true},
		{0755, UID, 0, W_OK, true},
		{0755, 0, GID, W_OK, false},
		{0775, 0, GID, W_OK, true},
		{0775, 0, GID, W_OK | X_OK, true},
		{0765, 0, GID, W_OK | X_OK, false},
		{0077, UID, GID, W_OK, false}, /* the owner's bits count alone */
		{0707, 0, GID, W_OK, false},   /* and so do the group's */
		{0700, 0, 0, X_OK, false},
		{0000, UID, GID, R_OK, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct stat st = {.st_mode = S_IFSOCK | table[i].mode,
			.st_uid = table[i].uid,
			.st_gid = table[i].gid};

		assert_int_equal(access_allowed(&st, UID, GID, table[i].want), table[i].allowed);
	}
}

static void test_unix_list(void **state)
{
	static char text[] =
		"Num       RefCount Protocol Flags    Type St Inode Path\n"
		"0000000000000000: 00000003 00000000 00000000 0001 03  1657\n"
		"ffff8f1f00000000: 00000002 00000000 00010000 0001 01 20001 /run/listening\n"
		"0000000000000000: 00000003 00000000 00000000 0001 03 20002 /run/connected\n"
		"0000000000000000: 00000002 00000000 00010000 0005 01 20003 /run/seqpacket\n"
		"0000000000000000: 00000002 00000000 00000000 0002 01 20004 /run/datagram\n"
		"0000000000000000: 00000002 00000000 00010000 0001 01 20005 @/run/abstract\n"
		"0000000000000000: 00000002 00000000 00010000 0001 01 20006 /run/with space\n";
	static const struct {
		const char *path;
		bool found;
	} table[] = {
		{"/run/listening", true},
		{"/run/with space", true},
		{"/run/listenin", false},
		{"/run/listening2", false},
		{"/run/connected", false},
		{"/run/seqpacket", false},
		{"/run/datagram", false},
		{"/run/abstract", false},
		{"", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		FILE *list = fmemopen(text, sizeof(text) - 1, "r");

		assert_non_null(list);
		assert_int_equal(unix_list_has(list, table[i].path), table[i].found);
		fclose(list);
	}
}

/* A folder with: file, link (to file), stale (a socket that nobody listens on), live (one that this
 * test does). */
struct scene {
	char folder[64];
	int live;
};

static int socket_at(const char *folder, const char *name)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	int s = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s/%s", folder, name);
	assert_int_equal(bind(s, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_int_equal(listen(s, 1), 0);
	assert_int_equal(chmod(addr.sun_path, 0666), 0);
	return s;
}

static void path_in(const struct scene *scene, const char *name, char *path, size_t size)
{
	snprintf(path, size, "%s/%s", scene->folder, name);
}

static int scene_up(void **state)
{
	static struct scene scene;
	char path[128], link[128];

	strcpy(scene.folder, "/tmp/socket_test.XXXXXX");
	if (mkdtemp(scene.folder) == NULL || chmod(scene.folder, 0755) < 0)
		return -1;
	path_in(&scene, "file", path, sizeof(path));
	close(open(path, O_CREAT | O_WRONLY, 0666));
	path_in(&scene, "link", link, sizeof(link));
	if (symlink(path, link) < 0)
		return -1;
	close(socket_at(scene.folder, "stale"));
	scene.live = socket_at(scene.folder, "live");
	*state = &scene;
	return 0;
}

static int scene_down(void **state)
{
	static const char *const names[] = {"file", "link", "stale", "live"};
	struct scene *scene = *state;
	char path[128];

	close(scene->live);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		path_in(scene, names[i], path, sizeof(path));
		unlink(path);
	}
	return rmdir(scene->folder);
}

static void test_locate(void **state)
{
	struct scene *scene = *state;
	struct socket_place place;
	char path[128];

	path_in(scene, "link", path, sizeof(path));
	assert_int_equal(socket_locate(path, &place), 0);
	assert_string_equal(place.folder, scene->folder);
	assert_string_equal(place.base, "file");
	path_in(scene, "missing", path, sizeof(path));
	assert_int_equal(socket_locate(path, &place), 0);
	assert_string_equal(place.base, "missing");
	path_in(scene, "missing/", path, sizeof(path));
	assert_int_equal(socket_locate(path, &place), -ENOENT);
	path_in(scene, "none/x", path, sizeof(path));
	assert_int_equal(socket_locate(path, &place), -ENOENT);
	assert_int_equal(socket_locate("plain", &place), 0);
	assert_string_equal(place.base, "plain");
	assert_int_equal(place.folder[0], '/');
}

static void test_check(void **state)
{
	static const struct {
		const char *name;
		bool server;
		uint32_t wait;
		int result;
	} table[] = {
		{"live", false, 0, 0},
		{"live", false, 30, 0},
		{"stale", false, 0, -ECONNREFUSED},
		{"stale", false, 30, 0}, /* the image waits */
		{"missing", false, 0, -ENOENT},
		{"missing", false, 30, 0},
		{"file", false, 30, -ENOTSOCK},
		{"link", false, 30, -ENOTSOCK},
		{"none/x", false, 30, -ENOENT},
		{"", false, 30, -EINVAL},
		{"stale", true, 30, 0},
		{"missing", true, 30, 0},
		{"file", true, 30, -ENOTSOCK},
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct port_spec port = {.server = table[i].server, .wait = table[i].wait};
		struct socket_place place;
		struct cvio_error err;

		path_in(scene, table[i].name, port.path, sizeof(port.path));
		if (table[i].name[0] == '\0')
			strcpy(port.path, "/");
		assert_int_equal(socket_check(3, &port, NULL, &place, &err), table[i].result);
		if (table[i].result != 0)
			assert_non_null(strstr(err.text, "port 3: /"));
	}
}

/* A living backend that the kernel lists isn't connected to. */
static void test_check_is_quiet(void **state)
{
	struct scene *scene = *state;
	struct port_spec port = {.wait = 0};
	struct socket_place place;

	path_in(scene, "live", port.path, sizeof(port.path));
	assert_int_equal(socket_check(0, &port, NULL, &place, NULL), 0);
	assert_int_equal(accept(scene->live, NULL, NULL), -1);
	assert_int_equal(errno, EAGAIN);
}

static void test_check_permissions(void **state)
{
	struct scene *scene = *state;
	/* Neither owner nor group of what the test makes, whoever runs it. */
	const struct image_user other = {.known = true, .uid = geteuid() + 1, .gid = getegid() + 1};
	const struct image_user unknown = {.known = false};
	struct port_spec port = {.wait = 30}, server = {.wait = 30, .server = true};
	struct socket_place place;
	struct cvio_error err;

	path_in(scene, "live", port.path, sizeof(port.path));
	path_in(scene, "new", server.path, sizeof(server.path));
	assert_int_equal(socket_check(0, &port, &other, &place, &err), 0);
	assert_int_equal(socket_check(0, &server, &other, &place, &err), -EACCES);
	assert_int_equal(err.exit_code, LAUNCHER_EXIT_NO_PERMISSION);
	assert_non_null(strstr(err.text, "install -d -o"));
	assert_int_equal(socket_check(0, &server, &unknown, &place, &err), 0);
	assert_int_equal(chmod(port.path, 0755), 0);
	assert_int_equal(socket_check(0, &port, &other, &place, &err), -EACCES);
	assert_non_null(strstr(err.text, "mode 0755"));
	assert_int_equal(chmod(port.path, 0666), 0);
	assert_int_equal(chmod(scene->folder, 0700), 0);
	assert_int_equal(socket_check(0, &port, &other, &place, &err), -EACCES);
	assert_non_null(strstr(err.text, "mode 0700"));
	assert_int_equal(chmod(scene->folder, 0755), 0);
}

/* What only the group lets in is told, for the container to get it; never root's group. */
static void test_check_groups(void **state)
{
	enum { GROUP = 54321 };
	static const struct {
		mode_t folder, socket;
		gid_t group;
		bool server;
		int result;
		size_t groups;
	} table[] = {
		{0755, 0660, GROUP, false, 0, 1},
		{0750, 0666, GROUP, false, 0, 1},
		{0750, 0660, GROUP, false, 0, 2},
		{0755, 0666, GROUP, false, 0, 0},
		{0755, 0640, GROUP, false, -EACCES, 0},
		{0700, 0660, GROUP, false, -EACCES, 0},
		{0755, 0660, 0, false, -EACCES, 0},
		{0770, 0600, GROUP, true, 0, 1},
		{0750, 0600, GROUP, true, -EACCES, 0},
	};
	const struct image_user other = {.known = true, .uid = geteuid() + 1, .gid = getegid() + 1};
	struct scene *scene = *state;
	struct cvio_error err;

	if (geteuid() != 0) /* who may give to any group */
		skip();
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct port_spec port = {.wait = 30, .server = table[i].server};
		struct socket_place place;

		path_in(scene, "live", port.path, sizeof(port.path));
		assert_int_equal(chown(port.path, 0, table[i].group), 0);
		assert_int_equal(chown(scene->folder, 0, table[i].group), 0);
		assert_int_equal(chmod(port.path, table[i].socket), 0);
		assert_int_equal(chmod(scene->folder, table[i].folder), 0);
		assert_int_equal(socket_check(0, &port, &other, &place, &err), table[i].result);
		if (table[i].result == 0)
			assert_int_equal(place.group_count, table[i].groups);
		for (size_t j = 0; table[i].result == 0 && j < place.group_count; j++)
			assert_int_equal(place.groups[j], GROUP);
	}
	assert_int_equal(chmod(scene->folder, 0755), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_access),
		cmocka_unit_test(test_unix_list),
		cmocka_unit_test(test_locate),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_check_is_quiet),
		cmocka_unit_test(test_check_permissions),
		cmocka_unit_test(test_check_groups),
	};

	return cmocka_run_group_tests(tests, scene_up, scene_down);
}
