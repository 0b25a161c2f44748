"""Files of captured requests: `.http` files of editors, raw HTTP requests, and HAR files of browsers."""

from __future__ import annotations

from codecs import BOM_UTF8
from dataclasses import replace
from typing import TYPE_CHECKING

from tcspec.errors import UnreadablePayload
from tcspec.jsontext.encoder import build_length_violation
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.requests.har_files import read_har_file
from tcspec.requests.http_files import read_http_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.requests.request import CapturedRequest


def iter_captured_requests(
    raw: bytes, limits: Limits = DEFAULT_LIMITS, size: int | None = None
) -> Iterator[CapturedRequest | UnreadablePayload | None]:
    """Yield the requests of a file in order; in place of one that cannot be read, the error with line and column.

    A file that starts with one brace is a HAR file. In place of a request of it that does not go to one of the vendor's
    endpoints, and of a preflight request (OPTIONS), it is None. The errors are TC042, or those of documents when a HAR
    file is not JSON or a file is beyond the limits. `size` is that of the file when `raw` is only its beginning.
    """
    raw = raw.removeprefix(BOM_UTF8)
    if len(raw) > limits.length:
        violation = build_length_violation(limits.length, size or len(raw))
        yield UnreadablePayload([replace(violation, line=1, column=1)])
        return
    # Two braces start a variable of an `.http` file.
    is_har = raw.lstrip().startswith(b"{") and not raw.lstrip().startswith(b"{{")
    try:
        yield from read_har_file(raw, limits) if is_har else read_http_file(raw, limits)
    except UnreadablePayload as error:
        yield error
