"""A document as it may be shown: keys and structure as they are, and no value that may describe a person.

Only values of known properties are shown: what stands under a name that nobody knows may be anybody's, and so may what
stands under a misspelt one. A masked text has the same lines and columns as the text itself. What cannot be read shows
no value at all.
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Any

from tcspec.contract.catalogue import find_entry, is_personal
from tcspec.contract.schemas import load_catalogue
from tcspec.detection import detect_version, is_pixel
from tcspec.jsontext import positions
from tcspec.jsontext.pointer import split
from tcspec.kinds import EVENT, EVENT_1_0

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tcspec.kinds import Version
    from tcspec.payload import Payload
    from tcspec.reporters.results import SourceText

    Path = tuple[str | int, ...]
    Permission = Callable[[Path, str], bool]
    Span = tuple[int, int]

MASK = "*"

_NAMES = (("event_name",), ("event",))

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[^\s:,{}\[\]"]++', re.DOTALL)
_KEY = re.compile(r"\s*+:")
_PARAMETER = re.compile(r"(?<![^?&=#\s])([^?&=#\s]*+)=([^&#\s]*+)")
_CONSTANTS = ("true", "false", "null")
_TELLING_NAMES = re.compile(
    r"mail|phone|first_?name|last_?name|birth|address|street|postal|zip|user|person|customer|visitor|cookie|md5|sha"
    r"|search_term|test_code|token|secret|passw|authori|credential|api_?key|url|href|referrer|legacy|^site|^(?:ip|page|device|title|path|locale)$",
    re.IGNORECASE,
)
_HOLDERS = frozenset(
    {"properties", "context", "integrations", "partners", "enrichment", "dataquality", "warnings", "items", "batch"}
)
"""What holds objects; a text in place of one may hold what belongs into it."""
_TELLING_VALUES = ("@", "%40", "://")


@lru_cache(maxsize=1)
def masked(source: SourceText) -> str:
    """Give the text of a document with every value masked that may describe a person, or be a secret."""
    text = source.raw.decode(errors="replace")
    pieces, end = [], 0
    for start, stop in _hidden(text, source):
        pieces += [text[end:start], _veil(text[start:stop])]
        end = stop
    return "".join((*pieces, text[end:]))


def may_show(source: SourceText | None, pointer: str, value: object) -> bool:
    """Tell whether a value that is meant for a place of a payload may be shown; nothing may when too little is known.

    The pointer starts in the payload, not in the document that is around it.
    """
    path = tuple(int(part) if part.isdecimal() else part for part in split(pointer))
    return source is not None and _permission_of(source)(path, json.dumps(value))


@lru_cache(maxsize=1)
def _permission_of(source: SourceText) -> Permission:
    return _permission(source.payload) if source.payload else _nothing


def _hidden(text: str, source: SourceText) -> Iterator[Span]:
    """Find what is masked in a text, in order."""
    if source.payload.pixel if source.payload else is_pixel(source.raw):
        yield from (found.span(2) for found in _PARAMETER.finditer(text))
        return
    if source.payload is None:
        yield from _hidden_in_broken_text(text)
        return
    may, outside = _permission(source.payload), split(source.pointer)
    for found in positions.iter_values(text):
        if (
            text[found.key_start] == '"'
            and found.key_start != found.start
            and _tells(key := _span(text, found.key_start), text)
        ):
            yield key
        if text[found.start] in "{[":
            continue
        span = _span(text, found.start)
        is_inside = tuple(map(str, found.path[: len(outside)])) == outside
        if not is_inside or not may(found.path[len(outside) :], text[slice(*span)]):
            yield _inside(span, text)


def _hidden_in_broken_text(text: str) -> Iterator[Span]:
    """Find all but structure, constants, and texts that stand between an opening brace or comma and a colon."""
    end = 0
    for found in _TOKEN.finditer(text):
        token, before = found.group(), text[end : found.start()].rstrip()
        end = found.end()
        is_key = token.startswith('"') and before.endswith(("{", ",")) and _KEY.match(text, end)
        if token not in _CONSTANTS and (not is_key or _tells(found.span(), text)):
            yield _inside(found.span(), text)


def _nothing(_: Path, __: str) -> bool:
    """Let nothing be shown."""
    return False


def _permission(payload: Payload) -> Permission:
    """Say of each path of a payload, and of the text of its value, whether that may be shown."""
    if payload.kind is EVENT:
        return _of_event(payload.document)
    version = payload.kind.version()
    events = tuple(_of_event(event) for _, event in payload.events())

    def permission(path: Path, text: str) -> bool:
        match path:
            case ("batch", int(index), *inner) if events:
                return events[index](tuple(inner), text)
        return _may(payload.document, version, path, text)

    return permission


def _of_event(event: object) -> Permission:
    version = detect_version(event) if isinstance(event, dict) else None
    if not isinstance(event, dict) or version is None:
        return _nothing
    return partial(_may, event, version)


def _may(payload: Mapping[str, Any], version: Version, path: Path, text: str) -> bool:
    if not path or path[-1] in _HOLDERS or is_personal(path, version) or not _is_known(path, payload, version):
        return False
    if any(_TELLING_NAMES.search(str(part)) for part in path):
        return False
    return not any(sign in text for sign in _TELLING_VALUES)


def _is_known(path: Path, payload: Mapping[str, Any], version: Version) -> bool:
    """Tell whether a place is one of a property, of this event or, where it has none such, of another."""
    if path in _NAMES:
        return True
    entry = find_entry(path, payload, version)
    if not entry:
        first = path[1] if version is EVENT_1_0 and path[0] == "properties" and len(path) > 1 else path[0]
        entry = find_entry(path, {"event_name": _holders().get(str(first))}, version)
    # A text in place of an object may hold what belongs into it.
    return bool(entry) and "object" not in entry and entry["type"] != "object"


@cache
def _holders() -> Mapping[str, str]:
    """Name an event for each property that some event has."""
    return {name: event for event, known in load_catalogue()["events"].items() for name in known["properties"]}


def _span(text: str, start: int) -> Span:
    token = _TOKEN.match(text, start)
    return token.span() if token else (start, start)


def _inside(span: Span, text: str) -> Span:
    """Give a span without the quotes around it."""
    start, stop = span
    if text[start] != '"':
        return span
    return start + 1, stop - (text[stop - 1] == '"' and stop > start + 1)


def _tells(span: Span, text: str) -> bool:
    return any(sign in text[slice(*span)] for sign in _TELLING_VALUES)


def _veil(text: str) -> str:
    return re.sub(r"[^\n]", MASK, text)
