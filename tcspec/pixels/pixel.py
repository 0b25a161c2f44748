"""Pixels: events in the address of a picture, read and written.

A call carries the site in `tc_s`, the source key in `token`, and the properties of the event in a query whose names
nest in brackets. On the wire all of it is text; a number or a boolean is one where the published catalogue asks for it
(K116).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tcspec import codes
from tcspec.contract.schemas import catalogue
from tcspec.errors import WrongArgument
from tcspec.jsontext import reader
from tcspec.jsontext.encoder import encode, type_name
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.pixels.query import Unsayable, read_query, unreadable, write_query
from tcspec.pixels.query_tree import Leaf, Places, as_list, first_offset

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tcspec.pixels.query_tree import Branch

    Entry = Mapping[str, Any]

ENDPOINT = "https://collect.commander1.com/events"
"""Where pixels are sent."""

SITE, TOKEN = "tc_s", "token"
"""The parameters that are no properties of the event."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_WHITE_SPACE = " \t\n\r\f\v"
_REQUEST_LINE = re.compile(r"(?:GET[ \t]++)?(\S++)(?:[ \t]++HTTP/[0-9.]++)?", re.ASCII)
_SPACE = re.compile(r"\s", re.ASCII)
_NO_ADDRESS = re.compile(r"[\s?#]", re.ASCII)
_ADDRESS = re.compile(r"/|[A-Za-z][A-Za-z0-9+.-]*+://|[^?&=]*+\?")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?")
_TYPE = re.compile(r"[^|<]++(?:<[^>]*+>)?")
_NUMERIC = frozenset({"number", "integer"})
_TEXTUAL = frozenset({"string", "any"})
_CUSTOM: Entry = MappingProxyType({})
_quoted = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class Pixel:
    """A pixel as it was read.

    `url` is what stands before the question mark, `site` and `token` are None when they were not given. `event_json`
    is the event as compact JSON in UTF-8, every number spelt as it arrived. `places` has the JSON Pointers of the
    event, with the offset in `call`, in code points, of the first parameter that tells of each; the root stands where
    the query begins.
    """

    call: str = field(repr=False)
    url: str
    site: str | None
    token: str | None = field(repr=False)
    event_json: bytes = field(repr=False)
    places: Mapping[str, int] = field(repr=False, compare=False)

    @property
    def event(self) -> dict[str, Any]:
        """Read the event."""
        # Whatever was within the limits as a call is within limits as JSON, where escapes may be longer.
        return reader.read_object(self.event_json, Limits(reader.MAX_DEPTH, len(self.event_json)))


def read_pixel(call: str | bytes, limits: Limits = DEFAULT_LIMITS) -> Pixel:
    """Read the call of a pixel: its address, a path with its query, the query alone, or the line of an HTTP request.

    White space around it is passed over, and so is a fragment, which is never sent. Where the catalogue asks for a
    number or boolean and for no text, a text that is exactly a JSON number, `true` or `false` is read as one; any
    other stays text.

    Raises:
        UnreadablePayload: when the call is empty, not UTF-8, beyond the limits, or its query cannot be read (TC012).

    Source: features/sources/sources-catalog/web/pixel-tracking.md; K116
    """
    raw = reader.encode_text(call) if isinstance(call, str) else reader.require_bytes(call)
    text = _decoded(raw, limits)
    url, start, end = _parts(text)
    query = read_query(text, limits, start, end)
    properties = dict(query.tree)
    site, token = (_parameter(name, properties.pop(name, None), text) for name in (SITE, TOKEN))
    return Pixel(text, url, site, token, _event_json(properties), Places(properties, start))


def write_pixel(
    event: dict[str, Any] | bytes, site: str | None = None, token: str | None = None, url: str = ENDPOINT
) -> str:
    """Write the call that sends an event as a pixel: `tc_s`, `token`, then the event, its keys in their order.

    Of bytes every number keeps its spelling. Without a `url` to send it to, the query alone is written.

    Raises:
        UnreadablePayload: when the event is no JSON object.
        Unsayable: when a query cannot say something in the event: null, what is empty, names with brackets, a property
            named `tc_s` or `token`.
        WrongArgument: when `url` is no address, or has a query of its own.
    """
    if isinstance(event, bytes | bytearray | memoryview):
        raw = reader.require_bytes(event)
        reader.read_object(raw)
    else:
        raw = encode(reader.require_object(event))
    spelt = _texts(json.loads(raw, parse_int=str, parse_float=str))
    taken = next((name for name in (SITE, TOKEN) if name in spelt), None)
    if taken:
        raise Unsayable(f"/{taken}", "the name is that of a parameter that is no property of the event")
    if not isinstance(url, str):
        raise WrongArgument("an address in a text as `url`", type_name(url))
    if url and (not _ADDRESS.match(f"{url}?") or _NO_ADDRESS.search(url)):
        raise WrongArgument("an address without query, fragment and white space as `url`", "another text")
    given = {name: value for name, value in ((SITE, site), (TOKEN, token)) if value is not None}
    return f"{url}{'?' if url else ''}{write_query(given | spelt)}"


def _decoded(raw: bytes, limits: Limits) -> str:
    if len(raw) > limits.length:
        message = f"{len(raw):,} bytes are more than the {limits.length:,} that are read"
        raise unreadable(codes.TOO_LONG, message, "", 0)
    if raw.startswith(_BYTE_ORDER_MARK):
        raise unreadable(codes.BYTE_ORDER_MARK, "a byte order mark stands before the call", "", 0)
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode()
        message = f"byte {error.start} (0x{raw[error.start]:02x}) is not UTF-8"
        raise unreadable(codes.NOT_UTF8, message, before, len(before)) from None


def _parts(text: str) -> tuple[str, int, int]:
    """Find the address in a call, and where its query begins and ends."""
    before, _, _ = text.partition("#")
    begin = len(before) - len(before.lstrip(_WHITE_SPACE))
    end = len(before.rstrip(_WHITE_SPACE))
    if begin >= end:
        raise unreadable(codes.EMPTY, "there is no call", text, 0)
    line = _REQUEST_LINE.fullmatch(text, begin, end)
    if line is None:
        space = _SPACE.search(text, begin, end)
        raise unreadable(codes.BAD_QUERY, _TWO_WORDS, text, space.start() if space else begin)
    begin, end = line.span(1)
    if not _ADDRESS.match(text, begin, end):
        return "", begin, end
    mark = text.find("?", begin, end)
    return (text[begin:end], end, end) if mark < 0 else (text[begin:mark], mark + 1, end)


_TWO_WORDS = "white space stands in the call: percent-encode it, and give one address, query or GET request a call"


def _parameter(name: str, branch: Branch | None, text: str) -> str | None:
    """Give the text of a parameter that is no property."""
    if branch is None:
        return None
    if isinstance(branch, Leaf):
        return branch.text
    message = f"`{name}` is given with brackets: it is one text"
    raise unreadable(codes.BAD_QUERY, message, text, first_offset(branch), name)


def _event_json(properties: dict[str, Branch]) -> bytes:
    """Spell the event as compact JSON, its leaves typed as the catalogue asks for."""
    name = properties.get("event_name")
    event = catalogue()["events"].get(name.text, {}) if isinstance(name, Leaf) else {}
    known = {**catalogue()["envelope"]["properties"], **event.get("properties", {})}
    spelt: list[str] = []
    _spell_members(properties, known, spelt)
    return "".join(spelt).encode()


def _spell(branch: Branch, types: str, known: Mapping[str, Entry], spelt: list[str]) -> None:
    """Spell a branch that should be of some types, or list things that have known properties."""
    if isinstance(branch, Leaf):
        spelt.append(_spelling(branch.text, types))
        return
    items: Sequence[Branch] | None = branch if isinstance(branch, list) else as_list(branch)
    if isinstance(branch, dict) and items is None:
        _spell_members(branch, known, spelt)
        return
    types = _types_of_items(types)
    opening = "["
    for item in items or ():
        spelt.append(opening)
        _spell(item, types, known, spelt)
        opening = ","
    spelt.append("]")


def _spell_members(branches: Mapping[str, Branch], known: Mapping[str, Entry], spelt: list[str]) -> None:
    spelt.append("{")
    separator = ""
    for name, branch in branches.items():
        spelt.append(f"{separator}{_quoted(name)}:")
        entry = known.get(name, _CUSTOM)
        inner = catalogue()["objects"][entry["object"]]["properties"] if "object" in entry else _CUSTOM
        _spell(branch, entry.get("type", "any"), inner, spelt)
        separator = ","
    spelt.append("}")


def _spelling(text: str, types: str) -> str:
    """Spell a text as what it says, when it should be that and should not be text."""
    wanted = _alternatives(types)
    if not _TEXTUAL & wanted and (
        (_NUMERIC & wanted and _NUMBER.fullmatch(text)) or ("boolean" in wanted and text in {"true", "false"})
    ):
        return text
    return _quoted(text)


@cache
def _alternatives(types: str) -> frozenset[str]:
    return frozenset(_TYPE.findall(types))


@cache
def _types_of_items(types: str) -> str:
    lists = (each for each in _alternatives(types) if each.startswith("array<"))
    return next((each.removeprefix("array<").removesuffix(">") for each in lists), "any")


def _texts(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Spell booleans; numbers were read as their spelling, and null is for the writer to refuse."""
    match value:
        case bool():
            return "true" if value else "false"
        case dict():
            return {name: _texts(member) for name, member in value.items()}
        case list():
            return [_texts(item) for item in value]
    return value
