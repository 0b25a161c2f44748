"""Mask the values of a document that may not be printed; keys and structure stay.

`tcspec.contract.privacy` decides which values these are. A masked text has the lines and columns of the original. In a
document that could not be read every value is masked; of a text that is no payload at all, such as an error page or a
`package.json`, only what looks personal is.
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from tcspec.contract.privacy import may_show
from tcspec.contract.schemas import load_catalogue
from tcspec.detection import is_payload, is_pixel
from tcspec.jsontext.pointer import parse_index, split
from tcspec.jsontext.positions import TOKEN, iter_values
from tcspec.kinds import EVENT
from tcspec.patterns import compile_late
from tcspec.personal import is_personal_name, iter_personal_slices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.payload import Payload
    from tcspec.reporters.results import SourceText

    Slice = tuple[int, int]

MASK = "*"

_ADDRESS = compile_late(
    r"\s*+(?:[A-Z]+[ \t]++)?(?:[A-Za-z][A-Za-z0-9+.-]*+://(?P<authority>[^/?#\s]*+)|(?=/))(?P<path>[^?#]*+)\??"
)
_BEFORE_QUERY = compile_late(r"(?P<path>[^?&=]*+)\?")
_SEGMENT = compile_late("[^/]++")
_PARAMETER = compile_late("[^&]++")
_JSON_STARTS = ('"', "{", "[")
_PAYLOAD_SIGNS = ("event_name", '{"', "{'", '{\\"', "%7B", "%7b")
"""What shows that a text has a payload in it: JSON, also escaped or encoded."""
_QUERY_SIGN = compile_late(r"[?&][\w.\[\]%-]++=")
"""What shows that a text has a query in it."""
_LINE = compile_late(r"[^\n]++")
_SECRET_NAME = compile_late(
    r"(?:authorization|cookie|token|secret|password|api[_-]?key)[\"']?[ \t]{0,9}[:=][ \t]{0,9}", re.IGNORECASE
)
"""A name of what is secret, as of a header or a variable; its value goes on to the end of the line."""
_PERSONAL_KEY = compile_late(
    "event|mail|phone|address|user|person|people|customer|client|contact|birth|secret|token|pass", re.IGNORECASE
)
"""A key of what describes a person, or of an event whose name is misspelt."""
_NO_PUNCTUATION = compile_late(r"[^\s!-/:-@\[-`{-~]++")
_CONSTANTS = ("true", "false", "null")
_STRUCTURE = "{}[],:"


# The violations of a document come one after the other: one text is enough.
@lru_cache(maxsize=1)
def masked(source: SourceText) -> str:
    """Return the text of a document in which every value is masked that may not be printed."""
    text = source.raw.decode(errors="replace")
    pieces, end = [], 0
    for start, stop in _iter_hidden(text, source):
        pieces += [text[end:start], re.sub(r"[^\n]", MASK, text[start:stop])]
        end = stop
    return "".join((*pieces, text[end:]))


def may_show_at(source: SourceText | None, pointer: str, value: object) -> bool:
    """Return whether a value may be printed that is at a place of a payload, or that a fix writes there.

    The pointer starts at the payload, not at the document that contains it.
    """
    if source is None or source.payload is None:
        return False
    path = tuple(part if (index := parse_index(part)) is None else index for part in split(pointer))
    return may_show(path, value, source.payload.document, source.payload.version)


def _iter_hidden(text: str, source: SourceText) -> Iterator[Slice]:
    """Yield the slices of a text that are masked, in order."""
    if source.payload.pixel if source.payload else is_pixel(source.raw):
        yield from _iter_hidden_in_pixel(text)
    elif source.payload is None and not _has_payload(text):
        yield from _iter_hidden_in_text(text)
    elif source.payload is None:
        yield from _iter_hidden_in_broken_text(text)
    elif _is_other_document(source.payload):
        for token in TOKEN.finditer(text):
            start, stop = _without_quotes(token.start(), token[0])
            yield from ((start + first, start + last) for first, last in iter_personal_slices(text[start:stop]))
    else:
        yield from _iter_hidden_in_payload(text, source.payload)


def _has_payload(text: str) -> bool:
    """Return whether a text that cannot be read was to be a payload, or has one in it."""
    start = text.lstrip("\ufeff \t\r\n")
    # A query whose spaces are not encoded has values behind them, too. Markup (`<?xml`) is none.
    first = "".join(start.split(maxsplit=1)[:1])
    is_query = "=" in first or ("?" in first and not first.startswith("<"))
    has_sign = any(sign in text for sign in _PAYLOAD_SIGNS) or bool(_QUERY_SIGN.search(text))
    return start.startswith(_JSON_STARTS) or is_query or has_sign


def _is_other_document(payload: Payload) -> bool:
    """Return whether an object is no payload and has none in it, nor a key of what describes a person or an event."""
    if payload.kind is not EVENT or is_payload(payload.document):
        return False
    personal = _personal_keys()
    return not any(key in personal or _PERSONAL_KEY.search(key) for key in _iter_keys(payload.document))


@cache
def _personal_keys() -> frozenset[str]:
    catalogue = load_catalogue()
    objects = (catalogue["objects"][name]["properties"] for name in ("User", "Person", "Address"))
    return frozenset(catalogue["envelope"]["properties"]).union(*objects)


def _iter_keys(value: object) -> Iterator[str]:
    pending = [value]
    while pending:
        each = pending.pop()
        if isinstance(each, dict):
            yield from each
            pending += each.values()
        elif isinstance(each, list):
            pending += each


def _iter_hidden_in_text(text: str) -> Iterator[Slice]:
    """Yield what looks personal in a text that is no payload, and what stands behind the name of a secret."""
    for line in _LINE.finditer(text):
        start, end = line.span()
        secret = _SECRET_NAME.search(text, start, end)
        stop = secret.end() if secret else end
        yield from ((start + first, start + last) for first, last in iter_personal_slices(text[start:stop]))
        yield stop, end


def _iter_hidden_in_pixel(text: str) -> Iterator[Slice]:
    """Yield all but the host, the parts of a path that endpoints have, and the names of parameters.

    A value ends where the next parameter begins, and nowhere else: white space or a number sign that should have been
    encoded is part of it. What has no name is a value too, as the rest of one with an ampersand.
    """
    address = _ADDRESS.match(text) or _BEFORE_QUERY.match(text)
    if address:
        from tcspec.requests.endpoints import is_path_segment  # noqa: PLC0415 - only pixels have an address

        if authority := address.groupdict().get("authority"):
            start = address.start("authority")
            host = authority.rpartition("@")[2]
            yield start, start + len(authority) - (0 if is_personal_name(host) else len(host))
        for segment in _SEGMENT.finditer(text, *address.span("path")):
            if not is_path_segment(segment[0].strip()):
                yield segment.span()
    query = address.end() if address else 0
    for parameter in _PARAMETER.finditer(text, query):
        name, equals, _ = parameter[0].partition("=")
        value = parameter.start() + len(name + equals)
        # Only the first name can have white space before it; others are likelier the rest of a value (`Tom & Ada=`).
        words = name.lstrip() if parameter.start() == query else name
        if not equals or is_personal_name(unquote_plus(name)) or any(map(str.isspace, words)):
            yield parameter.start(), parameter.start() + len(name)
        yield value, parameter.end()


def _iter_hidden_in_payload(text: str, payload: Payload) -> Iterator[Slice]:
    for value in iter_values(text):
        # A key can be a value: senders use addresses and ids as names.
        if value.key_start != value.start and _is_hidden_key(key := _token_at(text, value.key_start)):
            yield value.key_start, value.key_start + len(key)
        if text[value.start] in "{[":
            continue
        token = _token_at(text, value.start)
        if not may_show(value.path, _decode(token), payload.document, payload.version):
            yield _without_quotes(value.start, token)


def _iter_hidden_in_broken_text(text: str) -> Iterator[Slice]:
    """Yield all but structure, constants, and keys: strings in an object, after a brace or comma, before a colon."""
    before, brackets = "", [""]
    for match, after in pairwise((*TOKEN.finditer(text), None)):
        assert match is not None  # noqa: S101 - for the type checker
        token = match[0]
        is_before_colon = before in {"{", ","} and after is not None and after[0] == ":"
        is_key = token.startswith('"') and is_before_colon and brackets[-1] != "["
        is_shown = token in _STRUCTURE or token in _CONSTANTS or (is_key and not _is_hidden_key(token))
        if token in {"{", "["}:
            brackets.append(token)
        elif token in {"}", "]"} and len(brackets) > 1:
            brackets.pop()
        if not is_shown and token.startswith('"'):
            yield _without_quotes(match.start(), token)
        elif not is_shown:
            # A word or a number, or what is written in other quotes: what is wrong may be a single character of it.
            yield from (part.span() for part in _NO_PUNCTUATION.finditer(text, *match.span()))
        before = token


def _is_hidden_key(token: str) -> bool:
    return is_personal_name(_decode(token) or token)


def _token_at(text: str, start: int) -> str:
    token = TOKEN.match(text, start)
    return token[0] if token else ""


def _decode(token: str) -> str | None:
    """Return the string that a token of a JSON text is; None for any other token."""
    if not token.startswith('"'):
        return None
    try:
        # Not strictly: a broken text may have control characters in a string.
        return str(json.loads(token, strict=False))
    except ValueError:
        return token


def _without_quotes(start: int, token: str) -> Slice:
    if not token.startswith('"'):
        return start, start + len(token)
    return start + 1, start + len(token) - (token.endswith('"') and len(token) > 1)
