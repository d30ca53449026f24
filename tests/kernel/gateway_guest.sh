# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
podman_begin 100
modules_load
set -x
ls /sys/bus/pci/devices/
cat /sys/bus/pci/devices/*/uevent | grep -E "PCI_ID|SLOT"
ip link
readlink /sys/bus/pci/devices/0000:00:03.0/iommu_group
cvio run --port pci:00:03.0 --port vhost-kernel:kni0 localhost/cvio/gateway || true
echo vfio-pci >/sys/bus/pci/devices/0000:00:03.0/driver_override
echo 0000:00:03.0 >/sys/bus/pci/drivers_probe
ls -l /dev/vfio
ip netns add outside
ip link set eth0 netns outside
ip netns exec outside ip addr add 10.9.0.2/24 dev eth0
ip netns exec outside ip link set eth0 up
cvio run --name a --podman-args --env=CVIO_LOG=debug --memory memfd,64M --port pci:00:03.0 --port vhost-kernel:kni0,queues=2,ip=10.9.0.1/24 localhost/cvio/gateway >/tmp/a.log 2>&1 &
sleep 8
cat /tmp/a.log
ip netns exec outside ping -c 3 10.9.0.1 || true
cvio stats
podman stop a
cat /tmp/a.log
