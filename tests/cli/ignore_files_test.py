#!/usr/bin/env python3
"""`finder --ignore-files -t f,l` against `git ls-files -o --exclude-standard`.

Usage: ignore_files_test.py FINDER [TREES [SEED]]

Random trees with random ignore files at all levels, repositories within
repositories and edits, the same ones for the same seed. After each edit the
answers of several runs must be git's: with the cache and without, with one
thread and with several, from the top and from a directory within. Between them
runs without the option use the same cache, so that it knows what is hidden. An
inner repository is asked about by itself, since git does not look inside.
"""
import os
import random
import shutil
import subprocess
import sys
import tempfile

NAMES = ['a', 'b', 'ab', 'c.o', 'd.c', 'E', 'out', 'x y', '.h', 'e.o', 'b.c']
RULES = ['*.o', '!c.o', 'out/', 'out', '/a', '/b/', 'a/b', 'a/**/c.o', '**/E',
         'E/', '!E', '*', '!*/', '!*.c', 'b/*', '!b/a', '/*/d.c', 'x y', 'x\\ y',
         '.*', '!.gitignore', '?', '[a-b]', '[!a-b]', '[ab]/', '**/a/', 'a/**',
         'ab/../x', '# no', '', '!', '/', 'e.*', '!/a/', 'out/*', '!out/a/',
         '*b', 'b*/', '**', 'd.c ', 'd.c\\ ', '[[:upper:]]', 'b.C', 'OUT']
ENDS = ['\n', '\n', '\n', '\r\n']

binary = os.path.abspath(sys.argv[1])


class Failed(Exception):
    pass


def run(command, directory, codes=(0,)):
    done = subprocess.run(command, cwd=directory, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False)
    if done.returncode not in codes:
        raise Failed('%s in %s: exit %d\n%s' % (
            command, directory, done.returncode, done.stderr.decode()))
    return done.stdout.decode().split('\0')[:-1]


def of_git(top):
    """Paths below a repository that git does not ignore."""
    paths = set()
    for path in run(['git', 'ls-files', '-o', '-z', '--exclude-standard'], top):
        if path.endswith('/'):
            paths |= {path + inner for inner in of_git(top + '/' + path)}
        else:
            paths.add(path)
    return paths


class World:
    """A repository in which things change."""

    def __init__(self, rng, home):
        self.rng = rng
        self.home = home
        self.top = home + '/work/tree'
        self.log = []
        os.makedirs(self.top)
        os.makedirs(home + '/modules')
        self.make_repository(self.top)
        for _ in range(rng.randint(5, 40)):
            self.add()
        for _ in range(rng.randint(1, 6)):
            self.edit_rules()

    def directories(self, everything=False):
        found = []
        for at, names, _ in os.walk(self.top):
            if '.git' in names and not everything:
                names.remove('.git')
            names.sort()
            found.append(at)
        return found

    def rules(self):
        text = ''.join(self.rng.choice(RULES) + self.rng.choice(ENDS)
                       for _ in range(self.rng.choice([1, 2, 3, 5, 30])))
        return '\ufeff' + text if self.rng.random() < 0.05 else text

    def make_repository(self, at):
        self.log.append('repository %s' % at)
        kind = self.rng.randrange(4) if at != self.top else 0
        if os.path.lexists(at + '/.git'):
            return
        if kind == 3:  # none: git finds no HEAD
            os.mkdir(at + '/.git')
            return
        if kind == 2:  # as of a submodule
            place = '%s/modules/%d' % (self.home, self.rng.randrange(10 ** 9))
            run(['git', 'init', '-q', '--separate-git-dir', place, at], self.home)
        else:
            run(['git', 'init', '-q', at], self.home)
            place = at + '/.git'
        if self.rng.random() < 0.3:
            run(['git', 'config', 'core.ignorecase', 'true'], at)
        if self.rng.random() < 0.5:
            with open(place + '/info/exclude', 'w') as file:
                file.write(self.rules())

    def add(self):
        at = self.rng.choice(self.directories()) + '/' + self.rng.choice(NAMES)
        if os.path.lexists(at):
            return
        self.log.append('add %s' % at)
        kind = self.rng.randrange(10)
        if kind < 5:
            os.mkdir(at)
        elif kind == 5:
            os.symlink(self.rng.choice(NAMES), at)
        else:
            open(at, 'w').close()

    def remove(self):
        at = self.rng.choice(self.directories())
        names = sorted(set(os.listdir(at)) - {'.git'})
        if not names:
            return
        at += '/' + self.rng.choice(names)
        self.log.append('remove %s' % at)
        if os.path.isdir(at) and not os.path.islink(at):
            shutil.rmtree(at)
        else:
            os.remove(at)

    def move(self):
        found = self.directories()
        source = self.rng.choice(found)
        target = self.rng.choice(found) + '/' + self.rng.choice(NAMES)
        if source != self.top and not os.path.lexists(target) and \
                not target.startswith(source + '/'):
            self.log.append('move %s %s' % (source, target))
            os.rename(source, target)

    def edit_rules(self):
        at = self.rng.choice(self.directories()) + '/.gitignore'
        self.log.append('rules %s' % at)
        if os.path.isfile(at) and self.rng.random() < 0.2:
            return os.remove(at)
        if os.path.isdir(at) or os.path.islink(at):
            return None
        if os.path.lexists(at):
            # Of the same size, and dated back.
            old = os.stat(at)
            text = self.rules().encode()[:old.st_size]
            with open(at, 'r+b') as file:
                file.write(text.ljust(old.st_size, b'\n'))
            os.utime(at, ns=(old.st_atime_ns, old.st_mtime_ns))
            return None
        if self.rng.random() < 0.05:
            return os.symlink('/dev/null', at)
        if self.rng.random() < 0.05:
            return os.mkdir(at)
        with open(at, 'w') as file:
            file.write(self.rules())
        return None

    def edit_global(self):
        self.log.append('global')
        kind = self.rng.randrange(3)
        os.makedirs(self.home + '/.config/git', exist_ok=True)
        if kind == 0:
            with open(self.home + '/.config/git/ignore', 'w') as file:
                file.write(self.rules())
        elif kind == 1:
            with open(self.home + '/excludes', 'w') as file:
                file.write(self.rules())
            with open(self.home + '/.gitconfig', 'w') as file:
                file.write('[core]\n\texcludesFile = "~/excludes" # mine\n')
        elif os.path.exists(self.home + '/.gitconfig'):
            os.remove(self.home + '/.gitconfig')

    def edit_repositories(self):
        at = self.rng.choice(self.directories())
        if at != self.top and os.path.isdir(at + '/.git'):
            self.log.append('no repository %s' % at)
            shutil.rmtree(at + '/.git')
        elif at != self.top and self.rng.random() < 0.5:
            self.make_repository(at)

    def step(self):
        self.rng.choice([self.add, self.add, self.remove, self.move,
                         self.edit_rules, self.edit_rules, self.edit_rules,
                         self.edit_global, self.edit_repositories])()

    def check(self):
        expected = of_git(self.top)
        command = [binary, '--ignore-files', '-t', 'f,l', '-0']
        options = [[], ['--threads', '1'], ['--threads', '4'], ['--no-cache'],
                   [self.top], ['-g', '*.c'], ['-1'], ['--max-depth', '2']]
        for more in [[]] + self.rng.sample(options, 3):
            if self.rng.random() < 0.2:
                run([binary, '-0'], self.top)
            got = run(command + more, self.top, (0, 1))
            want = sorted(expected, key=os.fsencode)
            if more == ['-g', '*.c']:
                want = [path for path in want
                        if os.path.basename(path).endswith('.c')]
            if more == [self.top]:
                want = [self.top + '/' + path for path in want]
            if more == ['-1']:
                want = want[:1]
            if more == ['--max-depth', '2']:
                want = [path for path in want if path.count('/') < 2]
            self.compare(got, want, more)
        self.check_within(expected)
        run([binary, '--verify', '--ignore-files', '-t', 'f,l'], self.top)

    def check_within(self, expected):
        """From a directory that git does not hide: one of a shown file."""
        shown = sorted({os.path.dirname(path) for path in expected} - {''})
        if not shown:
            return
        within = self.rng.choice(shown) + '/'
        want = sorted((path[len(within):] for path in expected
                       if path.startswith(within)), key=os.fsencode)
        got = run([binary, '--ignore-files', '-t', 'f,l', '-0'],
                  self.top + '/' + within)
        self.compare(got, want, ['within', within])

    def compare(self, got, want, what):
        got = [path.removeprefix('./') for path in got]
        if got == want:
            return
        raise Failed('%s\n  not shown, but by git: %s\n  shown, not by git: %s'
                     % (what, sorted(set(want) - set(got)),
                        sorted(set(got) - set(want))))


def main():
    trees = int(sys.argv[2]) if len(sys.argv) > 2 else 30
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 16
    if shutil.which('git') is None:
        sys.exit('git is needed for this test')
    for name in [name for name in os.environ if name.startswith(('GIT_', 'XDG_'))]:
        del os.environ[name]
    for number in range(seed, seed + trees):
        home = tempfile.mkdtemp(dir=os.environ.get('TEST_TMPDIR'))
        os.environ.update(HOME=home, GIT_CONFIG_NOSYSTEM='1', LC_ALL='C.UTF-8',
                          FINDER_CACHE_DIR=home + '/cache')
        world = World(random.Random(number), home)
        try:
            world.check()
            for _ in range(12):
                for _ in range(world.rng.choice([1, 1, 1, 3])):
                    world.step()
                world.check()
        except Failed as error:
            print('seed %d\n%s\n%s\n%s' % (number, '\n'.join(world.log),
                                           error, world.top))
            sys.exit(1)
        shutil.rmtree(home)
    print('%d trees' % trees)


if __name__ == '__main__':
    main()
