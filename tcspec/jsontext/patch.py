"""Apply a JSON Patch to a JSON text, and leave every other byte of the text as it is.

Numbers, escapes, white space and the order of keys stay as they are; new values are formatted as the text around them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tcspec.errors import TcspecError
from tcspec.jsontext.pointer import split
from tcspec.jsontext.positions import find_span, indent_at
from tcspec.jsontext.style import JsonStyle, detect_style, escapes_beyond_ascii, format_value
from tcspec.jsontext.tree import Array, Member, Object, Value, find_value
from tcspec.personal import mask_pointer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Path = tuple[str, ...]
    Operation = Mapping[str, Any]

    Format = Callable[[str | None], str]
    """Formats a value for a line with a given indentation, or with None on one line."""


@dataclass(eq=False)
class PatchError(TcspecError, ValueError):
    """An operation of a patch cannot be applied to a document."""

    operation: str
    pointer: str
    reason: str

    def __str__(self) -> str:
        return f"cannot {self.operation} {mask_pointer(self.pointer) or 'the root'}: {self.reason}"


@dataclass(frozen=True, slots=True)
class PatchResult:
    """A patched JSON text, and the texts of the values that it removed or overwrote; replaced values are not among."""

    text: bytes
    dropped: tuple[bytes, ...]


@dataclass
class _Document:
    """A JSON text that is being patched; its style is detected when a new value needs it."""

    text: str
    root: Value
    dropped: list[str] = field(default_factory=list)

    @cached_property
    def style(self) -> JsonStyle:
        """Return the style of the text."""
        return detect_style(self.text)

    @cached_property
    def ensure_ascii(self) -> bool:
        """Return whether the text escapes what is beyond ASCII."""
        return escapes_beyond_ascii(self.text)

    def format(self, value: object, margin: str | None) -> str:
        """Encode a new value as the text has its own."""
        if value and isinstance(value, dict | list):
            return format_value(value, self.style, margin, ensure_ascii=self.ensure_ascii)
        return json.dumps(value, ensure_ascii=self.ensure_ascii)

    def format_key(self, parent: Object | Array, name: str) -> str:
        """Encode the key of a new member; an item of an array has none."""
        return json.dumps(name, ensure_ascii=self.ensure_ascii) if isinstance(parent, Object) else ""


def apply_patch(raw: bytes, patch: Iterable[Operation]) -> PatchResult:
    """Apply a JSON Patch (RFC 6902) of replace, move, add and remove to a JSON text that was parsed before.

    A member that moves within its object keeps its place and gets another key; a new member comes last.

    Raises:
        PatchError: when an operation is of another kind, or cannot be applied.
    """
    text = raw.decode()
    root = find_span(text, ())
    document = _Document(text, Value(text[root.start : root.end], indent_at(text, root.start)))
    for operation in patch:
        name, pointer = operation["op"], operation["path"]
        try:
            _OPERATIONS[name](document, split(pointer), operation)
        # What the document lacks is an IndexError: this is about the operation alone.
        except KeyError:
            raise PatchError(name, pointer, "expected a complete replace, move, add or remove operation") from None
        except (LookupError, ValueError) as error:
            raise PatchError(name, pointer, str(error)) from None
    patched = f"{text[: root.start]}{document.root}{text[root.end :]}"
    return PatchResult(patched.encode(), tuple(value.encode() for value in document.dropped))


def _replace(document: _Document, path: Path, operation: Operation) -> None:
    value = find_value(document.root, path)
    is_multiline = bool(path) and find_value(document.root, path[:-1]).is_multiline
    value.replace(document.format(operation["value"], value.indent if is_multiline else None))


def _remove(document: _Document, path: Path, _: Operation) -> None:
    value = find_value(document.root, path)
    if not path:
        raise IndexError("the root cannot be removed")
    document.dropped.append(str(value))
    _find_parent(document, path).remove(path[-1])


def _add(document: _Document, path: Path, operation: Operation) -> None:
    value = operation["value"]
    _insert(document, path, lambda margin: document.format(value, margin))


def _move(document: _Document, path: Path, operation: Operation) -> None:
    source = split(operation["from"])
    value = find_value(document.root, source)
    if source == path:
        return
    if path[: len(source)] == source:
        raise IndexError("a value cannot be moved into itself")
    parent = _find_parent(document, source)
    if source[:-1] == path[:-1] and isinstance(parent, Object):
        if overwritten := parent.get(path[-1]):
            document.dropped.append(str(overwritten.value))
            parent.remove(path[-1])
        parent.rename(source[-1], path[-1], document.format_key(parent, path[-1]))
        return
    text, indent = str(value), value.indent
    parent.remove(source[-1])
    # Only indentation follows a line feed: inside a string it is escaped.
    _insert(document, path, lambda margin: text if margin is None else text.replace("\n" + indent, "\n" + margin))


_OPERATIONS = {"replace": _replace, "remove": _remove, "add": _add, "move": _move}


def _find_parent(document: _Document, path: Path) -> Object | Array:
    """Return the object or array that a value is in, or is to be added to."""
    parent = find_value(document.root, path[:-1]).container
    if parent is None:
        raise IndexError("the parent is neither an object nor an array")
    return parent


def _insert(document: _Document, path: Path, format_text: Format) -> None:
    """Insert a value: a member last, or over the one with its key; an item before the one at its index."""
    if not path:
        document.dropped.append(str(document.root))
        document.root.replace(format_text(None))
        return
    parent = _find_parent(document, path)
    if isinstance(parent, Object) and (overwritten := parent.get(path[-1])):
        document.dropped.append(str(overwritten.value))
        overwritten.value.replace(format_text(overwritten.value.indent if parent.is_multiline else None))
    elif parent.members:
        _insert_beside(document, parent, path[-1], format_text)
    else:
        _insert_into_empty(document, path, format_text)


def _insert_beside(document: _Document, parent: Object | Array, token: str, format_text: Format) -> None:
    """Insert a value into an object or array, formatted as its last member is."""
    last, *before = parent.last_members()
    start = parent.before if "\n" in parent.before else document.style.after_inline_comma
    gap = before[0].after if before else f",{start}"
    value = Value(format_text(last.value.indent if "\n" in gap else None), last.value.indent)
    parent.insert(token, Member(document.format_key(parent, token), last.colon, value), gap)


def _insert_into_empty(document: _Document, path: Path, format_text: Format) -> None:
    """Insert a value into an empty object or array, on a line of its own where the text around has such lines."""
    parent, style = _find_parent(document, path), document.style
    outer = find_value(document.root, path[:-1]).indent
    is_multiline = len(path) > 1 and find_value(document.root, path[:-2]).is_multiline
    if is_multiline and not (style.inline_arrays and isinstance(parent, Array)):
        inner = outer + (style.indent or "")
        before, after, value = f"{style.newline}{inner}", f"{style.newline}{outer}", Value(format_text(inner), inner)
    else:
        before, after, value = "", "", Value(format_text(None), outer)
    colon = f":{style.after_colon}" if isinstance(parent, Object) else ""
    parent.insert(path[-1], Member(document.format_key(parent, path[-1]), colon, value, after))
    parent.before, parent.is_multiline = before, bool(before)


def patch_value(document: Any, patch: Iterable[Operation]) -> Any:  # noqa: ANN401 - any JSON value
    """Apply a JSON Patch of replace, move, add and remove to a JSON value, and return a new one.

    The result is what the text of `apply_patch` has, with its keys in the same order, and nothing is parsed again.

    Raises:
        LookupError: when an operation cannot be applied.
    """
    for operation in patch:
        path = split(operation["path"])
        match operation["op"]:
            case "remove":
                document, _ = _pop(document, path)
            case "replace" if not path:
                document = operation["value"]
            case "replace":
                document, parent = _copy_to_parent(document, path)
                parent[_key_in(parent, path[-1])] = operation["value"]
            case "add":
                document = _add_value(document, path, operation["value"])
            case "move":
                document = _move_value(document, split(operation["from"]), path)
    return document


def _move_value(document: Any, source: Path, target: Path) -> Any:  # noqa: ANN401 - any JSON value
    if source == target:
        return document
    root, parent = _copy_to_parent(document, source)
    if source[:-1] != target[:-1] or not isinstance(parent, dict):
        root, value = _pop(document, source)
        return _add_value(root, target, value)
    # A member that is renamed keeps its place, as in the text.
    old, new = source[-1], target[-1]
    members = [(new if name == old else name, value) for name, value in parent.items() if name != new]
    parent.clear()
    parent.update(members)
    return root


def _add_value(document: Any, path: Path, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if not path:
        return value
    root, parent = _copy_to_parent(document, path)
    if isinstance(parent, list):
        parent.insert(len(parent) if path[-1] == "-" else int(path[-1]), value)
    else:
        parent[path[-1]] = value
    return root


def _pop(document: Any, path: Path) -> tuple[Any, Any]:  # noqa: ANN401 - any JSON value
    """Return a document without the value at a path, and that value."""
    root, parent = _copy_to_parent(document, path)
    return root, parent.pop(_key_in(parent, path[-1]))


def _copy_to_parent(document: Any, path: Path) -> tuple[Any, Any]:  # noqa: ANN401 - any JSON value
    """Return a document whose objects and arrays around a path are copies, and the innermost of these."""
    root = parent = document.copy()
    for token in path[:-1]:
        key = _key_in(parent, token)
        parent[key] = parent[key].copy()
        parent = parent[key]
    return root, parent


def _key_in(parent: Any, token: str) -> str | int:  # noqa: ANN401 - an object or array
    return int(token) if isinstance(parent, list) else token
