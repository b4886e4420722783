# What the tests of an installation share. Read by bash; $1 is write_manual and
# $2 is finder.
# shellcheck shell=bash

set -euo pipefail

write_manual=$PWD/$1
finder=$PWD/$2
work=$(mktemp -d "${TEST_TMPDIR:-/tmp}/install.XXXXXX")
trap 'rm -rf "$work"' EXIT
export HOME=$work PATH=/usr/local/bin:/usr/bin:/bin
failures=0

# need TOOL: ends the test as passed where the tool is missing.
need() {
  command -v "$1" >/dev/null || { echo "skipped: no $1" && exit 0; }
}

fail() {
  echo "FAILED: $1"
  failures=$((failures + 1))
}

# expect WHAT WANTED GOT
expect() {
  [[ $2 == "$3" ]] || fail "$1: wanted '$2', got '$3'"
}

# spellings: every option, as --help shows them.
spellings() {
  "$finder" --help | sed -nE 's/^ {2,6}(-.*)/\1/p' | sed -E 's/  .*//' |
    grep -oE '(^|, )--?[A-Za-z0-9][-a-z0-9]*' | sed 's/^, //'
}

# documents: what is in doc/, whatever that is.
documents() {
  find -L doc -type f ! -name BUILD.bazel
}

# dead_links DIR: links of the pages in there that lead to nothing.
dead_links() {
  local page link
  find "$1" -name '*.md' | while IFS= read -r page; do
    grep -oE '\]\([^)#]+' "$page" | cut -c3- | grep -v '^https\?:' |
      while IFS= read -r link; do
        [[ -e $(dirname "$page")/$link ]] || echo "${page#"$1"/}: $link"
      done
  done
}

finish() {
  ((failures == 0)) || exit 1
  echo passed
}
