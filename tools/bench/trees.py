"""The trees that the scenarios run on, made once and reused."""

import os
import shutil
import subprocess

import children

# Needed on disk: inodes and bytes, with some room. Empty files weigh nothing
# but their names.
NEEDS = {
    "android": (1_100_000, 1_000_000_000),
    "kernel": (110_000, 150_000_000),
    "flat": (510_000, 100_000_000),
    "deep": (10_000, 50_000_000),
    "monorepo": (11_000_000, 9_000_000_000),
    "tiny": (100, 1_000_000),
}


class TreeUnavailable(Exception):
    pass


class Tree:
    """A made tree. `facts` holds make_tree's figures."""

    def __init__(self, path):
        self.path = path
        self.list = path + ".dirs"
        self.facts = read_marker(path)

    def directories(self):
        with open(self.list, encoding="utf-8") as lines:
            return lines.read().splitlines()


def read_marker(path):
    facts = {}
    try:
        with open(path + ".tree", encoding="utf-8") as lines:
            for line in lines:
                word, _, value = line.strip().partition(" ")
                facts[word] = value
    except OSError:
        pass
    return facts


class Trees:

    def __init__(self, make_tree, home, say):
        self._make_tree = make_tree
        self._home = home
        self._say = say
        self._made_trees = []
        self._made_indexes = []
        self._trees = {}

    def get(self, shape):
        if shape not in self._trees:
            self._trees[shape] = self._make(shape)
        return self._trees[shape]

    def _make(self, shape):
        path = os.path.join(self._home, shape)
        facts = read_marker(path)
        if os.path.lexists(path) and "finder" not in facts:
            raise TreeUnavailable(f"{path} exists and is not ours")
        if "complete" not in facts:
            self._check_room(shape)
            self._say(f"making tree {shape}")
            self._made_trees.append(path)
        result = children.run([self._make_tree, shape, path],
                              stderr=subprocess.PIPE)
        if result.returncode != 0:
            message = result.stderr.decode(errors="replace").strip()
            raise TreeUnavailable(message or "make_tree failed")
        return Tree(path)

    def _check_room(self, shape):
        inodes, size = NEEDS[shape]
        room = os.statvfs(self._home)
        # Some file systems have no fixed number of inodes and say 0.
        if room.f_files and room.f_favail < inodes:
            raise TreeUnavailable(f"tree {shape} needs {inodes} inodes in "
                                  f"{self._home}, {room.f_favail} are free")
        free = room.f_bavail * room.f_frsize
        if free < size:
            raise TreeUnavailable(f"tree {shape} needs {size >> 20} MiB in "
                                  f"{self._home}, {free >> 20} are free")

    def git_index(self, shape):
        """A git directory beside the tree with all its files in the index."""
        path = self.get(shape).path
        git_dir = path + ".git"
        git = ["git", f"--git-dir={git_dir}", f"--work-tree={path}"]
        if not os.path.exists(git_dir):
            self._say(f"adding tree {shape} to a git index")
            self._made_indexes.append(git_dir)
            for command in (["init", "-q"], ["add", "-A"]):
                result = children.run(git + command, cwd=path,
                                      stderr=subprocess.PIPE)
                if result.returncode != 0:
                    shutil.rmtree(git_dir, ignore_errors=True)
                    return None
        return git

    def remove_made(self, only_broken):
        """Removes what this run made; or only what it did not complete."""
        unwanted = [] if only_broken else list(self._made_indexes)
        for path in self._made_trees:
            if not only_broken or "complete" not in read_marker(path):
                unwanted += [path, path + ".dirs", path + ".tree"]
        # The chain of `deep` is too deep for shutil.
        children.run(["rm", "-rf", "--", *unwanted], stderr=None)
