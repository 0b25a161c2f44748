from __future__ import annotations

import copy
import json

import pytest

from tcspec.errors import Fix, Severity, UnknownKind, UnreadablePayload, Violation
from tcspec.jsontext.reader import Limits
from tcspec.rules.fixes import applying
from tcspec.rules.fixes.applying import UNSAFE
from tcspec.rules.fixes.fixing import fix, fix_json
from tcspec.rules.linting import lint

EVENT = (
    b'{"event_name": "login", "user": {"id": "c"},\n "context": {"event_id": "1", "event_timestamp": %s}, "n": 1.10}'
)
SECONDS, MILLISECONDS = EVENT % b"1718006400", EVENT % b"1718006400000"


@pytest.fixture
def rules(monkeypatch):
    """Give a table of rules made for a test: what is found in a document."""
    rules = []

    def find(payload, *_):
        return [violation for rule in rules for violation in rule(payload.document)]

    monkeypatch.setattr(applying, "find_rule_violations", find)
    monkeypatch.setattr(applying, "find_violations", lambda *_: [])
    return rules


def found(code, pointer, *patch, is_safe=True, name=None):
    """Make a violation, with a fix when there is a patch."""
    fix = Fix(f"mend {code}", patch, is_safe) if patch else None
    return Violation(code, Severity.WARNING, pointer, "", {"property": name}, fix=fix)


def renames(code, old, new, **how):
    """Make a rule that wants a key called otherwise."""
    move = {"op": "move", "from": f"/{old}", "path": f"/{new}"}
    return lambda document: [found(code, f"/{old}", move, **how)] if old in document else []


def dislikes(code, name, *patch, **how):
    """Make a rule that wants a key away."""
    return lambda document: [found(code, f"/{name}", *patch, **how)] if name in document else []


def test_a_fix_is_applied():
    """What a rule found is mended, told, and every other byte stays."""
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
    """A dict may be as deep as is asked for."""
    deep = json.loads('{"a":' * 250 + "1" + "}" * 250)
    with pytest.raises(UnreadablePayload):
        fix(deep)
    assert fix(deep, limits=Limits(depth=300)).payload == deep
    result = fix(json.loads(SECONDS) | {"deep": deep}, limits=Limits(depth=300))
    assert [each.code for each in result.applied] == ["TC210"]


def test_events_of_a_batch():
    """The events of a batch are fixed one by one, whatever else is in it, and told with their place."""
    batch = b'{ "batch" : [7, %s,\n%s ], "x": [1.0]}'
    result = fix_json(batch % (SECONDS, SECONDS))
    assert result == fix_json(batch % (SECONDS, SECONDS), kind="batch")
    assert result.text == batch % (MILLISECONDS, MILLISECONDS)
    assert [each.pointer for each in result.applied] == [f"/batch/{at}/context/event_timestamp" for at in (1, 2)]
    assert [each.fix.patch[0]["path"] for each in result.applied] == [each.pointer for each in result.applied]


def test_what_is_in_a_batch_is_an_event():
    """What stands in a batch is fixed as an event, whatever it looks like."""
    product = b'{"id": "SKU-4711", "brand": "Arolla", "link": "https://shop.example/4711", "gtin": "400638-1333931"}'
    assert fix_json(product, kind="product").applied
    assert fix_json(b'{"batch": [%s]}' % product).applied == ()


@pytest.mark.parametrize("text", [b'{"batch": 1}', b'{"batch": {"0": {}}}', b"{}", b'{"batch": []}'])
def test_odd_batches(text):
    """What is no proper batch comes back as it is."""
    assert fix_json(text, kind="batch").text == text


def test_select_and_ignore():
    """Only codes that are chosen are fixed, and nothing is told of others."""
    assert fix_json(SECONDS, ignore=["TC2"]) == fix_json(SECONDS, select=["TC4"])
    assert fix_json(SECONDS, ignore=["TC2"]).text == SECONDS
    assert fix_json(SECONDS, select=(code for code in ["TC21"])).text == MILLISECONDS


@pytest.mark.parametrize("options", [{"select": ["TC999"]}, {"sender": "pigeon"}, {"kind": "song"}])
def test_misuse(options):
    """What tcspec does not know is misuse."""
    with pytest.raises(UnknownKind):
        fix_json(SECONDS, **options)


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"a": 1, "a": 2}'])
def test_unreadable(text):
    """What is no readable JSON object is not guessed at."""
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
    """The call of a pixel is no JSON where another kind is asked for."""
    with pytest.raises(UnreadablePayload):
        fix_json(b"?tc_s=3315&event_name=login", kind="event")


def test_unsafe(rules):
    """A fix that may change the meaning waits to be asked for."""
    rules.append(renames("TC901", "a", "b", is_safe=False))
    left = fix_json(b'{"a": 1}')
    assert (left.text, [each.reason for each in left.skipped]) == (b'{"a": 1}', [UNSAFE])
    asked = fix_json(b'{"a": 1}', unsafe=True)
    assert (asked.text, asked.skipped) == (b'{"b": 1}', ())


def test_one_after_the_other(rules):
    """Fixes that touch the same wait for each other, and what one makes of a payload the next can mend."""
    rules += [renames("TC901", "a", "b"), renames("TC902", "b", "c"), renames("TC903", "x", "y")]
    result = fix_json(b'{"a": 1, "x": 2}')
    assert result.text == b'{"c": 1, "y": 2}'
    assert sorted(each.code for each in result.applied) == ["TC901", "TC902", "TC903"]


def test_what_breaks_something_else_is_left(rules):
    """A fix after which something else is wrong is left, and the others are applied all the same."""
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
    """A fix after which the payload breaks the contract of its kind is left."""
    look = renames("TC901", name, "other")
    monkeypatch.setattr(applying, "find_rule_violations", lambda payload, *_: look(payload.document))
    result = fix_json(text, kind=kind)
    assert (result.text, [each.reason for each in result.skipped]) == (text, [reason])
    deep = text.removesuffix(b"}") + b', "deep": ' + b"[" * 250 + b"]" * 250 + b"}"
    result = fix_json(deep, kind=kind, limits=Limits(depth=300))
    assert (result.text, [each.reason for each in result.skipped]) == (deep, [reason])


def test_each_of_those_that_wait_is_left(rules):
    """Where several fixes of one place are refused, each is left with its own reason."""
    rules += [renames("TC901", "a", "b"), renames("TC903", "a", "c"), dislikes("TC902", "b"), dislikes("TC904", "c")]
    result = fix_json(b'{"a": 1}')
    left = [(each.violation.code, each.reason) for each in result.skipped]
    assert left == [("TC901", "it would cause TC902 at /b"), ("TC903", "it would cause TC904 at /c")]


def test_all_that_breaks_something_is_left(rules):
    """Where every fix is refused, each is left with its own reason."""
    rules += [renames("TC901", "a", "b"), dislikes("TC902", "b"), renames("TC903", "x", "y"), dislikes("TC904", "y")]
    result = fix_json(b'{"a": 1, "x": 2}')
    assert result.text == b'{"a": 1, "x": 2}'
    left = [(each.violation.code, each.reason) for each in result.skipped]
    assert left == [("TC901", "it would cause TC902 at /b"), ("TC903", "it would cause TC904 at /y")]


@pytest.mark.parametrize("bad", range(5))
def test_one_of_many_is_left(rules, bad):
    """Where one fix of many is refused, it alone is left, wherever it stands among them."""
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
    """What is wrong with another property of the same object is something new."""
    rules += [renames("TC901", "a", "b"), lambda document: [found("TC902", "", name="x" if "a" in document else "y")]]
    result = fix_json(b'{"a": 1}')
    assert [each.reason for each in result.skipped] == ["it would cause TC902 at the root"]


def test_what_was_wrong_with_an_item_moves_along(rules):
    """What is wrong with an item is nothing new when items before it went."""

    def odd(document):
        return [found("TC902", f"/l/{index}") for index, item in enumerate(document["l"]) if item == "odd"]

    remove = {"op": "remove", "path": "/l/0"}
    rules += [lambda document: [found("TC901", "/l/0", remove)] if document["l"][0] == 1 else [], odd]
    assert fix_json(b'{"l": [1, "odd", 1]}').text == b'{"l": ["odd", 1]}'


def test_what_was_wrong_before_moves_along(rules):
    """What is wrong with a value before and after it moved is nothing new."""
    value = [lambda document: [found("TC902", f"/{name}") for name in document]]
    rules += [renames("TC901", "a", "b"), *value]
    assert fix_json(b'{"a": 1}').text == b'{"b": 1}'


def test_what_was_wrong_in_a_batch_moves_along(rules):
    """So is what is wrong with a value of an event in a batch."""

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
    """A fix after which a value is nowhere any more is left."""
    rules.append(dislikes("TC901", "a", patch))
    result = fix_json(text)
    assert (result.text, [each.reason for each in result.skipped]) == (text, ["its fix would lose information"])


def test_what_is_said_twice_may_go_once(rules):
    """What stands elsewhere too is not lost when it goes."""
    rules.append(dislikes("TC901", "a", {"op": "remove", "path": "/a"}))
    assert fix_json(b'{"a": "x", "b": ["x"]}').text == b'{"b": ["x"]}'


def test_what_does_not_mend_is_left(rules):
    """A fix that leaves its violation is not applied for ever."""
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
    """A fix that cannot be applied, or makes the payload unreadable, is left."""
    rules.append(dislikes("TC901", "a", patch))
    result = fix_json(b'{"a": 1}')
    assert (result.text, [each.reason for each in result.skipped]) == (b'{"a": 1}', [reason])


def test_items_that_go(rules):
    """Every duplicate of a list goes, though each that goes moves the others."""

    def duplicates(document):
        items = document["l"]
        double = [index for index, item in enumerate(items) if item in items[:index]]
        return [found("TC901", f"/l/{index}", {"op": "remove", "path": f"/l/{index}"}) for index in double]

    rules.append(duplicates)
    assert fix_json(b'{"l": [1, 2, 1, 1,3, 2 ]}').text == b'{"l": [1, 2, 3 ]}'


def test_one_fix_for_two(rules):
    """What went with the fix of another is not fixed once more."""
    rules += [renames("TC901", "a", "b"), dislikes("TC902", "a", {"op": "add", "path": "/c", "value": 1})]
    rules += [renames("TC903", "x", "y"), dislikes("TC904", "y")]
    result = fix_json(b'{"a": 1, "x": 2}')
    assert result.text == b'{"b": 1, "x": 2}'
    assert [each.code for each in result.applied] == ["TC901"]


def test_a_batch_that_would_be_worse(rules):
    """When fixed events make something wrong with the batch as a whole, they are left as they were."""

    def too_heavy(document):
        return [found("TC905", "")] if any("long" in event for event in document.get("batch", ())) else []

    rules += [renames("TC901", "a", "long"), too_heavy]
    result = fix_json(b'{"batch": [{"a": 1}]}')
    assert result.text == b'{"batch": [{"a": 1}]}'
    left = [(each.violation.pointer, each.reason) for each in result.skipped]
    assert left == [("/batch/0/a", "it would cause TC905 at the root")]


def test_a_batch_as_a_whole(rules):
    """What is wrong with a batch itself is fixed after its events, and what was refused there is not tried again."""
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


def test_lint_is_what_is_asked():
    """What was fixed is what the rules found, and they find it no more."""
    assert [each.code for each in lint(SECONDS, select=["TC210"])] == ["TC210"]
    assert lint(fix_json(SECONDS).text, select=["TC210"]) == []
