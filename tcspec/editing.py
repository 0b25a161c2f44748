"""Change a JSON text where a JSON Patch says so, and leave every other byte of it as it is.

Numbers, escapes, spacing and the order of keys stay what they were; what is new comes in the layout of what is around.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tcspec.errors import TcspecError
from tcspec.layout import Layout, laid_out, layout_of
from tcspec.pointers import split
from tcspec.spans import Node, child, children, find, indent_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Path = tuple[str, ...]
    Spelling = Callable[[str | None], str]
    """Spells a value on lines of a given indentation, or on one line."""

_INDEX = re.compile("0|[1-9][0-9]{0,17}")
_ESCAPE = re.compile(r"\\u(?!00[0-7])")
"""A character beyond ASCII that is written as an escape."""


@dataclass
class WrongPatch(TcspecError, ValueError):  # noqa: N818 - what a user reads is the sentence
    """A patch asks for what cannot be done to a document."""

    operation: str
    pointer: str
    reason: str

    def __str__(self) -> str:
        return f"cannot {self.operation} {self.pointer or 'the root'}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Edited:
    """A JSON text after a patch, and the values that went without being declared replaced, as they were spelt."""

    text: bytes
    dropped: tuple[bytes, ...]


def edit(raw: bytes, patch: Iterable[Mapping[str, Any]]) -> Edited:
    """Apply a JSON Patch (RFC 6902) of replace, move, add and remove to a JSON text that was read before.

    A member that moves within its object keeps its place and gets another key; what is added comes last.

    Raises:
        WrongPatch: when an operation is another one, or its place is not there.
    """
    text = raw.decode()
    dropped: list[str] = []
    for operation in patch:
        word, pointer = operation["op"], operation["path"]
        try:
            text = _OPERATIONS[word](text, split(pointer), operation, dropped)
        except KeyError:
            raise WrongPatch(word, pointer, "only replace, move, add and remove are known") from None
        except (LookupError, ValueError) as error:
            raise WrongPatch(word, pointer, str(error)) from None
    return Edited(text.encode(), tuple(value.encode() for value in dropped))


def _replace(text: str, path: Path, operation: Mapping[str, Any], _: list[str]) -> str:
    node = find(text, path)
    indent = indent_at(text, node.key) if _is_broken_around(text, path) else None
    return _exchanged(text, node, _spelling(text, operation["value"])(indent))


def _remove(text: str, path: Path, _: Mapping[str, Any], dropped: list[str]) -> str:
    node = find(text, path)
    if not path:
        raise IndexError("a document has a root")
    dropped.append(text[node.start : node.end])
    return _without(text, path)


def _add(text: str, path: Path, operation: Mapping[str, Any], dropped: list[str]) -> str:
    return _put(text, path, _spelling(text, operation["value"]), dropped)


def _move(text: str, path: Path, operation: Mapping[str, Any], dropped: list[str]) -> str:
    source = split(operation["from"])
    node = find(text, source)
    if source == path:
        return text
    if path[: len(source)] == source:
        raise IndexError("a value cannot move into itself")
    if source[:-1] == path[:-1] and text[find(text, path[:-1]).start] == "{":
        return _renamed(text, source, path, dropped)
    value, indent = text[node.start : node.end], indent_at(text, node.key)

    def spelt(lines: str | None) -> str:
        return value if lines is None else value.replace("\n" + indent, "\n" + lines)

    return _put(_without(text, source), path, spelt, dropped)


_OPERATIONS = {"replace": _replace, "remove": _remove, "add": _add, "move": _move}


def _renamed(text: str, source: Path, path: Path, dropped: list[str]) -> str:
    """Give a member another key in the place that it has; one that has this key already goes."""
    taken = child(text, find(text, path[:-1]), path[-1])
    if taken:
        dropped.append(text[taken.start : taken.end])
        text = _without(text, path)
    node = find(text, source)
    return text[: node.key] + _compact(text, path[-1]) + text[node.key_end :]


def _without(text: str, path: Path) -> str:
    """Take a member or item out, with one comma and the white space that goes with it."""
    holder = find(text, path[:-1])
    nodes = list(children(text, holder))
    index = next(index for index, node in enumerate(nodes) if node.name == path[-1])
    if len(nodes) == 1:
        return text[: holder.start + 1] + text[holder.end - 1 :]
    if index == len(nodes) - 1:
        return text[: nodes[index - 1].end] + text[nodes[index].end :]
    return text[: nodes[index].key] + text[nodes[index + 1].key :]


def _put(text: str, path: Path, spelt: Spelling, dropped: list[str]) -> str:
    """Put a value where a pointer says: a member last, or in place of one with its key; an item where its index is."""
    if not path:
        root = find(text, path)
        dropped.append(text[root.start : root.end])
        return _exchanged(text, root, spelt(None))
    holder = find(text, path[:-1])
    nodes = list(children(text, holder))
    if text[holder.start] == "{":
        taken = next((node for node in nodes if node.name == path[-1]), None)
        if taken:
            dropped.append(text[taken.start : taken.end])
            is_broken = "\n" in text[holder.start : holder.end]
            return _exchanged(text, taken, spelt(indent_at(text, taken.key) if is_broken else None))
        index = len(nodes)
        key = _compact(text, path[-1]) + _colon(text, nodes)
    elif text[holder.start] == "[":
        index = _index(path[-1], len(nodes))
        key = ""
    else:
        raise IndexError("what should hold it is neither an object nor an array")
    if not nodes:
        return _filled(text, path, key, spelt)
    gap = _gap(text, holder, nodes)
    member = key + spelt(indent_at(text, nodes[-1].key) if "\n" in gap else None)
    if index == len(nodes):
        return text[: nodes[-1].end] + gap + member + text[nodes[-1].end :]
    return text[: nodes[index].key] + member + gap + text[nodes[index].key :]


def _filled(text: str, path: Path, key: str, spelt: Spelling) -> str:
    """Put a value into an object or array that is empty."""
    holder = find(text, path[:-1])
    layout = layout_of(text)
    is_list_of_one_line = layout.inline_lists and text[holder.start] == "["
    if is_list_of_one_line or not _is_broken_around(text, path[:-1]):
        return text[: holder.start + 1] + key + spelt(None) + text[holder.end - 1 :]
    outer = indent_at(text, holder.key)
    inner = outer + _unit(text)
    lines = f"{layout.line_end}{inner}{key}{spelt(inner)}{layout.line_end}{outer}"
    return text[: holder.start + 1] + lines + text[holder.end - 1 :]


def _index(name: str, length: int) -> int:
    """Read where in an array an item is to be added."""
    if name == "-":
        return length
    if not _INDEX.fullmatch(name) or int(name) > length:
        raise IndexError("the array has no such place")
    return int(name)


def _gap(text: str, holder: Node, nodes: list[Node]) -> str:
    """Give what stands between two children of a container, as its siblings have it."""
    if len(nodes) > 1:
        return text[nodes[-2].end : nodes[-1].key]
    before = text[holder.start + 1 : nodes[0].key]
    return "," + (before if "\n" in before else _after_comma(layout_of(text)))


def _colon(text: str, nodes: list[Node]) -> str:
    """Give what stands between key and value, as the sibling before has it."""
    if not nodes:
        return f":{layout_of(text).after_colon}"
    return text[nodes[-1].key_end : nodes[-1].start]


def _after_comma(layout: Layout) -> str:
    """Give what follows a comma on a line; a text of many lines is asked what follows its colons."""
    return layout.after_comma if layout.indent is None else layout.after_colon


def _spelling(text: str, value: object) -> Spelling:
    """Spell a value as the text around would."""

    def spelt(lines: str | None) -> str:
        if not value or not isinstance(value, dict | list):
            return _compact(text, value)
        layout = layout_of(text)
        comma, colon = f",{_after_comma(layout)}", f":{layout.after_colon}"
        on_one_line = json.dumps(value, ensure_ascii=_escapes(text), separators=(comma, colon))
        if lines is None:
            return on_one_line
        return laid_out(on_one_line, replace(layout, indent=_unit(text), line_end=layout.line_end + lines))

    return spelt


def _compact(text: str, value: object) -> str:
    return json.dumps(value, ensure_ascii=_escapes(text), separators=(",", ":"))


def _escapes(text: str) -> bool:
    """Tell whether a text writes characters beyond ASCII as escapes."""
    return text.isascii() and bool(_ESCAPE.search(text))


def _exchanged(text: str, node: Node, value: str) -> str:
    return text[: node.start] + value + text[node.end :]


def _is_broken_around(text: str, path: Path) -> bool:
    """Tell whether what holds the value at a path stands on several lines."""
    if not path:
        return False
    holder = find(text, path[:-1])
    return "\n" in text[holder.start : holder.end]


def _unit(text: str) -> str:
    """Give what one level of the outermost container is indented by."""
    root = find(text, ())
    first = next(children(text, root))
    return indent_at(text, first.key).removeprefix(indent_at(text, root.end - 1))
