"""Side files: what is read besides payloads, such as configuration, baselines, required events and schemas.

They are read as strictly as payloads, as a whole and within limits; what is wrong with one is an error that names it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tcspec.errors import UnreadablePayload
from tcspec.files.lines import STANDARD, FileError, is_file_name, open_source
from tcspec.json_types import type_name
from tcspec.jsontext import positions
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits, read
from tcspec.personal import is_personal_name, mask_pointer

MAX_COUNT = 10**12
"""The highest count that a side file may have; far more digits could not be printed."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ADVICE = " (raise it with --max-depth)"
_LONGEST = 60
"""How many characters of a string a message shows."""


@dataclass(frozen=True, slots=True)
class JsonFile:
    """A side file that is JSON: its path, its text and its value."""

    path: str
    text: str
    value: Any

    def error(self, pointer: str, expected: str, actual: str) -> FileError:
        """Return the error that names what is expected at a pointer and what is there, with its line and column."""
        line, column = positions.locate(self.text, pointer)
        place = f"invalid entry at {mask_pointer(pointer) or 'the root'} (line {line}, column {column})"
        return FileError(self.path, f"{place}: expected {expected}, got {actual}")


def read_side_file(path: str, length: int = DEFAULT_LIMITS.length) -> bytes:
    """Read a side file to its end, decompressed when its name ends with `.gz`; `-` is standard input.

    A byte order mark is dropped: editors write one without being asked.

    Raises:
        FileError: when it cannot be read, or is longer than `length` bytes.
    """
    with open_source(path) as source:
        # However much a compressed file expands to, one byte more than the maximum is enough to refuse it.
        raw = source.read(length + 1)
    if len(raw) > length:
        raise FileError(path, f"it is longer than {length:,} bytes, the maximum for a file of this purpose")
    return raw.removeprefix(_BYTE_ORDER_MARK)


def decode_text(raw: bytes, path: str) -> str:
    """Return the text of a side file.

    Raises:
        FileError: when it is not UTF-8.
    """
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise FileError(path, f"the file is not UTF-8: byte 0x{raw[error.start]:02x} on line {line}") from None


def parse_json(raw: bytes, path: str, *, allow_lone_surrogates: bool = False) -> JsonFile:
    """Parse a side file that is JSON, as strictly as a payload; unpaired surrogates stand in names that are not UTF-8.

    Raises:
        FileError: when it is not JSON, or nested too deeply.
    """
    try:
        # The length was limited when it was read.
        value = read(raw, Limits(length=max(len(raw), 1)), allow_lone_surrogates=allow_lone_surrogates)
    except UnreadablePayload as error:
        first = error.violations[0]
        place = f" (line {first.line}, column {first.column})" if first.line else ""
        # The options that change the limits are about payloads.
        raise FileError(path, f"it is not JSON: {first.message.removesuffix(_ADVICE)}{place}") from None
    return JsonFile(path, raw.decode(), value)


def is_count(value: object) -> bool:
    """Return whether a value is an integer from 1 to a million million."""
    return type(value) is int and 1 <= value <= MAX_COUNT


def describe(value: object) -> str:
    """Return a value for a message: a short string or number as it is, anything else as its type."""
    match value:
        case str() if len(value) <= _LONGEST and not is_personal_name(value):
            return repr(value)
        case int() if type(value) is int and abs(value) <= MAX_COUNT:
            return f"the integer {value}"
    return type_name(value)


def relative_path(folder: Path, path: str) -> str:
    """Return a path as side files of a folder have it: relative to the folder, with slashes.

    Standard input stays as it is, and so does what no file can have as its name.
    """
    if not path or path == STANDARD or not is_file_name(path):
        return path
    return Path(os.path.relpath(path, folder)).as_posix()
