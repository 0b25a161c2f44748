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
from tcspec.errors import Severity, UnreadablePayload, Violation
from tcspec.jsontext import positions, reader
from tcspec.jsontext.encoder import build_length_violation
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits, decode_leniently
from tcspec.jsontext.syntax_errors import decode_base64
from tcspec.personal import REDACTED
from tcspec.requests.bodies import FORMS, JSON_STARTS
from tcspec.requests.http_files import UNKNOWN_VALUE, read_http_file
from tcspec.requests.request import CapturedRequest, complete_url, name_request
from tcspec.requests.routes import is_vendor_url
from tcspec.unread_captures import describe_capture

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_BODIES = ("POST", "PUT", "PATCH")
_CUT = re.compile(rb"(?:\.\.\.|\xe2\x80\xa6|[\[(<][^\[\](){}<>\"]{0,60}[\])>])\Z")
_LONGEST_CUT = 200
"""How the text ends that a recorder has cut off, and how many bytes of its end are looked at."""
# Preflight requests are made by the browser and tunnels for a proxy, neither by the page.
_NOT_OF_PAGES = ("OPTIONS", "CONNECT")
_PLAIN = ("", "none", "plain", "text", "utf8", "utf-8")
_SECRETS = ("authorization", "cookie")
_NOTE = "values that were redacted are not known and fit anything"
_DAMAGED = "the body of this request is not the base64 that it is said to be"
_UNDECLARED = "a body is in base64, which the capture does not say; what it decodes to is checked"
_GZIP_IN_BASE64 = "H4sI"
_NOT_RECORDED = "not all of the body of this request was recorded; record it with content"


def iter_captured_requests(
    raw: bytes, limits: Limits = DEFAULT_LIMITS, size: int | None = None
) -> Iterator[CapturedRequest | UnreadablePayload | None]:
    """Yield the requests of a file in order; in place of one that cannot be read, the error with line and column.

    A file that starts with one brace or bracket is a HAR file. In place of a request of it that goes to no endpoint of
    the vendor, and of a preflight request (OPTIONS), it is None. The errors are TC042, or those of documents when a HAR
    file is not JSON or a file is beyond the limits. `size` is that of the file when `raw` is only its beginning.
    """
    raw = raw.removeprefix(BOM_UTF8)
    # Where no line ends with a line feed, but perhaps the last one, all end with a carriage return, as on old systems.
    if b"\r" in raw and b"\n" not in raw.rstrip(b"\r\n"):
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if len(raw) > limits.length:
        yield UnreadablePayload([replace(build_length_violation(limits.length, size or len(raw)), line=1, column=1)])
        return
    # Two braces start a variable of an `.http` file.
    is_har = re.match(rb"\s*(?:\[|\{(?!\{))", raw)
    try:
        for captured in read_har_file(raw, limits) if is_har else read_http_file(raw, limits):
            yield _without_redacted(captured) if isinstance(captured, CapturedRequest) else captured
    except UnreadablePayload as error:
        yield error


def _without_redacted(captured: CapturedRequest) -> CapturedRequest:
    """Return a request with what a tool has redacted in it as unknown values, and a note about them."""
    # Bytes that are not UTF-8 become surrogates and bytes again.
    body = captured.body.decode(errors="surrogateescape")
    known = replace(
        captured,
        url=REDACTED.sub(UNKNOWN_VALUE, captured.url),
        headers=tuple((name, REDACTED.sub(UNKNOWN_VALUE, value)) for name, value in captured.headers),
        body=REDACTED.sub(UNKNOWN_VALUE, body).encode(errors="surrogateescape"),
    )
    return (
        captured
        if known == captured
        else replace(known, notes=(*captured.notes, codes.UNREAD_PART.violation("", _NOTE)))
    )


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
    log = archive.get("log") if isinstance(archive, dict) else None
    entries = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(entries, list):
        other = describe_capture(archive) if isinstance(archive, dict) and log is None else None
        message = other or "not a HAR file; expected an array at log.entries"
        line, column = positions.locate(text, "")
        raise UnreadablePayload([replace(codes.UNREADABLE_CAPTURE.violation("", message), line=line, column=column)])
    requests = [entry.get("request") if isinstance(entry, dict) else None for entry in entries]
    # Chrome leaves out these headers unless it is told to export sensitive data, and so do the tools that clean files.
    headers = (_read_pairs(each.get("headers")) for each in requests if isinstance(each, dict))
    secrets = (value for each in headers for name, value in each or () if name.lower() in _SECRETS)
    may_lack_credentials = all(not value or REDACTED.search(value) for value in secrets)
    found = [_read_request(request, f"/log/entries/{index}/request") for index, request in enumerate(requests)]
    places = positions.locate_all(text, [each.pointer for each in found if each])
    for each in found:
        line, column = places[each.pointer] if each else (0, 0)
        if isinstance(each, Violation):
            yield UnreadablePayload([replace(each, line=line, column=column)])
        else:
            yield each and replace(each, line=line, column=column, may_lack_credentials=may_lack_credentials)


def _read_pairs(recorded: Any, default: str | None = None) -> list[tuple[str, str]] | None:  # noqa: ANN401 - JSON
    """Return names and values of headers or fields, none of null; None when one is not a pair of strings."""
    if not isinstance(recorded, list):
        return [] if recorded is None else None
    pairs: list[tuple[Any, Any]] = [
        (each.get("name"), each.get("value")) for each in recorded if isinstance(each, dict)
    ]
    pairs = [(name, default if value is None else value) for name, value in pairs]
    is_readable = len(pairs) == len(recorded) and all(isinstance(part, str) for pair in pairs for part in pair)
    return pairs if is_readable else None


def _read_request(request: Any, pointer: str) -> CapturedRequest | Violation | None:  # noqa: ANN401 - any JSON value
    """Read a request without its position; None for one that does not go to the vendor."""
    if not isinstance(request, dict):
        return codes.UNREADABLE_CAPTURE.violation(pointer.removesuffix("/request"), "this entry has no request")
    method, url = request.get("method"), request.get("url")
    url = complete_url(url) if isinstance(url, str) else url
    if isinstance(url, str) and (str(method).upper() in _NOT_OF_PAGES or not is_vendor_url(url)):
        return None
    if not isinstance(method, str) or not isinstance(url, str):
        return codes.UNREADABLE_CAPTURE.violation(pointer, "this request of the HAR file has no method or no url")
    recorded = _read_pairs(request.get("headers"))
    if recorded is None:
        message = "expected an array of objects with the strings name and value as headers"
        return codes.UNREADABLE_CAPTURE.violation(pointer, message)
    # The pseudo-headers of HTTP/2 are not header fields.
    headers = [(name, value) for name, value in recorded if not name.startswith(":")]
    fields = {name.lower(): value for name, value in headers}
    # The protocol of browsers has the text alone.
    parts = ({"text": each} if isinstance(each, str) else each for each in map(request.get, ("postData", "_content")))
    data = next((each for each in parts if isinstance(each, dict)), {})
    # A recorder that leaves out headers still has the type of the body.
    if "content-type" not in fields and isinstance(data.get("mimeType"), str) and data["mimeType"]:
        fields["content-type"] = data["mimeType"]
        headers.append(("Content-Type", data["mimeType"]))
    body = _read_body(data, fields.get("content-type", ""))
    decoded = _decode_undeclared(data, _recorded_sizes(request, fields), fields.get("content-encoding", ""))
    notes = () if decoded is None else (codes.UNREAD_PART.violation("/body", _UNDECLARED),)
    body = body if decoded is None else decoded
    if isinstance(body, bytes) and method.upper() in _BODIES and not _is_whole(body, request, data, fields):
        body = _NOT_RECORDED
    unknown_body = codes.UNREADABLE_CAPTURE.violation("/body", body) if isinstance(body, str) else None
    # What the recorder left out is nobody's mistake; what it wrote wrongly is damaged.
    if unknown_body and body != _DAMAGED:
        unknown_body = replace(unknown_body, severity=Severity.WARNING)
    return CapturedRequest(
        *(name_request(method, url), method, url, tuple(headers), body if isinstance(body, bytes) else b"", 0, 0),
        pointer=pointer,
        unknown_body=unknown_body,
        notes=notes,
    )


def _read_body(data: dict[str, Any], content_type: str) -> bytes | str:
    """Return the body that was recorded, empty when none was; as text, why its recorded form does not show it."""
    text, params = data.get("text"), data.get("params")
    encoding = str(data.get("encoding") or data.get("_encoding") or "").strip().lower()
    if not isinstance(text, str) or not text:
        return _read_form(params, content_type) if isinstance(params, list) and params else b""
    if encoding == "base64":
        try:
            return b64decode("".join(text.split()), validate=True)
        except ValueError:
            return _DAMAGED
    if encoding not in _PLAIN:
        return "the body of this request was recorded in an encoding that is not read"
    # What browsers send in place of lone surrogates.
    return _LONE_SURROGATE.sub("\ufffd", text).encode()


def _decode_undeclared(data: dict[str, Any], sizes: tuple[float, float], content_encoding: str) -> bytes | None:
    """Return the body that a text is in base64 although the recorder does not say so; None where that is not certain.

    A text as long as what was sent is what was sent.
    """
    text = data.get("text")
    if not isinstance(text, str) or data.get("encoding") or data.get("_encoding") or len(text) in sizes:
        return None
    is_gzip = "gzip" in content_encoding.lower() and text.startswith(_GZIP_IN_BASE64)
    try:
        return b64decode("".join(text.split()), validate=True) if is_gzip else decode_base64(text)
    except ValueError:
        return None


def _read_form(params: list[Any], content_type: str) -> bytes | str:
    pairs = _read_pairs(params, "")
    if pairs is None or any("fileName" in each for each in params):
        return _NOT_RECORDED
    # JSON that is sent as a form, as curl does by default, is recorded as one field whose name is the JSON.
    joined = "&".join(f"{name}={value}" if value else name for name, value in pairs)
    if joined.lstrip().startswith(("{", "[")):
        return _LONE_SURROGATE.sub("\ufffd", joined).encode()
    is_form = content_type.lower().startswith(FORMS)
    return urlencode(pairs, errors="replace").encode() if is_form else _NOT_RECORDED


def _is_whole(body: bytes, request: dict[str, Any], data: dict[str, Any], fields: dict[str, str]) -> bool:
    """Return whether all of a body was recorded, as far as the recorder says so."""
    if not body:
        length, size = fields.get("content-length", "").strip(), request.get("bodySize")
        # Recorders write -1 or nothing for a size that they do not know, and 0 without data for a body that they lack.
        is_empty = length == "0" or (not length and size == 0 and data.get("text") == "")
        return is_empty and not ("_file" in data or "_sha1" in data)
    # What is JSON to its end is whole; the length of a compressed body says nothing of its text.
    parts = (body, body.rstrip().rpartition(b"\n")[2])
    if not body.lstrip().startswith(JSON_STARTS) or any(decode_leniently(part) is not None for part in parts):
        return True
    cut = _CUT.search(body.rstrip()[-_LONGEST_CUT:].lower())
    if cut and (cut[0][:1] not in b"[(<" or b"truncated" in cut[0]):
        return False
    return "content-encoding" in fields or max(_recorded_sizes(request, fields)) <= len(body)


def _recorded_sizes(request: dict[str, Any], fields: dict[str, str]) -> tuple[float, float]:
    """Return how many bytes the header and the recorder say that a body has; what they do not say is 0."""
    length, size = fields.get("content-length", "").strip(), request.get("bodySize")
    return float(length) if length.isdecimal() else 0, size if isinstance(size, float) else 0
