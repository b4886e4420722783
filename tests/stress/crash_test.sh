#!/bin/bash
# Usage: crash_test.sh CRASH FINDER
#
# A short run of what tools/stress/run takes away from finders.

set -euo pipefail
# One part runs as nobody, who can enter neither root's cache of Bazel nor what
# the test is given there.
work=$(mktemp -d /tmp/finder_crash.XXXXXX)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cp "$2" "$work/finder"
python3 "$1" --finder "$work/finder" --directory "$work" --kills 40 --rounds 2
