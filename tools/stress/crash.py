#!/usr/bin/env python3
"""Takes things away from finders: their life, memory, descriptors, disk.

Usage: crash.py --finder FILE --directory DIR [--kills N] [--rounds N]
                [--seed N]

After each run that may have gone wrong, the next one must give the answer of a
walk, and nothing but the database may lie in its directory. `tools/stress/run`
calls this; see there. Prints a line for each part, and exits with 1 if one
failed.
"""

import argparse
import os
import random
import resource
import shutil
import subprocess
import sys
import time

NOBODY = 65534
# No run takes so long, whatever else the machine does: it hangs.
MOST_SECONDS = 120


class Failure(Exception):
    """A promise that does not hold."""


class Tree:
    """A tree of files, and what a finder must say of it."""

    def __init__(self, top, rng, places=40):
        self.top = os.fsencode(top)
        self.rng = rng
        for place in range(places):
            for part in ("a", "b/c", "out/d"):
                path = os.path.join(self.top, b"p%d" % place, part.encode())
                os.makedirs(path)
                for name in (b"x.c", b"caf\xe9.h", b"y.mk"):
                    open(os.path.join(path, name), "wb").close()
        self.places = places

    def change(self):
        """Makes a few changes."""
        for _ in range(self.rng.randint(1, 4)):
            place = os.path.join(self.top,
                                 b"p%d" % self.rng.randrange(self.places))
            name = b"n%d" % self.rng.randrange(6)
            path = os.path.join(place, name)
            kind = self.rng.randrange(4)
            if kind == 0:
                os.makedirs(path, exist_ok=True)
                open(os.path.join(path, b"new.c"), "wb").close()
            elif kind == 1:
                shutil.rmtree(path, ignore_errors=True)
            elif kind == 2:
                open(os.path.join(place, name + b".c"), "wb").close()
            else:
                try:
                    os.remove(os.path.join(place, name + b".c"))
                except FileNotFoundError:
                    pass

    def walk(self, exclude=(), suffix=b""):
        """The answer, as the finder prints it with -0."""
        paths = []
        for folder, folders, names in os.walk(self.top):
            folders[:] = [name for name in folders if name not in exclude]
            below = os.path.relpath(folder, self.top)
            prefix = b"" if below == b"." else below + b"/"
            paths += [prefix + name for name in names if name.endswith(suffix)]
        return b"".join(b"./" + path + b"\0" for path in sorted(paths))


class Bench:
    """A tree, a cache directory, and the program."""

    def __init__(self, finder, directory, rng):
        self.finder = finder
        self.directory = directory
        self.rng = rng
        shutil.rmtree(directory, ignore_errors=True)
        os.makedirs(directory)
        os.chmod(directory, 0o755)
        self.tree = Tree(os.path.join(directory, "tree"), rng)
        self.cache = os.path.join(directory, "cache")
        os.mkdir(self.cache)
        self.database = os.path.join(self.cache, "db")

    def command(self, *options, database=None):
        return [self.finder, "-0", "-C", self.tree.top, "--db",
                database or self.database, *options]

    def start(self, *options, database=None, **popen):
        return subprocess.Popen(self.command(*options, database=database),
                                stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, **popen)

    @staticmethod
    def finish(process):
        try:
            out, err = process.communicate(timeout=MOST_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise Failure("a run hangs") from None
        return process.returncode, out, err

    def expect_right(self, what, *options, **start):
        """A run that nothing keeps from giving the answer."""
        code, out, err = self.finish(self.start(*options, **start))
        if code != 0 or out != self.tree.walk():
            raise Failure(f"{what}: exit code {code}, "
                          f"{len(out)} bytes of output: {err[:300]!r}")
        return err

    def expect_clean(self, what):
        left = [name for name in os.listdir(self.cache) if name != "db"]
        if left:
            raise Failure(f"{what}: left behind: {left}")


def kill_runs(bench, count):
    """SIGKILL at random moments, most of them while the database is written."""
    left_behind = killed = 0
    start = time.monotonic()
    for _ in range(5):
        bench.expect_right("before the kills", "--refresh")
    usual = (time.monotonic() - start) / 5
    while killed < count:
        bench.tree.change()
        options = ["--refresh"] if bench.rng.random() < 0.5 else []
        process = bench.start(*options)
        time.sleep(bench.rng.uniform(0, usual * 1.1))
        process.kill()
        code, _, _ = bench.finish(process)
        killed += code == -9
        left = len(os.listdir(bench.cache)) - os.path.exists(bench.database)
        left_behind += left
        bench.expect_right("after a kill")
        if left > 0:
            # The next that writes removes it; the last may have had no need to.
            bench.expect_right("after a kill", "--refresh")
        bench.expect_clean("after a kill and one more run")
    return (f"{killed} kills, {left_behind} temporary files left by them and "
            "removed by the next run")


def crowd(bench, rounds):
    """Sixteen finders at once on one database, with mixed views."""
    kinds = [
        ([], {}),
        (["-E", "out"], {"exclude": (b"out",)}),
        (["-g", "*.c"], {"suffix": b".c"}),
        (["--refresh"], {}),
        (["-j1", "-E", "b"], {"exclude": (b"b",)}),
    ]
    for _ in range(rounds):
        bench.tree.change()
        runs = []
        for _ in range(16):
            options, rules = bench.rng.choice(kinds)
            runs.append((bench.start(*options), rules))
        for process, rules in runs:
            code, out, err = bench.finish(process)
            if code != 0 or out != bench.tree.walk(**rules):
                raise Failure(f"exit code {code}: {err[:300]!r}")
        bench.expect_clean("after a crowd")
        bench.expect_right("after a crowd")
    return f"{rounds} times 16 finders"


def limit(kind, value, user=None):
    def prepare():
        if user is not None:
            os.setgroups([])
            os.setgid(user)
            os.setuid(user)
        resource.setrlimit(kind, (value, value))
    return prepare


def starve_descriptors(bench, rounds):
    for _ in range(rounds):
        bench.tree.change()
        for most in (64, 24, 12):
            options = bench.rng.choice(([], ["--refresh"], ["-j16"]))
            bench.expect_right(f"ulimit -n {most}", *options,
                               preexec_fn=limit(resource.RLIMIT_NOFILE, most))
            bench.expect_clean(f"ulimit -n {most}")
    return "64, 24 and 12 are enough"


def starve_memory(bench, rounds):
    """It may fail, but not hang, nor spoil the next run."""
    failed = 0
    sizes = [2, 4, 5, 6, 7, 8, 12, 16, 32, 64, 256]
    for _ in range(rounds):
        for megabytes in sizes:
            bench.tree.change()
            prepare = limit(resource.RLIMIT_AS, megabytes << 20)
            code, out, _ = bench.finish(
                bench.start("--refresh", preexec_fn=prepare))
            failed += code != 0
            if code == 0 and out != bench.tree.walk():
                raise Failure(f"ulimit -v {megabytes} MB: wrong answer")
            bench.expect_clean(f"ulimit -v {megabytes} MB")
            bench.expect_right(f"after ulimit -v {megabytes} MB")
    return f"{failed} of {rounds * len(sizes)} runs failed for want of it"


def starve_threads(bench, rounds):
    """As nobody, since root has no such limit."""
    if os.geteuid() != 0:
        return "skipped: not root"
    database = os.path.join(bench.directory, "nobody", "db")
    os.mkdir(os.path.dirname(database))
    os.chmod(os.path.dirname(database), 0o777)
    for _ in range(rounds):
        bench.tree.change()
        for most in (1, 2, 3):
            bench.expect_right(
                f"ulimit -u {most}", "-j8", database=database,
                preexec_fn=limit(resource.RLIMIT_NPROC, most, NOBODY))
    return "one is enough"


def fill_disk(bench, rounds):
    """A file may not grow beyond some size: as on a full disk."""
    for _ in range(rounds):
        for size in (0, 1, 100, 4096):
            bench.tree.change()
            err = bench.expect_right(
                f"disk full at {size}", "--refresh", restore_signals=False,
                preexec_fn=limit(resource.RLIMIT_FSIZE, size))
            if err.count(b"\n") != 1:
                raise Failure(f"disk full: said {err[:300]!r}")
            bench.expect_clean(f"disk full at {size}")
            bench.expect_right("after a full disk")
    return "one line is said, the answer is right"


def mounted_cache(bench, options, what):
    place = os.path.join(bench.directory, "small")
    os.makedirs(place, exist_ok=True)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "stress", place],
                      stderr=subprocess.DEVNULL, check=False).returncode != 0:
        return f"skipped: {what} cannot be mounted"
    try:
        for _ in range(5):
            bench.tree.change()
            err = bench.expect_right(what, database=place + "/db")
            if err.count(b"\n") != 1:
                raise Failure(f"{what}: said {err[:300]!r}")
            if os.listdir(place):
                raise Failure(f"{what}: left {os.listdir(place)}")
    finally:
        subprocess.run(["umount", place], check=True)
    return "one line is said, the answer is right"


def small_tmpfs(bench, _):
    if os.geteuid() != 0:
        return "skipped: not root"
    return mounted_cache(bench, "size=4k", "full tmpfs")


def read_only(bench, _):
    if os.geteuid() != 0:
        return "skipped: not root"
    return mounted_cache(bench, "ro", "read-only file system")


def full_output(bench, _):
    with open("/dev/full", "wb") as full:
        process = subprocess.run(bench.command(), stdout=full,
                                 stderr=subprocess.PIPE,
                                 timeout=MOST_SECONDS, check=False)
    if process.returncode != 2 or not process.stderr:
        raise Failure(f"exit code {process.returncode}")
    bench.expect_right("after a full output")
    return "said, exit code 2"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--finder", required=True)
    parser.add_argument("--directory", required=True)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    parts = [
        ("kills", kill_runs, options.kills),
        ("crowd", crowd, options.rounds),
        ("descriptors", starve_descriptors, options.rounds),
        ("memory", starve_memory, options.rounds),
        ("threads", starve_threads, options.rounds),
        ("file size", fill_disk, options.rounds),
        ("full disk", small_tmpfs, options.rounds),
        ("read-only disk", read_only, options.rounds),
        ("full output", full_output, options.rounds),
    ]
    failed = False
    for name, part, count in parts:
        rng = random.Random(options.seed)
        bench = Bench(os.path.abspath(options.finder),
                      os.path.join(options.directory, "bench"), rng)
        try:
            print(f"{name}: {part(bench, count)}", flush=True)
        except Failure as failure:
            print(f"{name}: seed {options.seed}: FAILED: {failure}", flush=True)
            failed = True
    shutil.rmtree(os.path.join(options.directory, "bench"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
