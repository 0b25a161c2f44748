"""Every rule: its explanation, its fixture, its fixes, and that it never changes a payload."""

from __future__ import annotations

import copy
import json
import re
from functools import cache

import jsonpatch
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from examples import expand
from locations import ROOT
from rule_fixes import of_user
from strategies.events import iter_paths, nearly_valid_events, replace_value, valid_events
from strategies.objects import biased_objects
from tcspec.codes import CODES
from tcspec.errors import UnknownKind
from tcspec.jsontext.pointer import join
from tcspec.payload import read_payload
from tcspec.rules.context import RuleContext
from tcspec.rules.linting import contexts_in, lint
from tcspec.rules.registry import EVERY_CODE, RULES, explain_code
from tcspec.rules.rule import SAFE, UNSAFE
from tcspec.strategies.values import json_values
from tcspec.validation import validate

FIXTURES = ROOT / "fixtures" / "rules"
NOW = 1_795_000_000_000
"""The present of every fixture: November 2026."""

every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)


def read(path):
    """Return the text of a file."""
    return path.read_text(encoding="utf-8")


def fixture(rule):
    """Return the fixture of a rule."""
    return json.loads(read(FIXTURES / f"{rule.code.id}.json"))


@cache
def fixture_payloads():
    """Return the payloads of all fixtures of rules on one payload."""
    fixtures = map(fixture, RULES.values())
    return [each for data in fixtures for each in (*data["passing"], *(case["payload"] for case in data["failing"]))]


@st.composite
def rule_fixtures(draw):
    """Draw a payload of a fixture, perhaps with members of another one."""
    payload = draw(st.sampled_from(fixture_payloads()))
    other = draw(st.sampled_from(fixture_payloads()))
    names = draw(st.sets(st.sampled_from(sorted(other)))) if other else ()
    return payload | {name: other[name] for name in names}


def find(rule, payload, **how):
    """Return the violations of one rule."""
    kind = how.get("kind") or (None if "event" in rule.kinds else rule.kinds[0])
    return lint(payload, select=[rule.code.id], sender=how.get("sender"), kind=kind, now=NOW)


def all_codes(payload, kind, sender):
    """Return the codes of a payload, of the contract and of the rules."""
    return {each.code for each in (*validate(payload, kind), *lint(payload, kind=kind, sender=sender, now=NOW))}


def test_codes_are_unique():
    """No two rules share a code or a title with each other or with the contract, and codes are in order."""
    declared = re.findall(
        r'@(?:stream_)?rule\(\s*"(TC\d{3})"', "\n".join(map(read, (ROOT / "tcspec/rules").rglob("*.py")))
    )
    assert sorted([*declared, *CODES]) == list(EVERY_CODE)
    assert len({code.title for code in EVERY_CODE.values()}) == len(EVERY_CODE)


@every_rule
def test_explanation(rule):
    """The docstring of a rule is a sentence, why it matters, and a bad and a good payload."""
    page = explain_code(rule.code.id)
    assert page.summary.endswith(".")
    assert len(page.text) > 40
    assert re.fullmatch("TC[0-8][0-9]{2}", rule.code.id)
    assert rule.code.source
    assert find(rule, json.loads(expand(page.bad)))
    assert not find(rule, json.loads(expand(page.good)))


@every_rule
def test_fixture(rule):
    """A rule finds nothing in the passing payloads, and the pointers of the fixture in the failing ones."""
    data = fixture(rule)
    options = {"kind": data.get("kind"), "sender": data.get("sender")}
    assert data["passing"]
    assert data["failing"]
    for payload in data["passing"]:
        assert find(rule, payload, **options) == []
    for failing in data["failing"]:
        violations = find(rule, failing["payload"], **options)
        assert sorted({violation.pointer for violation in violations}) == sorted(set(failing["pointers"]))
        assert {violation.code for violation in violations} == {rule.code.id}


def to_fixture(violation, rule):
    """Return a violation as fixtures have it: without the default severity."""
    entry = {
        "pointer": violation.pointer,
        "message": violation.message,
        "data": json.loads(json.dumps(dict(violation.data))),
        "severity": violation.severity if violation.severity is not rule.code.severity else None,
        "hint": violation.hint,
        "fix": violation.fix if violation.fix is None else violation.fix.title,
        "safe": True if violation.fix and violation.fix.is_safe is True else None,
    }
    return {name: value for name, value in entry.items() if value is not None}


@every_rule
def test_messages(rule):
    """A rule has the message, data, hint and fix of the fixture."""
    data = fixture(rule)
    options = {"kind": data.get("kind"), "sender": data.get("sender")}
    for failing in data["failing"]:
        violations = find(rule, failing["payload"], **options)
        assert [to_fixture(each, rule) for each in violations] == failing["violations"]
        assert all(each.fix.patch for each in violations if each.fix)


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES.values() if "event" in rule.kinds], ids=lambda rule: rule.code.id
)
def test_fixes_in_a_batch(rule):
    """The fix of an event in a batch does the same as the fix of the event alone."""
    data = fixture(rule)
    for payload in (failing["payload"] for failing in data["failing"]):
        batch = {"batch": [{"event_name": "login"}, payload]}
        alone = [each.fix.patch for each in find(rule, payload, sender=data.get("sender")) if each.fix]
        inside = lint(batch, select=[rule.code.id], sender=data.get("sender"), kind="batch", now=NOW)
        patches = [each.fix.patch for each in inside if each.fix and each.pointer.startswith("/batch/1")]
        assert [jsonpatch.apply_patch(batch, list(patch))["batch"][1] for patch in patches] == [
            jsonpatch.apply_patch(payload, list(patch)) for patch in alone
        ]


@every_rule
def test_declared_fix(rule):
    """A rule declares the best fix that it offers: safe, unsafe, or none."""
    data = fixture(rule)
    options = {"kind": data.get("kind"), "sender": data.get("sender")}
    fixes = [each.fix for failing in data["failing"] for each in find(rule, failing["payload"], **options) if each.fix]
    best = (SAFE if any(each.is_safe for each in fixes) else UNSAFE) if fixes else None
    assert rule.fix == best


@every_rule
def test_fix(rule):
    """The fix turns the failing payload into the fixed one, removes the violation, and adds none."""
    data = fixture(rule)
    options = {"kind": data.get("kind"), "sender": data.get("sender")}
    assert len(data["fixed"]) == len(data["failing"])
    for failing, expected in zip(data["failing"], data["fixed"], strict=True):
        payload = failing["payload"]
        after = payload
        for _ in range(20):
            fixes = [violation.fix for violation in find(rule, after, **options) if violation.fix]
            if not fixes:
                break
            after = jsonpatch.apply_patch(after, list(fixes[0].patch))
        if expected is None:
            assert after == payload
            continue
        assert json.dumps(after, sort_keys=True) == json.dumps(expected, sort_keys=True)
        assert find(rule, after, **options) == []
        assert all_codes(after, **options) <= all_codes(payload, **options)


def test_every_fixture_has_a_rule():
    """Every fixture is that of a rule."""
    assert {path.stem for path in FIXTURES.glob("TC*.json")} <= set(EVERY_CODE)


@given(st.one_of(valid_events, nearly_valid_events(), biased_objects, st.dictionaries(st.text(), json_values())))
def test_any_payload(payload):
    """No rule raises on any object, nor changes it; every pointer resolves, and every fix can be applied."""
    before = copy.deepcopy(payload)
    for kind in (None, "event", "pixel", "user", "product", "conversion", "batch"):
        for violation in lint(payload, kind=kind, now=NOW):
            assert violation.code in RULES
            if violation.fix:
                jsonpatch.apply_patch(payload, list(violation.fix.patch))
    assert payload == before


def run_every_rule(payload, kind):
    """Return what each rule for the kind of a payload finds in it, whatever it declares, and run alone."""
    contexts = [context for _, context in contexts_in(read_payload(payload, kind), None, None, NOW)]
    return {
        (rule.code.id, finding.path, finding.message)
        for context in contexts
        for rule in RULES.values()
        if context.version.kind in rule.kinds
        for finding in rule.find(without_text(RuleContext(context.value, context.version, context.sender, context.now)))
    }


def without_text(context):
    """Return a context in which there is no text to search, so that rules look at every value."""
    vars(context)["text"] = None
    return context


ODD_STRINGS = ("", " ", "null", "(null)", "{c}", "{{ c }}", "0", "\u200b", "a" * 32, "a@b.example", "undefined", "None")


@st.composite
def odd_events(draw):
    """Draw a valid event in which one value, or one consent category, is an odd string."""
    event, odd = draw(valid_events), draw(st.sampled_from(ODD_STRINGS))
    if draw(st.booleans()):
        return event | {"user": event["user"] | {"consent_categories": ["1", odd]}}
    return replace_value(event, draw(st.sampled_from([path for path in iter_paths(event) if path])), odd)


@given(st.one_of(valid_events, nearly_valid_events(), odd_events(), biased_objects, rule_fixtures()))
@example(of_user(consent_categories=["1", ""]))
def test_what_rules_declare(payload):
    """A rule finds nothing in a payload of which it declares that it finds nothing, and facts hide nothing."""
    for kind in ("event", "pixel", "user", "product", "conversion", "batch"):
        found = lint(payload, kind=kind, now=NOW, with_fixes=False)
        alone = run_every_rule(payload, kind)
        assert {(each.code, each.pointer) for each in found} == {(code, join(path)) for code, path, _ in alone}


@given(st.lists(st.one_of(valid_events, nearly_valid_events()), max_size=3))
def test_events_of_a_batch(events):
    """The rules find the same in an event of a batch as in the event alone."""
    in_batch = lint({"batch": events}, now=NOW, sender="server", ignore=["TC0"])
    alone = [
        (violation.code, f"/batch/{index}{violation.pointer}")
        for index, event in enumerate(events)
        for violation in lint(event, now=NOW, sender="server", ignore=["TC0"])
    ]
    assert sorted((violation.code, violation.pointer) for violation in in_batch) == sorted(alone)


def test_pointers_in_a_batch():
    """A pointer in the message or the data of a violation is one of the whole document, as the pointer of it is."""
    line = {"id": "L1", "quantity": 1, "product": {"id": "SKU-4711"}}
    event = of_user(id="C-1") | {"event_name": "view_cart", "items": [line, line | {"price": 5, "item_name": "Shoe"}]}
    event |= {"user.phone": "1", "notes": "x" * 30_000}
    found = {each.code: each for each in lint({"batch": [{}, event]}, now=NOW) if each.pointer.startswith("/batch/1")}
    assert found["TC425"].message == "the item at /batch/1/items/0 has the same id"
    assert "; /batch/1/notes has " in found["TC050"].message
    assert next(iter(found["TC050"].data["costliest"])) == "/batch/1/notes"
    expected = [found[code].data["expected"] for code in ("TC422", "TC423", "TC120")]
    assert expected == ["/batch/1/items/1/product/price", "/batch/1/items/1/product/name", "/batch/1/user/phone"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sender": "pigeon"}, "unknown name 'pigeon'; choose from server, web, mobile"),
        ({"select": ["TC999"]}, "unknown name 'TC999'; choose from TC001, "),
        ({"ignore": ["XX"]}, "unknown name 'XX'; choose from TC001, "),
    ],
)
def test_misuse(options, message):
    """An unknown sender or prefix of codes is refused with the known ones."""
    with pytest.raises(UnknownKind, match=f"^{message}"):
        lint({}, **options)


SUGGESTS = ("write `", "write the", "did you mean", "rename it to", "move it to `", "use lower case")


def test_every_suggestion_has_a_fix():
    """A rule that suggests what to write offers a fix that writes it, unless that would break something else."""
    fixed, suggesting = set(), set()
    for path in sorted(FIXTURES.glob("*.json")):
        fixture = json.loads(path.read_text())
        if fixture["kind"] == "pixel":
            continue  # a pixel is a record of what was sent, and is not fixed
        for case in fixture["failing"]:
            # Rules on files have several payloads a case, and no fixes.
            payload = case.get("payload", {})
            for violation in lint(payload, fixture["kind"], sender=fixture.get("sender"), now=NOW):
                if violation.hint and violation.hint.startswith(SUGGESTS):
                    suggesting.add(violation.code)
                    fixed |= {violation.code} if violation.fix else set()
    assert suggesting
    assert suggesting == fixed
