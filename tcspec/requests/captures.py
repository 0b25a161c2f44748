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
    raw: bytes, limits: Limits = DEFAULT_LIMITS
) -> Iterator[CapturedRequest | UnreadablePayload]:
    """Yield the requests of a file in order; in place of one that cannot be read, the error with line and column.

    A file that starts with one brace is a HAR file. Of these, only requests to the vendor's endpoints are yielded,
    and no preflight requests (OPTIONS). The errors are TC042, or those of documents when a HAR file is not JSON or a
    file is beyond the limits; reading goes on in an `.http` file only.
    """
    raw = raw.removeprefix(BOM_UTF8)
    if len(raw) > limits.length:
        yield UnreadablePayload([replace(build_length_violation(limits.length), line=1, column=1)])
        return
    # Two braces start a variable of an `.http` file.
    is_har = raw.lstrip().startswith(b"{") and not raw.lstrip().startswith(b"{{")
    try:
        yield from read_har_file(raw, limits) if is_har else read_http_file(raw, limits)
    except UnreadablePayload as error:
        yield error
