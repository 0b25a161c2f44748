"""The explanation of every code: complete, and its examples are bad and good."""

from __future__ import annotations

import ast
import json

import pytest

from examples import expand
from fixture_files import CODES_WITHOUT_FIXTURE
from locations import FIXTURES
from reporting import payload_result
from tcspec.cli.required_events import RequiredEvent, RequiredEvents
from tcspec.codes import CODES, Explanation, explanations
from tcspec.errors import Severity, UnknownKind, UnreadablePayload
from tcspec.jsontext.reader import DEFAULT_LIMITS
from tcspec.requests.captures import iter_captured_requests
from tcspec.requests.examination import examine
from tcspec.rules.linting import lint
from tcspec.rules.registry import EVERY_CODE, explain_code, parse_docstring
from tcspec.validation import validate

NOW = 1_795_000_000_000
"""The present of every example: November 2026."""

WITHOUT_EXAMPLE = {"TC103", "TC301", "TC603"}
"""The codes that nothing can have today."""


every_contract_code = pytest.mark.parametrize("code", sorted(set(CODES) - WITHOUT_EXAMPLE))


def check_example(explanation, example):
    """Return the violations of an example, of the contract and of the rules."""
    raw = expand(example)
    if explanation.language == "http":
        return list(check_captures(raw))
    payload = ast.literal_eval(raw.decode()) if explanation.language == "python" else raw
    violations = validate(payload, explanation.kind)
    return [*violations, *lint(payload, kind=explanation.kind, now=NOW)]


def check_captures(raw):
    """Yield the violations of captured requests."""
    for captured in iter_captured_requests(raw):
        if isinstance(captured, UnreadablePayload):
            yield from captured.violations
        else:
            yield from (*captured.notes, *examine(captured.read(DEFAULT_LIMITS)).violations)


def check_run(example, required):
    """Return the violations of a run with the events of an example that requires an event."""
    events = RequiredEvents("required.txt", (RequiredEvent(required),))
    raw = expand(example)
    events.count(payload_result("run.json", 1, raw, tuple(validate(raw))))
    return list(events.find_missing())


@pytest.mark.parametrize("code", EVERY_CODE)
def test_every_code_is_explained(code):
    """An explanation is a sentence, why it matters, and a bad and a good example."""
    explanation = explain_code(code)
    assert explanation.summary.endswith(".")
    assert "\n" not in explanation.summary
    assert len(explanation.text) > 40
    assert [name for name, _ in explanation.examples] == ([] if code in WITHOUT_EXAMPLE else ["Bad", "Good"])
    if code in WITHOUT_EXAMPLE:
        assert "nothing has this code" in explanation.text


def test_no_other_code_is_explained():
    """The data file has the codes of the contract and of transport, in order, and no other code is explained."""
    assert list(explanations()) == list(CODES) == sorted(CODES)
    with pytest.raises(UnknownKind, match=r"^unknown name 'TC999'; choose from TC001, "):
        explain_code("TC999")


@every_contract_code
def test_bad_example(code):
    """The bad example of a code of the contract has this code, with its severity, and no other error."""
    explanation = explain_code(code)
    bad = explanation.bad
    violations = check_run(bad, "login") if code == "TC060" else check_example(explanation, bad)
    assert {each.severity for each in violations if each.code == code} == {CODES[code].severity}
    assert {each.code for each in violations if each.severity is Severity.ERROR} <= {code}


@every_contract_code
def test_good_example(code):
    """The good example of a code of the contract has no violation, not even of a rule."""
    explanation = explain_code(code)
    assert check_example(explanation, explanation.good) == []
    if code == "TC060":
        assert check_run(explanation.good, "login") == []


@pytest.mark.parametrize("code", sorted(set(EVERY_CODE) - set(CODES_WITHOUT_FIXTURE)))
def test_every_code_has_a_fixture(code):
    """A code has a folder of invalid fixtures, the fixture of a rule, or a request with a warning."""
    warned = json.loads((FIXTURES / "requests/warnings.json").read_text(encoding="utf-8"))
    folders = [*FIXTURES.glob(f"*/*/invalid/{code}/*"), *FIXTURES.glob(f"requests/invalid/{code}/*")]
    is_warned = any(code in codes for codes in warned.values())
    assert folders or is_warned or (FIXTURES / f"rules/{code}.json").is_file()


@pytest.mark.parametrize(
    ("example", "expanded"),
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
def test_expand(example, expanded):
    """What is known in brackets is written out, anything else stays as it is."""
    assert expand(example) == expanded


def test_expand_items():
    """Items are as many as the number, and each has its own id."""
    items = json.loads(expand("[151 items]"))
    assert len({item["id"] for item in items}) == 151


@pytest.mark.parametrize(("kinds", "kind"), [(("event", "pixel"), None), (("product", "conversion"), "product")])
def test_parse_docstring(kinds, kind):
    """The docstring of a rule is a sentence, why it matters, and examples whose indentation is removed."""

    def find_wrong_words():
        """A word is wrong.

        It matters.

        Bad:

            {
              "word": "wrong"
            }

        Good:

            {"word": "right"}
        """

    bad = '{\n  "word": "wrong"\n}'
    expected = Explanation("A word is wrong.", "It matters.", bad, '{"word": "right"}', kind=kind)
    assert parse_docstring(find_wrong_words, kinds) == expected
