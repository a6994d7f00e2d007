# SPDX-License-Identifier: GPL-2.0-only
# The doors of Headway. "make" does the main job, "make help" lists the rest.

# The base to work on: a name in bases/, by default the one marked there.
BASE ?= $(notdir $(shell grep -l '^Default: yes$$' bases/*))
BASES := $(notdir $(wildcard bases/*))
BUILD := $(CURDIR)/build
HEADWAY := $(BUILD)/bin/headway
TESTING := tools/testing/headway
JOBS := $(shell nproc)
export HEADWAY_TOP := $(CURDIR)

# Every target runs commands in an order; what can use all cores does so itself.
.NOTPARALLEL:

all: deps tool
	@HEADWAY=$(HEADWAY) scripts/main.sh $(BASE)

all-bases: deps tool
	@for b in $(BASES); do HEADWAY=$(HEADWAY) scripts/main.sh $$b || exit; done

help:
	@echo 'make [BASE=...]      import a base, build the branches, compile, boot, judge'
	@echo 'make all-bases       the same for each of: $(BASES)'
	@echo 'make check           all tests, with the kernels of all bases'
	@echo 'make check-tool      the tests of headway alone'
	@echo 'make check-kernel    the kernels alone'
	@echo 'make check-reclaim   the tests of reclaimcheck alone'
	@echo 'make reclaimcheck [BASE=] [WHAT=base]  arm64 by clang, every way into reclaim'
	@echo 'make bisect [BASE=]  compile every commit of every topic branch'
	@echo 'make checkpatch      checkpatch --strict on every patch and C file'
	@echo 'make bench-tree      headway against git, medians and ratios'
	@echo 'make abi [BASE=] [FORM=]  what the changes break for modules (arm64)'
	@echo 'make man             manual pages and pictures into build/doc'
	@echo 'make lab [BASE=]     drm/msm on the virtual Adreno, all stages'
	@echo 'make deps            install the Debian packages that are missing'
	@echo 'make clean           remove build/'

deps:
	@scripts/deps.sh main

deps-check:
	@scripts/deps.sh main check

tool: deps
	@$(MAKE) -s -j$(JOBS) -C tools/headway OUT=$(BUILD)/obj/headway
	@mkdir -p $(BUILD)/bin
	@ln -sf ../obj/headway/headway $(HEADWAY)

check: check-tool check-reclaim check-kernel checkpatch

# What the tests on real bases need: every base imported, its branches built.
bases: deps-check tool
	@for b in $(BASES); do $(HEADWAY) import $$b || exit; done
	@$(HEADWAY) build

check-tool: bases
	@$(MAKE) -s -j$(JOBS) -C $(TESTING) OUT=$(BUILD)/obj/tests all
	@$(MAKE) -s -C $(TESTING) OUT=$(BUILD)/obj/tests check
	@$(MAKE) -s -C $(TESTING)/boot SAN=1 OUT=$(BUILD)/obj/boot-san check

check-reclaim: deps-check
	@$(MAKE) -s -j$(JOBS) -C tools/reclaimcheck all
	@$(MAKE) -s -C tools/reclaimcheck check

# The checker on a base: WHAT=base, WHAT=TOPIC/CHANGE for the branch without it.
reclaimcheck: deps-check tool
	@$(MAKE) -s -j$(JOBS) -C tools/reclaimcheck all
	@HEADWAY=$(HEADWAY) scripts/reclaimcheck.sh $(BASE) $(WHAT)

check-kernel: deps-check tool
	@HEADWAY=$(HEADWAY) prove --merge --timer --failures --comments $(sort $(wildcard $(TESTING)/kernel/*.t))

bisect: bases
	@prove --merge --timer --failures --comments -e '' scripts/bisect-topic.sh :: $(BUILD)/linux.git $(BASE) \
		$(BUILD)/bisect/$(BASE)

checkpatch: bases
	@prove --merge --failures --comments -e '' scripts/checkpatch.sh :: $(BUILD)/linux.git \
		$(lastword $(sort $(BASES))) $(BUILD)/checkpatch

bench-tree: bases
	@$(MAKE) -s -C $(TESTING) OUT=$(BUILD)/obj/tests PROGRAM=$(HEADWAY) \
		BASE=$(BASE) bench-tree

lab: deps-check tool
	@HEADWAY=$(HEADWAY) scripts/lab.sh $(BASE)

# Both kernels are built the first time; FORM is plain or android.
abi: deps-check tool
	@$(HEADWAY) import $(BASE)
	@$(HEADWAY) build $(BASE)
	@HEADWAY=$(HEADWAY) scripts/abi.sh $(BASE) $(FORM)

man: deps-check
	@$(MAKE) -s -C Documentation/headway OUT=$(BUILD)/doc all
	@echo "manual pages and pictures: $(BUILD)/doc"

clean:
	rm -rf $(BUILD)

.PHONY: all all-bases help deps deps-check tool check check-tool check-reclaim reclaimcheck \
	check-kernel bases bisect checkpatch bench-tree lab abi man clean
