"""Rows whose payload is one member: `--column rawDataCa` of `{"rawDataCa": "{...}", "createdAt": "..."}`.

The member is an object, or JSON text in a string, as in the vendor's own layout for BigQuery (K128). Only the bytes of
the payload are replaced; the rest of the row, the order of its members and its white space stay as they are. Of a text
in a string what the upgrade did not change keeps its escapes.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from tcspec import codes
from tcspec.errors import UnreadablePayload
from tcspec.jsontext.pointer import join, split
from tcspec.jsontext.positions import find_span
from tcspec.jsontext.reader import read

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tcspec.jsontext.reader import Limits

_open = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_CHARACTERS = re.compile(
    r"(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.)|[^\\]+", re.DOTALL
)
"""Matches what stands for one character, or characters that stand for themselves."""
_TOKENS = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[^\s{}\[\],:"]++|\s++|[{}\[\],:]', re.DOTALL)
"""Matches the tokens of a text and the white space between them: nothing is left out."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a row its payload is, from a first byte to the one behind the last, and whether it is in a string.

    Of a row without one, `payload` is the reason.
    """

    payload: bytes | UnreadablePayload
    start: int = 0
    end: int = 0
    is_string: bool = False

    def replace(self, row: bytes, payload: bytes) -> bytes:
        """Return the row with another payload in this place; every other byte stays."""
        if self.is_string and isinstance(self.payload, bytes):
            payload = encode_again(row[self.start : self.end], self.payload.decode(), payload.decode())
        return row[: self.start] + payload + row[self.end :]


@dataclass(frozen=True, slots=True)
class Column:
    """A member of each row, by the path to it, and the limits within which a row is read."""

    path: tuple[str, ...]
    limits: Limits

    @property
    def pointer(self) -> str:
        """Return the pointer to the member."""
        return join(self.path)

    def find_all(self, rows: Sequence[bytes], _: int) -> list[Place]:
        """Return where the payloads of rows are."""
        return [self.find(row) for row in rows]

    def find(self, row: bytes) -> Place:
        """Return where the payload of a row is; of a row that is blank, or has a null or no text there, it is empty."""
        if not row.strip(b" \t\r\n"):
            return Place(b"")
        try:
            value: Any = read(row, self.limits)
        except UnreadablePayload as unreadable:
            return Place(unreadable)
        raw: Any = row
        for name in self.path:
            if not isinstance(value, dict) or name not in value:
                return self._refuse(f"the row has no member {self.pointer}")
            # Opened level by level, because the bytes of the member are needed as they stand in the row.
            raw, value = _open(raw)[name], value[name]
        if value is None or value == "":
            return Place(b"")
        if not isinstance(value, (str, dict)):
            return self._refuse(f"the member {self.pointer} is neither an object nor a string")
        found = bytes(raw)
        # The same bytes may stand somewhere else in the row, too; then every value before is skipped one by one.
        start = row.find(found) if row.count(found) == 1 else _find_start(row, self.path)
        payload = value.encode() if isinstance(value, str) else found
        return Place(payload, start, start + len(found), isinstance(value, str))

    @staticmethod
    def _refuse(message: str) -> Place:
        return Place(UnreadablePayload([codes.NOT_AN_OBJECT.violation("", message)]))


def parse_column(name: str) -> tuple[str, ...]:
    """Return the path that a name, names with dots between them, or a JSON Pointer stands for.

    Raises:
        ValueError: when it names no member.
    """
    path = split(name) if name.startswith("/") else tuple(name.split("."))
    if not all(path):
        raise ValueError(f"expected the name of a column, got {name!r}")
    return path


def encode_again(token: bytes, old: str, new: str) -> bytes:
    """Return the string token of another text, in which what stays of the old text is encoded as it was.

    Args:
        token: the string token of the old text.
        old: the old text, which is JSON.
        new: the new text, which is JSON.
    """
    for encode in _ENCODERS:
        if encode(old) == token:
            return encode(new)
    return _encode_tokens_again(token.decode()[1:-1], old, new)


def _encode_tokens_again(inner: str, old: str, new: str) -> bytes:
    """Return the token of a text whose old one was encoded in no usual way: each part of the text as it was."""
    starts: list[int] = []
    # An escape is one character; where there is none, each character stands for itself.
    for found in _CHARACTERS.finditer(inner):
        starts += [found.start()] if found[1] else range(*found.span())
    starts.append(len(inner))
    # Equal tokens may be encoded in several ways: each way is used once, in the old order.
    encoded: defaultdict[str, deque[str]] = defaultdict(deque)
    for part in _TOKENS.finditer(old):
        encoded[part[0]].append(inner[starts[part.start()] : starts[part.end()]])
    # A row of ASCII stays one: whoever reads it may expect nothing else.
    encode = _encode_ascii if inner.isascii() else _encode_short
    parts = (
        encoded[part].popleft() if encoded.get(part) else encode(part).decode()[1:-1] for part in _TOKENS.findall(new)
    )
    return b'"' + "".join(parts).encode() + b'"'


def _encode_ascii(text: str) -> bytes:
    return json.dumps(text).encode()


def _encode_ascii_slash(text: str) -> bytes:
    return _encode_ascii(text).replace(b"/", b"\\/")


def _encode_short_slash(text: str) -> bytes:
    return _encode_short(text).replace(b"/", b"\\/")


_encode_short = msgspec.json.Encoder().encode
_ENCODERS: tuple[Callable[[str], bytes], ...] = (_encode_ascii, _encode_short, _encode_ascii_slash, _encode_short_slash)
"""How JSON libraries encode strings: a row of one of them is encoded by it again."""


def _find_start(row: bytes, path: tuple[str, ...]) -> int:
    text = row.decode()
    return len(text[: find_span(text, path).start].encode())
