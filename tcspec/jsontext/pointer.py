"""JSON Pointers (RFC 6901): built from paths, parsed into paths, and followed to values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tcspec.patterns import compile_late

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# No index of a list is longer, and int() of thousands of digits takes quadratic time or fails.
_INDEX = compile_late("0|[1-9][0-9]{0,17}")


def escape(token: str) -> str:
    """Return a reference token with its tildes and slashes escaped."""
    return token.replace("~", "~0").replace("/", "~1")


def join(path: Iterable[str | int]) -> str:
    """Build the pointer of a path; the empty path is the whole document."""
    # An index and a key of the same digits have the same token: only the document tells them apart.
    return "".join(f"/{escape(str(part))}" for part in path)


def split(pointer: str) -> tuple[str, ...]:
    """Parse a pointer into the path that it names.

    Raises:
        ValueError: when the text is not a JSON Pointer.
    """
    if not pointer:
        return ()
    if not pointer.startswith("/"):
        raise ValueError(f"a JSON Pointer starts with a slash, got {pointer!r}")
    # In this order (RFC 6901, section 4): `~01` is an escaped `~1`, and not a slash.
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in pointer[1:].split("/"))


def parse_index(token: str) -> int | None:
    """Parse a reference token as the index of an array; None when it is not one."""
    return int(token) if _INDEX.fullmatch(token) else None


def follow(document: Any, pointer: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value that a pointer names.

    Raises:
        LookupError: when the document has no such value.
    """
    for token in split(pointer):
        match document:
            case dict():
                document = document[token]
            case list() | tuple() if (index := parse_index(token)) is not None:
                document = document[index]
            case _:
                raise LookupError(pointer)
    return document


def iter_parents(pointer: str) -> Iterator[str]:
    """Yield the pointers of everything around a value, the innermost first and the whole document last."""
    while pointer:
        pointer = pointer.rpartition("/")[0]
        yield pointer
