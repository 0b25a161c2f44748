"""The pages of every code: there for each, and their examples are judged as they say."""

from __future__ import annotations

import ast
import json

import pytest

from fixtures.test_fixtures import WITHOUT_FIXTURE
from locations import FIXTURES
from tcspec.cli.required_events import Coverage, Required
from tcspec.codes import CODES
from tcspec.errors import Severity, UnknownKind, UnreadablePayload
from tcspec.reporters.results import PayloadResult
from tcspec.requests.captures import captured_requests
from tcspec.requests.checking import examine_request
from tcspec.rules.linting import lint
from tcspec.rules.pages.finding import CONTRACT_PAGES, page_for
from tcspec.rules.pages.page import CodePage, Form, page_of, spelt_out
from tcspec.rules.registry import EVERY_CODE
from tcspec.validation import validate

NOW = 1_795_000_000_000
"""The present of every example: November 2026."""

WITHOUT_EXAMPLE = {"TC103", "TC301", "TC603"}
"""The codes that no law can give today."""


every_contract_code = pytest.mark.parametrize("code", sorted(set(CODES) - WITHOUT_EXAMPLE))


def judged(page, example):
    """Judge an example as its page says, by the contract and by the rules."""
    raw = spelt_out(example)
    if page.form is Form.CAPTURE:
        return list(of_requests(raw))
    payload = ast.literal_eval(raw.decode()) if page.form is Form.PYTHON else raw
    found = validate(payload, page.kind)
    return [*found, *lint(payload, kind=page.kind, now=NOW)]


def of_requests(raw):
    """Examine the requests of a capture."""
    try:
        for captured in captured_requests(raw):
            yield from examine_request(captured.method, captured.url, captured.headers, captured.body).violations
    except UnreadablePayload as unreadable:
        yield from unreadable.violations


def of_run(example, required):
    """Tell what a run lacks that has the events of an example only."""
    coverage = Coverage("required.txt", (Required(required),))
    raw = spelt_out(example)
    coverage.see(PayloadResult("run.json", 1, raw, tuple(validate(raw))))
    return list(coverage.missing())


@pytest.mark.parametrize("code", EVERY_CODE)
def test_every_code_has_a_page(code):
    """A code has a page that says what is wrong in a sentence, why it matters, and shows a bad and a good example."""
    page = page_for(code)
    assert page.summary.endswith(".")
    assert "\n" not in page.summary
    assert len(page.text) > 40
    assert [name for name, _ in page.examples] == ([] if code in WITHOUT_EXAMPLE else ["Bad", "Good"])
    if code in WITHOUT_EXAMPLE:
        assert "nothing has this code" in page.text


def test_no_other_code_has_a_page():
    """The tables of pages have the codes of the contract, each once, and no other code has a page."""
    assert set(CONTRACT_PAGES) == set(CODES)
    with pytest.raises(UnknownKind, match=r"^'TC999' is not known; choose from TC001, "):
        page_for("TC999")


@every_contract_code
def test_bad_example(code):
    """The bad example of a code of the contract has this code, as grave as it is, and no other error."""
    page = page_for(code)
    found = of_run(page.bad, "login") if code == "TC060" else judged(page, page.bad)
    assert {each.severity for each in found if each.code == code} == {CODES[code].severity}
    assert {each.code for each in found if each.severity is Severity.ERROR} <= {code}


@every_contract_code
def test_good_example(code):
    """There is nothing to say about the good example of a code of the contract, not even by a rule."""
    page = page_for(code)
    assert judged(page, page.good) == []
    if code == "TC060":
        assert of_run(page.good, "login") == []


@pytest.mark.parametrize("code", sorted(set(EVERY_CODE) - set(WITHOUT_FIXTURE)))
def test_every_code_has_a_fixture(code):
    """A code has a folder of invalid fixtures, the fixture of a rule, or a request that is warned of."""
    warned = json.loads((FIXTURES / "requests/warnings.json").read_text(encoding="utf-8"))
    folders = [*FIXTURES.glob(f"*/*/invalid/{code}/*"), *FIXTURES.glob(f"requests/invalid/{code}/*")]
    is_warned = any(code in codes for codes in warned.values())
    assert folders or is_warned or (FIXTURES / f"rules/{code}.json").is_file()


@pytest.mark.parametrize(
    ("example", "written"),
    [
        ("a", b"a"),
        ("é", b"\xc3\xa9"),
        ('"[5 characters]"', b'"xxxxx"'),
        ("[0 characters]", b""),
        ("[3 levels]", b"[[[]]]"),
        ("[2 lines]", b'{"id": "SKU-0"}\n{"id": "SKU-1"}'),
        ("a[bytes E9]b[bytes EF BB BF]", b"a\xe9b\xef\xbb\xbf"),
        ("[5 apples]", b"[5 apples]"),
    ],
)
def test_spelt_out(example, written):
    """What stands in brackets is written out, anything else is left as it is."""
    assert spelt_out(example) == written


def test_spelt_out_items():
    """Items are as many as is said, and each has an id of its own."""
    items = json.loads(spelt_out("[151 items]"))
    assert len({item["id"] for item in items}) == 151


def test_printed():
    """A page is printed as its sentence, its text in lines that can be read, and its examples, indented."""
    page = CodePage("It is wrong.", f"{'word ' * 30}\n\nMore to say.", "{\n  bad\n}", "good")
    lines = page.printed.split("\n")
    assert lines[:4] == ["It is wrong.", "", " ".join(["word"] * 22), " ".join(["word"] * 8)]
    assert page.printed.endswith("\n\nMore to say.\n\nBad:\n\n    {\n      bad\n    }\n\nGood:\n\n    good")


@pytest.mark.parametrize(("kinds", "kind"), [(("event", "pixel"), None), (("product", "conversion"), "product")])
def test_page_of_a_docstring(kinds, kind):
    """The docstring of a rule is its page: a sentence, what there is to say, and examples without their indentation."""

    def look():
        """Tell a word.

        It is wrong.

        Bad:

            {
              "word": "wrong"
            }

        Good:

            {"word": "right"}
        """

    bad = '{\n  "word": "wrong"\n}'
    assert page_of(look, kinds) == CodePage("Tell a word.", "It is wrong.", bad, '{"word": "right"}', kind=kind)


def test_printed_without_examples():
    """A page without examples ends with its text."""
    assert CodePage("It is wrong.", "Why.").printed == "It is wrong.\n\nWhy."
