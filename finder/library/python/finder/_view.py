"""Views: scanning a tree and asking about it."""

from __future__ import annotations

import ctypes
import dataclasses
import os
import threading
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Optional, Union

from finder import _library
from finder._answers import Answers
from finder._errors import StateError
from finder._library import LIBRARY, call

PathArgument = Union[str, bytes, "os.PathLike[str]", "os.PathLike[bytes]"]
# True turns an option on; False and None leave it alone; of several values each
# is set.
Value = Union[None, bool, int, PathArgument, Iterable[PathArgument]]
Progress = Callable[[int, Optional[int]], None]


@dataclasses.dataclass(frozen=True)
class Stats:
    """What the last scan did, and what was asked since."""

    directories: int
    files: int
    matches: int
    stat_calls: int
    list_calls: int
    unreadable: int
    threads: int
    bytes_read: int
    bytes_written: int
    warm: bool
    saved: bool
    cache_reason: str


@dataclasses.dataclass(frozen=True)
class Explanation:
    """Why a path is shown or hidden."""

    shown: bool
    reason: str
    steps: tuple[str, ...]


def _texts(value: Value) -> list[Optional[bytes]]:
    if value is None or value is False:
        return []
    if value is True:
        return [None]
    if isinstance(value, int):
        return [str(value).encode()]
    if isinstance(value, (str, bytes, os.PathLike)):
        return [os.fsencode(value)]
    return [os.fsencode(one) for one in value]


def _set(function: str, handle: object, options: dict[str, Value]) -> None:
    for name, value in options.items():
        spelled = name.replace("_", "-").encode()
        for text in _texts(value):
            if text is not None and b"\0" in text:
                raise ValueError(f"{name}: embedded null byte")
            call(function, handle, spelled, text)


class Canceller:
    """Ends the scans that were told of it, from any thread."""

    def __init__(self) -> None:
        self._handle = ctypes.c_void_p()
        call("finder_canceller_new", ctypes.byref(self._handle))

    def cancel(self) -> None:
        """Has them raise CancelledError soon, those to come included."""
        LIBRARY.finder_cancel(self._handle)

    def __del__(self) -> None:
        LIBRARY.finder_canceller_free(self._handle)


def _run(work: Callable[[], None], canceller: Canceller) -> None:
    """Calls `work`, which the canceller ends if there is an interrupt."""
    if threading.current_thread() is not threading.main_thread():
        work()
        return
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # pylint: disable=broad-except
            failures.append(error)

    # An interrupt waits for a call of the main thread to return.
    thread = threading.Thread(target=run)
    thread.start()
    try:
        thread.join()
    except BaseException:
        canceller.cancel()
        thread.join()
        raise
    if failures:
        raise failures[0]


class _Query:
    def __init__(self, options: dict[str, Value]) -> None:
        self.handle = ctypes.c_void_p()
        call("finder_query_new", ctypes.byref(self.handle))
        _set("finder_query_set", self.handle, options)

    def __del__(self) -> None:
        LIBRARY.finder_query_free(self.handle)


class View:
    """A tree that was scanned, and is asked about. Any thread may use it.

    `scan` makes one. Its options are those of the program, with '_' for '-'.
    """

    def __init__(self, roots: Iterable[PathArgument], **options: Value) -> None:
        self._lock = threading.RLock()
        self._handle: Optional[ctypes.c_void_p] = ctypes.c_void_p()
        call("finder_view_open", ctypes.byref(self._handle))
        _set("finder_view_set", self._handle, {"roots": roots, **options})

    def _call(self, name: str, *arguments: object) -> None:
        with self._lock:
            if self._handle is None:
                raise StateError("the view is closed")
            call(name, self._handle, *arguments)

    def scan(
        self,
        *,
        progress: Optional[Progress] = None,
        canceller: Optional[Canceller] = None,
        only: Optional[dict[str, Value]] = None,
        save: bool = True,
    ) -> None:
        """Brings what is known up to date, and keeps it for later runs.

        `progress` is called, from any thread, with the number of directories
        done and about how many there are, None if that is not known. It must not
        use the view. `only` are the options of the one query that will be asked:
        no more is looked at than that needs. Ctrl-C in the main thread cancels.
        """
        options = _library.ScanOptions(size=ctypes.sizeof(_library.ScanOptions))
        canceller = canceller or Canceller()
        options.canceller = canceller._handle
        query = None if only is None else _Query(only)
        if query is not None:
            options.query = query.handle
        if progress is not None:
            listener = progress
            options.progress = _library.PROGRESS(
                lambda _, done, total: listener(done, total or None)
            )
        _run(
            lambda: self._call("finder_view_scan", ctypes.byref(options)),
            canceller,
        )
        if save:
            self._call("finder_view_save")

    def find(self, **options: Value) -> Answers:
        """The answers to a query: find(glob="*.c", type="f", max_depth=2).

        Options are those of the program: glob, regex, extension, name,
        not_name, suffix, type, ignore_case, smart_case, at, first, min_depth,
        max_depth, max_results. Looks at no file.
        """
        query = _Query(options)
        handle = ctypes.c_void_p()
        self._call("finder_view_list", query.handle, ctypes.byref(handle))
        try:
            return Answers(handle)
        finally:
            LIBRARY.finder_answers_free(handle)

    def glob(self, *patterns: PathArgument, **options: Value) -> Answers:
        """The files that match one of the globs.

        A glob is about the name, or about the path if it holds a '/'.
        """
        return self.find(glob=patterns, **options)

    def count(self, **options: Value) -> int:
        """How many answers `find` would give."""
        query = _Query(options)
        count = ctypes.c_uint64()
        self._call("finder_view_count", query.handle, ctypes.byref(count))
        return count.value

    def why(self, path: PathArgument, **options: Value) -> Explanation:
        """Why the view and a query show or hide `path`."""
        query = _Query(options)
        handle = ctypes.c_void_p()
        self._call(
            "finder_view_why",
            query.handle,
            os.fsencode(path),
            ctypes.byref(handle),
        )
        try:
            steps: list[str] = []
            while True:
                step = LIBRARY.finder_explanation_step(handle, len(steps))
                if step is None:
                    break
                steps.append(os.fsdecode(step))
            return Explanation(
                shown=bool(LIBRARY.finder_explanation_shown(handle)),
                reason=os.fsdecode(LIBRARY.finder_explanation_reason(handle)),
                steps=tuple(steps),
            )
        finally:
            LIBRARY.finder_explanation_free(handle)

    @property
    def stats(self) -> Stats:
        """Counts of the last scan and of what was asked since."""
        stats = _library.Stats(size=ctypes.sizeof(_library.Stats))
        with self._lock:
            self._call("finder_view_stats", ctypes.byref(stats))
            values = {
                field.name: getattr(stats, field.name)
                for field in dataclasses.fields(Stats)
            }
        values["warm"] = bool(stats.warm)
        values["saved"] = bool(stats.saved)
        values["cache_reason"] = os.fsdecode(values["cache_reason"])
        return Stats(**values)

    @property
    def unreadable(self) -> list[tuple[str, str]]:
        """Paths that the last scan could not read, each with the reason."""
        found: list[tuple[str, str]] = []
        take = _library.UNREADABLE(
            lambda _, path, reason: found.append(
                (os.fsdecode(path), os.fsdecode(reason))
            )
        )
        self._call("finder_view_unreadable", take, None)
        return found

    def close(self) -> None:
        """Frees what is known. Nothing can be asked any more."""
        with self._lock:
            if self._handle is not None:
                LIBRARY.finder_view_close(self._handle)
                self._handle = None

    def __enter__(self) -> View:
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if hasattr(self, "_handle"):
            self.close()


def scan(
    root: Union[PathArgument, Iterable[PathArgument]] = ".",
    *,
    exclude: Union[PathArgument, Iterable[PathArgument]] = (),
    cache: bool = True,
    progress: Optional[Progress] = None,
    canceller: Optional[Canceller] = None,
    only: Optional[dict[str, Value]] = None,
    save: bool = True,
    **options: Value,
) -> View:
    """Scans one root or several, and returns the view of them.

    `exclude`: names, globs or paths of directories and files to leave out.
    `cache`: whether to use and to write the cache that the program uses.
    Other options are those of the program: cache_dir, db, follow,
    one_file_system, prune_files, exclude_dirs, names, suffixes, refresh,
    threads, keep_going, view_id.
    """
    roots = [root] if isinstance(root, (str, bytes, os.PathLike)) else root
    view = View(roots, exclude=exclude, no_cache=not cache, **options)
    try:
        view.scan(
            progress=progress, canceller=canceller, only=only, save=save
        )
    except BaseException:
        view.close()
        raise
    return view
