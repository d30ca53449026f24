# SPDX-License-Identifier: BSD-3-Clause
# The front door. Meson and the scripts named here do the work.

BUILD ?= build
DPDK ?= 22.11
SUITE ?=
# a python3 elsewhere in PATH may lack pyelftools, which DPDK's build needs
export PATH := /usr/bin:$(PATH)

.PHONY: all images sdk demo check bench format install clean

all: $(BUILD)/build.ninja
	ninja -C $(BUILD) --quiet cvio-all

# again when an image's folder appears, or another DPDK is wanted
$(BUILD)/build.ninja: $(wildcard images/*/meson.build) toolchain/packages.list toolchain/x86_64-linux-musl.ini $(BUILD)/dpdk-$(DPDK)
	toolchain/configure.sh $(BUILD) $(DPDK)
	touch $@

$(BUILD)/dpdk-$(DPDK):
	rm -f $(BUILD)/dpdk-*
	mkdir -p $(BUILD) && touch $@

images: all
	images/build.sh $(BUILD)

# for programs outside of this tree
sdk: all
	images/sdk/stage.sh $(BUILD) $(BUILD)/sdk

demo: images
	tests/demo.sh $(BUILD)

check: images
	tests/check.sh $(BUILD) $(SUITE)

bench: images
	tests/bench/bench.sh $(BUILD)

format:
	tests/lint.sh reformat

install: all
	meson install -C $(BUILD) --no-rebuild --tags cvio

clean:
	rm -rf $(BUILD) toolchain/sysroot
