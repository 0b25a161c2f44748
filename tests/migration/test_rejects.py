"""Rejected lines are written verbatim, and their reasons beside them."""

from __future__ import annotations

import json
import os

from tcspec.files.lines import Line
from tcspec.jsontext.reader import DEFAULT_LIMITS
from tcspec.migration.outcomes import migrate_record, reject_long_record
from tcspec.migration.output_files import LazyFile, NullSink, PartialFile
from tcspec.migration.rejects import Rejects, default_rejects_path, reasons_path


def test_lines_and_reasons(tmp_path):
    """Each rejected line is written byte for byte, with its ending and the rest of a long one, and has one reason."""
    path = str(tmp_path / "r")
    rejects = Rejects.create(path, "source.ndjson")
    broken = Line(3, 40, b'{"a":\xff}\r\n')
    long = Line(4, 50, b"xxxx", iter([b"yy", b"zz\n"]))
    assert rejects.write(broken, migrate_record(broken.content, DEFAULT_LIMITS)) == 9
    assert rejects.write(long, reject_long_record(DEFAULT_LIMITS)) == 9
    rejects.finish(always=True)
    assert (tmp_path / "r").read_bytes() == b'{"a":\xff}\r\nxxxxyyzz\n'
    first, second = map(json.loads, (tmp_path / "r.reasons.ndjson").read_bytes().splitlines())
    assert (first["source"], first["line"], first["offset"], first["length"]) == ("source.ndjson", 3, 40, 9)
    [violation] = first["violations"]
    assert (violation["code"], violation["line"], violation["column"]) == ("TC002", 3, 6)
    assert (second["line"], second["length"], second["violations"][0]["code"]) == (4, 9, "TC007")


def test_reasons_name_nobody(tmp_path):
    """A key that may be personal, or has no encoding, is masked or escaped in the reasons, and stays in the line."""
    path = str(tmp_path / "r")
    rejects = Rejects.create(path, "s")
    for number, key in enumerate((b"ada@shop.example", b"\\ud800\x7f")):
        line = Line(number, 0, b'{"event": "x", "user": {"%b": 1, "%b": 2}}' % (key, key))
        rejects.write(line, migrate_record(line.content, DEFAULT_LIMITS))
    rejects.finish(always=True)
    reasons = (tmp_path / "r.reasons.ndjson").read_text()
    assert reasons.isascii()
    assert "shop.example" not in reasons
    pointers = [json.loads(line)["violations"][0]["pointer"] for line in reasons.splitlines()]
    assert pointers == ["/user/(masked)", "/user/\ud800\x7f"]
    assert b"ada@shop.example" in (tmp_path / "r").read_bytes()


def test_no_rejects(tmp_path):
    """Without rejects there are no files, unless they are requested or replace older ones."""
    path = tmp_path / "r"
    Rejects.create(str(path), "s").finish(always=False)
    assert list(tmp_path.iterdir()) == []
    path.write_bytes(b"older")
    Rejects.create(str(path), "s").finish(always=False)
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("r", b"")]
    Rejects.create(str(path), "s").finish(always=True)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["r", "r.reasons.ndjson"]


def test_outputs(tmp_path):
    """A device has no reasons beside it, lazy files are created late, and others at once."""
    device = Rejects.create(os.devnull, "s")
    assert isinstance(device.reasons, NullSink)
    device.lines.close()
    lazy = Rejects.create_lazily(str(tmp_path / "r"), "s")
    assert isinstance(lazy.lines, LazyFile)
    assert list(tmp_path.iterdir()) == []
    files = Rejects.create(str(tmp_path / "r"), "s")
    assert isinstance(files.lines, PartialFile)
    for sink in (files.lines, files.reasons):
        sink.discard()


def test_default_paths():
    """Rejects are beside the target, or in the current folder when the target is a stream."""
    assert default_rejects_path("out/events.ndjson") == "out/events.ndjson.rejects.ndjson"
    assert default_rejects_path("-") == default_rejects_path(os.devnull) == "tcspec.rejects.ndjson"
    assert reasons_path("r") == "r.reasons.ndjson"
