# SPDX-License-Identifier: BSD-3-Clause
# gdb for an image's binary, which CONTRIBUTING.md shows at work. From the top of the tree:
#
#     gdb -iex "add-auto-load-safe-path ." --args build-debug/images/NAME/NAME.linked -- ARGUMENTS
#     gdb -iex "add-auto-load-safe-path ." -p PID build-debug/images/NAME/NAME.linked

set pagination off
set print pretty on
set print symbol on
# the boot's time limits, and a backend that has gone
handle SIGALRM nostop noprint pass
handle SIGPIPE nostop noprint pass

define cvio-ports
	set $port = 0
	while $port < sizeof(rte_eth_devices) / sizeof(rte_eth_devices[0])
		if rte_eth_devices[$port].state != 0
			set $data = rte_eth_devices[$port].data
			printf "port %d: %s, %s, link %s, %d Rx and %d Tx queues, MTU %d\n", $port, $data->name, \
				$data->dev_started ? "started" : "stopped", $data->dev_link.link_status ? "up" : "down", \
				$data->nb_rx_queues, $data->nb_tx_queues, $data->mtu
		end
		set $port = $port + 1
	end
end
document cvio-ports
Print each port of the process: device, state, link, queues, MTU. Needs a build with debug information.
end

define cvio-errors
	break cvio_error_set
	commands
		silent
		backtrace 6
	end
end
document cvio-errors
Stop where an error of the boot is made, before it is carried upward and printed.
end
