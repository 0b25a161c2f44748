"""Rejected lines are written verbatim, and their reasons beside them."""

from __future__ import annotations

import json

import pytest

from tcspec.files.lines import Line
from tcspec.jsontext.reader import DEFAULT_LIMITS
from tcspec.migration.outcomes import migrate_record, reject_long_record
from tcspec.migration.output_files import NullSink, OutputFile
from tcspec.migration.rejects import NoPlaceForRejects, Rejects


def test_lines_and_reasons(tmp_path):
    """Each rejected line is written byte for byte, with its ending and the rest of a long one, and has one reason."""
    lines, reasons = (OutputFile.create(tmp_path / name, tmp_path / name, 0o600) for name in ("lines", "reasons"))
    rejects = Rejects("source.ndjson", lines, reasons)
    broken = Line(3, 40, b'{"a":\xff}\r\n')
    long = Line(4, 50, b"xxxx", iter([b"yy", b"zz\n"]))
    assert rejects.write(broken, migrate_record(broken.content, DEFAULT_LIMITS)) == 9
    assert rejects.write(long, reject_long_record(DEFAULT_LIMITS)) == 9
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
    rejects = Rejects("s", lines, reasons)
    for number, key in enumerate((b"ada@shop.example", b"\\ud800\x7f")):
        line = Line(number, 0, b'{"event": "x", "user": {"%b": 1, "%b": 2}}' % (key, key))
        rejects.write(line, migrate_record(line.content, DEFAULT_LIMITS))
    for file in (lines, reasons):
        file.close()
    text = reasons.path.read_text()
    assert text.isascii()
    assert "shop.example" not in text
    pointers = [json.loads(line)["violations"][0]["pointer"] for line in text.splitlines()]
    assert pointers == ["/user/(masked)", "/user/\ud800\x7f"]
    assert b"ada@shop.example" in lines.path.read_bytes()


def test_no_place():
    """A rejected line without a place for it is an error that names the line, its code and the option."""
    line = Line(3, 40, b"broken")
    with pytest.raises(NoPlaceForRejects, match=r"^line 3 is rejected \(TC001\) and has no place; name one with --rej"):
        Rejects("-", None, NullSink()).write(line, migrate_record(line.content, DEFAULT_LIMITS))
