#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Base 6.12: branches, kernel, boot, KUnit.
exec "$(dirname "$0")/main-job.sh" 6.12
