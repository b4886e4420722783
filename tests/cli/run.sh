#!/bin/bash
# Usage: tests/cli/run.sh FINDER [--accept] CASE...
#
# Runs command-line cases: a CASE is a file with a comment that says what is
# expected of the program, a script for bash, and what it must print:
#
#   # A root that is not there is an error.
#   finder nowhere
#   --- code 2
#   --- out
#   --- err
#   finder: nowhere: No such file or directory
#
# Sections that are left out are empty, and the code is 0. Each case runs in an
# empty directory with a HOME of its own; what is below its temporary directory
# is printed as /TMP. support.sh has the functions that cases may call.
#
# With --accept the sections are replaced by what was printed; read the
# difference before you commit it. In $XML_OUTPUT_FILE each case is a test case.

set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
readonly here

binary=$1
shift
accept=false
if [[ ${1-} == --accept ]]; then
  accept=true
  shift
fi

# Not below TEST_TMPDIR, which another user may not be able to enter.
work=$(mktemp -d "${TMPDIR:-/tmp}/finder_cli.XXXXXX")
trap 'chmod -R u+rwx "$work" 2>/dev/null; rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir "$work/bin"
cp "$binary" "$work/bin/finder"
chmod 755 "$work/bin/finder"

# section NAME FILE: the lines of a section.
section() {
  awk -v name="$1" '
    /^--- / { inside = ($2 == name); next }
    inside { print }' "$2"
}

# script FILE: what comes before the first section.
script() {
  awk '/^--- / { exit } { print }' "$1"
}

code() {
  awk '/^--- code / { print $3; found = 1 } END { if (!found) print 0 }' "$1"
}

# run_script FILE OUT ERR: returns the script's exit code.
run_script() {
  local tmp=$work/case
  mkdir -p "$tmp/home" "$tmp/tree"
  chmod 755 "$tmp" "$tmp/tree"
  (
    cd "$tmp/tree" || exit 99
    umask 022
    exec env -i PATH="$work/bin:/usr/local/bin:/usr/bin:/bin" LC_ALL=C \
      HOME="$tmp/home" TMP="$tmp" BASH_ENV="$here/support.sh" \
      bash "$1" </dev/null
  ) >"$2.raw" 2>"$3.raw"
  local status=$?
  sed "s|$tmp|/TMP|g" "$2.raw" >"$2"
  sed "s|$tmp|/TMP|g" "$3.raw" >"$3"
  chmod -R u+rwx "$tmp" 2>/dev/null
  rm -rf "$tmp"
  return "$status"
}

# print_case SCRIPT CODE OUT ERR: a case file.
print_case() {
  cat "$1"
  [[ $2 == 0 ]] || echo "--- code $2"
  [[ ! -s $3 ]] || { echo "--- out" && cat "$3"; }
  [[ ! -s $4 ]] || { echo "--- err" && cat "$4"; }
}

xml_text() {
  tr -cd '\11\12\40-\176' | sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g'
}

passed=0
failed=0
skipped=0
cases_xml=
for case in "$@"; do
  name=$(basename "$case" .case)
  script "$case" >"$work/script"
  status=0
  run_script "$work/script" "$work/out" "$work/err" || status=$?
  result=
  if ((status == 77)); then
    ((++skipped))
    result='<skipped/>'
  elif $accept; then
    print_case "$work/script" "$status" "$work/out" "$work/err" >"$work/new"
    cmp -s "$work/new" "$case" || cp "$work/new" "$case"
    ((++passed))
  else
    {
      diff --label "expected code" --label code -u \
        <(code "$case") <(echo "$status")
      diff --label "expected out" --label out -au \
        <(section out "$case") "$work/out"
      diff --label "expected err" --label err -au \
        <(section err "$case") "$work/err"
    } >"$work/difference"
    if [[ -s $work/difference ]]; then
      ((++failed))
      echo "FAILED: $name"
      cat "$work/difference"
      result="<failure message=\"differs\">$(
        xml_text <"$work/difference"
      )</failure>"
    else
      ((++passed))
    fi
  fi
  cases_xml+="<testcase classname=\"cli\" name=\"$name\">$result</testcase>"
done

if [[ -n ${XML_OUTPUT_FILE-} ]]; then
  {
    echo '<?xml version="1.0" encoding="UTF-8"?>'
    echo "<testsuite name=\"cli\" tests=\"$#\" failures=\"$failed\">"
    echo "$cases_xml</testsuite>"
  } >"$XML_OUTPUT_FILE"
fi
echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0))
