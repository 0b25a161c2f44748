"""Documents are read up to a maximum depth and length, which bound hostile input."""

from __future__ import annotations

import pytest
from hypothesis import given

from jsontext.test_reader import position, violation_of
from reference.reader import find_code
from strategies.documents import hostile_documents
from tcspec.contract.engines import ENGINES
from tcspec.jsontext.reader import (
    MAX_DEPTH,
    ImpossibleLimits,
    Limits,
    check_text,
    read,
    read_object,
)
from tcspec.upgrades.api import upgrade_json
from tcspec.validation import validate


class TestLimits:
    """A document beyond a limit is refused."""

    @pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}"), (b'[{"a":', b"}]")])
    def test_depth(self, opening, closing):
        """Two hundred levels are read; one level more is a violation at its opening bracket."""
        times = 200 // (opening.count(b"[") + opening.count(b"{"))
        read(opening * times + b"1" + closing * times)
        deeper = b"\n" + opening * times + b"[1]" + closing * times
        assert position(violation_of(deeper)) == ("TC006", 2, len(opening) * times + 1)

    def test_depth_is_counted_in_code_points(self):
        """The column of a bracket that is too deep counts code points."""
        assert position(violation_of('["😀", [[]]]'.encode(), Limits(depth=2))) == ("TC006", 1, 8)

    def test_depth_of_closed_levels(self):
        """Levels side by side do not add up, and brackets in strings do not count."""
        assert len(read(b"[" + b"[]," * 1000 + b'"' + b"[{" * 1000 + b'"]')) == 1001

    def test_depth_of_a_hundred_thousand(self):
        """Nesting that would break a parser is refused before it is parsed."""
        for raw in (b"[" * 100_000, b'{"a":' * 100_000, b"[" * 100_000 + b"]" * 100_000):
            assert violation_of(raw).code == "TC006"

    def test_depth_is_an_option(self):
        """The maximum depth is an option, and what is deep is checked as thoroughly."""
        assert violation_of(b"[[[1]]]", Limits(depth=2)).message == (
            "nesting exceeds the maximum depth of 2 levels (raise it with --max-depth)"
        )
        deep = Limits(depth=300)
        read(b"[" * 300 + b"]" * 300, deep)
        assert violation_of(b"[" * 250 + b'"\\ud800"' + b"]" * 250, deep).code == "TC005"

    def test_length(self):
        """A document of the maximum length is read; a longer one is refused before anything else is checked."""
        assert read(b"[1]", Limits(length=3)) == [1]
        found = violation_of(b"\xff[1]", Limits(length=3))
        assert position(found) == ("TC007", 1, 1)
        assert found.message == "the document exceeds the maximum length of 3 bytes (raise it with --max-length)"
        assert violation_of(b" " * (8 * 1024 * 1024 + 1)).code == "TC007"

    @given(hostile_documents)
    def test_check_without_parsing(self, raw):
        """What can be checked before parsing has the same violations without parsing."""
        code = find_code(raw)
        if code in {"TC002", "TC003", "TC006", "TC008"}:
            assert violation_of(raw, reader=check_text) == violation_of(raw)
        else:
            check_text(raw)

    @pytest.mark.parametrize("limits", [{"depth": 0}, {"depth": MAX_DEPTH + 1}, {"length": 0}])
    def test_impossible(self, limits):
        """Limits that bound nothing, or that parsers cannot bear, are an error that names the possible ones."""
        with pytest.raises(ImpossibleLimits, match="depth is 1 to 300 levels and the maximum length 1 byte or more"):
            Limits(**limits)

    def test_deepest(self):
        """A document of the highest possible depth is read, validated and upgraded by every parser in use."""
        depth = MAX_DEPTH
        raw = b'{"event": "x", "properties": {"p": ' + b"[" * (depth - 2) + b"]" * (depth - 2) + b"}}"
        limits = Limits(depth=depth)
        document = read_object(raw, limits)
        for payload in (raw, document):
            found = {engine: validate(payload, version="1.0", engine=engine, limits=limits) for engine in ENGINES}
            assert found == {"fast": [], "reference": []}
        assert upgrade_json(raw, limits=limits).startswith(b'{"event_name":"x","p":[[')
