#!/bin/bash
# finder(1) names every option, and the formatters have nothing to warn of.
source tests/install/support.sh

"$write_manual" man >"$work/finder.1"
options=$(spellings)
(($(wc -l <<<"$options") > 50)) || fail "--help shows too few options"
while read -r option; do
  grep -qF -e "\\fB${option//-/\\-}\\fR" "$work/finder.1" ||
    fail "$option is missing"
done <<<"$options"
for section in NAME SYNOPSIS DESCRIPTION OPTIONS SUBCOMMANDS EXAMPLES \
  'EXIT CODES' ENVIRONMENT; do
  grep -qx ".SH $section" "$work/finder.1" || fail "no section $section"
done

if command -v groff >/dev/null; then
  expect "groff" "" "$(groff -man -Tascii -ww -z "$work/finder.1" 2>&1)"
else
  echo "skipped: no groff"
fi
if command -v man >/dev/null; then
  expect "man" "" \
    "$(LC_ALL=C MANWIDTH=80 man --warnings -l "$work/finder.1" 2>&1 >"$work/t")"
  grep -q "at most N levels deep" "$work/t" || fail "man shows no options"
else
  echo "skipped: no man"
fi
if command -v mandoc >/dev/null; then
  # The page has no date on purpose: the same source writes the same page.
  expect "mandoc" "" "$(mandoc -Tlint -Wwarning "$work/finder.1" |
    grep -v 'missing date')"
else
  echo "skipped: no mandoc"
fi
"$write_manual" nonsense 2>/dev/null && fail "nonsense is written"
finish
