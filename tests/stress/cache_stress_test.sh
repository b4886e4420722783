#!/bin/bash
# Usage: cache_stress_test.sh CACHE_STRESS
#
# Many processes on one cache, killed at random: some seconds on the disk of the
# test; as root also on tmpfs, btrfs, and a disk that is full; and a cache that
# is read-only. CACHE_STRESS_SECONDS makes each last longer. What cannot be
# tried here is said.

set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
stress=$1
seconds=${CACHE_STRESS_SECONDS:-3}
work=$TEST_TMPDIR/cache
mounts=()

clean_up() {
  local mount
  for mount in "${mounts[@]}"; do umount "$mount" || true; done
}
trap clean_up EXIT

storm() {  # NAME DIRECTORY
  echo "== $1"
  "$stress" "$2" "$seconds" 32
}

mkdir -p "$work/disk"
storm "the disk of the test" "$work/disk"

try_mount() {  # DIRECTORY OPTION...
  local directory=$1
  shift
  mkdir -p "$directory"
  if mount "$@" "$directory" 2> "$work/mount.log"; then
    mounts+=("$directory")
    return 0
  fi
  echo "skipped $directory: $(tail -n 1 "$work/mount.log")"
  return 1
}

if try_mount "$work/tmpfs" -t tmpfs tmpfs; then
  storm tmpfs "$work/tmpfs"
fi

# Room for some entries, and never for all.
if try_mount "$work/full" -t tmpfs -o size=1M tmpfs; then
  storm "a full disk" "$work/full"
fi

if [[ $(id -u) != 0 ]] || ! command -v mkfs.btrfs > /dev/null; then
  echo "skipped btrfs: needs root and mkfs.btrfs"
else
  truncate -s 128M "$work/btrfs.image"
  mkfs.btrfs -q "$work/btrfs.image"
  if try_mount "$work/btrfs" -o loop "$work/btrfs.image"; then
    storm btrfs "$work/btrfs"
  fi
fi

if [[ -d $work/tmpfs/cache ]] && mount -o remount,ro "$work/tmpfs"; then
  echo "== read-only"
  "$stress" --read-only "$work/tmpfs"
else
  echo "skipped read-only: needs root"
fi
