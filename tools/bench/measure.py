"""Runs commands in turn and keeps what each run cost."""

import collections
import dataclasses
import hashlib
import random
import statistics
import subprocess
import tempfile
from typing import Callable, Optional

import children

TIMEOUT_S = 900


@dataclasses.dataclass
class Sample:
    wall_ms: float
    cpu_ms: float
    peak_mb: float


@dataclasses.dataclass
class Row:
    """One command of a scenario.

    `prepare` runs before each run and `settle` after it, both unmeasured.
    Rows with the same `answer` must print the same lines in any order; they
    have no `settle`.
    """
    name: str
    argv: list
    prepare: Optional[Callable[[], None]] = None
    settle: Optional[Callable[[], None]] = None
    answer: Optional[str] = None


@dataclasses.dataclass
class Figures:
    """What all runs of one row came to, in order."""
    row: Row
    samples: list = dataclasses.field(default_factory=list)
    failure: Optional[str] = None

    def median(self, field="wall_ms"):
        return statistics.median(getattr(s, field) for s in self.samples)

    def least(self, field="wall_ms"):
        return min(getattr(s, field) for s in self.samples)

    def most(self, field="wall_ms"):
        return max(getattr(s, field) for s in self.samples)


class CommandFailed(Exception):
    pass


def last_line(text):
    lines = text.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""


class Meter:
    """Measures commands through time_command."""

    def __init__(self, time_command):
        self._time_command = time_command

    def run(self, argv):
        try:
            # Should it be killed, the command dies with it.
            result = children.run([self._time_command, *argv],
                                  timeout=TIMEOUT_S, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE)
        except subprocess.TimeoutExpired:
            raise CommandFailed(f"no end after {TIMEOUT_S} s") from None
        said = last_line(result.stderr)
        if result.returncode != 0:
            raise CommandFailed(said or "time_command failed")
        status, wall_ns, user_us, system_us, peak_kib = map(
            int, result.stdout.split())
        if status != 0:
            raise CommandFailed(f"exit status {status}: {said}")
        return Sample(wall_ns / 1e6, (user_us + system_us) / 1e3,
                      peak_kib * 1024 / 1e6)


def answer_digest(argv):
    """A digest of what a command prints, whatever the order of its lines."""
    with tempfile.TemporaryFile() as out:
        children.run(argv, timeout=TIMEOUT_S, stdout=out)
        out.seek(0)
        lines = sorted(out.read().split(b"\n"))
    return hashlib.sha256(b"\n".join(lines)).hexdigest(), len(lines) - 1


def compare_answers(rows):
    """Returns (name, sentence) of each row that answers unlike the most."""
    groups = collections.defaultdict(dict)
    for row in rows:
        if row.answer is None:
            continue
        try:
            if row.prepare:
                row.prepare()
        except CommandFailed:
            continue  # `measure` will say so
        groups[row.answer][row.name] = answer_digest(row.argv)
    said = []
    for answers in groups.values():
        # Peers come last and win a tie: one find is enough to doubt finder.
        votes = collections.Counter(reversed(list(answers.values())))
        usual, _ = votes.most_common(1)[0]
        for name, answer in answers.items():
            if answer != usual:
                said.append((name, f"prints {answer[1]:,} lines, not the "
                             f"{usual[1]:,} that most others print"))
    return said


def measure(meter, rows, runs, drop_caches, progress):
    """Runs the rows in turn, so that a slow moment hits all.

    Each round has an order of its own, the same in each measurement: what a
    program leaves in the processor's caches is of use to the next one that
    asks for the same, so none shall always follow the same one.

    With `drop_caches` it is called before each run; without, a first round is
    not counted. A row that fails is left out from then on.
    """
    figures = [Figures(row) for row in rows]
    for turn in range(1 if drop_caches else 0, runs + 1):
        progress(turn, runs)
        for figure in random.Random(turn).sample(figures, len(figures)):
            if figure.failure:
                continue
            row = figure.row
            try:
                if row.prepare:
                    row.prepare()
                if drop_caches:
                    drop_caches()
                sample = meter.run(row.argv)
                if row.settle:
                    row.settle()
            except CommandFailed as error:
                figure.failure = str(error)
                continue
            if turn > 0:
                figure.samples.append(sample)
    return figures
