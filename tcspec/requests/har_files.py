"""HAR 1.2 files: the requests that a browser or a proxy recorded."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from typing import TYPE_CHECKING, Any

from tcspec.jsontext import positions, reader
from tcspec.jsontext.pointer import join
from tcspec.requests.request import CapturedRequest, build_capture_error, name_request
from tcspec.requests.routes import is_vendor_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.errors import UnreadablePayload
    from tcspec.jsontext.reader import Limits

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def read_har_file(raw: bytes, limits: Limits) -> Iterator[CapturedRequest]:
    """Yield the requests of a HAR file to the vendor's endpoints; responses are ignored.

    Raises:
        UnreadablePayload: when it is not JSON within the limits, or not a HAR file.
    """
    reader.check_text(raw, limits)
    text = raw.decode()
    try:
        # Leniently: a HAR file also contains all the pages that were recorded, and these are not checked.
        archive = json.loads(text, parse_int=_first_digits, parse_float=_zero)
    except json.JSONDecodeError:
        reader.read(raw, limits)
        raise  # pragma: no cover - the strict reader refuses what is not JSON, with its position
    entries = list(_iter_entries(archive, text))
    places = positions.locate_all(text, [pointer for pointer, _ in entries])
    for pointer, entry in entries:
        request, comment = entry["request"], entry.get("comment")
        line, column = places[pointer]
        yield CapturedRequest(
            name=comment if isinstance(comment, str) and comment else name_request(request["method"], request["url"]),
            method=request["method"],
            url=request["url"],
            headers=tuple(_iter_headers(request, pointer, text)),
            body=_read_body(request, pointer, text),
            line=line,
            column=column,
            pointer=pointer,
        )


def _first_digits(digits: str) -> int:
    # Only whether bodySize is positive matters, and parsing long integers takes quadratic time.
    return int(digits[:9])


def _zero(_: str) -> int:
    return 0


def _iter_entries(archive: Any, text: str) -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ANN401 - any JSON value
    """Yield the entries whose request goes to the vendor, each with the pointer of the request."""
    log = archive.get("log")
    entries = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(entries, list):
        raise _har_error("not a HAR file; expected an array at log.entries", "", text)
    for index, entry in enumerate(entries):
        pointer = join(["log", "entries", index])
        request = entry.get("request") if isinstance(entry, dict) else None
        if not isinstance(request, dict):
            raise _har_error("this entry of the HAR file has no request", pointer, text)
        if not all(isinstance(request.get(name), str) for name in ("method", "url")):
            raise _har_error("this request of the HAR file has no method or no url", f"{pointer}/request", text)
        # Preflight requests are made by the browser, not by the page.
        if request["method"].upper() != "OPTIONS" and is_vendor_url(request["url"]):
            yield f"{pointer}/request", entry


def _iter_headers(request: dict[str, Any], pointer: str, text: str) -> Iterator[tuple[str, str]]:
    headers = request.get("headers", [])
    for header in headers if isinstance(headers, list) else [None]:
        match header:
            case {"name": str(name), "value": str(value)}:
                if not name.startswith(":"):  # the pseudo-headers of HTTP/2 are not header fields
                    yield name, value
            case _:
                raise _har_error("expected an array of objects with name and value as headers", pointer, text)


def _read_body(request: dict[str, Any], pointer: str, text: str) -> bytes:
    match request.get("postData"):
        case {"text": str(body), "encoding": "base64"}:
            try:
                return b64decode(body, validate=True)
            except ValueError:
                raise _har_error("expected base64 as the body of this request", pointer, text) from None
        case {"text": str(body)}:
            # What browsers send in place of lone surrogates.
            return _LONE_SURROGATE.sub("\ufffd", body).encode()
    size = request.get("bodySize")
    if isinstance(size, int) and size > 0:
        raise _har_error("the body of this request was not recorded; record it with content", pointer, text)
    return b""


def _har_error(message: str, pointer: str, text: str) -> UnreadablePayload:
    line, column = positions.locate(text, pointer)
    return build_capture_error(message, line, column, pointer)
