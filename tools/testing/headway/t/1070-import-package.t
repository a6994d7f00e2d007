#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A Debian package through the real apt, from archives on this disk: signed ones,
# whose signatures count, unsigned ones, old ones, none.

. "$(dirname "$0")/lib-import.sh"

for tool in apt-get dpkg-deb gpg; do
	command -v $tool > /dev/null || fail_all "$tool is missing: run make deps-check"
done
export GNUPGHOME=$W/gnupg
mkdir -m 700 "$GNUPGHOME"
gpg -q --batch --passphrase '' --quick-gen-key 'Test <test@localhost>' rsa2048 sign never 2> "$W/err" ||
	skip_all "gpg cannot make a key here"
gpg -q --export > "$W/key.gpg"

# apt's world: our archive alone, and no state of the system's.
export APT_CONFIG=$W/apt.conf
mkdir -p "$W/apt/lists/partial" "$W/apt/cache/archives/partial" "$W/apt/parts"
: > "$W/apt/status"
cat > "$APT_CONFIG" <<END
Dir::Etc::sourcelist "$W/apt/main.sources";
Dir::Etc::sourceparts "$W/apt/parts";
Dir::State::lists "$W/apt/lists";
Dir::State::status "$W/apt/status";
Dir::Cache "$W/apt/cache";
APT::Architecture "amd64";
APT::Sandbox::User "root";
Acquire::Languages "none";
END
cat > "$W/apt/main.sources" <<END
Types: deb
URIs: file:$W/archive
Suites: test
Components: main
Signed-By: $W/key.gpg
END

# publish VERSION: make a package of $W/linux-source-1.0 and an archive of it alone
publish() {
	local deb=linux-source-1.0_$1_all.deb dist=$W/archive/dists/test
	local index=$dist/main/binary-amd64/Packages
	rm -rf "$W/pkg" "$dist"
	mkdir -p "$W/pkg/DEBIAN" "$W/pkg/usr/src" "$W/pkg/usr/share/doc" "${index%/*}" "$W/archive/pool"
	echo doc > "$W/pkg/usr/share/doc/copyright"
	tar -C "$W" --sort=name --mtime=@1600000000 -cJf "$W/pkg/usr/src/linux-source-1.0.tar.xz" linux-source-1.0
	printf 'Package: linux-source-1.0\nVersion: %s\nArchitecture: all\nMaintainer: T <t@localhost>\nDescription: test\n' \
		"$1" > "$W/pkg/DEBIAN/control"
	dpkg-deb --root-owner-group -Zxz --build "$W/pkg" "$W/archive/pool/$deb" > /dev/null
	{
		cat "$W/pkg/DEBIAN/control"
		printf 'Filename: pool/%s\nSize: %s\nSHA256: %s\n\n' "$deb" \
			"$(stat -c %s "$W/archive/pool/$deb")" "$(sum "$W/archive/pool/$deb")"
	} > "$index"
	sign
}

sign() {
	local dist=$W/archive/dists/test file=main/binary-amd64/Packages
	printf 'Origin: Test\nLabel: Test\nSuite: test\nCodename: test\nDate: %s\nArchitectures: amd64\nComponents: main\nSHA256:\n %s %s %s\n' \
		"$(date -Ru)" "$(sum "$dist/$file")" "$(stat -c %s "$dist/$file")" "$file" > "$W/Release"
	rm -f "$dist/InRelease" "$dist/Release"
	gpg -q --batch --clearsign -o "$dist/InRelease" "$W/Release"
}

trailer() { git -C "$REPO" log -1 --format="%(trailers:key=$1,valueonly)" 1.0/base | tr -d '\n'; }

make_files "$W/linux-source-1.0" 100 1
publish 1.0.1-1
import 1.0
is "from nothing: lists are fetched, the package, the tree" "$rc" 0
is "the tree is that of the tarball in the package" "$(tree_of 1.0)" "$(git_tree "$W/pkg/usr/src/linux-source-1.0.tar.xz")"
is "the package is recorded" "$(trailer Package)" linux-source-1.0
is "its version is recorded" "$(trailer Package-Version)" 1.0.1-1
is "the tarball's checksum is recorded" "$(trailer Tarball-SHA256)" "$(sum "$W/pkg/usr/src/linux-source-1.0.tar.xz")"
ok "the system's lists were not written to" [ -z "$(ls "$W/apt/lists" | grep -v partial)" ]
ok "the repository is sound" sound
commit=$(git -C "$REPO" rev-parse 1.0/base)

rm -rf "$HEADWAY_TOP/build"
import
is "the default base, again from nothing: the same commit" "$rc $(git -C "$REPO" rev-parse 1.0/base)" "0 $commit"
import_tar 1.0 "$W/pkg/usr/src/linux-source-1.0.tar.xz"
is "its tarball by itself is what is there already" "$rc $(git -C "$REPO" rev-parse 1.0/base)" "0 $commit"

import 1.0 --update
is "--update: nothing newer" "$rc $(trailer Package-Version)" "0 1.0.1-1"
ok "and says so" grep -q '^1.0: present: linux-source-1.0 1.0.1-1' "$W/out"
echo newer > "$W/linux-source-1.0/newer"
publish 1.0.2-1
import 1.0
is "a newer package is there: import stays with what it has" "$rc $(trailer Package-Version)" "0 1.0.1-1"
import 1.0 --update
is "--update brings the newer one" "$rc $(trailer Package-Version)" "0 1.0.2-1"
is "with its tree" "$(tree_of 1.0)" "$(git_tree "$W/pkg/usr/src/linux-source-1.0.tar.xz")"
is "one package file is kept" "$(ls "$HEADWAY_TOP/build/apt" | grep deb)" linux-source-1.0_1.0.2-1_all.deb

publish 1.0.1-1
import 1.0 --update
is "--update never goes back" "$rc $(trailer Package-Version)" "0 1.0.2-1"

# No network, here: no archive.
publish 1.0.3-1
mv "$W/archive" "$W/unplugged"
before=$(refs)
import 1.0
is "without network a base that is there is fine" "$rc" 0
import 1.0 --update
is "without network --update is the machine's fault" "$rc" 4
ok "the message says what could not be had" said 'base 1.0: cannot fetch the package lists: '
ok "and what to do" said 'hint: .*--tarball FILE --sha256 HEX'
is "nothing is changed" "$(refs)" "$before"
rm -rf "$HEADWAY_TOP/build"
import 1.0
is "without network a base that is not there is the machine's fault" "$rc" 4
is "and is not there afterwards" "$(tree_of 1.0)" none
mv "$W/unplugged" "$W/archive"

# Lists that are older than the archive: the version that they name is gone.
apt-get -q update > "$W/out" 2>&1
rm "$W/archive/pool/"*
publish 1.0.4-1
import 1.0
is "the system's lists are stale: ours are fetched" "$rc $(trailer Package-Version)" "0 1.0.4-1"

# A package that the signed index does not describe.
rm -rf "$HEADWAY_TOP/build"
echo x >> "$W/archive/pool/linux-source-1.0_1.0.4-1_all.deb"
import 1.0
is "a package with other content than signed is refused" "$rc $(tree_of 1.0)" "4 none"
publish 1.0.4-1
rm -rf "$W/apt/lists"
mkdir -p "$W/apt/lists/partial"
sed -i 's/^Label: Test/Label: Fake/' "$W/archive/dists/test/InRelease"
import 1.0
is "an index with a bad signature is refused" "$rc $(tree_of 1.0)" "4 none"
rm "$W/archive/dists/test/InRelease"
cp "$W/Release" "$W/archive/dists/test/Release"
import 1.0
is "an index without a signature is refused" "$rc $(tree_of 1.0)" "4 none"
sign

# A suite that apt is not set up for, on its mirror, needs Debian's own signature.
printf 'Package: linux-source-2.0\nSuite: test\n' > "$HEADWAY_TOP/bases/2.0"
import 2.0
is "a suite that Debian did not sign is refused" "$rc $(tree_of 2.0)" "4 none"
is "it was looked for on apt's mirror" "$(grep '^URIs:' "$HEADWAY_TOP/build/apt/test/test.sources" | tr -d '/')" \
	"$(printf 'URIs: file:%s/archive' "$W" | tr -d '/')"
printf 'Package: linux-source-2.0\n' > "$HEADWAY_TOP/bases/2.0"
import 2.0
is "a package that no source has is the machine's fault" "$rc" 4
ok "and the message says so" said "linux-source-2.0: is in none of apt's package sources"
import 1.0
is "after all this the first base can be had" "$rc $(trailer Package-Version)" "0 1.0.4-1"

# A package without its tarball.
publish 1.0.5-1
rm "$W/pkg/usr/src/"*
dpkg-deb --root-owner-group -Zxz --build "$W/pkg" "$W/archive/pool/linux-source-1.0_1.0.5-1_all.deb" > /dev/null
index=$W/archive/dists/test/main/binary-amd64/Packages
deb=$W/archive/pool/linux-source-1.0_1.0.5-1_all.deb
sed -i "s/^Size: .*/Size: $(stat -c %s "$deb")/; s/^SHA256: .*/SHA256: $(sum "$deb")/" "$index"
sign
import 1.0 --update
is "a package without its tarball is bad input" "$rc $(trailer Package-Version)" "3 1.0.4-1"
ok "and the message says so" said 'has no tarball usr/src/linux-source-1.0'
ok "the repository is sound" sound
finish
