#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: jobs.sh DIR URL
# Describe the matrix base x architecture x configuration x compiler (bases/ and
# scripts/kernels) for other people's machines:
#
#   DIR/tuxmake/plan.yaml    builds, in the form of TuxSuite's plans; each has the
#                            options of one TuxMake call
#   DIR/kernelci/headway.yaml  the tree, its branches, fragments and builds
#   DIR/lava/BASE-ARCH.yaml  boots in QEMU with a verdict about the KUnit suites
#
# URL is where the machines find things: URL/linux.git the branches, and
# URL/BASE-ARCH-debug-gcc/ the image and headway-initrd of "make qemu".
#
# Exit: 0 written, 2 usage, 4 the machine.
set -eu

[ $# -eq 2 ] || { sed -n '3s/^# //p' "$0" >&2; exit 2; }
top=$(cd "$(dirname "$0")/.." && pwd)
dir=$1 url=${2%/}
table=$top/scripts/kernels
. "$top/scripts/kernel-lib.sh"
case $url in
http://?* | https://?*) ;;
*) bad "\"$url\" is no place for a machine to fetch from" "URL= is an http:// or https:// URL" ;;
esac
# By version, so that 6.12 comes after 6.1.
bases=$(cd "$top/bases" && printf '%s\n' * | sort -V)
rm -rf "$dir/tuxmake" "$dir/kernelci" "$dir/lava"
mkdir -p "$dir/tuxmake" "$dir/kernelci" "$dir/lava"

lines() { grep -v '^#' "$table" | awk 'NF'; }
toolchains() { printf '%s\n' gcc-12 clang-19; }
cross() {
	case $1 in
	arm64) echo aarch64-linux-gnu- ;;
	arm) echo arm-linux-gnueabihf- ;;
	esac
}
# The lines of a configuration's fragments, as elements of a list, $3 deep.
symbols() {
	fragments "$1" "$2" | xargs -r cat | grep '^CONFIG_' | sort -u | sed "s/.*/$3- \"&\"/"
}
head_of() {
	printf -- '---\n# SPDX-License-Identifier: GPL-2.0-only\n# From scripts/kernels and bases/, by "make jobs".\n'
}

tuxmake() {
	head_of
	printf 'version: 1\nname: headway\ndescription: Headway, all integration branches\njobs:\n'
	for base in $bases; do
		printf '  - name: "%s"\n    builds:\n' "$base"
		lines | while read -r arch config start _; do
			for toolchain in $(toolchains); do
				printf '      - build_name: %s-%s-%s-%s\n' "$base" "$arch" "$config" "$toolchain"
				printf '        git_repo: %s/linux.git\n        git_ref: %s/integration\n' "$url" "$base"
				printf '        target_arch: %s\n        toolchain: %s\n' "$arch" "$toolchain"
				[ "$toolchain" = gcc-12 ] || printf '        make_variables:\n          LLVM: "1"\n'
				printf '        targets:\n          - kernel\n        kconfig:\n          - %s\n' "$start"
				symbols "$arch" "$config" '          '
			done
		done
	done
}

kernelci() {
	head_of
	printf 'trees:\n  headway:\n    url: %s/linux.git\n' "$url"
	printf 'build_configs:\n'
	for base in $bases; do
		printf '  headway_%s:\n    tree: headway\n    branch: %s/integration\n' "$base" "$base"
	done
	printf 'fragments:\n'
	lines | while read -r arch config _ list; do
		[ "$list" != - ] || continue
		printf '  headway-%s-%s:\n    path: kernel/configs/headway-%s-%s.config\n    configs:\n' \
			"$arch" "$config" "$arch" "$config"
		symbols "$arch" "$config" '      '
	done
	printf 'jobs:\n'
	lines | while read -r arch config start list; do
		for toolchain in $(toolchains); do
			printf '  kbuild-%s-%s-%s:\n' "$toolchain" "$arch" "$config"
			printf '    template: kbuild.jinja2\n    kind: kbuild\n    params:\n'
			printf '      arch: %s\n      compiler: %s\n      defconfig: %s\n' "$arch" "$toolchain" "$start"
			[ -z "$(cross "$arch")" ] || printf '      cross_compile: "%s"\n' "$(cross "$arch")"
			[ "$list" = - ] || printf '      fragments:\n        - headway-%s-%s\n' "$arch" "$config"
			printf '    rules:\n      tree:\n        - headway\n      branch:\n'
			for base in $bases; do printf '        - headway:%s/integration\n' "$base"; done
		done
	done
	printf 'scheduler:\n'
	lines | while read -r arch config _; do
		for toolchain in $(toolchains); do
			printf '  - job: kbuild-%s-%s-%s\n    event:\n      channel: node\n      name: checkout\n      state: available\n    runtime:\n      name: docker\n' \
				"$toolchain" "$arch" "$config"
		done
	done
}

# lava BASE ARCH: arm64's QEMU has no "q35", and the other way round
lava() {
	case $2 in
	arm64) console=ttyAMA0 machine='virt' cpu=cortex-a57 image=Image args= ;;
	*) console=ttyS0 machine='q35' cpu=qemu64 image=bzImage args=' no_timer_check' ;;
	esac
	at=$url/$1-$2-debug-gcc
	head_of
	cat <<END
job_name: headway $1 $2 debug
device_type: qemu
priority: medium
visibility: public
timeouts:
  job:
    minutes: 30
  action:
    minutes: 20
  connection:
    minutes: 5
context:
  arch: $2
  machine: $machine
  cpu: $cpu
  memory: 1024
actions:
  - deploy:
      timeout:
        minutes: 5
      to: tmpfs
      images:
        kernel:
          image_arg: -kernel {kernel} -append "console=$console printk.devkmsg=on panic=-1$args"
          url: $at/$image
        ramdisk:
          image_arg: -initrd {ramdisk}
          url: $at/headway-initrd
  - boot:
      timeout:
        minutes: 15
      method: qemu
      media: tmpfs
      connection: serial
  - test:
      timeout:
        minutes: 15
      monitors:
        - name: kunit
          start: "KTAP version 1"
          end: "reboot: Power down"
          pattern: "(?P<result>not ok|ok) [0-9]+ (?P<test_case_id>[^ #]+)"
          fixupdict:
            "ok": pass
            "not ok": fail
END
}

tuxmake >"$dir/tuxmake/plan.yaml"
kernelci >"$dir/kernelci/headway.yaml"
for base in $bases; do
	for arch in $(lines | awk '$2 == "debug" { print $1 }'); do
		lava "$base" "$arch" >"$dir/lava/$base-$arch.yaml"
	done
done
echo "$dir: $(grep -c build_name "$dir/tuxmake/plan.yaml") builds, $(
	find "$dir/lava" -name '*.yaml' | wc -l) boots"
