"""Files of captured requests: HAR 1.2 files of browsers and proxies, or the `.http` files of editors."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from codecs import BOM_UTF8
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tcspec import codes
from tcspec.detection import describe_capture
from tcspec.errors import Severity, UnreadablePayload, Violation
from tcspec.jsontext import positions, reader
from tcspec.jsontext.encoder import build_length_violation
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.requests.bodies import FORMS
from tcspec.requests.http_files import read_http_file
from tcspec.requests.request import CapturedRequest, name_request
from tcspec.requests.routes import is_vendor_url

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_BODIES = ("POST", "PUT", "PATCH")
_PLAIN = ("", "none", "plain", "text", "utf8", "utf-8")
_HEADER = {"name", "value"}
_SECRETS = ("authorization", "cookie")
_NOT_RECORDED = "the body of this request was not recorded; record it with content"


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
        # No integers, as parsing long ones takes quadratic time, and only whether bodySize is zero matters.
        archive = json.loads(text, parse_int=float)
    except json.JSONDecodeError:
        reader.read(raw, limits)
        raise  # pragma: no cover - the strict reader refuses what is not JSON, with its position
    log = archive.get("log")
    entries = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(entries, list):
        message = describe_capture(archive) or "not a HAR file; expected an array at log.entries"
        line, column = positions.locate(text, "")
        raise UnreadablePayload([replace(codes.UNREADABLE_CAPTURE.violation("", message), line=line, column=column)])
    dicts = [entry if isinstance(entry, dict) else {} for entry in entries]
    found = [
        _read_request(entry.get("request"), entry.get("comment"), f"/log/entries/{index}/request")
        for index, entry in enumerate(dicts)
    ]
    places = positions.locate_all(text, [each.pointer for each in found if each])
    # Chrome leaves out these headers unless it is told to export sensitive data, and so do the tools that clean files.
    may_lack_credentials = not any(_has_secrets(entry.get("request")) for entry in dicts)
    for each in found:
        line, column = places[each.pointer] if each else (0, 0)
        if isinstance(each, Violation):
            yield UnreadablePayload([replace(each, line=line, column=column)])
        else:
            yield each and replace(each, line=line, column=column, may_lack_credentials=may_lack_credentials)


def _headers_of(request: Any) -> list[Any]:  # noqa: ANN401 - any JSON value
    """Return the headers of a request; what is not an array of headers, as null, is none."""
    headers = request.get("headers") if isinstance(request, dict) else None
    return headers if isinstance(headers, list) else [] if headers is None else [headers]


def _has_secrets(request: Any) -> bool:  # noqa: ANN401 - any JSON value
    names = (header.get("name") for header in _headers_of(request) if isinstance(header, dict))
    return any(isinstance(name, str) and name.lower() in _SECRETS for name in names)


def _read_request(request: Any, comment: Any, pointer: str) -> CapturedRequest | Violation | None:  # noqa: ANN401 - JSON
    """Read a request without its position; None for one that does not go to the vendor."""
    if not isinstance(request, dict):
        return codes.UNREADABLE_CAPTURE.violation(pointer.removesuffix("/request"), "this entry has no request")
    method, url = request.get("method"), request.get("url")
    # Preflight requests are made by the browser, not by the page.
    if isinstance(url, str) and (str(method).upper() == "OPTIONS" or not is_vendor_url(url)):
        return None
    if not isinstance(method, str) or not isinstance(url, str):
        return codes.UNREADABLE_CAPTURE.violation(pointer, "this request of the HAR file has no method or no url")
    recorded = _headers_of(request)
    headers = [(each["name"], each["value"]) for each in recorded if isinstance(each, dict) and each.keys() >= _HEADER]
    if len(headers) < len(recorded) or not all(isinstance(part, str) for header in headers for part in header):
        message = "expected an array of objects with the strings name and value as headers"
        return codes.UNREADABLE_CAPTURE.violation(pointer, message)
    fields = {name.lower(): value for name, value in headers}
    data = next((each for each in map(request.get, ("postData", "_content")) if isinstance(each, dict)), {})
    # A recorder that leaves out headers still has the type of the body.
    if "content-type" not in fields and isinstance(data.get("mimeType"), str) and data["mimeType"]:
        fields["content-type"] = data["mimeType"]
        headers.append(("Content-Type", data["mimeType"]))
    body = _read_body(data, fields.get("content-type", ""))
    if not body and method.upper() in _BODIES and not _is_empty(request, data, fields.get("content-length")):
        body = _NOT_RECORDED
    return CapturedRequest(
        name=comment if isinstance(comment, str) and comment else name_request(method, url),
        method=method,
        url=url,
        # The pseudo-headers of HTTP/2 are not header fields.
        headers=tuple(header for header in headers if not header[0].startswith(":")),
        body=body if isinstance(body, bytes) else b"",
        line=0,
        column=0,
        pointer=pointer,
        unknown_body=_unknown_body(body) if isinstance(body, str) else None,
    )


def _unknown_body(why: str) -> Violation:
    violation = codes.UNREADABLE_CAPTURE.violation("/body", why)
    # What the recorder left out is nobody's mistake; what it wrote wrongly is damaged.
    return replace(violation, severity=Severity.WARNING) if why == _NOT_RECORDED else violation


def _read_body(data: dict[str, Any], content_type: str) -> bytes | str:
    """Return the body that was recorded, empty when none was; as text, why its recorded form does not show it."""
    text, params = data.get("text"), data.get("params")
    encoding = str(data.get("encoding") or data.get("_encoding") or "").lower()
    if not isinstance(text, str) or not text:
        return _read_form(params, content_type) if isinstance(params, list) and params else b""
    if encoding == "base64":
        try:
            return b64decode("".join(text.split()), validate=True)
        except ValueError:
            return "the body of this request is not the base64 that it is said to be"
    if encoding not in _PLAIN:
        return "the body of this request was recorded in an encoding that is not read"
    # What browsers send in place of lone surrogates.
    return _LONE_SURROGATE.sub("\ufffd", text).encode()


def _read_form(params: list[Any], content_type: str) -> bytes | str:
    fields = [(each.get("name"), each.get("value") or "") for each in params if isinstance(each, dict)]
    pairs = [(name, value) for name, value in fields if isinstance(name, str) and isinstance(value, str)]
    if len(pairs) < len(params) or any("fileName" in each for each in params):
        return _NOT_RECORDED
    # JSON that is sent as a form, as curl does by default, is recorded as one field whose name is the JSON.
    joined = "&".join(f"{name}={value}" if value else name for name, value in pairs)
    if joined.lstrip().startswith(("{", "[")):
        return _LONE_SURROGATE.sub("\ufffd", joined).encode()
    if not content_type.lower().startswith(FORMS):
        return "the body of this request was recorded as the fields of a form"
    return urlencode(pairs, errors="replace").encode()


def _is_empty(request: dict[str, Any], data: dict[str, Any], length: str | None) -> bool:
    """Return whether a request without a recorded body was sent without one, as far as the recorder says so."""
    is_attached = "_file" in data or "_sha1" in data
    if length is not None:
        return length.strip() == "0" and not is_attached
    # Recorders write -1 or nothing for a size that they do not know, and 0 without data for a body that they lack.
    return request.get("bodySize") == 0 and data.get("text") == "" and not is_attached
