#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# headway trailers: whose word on which patch is taken from which mailbox, and what is
# left alone.

HERE=$(cd "$(dirname "$0")" && pwd)
. "$HERE/lib.sh"
. "$HERE/lib-series.sh"
maintained_kernel
two_owners
import_bases 6.1 7.2
"$HEADWAY" -q build

check "before anything was sent there is nothing to collect" '
	touch empty
	hw 2 trailers empty
	err_has "nothing was sent yet"
'
"$HEADWAY" -q send --output "$W/a" $FORCE a > /dev/null
"$HEADWAY" -q send --output "$W/b" $FORCE b > /dev/null
"$HEADWAY" -q send --record "$W/a" a && "$HEADWAY" -q send --record "$W/b" b
mid() { sed -n 's/^Message-Id: //p' "$1" | head -n 1; }
A0=$(mid "$W"/a/*0000*) A1=$(mid "$W"/a/*0001*) A2=$(mid "$W"/a/*0002*) B1=$(mid "$W"/b/*.eml)

# mail TO FROM [LINE...]: one mail of an mbox
serial=0
mail() {
	local to=$1 from=$2
	shift 2
	serial=$((serial + 1))
	printf 'From x Thu Jan  1 00:00:00 1970\nFrom: %s\nSubject: Re: x\n' "$from"
	printf 'Date: Mon, 23 Nov 2026 12:%02d:00 +0000\nMessage-Id: <m%d@example.net>\n' $serial $serial
	printf 'In-Reply-To: %s\nReferences: %s\n\n' "$to" "$to"
	printf '%s\n' "$@" ''
}
REV='Rev Iewer <rev@example.net>'
clean() { git -C "$W/top" checkout -q -- topics; }
# What the topics were before, to go back to.
git -C "$W/top" init -q && printf 'build\nscripts\narch\n' > "$W/top/.git/info/exclude"
git -C "$W/top" -c user.name=x -c user.email=x@x -c core.autocrlf=false add -A
git -C "$W/top" -c user.name=x -c user.email=x@x commit -q -m topics
changed() { git -C "$W/top" diff --name-only | paste -sd,; }

check "an answer to a patch is for that patch, one to the cover letter for all of it" '
	{ mail "$A2" "$REV" "Reviewed-by: $REV"; mail "$A0" "$REV" "Acked-by: $REV"; } > box
	hw 0 trailers --yes box
	grep -x "Reviewed-by: $REV" "$TOPICS/both/0003-three.patch"
	! grep "^Reviewed-by" "$TOPICS/both/0001-one.patch"
	grep -x "Acked-by: $REV" "$TOPICS/both/0001-one.patch"
	grep -x "Acked-by: $REV" "$TOPICS/both/0003-three.patch"
	same "$(changed)" "topics/both/0001-one.patch,topics/both/0003-three.patch"
	hw 0 build 7.2
	hw 0 save 7.2/topic/both
	out_has "nothing to save"
	clean
'
check "only the tag and an empty line before it are added: every other byte stays" '
	mail "$A2" "$REV" "Tested-by: $REV" > box
	hw 0 trailers --yes box
	same "$(git -C top diff --numstat | cut -f 1,2 | tr "\t" ,)" 2,0
	hw 0 trailers --yes box
	out_has "no new tags"
	same "$(git -C top diff --numstat | cut -f 1,2 | tr "\t" ,)" 2,0
	clean
'
check "quoted tags, tags of other kinds, tags without an address are not taken" '
	mail "$A1" "$REV" "> Reviewed-by: $REV" "Signed-off-by: $REV" "Reviewed-by: me" \
		"I would say Reviewed-by: $REV some day" "+Tested-by: $REV" > box
	hw 0 trailers --yes box
	out_has "no new tags"
	same "$(changed)" ""
'
check "the word of another person than the writer is shown and not taken" '
	mail "$A1" "$REV" "Reviewed-by: Bob B <bob@b.example>" > box
	hw 0 trailers --yes box
	out_has "not taken: Reviewed-by: Bob B <bob@b.example>"
	out_has "it came from Rev Iewer <rev@example.net>"
	same "$(changed)" ""
	hw 0 trailers --yes --sloppy box
	grep -x "Reviewed-by: Bob B <bob@b.example>" "$TOPICS/both/0001-one.patch"
	clean
'
check "a mail that answers nothing of ours changes nothing" '
	mail "<other@patch.example>" "$REV" "Reviewed-by: $REV" > box
	hw 0 trailers --yes box
	same "$(changed)" ""
'
check "somebody's own patch in the thread is no new version of ours, and its tags are its own" '
	{ mail "$A1" "$REV" "Reviewed-by: $REV" "---" " x | 1 +" "" "diff --git a/x b/x" "--- a/x" "+++ b/x" "@@ -0,0 +1 @@" "+x"; } > box
	sed -i "s/^Subject:.*/Subject: [PATCH v2 1\/2] a: Do one thing/" box
	hw 0 trailers --yes box
	same "$(changed)" ""
'
check "a mailbox without message-ids does no harm, and what can be told is told" '
	mail "$A1" "$REV" "Reviewed-by: $REV" | sed "/^Message-Id/d" > box
	hw 0 trailers --dry-run box
	out_has "+ Reviewed-by: $REV"
	mail "$A1" "$REV" "Reviewed-by: $REV" | sed "/^Message-Id/d; /^In-Reply-To/d; /^References/d" > box
	hw 0 trailers --yes box
	out_has "no new tags"
	same "$(changed)" ""
'
check "an answer to an answer counts for the patch that they are about" '
	mail "<somebody@else.example>" "$REV" "Acked-by: $REV" |
		sed "s,^References:.*,References: $A0 $A2 <somebody@else.example>," > box
	hw 0 trailers --yes box
	same "$(changed)" "topics/both/0003-three.patch"
	clean
'
check "mail in base64, with a name beyond ASCII, in a maildir" '
	mkdir -p md/cur md/new md/tmp
	{
		mail "$B1" "=?iso-8859-1?q?J=F6rg?= <joerg@example.net>" | sed 1d | sed "/^\$/,\$d"
		printf "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: base64\n\n"
		printf "Gut.\r\n\r\nReviewed-by: Jörg <joerg@example.net>\r\n" | iconv -t iso-8859-1 | base64
	} > md/new/1
	hw 0 trailers --yes md
	grep -x "Reviewed-by: Jörg <joerg@example.net>" "$TOPICS/both/0002-two.patch"
	hw 0 build 7.2
	hw 0 save 7.2/topic/both
	out_has "nothing to save"
	clean
	hw 0 build 7.2
'
check "names choose whose tags are collected" '
	{ mail "$A2" "$REV" "Reviewed-by: $REV"; mail "$B1" "$REV" "Reviewed-by: $REV"; } > box
	hw 0 trailers --dry-run box b
	out_has "0002-two.patch"
	! grep 0003-three out
	hw 0 --porcelain trailers --dry-run box both
	same "$(grep -c "^new	" out)" 2
	hw 2 trailers --yes box nobody
	err_has "nothing was sent yet of these"
'
check "other people's commits below and above ours are not touched" '
	before=$(refs)
	objects=$(repo count-objects)
	mail "$A2" "$REV" "Reviewed-by: $REV" > box
	hw 0 trailers --yes box
	same "$(refs)" "$before"
	same "$(repo count-objects)" "$objects"
	clean
'
check "the public-inbox's own folder will do, without a server" '
	command -v public-inbox-init || exit 1
	export PI_CONFIG=$W/pi
	public-inbox-init -V2 all "$W/inbox" http://127.0.0.1/all all@lists.example
	git config --file "$W/pi" publicinboxmda.spamcheck none
	mail "$A1" "$REV" "Reviewed-by: $REV" | sed 1d > one
	ORIGINAL_RECIPIENT=all@lists.example public-inbox-mda --no-precheck < one
	hw 0 trailers --yes inbox
	same "$(changed)" "topics/both/0001-one.patch"
	clean
'
check "on a terminal each is asked for: what is answered with y is written, no more" '
	{ mail "$A1" "$REV" "Reviewed-by: $REV"; mail "$A2" "$REV" "Tested-by: $REV"; } > box
	printf "y\nn\n" | script -qec "$HEADWAY trailers box" log.tty > tty.out
	grep -c "take it? \[y/N\]" tty.out
	same "$(changed)" "topics/both/0001-one.patch"
	clean
	printf "\n\n" | script -qec "$HEADWAY trailers box" log.tty > tty.out
	same "$(changed)" ""
'
check "a mailbox that is not there, an archive that does not answer, bad options" '
	hw 2 trailers nowhere
	err_has "nowhere: there is no such mailbox"
	hw 4 trailers http://127.0.0.1:9/all
	hw 2 trailers
	hw 2 trailers --yes --dry-run box
'
finish
