"""Runs programs so that a signal leaves none of them behind.

A handler that raises in the middle of subprocess's work can lose a program
that was just started, or leave a lock held for ever. Here it only ends the
program, and `Stopped` is raised once nothing is under way any more.
"""

import signal
import subprocess

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """By a signal, whose number it has."""


class _Now:
    """What the handler of signals finds."""
    running = False
    process = None
    signal_meanwhile = None


def ignore_signals():
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def raise_stopped_on_signals():
    for number in SIGNALS:
        signal.signal(number, _stop)


def _stop(number, _):
    # Once: what follows is cleaning up.
    ignore_signals()
    if not _Now.running:
        raise Stopped(number)
    _Now.signal_meanwhile = number
    if _Now.process is not None:
        _Now.process.kill()


def _raise_if_stopped():
    number, _Now.signal_meanwhile = _Now.signal_meanwhile, None
    if number is not None:
        raise Stopped(number)


def run(argv, timeout=None, **options):
    """As subprocess.run; what is no option has no input and no output.

    However it ends, so have the program and all that it started with the same
    pipe as output or standard error.
    """
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL,
               "stderr": subprocess.DEVNULL, **options}
    _Now.running = True
    try:
        result = _run(argv, timeout, options)
    finally:
        _Now.process = None
        _Now.running = False
        _raise_if_stopped()
    return result


def _run(argv, timeout, options):
    _Now.process = process = subprocess.Popen(argv, **options)
    if _Now.signal_meanwhile is not None:
        process.kill()
    try:
        out, errors = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return subprocess.CompletedProcess(argv, process.returncode, out, errors)
