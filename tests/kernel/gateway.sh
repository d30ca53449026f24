#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The gateway image between an emulated NIC and the kernel's vhost-net, by `cvio run` in a VM: gateway_guest.sh.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/vm.sh"
test_begin "$@"
vm_nic
vm_begin
vm_add_podman localhost/cvio/gateway
vm_run 300 "$top/tests/kernel/gateway_guest.sh"
cat $dir/vm-output.log
