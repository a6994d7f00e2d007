#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Base 7.2: branches, kernel, boot, KUnit.
exec "$(dirname "$0")/main-job.sh" 7.2
