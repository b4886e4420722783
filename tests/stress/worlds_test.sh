#!/bin/bash
# Usage: worlds_test.sh RUN STRESS FINDER
#
# A short run of tools/stress in the worlds where stamps prove less: images,
# layers, subvolumes, FUSE and control groups. Needs root and mounts; which of
# the worlds cannot be made is said.

set -euo pipefail
run=$1 stress=$2 finder=$3

if (($(id -u) != 0)) || ! unshare --mount --propagation private true; then
  echo "skipped: no mounts of its own"
  exit 0
fi
# Not below the test's own directory, which may lie on an overlay: an overlay
# of overlays is another thing to test.
FINDER_STRESS_PLAYER=$PWD/$stress "$run" --finder "$PWD/$finder" --worlds \
  --steps "${STRESS_STEPS:-120}" --seconds "${STRESS_SECONDS:-20}" \
  --seed "${STRESS_SEED:-21}" --directory "$TEST_TMPDIR"
