"""Answers to a query."""

from __future__ import annotations

import ctypes
import enum
import os
from collections.abc import Iterator, Sequence
from typing import Union, overload

from finder._library import LIBRARY


class Kind(enum.IntEnum):
    """What an entry is."""

    FILE = 0
    DIRECTORY = 1
    SYMLINK = 2
    OTHER = 3


class Entry(os.PathLike[str]):
    """One answer: a path that functions of `os` and `open` take."""

    __slots__ = ("_kind", "path")

    path: str

    def __init__(self, path: str, kind: int) -> None:
        self.path = path
        self._kind = kind

    @property
    def kind(self) -> Kind:
        """What it is."""
        return Kind(self._kind)

    @property
    def name(self) -> str:
        """The last component of the path."""
        return self.path.rpartition("/")[2]

    def __fspath__(self) -> str:
        return self.path

    def __str__(self) -> str:
        return self.path

    def __repr__(self) -> str:
        return f"Entry({self.path!r}, {self.kind.name})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Entry) and self.path == other.path

    def __lt__(self, other: Entry) -> bool:
        return os.fsencode(self.path) < os.fsencode(other.path)

    def __hash__(self) -> int:
        return hash(self.path)


class Answers(Sequence[Entry]):
    """The answers to one query, in the order of the bytes of their paths.

    A sequence of `Entry`; `paths` has them as strings, which is faster.
    """

    __slots__ = ("_kinds", "paths")

    paths: list[str]

    def __init__(self, handle: ctypes.c_void_p) -> None:
        size = ctypes.c_size_t()
        kinds = ctypes.c_void_p()
        paths = LIBRARY.finder_answers_paths(
            handle, ctypes.byref(size), ctypes.byref(kinds)
        )
        count = LIBRARY.finder_answers_count(handle)
        if count == 0:
            self.paths, self._kinds = [], b""
            return
        # Without the last NUL.
        block = ctypes.string_at(paths, size.value - 1)
        self.paths = os.fsdecode(block).split("\0")
        self._kinds = ctypes.string_at(kinds, count)

    def __len__(self) -> int:
        return len(self.paths)

    def __iter__(self) -> Iterator[Entry]:
        return map(Entry, self.paths, self._kinds)

    @overload
    def __getitem__(self, index: int) -> Entry: ...

    @overload
    def __getitem__(self, index: slice) -> list[Entry]: ...

    def __getitem__(
        self, index: Union[int, slice]
    ) -> Union[Entry, list[Entry]]:
        if isinstance(index, slice):
            return list(map(Entry, self.paths[index], self._kinds[index]))
        return Entry(self.paths[index], self._kinds[index])

    def __repr__(self) -> str:
        return f"<{len(self)} answers>"
