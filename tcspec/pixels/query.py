"""Query strings whose names nest in brackets: read into objects and lists of text, and written.

`user[id]=c-20418&items[0][product][colors][]=red` says `{"user": {"id": "c-20418"}, "items": [{"product": {"colors":
["red"]}}]}`. All that a query says is text, and what it says is never guessed: one that readers would take in
different ways is refused.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote_to_bytes

from tcspec import codes
from tcspec.errors import TcspecError, UnreadablePayload
from tcspec.jsontext import positions
from tcspec.jsontext.encoder import type_name
from tcspec.jsontext.pointer import join
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits, encode_text
from tcspec.pixels.query_tree import Leaf, Places, as_list, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.codes import Code
    from tcspec.pixels.query_tree import Branch

    _Path = tuple[str | int, ...]


_PIECE = re.compile("[^&]+")
_NOT_SENT = re.compile(r"[\x00-\x20\x7f#]")
_BROKEN_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")
_NAME = re.compile(r"[^\[\]]++(?:\[[^\[\]]*+\])*+")
_PART = re.compile(r"[^\[\]]++|\[\]")
_APPENDED = "[]"


@dataclass
class Unsayable(TcspecError, ValueError):  # noqa: N818 - what a user reads is the sentence
    """A value that no query says was to be written as one; `pointer` names the part that cannot be said."""

    pointer: str
    reason: str

    def __str__(self) -> str:
        return f"a query cannot say what is at {self.pointer or 'the root'}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Query:
    """A query as it was read; `start` is where it begins in the text that holds it."""

    tree: dict[str, Branch] = field(repr=False)
    start: int = 0

    @property
    def value(self) -> dict[str, Any]:
        """Make what the query says: objects and lists whose leaves are text."""
        return {name: plain(branch) for name, branch in self.tree.items()}

    @property
    def places(self) -> Places:
        """Give where each part of the value stands in the text."""
        return Places(self.tree, self.start)


def read_query(text: str, limits: Limits = DEFAULT_LIMITS, start: int = 0, end: int | None = None) -> Query:
    """Read the query that stands in a text from `start` to `end`, without its question mark.

    Names and values are percent-decoded as UTF-8, `+` is a space, and brackets count whether they are encoded or not.
    `a[]` appends to a list. `a[0]`, `a[1]` make a list when the indexes are all from 0 on, in any order; else they are
    names. A name without `=` has the empty text, and empty pieces between two `&` are passed over.

    Raises:
        UnreadablePayload: with TC012 when brackets are unbalanced or misplaced, a name is empty or given twice or in
            two shapes, an escape is broken, or something stands bare that is never sent so; with TC002 when it is not
            UTF-8, with TC006 or TC007 when it is beyond the limits. Line and column are those of the text.
    """
    size = len(encode_text(text))
    if size > limits.length:
        message = f"{size:,} bytes are more than the {limits.length:,} that are read"
        raise unreadable(codes.TOO_LONG, message, text, start)
    end = len(text) if end is None else end
    for never, message in ((_NOT_SENT, _BARE), (_BROKEN_ESCAPE, _PERCENT)):
        found = never.search(text, start, end)
        if found:
            raise unreadable(codes.BAD_QUERY, message, text, found.start())
    tree: dict[str, Branch] = {}
    for piece in _PIECE.finditer(text, start, end):
        name, _, value = piece[0].partition("=")
        try:
            parts = _parts(_decoded(name), limits)
            _put(tree, parts, Leaf(_decoded(value), piece.start()))
        except UnicodeDecodeError:
            message = "the percent escapes of a parameter are not UTF-8"
            raise unreadable(codes.NOT_UTF8, message, text, piece.start()) from None
        except _Refused as refused:
            raise unreadable(refused.code, refused.message, text, piece.start(), refused.name) from None
    return Query(tree, start)


def write_query(value: dict[str, Any], limits: Limits = DEFAULT_LIMITS) -> str:
    """Write an object whose leaves are text as the query that says it; reading gives the same object back.

    Brackets are written as they are, all else but unreserved characters (RFC 3986) percent-encoded. Lists of texts
    are appended to with `[]`, lists of anything else have their indexes.

    Raises:
        Unsayable: when something in the object has no form in a query.
    """
    if not isinstance(value, dict):
        raise Unsayable("", f"{type_name(value)} is no object")
    parameters: list[str] = []
    for name, member in value.items():
        _write((name,), _spelt((), name), member, parameters, limits.depth)
    return "&".join(parameters)


def unreadable(code: Code, message: str, text: str, offset: int, name: str | None = None) -> UnreadablePayload:
    """Make the refusal of a text for what stands at an offset; `name` is that of the parameter."""
    line, column = positions.line_and_column(text, offset)
    data = {} if name is None else {"property": name}
    return UnreadablePayload([replace(code.violation("", message, data), line=line, column=column)])


_BARE = "white space, control characters and # never stand in a query as they are: percent-encode them"
_PERCENT = "a percent sign starts no escape of two hexadecimal digits: write the sign itself as %25"
_BRACKETS = "the brackets of a name are unbalanced or misplaced: nest names as in `user[id]`"
_NAMELESS = "a parameter has no name: write `name=value`, and percent-encode `&` and `=` in values"
_EARLY = "`[]` stands before the end of a name: say which item is meant, as in `items[0][id]`"


@dataclass
class _Refused(Exception):  # noqa: N818 - a signal: the reader knows the place, who raises it does not
    """A parameter cannot be read."""

    code: Code
    message: str
    name: str | None = None


def _decoded(text: str) -> str:
    if "%" not in text and "+" not in text:
        return text
    return unquote_to_bytes(text.replace("+", " ")).decode()


def _parts(name: str, limits: Limits) -> list[str]:
    """Take a name apart; `[]` in the end stands for itself, as no other part can hold brackets."""
    if not name:
        raise _Refused(codes.BAD_QUERY, _NAMELESS)
    if name.count("[") >= limits.depth:
        raise _Refused(codes.TOO_DEEP, f"more than {limits.depth} levels of nesting")
    if not _NAME.fullmatch(name):
        raise _Refused(codes.BAD_QUERY, _BRACKETS)
    parts = _PART.findall(name)
    if _APPENDED in parts[:-1]:
        raise _Refused(codes.BAD_QUERY, _EARLY)
    return parts


def _put(tree: dict[str, Branch], parts: list[str], leaf: Leaf) -> None:
    """Put a value at its place in the tree; what is there already must be of the same shape."""
    branches = tree
    *around, last = parts
    if last == _APPENDED:
        around, last = around[:-1], around[-1]
    for depth, part in enumerate(around, 1):
        inner = branches.setdefault(part, {})
        if not isinstance(inner, dict):
            raise _conflict(inner, {}, parts[:depth])
        branches = inner
    if parts[-1] == _APPENDED:
        there = branches.setdefault(last, [])
        if not isinstance(there, list):
            raise _conflict(there, [], parts[:-1])
        there.append(leaf)
    elif branches.setdefault(last, leaf) is not leaf:
        raise _conflict(branches[last], leaf, parts)


def _conflict(there: Branch, given: Branch, parts: list[str]) -> _Refused:
    """Say how a name that was given before is given again."""
    first, *inner = parts
    name = first + "".join(f"[{part}]" for part in inner)
    told = json.dumps(name, ensure_ascii=False)
    match there, given:
        case Leaf(), Leaf():
            message = f"{told} is given twice and one value would be lost: give it once, or append to a list with `[]`"
        case (Leaf(), _) | (_, Leaf()):
            message = f"{told} is given with a value of its own and with brackets: choose one"
        case _:
            message = f"{told} is given with `[]` and with names or indexes in its brackets: choose one"
    return _Refused(codes.BAD_QUERY, message, name)


def _write(path: _Path, name: str, value: object, parameters: list[str], depth: int) -> None:
    """Write what stands at a path, under the name that a query has for it."""
    if isinstance(value, str):
        parameters.append(f"{name}={_quoted(path, value)}")
        return
    members = _members(path, value, depth)
    appended = isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)
    for part, spelt, member in members:
        _write((*path, part), f"{name}[{'' if appended else spelt}]", member, parameters, depth)


def _members(path: _Path, value: object, depth: int) -> Iterator[tuple[str | int, str, object]]:
    """Give the members of an object or list that a query can say: name or index, how it is spelt, value."""
    if not isinstance(value, dict | list | tuple):
        raise Unsayable(join(path), f"{type_name(value)} is no text, and text is all that a query says")
    if not value:
        raise Unsayable(join(path), f"an empty {'object' if isinstance(value, dict) else 'list'} has no form")
    if len(path) >= depth:
        raise Unsayable(join(path), f"more than {depth} levels of nesting")
    if not isinstance(value, dict):
        yield from ((index, str(index), item) for index, item in enumerate(value))
    elif as_list(value) is not None:
        raise Unsayable(join(path), "an object whose names are the indexes from 0 on would be read as a list")
    else:
        yield from ((name, _spelt(path, name), member) for name, member in value.items())


def _spelt(path: _Path, name: object) -> str:
    """Spell one part of a name."""
    if not isinstance(name, str):
        raise Unsayable(join(path), f"a name is {type_name(name)}, names are text")
    if not name or "[" in name or "]" in name:
        raise Unsayable(join(path), "a name holds a bracket" if name else "a name is empty")
    return _quoted(path, name)


def _quoted(path: _Path, text: str) -> str:
    try:
        return quote(text, safe="")
    except UnicodeEncodeError:
        raise Unsayable(join(path), "half of a surrogate pair has no encoding") from None
