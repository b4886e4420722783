#!/usr/bin/env python3
"""Asks what has changed, from several processes at once, against a model.

Each of some workers changes files in a directory of its own and asks
`finder --since-last` and `--check` about it, through one shared cache, while
another process walks the whole tree, asks with --refresh, cleans and clears
the cache. Every change must be told exactly once, whatever the others do.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading

NAMES = ("a.c", "b.c", "c.h", "d/e.c", "d/f.h", "g/h/i.c", "odd name", "-x")


class Failure(Exception):
    """The finder and the model do not agree."""


class Finder:
    """The program, with the one cache that all share."""

    def __init__(self, program, tree, cache):
        self.program = program
        self.tree = tree
        self.environment = {
            "PATH": os.environ["PATH"],
            "FINDER_CACHE_DIR": cache,
        }

    def run(self, *arguments):
        return subprocess.run(
            [self.program, *arguments],
            cwd=self.tree,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )


class Question:
    """One question, and what the model says was told of it last."""

    def __init__(self, finder, root, options):
        self.finder = finder
        self.root = root
        self.options = options
        self.forget()

    def forget(self):
        """Its home is lost: the next answer is all news."""
        self.told = None  # what --since-last told
        self.known = None  # what either saw

    def answer(self):
        """What a walk finds."""
        found = []
        top = os.path.join(self.finder.tree, self.root)
        for directory, _, files in os.walk(top):
            for name in files:
                if self.options and not name.endswith(".c"):
                    continue
                path = os.path.join(directory, name)
                found.append(os.path.relpath(path, self.finder.tree))
        return set(found)

    def since_last(self):
        result = self.finder.run("--since-last", *self.options, self.root)
        now = self.answer()
        then = self.told or set()
        wanted = {f"A {path}" for path in now - then}
        wanted |= {f"D {path}" for path in then - now}
        said = set(result.stdout.decode().splitlines())
        if result.returncode != 0 or said != wanted:
            self.fail("--since-last", result, sorted(wanted))
        self.told = self.known = now

    def check(self):
        result = self.finder.run("--check", *self.options, self.root)
        now = self.answer()
        wanted = 0 if self.known is not None and self.known == now else 1
        if result.returncode != wanted:
            self.fail("--check", result, f"exit code {wanted}")
        self.known = now

    def fail(self, how, result, wanted):
        raise Failure(
            f"{how} {self.options} {self.root}: wanted {wanted}, "
            f"got {result.returncode}\n{result.stdout.decode()}"
            f"{result.stderr.decode()}"
        )


class Worker(threading.Thread):
    """Changes a directory and asks about it."""

    def __init__(self, finder, root, seed, steps, gate):
        super().__init__()
        self.finder = finder
        self.top = os.path.join(finder.tree, root)
        self.random = random.Random(seed)
        self.steps = steps
        self.gate = gate
        self.done = 0
        self.failure = None
        self.questions = [Question(finder, root, o) for o in ((), ("-e", "c"))]

    def change(self):
        path = os.path.join(self.top, self.random.choice(NAMES))
        if os.path.exists(path):
            os.remove(path)
        else:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="ascii"):
                pass

    def run(self):
        try:
            for _ in range(self.steps):
                with self.gate:
                    for _ in range(self.random.randrange(3)):
                        self.change()
                    question = self.random.choice(self.questions)
                    self.random.choice(
                        (question.since_last, question.check)
                    )()
                self.done += 1
        except Failure as failure:
            self.failure = failure


class Gate:
    """Many may be inside at a time, or one who waits until all have left."""

    def __init__(self):
        self.condition = threading.Condition()
        self.inside = 0

    def __enter__(self):
        with self.condition:
            self.inside += 1

    def __exit__(self, *_):
        with self.condition:
            self.inside -= 1
            self.condition.notify_all()

    def alone(self, action):
        with self.condition:
            self.condition.wait_for(lambda: self.inside == 0)
            action()


def disturb(finder, workers, gate, seed):
    """What others do to the cache, until the workers are done."""
    chosen = random.Random(seed)

    def clear():
        finder.run("cache", "clear")
        for worker in workers:
            for question in worker.questions:
                question.forget()

    actions = (
        lambda: finder.run("."),
        lambda: finder.run("--refresh", "."),
        lambda: finder.run("--refresh", chosen.choice(workers).questions[0].root),
        lambda: finder.run("cache", "gc"),
        lambda: finder.run("cache", "verify"),
    )
    while any(worker.is_alive() for worker in workers):
        if chosen.randrange(40) == 0:
            gate.alone(clear)
        else:
            chosen.choice(actions)()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--finder", required=True)
    parser.add_argument("--directory", default=None)
    parser.add_argument("--steps", type=int, default=2000, help="of all")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    work = tempfile.mkdtemp(prefix="answers.", dir=options.directory)
    try:
        tree = os.path.join(work, "tree")
        os.mkdir(tree)
        finder = Finder(
            os.path.realpath(options.finder), tree, os.path.join(work, "cache")
        )
        gate = Gate()
        workers = []
        for number in range(options.workers):
            os.mkdir(os.path.join(tree, f"w{number}"))
            workers.append(
                Worker(
                    finder,
                    f"w{number}",
                    options.seed * 1000 + number,
                    options.steps // options.workers,
                    gate,
                )
            )
        for worker in workers:
            worker.start()
        disturb(finder, workers, gate, options.seed)
        for worker in workers:
            worker.join()
    finally:
        shutil.rmtree(work, ignore_errors=True)
    failures = [worker.failure for worker in workers if worker.failure]
    steps = sum(worker.done for worker in workers)
    print(f"answers: seed {options.seed}, {steps} steps, {len(failures)} wrong")
    for failure in failures:
        print(failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
