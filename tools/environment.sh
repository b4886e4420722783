# Sourced by the scripts beside it: where the repository is, and how to call
# Bazel without its chatter. $FINDER_BAZEL_FLAGS adds flags to every build,
# $FINDER_BAZEL_STARTUP_FLAGS (say --output_base=...) to every call of Bazel.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
readonly root

# Bazel wants a home for its outputs; a bare container may have none.
: "${HOME:=$(getent passwd "$(id -u)" | cut -d: -f6)}"
export HOME="${HOME:-/tmp}"

# Lines of Bazel that are no news: a regular expression.
chatter='^(INFO:|Loading:|Executed [0-9]+ out of|There were tests whose'
chatter+='|Starting local Bazel|WARNING: Running Bazel server|Test cases: |$)'
readonly chatter

# die MESSAGE: one line to stderr, and out.
die() {
  echo "$(basename "$0"): $1" >&2
  exit 2
}

# usage FILE: prints the comment at the top of FILE, which is its help.
usage() {
  sed -n '2,/^$/{s/^# \{0,1\}//;p;}' "$1"
}

# run_bazel COMMAND [ARG...]
run_bazel() {
  local command=$1
  shift
  # Both variables are lists of words.
  # shellcheck disable=SC2086
  (cd "$root" && bazel ${FINDER_BAZEL_STARTUP_FLAGS:-} "$command" \
    ${FINDER_BAZEL_FLAGS:-} "$@")
}

# quietly COMMAND [ARG...]: shows what it said only if it failed.
quietly() {
  local log status=0
  log=$(mktemp)
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if ((status != 0)); then
    grep -vE "$chatter" "$log" >&2 || true
  fi
  rm -f "$log"
  return "$status"
}

# build_release: builds the optimised finder and prints where it is.
build_release() {
  quietly run_bazel build --config=opt //cmd:finder || return
  echo "$(run_bazel info --config=opt bazel-bin 2>/dev/null)/cmd/finder"
}

# build_static: the same for one without a loader, in place of the other.
build_static() {
  local built
  quietly run_bazel build --config=static //cmd:finder || return
  built=$(run_bazel info --config=static bazel-bin 2>/dev/null)/cmd/finder
  [[ $(readelf --program-headers "$built") != *INTERP* ]] || return
  echo "$built"
}

# build_library: builds the optimised libfinder and prints where shared object and
# archive are.
build_library() {
  local built
  quietly run_bazel build --config=opt //finder/library:libfinder.so.1 \
    //finder/library:libfinder.a || return
  built=$(run_bazel info --config=opt bazel-bin 2>/dev/null)/finder/library
  echo "$built/libfinder.so.1 $built/libfinder.a"
}

# build_wheel_library: the same for the shared object of a Python wheel.
build_wheel_library() {
  quietly run_bazel build --config=opt \
    //finder/library:wheel/libfinder.so.1 || return
  echo "$(run_bazel info --config=opt bazel-bin \
    2>/dev/null)/finder/library/wheel/libfinder.so.1"
}

# build_write_manual: the same for the writer of manual page and completions.
build_write_manual() {
  quietly run_bazel build --config=opt //cmd/options:write_manual || return
  echo "$(run_bazel info --config=opt bazel-bin 2>/dev/null)/cmd/options/write_manual"
}

# cpp_sources [DIR...]: every C++ source of ours, ended by NULs.
cpp_sources() {
  (($# > 0)) || set -- cmd finder fs tests tools
  (cd "$root" && find "$@" -name '*.cc' -print0 -o -name '*.h' -print0 | sort -z)
}
