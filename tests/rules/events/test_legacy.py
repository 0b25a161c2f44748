from __future__ import annotations

import pytest

from payloads import minimal
from tcspec import upgrade
from tcspec.rules.linting import lint


def find(event, code="TC7", **how):
    """Return the codes and pointers of the violations."""
    return [(violation.code, violation.pointer) for violation in lint(event, select=[code], **how)]


def test_values_that_an_upgrade_kept():
    """What an upgrade could not place is reported leaf by leaf, at its place in the result."""
    legacy = {
        "event_name": "login",
        "event_id": "e-1",
        "eventId": "e-2",
        "properties": {"user": {"id": "c-4711"}, "context": {"step": [1, 2]}},
    }
    assert find(upgrade(legacy), "TC710") == [
        ("TC710", "/context/legacy/eventId"),
        ("TC710", "/context/legacy/properties/context/step/0"),
        ("TC710", "/context/legacy/properties/context/step/1"),
    ]


@pytest.mark.parametrize("value", [None, 7, "text", [], {}])
def test_legacy_of_any_type(value):
    """Any value of `context.legacy` is reported, also an empty one."""
    event = minimal("login")
    event["context"]["legacy"] = value
    assert find(event) == [("TC710", "/context/legacy")]


def test_kept_values_are_not_shown():
    """The message does not show the value, which may be personal."""
    event = minimal("login")
    event["context"]["legacy"] = {"user": {"email": "ada.keller@shop.example"}}
    [violation] = lint(event, select=["TC710"])
    assert "ada" not in violation.message + str(violation.hint) + str(dict(violation.data))


@pytest.mark.parametrize("name", ["page", "device", "app"])
def test_metadata_beside_context(name):
    """Moving metadata to `context` is an unsafe fix, and only offered if the place is free."""
    [violation] = lint(minimal("login") | {name: {}}, select=["TC711"])
    assert violation.fix is not None
    assert not violation.fix.is_safe
    event = minimal("login") | {name: {}}
    event["context"][name] = {}
    [violation] = lint(event, select=["TC711"])
    assert (violation.fix, violation.hint) == (None, None)


@pytest.mark.parametrize("value", [None, 7, "home", [1]])
def test_metadata_of_another_type(value):
    """A custom property with the name of metadata is reported without a fix."""
    [violation] = lint(minimal("login") | {"page": value}, select=["TC711"])
    assert (violation.severity.value, violation.fix) == ("info", None)


def test_pixel_without_context():
    """Without `context` nothing is beside it."""
    assert find({"event_name": "login", "page": {}}, kind="pixel") == []


def test_timestamp_at_the_root():
    """A timestamp at the root has a rule of its own."""
    assert find(minimal("login") | {"event_timestamp": 1, "eventTimestamp": 1}) == []


@pytest.mark.parametrize(
    ("sender", "name", "is_found"),
    [
        ("server", "language", True),
        ("web", "language", True),
        ("mobile", "language", False),
        ("server", "lang", False),
        ("web", "lang", False),
        ("mobile", "lang", True),
    ],
)
def test_language_by_sender(sender, name, is_found):
    """The expected name of the language depends on the sender (K067)."""
    event = minimal("login")
    event["context"]["device"] = {name: "fr"}
    assert bool(find(event, sender=sender)) is is_found


@pytest.mark.parametrize("device", [None, 7, "text", [], {"language": 7}, {"language": None}])
def test_device_of_a_wrong_type(device):
    """Wrong types are left to the contract."""
    event = minimal("login")
    event["context"]["device"] = device
    assert find(event) == []


@pytest.mark.parametrize(
    ("device", "has_fix"), [({}, True), ({"lang": "fr"}, True), ({"cookie": "a=b"}, False), ("text", False)]
)
def test_cookie_in_context(device, has_fix):
    """A cookie is moved if its place is free; otherwise, or beside no object, there is no fix (K069)."""
    event = minimal("login")
    event["context"] |= {"cookie": "_fbp=fb.1.2.3", "device": device}
    [violation] = lint(event, select=["TC712"])
    assert (violation.severity.value, bool(violation.fix)) == ("warning", has_fix)


def test_cookie_of_a_wrong_type():
    """A cookie that is not a string is left to the contract."""
    event = minimal("login")
    event["context"]["cookie"] = 7
    assert find(event) == []


def test_language_of_a_mobile_client():
    """The fix renames the language as mobile clients do."""
    event = minimal("login")
    event["context"]["device"] = {"lang": "fr"}
    [violation] = lint(event, select=["TC712"], sender="mobile")
    assert violation.data == {"property": "lang", "expected": "language"}
    assert violation.fix is not None
    assert violation.fix.patch == ({"op": "move", "from": "/context/device/lang", "path": "/context/device/language"},)
    assert lint(event, select=["TC712"], sender="web") == []


def test_cookie_in_both_places():
    """A cookie whose place is taken has neither a hint nor a fix."""
    event = minimal("login")
    event["context"] |= {"cookie": "a=1", "device": {"cookie": "b=2"}}
    [violation] = lint(event, select=["TC712"])
    assert (violation.pointer, violation.hint, violation.fix) == ("/context/cookie", None, None)
