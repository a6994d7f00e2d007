# SPDX-License-Identifier: GPL-2.0-only
# The doors of Headway. "make" does the main job, "make help" lists the rest.

# The base to work on: a name in bases/, or the default there.
BASE ?= $(notdir $(shell grep -l '^Default: yes$$' bases/*))
BASES := $(notdir $(wildcard bases/*))
BUILD := $(CURDIR)/build
HEADWAY := $(BUILD)/bin/headway
export HEADWAY
export HEADWAY_TOP := $(CURDIR)

# Everything below runs commands in an order; kernels take all cores by themselves.
.NOTPARALLEL:

all: deps tool
	@scripts/main.sh $(BASE)

all-bases: deps tool
	@for b in $(BASES); do scripts/main.sh $$b || exit; done

deps:
	@scripts/deps.sh

tool: deps
	@$(MAKE) -s -j$(shell nproc) -C tools/headway OUT=$(BUILD)/obj/headway
	@mkdir -p $(BUILD)/bin
	@ln -sf ../obj/headway/headway $(HEADWAY)

clean:
	rm -rf $(BUILD)

.PHONY: all all-bases deps tool clean
