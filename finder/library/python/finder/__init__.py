"""Lists the files of large source trees, again and again.

    import finder

    tree = finder.scan("src", exclude=["build"])
    for path in tree.glob("*.c"):
        print(path, path.kind)

The first scan of a tree walks it and keeps what it saw in the cache of the
program `finder`; later ones ask the kernel for the stamp of every directory and
list only those that have changed. The answers are those of a full walk, in the
order of the bytes of their paths.
"""

from finder._answers import Answers, Entry, Kind
from finder._errors import (
    BusyError,
    CancelledError,
    Error,
    InvalidArgumentError,
    PermissionDeniedError,
    RootNotFoundError,
    StateError,
)
from finder._library import version
from finder._view import Canceller, Explanation, Stats, View, scan

__version__ = version()
__all__ = [
    "Answers",
    "BusyError",
    "CancelledError",
    "Canceller",
    "Entry",
    "Error",
    "Explanation",
    "InvalidArgumentError",
    "Kind",
    "PermissionDeniedError",
    "RootNotFoundError",
    "StateError",
    "Stats",
    "View",
    "scan",
]
