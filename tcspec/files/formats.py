"""What a file is by its first bytes, whatever its name; one sentence says why it is not read, and what to do."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from tcspec.files.compression import strip_suffix
from tcspec.patterns import compile_late

HEAD = 1 << 16
"""How many of the first bytes are looked at."""

_DECOMPRESS = "decompress it first"
_EXPORT = "export the events as JSON, one a line"
_TO_UTF8 = "convert it first: iconv -f {} -t UTF-8"


class _Signature(NamedTuple):
    """The bytes that a kind of file has at an offset, its name, and what to do."""

    start: bytes
    name: str
    advice: str
    offset: int = 0


_SIGNATURES = (
    _Signature(b"\x28\xb5\x2f\xfd", "compressed with zstd", _DECOMPRESS),
    _Signature(b"BZh", "compressed with bzip2", _DECOMPRESS),
    _Signature(b"\xfd7zXZ\x00", "compressed with xz", _DECOMPRESS),
    _Signature(b"\x04\x22\x4d\x18", "compressed with lz4", _DECOMPRESS),
    _Signature(b"\xff\x06\x00\x00sNaPpY", "compressed with snappy", _DECOMPRESS),
    _Signature(b"LZIP\x01", "compressed with lzip", _DECOMPRESS),
    _Signature(b"\x1f\x9d", "compressed with compress", _DECOMPRESS),
    *(_Signature(start, "compressed with zlib", _DECOMPRESS) for start in (b"x\x01", b"x\x9c", b"x\xda")),
    _Signature(b"7z\xbc\xaf\x27\x1c", "a 7z archive", "extract it first"),
    _Signature(b"Rar!\x1a\x07", "a RAR archive", "extract it first"),
    _TAR := _Signature(b"ustar", "a tar archive", "extract it first", 257),
    _Signature(b"PAR1", "a Parquet file", _EXPORT),
    _Signature(b"ARROW1\x00", "an Arrow file", _EXPORT),
    _Signature(b"FEA1", "an Arrow file", _EXPORT),
    _Signature(b"Obj\x01", "an Avro file", _EXPORT),
    _Signature(b"ORC", "an ORC file", _EXPORT),
    _Signature(b"SQLite format 3\x00", "an SQLite database", _EXPORT),
    _Signature(b"PGDMP", "a dump of PostgreSQL", _EXPORT),
    _Signature(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document", _EXPORT),
    _Signature(b"%PDF-", "a PDF document", _EXPORT),
    *(
        _Signature(start, "a capture of packets", "export the requests as HAR")
        for start in (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\n\r\r\n")
    ),
    _Signature(b"\xff\xfe\x00\x00", "UTF-32", _TO_UTF8.format("UTF-32")),
    _Signature(b"\x00\x00\xfe\xff", "UTF-32", _TO_UTF8.format("UTF-32")),
    _Signature(b"\xff\xfe", "UTF-16", _TO_UTF8.format("UTF-16")),
    _Signature(b"\xfe\xff", "UTF-16", _TO_UTF8.format("UTF-16")),
)
_STARTS = tuple(each.start for each in _SIGNATURES if not each.offset)
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
_BINARY = rb"[\x00-\x08\x0e-\x1f\x7f-\xff]"
"""Bytes that no text has; they tell a file of binary data from a query that begins with the same letters."""
_UTF32 = compile_late(rb"[{\[\"]\x00{3}|\x00{3}[{\[\"]")
# Without a mark the zero byte beside each ASCII character shows it.
_UTF16 = compile_late(
    rb"[{\[\"][\x00][^\x00][\x00]|[\x00][{\[\"][\x00][^\x00]|(?:[ \t\r\n{\[]\x00){2}|(?:\x00[ \t\r\n{\[]){2}"
    rb"|(?:[ -~]\x00){4}|(?:\x00[ -~]){4}"
)

_CONTROL = compile_late(r"[\x00-\x08\x0e-\x1f]")
_MOST_LINES = 1_000
_QUOTED_JSON = compile_late(r'"[{\[] ?""')
_COMMA_BETWEEN = compile_late(r"[ \t]*,[ \t\r]*\n[ \t]*\{[^\n]*\},[ \t\r]*(?:\n|$)")

_SUFFIXES = {
    ".zstd": "zstd", ".bz2": "bzip2", ".xz": "xz", ".lz4": "lz4", ".sz": "snappy", ".snappy": "snappy",
    ".lz": "lzip", ".br": "Brotli", ".zip": "zip", ".7z": "7z", ".rar": "RAR", ".tar": "tar", ".tgz": "tar",
    ".parquet": "Parquet", ".arrow": "Arrow", ".feather": "Arrow", ".avro": "Avro", ".orc": "ORC", ".sqlite": "SQLite",
    ".sqlite3": "SQLite", ".xlsx": "Excel", ".xls": "Excel", ".csv": "CSV", ".tsv": "TSV",
}  # fmt: skip
_URL = compile_late(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]+)://")
_DATABASES = (
    "postgres",
    "mysql",
    "mariadb",
    "sqlite",
    "mssql",
    "oracle",
    "mongodb",
    "bigquery",
    "snowflake",
    "redshift",
)


def name_container(head: bytes) -> str | None:
    """Return what a file with these first bytes is when it is not text."""
    return next((each.name for each in _SIGNATURES if head.startswith(each.start, each.offset)), None)


def explain_container(head: bytes) -> str | None:
    """Return why a file with these first bytes is not read as text; None when it may be text in UTF-8."""
    if head.startswith(_ZIP_STARTS):
        # An Office document is an archive whose first member says so.
        is_spreadsheet = b"[Content_Types].xml" in head or b"xl/" in head
        name, advice = ("a spreadsheet (xlsx)", _EXPORT) if is_spreadsheet else ("a zip archive", "extract it first")
        return f"is {name}, which is not read; {advice}"
    # Of most files the first bytes are those of no other kind, which one call tells.
    may_be_other = head.startswith(_STARTS) or head.startswith(_TAR.start, _TAR.offset)
    for start, name, advice, offset in _SIGNATURES if may_be_other else ():
        if head.startswith(start, offset) and re.search(_BINARY, head):
            return f"is {name}, which is not read; {advice}"
    for pattern, encoding in ((_UTF32, "UTF-32"), (_UTF16, "UTF-16")):
        if pattern.match(head):
            return f"is {encoding}, which is not read; {_TO_UTF8.format(encoding)}"
    return None


def explain_table(head: bytes) -> str | None:
    """Return why a file with these first bytes is no JSON text, where it is a table; None for anything else."""
    # JSON texts and most others show it at once.
    if head.lstrip()[:1] in {b"{", b"["} or not _looks_like_csv(_decode(head).split("\n", 2)):
        return None
    return (
        "is a table (CSV), not one JSON text a line; export the column of events as one JSON text a line, "
        "or migrate it as a file named .csv with --column NAME"
    )


def _decode(head: bytes) -> str:
    return head.decode(errors="replace").removeprefix("\ufeff").lstrip(" \t\r\n")


def is_separator_line(line: str) -> bool:
    """Return whether a line is the one that Excel writes above the names of columns."""
    return line.rstrip("\r\n").lower() in {"sep=,", "sep=;", "sep=\t", "sep=|"}


def explain_lines(head: bytes, *, is_ndjson: bool = True) -> str | None:
    """Return why a file with these first bytes does not have one JSON text a line; None when it may have.

    A line that is only broken is no reason: it is one of many.

    Args:
        head: the first bytes.
        is_ndjson: whether one JSON text a line is expected; else the file may also be one JSON text on many lines.
    """
    if table := explain_table(head):
        return table
    if is_ndjson and _have_prefixes(head):
        return "has something before the JSON text of each line; cut it off first: sed 's/^[^{]*//'"
    return _explain_text(_decode(head), is_ndjson=is_ndjson)


def _explain_text(text: str, *, is_ndjson: bool) -> str | None:
    if _ends_lines_with_returns(text.rstrip("\r\n")):
        return "has lines that end with a carriage return only; convert it first: tr '\\r' '\\n'"
    end = _find_end(text)
    if end is not None and text[end:].lstrip(" \t\r").startswith("{"):
        return "has several JSON texts on one line, not one a line; convert it first: jq -c ."
    if end is not None and _COMMA_BETWEEN.match(text, end):
        return "has a comma after each JSON text; remove the commas first: sed 's/,[[:space:]]*$//'"
    if is_ndjson and re.match(r"\[[ \t\r\n]*\{", text):
        return "is an array of events, not one JSON text a line; convert it first: jq -c '.[]'"
    return (
        "has a JSON text over several lines, not one a line; convert it first: jq -c ."
        if is_ndjson and ("\n" in text[: end or 0] or _goes_on(text))
        else None
    )


def _have_prefixes(head: bytes) -> bool:
    """Return whether several lines, and not only a broken one, have a JSON object behind something else.

    Such as the key of a message, the time of a log, or the separator of a sequence (RFC 7464).
    """
    lines = head.decode(errors="replace").split("\n")
    # The last one may be cut off.
    whole = [line for line in lines[: _MOST_LINES if len(head) < HEAD else -1] if line.strip()]
    return len(whole) > 1 and all(map(_has_prefix, whole))


def _has_prefix(line: str) -> bool:
    prefix, brace, rest = line.partition("{")
    if not brace or not prefix.strip(" \t"):
        return False
    return _find_end(text := brace + rest) == len(text.rstrip("\r"))


def _ends_lines_with_returns(text: str) -> bool:
    """Return whether a text has several lines, of which each ends with a carriage return only, and is not one JSON."""
    if "\r" not in text or "\n" in text or _CONTROL.search(text):
        return False
    parts = [part.lstrip() for part in text.split("\r") if part.strip()]
    is_json = text.startswith(("{", "["))
    return len(parts) > 1 and (not is_json or sum(part.startswith("{") for part in parts) > 1)


def _goes_on(text: str) -> bool:
    """Return whether a JSON text, whose end may not be there, goes on behind its first line with a name or a string."""
    first, _, others = text.partition("\n")
    is_open = text.startswith(("{", "[")) and first.rstrip(" \t\r").endswith(("{", "[", ","))
    return is_open and others.lstrip(" \t\r\n").startswith('"')


def explain_path(path: str) -> str | None:
    """Return why a path is not the name of a file to read or write: a URL, shown without what may be secret in it."""
    if not (found := _URL.match(path)):
        return None
    what, advice = "a database", f"of databases tcspec migrate reads SQLite and PostgreSQL; {_EXPORT}"
    if is_url(path):
        what, advice = "a URL", "download it first, or pipe it to standard input (-)"
    elif found["scheme"].lower() in {"sqlite", "postgres", "postgresql"}:
        advice = "tcspec migrate upgrades the events of a table, with the database as SOURCE"
    return f"is {what}, and only files and standard streams are supported; {advice}"


def is_url(path: str) -> bool:
    """Return whether a path is the URL of something else than a database."""
    found = _URL.match(path)
    return found is not None and not found["scheme"].lower().startswith(_DATABASES)


def mask_path(path: str) -> str:
    """Return a path as it may be printed: a URL may hold a password."""
    found = _URL.match(path)
    return f"{found[0]}..." if found else path


def explain_suffix(path: str) -> str | None:
    """Return why no file with this name is written: it would not hold what the name says."""
    name = strip_suffix(path.lower())
    for suffix, kind in _SUFFIXES.items():
        if name.endswith(suffix):
            return f"would hold JSON, one text a line, and not {kind}; name it .ndjson, .ndjson.gz or .ndjson.zst"
    return None


def _looks_like_csv(lines: list[str]) -> bool:
    """Return whether the first line has the names of columns and the second one has as many cells at least, or JSON."""
    if len(lines) > 1 and (is_separator_line(lines[0]) or _QUOTED_JSON.search(lines[1])):
        return True
    if len(lines) == 1 or not (names := re.fullmatch(r'[\w \-."]+([,;\t|])[\w \-.",;\t|]*', lines[0].rstrip("\r"))):
        return False
    return not lines[1].startswith(("{", "[")) and lines[1].count(names[1]) >= lines[0].count(names[1])


def _find_end(text: str) -> int | None:
    """Return where the first JSON text ends; None when it is broken or goes on behind the first bytes."""
    try:
        return json.JSONDecoder().raw_decode(text)[1]
    # A text that is nested without end is for the reader, which reports it.
    except (ValueError, RecursionError):
        return None
