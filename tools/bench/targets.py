"""The targets that the figures are held against."""

import dataclasses
import math
from typing import Callable


@dataclasses.dataclass
class Target:
    scenario: str
    text: str
    figure: Callable  # of the scenario's Figures by row name, to a number
    limit: float
    at_least: bool = False
    unit: str = "x"

    def reached(self, figure):
        return figure >= self.limit if self.at_least else figure <= self.limit


def ratio(one, other):
    return lambda rows: rows[one].median() / rows[other].median()


def memory(name):
    return lambda rows: rows[name].most("peak_mb")


def tenfold(one, other, field="wall_ms"):
    return lambda rows: (rows[one].median(field) /
                         (10 * rows[other].median(field)))


TARGETS = [
    Target("warm", "at most 1.15 x the stat floor",
           ratio("finder", "stat floor"), 1.15),
    Target("warm", "shared cache: at most 1.15 x the stat floor",
           ratio("finder, shared cache", "stat floor"), 1.15),
    Target("warm", "at least 6 x faster than bfs", ratio("bfs", "finder"), 6,
           at_least=True),
    Target("warm", "at most 70 MB", memory("finder"), 70, unit="MB"),
    Target("warm-1pct", "at most 1.3 x warm",
           ratio("finder, 1 % touched", "finder, nothing touched"), 1.3),
    Target("cold", "at most 1.2 x the walk floor",
           ratio("finder", "walk floor"), 1.2),
    Target("cold", "at most 0.65 x bfs", ratio("finder", "bfs"), 0.65),
    Target("cold", "at most 90 MB", memory("finder"), 90, unit="MB"),
    Target("dropped-cold", "at most 0.35 x bfs", ratio("finder", "bfs"), 0.35),
    Target("dropped-cold", "at most 0.35 x find", ratio("finder", "find"),
           0.35),
    Target("dropped-warm", "at most 0.15 x bfs", ratio("finder", "bfs"), 0.15),
    Target("plan", "Soong's plan at most 1.15 x one query",
           ratio("finder, Soong's plan", "finder, one query"), 1.15),
    Target("startup", "at most 4 ms", lambda rows: rows["finder"].median(), 4,
           unit="ms"),
    Target("startup", "at most 2 x fd", ratio("finder", "fd"), 2),
    Target("startup", "at most 2 x bfs", ratio("finder", "bfs"), 2),
    Target("database", "at most 60 bytes a directory, and the file names",
           lambda sizes: sizes["all names"].per_directory(), 60, unit="bytes"),
    Target("database", "--names Android.bp: at most 7 MB",
           lambda sizes: sizes["--names Android.bp"].bytes / 1e6, 7, unit="MB"),
]
for shape in ("kernel", "flat", "deep"):
    for run in ("warm", "cold"):
        TARGETS.append(Target(shape, f"{run} at most 1.1 x bfs",
                              ratio(f"finder, {run}", "bfs"), 1.1))
for run in ("warm", "cold"):
    TARGETS.append(Target(
        "monorepo", f"{run} time at most 1.15 x ten times android's",
        tenfold(f"finder, {run}", f"finder, android, {run}"), 1.15))
    TARGETS.append(Target(
        "monorepo", f"{run} memory at most 1.15 x ten times android's",
        tenfold(f"finder, {run}", f"finder, android, {run}", "peak_mb"), 1.15))


def figure_of(target, results):
    """The target's figure, or None if what it needs was not measured."""
    if target.scenario not in results:
        return None
    try:
        figure = target.figure(results[target.scenario])
    except KeyError:
        return None
    return figure if math.isfinite(figure) else None
