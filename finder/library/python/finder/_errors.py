"""The errors of libfinder as exceptions."""

from __future__ import annotations


class Error(Exception):
    """A call has failed. `code` is that of the C API."""

    code: int = 9


class InvalidArgumentError(Error, ValueError):
    """An option or its value of which nothing can be made."""

    code = 1


class RootNotFoundError(Error, FileNotFoundError):
    """A root is missing."""

    code = 2


class PermissionDeniedError(Error, PermissionError):
    """A root may not be read."""

    code = 3


class StateError(Error):
    """Not possible in this state, or a root that is of no use."""

    code = 4


class BusyError(Error):
    """Asked from a callback of the same view."""

    code = 5


class CancelledError(Error):
    """The scan was cancelled, as was asked for."""

    code = 6


NO_MEMORY = 8

BY_CODE: dict[int, type[Error]] = {
    kind.code: kind
    for kind in (
        InvalidArgumentError,
        RootNotFoundError,
        PermissionDeniedError,
        StateError,
        BusyError,
        CancelledError,
    )
}
