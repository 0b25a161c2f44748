"""Bodies that were compressed or cut into chunks on their way."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

from tcspec import codes

if TYPE_CHECKING:
    from tcspec.jsontext.reader import Limits
    from tcspec.requests.messages import Request

_CHUNKED = re.compile(rb"[0-9a-fA-F]{1,8}[ \t]*(?:;[^\r\n]*)?\r?\n")
_COMPRESSED = b"\x1f\x8b"
_GZIP = 16 + zlib.MAX_WBITS
_JSON = (b"{", b"[")


def decoded(request: Request, limits: Limits) -> Request:
    """Give a request with its body as it was before it was compressed.

    Captures often hold bodies that were decoded already, whatever their headers say; these stay as they are. What is in
    chunks, in an encoding other than gzip, or beyond the limits when decompressed is unreadable (TC042).
    """
    transfer = request.header("Transfer-Encoding")
    if transfer and "chunked" in transfer[1].lower() and _CHUNKED.match(request.body):
        return _unreadable(request, "the body is in chunks: capture it without them")
    encoding = request.header("Content-Encoding")
    if not encoding or not request.body or request.body.lstrip().startswith(_JSON):
        return request
    name = encoding[1].strip().lower()
    if name == "gzip" and request.body.startswith(_COMPRESSED):
        return _decompressed(request, limits)
    if name in {"", "identity"}:
        return request
    return _unreadable(request, "the body is compressed in a way that is not read: capture it before it is compressed")


def _decompressed(request: Request, limits: Limits) -> Request:
    inflating = zlib.decompressobj(_GZIP)
    try:
        plain = inflating.decompress(request.body, limits.length + 1)
    except zlib.error:
        return _unreadable(request, "the body cannot be decompressed: it was damaged when it was captured")
    if len(plain) > limits.length:
        return _unreadable(request, f"the body has more than {limits.length:,} bytes when it is decompressed")
    if not inflating.eof:
        return _unreadable(request, "the compressed body is cut short")
    return replace(request, body=plain)


def _unreadable(request: Request, message: str) -> Request:
    violation = codes.UNREADABLE_CAPTURE.violation("/body", message)
    return replace(request, body=b"", unreadable_body=(violation,))
