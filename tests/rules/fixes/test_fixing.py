from __future__ import annotations

import copy
import json
from collections import Counter

import pytest

import tcspec
from payloads import minimal
from tcspec.errors import Fix, Severity, UnknownKind, UnreadablePayload, Violation, WrongArgument
from tcspec.jsontext.reader import Limits
from tcspec.payload import read_payload
from tcspec.rules.config import Config
from tcspec.rules.fixes import applying
from tcspec.rules.fixes.applying import UNSAFE
from tcspec.rules.fixes.fixing import fix, fix_json
from tcspec.rules.linting import lint
from tcspec.validation import validate

EVENT = (
    b'{"event_name": "login", "user": {"id": "c"},\n "context": {"event_id": "1", "event_timestamp": %s}, "n": 1.10}'
)
SECONDS, MILLISECONDS = EVENT % b"1718006400", EVENT % b"1718006400000"


@pytest.fixture
def rules(monkeypatch):
    """Replace the rules with ones made for a test."""
    rules = []

    def find(payload, *_):
        return [violation for rule in rules for violation in rule(payload.document)]

    monkeypatch.setattr(applying, "find_rule_violations", find)
    monkeypatch.setattr(applying, "find_violations", lambda *_, **__: [])
    return rules


def found(code, pointer, *patch, is_safe=True, name=None):
    """Build a violation, with a fix when there is a patch."""
    fix = Fix(f"mend {code}", patch, is_safe) if patch else None
    return Violation(code, Severity.WARNING, pointer, "", {"property": name}, fix=fix)


def renames(code, old, new, **how):
    """Build a rule whose fix renames a key."""
    move = {"op": "move", "from": f"/{old}", "path": f"/{new}"}
    return lambda document: [found(code, f"/{old}", move, **how)] if old in document else []


def dislikes(code, name, *patch, **how):
    """Build a rule whose fix removes a key."""
    return lambda document: [found(code, f"/{name}", *patch, **how)] if name in document else []


CONTEXT = b'"context": {"event_id": "1", "event_timestamp": 1718006400000'
PLACES = {
    "user": b'{"event_name": "login", "user": {"id": %s}, ' + CONTEXT + b"}}",
    "app": b'{"event_name": "login", "user": {"id": "c"}, ' + CONTEXT + b', "app": {"version": %s}}}',
    "batch": b'{"batch": [{}, {"event_name": "login", "user": {"id": %s}, ' + CONTEXT + b"}}]}",
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize(
    ("number", "is_safe"),
    [
        (b"1.10", True),
        (b"12.500", True),
        (b"0.1000000000000000055", True),
        (b"-0.5", True),
        (b"1" * 5_000, True),
        (b"1.0", False),
        (b"1E5", False),
        (b"15e-1", False),
        (b"1e400", False),
    ],
)
def test_a_number_in_quotes_keeps_its_digits(place, number, is_safe):
    """A number that is put in quotes keeps its digits, zeros at its end too: version 1.10 is not version 1.1."""
    assert fix_json(place % number).text == (place % (b'"%s"' % number if is_safe else number))
    assert fix_json(place % number, unsafe=True).text == place % (b'"%s"' % number)


def test_a_category_keeps_its_digits():
    """A consent category that becomes a string keeps its digits, but for the sign of zero, as in an upgrade."""
    user = b'{"id": "c", "consent_categories": %s}'
    event = EVENT.replace(b"%s", b"1718006400000").replace(b'{"id": "c"}', user)
    assert fix_json(event % b"-0").text == event % b'["0"]'
    assert fix_json(event % b"[-0, 2]").text == event % b'["0", "2"]'
    assert fix_json(event % (b"1" * 5_000)).text == event % (b'["%s"]' % (b"1" * 5_000))


@pytest.mark.parametrize("name", ["event_timestamp", "created"])
@pytest.mark.parametrize(
    ("time", "is_safe"),
    [
        (b"1718006400.50", True),
        (b"1718006400e0", True),
        (b"1718006400.00000001", False),
        (b"1718006400.0" + b"0" * 400 + b"1", False),
    ],
)
def test_a_time_with_digits_that_no_float_has_is_converted_on_request(name, time, is_safe):
    """The fix of a time is not safe when the text has digits that no float has: they would be cut unnoticed."""
    ms = b"1718006400500" if b"50" in time else b"1718006400000"
    event = EVENT if name == "event_timestamp" else EVENT.replace(b"%s", b'1718006400000, "created": %s')
    assert fix_json(event % time).text == event % (ms if is_safe else time)
    assert fix_json(event % time, unsafe=True).text == event % ms


def test_fixes_have_the_digits_of_the_text():
    """The fix of a violation, which an editor may apply, has the digits of the text; of a dict those of Python."""
    event = PLACES["app"] % b"1.10"
    (violation,) = validate(event)
    assert violation.fix.patch[0]["value"] == "1.10"
    (violation,) = validate(json.loads(event))
    assert violation.fix.patch[0]["value"] == "1.1"


def test_a_fix_is_applied():
    """A violation is fixed and reported, and every other byte stays."""
    result = fix_json(SECONDS)
    assert result.text == MILLISECONDS
    assert [(each.code, each.pointer) for each in result.applied] == [("TC210", "/context/event_timestamp")]
    assert fix_json(result.text).applied == ()


def test_a_dict_is_fixed():
    """A dict is fixed like its text, and stays as it is."""
    payload = json.loads(SECONDS)
    before = copy.deepcopy(payload)
    result = fix(payload)
    assert result.payload == json.loads(MILLISECONDS)
    assert list(result.payload) == list(payload)
    assert payload == before


def test_a_deep_dict_is_fixed():
    """The maximum depth applies to a dict too."""
    deep = json.loads('{"a":' * 250 + "1" + "}" * 250)
    with pytest.raises(UnreadablePayload):
        fix(deep)
    assert fix(deep, limits=Limits(depth=300)).payload == deep
    result = fix(json.loads(SECONDS) | {"deep": deep}, limits=Limits(depth=300))
    assert [each.code for each in result.applied] == ["TC210"]


def test_events_of_a_batch():
    """The events of a batch are fixed one by one, whatever else is in it, and reported with their pointers."""
    batch = b'{ "batch" : [7, %s,\n%s ], "x": [1.0]}'
    result = fix_json(batch % (SECONDS, SECONDS))
    assert result == fix_json(batch % (SECONDS, SECONDS), kind="batch")
    assert result.text == batch % (MILLISECONDS, MILLISECONDS)
    assert [each.pointer for each in result.applied] == [f"/batch/{at}/context/event_timestamp" for at in (1, 2)]
    assert [each.fix.patch[0]["path"] for each in result.applied] == [each.pointer for each in result.applied]


def test_what_is_in_a_batch_is_an_event():
    """A member of a batch is fixed as an event, even if it shows signs of another kind."""
    product = b'{"id": "SKU-4711", "brand": "Arolla", "link": "https://shop.example/4711", "gtin": "400638-1333931"}'
    assert fix_json(product, kind="product").applied
    assert fix_json(b'{"batch": [%s]}' % product).applied == ()


@pytest.mark.parametrize("text", [b'{"batch": 1}', b'{"batch": {"0": {}}}', b"{}", b'{"batch": []}'])
def test_odd_batches(text):
    """What is not a batch of events comes back as it is."""
    assert fix_json(text, kind="batch").text == text


def test_select_and_ignore():
    """Only selected codes are fixed, and others are not reported."""
    assert fix_json(SECONDS, ignore=["TC2"]) == fix_json(SECONDS, select=["TC4"])
    assert fix_json(SECONDS, ignore=["TC2"]).text == SECONDS
    assert fix_json(SECONDS, select=(code for code in ["TC21"])).text == MILLISECONDS


ODD = {
    "event_name": "login",
    "methoud": "a",
    "user": {"id": "c", "birthdate": "20240610"},
    "context": {"event_id": "1", "event_timestamp": 1718006400, "device": {"lang": "fr"}},
}
"""An event with a suggestion, which is unsafe, and with fixes that depend on its kind, version, sender or time."""


@pytest.mark.parametrize(
    ("options", "applied", "skipped"),
    [
        ({}, ["TC210", "TC317"], ["TC112"]),
        ({"unsafe": True}, ["TC112", "TC210", "TC317"], []),
        ({"kind": "product"}, [], []),
        ({"version": "1.0"}, [], []),
        ({"sender": "mobile"}, ["TC210", "TC317", "TC712"], ["TC112"]),
        ({"select": "TC2"}, ["TC210"], []),
        ({"ignore": "TC2"}, ["TC317"], ["TC112"]),
        ({"now": 1}, ["TC210"], ["TC112"]),
    ],
    ids=str,
)
def test_options(options, applied, skipped):
    """What is fixed depends on kind, version, sender, time and selected codes, of a dict as of its text."""
    of_dict, of_text = fix(ODD, **options), fix_json(json.dumps(ODD).encode(), **options)
    for result in (of_dict, of_text):
        assert sorted(each.code for each in result.applied) == applied
        assert [(each.violation.code, each.reason) for each in result.skipped] == [(code, UNSAFE) for code in skipped]
    assert json.loads(of_text.text) == of_dict.payload


@pytest.mark.parametrize("options", [{"select": ["TC999"]}, {"sender": "pigeon"}, {"kind": "song"}, {"version": "9"}])
def test_misuse(options):
    """An unknown kind, version, sender or code is misuse, whatever the payload is."""
    with pytest.raises(UnknownKind):
        fix_json(b"{", **options)
    with pytest.raises(UnknownKind):
        fix_json(SECONDS, **options)


@pytest.mark.parametrize("name", ["select", "ignore"])
def test_types_of_codes(name):
    """Codes are strings."""
    for function, payload in ((fix, ODD), (fix_json, SECONDS)):
        with pytest.raises(WrongArgument, match=f"expected `{name}` as a string or strings, got an integer"):
            function(payload, **{name: 3})


@pytest.mark.parametrize(("kind", "kinds"), [(None, ["event", "batch"]), ("event", ["event", "event"])])
def test_kind_after_a_fix(monkeypatch, kind, kinds):
    """A fixed payload is checked as what it is then, unless its kind is given."""
    seen = []

    def find(payload, *_):
        seen.append(payload.kind.name)
        return renames("TC901", "a", "batch")(payload.document)

    monkeypatch.setattr(applying, "find_rule_violations", find)
    monkeypatch.setattr(applying, "find_violations", lambda *_, **__: [])
    assert fix({"a": []}, kind=kind).payload == {"batch": []}
    assert seen == kinds


def test_types_of_payloads():
    """A dict is no text, and a text is no dict; a payload that was read may be either."""
    with pytest.raises(WrongArgument, match=r"^expected the payload as a dict or a model, got an array$"):
        fix([])
    with pytest.raises(WrongArgument, match=r"^expected the JSON text as bytes, got a string$"):
        fix_json("{}")
    read = read_payload(SECONDS)
    assert fix(read).payload == json.loads(MILLISECONDS)
    assert fix_json(read).text == MILLISECONDS


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"a": 1, "a": 2}'])
def test_unreadable(text):
    """What is not a readable JSON object raises an error."""
    with pytest.raises(UnreadablePayload):
        fix_json(text)


@pytest.mark.parametrize("kind", [None, "pixel"])
def test_calls_of_pixels(kind):
    """The call of a pixel comes back as it is; its event as JSON is fixed."""
    call = b"?tc_s=3315&event_name=login&context[event_timestamp]=1718006400"
    assert fix_json(call, kind=kind).text == call
    assert fix_json(b'{"event_name": "login"}', kind="pixel").text == b'{"event_name": "login"}'
    assert fix_json(b"\n" + SECONDS, kind="pixel").text == b"\n" + MILLISECONDS


def test_a_call_that_should_be_an_event():
    """The call of a pixel is not JSON if another kind is requested."""
    with pytest.raises(UnreadablePayload):
        fix_json(b"?tc_s=3315&event_name=login", kind="event")


def test_unsafe(rules):
    """A fix that may change the meaning is applied only on request."""
    rules.append(renames("TC901", "a", "b", is_safe=False))
    left = fix_json(b'{"a": 1}')
    assert (left.text, [each.reason for each in left.skipped]) == (b'{"a": 1}', [UNSAFE])
    requested = fix_json(b'{"a": 1}', unsafe=True)
    assert (requested.text, requested.skipped) == (b'{"b": 1}', ())


def test_one_after_the_other(rules):
    """Fixes that touch the same value are applied one after the other, each to what the one before made."""
    rules += [renames("TC901", "a", "b"), renames("TC902", "b", "c"), renames("TC903", "x", "y")]
    result = fix_json(b'{"a": 1, "x": 2}')
    assert result.text == b'{"c": 1, "y": 2}'
    assert sorted(each.code for each in result.applied) == ["TC901", "TC902", "TC903"]


def test_what_breaks_something_else_is_left(rules):
    """A fix after which something else is wrong is skipped, and the others are applied."""
    rules += [renames("TC901", "a", "b"), dislikes("TC902", "b"), renames("TC903", "x", "y")]
    result = fix_json(b'{"a": 1, "x": 2}')
    assert result.text == b'{"a": 1, "y": 2}'
    assert [(each.violation.code, each.reason) for each in result.skipped] == [("TC901", "it would cause TC902 at /b")]


@pytest.mark.parametrize(
    ("kind", "text", "name", "reason"),
    [
        (None, b'{"event_name": "x", "user": {}, "context": {}}', "user", "it would cause TC101 at the root"),
        ("product", b'{"user": "x", "id": "SKU-4711"}', "id", "it would cause TC801 at the root"),
    ],
)
def test_what_breaks_the_contract_is_left(monkeypatch, kind, text, name, reason):
    """A fix after which the payload violates the contract of its kind is skipped."""
    look = renames("TC901", name, "other")
    monkeypatch.setattr(applying, "find_rule_violations", lambda payload, *_: look(payload.document))
    result = fix_json(text, kind=kind)
    assert (result.text, [each.reason for each in result.skipped]) == (text, [reason])
    deep = text.removesuffix(b"}") + b', "deep": ' + b"[" * 250 + b"]" * 250 + b"}"
    result = fix_json(deep, kind=kind, limits=Limits(depth=300))
    assert (result.text, [each.reason for each in result.skipped]) == (deep, [reason])


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"revenue": "12.5", "value": 10.0}, "TC413"),
        ({"revenue": 12.5, "value": "10"}, "TC413"),
        ({"status": 5}, "TC116"),
        ({"context": {"event_id": "e-1", "event_timestamp": "2009-12-31 08:00:00Z"}}, "TC212"),
    ],
)
def test_what_an_error_hid_is_no_reason(changed, code):
    """A value gets the type that the contract asks for, although a rule then warns of what nobody saw before."""
    event = minimal("purchase") | changed
    result = fix_json(json.dumps(event).encode())
    assert validate(result.text) == []
    assert code in {each.code for each in result.remaining} - {each.code for each in lint(event)}
    # A rule is no contract: what it would write may not cause anything.
    assert fix_json(result.text).text == result.text


def test_each_of_those_that_wait_is_left(rules):
    """Each of several refused fixes of one value is skipped with its own reason."""
    rules += [renames("TC901", "a", "b"), renames("TC903", "a", "c"), dislikes("TC902", "b"), dislikes("TC904", "c")]
    result = fix_json(b'{"a": 1}')
    left = [(each.violation.code, each.reason) for each in result.skipped]
    assert left == [("TC901", "it would cause TC902 at /b"), ("TC903", "it would cause TC904 at /c")]


def test_all_that_breaks_something_is_left(rules):
    """If every fix is refused, each is skipped with its own reason."""
    rules += [renames("TC901", "a", "b"), dislikes("TC902", "b"), renames("TC903", "x", "y"), dislikes("TC904", "y")]
    result = fix_json(b'{"a": 1, "x": 2}')
    assert result.text == b'{"a": 1, "x": 2}'
    left = [(each.violation.code, each.reason) for each in result.skipped]
    assert left == [("TC901", "it would cause TC902 at /b"), ("TC903", "it would cause TC904 at /y")]


@pytest.mark.parametrize("bad", range(5))
def test_one_of_many_is_left(rules, bad):
    """One refused fix of many is the only one that is skipped, whatever its position."""
    rules += [renames(f"TC91{index}", name, name.upper()) for index, name in enumerate("abcde")]
    rules.append(dislikes("TC902", "ABCDE"[bad]))
    result = fix_json(b'{"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}')
    assert list(json.loads(result.text)) == [
        name if index == bad else name.upper() for index, name in enumerate("abcde")
    ]
    reason = f"it would cause TC902 at /{'ABCDE'[bad]}"
    assert [(each.violation.code, each.reason) for each in result.skipped] == [(f"TC91{bad}", reason)]
    assert [each.code for each in result.applied] == [f"TC91{index}" for index in range(5) if index != bad]


def test_another_property_is_another_violation(rules):
    """What is wrong with another property of the same object is a new violation."""
    rules += [renames("TC901", "a", "b"), lambda document: [found("TC902", "", name="x" if "a" in document else "y")]]
    result = fix_json(b'{"a": 1}')
    assert [each.reason for each in result.skipped] == ["it would cause TC902 at the root"]


def test_what_was_wrong_with_an_item_moves_along(rules):
    """A violation of an item is not new after items before it were removed."""

    def odd(document):
        return [found("TC902", f"/l/{index}") for index, item in enumerate(document["l"]) if item == "odd"]

    remove = {"op": "remove", "path": "/l/0"}
    rules += [lambda document: [found("TC901", "/l/0", remove)] if document["l"][0] == 1 else [], odd]
    assert fix_json(b'{"l": [1, "odd", 1]}').text == b'{"l": ["odd", 1]}'


def test_what_was_wrong_before_moves_along(rules):
    """A violation of a value is not new after the value moved."""
    value = [lambda document: [found("TC902", f"/{name}") for name in document]]
    rules += [renames("TC901", "a", "b"), *value]
    assert fix_json(b'{"a": 1}').text == b'{"b": 1}'


def test_what_was_wrong_in_a_batch_moves_along(rules):
    """Nor is a violation of a value of an event in a batch."""

    def value(document):
        events = document.get("batch", ())
        places = [f"/batch/{index}/{name}" for index, event in enumerate(events) for name in event]
        return [found("TC902", place) for place in places or [f"/{name}" for name in document]]

    rules += [renames("TC901", "a", "b"), value]
    assert fix_json(b'{"batch": [{"a": 1}]}').text == b'{"batch": [{"b": 1}]}'


@pytest.mark.parametrize(
    ("text", "patch"),
    [
        (b'{"a": 1}', {"op": "remove", "path": "/a"}),
        (b'{"a": 1, "b": 2}', {"op": "move", "from": "/a", "path": "/b"}),
    ],
)
def test_what_would_lose_something_is_left(rules, text, patch):
    """A fix that loses a value is skipped."""
    rules.append(dislikes("TC901", "a", patch))
    result = fix_json(text)
    assert (result.text, [each.reason for each in result.skipped]) == (text, ["its fix would lose information"])


def test_what_is_said_twice_may_go_once(rules):
    """A value that occurs elsewhere too is not lost when it is removed."""
    rules.append(dislikes("TC901", "a", {"op": "remove", "path": "/a"}))
    assert fix_json(b'{"a": "x", "b": ["x"]}').text == b'{"b": ["x"]}'


def test_what_does_not_mend_is_left(rules):
    """A fix after which its violation is still there is not applied for ever."""
    rules.append(dislikes("TC901", "a", {"op": "replace", "path": "/a", "value": 1}))
    result = fix_json(b'{"a": 0}')
    assert (result.text, [each.reason for each in result.skipped]) == (b'{"a": 0}', ["it would cause TC901 at /a"])


@pytest.mark.parametrize(
    ("patch", "reason"),
    [
        ({"op": "remove", "path": "/z"}, "cannot remove /z: there is no value at /z"),
        (
            {"op": "replace", "path": "/a", "value": json.loads("[" * 250 + "]" * 250)},
            "the fixed payload could not be read",
        ),
    ],
)
def test_what_cannot_be_done_is_left(rules, patch, reason):
    """A fix that cannot be applied, or makes the payload unreadable, is skipped."""
    rules.append(dislikes("TC901", "a", patch))
    result = fix_json(b'{"a": 1}')
    assert (result.text, [each.reason for each in result.skipped]) == (b'{"a": 1}', [reason])


def test_items_that_go(rules):
    """Every duplicate of a list is removed, although each removal moves the others."""

    def duplicates(document):
        items = document["l"]
        double = [index for index, item in enumerate(items) if item in items[:index]]
        return [found("TC901", f"/l/{index}", {"op": "remove", "path": f"/l/{index}"}) for index in double]

    rules.append(duplicates)
    assert fix_json(b'{"l": [1, 2, 1, 1,3, 2 ]}').text == b'{"l": [1, 2, 3 ]}'


def test_one_fix_for_two(rules):
    """A violation that the fix of another one removed is not fixed once more."""
    rules += [renames("TC901", "a", "b"), dislikes("TC902", "a", {"op": "add", "path": "/c", "value": 1})]
    rules += [renames("TC903", "x", "y"), dislikes("TC904", "y")]
    result = fix_json(b'{"a": 1, "x": 2}')
    assert result.text == b'{"b": 1, "x": 2}'
    assert [each.code for each in result.applied] == ["TC901"]


def test_a_batch_that_would_be_worse(rules):
    """If fixed events add a violation of the batch as a whole, they stay as they were."""

    def too_heavy(document):
        return [found("TC905", "")] if any("long" in event for event in document.get("batch", ())) else []

    rules += [renames("TC901", "a", "long"), too_heavy]
    result = fix_json(b'{"batch": [{"a": 1}]}')
    assert result.text == b'{"batch": [{"a": 1}]}'
    left = [(each.violation.pointer, each.reason) for each in result.skipped]
    assert left == [("/batch/0/a", "it would cause TC905 at the root")]


def test_a_batch_as_a_whole(rules):
    """What is wrong with a batch itself is fixed after its events, and a fix refused there is not tried again."""
    rules += [renames("TC901", "a", "b"), dislikes("TC902", "b"), renames("TC903", "events", "others")]
    rules.append(lambda document: [found("TC901", "/batch/0/a", {"op": "remove", "path": "/batch/0/a"})]
                 if "batch" in document else [])  # fmt: skip
    result = fix_json(b'{"batch": [{"a": 1}], "events": 2}')
    assert result.text == b'{"batch": [{"a": 1}], "others": 2}'
    left = [(each.violation.pointer, each.reason) for each in result.skipped]
    assert left == [("/batch/0/a", "it would cause TC902 at /b")]


def test_the_weight_of_white_space_does_not_count():
    """A fix that makes a text longer is not refused for the white space that is not sent."""
    padded = SECONDS.replace(b"\n", b"\n" + b" " * (32_768 - len(SECONDS)))
    assert len(fix_json(padded).text) > 32_768


def test_fixed_violations_are_those_of_lint():
    """What was fixed is what the rules found, and they do not find it any more."""
    digits = SECONDS.replace(b"1718006400", b'"1718006400000"')
    assert [each.code for each in lint(digits, select=["TC215"])] == ["TC215"]
    assert lint(fix_json(digits).text, select=["TC215"]) == []


def test_what_remains():
    """The result has everything that is wrong with the fixed payload, whatever was selected."""
    raw = SECONDS.replace(b'"n": 1.10', b'"serch_term": 1')
    codes = [each.code for each in fix_json(raw, select="TC210").remaining]
    assert codes == [each.code for each in tcspec.check(fix_json(raw).text, config=Config())] != []
    assert [each.code for each in fix_json(b"\xef\xbb\xbf" + MILLISECONDS, select="TC003").remaining] == [
        each.code for each in tcspec.check(MILLISECONDS, config=Config())
    ]


def test_an_event_of_a_batch_stays_an_event():
    """The events of a batch are fixed as events, whatever else they look like."""
    batch = b'{"batch": [{"conversion_items": [], "user": {"id": 12}}]}'
    assert fix_json(batch).text == batch.replace(b"12", b'"12"')


def test_a_mark_before_a_pixel():
    """A byte order mark before a pixel is taken away and reported; the pixel stays as it is."""
    call = b"https://collect.commander1.com/events?tc_s=3315&event_name=login"
    fixed = fix_json(b"\xef\xbb\xbf" + call)
    assert (fixed.text, [each.code for each in fixed.applied]) == (call, ["TC003"])


def test_arguments_of_both():
    """Arguments mean the same for a dict and for its text, and nothing unsafe is applied by default."""
    event = json.loads(SECONDS) | {"user": {"id": "c", "email": None}}
    raw = json.dumps(event).encode()
    for options in ({}, {"sender": "web"}, {"sender": "server"}, {"now": 1}, {"select": "TC2"}, {"unsafe": True}):
        fixed, text = fix(event, **options), fix_json(raw, **options)
        assert fixed.payload == json.loads(text.text)
        assert [each.code for each in fixed.applied] == [each.code for each in text.applied]
        assert [each.code for each in fixed.remaining] == [each.code for each in text.remaining]
    assert fix(event).payload["user"] == event["user"]
    assert "TC320" in [each.code for each in fix_json(raw, sender="server").remaining]
    assert "TC320" not in [each.code for each in fix_json(raw, sender="mobile").remaining]
    assert [each.code for each in fix(event, now=1).remaining] != [each.code for each in fix(event).remaining]


def test_everything_that_remains():
    """What remains is all that is wrong, however much of one code."""
    remaining = fix({"event_name": "view_cart", "items": [{"id": "L1", "quantity": 1}] * 1_003}).remaining
    counts = Counter(each.code for each in remaining if each.count == 1)
    assert (counts["TC401"], counts["TC425"]) == (1_003, 1_002)


def test_tries(monkeypatch):
    """A payload of which many fixes are refused is checked so often at most; the fixes that are not tried are named."""
    monkeypatch.setattr(applying, "_MAX_TRIES", 10)
    # A string is no quantity.
    items = [{"id": 7, "quantty": "x", "product": {"id": "a"}}] * 12
    event = json.loads(MILLISECONDS) | {"event_name": "view_cart", "items": items}
    result = fix(event, unsafe=True)
    assert result.payload["items"][0]["id"] == "7"
    assert len(result.applied) + len(result.skipped) >= 12
    reasons = Counter(each.reason for each in result.skipped)
    assert reasons["its fix was not tried, because too many others were refused"] > 5
