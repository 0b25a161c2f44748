"""Apply a JSON Patch to a JSON text, and leave every other byte of the text as it is.

Numbers, escapes, white space and the order of keys stay as they are; new values are formatted as the text around them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tcspec.errors import TcspecError
from tcspec.jsontext.pointer import split
from tcspec.jsontext.positions import find_span, indent_at
from tcspec.jsontext.style import JsonStyle, detect_style, escapes_beyond_ascii, format_value, indent_lines
from tcspec.jsontext.tree import Array, Member, Object, Value, find_value
from tcspec.personal import mask_pointer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    Path = tuple[str, ...]
    Operation = Mapping[str, Any]

    Format = Callable[[str | None], str]
    """Formats a value for a line with a given indentation, or with None on one line."""


# A blank line separates groups of members; a new one belongs to the last group.
_BLANK_LINES = re.compile(r"\n\s*\n")


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


class JsonText(str):
    """A value of an operation as JSON text, which is written as it is."""

    __slots__ = ()


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
        if isinstance(value, JsonText):
            return str(value)
        if value and isinstance(value, dict | list):
            return format_value(value, self.style, margin, ensure_ascii=self.ensure_ascii)
        return json.dumps(value, ensure_ascii=self.ensure_ascii)


def apply_patch(
    raw: bytes, patch: Iterable[Operation], orders: Mapping[Path, Sequence[str]] | None = None
) -> PatchResult:
    """Apply a JSON Patch (RFC 6902) of replace, move, add and remove to a JSON text that was parsed before.

    A member that moves within its object keeps its place and gets another key; a new member comes last. Afterwards the
    members of the objects at the paths in `orders` are put in the order of these keys.

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
    for path, keys in (orders or {}).items():
        container = find_value(document.root, path).container
        if isinstance(container, Object):
            container.arrange(keys)
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
    # To where it is already: removing and adding it would change the order of the keys.
    if source == path:
        return
    if path[: len(source)] == source:
        raise IndexError("a value cannot be moved into itself")
    parent = _find_parent(document, source)
    if source[:-1] == path[:-1] and isinstance(parent, Object):
        if overwritten := parent.get(path[-1]):
            document.dropped.append(str(overwritten.value))
            parent.remove(path[-1])
        parent.rename(source[-1], path[-1], json.dumps(path[-1], ensure_ascii=document.ensure_ascii))
        return
    # Removed before it is added: in an array the indexes behind it change, as RFC 6902 has it.
    moved = parent.get(source[-1])
    parent.remove(source[-1])
    text = str(value)
    _insert(document, path, lambda margin: indent_lines(text, value.indent, margin), moved)


_OPERATIONS = {"replace": _replace, "remove": _remove, "add": _add, "move": _move}


def _find_parent(document: _Document, path: Path) -> Object | Array:
    """Return the object or array that a value is in, or is to be added to."""
    parent = find_value(document.root, path[:-1]).container
    if parent is None:
        raise IndexError("the parent is neither an object nor an array")
    return parent


def _insert(document: _Document, path: Path, format_text: Format, moved: Member | None = None) -> None:
    """Insert a value: a member last, or over the one with its key; an item before the one at its index."""
    if not path:
        document.dropped.append(str(document.root))
        document.root.replace(format_text(None))
        return
    parent = _find_parent(document, path)
    if isinstance(parent, Object) and (overwritten := parent.get(path[-1])):
        document.dropped.append(str(overwritten.value))
        overwritten.value.replace(format_text(overwritten.value.indent if parent.is_multiline else None))
        return
    needs_line = moved is not None and moved.has_own_line
    if parent.last_members():
        before, margin = _gap_beside(document, path, needs_line=needs_line)
    else:
        before, margin = _open_empty(document, path, needs_line=needs_line)
    indent = find_value(document.root, path[:-1]).indent if margin is None else margin
    key, colon = _format_key(document, path, moved)
    if moved and margin is not None:
        colon = indent_lines(colon, moved.value.indent, margin)
    parent.insert(path[-1], Member(before, key, colon, Value(format_text(margin), indent)))


def _format_key(document: _Document, path: Path, moved: Member | None) -> tuple[str, str]:
    """Return the key and the colon of a new member as others are written; an item of an array has none."""
    parent = _find_parent(document, path)
    if not isinstance(parent, Object):
        return "", ""
    text = json.dumps(path[-1], ensure_ascii=document.ensure_ascii)
    if moved and moved.key:
        # A key that stays the same may be written with other escapes.
        return moved.key if json.loads(moved.key) == path[-1] else text, moved.colon
    beside = next((member.colon for member in parent.last_members()), "\n")
    return text, document.style.colon if "\n" in beside else beside


def _gap_beside(document: _Document, path: Path, *, needs_line: bool) -> tuple[str, str | None]:
    """Return the white space before a new member that is as that before the last one, and the margin of a new line."""
    last, *others = _find_parent(document, path).last_members()
    style = document.style
    gap = _BLANK_LINES.sub("\n", last.before) if others or "\n" in last.before else style.after_comma
    if "\n" in gap:
        return gap, gap.rpartition("\n")[2]
    # Some begin lines with the commas.
    if others and "\n" in others[0].after:
        return gap, last.value.indent
    if not needs_line:
        return gap, None
    margin = find_value(document.root, path[:-1]).indent + (style.indent or "")
    return style.newline + margin, margin


def _open_empty(document: _Document, path: Path, *, needs_line: bool) -> tuple[str, str | None]:
    """Return the white space before the first member, and the margin of a new line if those around have their own."""
    parent, style = _find_parent(document, path), document.style
    needs_line = needs_line or (len(path) > 1 and find_value(document.root, path[:-2]).is_multiline)
    if not needs_line or (style.inline_arrays and isinstance(parent, Array)):
        parent.end, parent.is_multiline = "", False
        return "", None
    outer = find_value(document.root, path[:-1]).indent
    margin = outer + (style.indent or "")
    parent.end, parent.is_multiline = style.newline + outer, True
    return style.newline + margin, margin
