from __future__ import annotations

import pytest

from payloads import minimal
from tcspec import upgrade
from tcspec.rules.linting import lint


def found(event, code="TC7", **how):
    """Give codes and pointers of what the rules of the family find."""
    return [(violation.code, violation.pointer) for violation in lint(event, select=[code], **how)]


def test_what_an_upgrade_keeps_is_told():
    """What an upgrade had to keep aside is told leaf by leaf, at its place in the result."""
    legacy = {
        "event_name": "login",
        "event_id": "e-1",
        "eventId": "e-2",
        "properties": {"user": {"id": "c-4711"}, "context": {"step": [1, 2]}},
    }
    assert found(upgrade(legacy), "TC710") == [
        ("TC710", "/context/legacy/eventId"),
        ("TC710", "/context/legacy/properties/context/step/0"),
        ("TC710", "/context/legacy/properties/context/step/1"),
    ]


@pytest.mark.parametrize("kept", [None, 7, "text", [], {}])
def test_a_leftover_that_is_no_object(kept):
    """Whatever stands there is told, also when it holds nothing."""
    event = minimal("login")
    event["context"]["legacy"] = kept
    assert found(event) == [("TC710", "/context/legacy")]


def test_leftovers_are_never_shown():
    """What was kept may be personal: only its place is said."""
    event = minimal("login")
    event["context"]["legacy"] = {"user": {"email": "ada.keller@shop.example"}}
    [violation] = lint(event, select=["TC710"])
    assert "ada" not in violation.message + str(violation.hint) + str(dict(violation.data))


@pytest.mark.parametrize("name", ["page", "device", "app"])
def test_metadata_beside_context(name):
    """Objects of metadata can be moved into `context` where they are free, which is a guess."""
    [violation] = lint(minimal("login") | {name: {}}, select=["TC711"])
    assert violation.fix is not None
    assert not violation.fix.is_safe
    event = minimal("login") | {name: {}}
    event["context"][name] = {}
    [violation] = lint(event, select=["TC711"])
    assert (violation.fix, violation.hint) == (None, None)


@pytest.mark.parametrize("value", [None, 7, "home", [1]])
def test_metadata_of_another_type(value):
    """A custom property of the name of metadata is told, and stays where it is."""
    [violation] = lint(minimal("login") | {"page": value}, select=["TC711"])
    assert (violation.severity.value, violation.fix) == ("info", None)


def test_a_pixel_without_context():
    """Where there is no `context`, nothing is beside it."""
    assert found({"event_name": "login", "page": {}}, kind="pixel") == []


def test_a_time_at_the_root_is_told_elsewhere():
    """The time at the root has a rule of its own."""
    assert found(minimal("login") | {"event_timestamp": 1, "eventTimestamp": 1}) == []


@pytest.mark.parametrize(
    ("sender", "name", "told"),
    [
        ("server", "language", True),
        ("web", "language", True),
        ("mobile", "language", False),
        ("server", "lang", False),
        ("web", "lang", False),
        ("mobile", "lang", True),
    ],
)
def test_the_language_of_each_sender(sender, name, told):
    """The language has the name that the page of the sender gives it (K067)."""
    event = minimal("login")
    event["context"]["device"] = {name: "fr"}
    assert bool(found(event, sender=sender)) is told


@pytest.mark.parametrize("device", [None, 7, "text", [], {"language": 7}, {"language": None}])
def test_a_device_of_a_wrong_type(device):
    """Wrong types are left to the contract."""
    event = minimal("login")
    event["context"]["device"] = device
    assert found(event) == []


@pytest.mark.parametrize(
    ("device", "has_fix"), [({}, True), ({"lang": "fr"}, True), ({"cookie": "a=b"}, False), ("text", False)]
)
def test_cookies_in_context(device, has_fix):
    """Cookies are moved where their place is free; where it is taken or no object, they stay (K069)."""
    event = minimal("login")
    event["context"] |= {"cookie": "_fbp=fb.1.2.3", "device": device}
    [violation] = lint(event, select=["TC712"])
    assert (violation.severity.value, bool(violation.fix)) == ("warning", has_fix)


def test_a_cookie_of_a_wrong_type():
    """A cookie that is no text is left to the contract."""
    event = minimal("login")
    event["context"]["cookie"] = 7
    assert found(event) == []


def test_the_language_of_a_mobile_client():
    """Mobile clients say the language of the device under another name than all others do."""
    event = minimal("login")
    event["context"]["device"] = {"lang": "fr"}
    [violation] = lint(event, select=["TC712"], sender="mobile")
    assert violation.data == {"property": "lang", "expected": "language"}
    assert violation.fix is not None
    assert violation.fix.patch == ({"op": "move", "from": "/context/device/lang", "path": "/context/device/language"},)
    assert lint(event, select=["TC712"], sender="web") == []


def test_a_place_that_is_taken():
    """What cannot go to its place, for that is taken, is told without a hint."""
    event = minimal("login")
    event["context"] |= {"cookie": "a=1", "device": {"cookie": "b=2"}}
    [violation] = lint(event, select=["TC712"])
    assert (violation.pointer, violation.hint, violation.fix) == ("/context/cookie", None, None)
