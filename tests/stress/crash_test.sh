#!/bin/bash
# Usage: crash_test.sh CRASH FINDER
#
# A short run of what tools/stress/run takes away from finders.

set -euo pipefail
python3 "$1" --finder "$2" --directory "$TEST_TMPDIR" --kills 40 --rounds 2
