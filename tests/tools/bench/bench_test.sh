#!/bin/bash
# The harness of the benchmarks measures, reports, and cleans up. Figures are
# not looked at: only that they are there.

set -uo pipefail
export PYTHONDONTWRITEBYTECODE=1

here=tests/tools/bench
programs=tools/bench
work=$TEST_TMPDIR
failures=0

fail() {
  echo "FAILED: $1"
  failures=$((failures + 1))
}

# bench ARG...: the harness on trees below $work/trees, with what it says in
# $work/said.
bench() {
  python3 "$programs/harness.py" --finder "$here/stub_finder.sh" \
    --programs "$programs" --tree tiny --dir "$work/trees" "$@" \
    >"$work/page" 2>"$work/said"
}

# expect_gone PATH...
expect_gone() {
  local path
  for path; do
    [[ ! -e $path ]] || fail "left behind: $path: $(ls -A "$path")"
  done
}

# The page and the plot are written, and the trees removed.
bench --quick --scenario warm,warm-1pct,startup,database --doc "$work/doc" ||
  fail "a plain run failed: $(cat "$work/said")"
for word in "### warm" "### warm-1pct" "### startup" "### database" \
  "| finder |" "| stat floor |" "| walk floor |" "at most 1.15 x" "commit"; do
  grep -qF -- "$word" "$work/doc/benchmarks.md" || fail "no '$word' in the page"
done
grep -q '</svg>' "$work/doc/benchmarks.svg" || fail "no plot"
[[ $(find "$work/doc" -type f | wc -l) == 2 ]] || fail "more than two files"
expect_gone "$work/trees"

# Without --doc a part is printed.
bench --runs 1 --scenario startup || fail "printing failed"
grep -qF "### startup" "$work/page" || fail "nothing printed"

# Peers that are missing are named, and the rest is measured.
mkdir -p "$work/bin"
for program in bash rm find python3; do
  ln -sf "$(command -v "$program")" "$work/bin/$program"
done
PATH=$work/bin bench --runs 1 --scenario startup ||
  fail "a run without peers failed: $(cat "$work/said")"
grep -q "bfs: not installed" "$work/page" || fail "bfs is not said to be missing"

# An answer of finder that differs is an error.
STUB_OMITS='*.java' bench --runs 1 --scenario startup
[[ $? == 1 ]] || fail "a wrong answer went unnoticed"

# So is a finder that fails, and the page says so.
STUB_FAILS=1 bench --runs 1 --scenario startup,database
[[ $? == 1 ]] || fail "a failed finder went unnoticed"
grep -q "exit status 2" "$work/page" || fail "the failure is not reported"

# --keep leaves complete trees; somebody else's directory is left alone.
bench --runs 1 --scenario startup --keep || fail "--keep failed"
[[ -d $work/trees/tiny ]] || fail "--keep kept nothing"
rm -r "$work/trees"
mkdir -p "$work/trees/tiny"
bench --runs 1 --scenario startup
[[ $? == 2 ]] || fail "somebody else's directory was used"
[[ -d $work/trees/tiny ]] || fail "somebody else's directory was removed"
rm -r "$work/trees"

# stop_at LINE SECONDS: SIGTERM, SECONDS after the harness said LINE. 5,000
# rounds leave time for it. No page, no plot, no tree.
stop_at() {
  local line
  python3 "$programs/harness.py" --finder "$here/stub_finder.sh" \
    --programs "$programs" --runs 1000 --scenario startup \
    --dir "$work/trees" --doc "$work/doc" 2>"$work/progress" &
  bench_pid=$!
  while read -r line; do
    [[ $line != *"$1"* ]] || { sleep "$2" && kill -TERM "$bench_pid"; }
  done <"$work/progress"
  wait "$bench_pid"
  [[ $? == 143 ]] || fail "SIGTERM was not its end at '$1'"
  expect_gone "$work/trees" "$work/doc"
}

rm -r "$work/doc"
mkfifo "$work/progress"
for seconds in 0 0 0.001 0.002 0.004 0.01 0.1 1; do
  stop_at "startup:" "$seconds"
  stop_at "making tree" "$seconds"
done

# Usage errors.
bench --scenario nonsense
[[ $? == 2 ]] || fail "an unknown scenario is no usage error"
bench --runs 0
[[ $? == 2 ]] || fail "--runs 0 is no usage error"

exit "$((failures > 0))"
