"""What is measured: the scenarios, each a set of commands run in turn."""

import dataclasses
import itertools
import json
import os
import shutil
import subprocess
import time
from typing import Callable

import children
from measure import CommandFailed, Row

# Every n-th directory is touched for `warm-1pct`.
TOUCH_EVERY = 100
TOUCHED_FILE = "touched-by-finder-bench"

DATABASE_RESTS_TRIES = 10

SOONG_PLAN = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                          "../../testdata/plans/soong.json")

# A directory that changed less than this ago is listed again by every run
# (kTrustAgeNs of finder/tree/stamp.h, and a bit).
TRUST_AGE_SECONDS = 2.7


class Skip(Exception):
    """A scenario, or a row of it, cannot be measured here; says why."""


@dataclasses.dataclass
class Scenario:
    name: str
    about: str
    build: Callable  # of Lab, to a list of rows
    cache: str = "hot"  # or "dropped", before each run
    shape: str = "android"
    runs_factor: int = 1  # more where a few percent decide
    on_request: bool = False
    sizes: bool = False  # `build` gives sizes instead of rows


class Lab:
    """Makes rows: knows the programs, the trees and the databases."""

    def __init__(self, programs, trees, home, options, cores, main_shape):
        self.programs = programs  # name -> path, or None
        self.trees = trees
        self.finder_options = options  # the text of finder --help
        self.cores = cores
        self.skipped = []
        self._databases = os.path.join(home, "databases")
        self._main_shape = main_shape
        self._touched = []
        os.makedirs(self._databases, exist_ok=True)

    def shape(self, name):
        return self._main_shape if name == "android" else name

    def tree(self, shape="android"):
        return self.trees.get(self.shape(shape))

    def finder(self, database, query, shape="android", options=()):
        return [self.programs["finder"], "--db", database, *options, *query,
                self.tree(shape).path]

    def database(self, name):
        return os.path.join(self._databases, name)

    # Databases.

    def rest(self, argv, database):
        """Runs finder until it leaves the database as it is.

        A directory that changed a moment ago is listed again by the next run,
        which then writes its database: not the warm run to be measured.
        """
        seen = None
        for _ in range(DATABASE_RESTS_TRIES):
            sample_run(argv)
            try:
                status = os.stat(database)
            except OSError as error:
                raise CommandFailed(f"no database: {error.strerror}")
            now = (status.st_ino, status.st_mtime_ns)
            if now == seen:
                return
            if seen is not None:
                time.sleep(1)
            seen = now
        raise CommandFailed("the database is written by every run")

    # Rows.

    def warm(self, name, query, shape="android", options=(), answer=None,
             database=None):
        database = database or self.database(f"{self.shape(shape)}.db")
        argv = self.finder(database, query, shape, options)
        rested = []

        def prepare():
            if not rested:
                self.rest(argv, database)
                rested.append(True)

        return Row(name, argv, prepare, answer=answer)

    def cached(self, name, query, answer=None):
        """The same warm run with its database in a shared cache directory."""
        argv = [self.programs["finder"], "--cache-dir",
                self.database("cache"), *query, self.tree().path]
        rested = []

        def prepare():
            if not rested:
                rest_by_statistics(argv)
                rested.append(True)

        return Row(name, argv, prepare, answer=answer)

    def planned(self, name, plan_name, plan):
        """A plan, which names its roots itself."""
        path = self.database(f"{plan_name}.json")
        for index, one in enumerate(plan["lists"]):
            one["output"] = self.database(f"{plan_name}.{index}.list")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({**plan, "roots": [self.tree().path]}, file)
        database = self.database(f"{plan_name}.db")
        argv = [self.programs["finder"], "--db", database, "--plan", path]
        rested = []

        def prepare():
            if not rested:
                self.rest(argv, database)
                rested.append(True)

        return Row(name, argv, prepare)

    def cold(self, name, query, shape="android", options=(), answer=None):
        database = self.database(f"{self.shape(shape)}-cold.db")

        def prepare():
            remove_file(database)

        argv = self.finder(database, query, shape, options)
        return Row(name, argv, prepare, answer=answer)

    def touched(self, name, query, warm_row):
        """A warm run after 1 % of the directories changed.

        `warm_row`'s database is brought up to date afterwards, so that the
        next warm run finds nothing new.
        """
        database = self.database("touched.db")
        argv = self.finder(database, query)
        directories = self.tree().directories()
        chosen = directories[len(directories) % 7::TOUCH_EVERY]
        self._touched = [os.path.join(d, TOUCHED_FILE) for d in chosen]
        rested = []

        def prepare():
            if not rested:
                self.rest(argv, database)
                rested.append(True)
            toggle(self._touched)

        def settle():
            time.sleep(TRUST_AGE_SECONDS)
            warm_database = warm_row.argv[warm_row.argv.index("--db") + 1]
            self.rest(warm_row.argv, warm_database)
            self.rest(argv, database)

        return Row(name, argv, prepare, settle)

    def peers(self, queries, shape="android", answer=None):
        """find, fd and bfs; `queries` holds the arguments of each."""
        path = self.tree(shape).path
        find, fd = queries
        rows = []
        for name, arguments in (
                ("find", [path, *find]),
                ("fd", ["-u", f"-j{self.cores}", *fd, path]),
                ("bfs", [path, *find])):
            program = self.programs[name]
            if program:
                rows.append(Row(name, [program, *arguments], answer=answer))
        return rows

    def stat_floor(self, shape="android", relative=False, threads=None,
                   name=None):
        threads = threads or self.cores
        argv = [self.programs["stat_floor"], "--threads", str(threads)]
        if relative:
            argv.append("--relative")
            name = name or "stat floor, relative"
        return Row(name or "stat floor", [*argv, self.tree(shape).list])

    def walk_floor(self, shape="android", threads=None, name=None):
        threads = threads or self.cores
        return Row(name or "walk floor",
                   [self.programs["walk_floor"], "--threads", str(threads),
                    self.tree(shape).path])

    def git(self, shape):
        if not self.programs["git"]:
            return []
        git = self.trees.git_index(self.shape(shape))
        if git is None:
            self.skipped.append(f"git ls-files on {shape}: git add failed")
            return []
        # The second one looks at the tree, too.
        return [Row("git ls-files", [*git, "ls-files"]),
                Row("git ls-files -co", [*git, "ls-files", "-co"])]

    def remove_databases(self):
        shutil.rmtree(self._databases, ignore_errors=True)

    def untouch(self):
        for path in self._touched:
            remove_file(path)
        self._touched = []


def sample_run(argv):
    """Runs a command for its effect."""
    result = children.run(argv, stderr=subprocess.PIPE)
    if result.returncode != 0:
        said = result.stderr.decode(errors="replace").strip()
        # As time_command says it: 128 + N after signal N.
        status = result.returncode if result.returncode > 0 else \
            128 - result.returncode
        raise CommandFailed(f"exit status {status}: {said[-200:]}")


def rest_by_statistics(argv):
    """Lab.rest, for a database whose place is the finder's own business."""
    for _ in range(DATABASE_RESTS_TRIES):
        result = children.run([*argv, "--stats=json"], stderr=subprocess.PIPE)
        lines = result.stderr.decode(errors="replace").splitlines()
        if result.returncode != 0 or not lines:
            raise CommandFailed(f"exit status {result.returncode}")
        if not json.loads(lines[-1])["database_written"]:
            return
        time.sleep(1)
    raise CommandFailed("the database is written by every run")


def remove_file(path):
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass


def toggle(paths):
    """Removes each file that is there, and makes each that is not."""
    for path in paths:
        try:
            os.unlink(path)
        except FileNotFoundError:
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o644))


BLUEPRINTS = ["-g", "Android.bp"]
PEER_BLUEPRINTS = (["-name", "Android.bp"], ["-g", "Android.bp"])
EVERYTHING = []
PEER_EVERYTHING = (["!", "-type", "d"], ["-t", "f", "-t", "l", ""])
# On the kernel tree, which has no Android.bp.
MAKEFILES = ["-g", "Makefile"]
PEER_MAKEFILES = (["-name", "Makefile"], ["-g", "Makefile"])


def warm(lab):
    cached = [lab.cached("finder, shared cache", BLUEPRINTS, answer="a")] \
        if "--cache-dir" in lab.finder_options else []
    return [lab.warm("finder", BLUEPRINTS, answer="a"), *cached,
            lab.stat_floor(), lab.stat_floor(relative=True), lab.walk_floor(),
            *lab.peers(PEER_BLUEPRINTS, answer="a")]


def warm_1pct(lab):
    row = lab.warm("finder, nothing touched", BLUEPRINTS)
    return [row, lab.touched("finder, 1 % touched", BLUEPRINTS, row),
            lab.stat_floor(), lab.walk_floor(), *lab.peers(PEER_BLUEPRINTS)]


def warm_no_output(lab):
    return [lab.warm("finder", [*BLUEPRINTS, "--count"]),
            lab.stat_floor(), lab.walk_floor(), *lab.peers(PEER_BLUEPRINTS)]


def warm_all(lab):
    return [lab.warm("finder", EVERYTHING, answer="a"),
            lab.stat_floor(), lab.walk_floor(),
            *lab.peers(PEER_EVERYTHING, answer="a")]


def query_glob(lab):
    peers = (["-path", "*/res/*.xml", "!", "-type", "d"],
             ["-t", "f", "-p", "-g", "**/res/**/*.xml"])
    return [lab.warm("finder", ["-g", "**/res/**/*.xml"], answer="a"),
            lab.stat_floor(), lab.walk_floor(),
            *lab.peers(peers, answer="a")]


def query_regex(lab):
    regex = r"/(core|native)/[^/]*\.(cc|h)$"
    peers = (["-regextype", "posix-extended", "-regex", ".*" + regex[:-1],
              "!", "-type", "d"],
             ["-t", "f", "-p", regex])
    return [lab.warm("finder", ["--regex", regex], answer="a"),
            lab.stat_floor(), lab.walk_floor(),
            *lab.peers(peers, answer="a")]


def soong_plan(lab):
    """The plan that the tests know, and the options of its view."""
    with open(SOONG_PLAN, encoding="utf-8") as file:
        plan = json.load(file)
    for one in plan["lists"]:
        if "at" in one:
            one["at"] = [os.path.join(lab.tree().path, at)
                         for at in one["at"]]
    return plan, ["--exclude-dirs", ",".join(plan["excludeDirs"]),
                  "--prune-files", ",".join(plan["pruneFiles"])]


def plan(lab):
    if "--plan" not in lab.finder_options:
        raise Skip("this finder has no --plan")
    soong, view = soong_plan(lab)
    return [lab.warm("finder, one query", BLUEPRINTS, options=view),
            lab.planned("finder, Soong's plan", "soong", soong),
            lab.planned("finder, a list of 200,000 files", "java",
                        {"lists": [{"names": ["Android.bp"]},
                                   {"globs": ["*.java"]}]}),
            lab.stat_floor(), lab.walk_floor(), *lab.peers(PEER_BLUEPRINTS)]


def cold(lab):
    return [lab.cold("finder", BLUEPRINTS, answer="a"),
            lab.walk_floor(), lab.stat_floor(),
            *lab.peers(PEER_BLUEPRINTS, answer="a")]


def dropped_cold(lab):
    return [lab.cold("finder", BLUEPRINTS),
            lab.walk_floor(),
            lab.walk_floor(threads=64, name="walk floor, 64 threads"),
            *lab.peers(PEER_BLUEPRINTS)]


def dropped_warm(lab):
    return [lab.warm("finder", BLUEPRINTS),
            lab.stat_floor(),
            lab.stat_floor(threads=64, name="stat floor, 64 threads"),
            *lab.peers(PEER_BLUEPRINTS)]


def startup(lab):
    return [lab.warm("finder", EVERYTHING, "tiny", answer="a"),
            lab.stat_floor("tiny"), lab.walk_floor("tiny"),
            *lab.peers(PEER_EVERYTHING, "tiny", answer="a")]


@dataclasses.dataclass
class Size:
    name: str
    bytes: int
    directories: int
    name_bytes: int  # of the files stored; None if not known

    def per_directory(self):
        return (self.bytes - self.name_bytes) / self.directories


def database_sizes(lab):
    facts = lab.tree().facts
    directories = int(facts["directories"])
    sizes = []
    for name, options, name_bytes in (
            ("all names", [], int(facts["file_name_bytes"])),
            ("--names Android.bp", ["--names", "Android.bp"],
             int(facts["blueprints"]) * len("Android.bp"))):
        database = lab.database("size.db")
        remove_file(database)
        sample_run(lab.finder(database, EVERYTHING, options=options))
        sizes.append(Size(name, os.stat(database).st_size, directories,
                          name_bytes))
        remove_file(database)
    return sizes


def other_shape(shape, query=EVERYTHING, peers=PEER_EVERYTHING):
    def build(lab):
        # Most paths of the chain are longer than the kernel takes.
        relative = shape == "deep"
        return [lab.warm("finder, warm", query, shape, answer="a"),
                lab.cold("finder, cold", query, shape, answer="a"),
                lab.stat_floor(shape, relative), lab.walk_floor(shape),
                *lab.peers(peers, shape, answer="a"),
                *(lab.git(shape) if shape == "kernel" else [])]
    return build


def monorepo(lab):
    return [lab.warm("finder, warm", BLUEPRINTS, "monorepo", answer="a"),
            lab.cold("finder, cold", BLUEPRINTS, "monorepo", answer="a"),
            lab.warm("finder, android, warm", BLUEPRINTS),
            lab.cold("finder, android, cold", BLUEPRINTS),
            lab.stat_floor("monorepo"), lab.walk_floor("monorepo"),
            *lab.peers(PEER_BLUEPRINTS, "monorepo", answer="a")]


def threads_hot(lab):
    return list(itertools.chain.from_iterable(
        (lab.warm(f"finder, warm, -j {n}", BLUEPRINTS, options=["-j", str(n)]),
         lab.cold(f"finder, cold, -j {n}", BLUEPRINTS, options=["-j", str(n)]),
         lab.stat_floor(threads=n, name=f"stat floor, -j {n}"),
         lab.walk_floor(threads=n, name=f"walk floor, -j {n}"))
        for n in (1, 2, 4, 8, 16, 32, 64)))


SCENARIOS = [
    Scenario("warm", "a known tree, nothing changed, Android.bp asked for",
             warm, runs_factor=3),
    Scenario("warm-1pct", "a file made or removed in 1 % of the directories",
             warm_1pct, runs_factor=3),
    Scenario("warm-no-output", "the same with --count", warm_no_output),
    Scenario("warm-all", "a known tree, every file printed", warm_all),
    Scenario("query-glob", "warm, a glob on the path", query_glob),
    Scenario("query-regex", "warm, a regular expression on the path",
             query_regex),
    Scenario("plan", "warm, with --plan", plan, runs_factor=3),
    Scenario("cold", "no database; one is written", cold, runs_factor=3),
    Scenario("startup", "warm on a tree of 10 directories, the whole process",
             startup, shape="tiny", runs_factor=5),
    Scenario("database", "the size of the database", database_sizes,
             sizes=True),
    Scenario("kernel", "6,000 directories, 90,000 files, all printed",
             other_shape("kernel"), shape="kernel"),
    Scenario("flat", "one directory of 500,000 files, all printed",
             other_shape("flat"), shape="flat"),
    Scenario("deep", "a chain of 2,000 directories, all printed",
             other_shape("deep"), shape="deep", runs_factor=3),
    Scenario("dropped-cold", "no database, nothing in the page cache",
             dropped_cold, cache="dropped"),
    Scenario("dropped-warm", "a known tree, nothing in the page cache",
             dropped_warm, cache="dropped"),
    Scenario("monorepo", "1 M directories, 10 M files (with --monorepo)",
             monorepo, shape="monorepo", on_request=True),
    Scenario("threads", "how many threads pay", threads_hot, on_request=True),
    Scenario("threads-dropped", "the same with nothing in the page cache",
             threads_hot, cache="dropped", on_request=True),
]
