#!/bin/bash
# The repository rule of doc/examples/library/bazel, by a Bazel of its own.
source tests/integration/support.sh
need bazel
rules=/usr/share/bazel
[[ -d $rules/rules/java ]] || { echo "skipped: no rules of Debian's" && exit 0; }

mkdir -p "$work/tree/src" "$work/workspace"
touch "$work/tree/src/b.java" "$work/tree/src/c.c"
cd "$work/workspace"
cp "$repository/doc/examples/library/bazel/finder.bzl" .
touch BUILD.bazel
cat >WORKSPACE <<END
local_repository(name = "rules_java", path = "$rules/rules/java")
local_repository(name = "rules_proto", path = "$rules/rules/proto")
local_repository(name = "bazel_skylib", path = "$rules/tools/skylib")
load("//:finder.bzl", "finder_list")
finder_list(
    name = "java_sources",
    options = ["-e", "java"],
    root = "$work/tree/src",
)
END

run_bazel() {
  bazel --output_base="$work/base" --max_idle_secs=10 \
    --host_jvm_args=-Xmx300m "$@" >"$work/log" 2>&1 ||
    { cat "$work/log" && fail "bazel $1"; }
}
stop() {
  bazel --output_base="$work/base" shutdown >/dev/null 2>&1 || true
  chmod -R u+w "$work"
  rm -rf "$work"
}
trap stop EXIT

list=$work/base/external/java_sources/list
run_bazel query @java_sources//:all
[[ $(cat "$list") == b.java ]] || fail "listed: $(cat "$list")"
touch "$work/tree/src/a.java"
run_bazel sync --configure
[[ $(paste -sd' ' "$list") == "a.java b.java" ]] ||
  fail "listed after a change: $(cat "$list")"
echo passed
