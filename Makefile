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
	@echo 'make reclaimcheck-matrix [BASE=]  its regressions: base, branch, without each change'
	@echo 'make reclaimcheck-oracle [BASE=]  the checker against lockdep of a run'
	@echo 'make bench-check [BASE=] what the checker costs, against its bars'
	@echo 'make bisect [BASE=]  compile every commit of every topic branch'
	@echo 'make checkpatch      checkpatch --strict on every patch and C file'
	@echo 'make bench-tree      headway against git, medians and ratios'
	@echo 'make abi [BASE=] [FORM=]  what the changes break for modules (arm64)'
	@echo 'make form [BASE=] FORM=android  that form compiled, booted and judged, as "make" does'
	@echo 'make man             manual pages and pictures into build/doc'
	@echo 'make lab [BASE=]     drm/msm on the virtual Adreno, all stages (KERNEL=kasan: memory; CLOCK=host)'
	@echo 'make prove [BASE=]   each change left out, built and run: is it needed?'
	@echo 'make bench-lab [BASE=] [VARIANT=]  base and fork on the virtual Adreno, without debug options'
	@echo 'make kernel [BASE=] [ARCH=] [CONFIG=] [LLVM=1]  a whole kernel for arm64, x86_64, arm'
	@echo 'make debs            the same as Debian packages; make dist: the source tarball'
	@echo 'make qemu [BASE=] [ARCH=]      boot one in QEMU with lockdep and KUnit, judge'
	@echo 'make warnings [BASE=] [ARCH=]  no new warning against the base, W=1 and sparse'
	@echo 'make distcc-check [BASE=]      the same kernel distributed, to the byte'
	@echo 'make jobs URL=       job files for KernelCI, TuxSuite and LAVA into build/jobs'
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
	@$(MAKE) -s -C $(TESTING)/prove SAN=1 OUT=$(BUILD)/obj/prove-san check

check-reclaim: deps-check tool
	@$(MAKE) -s -j$(JOBS) -C tools/reclaimcheck all
	@$(MAKE) -s -C tools/reclaimcheck check
	@HEADWAY=$(HEADWAY) prove --merge --timer --failures --comments -e '' \
		scripts/reclaimcheck-small.sh :: 6.1

# The checker on a base: WHAT=base, WHAT=TOPIC/CHANGE for the branch without it.
reclaimcheck: deps-check tool
	@$(MAKE) -s -j$(JOBS) -C tools/reclaimcheck all
	@HEADWAY=$(HEADWAY) scripts/reclaimcheck.sh $(BASE) $(WHAT)

# Each known defect in the report of the base, not in the branch's, back without its change.
reclaimcheck-matrix: deps-check tool
	@$(MAKE) -s -j$(JOBS) -C tools/reclaimcheck all
	@HEADWAY=$(HEADWAY) prove --merge -e '' scripts/reclaimcheck-matrix.sh :: $(BASE) $(CHANGES)

# What the checker costs, on the tree of "make reclaimcheck".
bench-check: deps-check tool
	@$(MAKE) -s -C tools/reclaimcheck bench-check KDIR=$(or $(KDIR),$(BUILD)/reclaimcheck-trees/$(BASE))

# lockdep of the kernel that "make" boots against the order of locks in its code.
reclaimcheck-oracle: deps-check tool
	@$(MAKE) -s -j$(JOBS) -C tools/reclaimcheck all
	@scripts/reclaimcheck-oracle.sh $(BASE)

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
	@HEADWAY=$(HEADWAY) scripts/lab.sh $(BASE) $(KERNEL)

# Both kernels are built the first time; FORM is plain or android.
abi: deps-check tool
	@$(HEADWAY) import $(BASE)
	@$(HEADWAY) build $(BASE)
	@HEADWAY=$(HEADWAY) scripts/abi.sh $(BASE) $(FORM)

# What a tree downstream gets, as a kernel of its own.
form: deps-check tool
	@HEADWAY=$(HEADWAY) scripts/form.sh $(BASE) $(FORM)

# All bases, unless one is named; CHANGES="pm/qos-requests" chooses.
prove: deps-check tool
	@HEADWAY=$(HEADWAY) scripts/prove.sh $(if $(filter command line environment,$(origin BASE)),$(BASE),$(BASES))

bench-lab: deps-check tool
	@HEADWAY=$(HEADWAY) scripts/bench-lab.sh $(BASE) $(VARIANT)

# Whole kernels: see Documentation/headway/kernels.rst.
kernel debs qemu: deps tool
	@BASE=$(BASE) HEADWAY=$(HEADWAY) scripts/kernel.sh $@

dist: deps tool
	@$(HEADWAY) import $(BASE) && $(HEADWAY) build $(BASE)
	@scripts/dist.sh $(BUILD)/linux.git $(BASE) $(BUILD)/dist $(FORMAT)

warnings: deps tool
	@scripts/deps.sh kernels
	@$(HEADWAY) import $(BASE) && $(HEADWAY) build $(BASE)
	@prove --merge --timer -e '' scripts/warnings.sh :: $(BUILD)/linux.git $(BASE) \
		$(or $(ARCH),arm64) $(BUILD)/warnings/$(BASE) $(CONFIG)

distcc-check: deps tool
	@scripts/deps.sh kernels
	@$(HEADWAY) import $(BASE) && $(HEADWAY) build $(BASE)
	@$(HEADWAY) checkout $(BASE) $(BUILD)/trees/$(BASE)
	@prove --merge --timer -e '' scripts/distcc-check.sh :: $(BUILD)/trees/$(BASE) \
		$(BUILD)/distcc/$(BASE) $(BASE)

jobs: deps
	@scripts/deps.sh kernels
	@scripts/jobs.sh $(BUILD)/jobs "$(URL)"

man: deps-check
	@$(MAKE) -s -C Documentation/headway OUT=$(BUILD)/doc all
	@echo "manual pages and pictures: $(BUILD)/doc"

clean:
	rm -rf $(BUILD)

.PHONY: all all-bases help deps deps-check tool check check-tool check-reclaim \
	reclaimcheck reclaimcheck-matrix reclaimcheck-oracle bench-check \
	check-kernel bases bisect checkpatch bench-tree bench-lab lab prove abi kernel debs \
	qemu dist warnings distcc-check jobs form man clean
