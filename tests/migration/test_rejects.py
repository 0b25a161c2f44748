"""Rejected lines are written verbatim, and their reasons beside them."""

from __future__ import annotations

import json

import pytest

from tcspec.errors import UnreadablePayload
from tcspec.jsontext.encoder import build_length_violation
from tcspec.jsontext.reader import DEFAULT_LIMITS
from tcspec.migration.output_files import OutputFile
from tcspec.migration.records import migrate_record
from tcspec.migration.rejects import NoPlaceForRejects, Rejects, build_reason
from tcspec.migration.streams import NullOutput


def test_lines_and_reasons(tmp_path):
    """Each rejected line is written byte for byte, with its ending and the rest of a long one, and has one reason."""
    lines, reasons = (OutputFile.create(tmp_path / name, tmp_path / name, 0o600) for name in ("lines", "reasons"))
    rejects = Rejects(lines, reasons)
    source = {"source": "source.ndjson"}
    broken = migrate_record(b'{"a":\xff}', DEFAULT_LIMITS)
    long = migrate_record(UnreadablePayload([build_length_violation(4)]), DEFAULT_LIMITS)
    rejects.write(source | {"line": 3, "offset": 40}, [b'{"a":\xff}\r\n'], broken)
    rejects.write(source | {"line": 4, "offset": 50}, iter([b"xxxx", b"yy", b"zz\n"]), long)
    for file in (lines, reasons):
        file.close()
    assert lines.path.read_bytes() == b'{"a":\xff}\r\nxxxxyyzz\n'
    first, second = map(json.loads, reasons.path.read_bytes().splitlines())
    assert (first["source"], first["line"], first["offset"], first["length"]) == ("source.ndjson", 3, 40, 9)
    [violation] = first["violations"]
    assert (violation["code"], violation["line"], violation["column"]) == ("TC002", 3, 6)
    assert (second["line"], second["length"], second["violations"][0]["code"]) == (4, 9, "TC007")


def test_reasons_name_nobody(tmp_path):
    """A key that may be personal, or has no encoding, is masked or escaped in the reasons, and stays in the line."""
    lines, reasons = (OutputFile.create(tmp_path / name, tmp_path / name, 0o600) for name in ("lines", "reasons"))
    rejects = Rejects(lines, reasons)
    for number, key in enumerate((b"ada@shop.example", b"\\ud800\x7f")):
        line = b'{"event": "x", "user": {"%b": 1, "%b": 2}}' % (key, key)
        rejects.write({"line": number}, [line], migrate_record(line, DEFAULT_LIMITS))
    for file in (lines, reasons):
        file.close()
    text = reasons.path.read_text()
    assert text.isascii()
    assert "shop.example" not in text
    pointers = [json.loads(line)["violations"][0]["pointer"] for line in text.splitlines()]
    assert pointers == ["/user/(masked)", "/user/\ud800\x7f"]
    assert b"ada@shop.example" in lines.path.read_bytes()


def test_fixes_show_no_value():
    """The patch of a fix that would write a value of the record is left out of its reasons; the title stays."""
    context = {"event_id": "1", "event_timestamp": 1718006400000}
    event = {"event_name": "view_cart", "user": {}, "context": context, "items": 5, "test_code": 739201846512}
    record = json.dumps(event).encode()
    outcome = migrate_record(record, DEFAULT_LIMITS, "reject")
    reason = build_reason({"line": 1}, len(record), outcome)
    fixes = [each["fix"] for each in json.loads(reason)["violations"] if "fix" in each]
    assert {"title": "put the number in quotes", "is_safe": True} in fixes
    assert "739201846512" not in reason


def test_no_place():
    """A rejected line without a place for it is an error that names the line, its code and the option."""
    with pytest.raises(NoPlaceForRejects, match=r"^line 3 is rejected \(TC001\) and has no place; name one with --rej"):
        Rejects(None, NullOutput()).write({"line": 3}, [b"broken"], migrate_record(b"broken", DEFAULT_LIMITS))
