"""Rules on what clients do to the query of a pixel: encoded twice, escaped as HTML, lists that are none."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tcspec.errors import Basis
from tcspec.kinds import PIXEL
from tcspec.rules.rule import Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.rules.context import Path, RuleContext

_PAGE = "features/sources/sources-catalog/web/pixel-tracking.md"

_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#[0-9]+|#x[0-9A-Fa-f]+);")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|[/?]|[\w-]+(?:\.[\w-]+)+[/?]")
_MAIL = re.compile(r"[^\s@]+ [^\s@]*@[^\s@.]+\.[^\s@]+")
_PHONE = re.compile(r" [0-9][0-9 ().-]{5,}[0-9]")
_ZONE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}[\d:.]* \d{2}:?\d{2}")
_COMMAS = re.compile(r"[\w-]+(?:, ?[\w-]+)+", re.ASCII)
_COOKIES = frozenset({"cookie", "cookies"})
_MAX_JSON = 100_000


@rule("TC056", "pixel encoded in another way", source=_PAGE, basis=Basis.INFERRED, kinds=(PIXEL.name,))
def wrong_encoding(pixel: RuleContext) -> Iterator[Finding]:
    """A name or a value of a pixel shows that the client encoded the query twice, or as something else.

    A query is percent-encoded once, as UTF-8, each name and value by itself; encoded as a whole it is one name. What is
    encoded twice arrives with its percent signs, `&amp;` of an HTML page begins a name with `amp;`, a plus sign that is
    not encoded is a space, and an array or object as JSON text is one string.

    Bad:

        {"event_name": "login", "user": {"email": "ada%40shop.example"}}

    Good:

        {"event_name": "login", "user": {"email": "ada@shop.example"}}
    """
    for path, value in _iter_members(pixel.value):
        name = str(path[-1])
        if name.startswith("amp;") and len(path) == 1:
            yield Finding(path, "`&amp;` is HTML: in a query it begins a name with `amp;`", hint="write `&`")
        if len(path) == 1 and value == "" and re.match("[^=&]+=[^&]*(?:&|$)", name):
            message = "the parameters are percent-encoded as a whole, and are one name"
            yield Finding(path, message, hint="encode every name and every value, not `=` and `&`")
        if _ESCAPE.search(name):
            yield Finding(path, "the name is percent-encoded twice", hint="encode every name once, or not at all")
        if isinstance(value, str) and (found := _describe(path, value)):
            yield Finding(path, found[0], hint=found[1])


@rule("TC057", "list of a pixel that is not one", source=_PAGE, basis=Basis.INFERRED, kinds=(PIXEL.name,))
def wrong_list(pixel: RuleContext) -> Iterator[Finding]:
    """A list of a pixel is written so that it arrives as an object or as one string.

    Items count from 0 and no index is missing; a list of strings has one parameter for each, whose name ends with `[]`.
    Other clients count from 1, leave indexes out, or separate the strings by commas, also behind `[]`.

    Bad:

        {"event_name": "login", "user": {"consent_categories": "1,2"}}

    Good:

        {"event_name": "login", "user": {"consent_categories": ["1", "2"]}}
    """
    for path, value in _iter_members(pixel.value):
        # The entry of an item is that of its array.
        types = [] if isinstance(path[-1], int) else pixel.spec_at(path).get("type", "").split("|")
        is_array = any(each.startswith("array") for each in types)
        if isinstance(value, dict) and value and all(map(_is_index, value)) and (is_array or {"0", "1"} & value.keys()):
            message = f"the indexes are {_format_indexes(value)}, so this is an object and no array"
            data = {"expected": "indexes from 0, none missing"}
            yield Finding(path, message, data, "count the items from 0, and leave no index out")
        elif isinstance(value, list) and is_array and len(value) == 1 and _COMMAS.fullmatch(str(value[0])):
            hint = f"write one parameter for each: `{_to_parameter(path)}[]=...`"
            yield Finding((*path, 0), "a list separated by commas is one item", hint=hint)
        # JSON text is reported as that.
        elif isinstance(value, str) and is_array and "string" not in types and not _is_json(value):
            what = "a list separated by commas" if "," in value else "a value without `[]` in its name"
            hint = f"write one parameter for each: `{_to_parameter(path)}[]=...`"
            yield Finding(path, f"{what} is one string, and no array", {"expected": "an array"}, hint)


def _describe(path: Path, text: str) -> tuple[str, str] | None:
    """Return what a client did to a value and what to do instead, when the value shows it."""
    # An address and a cookie have escapes of their own.
    if _ESCAPE.search(text) and not _ADDRESS.match(text) and path[-1] not in _COOKIES:
        return "the value is percent-encoded twice", "encode it once"
    if _ENTITY.search(text):
        return "the value has a character reference of HTML", "encode the text itself, not its HTML"
    if _is_encoded_twice(text):
        return "the value was read as Latin-1 and encoded as UTF-8 again", "encode it as UTF-8 once"
    # Only where an e-mail is expected: other text may well have a space and an at sign.
    is_mail = (path[0] == "user" or "mail" in str(path[-1])) and _MAIL.fullmatch(text)
    if is_mail or _PHONE.fullmatch(text) or _ZONE.fullmatch(text):
        return "a plus sign that is not encoded arrives as a space", "write it as `%2B`"
    if _is_json(text):
        return "JSON text in a value is one string", "nest the names in brackets, as in `items[0][id]`"
    return None


def _is_encoded_twice(text: str) -> bool:
    if text.isascii():
        return False
    try:
        return text.encode("latin-1").decode() != text
    except UnicodeError:
        return False


def _is_json(text: str) -> bool:
    """Return whether a value is the text of an object or an array."""
    stripped = text.strip()
    if len(text) > _MAX_JSON or (stripped[:1], stripped[-1:]) not in {("{", "}"), ("[", "]")}:
        return False
    try:
        return isinstance(json.loads(stripped), dict | list)
    except (ValueError, RecursionError):
        return False


def _is_index(name: str) -> bool:
    return name.isascii() and name.isdigit()


def _format_indexes(value: Mapping[str, Any]) -> str:
    first, *others = sorted(value, key=lambda name: (len(name), name))
    return f"{first}, {others[0]}..." if others else f"{first} only"


def _to_parameter(path: Path) -> str:
    return str(path[0]) + "".join(f"[{part}]" for part in path[1:])


def _iter_members(value: Mapping[str, Any]) -> Iterator[tuple[Path, Any]]:
    """Yield the members of an object and of the objects and arrays in it, with their paths, in order."""
    pending: list[tuple[Path, Any]] = [((), value)]
    while pending:
        path, each = pending.pop()
        if path:
            yield path, each
        members = each.items() if isinstance(each, dict) else enumerate(each) if isinstance(each, list) else ()
        pending += reversed([((*path, key), member) for key, member in members])
