#!/bin/bash
# Usage: answers_test.sh ANSWERS FINDER
#
# A short run of tools/stress/answers.py: every change is told once, whatever
# other processes ask and do to the cache.

set -euo pipefail
python3 "$1" --finder "$2" --directory "$TEST_TMPDIR" \
  --steps "${STRESS_STEPS:-400}" --seed "${STRESS_SEED:-1}"
