"""Measures finder beside its peers and its floors; see tools/bench/run."""

import argparse
import dataclasses
import datetime
import os
import platform
import shutil
import subprocess
import sys

import children
from measure import CommandFailed, Meter, compare_answers, measure
from plot import draw
from report import CACHE_TEXT, document, targets_table
from scenarios import SCENARIOS, Lab, Skip
from trees import NEEDS, Trees, TreeUnavailable

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
PEERS = {"find": ["find"], "fd": ["fdfind", "fd"], "bfs": ["bfs"],
         "git": ["git"]}
PACKAGES = {"find": "findutils", "fd": "fd-find", "bfs": "bfs", "git": "git"}
FLOORS = ("make_tree", "stat_floor", "walk_floor", "time_command")
DROP_CACHES = "/proc/sys/vm/drop_caches"


@dataclasses.dataclass
class Outcome:
    scenario: object
    runs: int = 0
    cache: str = ""
    figures: list = dataclasses.field(default_factory=list)
    sizes: list = dataclasses.field(default_factory=list)
    # Pairs of a row's name and what is to be said of it.
    notes: list = dataclasses.field(default_factory=list)

    def by_name(self):
        measured = {f.row.name: f for f in self.figures if f.samples}
        return measured or {size.name: size for size in self.sizes}


def say(message):
    print(f"bench: {message}", file=sys.stderr, flush=True)


def parse_arguments():
    parser = argparse.ArgumentParser(prog="tools/bench/run",
                                     description=__doc__)
    parser.add_argument("--scenario", metavar="NAME[,NAME]",
                        help="only these; nothing is written without --doc")
    parser.add_argument("--runs", type=int, metavar="N",
                        help="runs of each command (10)")
    parser.add_argument("--quick", action="store_true",
                        help="3 runs, no dropped caches; implies no --doc")
    parser.add_argument("--monorepo", action="store_true",
                        help="also a million directories: 11 M inodes, 9 GB")
    parser.add_argument("--list", action="store_true",
                        help="name the scenarios and do nothing")
    parser.add_argument("--dir", metavar="DIR",
                        help="where the trees are ($TMPDIR/finder-bench)")
    parser.add_argument("--keep", action="store_true",
                        help="leave the trees for the next time")
    parser.add_argument("--doc", metavar="DIR",
                        help="write benchmarks.md and .svg there (doc/, when "
                        "all scenarios are run)")
    parser.add_argument("--finder", metavar="FILE", required=True,
                        help=argparse.SUPPRESS)
    parser.add_argument("--programs", metavar="DIR", required=True,
                        help=argparse.SUPPRESS)
    # Every scenario of the android tree on another one: for tests.
    parser.add_argument("--tree", default="android", choices=sorted(NEEDS),
                        help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.runs is not None and arguments.runs < 1:
        parser.error("--runs must be at least 1")
    arguments.chosen = choose(parser, arguments)
    return arguments


def choose(parser, arguments):
    if arguments.scenario is None:
        return [s for s in SCENARIOS
                if not (s.on_request or
                        (arguments.quick and s.cache == "dropped")) or
                (s.name == "monorepo" and arguments.monorepo)]
    wanted = arguments.scenario.split(",")
    known = {s.name for s in SCENARIOS}
    for name in wanted:
        if name not in known:
            parser.error(f"no scenario {name}; there are: "
                         + ", ".join(s.name for s in SCENARIOS))
    return [s for s in SCENARIOS if s.name in wanted]


def output_of(*argv):
    try:
        result = children.run(argv, stdout=subprocess.PIPE)
    except OSError:
        return ""
    return result.stdout.decode(errors="replace").strip()


def find_programs(arguments, skipped):
    programs = {"finder": os.path.abspath(arguments.finder)}
    for name in FLOORS:
        programs[name] = os.path.join(os.path.abspath(arguments.programs),
                                      name)
    for name, spellings in PEERS.items():
        programs[name] = next(filter(None, map(shutil.which, spellings)), None)
        if programs[name] is None:
            skipped.append(f"{name}: not installed (Debian's package is "
                           f"{PACKAGES[name]})")
    return programs


def can_drop_caches():
    return os.access(DROP_CACHES, os.W_OK)


def drop_caches(what):
    os.sync()
    with open(DROP_CACHES, "w", encoding="ascii") as file:
        file.write(str(what))


def entries_in_use():
    try:
        with open("/proc/sys/fs/dentry-state", encoding="ascii") as file:
            return f"{int(file.read().split()[0]):,}"
    except (OSError, ValueError, IndexError):
        return "an unknown number of"


def heat(lab, shape):
    """Brings the caches to the state that a walk leaves behind.

    Making a tree leaves an entry of the kernel's name cache for every file.
    Machines whose cache has few buckets are several times slower then, with
    every program, than after the walk of a tree that was there before.
    """
    if can_drop_caches() and lab.shape(shape) != "tiny":
        drop_caches(2)
    for row in (lab.walk_floor(shape), lab.stat_floor(shape)):
        children.run(row.argv, stderr=None)
    return f"{CACHE_TEXT['hot']}, {entries_in_use()} names in the kernel's " \
           "cache at the start"


def measure_scenario(scenario, lab, meter, arguments):
    outcome = Outcome(scenario)
    if scenario.sizes:
        outcome.sizes = scenario.build(lab)
        return outcome
    if scenario.cache == "dropped" and not can_drop_caches():
        raise Skip("dropping the page cache needs root")
    outcome.runs = arguments.runs or (3 if arguments.quick else 10)
    outcome.runs *= scenario.runs_factor
    rows = scenario.build(lab)
    if scenario.cache == "hot":
        outcome.cache = heat(lab, scenario.shape)
        outcome.notes = compare_answers(rows)
        dropper = None
    else:
        outcome.cache = CACHE_TEXT["dropped"]
        dropper = lambda: drop_caches(3)

    def progress(turn, runs):
        if sys.stderr.isatty():
            print(f"\rbench: {scenario.name}: {turn} of {runs} ",
                  end="\n" if turn == runs else "", file=sys.stderr,
                  flush=True)

    outcome.figures = measure(meter, rows, outcome.runs, dropper, progress)
    outcome.notes += [(f.row.name, f.failure) for f in outcome.figures
                      if f.failure]
    return outcome


def file_system(path):
    best, kind = "", "unknown"
    with open("/proc/mounts", encoding="utf-8",
              errors="surrogateescape") as mounts:
        for line in mounts:
            # A name may hold any byte; blanks are escaped.
            _, point, name = line.split(" ")[:3]
            inside = point == "/" or (path + "/").startswith(point + "/")
            if inside and len(point) >= len(best):
                best, kind = point, name
    return kind


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def commit():
    git = ("git", "-C", ROOT)
    name = output_of(*git, "rev-parse", "--short=12", "HEAD") or "unknown"
    changed = output_of(*git, "status", "--porcelain", "--untracked-files=no",
                        "--", ":!doc/benchmarks.*")
    return name + (" with changes" if changed else "")


def describe_machine(programs, home, cores):
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    versions = []
    for name in ("finder", "find", "fd", "bfs", "git"):
        if programs[name]:
            lines = output_of(programs[name], "--version").splitlines()
            versions.append(lines[0] if lines else name)
    return [("date", datetime.datetime.now(datetime.timezone.utc)
             .strftime("%Y-%m-%d %H:%M UTC")),
            ("commit", commit()),
            ("machine", f"{processor()}, {cores} cores, "
             f"{memory / 2**30:.0f} GiB"),
            ("kernel", f"{platform.system()} {platform.release()}"),
            ("file system", file_system(home)),
            ("load at the start", f"{os.getloadavg()[0]:.2f}"),
            ("programs", ", ".join(versions)),
            # After the four words that tools/bench/run puts first.
            ("command", ("`tools/bench/run "
             + " ".join(sys.argv[5:])).rstrip() + "`")]


def write_files(directory, files):
    """All of the files or none: complete first, then renamed."""
    os.makedirs(directory, exist_ok=True)
    temporary = []
    try:
        for name, content in files.items():
            path = os.path.join(directory, f".{name}.{os.getpid()}")
            temporary.append(path)
            with open(path, "w", encoding="utf-8") as file:
                file.write(content)
        for path, name in zip(temporary, files):
            os.replace(path, os.path.join(directory, name))
    finally:
        for path in temporary:
            if os.path.exists(path):
                os.unlink(path)


def run(arguments, home, lab, skipped):
    machine = describe_machine(lab.programs, home, lab.cores)
    if os.getloadavg()[0] > 0.5:
        say(f"the machine is busy (load {os.getloadavg()[0]:.2f}); figures "
            "will be too high")
    meter = Meter(lab.programs["time_command"])
    outcomes = []
    for scenario in arguments.chosen:
        say(f"{scenario.name}: {scenario.about}")
        try:
            outcomes.append(measure_scenario(scenario, lab, meter, arguments))
        except (Skip, TreeUnavailable) as why:
            say(f"{scenario.name}: skipped: {why}")
            skipped.append(f"{scenario.name}: {why}")
        except CommandFailed as why:
            outcomes.append(Outcome(scenario, notes=[("finder", str(why))]))
        finally:
            lab.untouch()

    def shorten(line):
        for path, short in ((lab.programs["finder"], "finder"),
                            (os.path.dirname(lab.programs["stat_floor"]) + "/",
                             ""), (home + "/", "")):
            line = line.replace(path, short)
        return line

    skipped += lab.skipped
    page = document(outcomes, machine, skipped, shorten, "benchmarks.svg")
    if arguments.doc:
        picture = draw([(o.scenario, o.figures) for o in outcomes
                        if o.figures])
        write_files(arguments.doc,
                    {"benchmarks.md": page, "benchmarks.svg": picture})
        say(f"wrote {arguments.doc}/benchmarks.md and benchmarks.svg")
        print("\n".join(targets_table(
            {o.scenario.name: o.by_name() for o in outcomes})))
    else:
        print(page)
    if not outcomes:
        return 2
    wrong = False
    for outcome in outcomes:
        for name, note in outcome.notes:
            say(f"{outcome.scenario.name}: {name}: {note}")
            wrong = wrong or name.startswith("finder")
    return 1 if wrong else 0


def main():
    arguments = parse_arguments()
    if arguments.list:
        for scenario in SCENARIOS:
            print(f"{scenario.name:16} {scenario.about}")
        return 0
    if arguments.doc is None and not (arguments.scenario or arguments.quick):
        arguments.doc = os.path.join(ROOT, "doc")
    home = os.path.realpath(arguments.dir or os.path.join(
        os.environ.get("TMPDIR") or "/tmp", "finder-bench"))
    made_home = not os.path.isdir(home)
    children.raise_stopped_on_signals()
    skipped = []
    programs = find_programs(arguments, skipped)
    for why in skipped:
        say(f"skipped: {why}")
    trees = Trees(programs["make_tree"], home, say)
    complete = False
    lab = None
    try:
        os.makedirs(home, exist_ok=True)
        lab = Lab(programs, trees, home,
                  output_of(programs["finder"], "--help"),
                  len(os.sched_getaffinity(0)), arguments.tree)
        status = run(arguments, home, lab, skipped)
        complete = True
        return status
    except children.Stopped as signal_number:
        say("interrupted; nothing was written")
        return 128 + signal_number.args[0]
    except OSError as error:
        say(f"stopped: {error}; nothing was written")
        return 2
    finally:
        children.ignore_signals()
        if lab is not None:
            lab.untouch()
            lab.remove_databases()
        trees.remove_made(only_broken=arguments.keep)
        if made_home and not arguments.keep:
            shutil.rmtree(home, ignore_errors=True)
        elif not complete:
            say(f"kept: {home}")


if __name__ == "__main__":
    sys.exit(main())
