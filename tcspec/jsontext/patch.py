"""Change a JSON text where a JSON Patch says so, and leave every other byte of it as it is.

Numbers, escapes, spacing and the order of keys stay what they were; what is new comes in the layout of what is around.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tcspec.errors import TcspecError
from tcspec.jsontext.handwriting import Hand
from tcspec.jsontext.pointer import split
from tcspec.jsontext.spans import find, indent_at
from tcspec.jsontext.tree import Array, Member, Object, Value, value_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tcspec.jsontext.handwriting import Spelling

    Path = tuple[str, ...]


@dataclass
class WrongPatch(TcspecError, ValueError):  # noqa: N818 - what a user reads is the sentence
    """A patch asks for what cannot be done to a document."""

    operation: str
    pointer: str
    reason: str

    def __str__(self) -> str:
        return f"cannot {self.operation} {self.pointer or 'the root'}: {self.reason}"


@dataclass(frozen=True, slots=True)
class PatchResult:
    """A JSON text after a patch, and the values that went without being declared replaced, as they were spelt."""

    text: bytes
    dropped: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class _Draft:
    """A JSON text that is being changed: its value, how it is written, and what was dropped so far."""

    root: Value
    hand: Hand
    dropped: list[str] = field(default_factory=list)


def apply_patch(raw: bytes, patch: Iterable[Mapping[str, Any]]) -> PatchResult:
    """Apply a JSON Patch (RFC 6902) of replace, move, add and remove to a JSON text that was read before.

    A member that moves within its object keeps its place and gets another key; what is added comes last.

    Raises:
        WrongPatch: when an operation is another one, or its place is not there.
    """
    text = raw.decode()
    whole = find(text, ())
    draft = _Draft(Value(text[whole.start : whole.end], indent_at(text, whole.start)), Hand(text))
    for operation in patch:
        word, pointer = operation["op"], operation["path"]
        try:
            _OPERATIONS[word](draft, split(pointer), operation)
        except KeyError:
            raise WrongPatch(word, pointer, "only replace, move, add and remove are known") from None
        except (LookupError, ValueError) as error:
            raise WrongPatch(word, pointer, str(error)) from None
    edited = f"{text[: whole.start]}{draft.root}{text[whole.end :]}"
    return PatchResult(edited.encode(), tuple(value.encode() for value in draft.dropped))


def _replace(draft: _Draft, path: Path, operation: Mapping[str, Any]) -> None:
    value = value_at(draft.root, path)
    is_broken = bool(path) and value_at(draft.root, path[:-1]).is_broken
    value.become(draft.hand.spelling(operation["value"])(value.indent if is_broken else None))


def _remove(draft: _Draft, path: Path, _: Mapping[str, Any]) -> None:
    value = value_at(draft.root, path)
    if not path:
        raise IndexError("a document has a root")
    draft.dropped.append(str(value))
    _holder(draft, path).remove(path[-1])


def _add(draft: _Draft, path: Path, operation: Mapping[str, Any]) -> None:
    _put(draft, path, draft.hand.spelling(operation["value"]))


def _move(draft: _Draft, path: Path, operation: Mapping[str, Any]) -> None:
    source = split(operation["from"])
    value = value_at(draft.root, source)
    if source == path:
        return
    if path[: len(source)] == source:
        raise IndexError("a value cannot move into itself")
    holder = _holder(draft, source)
    if source[:-1] == path[:-1] and isinstance(holder, Object):
        if taken := holder.get(path[-1]):
            draft.dropped.append(str(taken.value))
            holder.remove(path[-1])
        holder.rename(source[-1], path[-1], draft.hand.compact(path[-1]))
        return
    text, indent = str(value), value.indent

    def spelt(lines: str | None) -> str:
        return text if lines is None else text.replace("\n" + indent, "\n" + lines)

    holder.remove(source[-1])
    _put(draft, path, spelt)


_OPERATIONS = {"replace": _replace, "remove": _remove, "add": _add, "move": _move}


def _holder(draft: _Draft, path: Path) -> Object | Array:
    """Give what a value is in, or is to be."""
    holder = value_at(draft.root, path[:-1]).held
    if holder is None:
        raise IndexError("what should hold it is neither an object nor an array")
    return holder


def _put(draft: _Draft, path: Path, spelt: Spelling) -> None:
    """Put a value where a pointer says: a member last, or in place of one with its key; an item where its index is."""
    if not path:
        draft.dropped.append(str(draft.root))
        draft.root.become(spelt(None))
        return
    holder = _holder(draft, path)
    if isinstance(holder, Object) and (taken := holder.get(path[-1])):
        draft.dropped.append(str(taken.value))
        taken.value.become(spelt(taken.value.indent if holder.is_broken else None))
    elif holder.members:
        _put_beside(draft, holder, path[-1], spelt)
    else:
        _fill(draft, path, spelt)


def _put_beside(draft: _Draft, holder: Object | Array, name: str, spelt: Spelling) -> None:
    """Put a value into an object or array beside what it holds, as that is put."""
    last, *before = holder.last()
    start = holder.before if "\n" in holder.before else draft.hand.after_comma
    gap = before[0].after if before else f",{start}"
    value = Value(spelt(last.value.indent if "\n" in gap else None), last.value.indent)
    holder.insert(name, Member(_key(draft, holder, name), last.colon, value), gap)


def _fill(draft: _Draft, path: Path, spelt: Spelling) -> None:
    """Put a value into an object or array that is empty."""
    holder, layout = _holder(draft, path), draft.hand.layout
    is_inside_lines = len(path) > 1 and value_at(draft.root, path[:-2]).is_broken
    if is_inside_lines and not (layout.inline_lists and isinstance(holder, Array)):
        outer = value_at(draft.root, path[:-1]).indent
        inner = outer + draft.hand.unit
        before, after, value = f"{layout.line_end}{inner}", f"{layout.line_end}{outer}", Value(spelt(inner), inner)
    else:
        before, after, value = "", "", Value(spelt(None), value_at(draft.root, path[:-1]).indent)
    colon = f":{layout.after_colon}" if isinstance(holder, Object) else ""
    holder.insert(path[-1], Member(_key(draft, holder, path[-1]), colon, value, after))
    holder.before, holder.is_broken = before, bool(before)


def _key(draft: _Draft, holder: Object | Array, name: str) -> str:
    return draft.hand.compact(name) if isinstance(holder, Object) else ""
