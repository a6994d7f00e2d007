# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A post office on loopback, of Debian's packages: an SMTP server that delivers into
# a maildir, a public-inbox that is filled from it, its HTTP server. To be sourced
# after lib.sh; needs no privileges and ends with the test.

for tool in public-inbox-init public-inbox-mda public-inbox-httpd aiosmtpd; do
	command -v $tool > /dev/null || fail_all "$tool is missing: run make deps-check"
done
POST=$W/post
MAILDIR=$POST/maildir
export PI_CONFIG=$POST/config
POST_PIDS=
trap 'post_stop; cleanup' EXIT
post_stop() {
	# shellcheck disable=SC2086 # several ids
	[ -z "$POST_PIDS" ] || kill $POST_PIDS 2> /dev/null
	wait 2> /dev/null
	POST_PIDS=
}

# free_port: one that nobody listens on; who is faster than we are makes a test fail,
# not pass.
free_port() {
	local port
	for port in $(shuf -i 20000-60000 -n 50); do
		(: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null || { echo "$port"; return; }
	done
	return 1
}
wait_port() {
	local i
	for i in $(seq 300); do
		(: < "/dev/tcp/127.0.0.1/$1") 2> /dev/null && return
		sleep 0.1
	done
	echo "nothing listens on port $1 after 30 s"
	return 1
}

# post_open: start all of it. $SMTP is the mail server, $INBOX_URL the archive.
post_open() {
	local http
	mkdir -p "$POST"
	SMTP_PORT=$(free_port)
	SMTP=127.0.0.1:$SMTP_PORT
	http=$(free_port)
	INBOX_URL=http://127.0.0.1:$http/all
	# b4 0.12 wants the path to begin so; without "full" no change-id is found.
	public-inbox-init -V2 -L full all "$POST/inbox" "$INBOX_URL" all@lists.example &&
		git config --file "$PI_CONFIG" publicinboxmda.spamcheck none || return
	aiosmtpd -n -l "$SMTP" -c aiosmtpd.handlers.Mailbox "$MAILDIR" > "$POST/smtp.log" 2>&1 &
	POST_PIDS="$POST_PIDS $!"
	public-inbox-httpd -W 0 -l "127.0.0.1:$http" > "$POST/httpd.log" 2>&1 &
	POST_PIDS="$POST_PIDS $!"
	wait_port "$SMTP_PORT" && wait_port "$http"
}

# post_deliver: what came by mail goes into the archive, in the order of its dates
post_deliver() {
	local f
	for f in $(grep -l . "$MAILDIR"/new/* 2> /dev/null | sort -V); do
		ORIGINAL_RECIPIENT=all@lists.example public-inbox-mda --no-precheck < "$f" || return
		mv "$f" "$MAILDIR/cur/"
	done
}

# b4 as a receiver has it, who knows this archive alone
b4_here() {
	b4 "$@" < /dev/null
}
receiver() {
	rm -rf "$1"
	git clone -q --shared --no-checkout "$REPO" "$1" && cd "$1" || return
	git config user.name Rec && git config user.email rec@localhost
	git config b4.midmask "$INBOX_URL/%s"
	git config b4.linkmask "$INBOX_URL/%s"
	git config b4.searchmask "$INBOX_URL/?x=m&t=1&q=%s"
	git config b4.attestation-policy off
}

# send_mail FILE: somebody's mail, through the same server
send_mail() {
	curl -sS --crlf --noproxy '*' --url "smtp://$SMTP" --mail-from rev@example.net \
		--mail-rcpt all@lists.example --upload-file "$1"
}
# answer TO-MESSAGE-ID SUBJECT [LINE...]: a reviewer's mail
answer() {
	local to=$1 subject=$2
	shift 2
	{
		printf 'From: Rev Iewer <rev@example.net>\nTo: all@lists.example\n'
		printf 'Subject: Re: %s\nDate: %s\nMessage-Id: <%s@example.net>\n' \
			"$subject" "$(date -R)" "$(date +%s%N)"
		printf 'In-Reply-To: %s\nReferences: %s\n\n' "$to" "$to"
		printf '%s\n' "$@"
	}
}
# message_id FILE
message_id() { sed -n 's/^Message-I[dD]: *//p' "$1" | head -n 1; }
