"""Requests that were captured in files: `.http` files of editors, raw HTTP requests, and HAR files of browsers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tcspec import codes
from tcspec.errors import UnreadablePayload
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.requests.archives import archived
from tcspec.requests.captured_request import Captured, unreadable
from tcspec.requests.http_files import written

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Captured", "captured_or_not", "captured_requests"]

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def captured_requests(raw: bytes, limits: Limits = DEFAULT_LIMITS) -> Iterator[Captured]:
    """Read the requests of a file one after the other; what begins with a single brace is a HAR file.

    Of a HAR file only requests to the vendor's endpoints are given, wherever these are, and none in which a browser
    only asks for leave (OPTIONS).

    Raises:
        UnreadablePayload: when it comes to what is no request: TC042 with line, column and what to do about it; the
            codes of documents when a HAR file is no JSON, or a file is beyond the limits.
    """
    for each in captured_or_not(raw, limits):
        if isinstance(each, UnreadablePayload):
            raise each
        yield each


def captured_or_not(raw: bytes, limits: Limits = DEFAULT_LIMITS) -> Iterator[Captured | UnreadablePayload]:
    """Read the requests of a file as `captured_requests` does, and go on after one that cannot be read."""
    raw = raw.removeprefix(_BYTE_ORDER_MARK)
    if len(raw) > limits.length:
        message = f"{len(raw):,} bytes are more than the {limits.length:,} that are read"
        yield unreadable(message, 1, 1, code=codes.TOO_LONG)
        return
    is_archive = raw.lstrip().startswith(b"{") and not raw.lstrip().startswith(b"{{")
    try:
        yield from archived(raw, limits) if is_archive else written(raw, limits)
    except UnreadablePayload as unread:
        yield unread
