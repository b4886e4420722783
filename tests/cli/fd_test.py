#!/usr/bin/env python3
"""What the main command has from fd, against the machine's fd: --size,
--changed-within, --changed-before, --exec and --exec-batch on random trees, each with the same seed
every time. Where fd is not installed it says so and compares nothing."""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

FINDER = os.path.abspath(sys.argv[1])
FD = shutil.which("fdfind") or shutil.which("fd")
NAMES = ["a", "b", "ab", "c.c", "d.tar.gz", ".hid", "-x.c", "e f", "g.", "h\nj"]
SIZES = [0, 1, 9, 10, 11, 999, 1000, 1001, 1023, 1024, 1025, 3000]
NOW = int(time.time())
HOUR = 3600
AGES = [0, HOUR - 60, HOUR + 60, 23 * HOUR, 25 * HOUR, 15 * 24 * HOUR,
        40 * 24 * HOUR, 400 * 24 * HOUR]


def make_tree(rng, top, names=NAMES):
    directories = ["."]
    for _ in range(60):
        path = os.path.join(top, rng.choice(directories), rng.choice(names))
        if os.path.lexists(path):
            continue
        kind = rng.randrange(8)
        if kind < 3:
            os.mkdir(path)
            directories.append(os.path.relpath(path, top))
        elif kind < 7:
            with open(path, "wb") as file:
                file.write(b"x" * rng.choice(SIZES))
        else:
            os.symlink(rng.choice(["..", "nowhere", "a", "../b", "c.c"]), path)
    for directory, names, files in os.walk(top, topdown=False):
        for name in names + files:
            when = NOW - rng.choice(AGES)
            os.utime(os.path.join(directory, name), (when, when),
                     follow_symlinks=False)


def answers(command, top, env):
    run = subprocess.run(command, cwd=top, env=env, capture_output=True,
                         check=False)
    paths = run.stdout.split(b"\0")
    return sorted(p[2:] if p.startswith(b"./") else p for p in paths), run


def random_filters(rng):
    filters = []
    for _ in range(rng.randrange(1, 3)):
        kind = rng.randrange(3)
        if kind == 0:
            size = rng.choice(["9b", "10B", "1k", "1kb", "1ki", "1KiB", "0b",
                               "1m", "3k"])
            filters += ["--size=" + rng.choice(["", "+", "-"]) + size]
            continue
        when = time.localtime(NOW - rng.choice(AGES) + HOUR // 2)
        value = rng.choice([
            "1h", "1d", "2weeks", "1 month", "90min", "1day 2hours", "1M",
            time.strftime("%Y-%m-%d", when),
            time.strftime("%Y-%m-%d %H:%M:%S", when),
            time.strftime("%Y-%m-%dT%H:%M:%S+02:00", when),
        ])
        option = ["--changed-within", "--changed-before"][kind - 1]
        # Of two, fd heeds the last alone.
        if option not in filters:
            filters += [option, value]
    return filters


def compare_filters(rng, env):
    with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as out:
        top = os.path.join(out, "tree")  # so that ".." leads nowhere else
        os.mkdir(top)
        make_tree(rng, top)
        for _ in range(8):
            filters = random_filters(rng)
            # With -L, fd leaves out symlinks that are loops, and finder takes
            # one that leads nowhere for a file.
            types = rng.choice([["-tf", "-td", "-tl"], ["-tf", "-L"]])
            # fd takes the length of a symlink's target for a size.
            if any(f.startswith("--size") for f in filters) and "-L" not in types:
                types = ["-tf"]
            fd, _ = answers([FD, "-HI", "-0"] + types + filters, top, env)
            fd = [p.rstrip(b"/") for p in fd]
            own, run = answers([FINDER, "-0"] + types + filters, top, env)
            if "-L" in types:
                own = [p for p in own
                       if os.path.exists(os.path.join(os.fsencode(top), p))]
            if sorted(fd) != own:
                print("differs:", types, filters, env["TZ"], run.stderr)
                print("  only fd:    ", sorted(set(fd) - set(own)))
                print("  only finder:", sorted(set(own) - set(fd)))
                return False
    return True


WORDS = ["{}", "{/}", "{//}", "{.}", "{/.}", "x{}y", "{}{/}", "{", "a b", ""]


def runs(output):
    """The commands of argv.py, whatever their order."""
    return sorted(line for line in output.split(b"\n") if line)


def compare_commands(rng, env):
    with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as top:
        # Of a path without extension fd makes an option, finder does not.
        make_tree(rng, top, [n for n in NAMES if n[0] != "-"])
        for _ in range(4):
            command = ["sh", "-c", "printf '%s:' \"$@\" | tr '\\n' '~'; echo",
                       "sh"] + [rng.choice(WORDS)
                                for _ in range(rng.randrange(4))]
            option = rng.choice(["-x", "-x", "-X"])
            # That is an error of usage.
            if option == "-X" and sum("{" in w and "}" in w
                                      for w in command[4:]) > 1:
                continue
            threads = rng.choice(["-j1", "-j2", "-j8"])
            fd = subprocess.run([FD, "-HI", "-tf", threads, option] + command,
                                cwd=top, env=env, capture_output=True,
                                check=False)
            own = subprocess.run([FINDER, "-tf", threads, option] + command,
                                 cwd=top, env=env, capture_output=True,
                                 check=False)
            if option == "-X":
                same = sorted(fd.stdout.split(b":")) == sorted(
                    own.stdout.split(b":"))
            else:
                same = runs(fd.stdout) == runs(own.stdout)
            if not same or fd.returncode != own.returncode:
                print("differs:", option, command, own.stderr)
                print("  fd:    ", fd.returncode, runs(fd.stdout))
                print("  finder:", own.returncode, runs(own.stdout))
                return False
    return True


def main():
    if FD is None:
        print("SKIPPED: there is no fd to compare with (apt install fd-find)")
        return 0
    env = dict(os.environ, LC_ALL="C",
               FINDER_CACHE_DIR=tempfile.mkdtemp(
                   dir=os.environ.get("TEST_TMPDIR")))
    for seed in range(12):
        rng = random.Random(seed)
        env["TZ"] = rng.choice(["UTC", "Europe/Berlin", "America/New_York"])
        if not compare_filters(rng, env) or not compare_commands(rng, env):
            print("seed:", seed)
            return 1
    return 0


sys.exit(main())
