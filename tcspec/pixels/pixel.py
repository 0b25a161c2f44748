"""Pixels: events in the query string of an image URL, read and written.

A call has the site in `tc_s`, the source key in `token`, and the properties of the event as parameters whose names nest
in brackets. On the wire all values are strings; a number or a boolean is read as one where the published catalogue
expects it (K116).
"""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tcspec import codes
from tcspec.arguments import check_arguments
from tcspec.contract.schemas import load_catalogue
from tcspec.errors import WrongArgument
from tcspec.jsontext import reader
from tcspec.jsontext.encoder import build_length_violation, encode
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.pixels.query import Unsayable, build_query_error, read_query, write_query
from tcspec.pixels.query_tree import Leaf, Offsets, as_list, first_offset

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tcspec.pixels.query_tree import Branch

    Entry = Mapping[str, Any]

ENDPOINT = "https://collect.commander1.com/events"
"""The URL of pixels."""

SITE, TOKEN = "tc_s", "token"
"""The parameters that are not properties of the event."""

GA4 = re.compile(r"(?:^|(?<=\?)|&)ga_url_param=")
"""The parameter of a query that transports a GA4 hit: it and what follows are the hit's (K123)."""

GA4_MESSAGE = "a GA4 hit is transported in `ga_url_param`; neither its query nor its body is checked"

_WHITE_SPACE = " \t\n\r\f\v"
_REQUEST_LINE = re.compile(r"(?:GET[ \t]++)?(\S++)(?:[ \t]++HTTP/[0-9.]++)?", re.ASCII)
_ENTITY = re.compile("(?:38|x26);", re.IGNORECASE)
_WRAPPING = re.compile(r"[\"'`<]|https?%3A", re.IGNORECASE)
_SPACE = re.compile(r"\s", re.ASCII)
_NOT_IN_ADDRESS = re.compile(r"[\s?#]", re.ASCII)
_ADDRESS = re.compile(r"/|[A-Za-z][A-Za-z0-9+.-]*+://|[^?&=]*+\?")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?")
_TYPE = re.compile(r"[^|<]++(?:<[^>]*+>)?")
_NUMERIC = frozenset({"number", "integer"})
_STRINGS = frozenset({"string", "any"})
_CUSTOM: Entry = MappingProxyType({})
_encode_string = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class Pixel:
    """A pixel that was read.

    `url` is what precedes the question mark; `site` and `token` are None when they are missing. `event_json` is the
    event as compact JSON in UTF-8, with every number as it was written. `offsets` maps the JSON Pointers of the event
    to the offset in `call`, in code points, of the first parameter that contributes to the value; that of the root is
    the start of the query. A GA4 hit that the call transports is not part of the event (K123).
    """

    call: str = field(repr=False)
    url: str
    site: str | None
    token: str | None = field(repr=False)
    event_json: bytes = field(repr=False)
    offsets: Mapping[str, int] = field(repr=False, compare=False)
    is_ga4: bool = field(default=False, repr=False)

    @property
    def event(self) -> dict[str, Any]:
        """Return the event as a new dict."""
        # As JSON the event can be longer than the call, whose length was checked: a control character becomes \u00XX.
        return reader.read_object(self.event_json, Limits(reader.MAX_DEPTH, len(self.event_json)))


@check_arguments(limits=(Limits,))
def read_pixel(call: str | bytes, limits: Limits = DEFAULT_LIMITS) -> Pixel:
    """Read a pixel from its URL, a path with its query, the query string alone, or the request line of an HTTP request.

    White space around it and the fragment, which is never sent, are ignored. Where the catalogue expects a number or a
    boolean and no string, a value that is exactly a JSON number, `true` or `false` is read as one; all others are
    strings.

    Raises:
        UnreadablePayload: when the call is empty, not UTF-8, beyond the limits, or its query is ambiguous (TC012).

    Source: features/sources/sources-catalog/web/pixel-tracking.md; K116
    """
    raw = reader.encode_text(call) if isinstance(call, str) else reader.require_bytes(call)
    text = _decode(raw, limits)
    url, start, end = _split_call(text)
    ga4 = GA4.search(text, start, end)
    end = ga4.start() if ga4 else end
    query = read_query(text, limits, start, end)
    properties = dict(query.tree)
    site, token = (_parameter(name, properties.pop(name, None), text) for name in (SITE, TOKEN))
    return Pixel(text, url, site, token, _encode_event(properties), Offsets(properties, start), bool(ga4))


@check_arguments()
def write_pixel(
    event: dict[str, Any] | bytes, site: str | None = None, token: str | None = None, url: str = ENDPOINT
) -> str:
    """Format the call that sends an event as a pixel: `tc_s`, `token`, then the properties in their order.

    The numbers of an event in JSON text are written as they are. Without a `url` the result is the query string.

    Raises:
        UnreadablePayload: when the event is not a JSON object.
        Unsayable: when a query string cannot represent something in the event: null, an empty object or array, a key
            with brackets, a property named `tc_s` or `token`.
        WrongArgument: when `url` is not a URL or path, or has a query of its own.
    """
    if isinstance(event, bytes | bytearray | memoryview):
        raw = reader.require_bytes(event)
        reader.read_object(raw)
    else:
        raw = encode(reader.require_object(event))
    # Numbers are read as text, so that 1.10 stays 1.10.
    properties = _to_strings(json.loads(raw, parse_int=str, parse_float=str))
    # A reader takes these two for its own parameters, and the property would be lost.
    taken = next((name for name in (SITE, TOKEN) if name in properties), None)
    if taken:
        raise Unsayable(f"/{taken}", "the name is reserved for a parameter of the pixel")
    if url and (not _ADDRESS.match(f"{url}?") or _NOT_IN_ADDRESS.search(url)):
        raise WrongArgument("`url` as a URL without query, fragment and white space", "another string")
    parameters = {name: value for name, value in ((SITE, site), (TOKEN, token)) if value is not None}
    return f"{url}{'?' if url else ''}{write_query(parameters | properties)}"


def _decode(raw: bytes, limits: Limits) -> str:
    if len(raw) > limits.length:
        raise build_query_error(build_length_violation(limits.length), "", 0)
    if raw.startswith(BOM_UTF8):
        raise build_query_error(codes.BYTE_ORDER_MARK.violation("", "the call starts with a byte order mark"), "", 0)
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode()
        message = f"byte {error.start} (0x{raw[error.start]:02x}) is not valid UTF-8"
        raise build_query_error(codes.NOT_UTF8.violation("", message), before, len(before)) from None


def _split_call(text: str) -> tuple[str, int, int]:
    """Return the URL of a call without its query, and the offsets of the start and the end of the query."""
    before, _, fragment = text.partition("#")
    # In the page an entity is an ampersand, in a URL it begins the fragment.
    if before.endswith("&") and _ENTITY.match(fragment):
        raise build_query_error(codes.BAD_QUERY.violation("", _HTML), text, len(before) - 1)
    start = len(before) - len(before.lstrip(_WHITE_SPACE))
    end = len(before.rstrip(_WHITE_SPACE))
    if start >= end:
        raise build_query_error(codes.EMPTY.violation("", "the call is empty"), text, 0)
    if wrapping := _WRAPPING.match(text, start, end):
        raise build_query_error(codes.BAD_QUERY.violation("", _NOT_ALONE), text, wrapping.start())
    line = _REQUEST_LINE.fullmatch(text, start, end)
    if line is None:
        space = _SPACE.search(text, start, end)
        violation = codes.BAD_QUERY.violation("", _SPACE_IN_CALL)
        raise build_query_error(violation, text, space.start() if space else start)
    start, end = line.span(1)
    if not _ADDRESS.match(text, start, end):
        return "", start, end
    mark = text.find("?", start, end)
    return (text[start:end], end, end) if mark < 0 else (text[start:mark], mark + 1, end)


_HTML = "`&#38;` is HTML: in a URL it begins the fragment, which is never sent; write `&`"
_NOT_ALONE = (
    "the call is quoted, in a tag, or encoded as a whole; write the URL alone, and encode names and values only"
)
_SPACE_IN_CALL = "white space in the call; percent-encode it, and write one URL, query string or GET request"


def _parameter(name: str, branch: Branch | None, text: str) -> str | None:
    """Return the value of a parameter that is not a property."""
    if branch is None:
        return None
    if isinstance(branch, Leaf):
        return branch.text
    message = f"parameter `{name}` has brackets; expected a string"
    violation = codes.BAD_QUERY.violation("", message, {"property": name})
    raise build_query_error(violation, text, first_offset(branch))


def _encode_event(properties: dict[str, Branch]) -> bytes:
    """Encode the event as compact JSON, with the types that the catalogue expects."""
    name = properties.get("event_name")
    event = load_catalogue()["events"].get(name.text, {}) if isinstance(name, Leaf) else {}
    known = {**load_catalogue()["envelope"]["properties"], **event.get("properties", {})}
    # As text and not as values: a number stays as it was written.
    pieces: list[str] = []
    _encode_members(properties, known, pieces)
    return "".join(pieces).encode()


def _encode_members(branches: Mapping[str, Branch], known: Mapping[str, Entry], pieces: list[str]) -> None:
    """Append the JSON text of an object some of whose properties are known."""
    pieces.append("{")
    separator = ""
    for name, branch in branches.items():
        pieces.append(f"{separator}{_encode_string(name)}:")
        entry = known.get(name, _CUSTOM)
        properties = load_catalogue()["objects"][entry["object"]]["properties"] if "object" in entry else _CUSTOM
        _encode_branch(branch, entry.get("type", "any"), properties, pieces)
        separator = ","
    pieces.append("}")


def _encode_branch(branch: Branch, types: str, known: Mapping[str, Entry], pieces: list[str]) -> None:
    """Append the JSON text of a branch of some types, in which objects have known properties."""
    if isinstance(branch, Leaf):
        pieces.append(_encode_value(branch.text, types))
        return
    items: Sequence[Branch] | None = branch if isinstance(branch, list) else as_list(branch)
    if isinstance(branch, dict) and items is None:
        _encode_members(branch, known, pieces)
        return
    types = _types_of_items(types)
    separator = "["
    for item in items or ():
        pieces.append(separator)
        _encode_branch(item, types, known, pieces)
        separator = ","
    pieces.append("]")


def _encode_value(text: str, types: str) -> str:
    """Return the JSON text of a value: itself where it is a number or boolean that is expected, else a string."""
    expected = _alternatives(types)
    # Where a string is possible too, digits may be an id, whose zeros count.
    if not _STRINGS & expected and (
        (_NUMERIC & expected and _NUMBER.fullmatch(text)) or ("boolean" in expected and text in {"true", "false"})
    ):
        return text
    return _encode_string(text)


@cache
def _alternatives(types: str) -> frozenset[str]:
    return frozenset(_TYPE.findall(types))


@cache
def _types_of_items(types: str) -> str:
    arrays = (each for each in _alternatives(types) if each.startswith("array<"))
    return next((each.removeprefix("array<").removesuffix(">") for each in arrays), "any")


def _to_strings(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a JSON value with booleans as strings, as numbers are already; `write_query` refuses null."""
    match value:
        case bool():
            return "true" if value else "false"
        case dict():
            return {name: _to_strings(member) for name, member in value.items()}
        case list():
            return [_to_strings(item) for item in value]
    return value
