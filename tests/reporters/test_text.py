"""Results for people."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reporting import source_of
from runs import SOURCE, VIOLATION, WARNING, is_streaming, run
from tcspec.errors import Severity, Violation
from tcspec.reporters.printing import printable
from tcspec.reporters.results import FileFinished, FileStarted, RunFinished, Tally, ViolationResult
from tcspec.reporters.text import docs_url, format_count, format_summary, render, shorten
from tcspec.rules.registry import EVERY_CODE

DOCS = "https://github.com/CommandersAct/Platform-Documentation/blob/caf913c2b6bf/tracking/page.md?plain=1#L7"


def text(*results) -> str:
    """Return results as text."""
    return "".join(render(results))


def test_violation():
    """A violation is where it is and what is wrong, then its line with carets, what to do, and the documentation."""
    assert text(*run(VIOLATION)).splitlines() == [
        'a.json:2:41: TC403 error: expected three letters, got "eur"',
        '    2 | "event_name": "purchase", "currency": "eur",',
        "      |                                       ^^^^^",
        "    help: write EUR",
        "    fix: write the currency in capitals",
        f"    docs: {DOCS}",
    ]


def test_unsafe_fix():
    """A fix that is not safe names the option that applies it."""
    unsafe = replace(VIOLATION, fix=replace(VIOLATION.fix, is_safe=False))
    assert "    fix: write the currency in capitals (needs --unsafe)\n" in text(*run(unsafe))


def test_least_violation():
    """What is not known of a violation is left out."""
    least = Violation("TC101", Severity.INFO, "", "something", data={"expected": "an object"})
    assert text(ViolationResult("a.json", least)) == "a.json: TC101 info: something\n    expected: an object\n"


@pytest.mark.parametrize("expected", [32_768, "something", "capitals"])
def test_nothing_twice(expected):
    """What is expected has a line of its own only if it is text, and not in the message or the hint."""
    violation = replace(VIOLATION, message="something", hint="write capitals", data={"expected": expected})
    assert "expected:" not in text(ViolationResult("a.json", violation))


@pytest.mark.parametrize(
    ("source", "is_shown"),
    [(SOURCE, False), (None, True), (source_of(SOURCE.raw.replace(b"eur", b"e" * 200)), True)],
)
def test_pointer(source, is_shown):
    """The pointer is there unless the whole line is."""
    assert ("    at: /currency\n" in text(ViolationResult("a.json", VIOLATION, source=source))) is is_shown


@pytest.mark.parametrize(
    ("source", "docs"),
    [
        ("K063", "`tcspec rules K063`"),
        ("K014, K016; K063", "`tcspec rules K014`, `tcspec rules K016`, `tcspec rules K063`"),
        ("RFC 8259; K063", "https://www.rfc-editor.org/rfc/rfc8259"),
    ],
)
def test_docs_of_rows(source, docs):
    """Where no page is cited, the commands that print the rows are there."""
    assert f"    docs: {docs}\n" in text(*run(replace(VIOLATION, source=source)))


def test_docs_once():
    """The documentation is there once a code, not once a violation."""
    assert text(*run(VIOLATION, VIOLATION, WARNING, WARNING)).count(DOCS) == 2


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ("tracking/page.md#L7; K112", DOCS),
        (".gitbook/assets/api.yaml", DOCS.replace("tracking/page.md?plain=1#L7", ".gitbook/assets/api.yaml")),
        ("RFC 8259", "https://www.rfc-editor.org/rfc/rfc8259"),
        ("K063", None),
        ("", None),
    ],
)
def test_docs_url(source, url):
    """The documentation is the page that a source names first, as it was when it was read."""
    assert docs_url(source) == url


def test_every_code_has_docs_or_none():
    """What a code cites first is a page, or no page at all: rows of contradictions, tcspec itself, its options."""
    firsts = {code.source.partition("; ")[0] for code in EVERY_CODE.values() if not docs_url(code.source)}
    assert all(first in {"", "tcspec"} or first[0] in "K-" for first in firsts), firsts


def test_personal_data():
    """A value that describes a person is masked in its line."""
    output = text(*run(replace(VIOLATION, pointer="/user/email", line=3, column=21)))
    assert '    3 | "user": {"email": "***********************"}' in output
    assert "ada" not in output


def test_colors():
    """The location, the severity, the carets and the names of details are coloured."""
    colored = "".join(render(run(VIOLATION), lambda style, part: f"<{style} {part}>"))
    assert colored.startswith("<path a.json:2:41>: TC403 <error error>: expected")
    assert "<error ^^^^^>\n" in colored
    assert "\n    <detail help:> write EUR\n" in colored


def test_expectations():
    """An expected violation is not reported, one that did not occur is."""
    output = text(
        FileStarted("a.json"),
        ViolationResult("a.json", VIOLATION, expected=True),
        FileFinished("a.json", Tally(unmet=1), ("TC401",)),
        RunFinished(Tally(unmet=1)),
    )
    assert output.splitlines() == [
        "a.json: unmet error: expected TC401, which did not occur",
        "    help: remove it from [tool.tcspec.expect] if it is fixed",
        f"    TC401: {EVERY_CODE['TC401'].title}",
    ]


def test_unreadable_file():
    """An unreadable file is no result of a run: the command line reports it on stderr."""
    assert text(FileFinished("a.json", Tally(unreadable=1), unreadable="Is a directory")) == ""


def test_totals():
    """A file with several violations ends with their numbers, a run with how often each code occurred."""
    output = text(*run(VIOLATION, VIOLATION, WARNING)[:-1], *run(VIOLATION, path="b.json"))
    assert "\na.json: 2 errors, 1 warning\nb.json:2:41: TC403 error" in output
    assert "\nb.json: " not in output.partition("b.json:2:41")[2]
    assert output.splitlines()[-3:] == [
        "by code (`tcspec rules CODE` explains one):",
        f"    TC403           3  {EVERY_CODE['TC403'].title}",
        f"    TC210           1  {EVERY_CODE['TC210'].title}",
    ]


def test_first_of_each_code():
    """The first violations of a code and severity are listed, what they stand for is counted."""
    rest = replace(WARNING, message="and 7 more", data={"more": 7})
    results = [*run(VIOLATION, VIOLATION, WARNING, replace(WARNING, code="TC403"), WARNING, rest)]
    lines = "".join(render(results, longest=1)).splitlines()
    assert [line.partition(": ")[2][:13] for line in lines if line.startswith("a.json:2")] == [
        "TC403 error: ",
        "TC210 warning",
        "TC403 warning",
    ]
    start = lines.index("a.json: 2 errors, 10 warnings")
    assert lines[start + 1 : start + 4] == [
        "and 8 more of TC210",
        "and 1 more of TC403",
        "    help: --show-all lists all of them, --statistics counts them",
    ]


def test_quiet():
    """Counts can be left out, what is not listed cannot."""
    output = "".join(render(run(VIOLATION, VIOLATION, WARNING), longest=1, quiet=True))
    assert "by code" not in output
    assert "a.json: 2" not in output
    assert "and 1 more of TC403" in output


def test_no_totals():
    """One violation needs no totals."""
    assert "by code" not in text(*run(VIOLATION))


def test_details():
    """What a command adds to a file comes after its violations and before the next file."""
    results = [*run(VIOLATION)[:-1], *run(path="b.json")]
    pieces = list(render(results, details=lambda finished, _: [f"{finished.path} done\n"]))
    assert pieces[-2:] == ["a.json done\n", "b.json done\n"]


def test_streaming():
    """Violations are written as they are found."""
    assert is_streaming(render)


@pytest.mark.parametrize(
    ("outside", "printed"),
    [
        ("é 日本", "é 日本"),
        ("a\nb\x1b[31m", r"a\nb\x1b[31m"),
        ("\u2028\ud800", r"\u2028\ud800"),
        ("\r\x7f\x9b\u202e\u2066\u200b", r"\r\x7f\x9b\u202e\u2066\u200b"),
    ],
)
def test_printable(outside, printed):
    """A text from outside is on one line, without control characters."""
    assert printable(outside) == printed


def test_kept():
    """A tab may be kept."""
    assert printable("\ta\r", "\t") == "\ta\\r"


@pytest.mark.parametrize("longest", [80, 300])
def test_shorten(longest):
    """A text that is too long for a line is cut."""
    assert shorten("x" * longest, longest) == "x" * longest
    assert shorten("x" * (longest + 1), longest) == "x" * (longest - 1) + "…"


@pytest.mark.parametrize(
    ("tally", "sentence"),
    [
        (Tally(), "no payload in no file"),
        (Tally(files=1, payloads=1), "1 payload in 1 file: no violations"),
        (
            Tally(files=2, payloads=1200, error=1, warning=2, info=3),
            "1,200 payloads in 2 files: 1 error, 2 warnings, 3 infos",
        ),
        (Tally(files=1, passed_over=1), "no payload in 1 file; 1 document skipped, not a payload"),
        (Tally(files=1, payloads=1, expected=2), "1 payload in 1 file: no violations; 2 expected violations"),
        (Tally(files=1, payloads=1, known=1), "1 payload in 1 file: no violations; 1 known violation ignored"),
        (Tally(files=1, payloads=1, unmet=1), "1 payload in 1 file: 1 expected violation did not occur"),
        (Tally(files=1, unreadable=1), "no payload in 1 file; 1 file could not be read"),
    ],
)
def test_summary(tally, sentence):
    """The summary of a run is one sentence without what there was none of."""
    assert format_summary(tally) == sentence


def test_count():
    """One thing is singular, several are plural, none is nothing."""
    assert [format_count(count, "line") for count in (0, 1, 2000)] == ["", "1 line", "2,000 lines"]
