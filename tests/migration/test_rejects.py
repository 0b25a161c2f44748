"""Rejected lines, verbatim, and their reasons beside them."""

from __future__ import annotations

import json
import os

from tcspec.files.lines import Line
from tcspec.jsontext.reader import DEFAULT_LIMITS
from tcspec.migration.outcomes import outcome_of, too_long
from tcspec.migration.output_files import Late, Nowhere, Part
from tcspec.migration.rejects import Rejects, default_path, reasons_beside


def test_lines_and_reasons_stand_beside_each_other(tmp_path):
    """Each rejected line is kept to the byte, endings and the rest of a long one included, with one reason a line."""
    path = str(tmp_path / "r")
    rejects = Rejects.begin(path, "source.ndjson")
    broken = Line(3, 40, b'{"a":\xff}\r\n')
    long = Line(4, 50, b"xxxx", iter([b"yy", b"zz\n"]))
    assert rejects.write(broken, outcome_of(broken.content, DEFAULT_LIMITS)) == 9
    assert rejects.write(long, too_long(4, DEFAULT_LIMITS)) == 9
    rejects.finish(always=True)
    assert (tmp_path / "r").read_bytes() == b'{"a":\xff}\r\nxxxxyyzz\n'
    first, second = map(json.loads, (tmp_path / "r.reasons.ndjson").read_bytes().splitlines())
    assert (first["source"], first["line"], first["offset"], first["length"]) == ("source.ndjson", 3, 40, 9)
    [violation] = first["violations"]
    assert (violation["code"], violation["line"], violation["column"]) == ("TC002", 3, 6)
    assert (second["line"], second["length"], second["violations"][0]["code"]) == (4, 9, "TC007")


def test_no_rejects_leave_no_files_unless_asked(tmp_path):
    """Without rejects there are no files, unless they were asked for or older ones would mislead."""
    path = tmp_path / "r"
    Rejects.begin(str(path), "s").finish(always=False)
    assert list(tmp_path.iterdir()) == []
    path.write_bytes(b"older")
    Rejects.begin(str(path), "s").finish(always=False)
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("r", b"")]
    Rejects.begin(str(path), "s").finish(always=True)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["r", "r.reasons.ndjson"]


def test_rejects_go_where_they_are_sent(tmp_path):
    """Rejects of a device have no reasons beside it; late ones are begun late; the rest are files from the start."""
    device = Rejects.begin(os.devnull, "s")
    assert isinstance(device.reasons, Nowhere)
    device.raw.close()
    late = Rejects.begin_late(str(tmp_path / "r"), "s")
    assert isinstance(late.raw, Late)
    assert list(tmp_path.iterdir()) == []
    files = Rejects.begin(str(tmp_path / "r"), "s")
    assert isinstance(files.raw, Part)
    for sink in (files.raw, files.reasons):
        sink.discard()


def test_the_default_place_is_beside_the_target():
    """Rejects go beside the target, and into the current folder where the target is a pipe."""
    assert default_path("out/events.ndjson") == "out/events.ndjson.rejects.ndjson"
    assert default_path("-") == default_path(os.devnull) == "tcspec.rejects.ndjson"
    assert reasons_beside("r") == "r.reasons.ndjson"
