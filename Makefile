# SPDX-License-Identifier: BSD-3-Clause
# The front door. Meson and the scripts named here do the work.

CPUS := x86-64-v2 x86-64-v3 x86-64-v4 aarch64
CPU ?= x86-64-v3
ifeq ($(filter $(CPU),$(CPUS)),)
$(error CPU=$(CPU): is none of $(CPUS))
endif
# names of images/*; none: all of them
IMAGES ?=
ifneq ($(filter-out $(patsubst images/%/meson.build,%,$(wildcard images/*/meson.build)),$(IMAGES)),)
$(error IMAGES=$(IMAGES): not all of these are folders of images/ with a meson.build)
endif
BUILD ?= build$(if $(filter-out x86-64-v3,$(CPU)),-$(CPU))
DPDK ?= 22.11
SUITE ?=
MINUTES ?= 10
# a python3 elsewhere in PATH may lack pyelftools, which DPDK's build needs
export PATH := /usr/bin:$(PATH)

.PHONY: all help images index sdk sdk-image demo check soak hosts size bench format install clean

## the command and the images' binaries, in BUILD
all: $(BUILD)/build.ninja
	ninja -C $(BUILD) --quiet $(if $(IMAGES),cvio-base $(foreach name,$(IMAGES),images/$(name)/$(name)),cvio-all)

# again when an image's folder appears, a patch changes, or another DPDK is wanted
$(BUILD)/build.ninja: $(wildcard images/*/meson.build subprojects/*.wrap subprojects/packagefiles/*/*) $(wildcard toolchain/*.list toolchain/*.ini) $(BUILD)/dpdk-$(DPDK) $(BUILD)/cpu-$(CPU)
	toolchain/configure.sh $(BUILD) $(DPDK) $(CPU)
	touch $@

# the lines that begin with ## and the targets below them
help:
	@awk '/^## / {text = substr($$0, 4)} /^[a-z-]+:/ && text {split($$0, t, ":"); printf "make %-10s %s\n", t[1], text; text = ""}' Makefile
	@echo; echo "CPU=$(CPU) of: $(CPUS); DPDK=$(DPDK); BUILD=$(BUILD); IMAGES='NAME...', none: all"

$(BUILD)/dpdk-$(DPDK):
	rm -f $(BUILD)/dpdk-*
	mkdir -p $(BUILD) && touch $@

# Meson can't give a build folder another machine
$(BUILD)/cpu-$(CPU):
	@set -- $(BUILD)/cpu-*; [ ! -e "$$1" ] || \
		{ echo "make: $(BUILD) is for $${1##*/cpu-}, not $(CPU); name another folder: BUILD=..." >&2; exit 1; }
	mkdir -p $(BUILD) && touch $@

## all, and the images in podman's storage; IMAGES='l2fwd probe' only these
images: all
	images/build.sh $(BUILD) $(IMAGES)

## the images of all CPUs, each built beside BUILD, and an image index over them
index: all
	images/index.sh $(BUILD) $(IMAGES)

## what programs outside of this tree are built with: BUILD/sdk
sdk: all
	images/sdk/stage.sh $(BUILD) $(BUILD)/sdk

## the same as an image with a compiler, on a root of distribution packages or on BASE=IMAGE
sdk-image: all
	BASE=$(BASE) images/sdk/image.sh $(BUILD)

## probe and l2fwd in containers: frames, losses, rates, sizes, times; some 45 s after the build
demo: images
	tests/demo.sh $(BUILD)

## the tests; SUITE=quick before a commit, SUITE=NAME one suite, SUITE=help the table of suites
check: $(if $(filter help,$(SUITE)),,images $(if $(filter quick unit fuzz lint e2e launcher kernel ovs hosts,$(SUITE)),,sdk-image))
	tests/check.sh $(BUILD) $(SUITE)

## thousands of rounds, and MINUTES=10 of fuzzing for each parser; prints figures
soak: images
	toolchain/install-packages.sh tests
	tests/soak.sh $(BUILD) $(MINUTES)

## README's commands on other releases of Debian, in roots of their own; HOSTS="trixie sid" are fewer
hosts:
	toolchain/install-packages.sh
	tests/hosts/hosts.sh $(HOSTS)

## how large the images are beside what is recorded; RECORD=yes writes it down
size: images
	tests/images/sizes.sh $(BUILD) $(if $(RECORD),record)

## start-up and 64-byte frames beside dpdk-testpmd of Debian, as ratios
bench: images
	toolchain/install-packages.sh tests
	tests/bench/bench.sh $(BUILD)

## lays out every C file by .clang-format
format:
	tests/lint.sh reformat

## the command, man pages and completion below /usr/local
install: all
	meson install -C $(BUILD) --no-rebuild --tags cvio

## removes BUILD and the headers for musl
clean:
	rm -rf $(BUILD) toolchain/sysroot
