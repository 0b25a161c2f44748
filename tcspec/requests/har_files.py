"""HAR 1.2 files: the requests that a browser or a proxy recorded, as complete as it recorded them."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from tcspec import codes
from tcspec.detection import describe_capture
from tcspec.errors import UnreadablePayload, Violation
from tcspec.jsontext import positions, reader
from tcspec.jsontext.pointer import join
from tcspec.requests.bodies import FORMS
from tcspec.requests.request import CapturedRequest, build_capture_error, name_request
from tcspec.requests.routes import is_vendor_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.jsontext.reader import Limits

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_BODIES = ("POST", "PUT", "PATCH")
_PLAIN = ("", "none", "plain", "text", "utf8", "utf-8")
_SECRETS = ("authorization", "cookie")
_NOT_RECORDED = "the body of this request was not recorded; record it with content"


def read_har_file(raw: bytes, limits: Limits) -> Iterator[CapturedRequest | UnreadablePayload | None]:
    """Yield the requests of a HAR file to the vendor's endpoints; None for each other one; responses are ignored.

    In place of a request that cannot be read, the error. What was not recorded is unknown, and not empty.

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
    log = archive.get("log")
    entries = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(entries, list):
        message = describe_capture(archive) or "not a HAR file; expected an array at log.entries"
        raise build_capture_error(message, *positions.locate(text, ""))
    found = [_read_entry(entry, join(["log", "entries", index])) for index, entry in enumerate(entries)]
    places = positions.locate_all(text, [each.pointer for each in found if each])
    # Chrome leaves out these headers unless it is told to export sensitive data, and so do the tools that clean files.
    may_lack_credentials = not any(_has_secrets(entry) for entry in entries)
    for each in found:
        line, column = places[each.pointer] if each else (0, 0)
        if isinstance(each, Violation):
            yield UnreadablePayload([replace(each, line=line, column=column)])
        else:
            yield each and replace(each, line=line, column=column, may_lack_credentials=may_lack_credentials)


def _first_digits(digits: str) -> int:
    # Only whether bodySize is positive matters, and parsing long integers takes quadratic time.
    return int(digits[:9])


def _zero(_: str) -> int:
    return 0


def _has_secrets(entry: Any) -> bool:  # noqa: ANN401 - any JSON value
    request = entry.get("request") if isinstance(entry, dict) else None
    headers = request.get("headers") if isinstance(request, dict) else None
    names = (each.get("name") for each in headers or () if isinstance(each, dict)) if isinstance(headers, list) else ()
    return any(isinstance(name, str) and name.lower() in _SECRETS for name in names)


def _read_entry(entry: Any, pointer: str) -> CapturedRequest | Violation | None:  # noqa: ANN401 - any JSON value
    """Read an entry without its position; None for one that does not go to the vendor."""
    request = entry.get("request") if isinstance(entry, dict) else None
    if not isinstance(request, dict):
        return codes.UNREADABLE_CAPTURE.violation(pointer, "this entry of the HAR file has no request")
    pointer = f"{pointer}/request"
    method, url = request.get("method"), request.get("url")
    # Preflight requests are made by the browser, not by the page.
    if isinstance(url, str) and (str(method).upper() == "OPTIONS" or not is_vendor_url(url)):
        return None
    if not isinstance(method, str) or not isinstance(url, str):
        return codes.UNREADABLE_CAPTURE.violation(pointer, "this request of the HAR file has no method or no url")
    headers = _read_headers(request.get("headers"))
    if headers is None:
        message = "expected an array of objects with the strings name and value as headers"
        return codes.UNREADABLE_CAPTURE.violation(pointer, message)
    data = next((each for each in map(request.get, ("postData", "_content")) if isinstance(each, dict)), {})
    fields = {name.lower(): value for name, value in headers}
    # A recorder that leaves out headers still has the type of the body.
    if "content-type" not in fields and isinstance(data.get("mimeType"), str) and data["mimeType"]:
        fields["content-type"] = data["mimeType"]
        headers.append(("Content-Type", data["mimeType"]))
    body, unknown = b"", None
    try:
        body = _read_body(data, fields.get("content-type", ""))
        if not body and method.upper() in _BODIES and not _is_empty(request, data, fields.get("content-length")):
            unknown = _NOT_RECORDED
    except _UnknownBodyError as error:
        unknown = str(error)
    comment = entry.get("comment")
    name = comment if isinstance(comment, str) and comment else name_request(method, url)
    violation = codes.UNREADABLE_CAPTURE.violation("/body", unknown) if unknown else None
    return CapturedRequest(name, method, url, tuple(headers), body, 0, 0, pointer=pointer, unknown_body=violation)


def _read_headers(recorded: Any) -> list[tuple[str, str]] | None:  # noqa: ANN401 - any JSON value
    """Return names and values; None when they are no list of strings."""
    headers = []
    for header in () if recorded is None else recorded if isinstance(recorded, list) else [None]:
        match header:
            case {"name": str(name), "value": str(value)}:
                headers.append((name, value))
            case _:
                return None
    # The pseudo-headers of HTTP/2 are not header fields.
    return [header for header in headers if not header[0].startswith(":")]


class _UnknownBodyError(Exception):
    """A body that is not known, and why."""


def _read_body(data: dict[str, Any], content_type: str) -> bytes:
    """Return the body that was recorded; nothing when none was.

    Raises:
        _UnknownBodyError: when it was recorded in a form from which it is not known.
    """
    text, params = data.get("text"), data.get("params")
    encoding = str(data.get("encoding") or data.get("_encoding") or "").lower()
    if not isinstance(text, str) or not text:
        return _read_form(params, content_type) if isinstance(params, list) and params else b""
    if encoding == "base64":
        try:
            return b64decode("".join(text.split()), validate=True)
        except ValueError:
            raise _UnknownBodyError("the body of this request is not the base64 that it is said to be") from None
    if encoding not in _PLAIN:
        raise _UnknownBodyError("the body of this request was recorded in an encoding that is not read")
    # What browsers send in place of lone surrogates.
    return _LONE_SURROGATE.sub("\ufffd", text).encode()


def _read_form(params: list[Any], content_type: str) -> bytes:
    fields = [each for each in params if isinstance(each, dict) and "fileName" not in each]
    strings = [
        (name, value)
        for name, value in ((each.get("name"), each.get("value") or "") for each in fields)
        if isinstance(name, str) and isinstance(value, str)
    ]
    if len(strings) != len(params):
        raise _UnknownBodyError(_NOT_RECORDED)
    # JSON that is sent as a form, as curl does by default, is recorded as one field whose name is the JSON.
    joined = "&".join(f"{name}={value}" if value else name for name, value in strings)
    if joined.lstrip().startswith(("{", "[")):
        return _LONE_SURROGATE.sub("\ufffd", joined).encode()
    if not content_type.lower().startswith(FORMS):
        raise _UnknownBodyError("the body of this request was recorded as the fields of a form")
    return "&".join("=".join(quote_plus(part, errors="replace") for part in pair) for pair in strings).encode()


def _is_empty(request: dict[str, Any], data: dict[str, Any], length: str | None) -> bool:
    """Return whether a request without a recorded body was sent without one, as far as the recorder says so."""
    is_attached = "_file" in data or "_sha1" in data
    if length is not None:
        return length.strip() == "0" and not is_attached
    # Recorders write -1 or nothing for a size that they do not know, and 0 without data for a body that they lack.
    return request.get("bodySize") == 0 and data.get("text") == "" and not is_attached
