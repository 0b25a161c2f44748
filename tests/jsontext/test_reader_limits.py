"""What bounds hostile input: how deep and how long a document may be."""

from __future__ import annotations

import pytest
from hypothesis import given

from slow_reader import code_of
from strategies.documents import hostile_documents
from tcspec.contract.engines import ENGINES
from tcspec.errors import UnreadablePayload
from tcspec.jsontext.reader import (
    DEFAULT_LIMITS,
    MAX_DEPTH,
    ImpossibleLimits,
    Limits,
    check_text,
    read,
    read_object,
)
from tcspec.upgrades.api import upgrade_json
from tcspec.validation import validate

NDJSON = "one a line is NDJSON, whose files are named .ndjson or .jsonl"


def refusal(raw, limits=DEFAULT_LIMITS, reader=read):
    """Give the one violation for which bytes are refused."""
    with pytest.raises(UnreadablePayload) as refused:
        reader(raw, limits)
    [violation] = refused.value.violations
    return violation


def place(violation):
    """Give code, line and column."""
    return violation.code, violation.line, violation.column


class TestLimits:
    """What bounds hostile input."""

    @pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}"), (b'[{"a":', b"}]")])
    def test_depth(self, opening, closing):
        """Two hundred levels are read, the level beyond is refused where it opens."""
        times = 200 // (opening.count(b"[") + opening.count(b"{"))
        read(opening * times + b"1" + closing * times)
        deeper = b"\n" + opening * times + b"[1]" + closing * times
        assert place(refusal(deeper)) == ("TC006", 2, len(opening) * times + 1)

    def test_depth_is_counted_in_code_points(self):
        """The column of the level beyond counts code points."""
        assert place(refusal('["😀", [[]]]'.encode(), Limits(depth=2))) == ("TC006", 1, 8)

    def test_depth_of_closed_levels(self):
        """Levels side by side do not add up, and brackets in texts are none."""
        assert len(read(b"[" + b"[]," * 1000 + b'"' + b"[{" * 1000 + b'"]')) == 1001

    def test_depth_of_a_hundred_thousand(self):
        """Nesting that would break a parser is refused before it is parsed."""
        for raw in (b"[" * 100_000, b'{"a":' * 100_000, b"[" * 100_000 + b"]" * 100_000):
            assert refusal(raw).code == "TC006"

    def test_depth_is_an_option(self):
        """The levels that are read are the caller's choice, and nothing below them escapes a check."""
        assert refusal(b"[[[1]]]", Limits(depth=2)).message == "more than 2 levels of nesting"
        deep = Limits(depth=300)
        read(b"[" * 300 + b"]" * 300, deep)
        assert refusal(b"[" * 250 + b'"\\ud800"' + b"]" * 250, deep).code == "TC005"

    def test_length(self):
        """A document is read up to its limit and refused above it, before anything else is looked at."""
        assert read(b"[1]", Limits(length=3)) == [1]
        found = refusal(b"\xff[1]", Limits(length=3))
        assert place(found) == ("TC007", 1, 1)
        assert found.message == "4 bytes are more than the 3 that are read"
        assert refusal(b" " * (8 * 1024 * 1024 + 1)).code == "TC007"

    @given(hostile_documents)
    def test_of_text_that_is_checked_only(self, raw):
        """What can be said before parsing is said in the same way without it."""
        code = code_of(raw)
        if code in {"TC002", "TC003", "TC006", "TC008"}:
            assert refusal(raw, reader=check_text) == refusal(raw)
        else:
            check_text(raw)

    @pytest.mark.parametrize("limits", [{"depth": 0}, {"depth": MAX_DEPTH + 1}, {"length": 0}])
    def test_impossible(self, limits):
        """Limits that bound nothing, or that parsers do not bear, are refused by naming what can be asked."""
        with pytest.raises(ImpossibleLimits, match="1 to 300 levels and 1 byte or more"):
            Limits(**limits)

    def test_deepest(self):
        """The deepest document that can be asked for is read, judged and upgraded by every reader there is."""
        depth = MAX_DEPTH
        raw = b'{"event": "x", "properties": {"p": ' + b"[" * (depth - 2) + b"]" * (depth - 2) + b"}}"
        limits = Limits(depth=depth)
        document = read_object(raw, limits)
        for payload in (raw, document):
            found = {engine: validate(payload, version="1.0", engine=engine, limits=limits) for engine in ENGINES}
            assert found == {"fast": [], "reference": []}
        assert upgrade_json(raw, limits).startswith(b'{"event_name":"x","p":[[')
