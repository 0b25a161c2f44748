"""What a message says to write is what its fix writes; a fix is safe when only the notation of a value is wrong."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64encode

import jsonpatch
import pytest

from contract.test_messages import WRONG, bought, changed, context, item, legacy, only_violation, played, user
from payloads import minimal
from tcspec import fix_json
from tcspec.contract.corrections import NOTHING, correct_value
from tcspec.jsontext.pointer import follow
from tcspec.validation import validate

SHA256 = "fb" * 32
LINE = {"id": "L1", "quantity": 1, "product": {"id": "P1"}}
VALUES = [
    (bought(value="12.5"), 12.5, True),
    (bought(value=" 12.50\n"), 12.5, True),
    (bought(value="1e3"), 1000.0, True),
    (bought(value="7"), 7, True),
    (bought(value="12,5"), 12.5, False),
    (bought(value="+1.50"), 1.5, False),
    (bought(value=".5"), 0.5, False),
    (bought(value="007"), 7, False),
    (bought(value="0.12345678901234567890"), 0.12345678901234568, False),
    (bought(value="1" * 40), int("1" * 40), True),
    (item(quantity="2"), 2, True),
    (played(total_length="5"), 5, True),
    (played(livestream="true"), True, True),
    (played(livestream="False"), False, True),
    (bought(id=12), "12", True),
    (bought(id=10**20), str(10**20), True),
    (bought(id=1.5), "1.5", True),
    (bought(id=1.0), "1.0", False),
    (item(id=1), "1", True),
    (item(product={"id": 4711}), "4711", True),
    (played(content_asset_id=["a", 1]), "1", True),
    (user(id=7), "7", True),
    (legacy(event_id=7), "7", True),
    (bought(currency="eur"), "EUR", True),
    (bought(currency=" Eur "), "EUR", True),
    (bought(currency="euro"), "EUR", False),
    (bought(currency=978), "EUR", False),
    (context(event_timestamp=1718006400), 1718006400000, True),
    (bought(value="1" * 300), int("1" * 300), True),
    (bought(value="\u00a012.5"), 12.5, False),
    (bought(id=1.5e-07), "1.5e-07", False),
    (user(consent_categories="1"), ["1"], True),
    (user(consent_categories=3), ["3"], True),
    (user(consent_categories="1, 3;5"), ["1", "3", "5"], False),
    (user(consent_categories='[1, "3"]'), ["1", "3"], False),
    (bought(items=LINE), [LINE], False),
    (bought(items={"1": LINE | {"id": "L2"}, "0": LINE}), [LINE, LINE | {"id": "L2"}], False),
    (item(product={"id": "P1", "colors": {"0": "red", "1": "blue"}}), ["red", "blue"], False),
    (played(total_length="+5"), 5, False),
    (played(total_length="5,0"), 5, False),
    (user(x_sha256=f" {SHA256}\n"), SHA256, True),
    (user(x_sha256=f"0x{SHA256.upper()}"), SHA256, False),
    (user(x_sha256=f"sha256:{SHA256}"), SHA256, False),
    (user(x_md5=f"MD5-{'a' * 32}"), "a" * 32, False),
    (user(x_sha256=b64encode(bytes.fromhex(SHA256)).decode()), SHA256, False),
    (user(x_sha256=urlsafe_b64encode(bytes.fromhex(SHA256)).decode()), SHA256, False),
]
"""Events with one wrong value, the right one, and whether that is certain."""

TITLES = [
    (bought(value="12.5"), "remove the quotes"),
    (bought(value="12,5"), "write it as a number"),
    (played(livestream="true"), "remove the quotes"),
    (legacy(properties={"user": {"x_sha256": "d41d8cd98f00b204e9800998ecf8427e"}}), "rename to `x_md5`"),
    (bought(id=12), "put the number in quotes"),
    (context(event_timestamp=1718006400), "convert to milliseconds"),
    (changed(context={"event_timestamp": 1718006400000}) | {"event_id": "1"}, "move it to `context`"),
]

NO_FIX = [
    bought(value="12,5 EUR"),
    bought(value="NaN"),
    bought(value="1e999"),
    bought(value="1" * 5000),
    bought(value=True),
    played(total_length="1.5"),
    played(livestream="yes"),
    played(livestream="12"),
    bought(currency=[]),
    bought(currency=12345),
    played(content_asset_id=[None]),
    user(consent_categories={"1": True}),
    user(consent_categories=" "),
    bought(items={}),
    bought(items="L1"),
    bought(value=None),
    bought(currency=None),
    item(quantity=None),
    *(
        user(consent_categories=each)
        for each in ("[1, [2]]", "[1, 2", "{1,2}", "('1', '2')", "null", " Undefined", "true")
    ),
    item(product={"id": "P1", "colors": {"a": "red"}}),
    item(product={"id": "P1", "colors": {"0": "red", "2": "blue"}}),
    played(total_length="1,5"),
    user(x_md5=f"0x{'a' * 31}"),
    user(x_md5="g" * 32),
    user(x_md5=f"{'A' * 31}="),
    user(x_sha256="é" * 64),
]


def renamed(name, other):
    """Return a valid event with a property under another name."""
    return {other if key == name else key: value for key, value in minimal().items()}


def inside(name, other):
    """Return a valid event in which one part of the envelope is inside of the other."""
    event = minimal()
    return event | {other: event[other] | {name: event.pop(name)}}


@pytest.mark.parametrize(
    "payload", [renamed("event_name", "event") | {"event": 5}, renamed("user", "User") | {"User": 5}]
)
def test_places_of_other_types(payload):
    """What is of another type is not taken for a property of the envelope."""
    assert not any(each.fix for each in validate(payload))


@pytest.mark.parametrize(("payload", "expected", "is_safe"), VALUES)
def test_values(payload, expected, is_safe):
    """A value in the wrong notation has a fix that writes the right one, after which the payload is valid."""
    violation = only_violation(payload)
    after = jsonpatch.apply_patch(payload, list(violation.fix.patch))
    written = follow(after, violation.pointer)
    assert (json.dumps(written), violation.fix.is_safe) == (json.dumps(expected), is_safe)
    assert not [each for each in validate(after) if each.code != "TC701"]


@pytest.mark.parametrize("engine", ["fast", "reference"])
def test_event_for_a_batch(engine):
    """An event in the place of the events of a batch is put in an array, whichever engine finds it."""
    (violation,) = validate({"batch": minimal()}, engine=engine)
    assert violation.fix.patch == ({"op": "replace", "path": "/batch", "value": [minimal()]},)


@pytest.mark.parametrize(("payload", "title"), TITLES)
def test_titles(payload, title):
    """The title of a fix says what it does."""
    assert next(each.fix.title for each in validate(payload) if each.fix) == title


@pytest.mark.parametrize("payload", NO_FIX)
def test_no_fix(payload):
    """What cannot be corrected without guessing has no fix."""
    assert only_violation(payload).fix is None


@pytest.mark.parametrize(
    ("payload", "pointer"),
    [(bought(coupon=None), "/coupon"), (item(product={"id": "P1", "name": None}), "/items/0/product/name")],
)
def test_null(payload, pointer):
    """Null is taken away when unsafe fixes are asked for."""
    violation = only_violation(payload)
    assert (violation.pointer, violation.fix.is_safe) == (pointer, False)
    raw = json.dumps(payload).encode()
    assert fix_json(raw, select=[violation.code]).text == raw
    assert validate(fix_json(raw, select=[violation.code], unsafe=True).text) == []


def test_null_of_a_required_property():
    """Null of a required property is not taken away: it would be missing. A 1.0 event and a pixel need fewer."""
    raw = json.dumps(bought(value=None)).encode()
    assert fix_json(raw, select=["TC402"], unsafe=True).text == raw
    assert only_violation(bought(value=None)).hint == "send a value: `value` is required, and null counts as absent"
    assert [each.fix.title for each in validate(legacy(user=None)) if each.fix] == ["remove `user`"]


@pytest.mark.parametrize(
    ("payload", "operation"),
    [
        (bought(without=()) | {"payment_methd": "card"}, ("/payment_methd", "/payment_method")),
        (changed(context={"event_timestamp": 1718006400000}) | {"event_id": "1"}, ("/event_id", "/context/event_id")),
        (changed(context={"event_timestamp": 1718006400000}) | {"eventId": "1"}, ("/eventId", "/context/event_id")),
        (
            changed(context={"event_id": "1"}) | {"eventTimestamp": 10**12},
            ("/eventTimestamp", "/context/event_timestamp"),
        ),
        (renamed("event_name", "event"), ("/event", "/event_name")),
        (inside("user", "context"), ("/context/user", "/user")),
        (inside("context", "user"), ("/user/context", "/context")),
        (user(x_sha256="d41d8cd98f00b204e9800998ecf8427e"), ("/user/x_sha256", "/user/x_md5")),
    ],
)
def test_names(payload, operation):
    """A property with a name or at a place that is not its own has a fix that moves it, which is not safe."""
    payload = {key: value for key, value in payload.items() if key != "payment_method"}
    violation = next(each for each in validate(payload) if each.fix)
    (patch,) = violation.fix.patch
    assert (patch["from"], patch["path"], violation.fix.is_safe) == (*operation, False)
    assert validate(jsonpatch.apply_patch(payload, [patch])) == []


SUGGESTS = ("write ", "did you mean", "remove the quotes", "put the number in quotes", "use the property", "move `")


@pytest.mark.parametrize("payload", [row[0] for row in WRONG])
def test_every_hint_has_a_fix(payload):
    """Every message that says what to write has a fix that writes it."""
    violation = only_violation(payload)
    if violation.hint and violation.hint.startswith(SUGGESTS):
        after = jsonpatch.apply_patch(payload, list(violation.fix.patch))
        assert json.dumps(after) != json.dumps(payload)


def test_hash_of_a_legacy_event():
    """A hash in the property of another algorithm moves to the one beside it, wherever the user is."""
    found = validate(legacy(properties={"user": {"x_sha256": "d41d8cd98f00b204e9800998ecf8427e"}}))
    (operation,) = next(each.fix.patch for each in found if each.fix)
    assert (operation["from"], operation["path"]) == ("/properties/user/x_sha256", "/properties/user/x_md5")


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("true", "remove the quotes"),
        ("false", "remove the quotes"),
        ("False", "write false without quotes"),
        (" true", "write true without quotes"),
    ],
)
def test_hint_of_a_boolean(value, hint):
    """A boolean in quotes has a hint to remove them, and how JSON writes it when it is written otherwise."""
    assert only_violation(played(livestream=value)).hint == hint


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (bought(items=json.dumps([LINE])), "an array"),
        (bought(items=" []"), "an array"),
        (minimal() | {"user": json.dumps({"id": "C-1"})}, "an object"),
        (item(product=json.dumps({"id": "P1"})), "an object"),
        (bought(items=json.dumps(LINE)), None),
        (bought(items="[1, 2"), None),
        (minimal() | {"user": "[]"}, None),
    ],
)
def test_json_in_a_string(payload, expected):
    """JSON text in a string has a hint where it is text of what is expected."""
    hint = f"this is JSON text in a string: send {expected} instead"
    assert only_violation(payload).hint == (hint if expected else None)


@pytest.mark.parametrize("value", ["abcdzz", "xyz"])
def test_values_that_are_not_close(value):
    """A value is only taken for a listed one that it resembles."""
    assert correct_value(("a",), "", {"enum": ["abcdef"]}, ["string"], value) == NOTHING
    assert correct_value(("a",), "", {"enum": ["abcdef"]}, ["string"], "abcdez").hint == 'did you mean "abcdef"?'


@pytest.mark.parametrize(
    ("definition", "schema", "is_safe"), [("", {}, True), ("BulkDateTime", {}, False), ("", {"enum": ["a"]}, False)]
)
def test_numbers_for_strings(definition, schema, is_safe):
    """A number is put in quotes, of any length; where a string must have a format it is not certain."""
    fix = correct_value(("a",), definition, schema, ["string"], 10**5000).fix
    assert (fix.patch[0]["value"], fix.is_safe) == ("1" + "0" * 5000, is_safe)


def test_byte_order_mark():
    """A byte order mark has a safe fix, which removes it and nothing else."""
    raw = json.dumps(minimal()).encode()
    (violation,) = validate(b"\xef\xbb\xbf" + raw)
    assert violation.fix.is_safe
    fixed = fix_json(b"\xef\xbb\xbf" + raw)
    assert (fixed.text, [each.code for each in fixed.applied]) == (raw, ["TC003"])
