"""JSON Pointers (RFC 6901): made from the parts of a path, taken apart, and followed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

_INDEX = re.compile("0|[1-9][0-9]{0,17}")


def escape(part: str) -> str:
    """Spell one reference token."""
    return part.replace("~", "~0").replace("/", "~1")


def join(parts: Iterable[str | int]) -> str:
    """Make a pointer of the parts of a path; the empty path is the whole document."""
    return "".join(f"/{escape(str(part))}" for part in parts)


def split(pointer: str) -> tuple[str, ...]:
    """Take a pointer apart.

    Raises:
        ValueError: when the text is no JSON Pointer.
    """
    if not pointer:
        return ()
    if not pointer.startswith("/"):
        raise ValueError(f"a JSON Pointer starts with a slash: {pointer!r}")
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer[1:].split("/"))


def index_of(part: str) -> int | None:
    """Read a reference token as the index of an item; None when it is none."""
    return int(part) if _INDEX.fullmatch(part) else None


def follow(document: Any, pointer: str) -> Any:  # noqa: ANN401 - any JSON value
    """Find the value that a pointer names.

    Raises:
        LookupError: when the document has no such value.
    """
    for part in split(pointer):
        match document:
            case dict():
                document = document[part]
            case list() | tuple() if (index := index_of(part)) is not None:
                document = document[index]
            case _:
                raise LookupError(pointer)
    return document
