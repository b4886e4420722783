"""libfinder.so.1 by ctypes: its functions with their types, nothing more.

$FINDER_LIBRARY names another one than that of this package or of the system.
"""

from __future__ import annotations

import ctypes
import os
import pathlib
from ctypes import POINTER, c_char_p, c_int, c_size_t, c_uint64, c_void_p
from typing import Any

from finder._errors import BY_CODE, NO_MEMORY, Error

PROGRESS = ctypes.CFUNCTYPE(None, c_void_p, c_uint64, c_uint64)
UNREADABLE = ctypes.CFUNCTYPE(None, c_void_p, c_char_p, c_char_p)


class ScanOptions(ctypes.Structure):
    """finder_scan_options."""

    _fields_ = [
        ("size", c_size_t),
        ("query", c_void_p),
        ("canceller", c_void_p),
        ("progress", PROGRESS),
        ("data", c_void_p),
    ]


class Stats(ctypes.Structure):
    """finder_stats."""

    _fields_ = [
        ("size", c_size_t),
        ("directories", c_uint64),
        ("files", c_uint64),
        ("matches", c_uint64),
        ("stat_calls", c_uint64),
        ("list_calls", c_uint64),
        ("unreadable", c_uint64),
        ("threads", c_uint64),
        ("bytes_read", c_uint64),
        ("bytes_written", c_uint64),
        ("warm", c_int),
        ("saved", c_int),
        ("cache_reason", c_char_p),
    ]


def _load() -> ctypes.CDLL:
    named = os.environ.get("FINDER_LIBRARY")
    if named:
        return ctypes.CDLL(named)
    beside = pathlib.Path(__file__).with_name("libfinder.so.1")
    return ctypes.CDLL(str(beside) if beside.exists() else "libfinder.so.1")


LIBRARY = _load()

_ERROR = POINTER(c_void_p)
# Those that return a code; the error comes last.
_CALLS: dict[str, list[Any]] = {
    "finder_view_open": [POINTER(c_void_p)],
    "finder_view_set": [c_void_p, c_char_p, c_char_p],
    "finder_view_scan": [c_void_p, POINTER(ScanOptions)],
    "finder_view_save": [c_void_p],
    "finder_view_count": [c_void_p, c_void_p, POINTER(c_uint64)],
    "finder_view_list": [c_void_p, c_void_p, POINTER(c_void_p)],
    "finder_view_unreadable": [c_void_p, UNREADABLE, c_void_p],
    "finder_view_why": [c_void_p, c_void_p, c_char_p, POINTER(c_void_p)],
    "finder_view_stats": [c_void_p, POINTER(Stats)],
    "finder_canceller_new": [POINTER(c_void_p)],
    "finder_query_new": [POINTER(c_void_p)],
    "finder_query_set": [c_void_p, c_char_p, c_char_p],
}
_OTHERS: dict[str, tuple[Any, list[Any]]] = {
    "finder_version": (c_char_p, []),
    "finder_error_message": (c_char_p, [c_void_p]),
    "finder_error_free": (None, [c_void_p]),
    "finder_view_close": (None, [c_void_p]),
    "finder_cancel": (None, [c_void_p]),
    "finder_canceller_free": (None, [c_void_p]),
    "finder_query_free": (None, [c_void_p]),
    "finder_answers_count": (c_uint64, [c_void_p]),
    "finder_answers_paths": (
        c_void_p,
        [c_void_p, POINTER(c_size_t), POINTER(c_void_p)],
    ),
    "finder_answers_free": (None, [c_void_p]),
    "finder_explanation_shown": (c_int, [c_void_p]),
    "finder_explanation_reason": (c_char_p, [c_void_p]),
    "finder_explanation_step": (c_char_p, [c_void_p, c_size_t]),
    "finder_explanation_free": (None, [c_void_p]),
}
for _name, _types in _CALLS.items():
    getattr(LIBRARY, _name).restype = c_int
    getattr(LIBRARY, _name).argtypes = [*_types, _ERROR]
for _name, (_result, _types) in _OTHERS.items():
    getattr(LIBRARY, _name).restype = _result
    getattr(LIBRARY, _name).argtypes = _types


def call(name: str, *arguments: object) -> None:
    """Calls a function that returns a code; raises what that stands for."""
    error = c_void_p()
    code = getattr(LIBRARY, name)(*arguments, ctypes.byref(error))
    if code == 0:
        return
    if code == NO_MEMORY:
        LIBRARY.finder_error_free(error)
        raise MemoryError
    text = f"error {code}"
    if error:
        text = os.fsdecode(LIBRARY.finder_error_message(error))
        LIBRARY.finder_error_free(error)
    raised = BY_CODE.get(code, Error)(text)
    raised.code = code
    raise raised


def version() -> str:
    """That of the library."""
    return str(LIBRARY.finder_version().decode())
