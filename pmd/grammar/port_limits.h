/* SPDX-License-Identifier: BSD-3-Clause */
/* What a port takes of its host, and the bounds that its driver sets. */
#pragma once

/* Bytes: sun_path of struct sockaddr_un less its terminating zero. */
#define PORT_SOCKET_PATH_MAX 107

/* What a vhost-kernel port opens. */
#define PORT_DEV_VHOST_NET "/dev/vhost-net"
#define PORT_DEV_TUN "/dev/net/tun"

/* Queue pairs of a virtio-user port: VIRTIO_MAX_VIRTQUEUE_PAIRS of DPDK's virtio driver. */
#define PORT_USER_QUEUES_MAX 8
