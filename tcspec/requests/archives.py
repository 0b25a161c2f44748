"""HAR 1.2: the requests that a browser or a proxy recorded."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from typing import TYPE_CHECKING, Any

from tcspec.jsontext import positions, reader
from tcspec.jsontext.pointer import follow, join
from tcspec.requests.captured_request import Captured, call_of, unreadable
from tcspec.requests.routes import is_for_vendor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.errors import UnreadablePayload
    from tcspec.jsontext.reader import Limits

_HALF_SURROGATE = re.compile("[\ud800-\udfff]")


def archived(raw: bytes, limits: Limits) -> Iterator[Captured]:
    """Read the requests of a HAR file that go to the vendor's endpoints; what was answered is not looked at.

    Raises:
        UnreadablePayload: when it is no JSON within the limits, or not made as a HAR file is.
    """
    reader.check_text(raw, limits)
    text = raw.decode()
    try:
        # Leniently: what a browser wrote of all the pages that it read is not what is judged.
        archive = json.loads(text, parse_int=_first_digits, parse_float=_passed_over)
    except json.JSONDecodeError:
        reader.read(raw, limits)
        raise  # pragma: no cover - what is no JSON was refused with its place
    requests = list(_requests(archive, text))
    places = positions.locate_all(text, [pointer for pointer, _ in requests])
    for pointer, request in requests:
        line, column = places[pointer]
        yield Captured(
            name=_comment(archive, pointer) or call_of(request["method"], request["url"]),
            method=request["method"],
            url=request["url"],
            headers=tuple(_headers(request, pointer, text)),
            body=_body(request, pointer, text),
            line=line,
            column=column,
            pointer=pointer,
        )


def _first_digits(digits: str) -> int:
    # Of the numbers of a HAR file only whether there are bytes is of use here, and reading long ones takes time.
    return int(digits[:9])


def _passed_over(_: str) -> int:
    return 0


def _requests(archive: Any, text: str) -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ANN401 - any JSON value
    log = archive.get("log")
    entries = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(entries, list):
        raise _wrong("this is JSON, but no HAR file, which has its requests in log.entries", "", text)
    for index, entry in enumerate(entries):
        pointer = join(["log", "entries", index])
        request = entry.get("request") if isinstance(entry, dict) else None
        if not isinstance(request, dict):
            raise _wrong("this entry of the HAR file has no request", pointer, text)
        if not all(isinstance(request.get(name), str) for name in ("method", "url")):
            raise _wrong("this request of the HAR file lacks its method or its url", f"{pointer}/request", text)
        if request["method"].upper() != "OPTIONS" and is_for_vendor(request["url"]):
            yield f"{pointer}/request", request


def _headers(request: dict[str, Any], pointer: str, text: str) -> Iterator[tuple[str, str]]:
    headers = request.get("headers", [])
    for header in headers if isinstance(headers, list) else [None]:
        match header:
            case {"name": str(name), "value": str(value)}:
                if not name.startswith(":"):  # what HTTP/2 has in place of a request line
                    yield name, value
            case _:
                raise _wrong("headers of a HAR file are a list of objects of name and value", pointer, text)


def _body(request: dict[str, Any], pointer: str, text: str) -> bytes:
    match request.get("postData"):
        case {"text": str(sent), "encoding": "base64"}:
            try:
                return b64decode(sent, validate=True)
            except ValueError:
                raise _wrong("the body of this request is no base64, as its encoding says", pointer, text) from None
        case {"text": str(sent)}:
            # As browsers do when they send such a text.
            return _HALF_SURROGATE.sub("\ufffd", sent).encode()
    size = request.get("bodySize")
    if isinstance(size, int) and size > 0:
        raise _wrong("the body of this request was not recorded: record it with its content", pointer, text)
    return b""


def _comment(archive: dict[str, Any], pointer: str) -> str:
    entry: dict[str, Any] = follow(archive, pointer.removesuffix("/request"))
    comment = entry.get("comment")
    return comment if isinstance(comment, str) else ""


def _wrong(message: str, pointer: str, text: str) -> UnreadablePayload:
    line, column = positions.locate(text, pointer)
    return unreadable(message, line, column, pointer=pointer)
