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

.PHONY: all images index sdk sdk-image demo check soak size bench format install clean

all: $(BUILD)/build.ninja
	ninja -C $(BUILD) --quiet $(if $(IMAGES),cvio-base $(foreach name,$(IMAGES),images/$(name)/$(name)),cvio-all)

# again when an image's folder appears, a patch changes, or another DPDK is wanted
$(BUILD)/build.ninja: $(wildcard images/*/meson.build subprojects/*.wrap subprojects/packagefiles/*/*) $(wildcard toolchain/*.list toolchain/*.ini) $(BUILD)/dpdk-$(DPDK) $(BUILD)/cpu-$(CPU)
	toolchain/configure.sh $(BUILD) $(DPDK) $(CPU)
	touch $@

$(BUILD)/dpdk-$(DPDK):
	rm -f $(BUILD)/dpdk-*
	mkdir -p $(BUILD) && touch $@

# Meson can't give a build folder another machine
$(BUILD)/cpu-$(CPU):
	@set -- $(BUILD)/cpu-*; [ ! -e "$$1" ] || \
		{ echo "make: $(BUILD) is for $${1##*/cpu-}, not $(CPU); name another folder: BUILD=..." >&2; exit 1; }
	mkdir -p $(BUILD) && touch $@

images: all
	images/build.sh $(BUILD) $(IMAGES)

# the images of all CPUs, each build beside BUILD, and an image index over them
index: all
	images/index.sh $(BUILD) $(IMAGES)

# for programs outside of this tree
sdk: all
	images/sdk/stage.sh $(BUILD) $(BUILD)/sdk

# the same in an image with a compiler, on a root of distribution packages or on BASE=IMAGE
sdk-image: all
	BASE=$(BASE) images/sdk/image.sh $(BUILD)

demo: images
	tests/demo.sh $(BUILD)

# SUITE=NAME is one suite of tests/suites.list, quick what to run before a commit, help the table of them
check: $(if $(filter help,$(SUITE)),,images $(if $(filter quick unit fuzz lint e2e launcher kernel ovs,$(SUITE)),,sdk-image))
	tests/check.sh $(BUILD) $(SUITE)

# thousands of rounds, and MINUTES of fuzzing for each parser; prints figures
soak: images
	toolchain/install-packages.sh tests
	tests/soak.sh $(BUILD) $(MINUTES)

# how large the images are beside what is recorded; RECORD=yes writes it down
size: images
	tests/images/sizes.sh $(BUILD) $(if $(RECORD),record)

bench: images
	toolchain/install-packages.sh tests
	tests/bench/bench.sh $(BUILD)

format:
	tests/lint.sh reformat

install: all
	meson install -C $(BUILD) --no-rebuild --tags cvio

clean:
	rm -rf $(BUILD) toolchain/sysroot
