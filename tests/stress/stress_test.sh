#!/bin/bash
# Usage: stress_test.sh STRESS FINDER
#
# A short run of tools/stress on the disk of the test: the library with changes
# between its calls, and the program with changes while it runs; that with
# databases of its own, and with overlapping views in one shared cache.
# STRESS_STEPS and STRESS_SECONDS make the last one longer.

set -euo pipefail
stress=$1 finder=$2

for seed in 11 12; do
  "$stress" --directory "$TEST_TMPDIR/library" --seed "$seed" \
    --steps 400 --seconds 30 --shrink-seconds 30
done
"$stress" --directory "$TEST_TMPDIR/program" --seed 13 --program "$finder" \
  --steps 200 --seconds 20 --shrink-seconds 30
"$stress" --directory "$TEST_TMPDIR/shared" --seed 14 --program "$finder" \
  --shared-cache --steps "${STRESS_STEPS:-150}" \
  --seconds "${STRESS_SECONDS:-15}" --shrink-seconds 30
