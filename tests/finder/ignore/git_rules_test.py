#!/usr/bin/env python3
"""The rules of one ignore file against `git check-ignore -v --no-index`.

Usage: git_rules_test.py MATCH_PATHS [FILES [SEED]]

Random rules and random paths, the same ones for the same seed. Prints each
difference with what leads to it.
"""
import os
import random
import shutil
import subprocess
import sys
import tempfile

PIECES = (['a', 'b', 'c', 'ab', 'foo', 'A', 'B', '.o', '.c', '-', ' ', '#', '!',
           'é', '$', '\x7f', '\t', ':']
          + ['*'] * 5 + ['**'] * 3 + ['/'] * 7 + ['?', '?', '\\', '\\*', '\\ ',
             '\\a', '\\A', '\\\\', '\\/', '[', ']', '[ab]', '[!a]', '[^a]',
             '[a-c]', '[c-a]', '[]a]', '[]-a]', '[a-]', '[-a]', '[\\]a]',
             '[A-C]', '[a/]', '[+-:]', '[!/]', '[[:alpha:]]', '[[:upper:]]',
             '[[:digit:][:lower:]]', '[[:punct:]]', '[[:space:]]',
             '[[:cntrl:]]', '[[:graph:]]', '[[:print:]]', '[[:xdigit:]]',
             '[[:blank:]]', '[[:alnum:]]', '[[:x:]]', '[[:a]', '[:a:]',
             '[[a:]', '[^[:alpha:]]', '[a', '[[:alpha:', '[\\', '[a-\\c]'])
ENDS = [''] * 12 + ['/', '/', '/', ' ', '  ', '\\ ', ' \\ ', '\r', ' \r', '\\',
                    '/ ', '\t', '\0x', '//', '/\\']
STARTS = [''] * 14 + ['!', '!', '/', '/', '**/', '/**/', '#', '\\#', '\\!', '!/',
                      '!!', ' ', '*', '*.']
NAMES = ['a', 'b', 'c', 'ab', 'foo', 'A', 'B', 'aa', 'a.o', 'b.c', '.o', 'foo.o',
         'a-b', '#a', '!a', 'a b', 'a ', ' ', 'é', '[', ']', 'a]', '*', '\\',
         'a\\', '**', '-', ':', '$', 'fooab', 'xfoo', 'bfoo', '0', '\x7f', '\t',
         'a\r', 'AB', 'FOO', 'B.C', '[:', '/'.strip('/') or 'z', '+', 'foo.c',
         '^', 'x', ',']


def random_rule(rng):
    if rng.random() < 0.25:
        text = rng.choice(NAMES)
        while rng.random() < 0.3:
            text += '/' + rng.choice(NAMES)
    else:
        text = ''.join(rng.choice(PIECES) for _ in range(rng.randint(0, 6)))
    return rng.choice(STARTS) + text + rng.choice(ENDS)


def random_path(rng):
    return '/'.join(rng.choice(NAMES) for _ in range(rng.randint(1, 4)))


def run(command, given, directory):
    done = subprocess.run(command, input=given, cwd=directory,
                          stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, 1):
        sys.exit('%s: exit %d' % (command, done.returncode))
    return done.stdout.split(b'\0')[:-1]


def compare(tool, repository, rules, paths, ignore_case):
    with open(repository + '/.gitignore', 'wb') as file:
        file.write(rules)
    given = b''.join(path.encode() + b'\0' for path in paths)
    # To git a ':' in front is magic.
    given_git = b''.join(b'./' + path.encode() + b'\0' for path in paths)
    git = run(['git', '-c', 'core.ignorecase=%s' % str(ignore_case).lower(),
               'check-ignore', '--no-index', '-v', '-n', '-z', '--stdin'],
              given_git, repository)
    ours = run([tool, repository + '/.gitignore']
               + ['--ignore-case'] * ignore_case, given, repository)
    differences = 0
    for i, path in enumerate(paths):
        line, text = git[4 * i + 1], git[4 * i + 2]
        if (line + b' ' + text if line else b'') != ours[i]:
            differences += 1
            print('rules %r\npath %r%s\n  git  %r %r\n  ours %r' % (
                rules, path, ' ignoring case' * ignore_case, line, text,
                ours[i]))
    return differences


def main():
    tool = os.path.abspath(sys.argv[1])
    files = int(sys.argv[2]) if len(sys.argv) > 2 else 400
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 16)
    if shutil.which('git') is None:
        sys.exit('git is needed for this test')
    directory = tempfile.mkdtemp(dir=os.environ.get('TEST_TMPDIR'))
    for name in [name for name in os.environ if name.startswith('GIT_')]:
        del os.environ[name]
    os.environ.update(HOME=directory, XDG_CONFIG_HOME=directory,
                      GIT_CONFIG_NOSYSTEM='1')
    subprocess.run(['git', 'init', '-q', directory], check=True)
    differences = 0
    for number in range(files):
        # Few rules are compared one by one, many by way of an index.
        count = rng.choice([1, 1, 2, 3, 6, 40])
        rules = '\n'.join(random_rule(rng) for _ in range(count))
        if rng.random() < 0.7:
            rules += '\n'
        if rng.random() < 0.1:
            rules = '\ufeff' + rules
        paths = [random_path(rng) for _ in range(100)]
        differences += compare(tool, directory, rules.encode(), paths,
                               number % 3 == 2)
    shutil.rmtree(directory)
    print('%d files, %d differences' % (files, differences))
    sys.exit(differences != 0)


if __name__ == '__main__':
    main()
