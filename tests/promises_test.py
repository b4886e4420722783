#!/usr/bin/env python3
"""Every test that doc/reliability.md names exists."""

import pathlib
import re
import sys

# The real tree, behind the links Bazel puts into a test's folder.
ROOT = pathlib.Path("WORKSPACE").resolve().parent

NAMED = re.compile(r"`(//tests/[^`]*:[^`]*|[a-z_0-9]+\.case"
                   r"|[A-Z]\w+\.(?:\*|[A-Z]\w*)|…\w+)`")
MACRO = re.compile(r"TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\s*\)")


def all_tests():
    found = set()
    for source in (ROOT / "tests").rglob("*_test.cc"):
        for suite, name in MACRO.findall(source.read_text("utf-8", "replace")):
            found |= {f"{suite}.{name}", f"{suite}.*", f"…{name}"}
    return found


def label_exists(label):
    package, target = label.removeprefix("//").split(":")
    build = (ROOT / package / "BUILD.bazel").read_text()
    # The fuzzers' tests are made from a list of names.
    short = target.removesuffix("_replay_test")
    return f'"{target}"' in build or (
        '"_replay_test"' in build and f'"{short}"' in build)


def main():
    tests = all_tests()
    named = NAMED.findall((ROOT / "doc/reliability.md").read_text("utf-8"))
    if len(named) < 40:
        sys.exit(f"only {len(named)} tests are named: has the page changed?")
    missing = []
    for name in named:
        if name.startswith("//"):
            there = label_exists(name)
        elif name.endswith(".case"):
            there = (ROOT / "tests/cli/cases" / name).exists()
        else:
            there = name in tests
        if not there:
            missing.append(name)
    for name in missing:
        print(f"doc/reliability.md names {name}, which is not there")
    sys.exit(1 if missing else 0)


if __name__ == "__main__":
    main()
