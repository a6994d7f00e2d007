#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# headway send into a folder: what the mails are, and what of b4 0.12 must not get
# into them or out of this machine.

HERE=$(cd "$(dirname "$0")" && pwd)
. "$HERE/lib.sh"
. "$HERE/lib-series.sh"
maintained_kernel
two_owners
import_bases 6.1 7.2
"$HEADWAY" -q build
MAILS=$W/top/build/series/mails

check "the mails lie in a folder; nothing is recorded as sent" '
	hw 0 send $FORCE a
	out_has "3 mails in $MAILS/a/v1; nothing was sent"
	same "$(ls "$MAILS/a/v1" | wc -l)" 3
	same "$(repo for-each-ref refs/headway/sent)" ""
	hw 0 --porcelain send $FORCE a
	same "$(tail -n 1 out)" "a	v1	$MAILS/a/v1"
'
check "git am of them makes the tree of the series, by the sender" '
	same "$(am_tree 7.2 "$MAILS/a/v1")" "$(git -C "$OUTBOX" rev-parse "b4/a^{tree}")"
	same "$(git -C am log --format="%an <%ae>" -2 | sort -u)" "Dev Eløper <dev@example.org>"
	same "$(git -C am log --format=%B -2 | grep -cx "Signed-off-by: Dev Eløper <dev@example.org>")" 2
'
check "a patch alone has no cover letter, but all that stands in one" '
	hw 0 send $FORCE b
	same "$(ls "$MAILS/b/v1" | wc -l)" 1
	m=$(echo "$MAILS"/b/v1/*.eml)
	grep "^Subject: \[PATCH\] b: Do two things" "$m"
	grep "^base-commit: $(id 7.2/base)" "$m"
	grep "KUnit and lockdep under User Mode Linux" "$m"
	same "$(am_tree 7.2 "$MAILS/b/v1")" "$(git -C "$OUTBOX" rev-parse "b4/b^{tree}")"
	# None of it gets into the commit.
	! git -C am log -1 --format=%B | grep -i "kunit\|base-commit"
'
check "base-commit is the base; b4 alone would name the commit before it" '
	m=$(echo "$MAILS"/a/v1/*0000*)
	same "$(sed -n "s/^base-commit: //p" "$m")" "$(id 7.2/base)"
	same "$(git -C "$OUTBOX" merge-base b4/a "base/$(id 7.2/base)")" "$(id 7.2/base)"
	git -C "$OUTBOX" cat-file commit b4/a | grep -c "^parent"
'
check "a series on another: base-commit is the base, the patches between are named" '
	topic upper both
	change upper high "Patch: 0001-high.patch"
	begin 7.2
	kpatch upper/0001-high "b: Go higher" "sed -i \"s/four_end(y)/four_end(y + 4)/\" drivers/b/core.c"
	hw 0 build 7.2
	hw 0 send $FORCE upper
	m=$(echo "$MAILS"/upper/v1/*.eml)
	same "$(sed -n "s/^base-commit: //p" "$m")" "$(id 7.2/base)"
	for s in a b; do
		git -C "$OUTBOX" log -p --format=%H "$(id 7.2/base)..b4/$s" | git -C "$OUTBOX" patch-id --stable | cut -d" " -f1
	done | sort > want
	sed -n "s/^prerequisite-patch-id: //p" "$m" | sort > prerequisites
	same_file want prerequisites
	tr "\n" " " < "$m" | grep "\"The topic both\" (change-id 20261122-both-[0-9a-f]*, not sent"
	same "$(am_tree 7.2 "$MAILS/a/v1" "$MAILS/b/v1" "$MAILS/upper/v1")" "$(tree 7.2/topic/upper)"
'
check "change-id and To: are in the mails; nobody of an older base is" '
	hw 0 --porcelain series a
	id=$(series_field series a 6)
	grep -x "change-id: $id" "$MAILS"/a/v1/*0000*
	for m in "$MAILS"/a/v1/*.eml; do grep "^To: Ann A <ann@a.example>" "$m"; done
	! grep -r gone.example "$MAILS"
'
check "the next run makes the same mails but for date, message-id and tracking" '
	hw 0 send $FORCE a
	cp -r "$MAILS/a/v1" before
	sleep 1
	hw 0 send $FORCE a
	strip() { sed -E "/^X-B4-Tracking/,/^[^ ]/{/^(X-B4-Tracking| )/d}; /^(Date|Message-Id|References|In-Reply-To):/d" "$1"; }
	for m in before/*.eml; do
		diff <(strip "$m") <(strip "$MAILS/a/v1/${m##*/}")
	done
	! cmp before/*0000* "$MAILS"/a/v1/*0000*
	hw 0 --porcelain series a
	same "$(git -C "$OUTBOX" rev-parse b4/a)" "$(repo rev-parse "refs/headway/series/$(series_field series a 6)")"
'
check "b4 reaches for no network: no socket but to the name service of this machine" '
	ASAN_OPTIONS=detect_leaks=0 strace -f -qq -e trace=execve,connect,sendto -o trace "$HEADWAY" send $FORCE a > /dev/null
	grep -q "execve.*b4.*send.*= 0" trace
	! grep -E "AF_INET6?" trace
'
check "a mail server in the user's own settings, or a program for one, is not asked" '
	cp "$GIT_CONFIG_GLOBAL" saved
	printf "#!/bin/sh\ntouch $W/asked\ncat > /dev/null\n" > evil && chmod +x evil
	git config --file "$GIT_CONFIG_GLOBAL" sendemail.smtpserver "$W/evil"
	git config --file "$GIT_CONFIG_GLOBAL" b4.sendemail-identity work
	git config --file "$GIT_CONFIG_GLOBAL" sendemail.work.smtpserver "$W/evil"
	git config --file "$GIT_CONFIG_GLOBAL" b4.send-endpoint-web https://127.0.0.1:9/
	hw 0 send $FORCE a
	cp saved "$GIT_CONFIG_GLOBAL"
	[ ! -e asked ]
	same "$(ls "$MAILS/a/v1" | wc -l)" 3
'
check "no signature is made, and b4's rewriting of commits is not needed" '
	mkdir -p py
	echo "raise ModuleNotFoundError" > py/git_filter_repo.py
	cp "$GIT_CONFIG_GLOBAL" saved
	git config --file "$GIT_CONFIG_GLOBAL" b4.send-no-patatt-sign no
	git config --file "$GIT_CONFIG_GLOBAL" patatt.signingkey ed25519:nokey
	PYTHONPATH=$W/py hw 0 send $FORCE a
	cp saved "$GIT_CONFIG_GLOBAL"
	same "$(ls "$MAILS/a/v1" | wc -l)" 3
	! grep -ri "^X-Developer" "$MAILS/a/v1"
'
check "the clone that b4 works in names a mail server always, and no kernel is seen there" '
	for k in b4.sendemail-identity sendemail.headway.smtpserver; do
		[ -n "$(git -C "$OUTBOX" config $k)" ]
	done
	same "$(git -C "$OUTBOX" config b4.send-endpoint-web)" none
	[ ! -e "$OUTBOX/Kconfig" ]
	same "$(git -C "$OUTBOX" status --porcelain)" ""
	# b4 itself, called there by hand, has nowhere to send to.
	echo | timeout 60 b4 --offline-mode send > b4.log 2>&1 && exit 1 || true
	(cd "$OUTBOX" && echo | timeout 60 b4 send > "$W/b4.log" 2>&1) && exit 1
	cat b4.log
	! grep "web endpoint" b4.log
'
check "--smtp takes a host and nothing that would be run" '
	for s in /bin/sh ./x "host/path" "" "-x" "a b" "host:" "host:x" "\$(id)" "host;id"; do
		hw 2 send --smtp "$s" $FORCE a
	done
	err_has "--smtp wants HOST or HOST:PORT"
	hw 2 send --starttls $FORCE a
	hw 2 send --smtp localhost:25 --output x $FORCE a
'
check "a folder of the user's own: used if it is empty, never emptied" '
	hw 0 send --output mine $FORCE a
	same "$(ls mine | wc -l)" 3
	before=$(snapshot mine)
	hw 2 send --output mine $FORCE a
	err_has "there are 3 mails in $W/mine already"
	same "$(snapshot mine)" "$before"
'
check "send wants one series; a topic has perhaps several" '
	hw 2 send $FORCE both
	err_has "\"both\" is a topic"
	err_has "headway send a"
	hw 2 send $FORCE
	hw 2 send $FORCE a b
'
check "what was sent by other means is recorded from its folder" '
	hw 0 send --record mine a
	hw 0 --porcelain series a
	same "$(series_field series a 5)" v2
	id=$(series_field series a 6)
	same "$(repo ls-tree --name-only "refs/headway/sent/$id/v1" | paste -sd,)" 0000.eml,0001.eml,0002.eml
	repo cat-file blob "refs/headway/sent/$id/v1:0001.eml" | cmp - mine/*0001*
	repo log -1 --format=%B "refs/headway/sent/$id/v1" | grep -x "Patch: $(sed -n "s/^Message-Id: //p" mine/*0002*) both/three"
	hw 4 send --record mine b
	err_has "of 1 patches"
'
check "with a sent series unchanged the changelog says so" '
	hw 0 send $FORCE a
	grep "^Subject: \[PATCH v2 0/2\]" "$MAILS"/a/v2/*0000*
	grep "^- No patch is different from what was sent" "$MAILS"/a/v2/*0000*
'
check "signs that mean something to a shell or a template stay as they are" '
	cp "$TOPICS/both/topic" saved
	sed -i "s/About both\./It costs \$5, \${cover} and \`id\` 100% \\\\\\\\n \"quoted\" ; é/" "$TOPICS/both/topic"
	hw 0 send --output odd $FORCE a
	grep -F "It costs \$5, \${cover} and \`id\` 100%" odd/*0000*
	grep -F "\"quoted\" ; é" odd/*0000*
	cp saved "$TOPICS/both/topic"
'
check "the outbox can be thrown away at any time" '
	rm -rf "$OUTBOX"
	hw 0 send $FORCE a
	same "$(ls "$MAILS/a/v2" | wc -l)" 3
'
finish
