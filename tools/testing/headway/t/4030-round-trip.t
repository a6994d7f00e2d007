#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# From the topics to the maintainer and back, with real parts on loopback: b4 hands
# the series to a mail server, a public-inbox archives it, another b4 fetches it from
# there, git am makes the topic's tree; a reviewer's tag comes back into the topic;
# the next version says what is different.

HERE=$(cd "$(dirname "$0")" && pwd)
. "$HERE/lib.sh"
. "$HERE/lib-series.sh"
. "$HERE/lib-post.sh"
maintained_kernel
two_owners
import_bases 6.1 7.2
"$HEADWAY" -q build
post_open > "$W/post.out" 2>&1 || { sed "s|^|# |" "$W/post.out"; fail_all "the services do not start here"; }
# The owner's tree is made of both series.
sent_dir() { echo "$W/top/build/series/sent/$1/v$2"; }

check "b4 hands both series to the mail server, and they are recorded" '
	hw 0 send --smtp "$SMTP" $FORCE b
	out_has "sent to $SMTP, recorded; next is v2"
	hw 0 send --smtp "$SMTP" $FORCE a
	same "$(ls "$MAILDIR/new" | wc -l)" 4
	same "$(repo for-each-ref refs/headway/sent | wc -l)" 2
'
check "what is recorded is what the server got, to the byte" '
	ref=$(repo for-each-ref --format="%(refname)" refs/headway/sent | while read -r r; do
		repo log -1 --format="%s $r" "$r"; done | sed -n "s/^Sent: a v1 //p")
	for f in 0000 0001 0002; do
		repo cat-file blob "$ref:$f.eml" > recorded
		id=$(message_id recorded)
		grep -rlF -e "$id" "$MAILDIR/new" | while read -r m; do
			[ "$(message_id "$m")" = "$id" ] || continue
			# The server adds its own headers.
			sed "/^X-Peer:/d; /^X-MailFrom:/d; /^X-RcptTo:/,/^\$/{/^X-RcptTo:/d;/^ /d}" "$m" | tr -d "\r" > want
			diff <(sed "1,/^\$/d" recorded) <(sed "1,/^\$/d" want)
			grep "^Subject:" want > s1; grep "^Subject:" recorded > s2; diff s1 s2
			echo checked >> checked
		done
	done
	same "$(grep -c checked checked)" 3
'
check "the public-inbox archives them, and finds them by the change-id" '
	post_deliver
	same "$(git -C "$POST/inbox/git/0.git" rev-list --count HEAD)" 4
	hw 0 --porcelain series a
	id=$(series_field series a 6)
	curl -s --noproxy "*" "$INBOX_URL/?q=%22change-id:+$id%22&x=A" | grep -c "<entry>"
'
check "what was sent and is in the archive is exported as FROMLIST, with its link" '
	link=$(message_id "$(sent_dir a 1)/0002.eml" | tr -d "<>")
	hw 0 export --for android 7.2 --bug 1 -o own
	err_has "with --archive URL, once they are in an archive, they are tagged FROMLIST"
	grep "^Subject: .*ANDROID: a: Do three things" own/0003-*
	hw 0 export --for android 7.2 --bug 1 --archive "$INBOX_URL/" -o from
	same "$(grep -l "^Subject: \[PATCH[^]]*\] FROMLIST: " from/*.patch | wc -l)" 3
	grep -x "Link: $INBOX_URL/$link/" from/0003-*
	curl -sf --noproxy "*" "$INBOX_URL/$link/" | grep "Do three things"
	hw 0 lint --for android from
	hw 0 export --for chromeos 7.2 --archive "$INBOX_URL" -o chrome
	grep -x "(am from $INBOX_URL/$link/)" chrome/0003-*
	hw 0 export --for debian 7.2 --archive "$INBOX_URL" -o debian
'
check "not in the archive, or not what was sent: no FROMLIST" '
	hw 1 export --for android 7.2 --bug 1 --archive "${INBOX_URL%all}nothing" -o none
	err_has "what was sent is not in that archive"
	[ ! -e none ]
	hw 2 export --for android 7.2 --bug 1 --archive lore -o none
	err_has "expected the address of a mail archive"
	cp "$TOPICS/both/0003-three.patch" saved
	sed -i "s/y + 3/y + 34/" "$TOPICS/both/0003-three.patch"
	hw 0 export --for android 7.2 --bug 1 --archive "$INBOX_URL" -o changed
	out_has "both/three: not as it was sent (v1): no FROMLIST"
	grep "^Subject: .*ANDROID: a: Do three things" changed/0003-*
	grep "^Subject: .*FROMLIST: a: Do one thing" changed/0001-*
	cp saved "$TOPICS/both/0003-three.patch"
'
check "b4 am fetches a series by its message-id; git am makes the tree of the branch" '
	receiver "$W/rec"
	git checkout -q --detach origin/7.2/base
	cover=$(message_id "$(sent_dir a 1)/0000.eml")
	mkdir -p "$W/got"; b4_here am -o "$W/got" "$cover" 2> "$W/b4.log" || { cat "$W/b4.log"; exit 1; }
	cat "$W/b4.log"
	git am -q "$W"/got/*.mbx
	same "$(git rev-parse "HEAD^{tree}")" "$(git -C "$OUTBOX" rev-parse "b4/a^{tree}")"
	same "$(git log -1 --format="%an <%ae>")" "Dev Eløper <dev@example.org>"
	git log -1 --format=%B | grep -x "Signed-off-by: Dev Eløper <dev@example.org>"
'
check "both series together make the tree of the topic" '
	cd "$W/rec"
	mkdir -p "$W/got-b"; b4_here am -o "$W/got-b" "$(message_id "$(sent_dir b 1)/0000.eml")" 2> "$W/b4.log" || { cat "$W/b4.log"; exit 1; }
	git am -q "$W"/got-b/*.mbx
	same "$(git rev-parse "HEAD^{tree}")" "$(tree 7.2/topic/both)"
'
check "b4 wrote EDITME for the next version; ours has none" '
	git -C "$OUTBOX" config branch.b4/a.description | grep EDITME
	hw 0 series --make $FORCE a
	! git -C "$OUTBOX" config branch.b4/a.description | grep EDITME
	git -C "$OUTBOX" config branch.b4/a.b4-tracking | grep "\"revision\": 2"
'
check "a reviewer answers one patch, a tester the cover letter" '
	answer "$(message_id "$(sent_dir a 1)/0002.eml")" "[PATCH 2/2] a: Do three things" \
		"> Signed-off-by: Dev Eloper <dev@example.org>" "" "Fine." "" \
		"Reviewed-by: Rev Iewer <rev@example.net>" > "$W/r1"
	answer "$(message_id "$(sent_dir b 1)/0000.eml")" "[PATCH] b: Do two things" \
		"" "Tested-by: Rev Iewer <rev@example.net> # on a board" > "$W/r2"
	send_mail "$W/r1" && send_mail "$W/r2"
	post_deliver
	same "$(git -C "$POST/inbox/git/0.git" rev-list --count HEAD)" 6
'
check "headway trailers fetches the answers, and shows them first" '
	before=$(topics_sum)
	hw 0 trailers --dry-run "$INBOX_URL"
	out_has "topics/both/0003-three.patch"
	out_has "+ Reviewed-by: Rev Iewer <rev@example.net>"
	out_has "+ Tested-by: Rev Iewer <rev@example.net> # on a board"
	same "$(topics_sum)" "$before"
'
check "without a terminal and without --yes nothing is written" '
	before=$(topics_sum)
	hw 2 trailers "$INBOX_URL"
	err_has "there is no terminal to ask"
	same "$(topics_sum)" "$before"
'
check "with --yes they are in the patches they are for, and in no other" '
	hw 0 trailers --yes "$INBOX_URL"
	grep -x "Reviewed-by: Rev Iewer <rev@example.net>" "$TOPICS/both/0003-three.patch"
	grep -x "Tested-by: Rev Iewer <rev@example.net> # on a board" "$TOPICS/both/0002-two.patch"
	! grep "ed-by:" "$TOPICS/both/0001-one.patch"
	hw 0 trailers --yes "$INBOX_URL"
	out_has "no new tags"
'
check "save has nothing to do after that" '
	hw 0 build
	before=$(topics_sum)
	hw 0 save 7.2/topic/both
	out_has "nothing to save"
	same "$(topics_sum)" "$before"
'
check "v2 has the tag, the new patch, and the range-diff with what was sent" '
	begin 7.2
	GIT_COMMITTER_NAME=D GIT_COMMITTER_EMAIL=d@x git -C "$K" am -q "$TOPICS"/both/000[123]*.patch
	change both four "Patch: 0004-four.patch"
	minute=5
	kpatch both/0004-four "a: Do four things" "sed -i \"s/gamma_end(y)/gamma_end(y + 4)/\" drivers/a/core.c"
	sed -i "s/y + 3/y + 33/" "$TOPICS/both/0003-three.patch"
	hw 0 build
	hw 0 send --smtp "$SMTP" $FORCE a
	m=$(sent_dir a 2)
	cat "$m/0000.eml"
	grep "^Subject: \[PATCH v2 0/3\]" "$m/0000.eml"
	grep -x "Changes in v2:" "$m/0000.eml"
	grep "^- Patch 2, \"a: Do three things\": changed" "$m/0000.eml"
	grep "^- Patch 3, \"a: Do four things\": new" "$m/0000.eml"
	grep "^- Link to v1: https://lore.kernel.org/r/20261122-both-v1-0-" "$m/0000.eml"
	grep "^Range-diff against v1:" "$m/0000.eml"
	grep "^    *+    *Reviewed-by: Rev Iewer" "$m/0000.eml"
	grep -x "Reviewed-by: Rev Iewer <rev@example.net>" "$m/0002.eml"
'
check "v2 is one more revision under the same change-id, v1 is still there" '
	hw 0 --porcelain series a
	id=$(series_field series a 6)
	same "$(repo for-each-ref --format="%(refname)" "refs/headway/sent/$id" | sed "s,.*/,," | paste -sd,)" v1,v2
	same "$(repo rev-parse "refs/headway/sent/$id/v2^")" "$(git -C "$OUTBOX" rev-parse b4/a)"
	same "$(series_field series a 5)" v3
	post_deliver
	receiver "$W/rec2"
	git checkout -q --detach origin/7.2/base
	mkdir -p "$W/got2"; b4_here am -o "$W/got2" "$(message_id "$(sent_dir a 2)/0000.eml")" 2> "$W/b4.log" || { cat "$W/b4.log"; exit 1; }
	git am -q "$W"/got2/*.mbx
	same "$(git rev-parse "HEAD^{tree}")" "$(git -C "$OUTBOX" rev-parse "b4/a^{tree}")"
'
check "a tag for a patch that was changed since is shown and not taken" '
	sed -i "s/y + 33/y + 333/" "$TOPICS/both/0003-three.patch"
	answer "$(message_id "$(sent_dir a 2)/0002.eml")" "[PATCH v2 2/3] a: Do three things" \
		"Acked-by: Rev Iewer <rev@example.net>" > "$W/r3"
	send_mail "$W/r3" && post_deliver
	hw 0 trailers --yes "$INBOX_URL"
	out_has "the patch was changed since v2"
	! grep Acked "$TOPICS/both/0003-three.patch"
'
check "the branches are built and verified beside what was sent, which stays" '
	git -C "$K" checkout -q --detach 7.2
	sent=$(refs | grep /sent/)
	sed -i "s/y + 333/y + 33/" "$TOPICS/both/0003-three.patch"
	hw 0 build
	hw 0 verify
	same "$(refs | grep /sent/)" "$sent"
	repo fsck --connectivity-only
'
check "a server that takes a part only: how much is said, nothing recorded, no second try" '
	topic big
	change big small "Patch: 0001-small.patch"
	change big large "Patch: 0002-large.patch"
	begin 7.2
	kpatch big/0001-small "a: Be small" "sed -i \"s/gamma_end(y)/gamma_end(y + 5)/\" drivers/a/core.c"
	kpatch big/0002-large "a: Be large" "{ echo; for i in \$(seq 300); do echo \"/* line \$i of many */\"; done; } >> drivers/a/core.c"
	port=$(free_port)
	aiosmtpd -n -l "127.0.0.1:$port" -s 6000 -c aiosmtpd.handlers.Mailbox "$POST/small" > small.log 2>&1 &
	pid=$!
	trap "kill $pid" EXIT
	wait_port "$port"
	hw 4 send --smtp "127.0.0.1:$port" $FORCE big
	err_has "took 2 of 3 mails"
	same "$(ls "$POST/small/new" | wc -l)" 2
	! refs | grep sent/20261122-big
	hw 2 send --smtp "127.0.0.1:$port" $FORCE big
	err_has "there are 2 mails in"
'
check "a server that does not answer: nothing is recorded, and it is said" '
	post_stop
	before=$(refs)
	hw 4 send --smtp "$SMTP" $FORCE b
	err_has "took 0 of 1 mails"
	same "$(refs | grep sent)" "$(echo "$before" | grep sent)"
'
finish
