"""Query strings with nested names: parsed into objects and lists of strings, and formatted from them.

`user[id]=c-20418&items[0][product][colors][]=red` is `{"user": {"id": "c-20418"}, "items": [{"product": {"colors":
["red"]}}]}`. All values are strings. A query that parsers would read in different ways is refused, never guessed.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote_to_bytes

from tcspec import codes
from tcspec.errors import TcspecError, UnreadablePayload
from tcspec.json_types import type_name
from tcspec.jsontext import positions
from tcspec.jsontext.encoder import DEFAULT_DEPTH, build_depth_violation, build_length_violation
from tcspec.jsontext.pointer import join
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits, encode_text
from tcspec.personal import mask_name, mask_pointer
from tcspec.pixels.query_tree import Leaf, as_list, to_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.errors import Violation
    from tcspec.pixels.query_tree import Branch

    _Path = tuple[str | int, ...]


# Possessive quantifiers keep these linear on hostile input.
_PARAMETER = re.compile("[^&]+")
_UNENCODED = re.compile(r"[\x00-\x20\x7f#]")
_UNICODE_ESCAPE = re.compile("%[uU][0-9A-Fa-f]{4}")
_TEMPLATE = re.compile(r"%%[\w.-]++%%")
_BROKEN_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")
# Not possessive as a whole: Python before 3.11.5 then takes part of a group that does not match.
_NAME = re.compile(r"[^\[\]]++(?:\[[^\[\]]*+\])*")
_PART = re.compile(r"[^\[\]]++|\[\]")
_APPEND = "[]"


@dataclass(eq=False)
class Unsayable(TcspecError, ValueError):  # noqa: N818 - named by the public contract
    """A value that no query string represents; `pointer` is where it is."""

    pointer: str
    reason: str

    def __str__(self) -> str:
        return f"a query string cannot represent the value at {mask_pointer(self.pointer) or 'the root'}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query: the tree of its parameters."""

    tree: dict[str, Branch] = field(repr=False)

    @property
    def value(self) -> dict[str, Any]:
        """Return the query as a JSON value: objects and lists of strings."""
        return {name: to_value(branch) for name, branch in self.tree.items()}


def read_query(text: str, limits: Limits = DEFAULT_LIMITS, start: int = 0, end: int | None = None) -> Query:
    """Parse the query at `text[start:end]`, without its question mark.

    Names and values are percent-decoded as UTF-8, `+` is a space, and brackets may be percent-encoded. `a[]` appends to
    a list. `a[0]`, `a[1]` in any order are a list when no index is missing; else they are keys of an object. A name
    without `=` has an empty value, and empty parameters between two `&` are ignored.

    Raises:
        UnreadablePayload: TC012 for unbalanced or misplaced brackets, an empty or duplicate name, a name with two
            shapes, a broken escape, or a character that must be encoded; TC002 when it is not UTF-8; TC006 or TC007
            when it exceeds the limits. Line and column are those in `text`.
    """
    # Checked before anything else, as everything else takes time that grows with the length.
    if len(encode_text(text)) > limits.length:
        raise build_query_error(build_length_violation(limits.length), text, start)
    end = len(text) if end is None else end
    for pattern, message in _UNREADABLE:
        found = pattern.search(text, start, end)
        if found:
            raise build_query_error(_bad_query(message), text, found.start())
    tree: dict[str, Branch] = {}
    for parameter in _PARAMETER.finditer(text, start, end):
        name, _, value = parameter[0].partition("=")
        try:
            parts = _split_name(_decode(name), limits)
            _insert(tree, parts, Leaf(_decode(value), parameter.start()))
        except UnicodeDecodeError:
            violation = codes.NOT_UTF8.violation("", _NOT_UTF8)
            raise build_query_error(violation, text, parameter.start()) from None
        except _ParameterError as error:
            raise build_query_error(error.violation, text, parameter.start()) from None
    return Query(tree)


def write_query(value: dict[str, Any]) -> str:
    """Format an object of strings, lists and objects as a query string that `read_query` reads as the same object.

    Brackets stay literal, everything but unreserved characters (RFC 3986) is percent-encoded. Lists of strings are
    written with `[]`, other lists with indexes.

    Raises:
        Unsayable: when something in the object has no representation in a query string.
    """
    if not isinstance(value, dict):
        raise Unsayable("", f"expected an object, got {type_name(value)}")
    parameters: list[str] = []
    for name, member in value.items():
        _write_value((name,), _encode_name((), name), member, parameters)
    return "&".join(parameters)


def build_query_error(violation: Violation, text: str, offset: int) -> UnreadablePayload:
    """Build the error for a violation at an offset of a text."""
    line, column = positions.locate_offset(text, offset)
    return UnreadablePayload([replace(violation, line=line, column=column)])


_MUST_BE_ENCODED = "white space, control characters and # must be percent-encoded in a query"
_PERCENT = "a percent sign must be followed by two hexadecimal digits; write a literal percent sign as %25"
_ESCAPED = "`%u` is an escape of JavaScript's `escape`; encode names and values with `encodeURIComponent`"
_NOT_UTF8 = (
    "the percent-encoded bytes of a parameter are not valid UTF-8; "
    "encode as UTF-8, as `encodeURIComponent` does, and not as Latin-1"
)
_UNREADABLE = (
    (_UNENCODED, _MUST_BE_ENCODED),
    (_UNICODE_ESCAPE, _ESCAPED),
    (_TEMPLATE, "`%%...%%` is a template that was not filled in; send the value, or leave the parameter out"),
    (_BROKEN_ESCAPE, _PERCENT),
)
_BRACKETS = "unbalanced or misplaced brackets in the name of a parameter; nest names as in `user[id]`"
_NO_NAME = "a parameter has no name; write `name=value`, and percent-encode `&` and `=` in values"
_EARLY_APPEND = "`[]` is allowed only at the end of a name; write the index, as in `items[0][id]`"


class _ParameterError(Exception):
    """A parameter that cannot be parsed; `read_query` knows its offset and adds it."""

    def __init__(self, violation: Violation) -> None:
        super().__init__(violation)
        self.violation = violation


def _bad_query(message: str, name: str | None = None) -> Violation:
    return codes.BAD_QUERY.violation("", message, {} if name is None else {"property": name})


def _decode(text: str) -> str:
    if "%" not in text and "+" not in text:
        return text
    return unquote_to_bytes(text.replace("+", " ")).decode()


def _split_name(name: str, limits: Limits) -> list[str]:
    """Return the parts of a name; a final `[]` is a part of its own, as no other part can contain brackets."""
    if not name:
        raise _ParameterError(_bad_query(_NO_NAME))
    # Before the pattern, which takes time for each bracket.
    if name.count("[") >= limits.depth:
        raise _ParameterError(build_depth_violation(limits.depth))
    if not _NAME.fullmatch(name):
        raise _ParameterError(_bad_query(_BRACKETS))
    parts = _PART.findall(name)
    if _APPEND in parts[:-1]:
        raise _ParameterError(_bad_query(_EARLY_APPEND))
    return parts


def _insert(tree: dict[str, Branch], parts: list[str], leaf: Leaf) -> None:
    """Insert a value into the tree; what is already there must have the same shape."""
    branches = tree
    *parents, last = parts
    if last == _APPEND:
        parents, last = parents[:-1], parents[-1]
    for depth, part in enumerate(parents, 1):
        child = branches.setdefault(part, {})
        if not isinstance(child, dict):
            raise _conflict(child, {}, parts[:depth])
        branches = child
    if parts[-1] == _APPEND:
        existing = branches.setdefault(last, [])
        if not isinstance(existing, list):
            raise _conflict(existing, [], parts[:-1])
        existing.append(leaf)
    # A second value of the same name is refused: servers keep the first, the last, or both.
    elif branches.setdefault(last, leaf) is not leaf:
        raise _conflict(branches[last], leaf, parts)


def _conflict(existing: Branch, new: Branch, parts: list[str]) -> _ParameterError:
    """Build the error for a name that occurs before, with a value or with another shape."""
    first, *keys = parts
    name = first + "".join(f"[{key}]" for key in keys)
    quoted = json.dumps(mask_name(name), ensure_ascii=False)
    match existing, new:
        case Leaf(), Leaf():
            message = f"duplicate parameter {quoted}; pass it once, or append to a list with `[]`"
        case (Leaf(), _) | (_, Leaf()):
            message = f"parameter {quoted} has a value, and a value in brackets; use one of them"
        case _:
            message = f"parameter {quoted} has `[]`, and keys or indexes in brackets; use one of them"
    return _ParameterError(_bad_query(message, name))


def _write_value(path: _Path, name: str, value: object, parameters: list[str]) -> None:
    """Append the parameters of the value at a path, whose name is encoded already."""
    if isinstance(value, str):
        parameters.append(f"{name}={_percent_encode(path, value)}")
        return
    members = _iter_members(path, value)
    # Of strings alone: which values of two objects with `[]` belong together nobody could tell.
    appends = isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)
    for part, encoded, member in members:
        _write_value((*path, part), f"{name}[{'' if appends else encoded}]", member, parameters)


def _iter_members(path: _Path, value: object) -> Iterator[tuple[str | int, str, object]]:
    """Yield the members of an object or list: key or index, its encoded form, value."""
    if not isinstance(value, dict | list | tuple):
        raise Unsayable(join(path), f"expected a string, got {type_name(value)}")
    if not value:
        raise Unsayable(join(path), f"an empty {'object' if isinstance(value, dict) else 'array'} has no parameters")
    if len(path) >= DEFAULT_DEPTH:
        raise Unsayable(join(path), f"nested deeper than the maximum depth of {DEFAULT_DEPTH} levels")
    if not isinstance(value, dict):
        yield from ((index, str(index), item) for index, item in enumerate(value))
    elif as_list(value) is not None:
        raise Unsayable(join(path), "an object with the keys 0, 1, 2... would be read as an array")
    else:
        yield from ((name, _encode_name(path, name), member) for name, member in value.items())


def _encode_name(path: _Path, name: object) -> str:
    """Percent-encode one part of a name."""
    if not isinstance(name, str):
        raise Unsayable(join(path), f"expected a string as key, got {type_name(name)}")
    if not name or "[" in name or "]" in name:
        raise Unsayable(join(path), "a key contains a bracket" if name else "a key is empty")
    return _percent_encode(path, name)


def _percent_encode(path: _Path, text: str) -> str:
    try:
        return quote(text, safe="")
    except UnicodeEncodeError:
        raise Unsayable(join(path), "a lone surrogate has no UTF-8 encoding") from None
