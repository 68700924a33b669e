#!/bin/sh
# Browser tests need Chromium and a font with Chinese letters; the archive's tests need a PostgreSQL too, those of deploy/
# nginx and systemd-analyze, those of faults a C compiler (tests/faults/shim.c). Debian's packages are installed when they are missing and this user may; else one line says what to do.
missing=
may() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }
# The headless shell draws for half the processor's time what a whole Chromium does, which will do where nothing may be installed.
command -v chromium-headless-shell >/dev/null 2>&1 || { ! may && command -v chromium >/dev/null 2>&1; } || missing="chromium-headless-shell"
fc-list 2>/dev/null | grep -qi "NotoSansCJK\|Noto Sans CJK" || missing="$missing fonts-noto-cjk fontconfig"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || missing="$missing postgresql"
PATH="$PATH:/usr/sbin" command -v nginx >/dev/null 2>&1 || missing="$missing nginx-light"
command -v systemd-analyze >/dev/null 2>&1 || missing="$missing systemd"
{ command -v cc && [ -e /usr/include/stdio.h ]; } >/dev/null 2>&1 || missing="$missing gcc libc6-dev"
[ -z "$missing" ] && exit 0
if may; then
  echo "installing for the tests: $missing"
  # shellcheck disable=SC2086 # a list of packages
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } >/dev/null && exit 0
fi
echo "The tests need: $missing. Install them (as root: apt-get install $missing), or run the others with: make test-fast" >&2
exit 1
